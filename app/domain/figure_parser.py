"""Figures read as letters print them (`81,77`, `25.775`, `60,55%`, `1.746/1.746`, `+3,09%`, `-`), and plain ones.

Strict: a text has one reading, or it is named a fault (docs/domain.md, How figures are printed). `vi` writes 1.746,5
and `en` 1,746.5; under `auto` a text that only one of them could have written is read so, and one that both could, with
different values, is ambiguous. Faults carry no place: whoever knows the row or pointer adds it with
`dataclasses.replace`.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from app.domain.characters import trimmed, unseen_fault
from app.domain.figures import DECIMALS, decimals_of, print_figure, scaled
from app.errors import ErrorCode, Fault

Locale = Literal["auto", "vi", "en"]
Spelling = Literal["auto", "vi", "en", "exact"]
"""A locale, or how the service itself prints figures in CSV: decimals behind a point, no sign between thousands."""
SPELLINGS: dict[Spelling, tuple[Literal["vi", "en"], ...]] = {
    "auto": ("vi", "en"),
    "vi": ("vi",),
    "en": ("en",),
    "exact": ("en",),
}
"""The notations that a figure may be written in."""

MAX_FIGURE = Decimal(10) ** 11
"""Figures stay below: fifteen digits with their four decimals."""
SHARE_PLACES = 2
"""How many decimals of a part of 1 stand before the point of its percentage."""
LONGEST = 60
"""No printed figure is longer; what is longer is refused before it is looked at."""
LONGEST_PLAIN = 1_000
"""Of a plain one: Python takes a time that grows with the square of the digits."""
NOTHING = frozenset({"", "-", "–", "—"})

FIGURE = re.compile(r"([+\-−])?([0-9][0-9.,]*)(?:(\s?%)|\s?/\s?([0-9][0-9.,]*))?")
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")

NUMBER_INVALID = ErrorCode("number_invalid", "`{value}` is not a number.", "`{value}` không phải là số.")
NUMBER_AMBIGUOUS = ErrorCode(
    "number_ambiguous",
    "`{value}` can be read as {one} or as {other}; write it so that only one reading is left, or name its locale.",
    "`{value}` có thể đọc là {one} hoặc {other}; hãy ghi sao cho chỉ có một cách đọc, hoặc khai báo locale.",
)
COUNT_AMBIGUOUS = ErrorCode(
    "number_ambiguous",
    "`{value}` can be read as {one} or as {other}; write a count without a separator or with the one of its locale.",
    "`{value}` có thể đọc là {one} hoặc {other}; hãy ghi số lượng không dấu phân cách hoặc đúng dấu phân cách.",
)
TEXT_AMBIGUOUS = ErrorCode(
    "number_ambiguous",
    "`{value}` can be read as {one} or as {other}; send a number instead of text.",
    "`{value}` có thể đọc là {one} hoặc {other}; hãy gửi dạng số thay cho chuỗi ký tự.",
)
NUMBER_TOO_PRECISE = ErrorCode(
    "number_too_precise",
    "`{value}` has more than four decimals; figures are kept exactly and never rounded.",
    "`{value}` có quá bốn chữ số thập phân; số liệu được giữ chính xác, không làm tròn.",
)
NUMBER_TOO_LARGE = ErrorCode(
    "number_too_large",
    "`{value}` is larger than any figure kept here (below 100,000,000,000).",
    "`{value}` lớn hơn mọi số liệu được lưu ở đây (nhỏ hơn 100.000.000.000).",
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it was printed: `value` (with `decimals` after the point), of `denominator` where it is n/d."""

    value: Decimal
    decimals: int
    percent: bool = False
    signed: bool = False
    denominator: Decimal | None = None


class Notation:
    """One way of writing numbers: its separators and what they allow."""

    def __init__(self, thousands: str, point: str) -> None:
        group, comma = re.escape(thousands), re.escape(point)
        self.thousands, self.point = thousands, point
        self.pattern = re.compile(rf"([1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{comma}([0-9]+))?")

    def read(self, text: str) -> Decimal | None:
        """The number, with the decimals it is written with; None where this notation would not write it so.

        Zeros beyond the fourth decimal say nothing and are dropped.
        """
        match = self.pattern.fullmatch(text)
        if match is None:
            return None
        whole, fraction = match[1].replace(self.thousands, ""), match[2] or ""
        return Decimal(f"{whole}.{fraction[:DECIMALS]}{fraction[DECIMALS:].rstrip('0')}")


NOTATIONS = {"vi": Notation(".", ","), "en": Notation(",", ".")}


def read_figure(
    text: str, locale: Spelling = "auto", *, count: bool = False, most_decimals: int = DECIMALS
) -> Printed | Fault | None:
    """The figure in a cell, None where `-` or a blank says that there is none, or what is wrong with it.

    Faults: `number_invalid`, `invisible_character`, `number_ambiguous` (naming both readings), `number_too_precise`,
    `number_too_large`.
    `count`: the figure counts things, and so do both parts of n/d; three digits after the decimal sign are then
    ambiguous even in a named locale, since `855,589` beside `837.873` means thousands; not where it is `exact`.

    >>> read_figure("60,55%")
    Printed(value=Decimal('60.55'), decimals=2, percent=True, signed=False, denominator=None)
    >>> read_figure("25.775", "vi").value
    Decimal('25775')
    >>> read_figure("25.775").detail("en")[:46]
    '`25.775` can be read as 25775 or as 25.775; wr'
    """
    if len(text) > LONGEST:
        return _fault(NUMBER_INVALID, text)
    return _read(trimmed(text), locale, count, most_decimals)


@lru_cache(maxsize=65536)
def _read(text: str, locale: Spelling, count: bool, most_decimals: int) -> Printed | Fault | None:
    """Imports repeat the same texts over and over, so readings are remembered."""
    if text in NOTHING:
        return None
    match = FIGURE.fullmatch(text)
    if match is None or (match[1] and match[4]):
        return unseen_fault(text) or _fault(NUMBER_INVALID, text)
    sign, first, percent, second = match.groups()
    parts = [first] if second is None else [first, second]
    numbers = _numbers(text, parts, locale, count or second is not None)
    if isinstance(numbers, Fault):
        return numbers
    value = -numbers[0] if sign in ("-", "−") else numbers[0]
    denominator = None if second is None else numbers[1]
    return _beyond(text, numbers, most_decimals) or Printed(
        value, decimals_of(value), percent is not None, bool(sign), denominator
    )


def _numbers(text: str, parts: list[str], locale: Spelling, count: bool) -> list[Decimal] | Fault:
    """The numbers of one figure, all in one notation."""
    readings = {name: _all(parts, NOTATIONS[name]) for name in SPELLINGS[locale]}
    known = {name: numbers for name, numbers in readings.items() if numbers is not None}
    if not known:
        return _fault(NUMBER_INVALID, text, _as_locale(parts, locale))
    (name, numbers), *others = known.items()
    if others and others[0][1] != numbers:
        return _ambiguous(NUMBER_AMBIGUOUS, text, numbers, others[0][1])
    return (_count_fault(text, parts, name) if count and locale != "exact" else None) or numbers


def _all(parts: list[str], notation: Notation) -> list[Decimal] | None:
    numbers = [notation.read(part) for part in parts]
    return None if None in numbers else [number for number in numbers if number is not None]


def _count_fault(text: str, parts: list[str], name: str) -> Fault | None:
    """A count that the other notation would read as thousands."""
    notation, other = NOTATIONS[name], NOTATIONS["en" if name == "vi" else "vi"]
    for part in parts:
        number, thousands = notation.read(part), other.read(part)
        if number is not None and thousands is not None and decimals_of(number) == 3:
            return _ambiguous(COUNT_AMBIGUOUS, text, [thousands], [number])
    return None


def _as_locale(parts: list[str], locale: Spelling) -> str | None:
    """What would have been written in the named locale, where the other one reads it. Never under `auto`."""
    if locale == "auto":
        return None
    other: Literal["vi", "en"] = "en" if locale == "vi" else "vi"
    numbers, named = _all(parts, NOTATIONS[other]), SPELLINGS[locale][0]
    return None if numbers is None else "/".join(print_figure(number, named) for number in numbers)


def _beyond(text: str, numbers: list[Decimal], most_decimals: int) -> Fault | None:
    if any(number >= MAX_FIGURE for number in numbers):
        return _fault(NUMBER_TOO_LARGE, text)
    if any(decimals_of(number) > most_decimals for number in numbers):
        return _fault(NUMBER_TOO_PRECISE, text)
    return None


def read_plain(text: str) -> Decimal | None:
    """The number that a query writes as programs do, `81.77` or `-3`, blanks around it taken off; None for others.

    `010`, `1_000` and `1e3` are numbers to Python, and three different ones to three readers, so here they are none.

    >>> read_plain(" 81.770 "), read_plain("0,5"), read_plain("1e3")
    (Decimal('81.770'), None, None)
    """
    bare = trimmed(text[:LONGEST_PLAIN])
    return Decimal(bare) if len(text) <= LONGEST_PLAIN and PLAIN.fullmatch(bare) else None


def read_document_figure(text: str) -> Decimal | Fault:
    """A figure that stands as text in a document whose numbers need no quotation marks.

    It is written as `read_plain` reads it, else `number_invalid`; where a table could mean another number by it, it is
    `number_ambiguous` here as well.

    >>> read_document_figure("81.77"), read_document_figure("1.234").code, read_document_figure("1,5").code
    (Decimal('81.77'), 'number_ambiguous', 'number_invalid')
    """
    plain, found = read_plain(text), read_figure(text)
    if plain is None:
        return _fault(NUMBER_INVALID, text)
    if isinstance(found, Fault) and found.code == "number_ambiguous":
        return replace(found, error_code=TEXT_AMBIGUOUS)
    return plain


def read_number(
    value: Decimal | int | str, locale: Spelling = "auto", *, count: bool = False
) -> Printed | Fault | None:
    """A figure of a row or a body: text as `read_figure` reads it, a JSON number exactly as it stands.

    >>> read_number("80,5"), read_number(Decimal("80.50")).decimals, read_number("1.234").code
    (Printed(value=Decimal('80.5'), decimals=1, percent=False, signed=False, denominator=None), 2, 'number_ambiguous')
    """
    if isinstance(value, str):
        return read_figure(value, locale, count=count)
    exact, number = read_scaled(value), Decimal(value)
    # zeros behind the fourth decimal say nothing
    return exact if isinstance(exact, Fault) else Printed(number, min(decimals_of(number), DECIMALS))


def read_share(value: Decimal | int | str, locale: Spelling = "auto") -> Printed | Fault | None:
    """A part of 1 as the percentage that it is, exactly; what is written with a percent sign or as n/d stays as it is.

    >>> read_share("0,924").value, read_share(Decimal("0.924561")).value, read_share("92,4%").value
    (Decimal('92.4'), Decimal('92.4561'), Decimal('92.4'))
    """
    wide = DECIMALS + SHARE_PLACES
    if isinstance(value, str):
        found = read_figure(value, locale, most_decimals=wide)
    else:
        share = Decimal(value)
        exact = read_scaled(share.scaleb(SHARE_PLACES)) if share.is_finite() and abs(share) < MAX_FIGURE else None
        found = Printed(share, decimals_of(share)) if isinstance(exact, int) else read_number(value)
    if not isinstance(found, Printed) or found.percent or found.denominator is not None:
        return read_number(value, locale)
    places = min(max(found.decimals - SHARE_PLACES, 0), DECIMALS)
    return replace(found, value=found.value.scaleb(SHARE_PLACES), decimals=places)


def read_scaled(value: Decimal | int) -> int | Fault:
    """An exact figure as an integer scaled by 10⁴.

    Faults as in `read_figure`; a Decimal that is not finite is `number_invalid`.

    >>> read_scaled(Decimal("81.77")), read_scaled(81)
    (817700, 810000)
    """
    if isinstance(value, int):
        small = -MAX_FIGURE < value < MAX_FIGURE
        return value * 10**DECIMALS if small else _fault(NUMBER_TOO_LARGE, _shown(value))
    if not value.is_finite():
        return _fault(NUMBER_INVALID, str(value))
    if abs(value) >= MAX_FIGURE:
        return _fault(NUMBER_TOO_LARGE, str(value))
    exact = decimals_of(value) <= DECIMALS or not value % Decimal("0.0001")
    return scaled(value) if exact else _fault(NUMBER_TOO_PRECISE, str(value))


def _shown(value: int) -> str:
    """An integer of any size as a short text; Python refuses to print one of thousands of digits."""
    return str(value) if value.bit_length() < 300 else "…"


def _ambiguous(error_code: ErrorCode, value: str, one: list[Decimal], other: list[Decimal]) -> Fault:
    readings = {"one": "/".join(map(str, one)), "other": "/".join(map(str, other))}
    return Fault(error_code, {"value": value, **readings}, value=value)


def _fault(error_code: ErrorCode, value: str, suggestion: str | None = None) -> Fault:
    shown = value[:100]
    return Fault(error_code, {"value": shown}, value=shown, suggestion=suggestion)
