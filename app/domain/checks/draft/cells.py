"""The cells of a draft: one printed figure each, read by Vietnamese notation, or found invalid and why.

A figure found invalid has no `printed`, so that no further rule rests on it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.checks.draft.words import (
    LONGEST_WORDING,
    NO_UNITS,
    TWICE,
    ChangeUnit,
    number_in_words,
    plain_wording,
    without_words,
    worded_change,
)
from app.domain.day import read_printed_day
from app.domain.figure_parser import Printed, read_figure, read_scaled
from app.domain.figures import decimals_of, print_figure
from app.domain.scoring.arithmetic import round_half_up
from app.errors import ErrorCode, Fault
from app.normal_form import composed

Written = str | Decimal
"""A figure as it was sent: text as a letter prints it, or a number that is exact as it stands."""
SHOWN = 100
"""Characters of a printed text that a finding repeats."""
DAY = re.compile(r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}(?![0-9/])|(?<![0-9-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
LONG_DAY = re.compile(r"([0-9]{1,2})\s+tháng\s+([0-9]{1,2})\s+năm\s+([0-9]{4})", re.IGNORECASE)

NOT_A_RATE = ErrorCode(
    "number_invalid",
    "`{value}` is not a percentage; print it like `60,55%` or `đạt 60,55%`.",
    "`{value}` không phải là tỷ lệ; hãy ghi dạng `60,55%` hoặc `đạt 60,55%`.",
)
NOT_A_COUNT = ErrorCode(
    "number_invalid",
    "`{value}` is not a count; print it like `25.775 hồ sơ`, `1.746/1.746` or `bốn`.",
    "`{value}` không phải là số lượng; hãy ghi dạng `25.775 hồ sơ`, `1.746/1.746` hoặc `bốn`.",
)
NOT_A_CHANGE = ErrorCode(
    "number_invalid",
    "`{value}` is not a change; print it with its sign, `+3,09%`, or like `tăng 0,9 điểm`, `giảm 07 bậc`, "
    "`bằng kỳ trước`.",
    "`{value}` không phải là mức tăng, giảm; hãy ghi có dấu, `+3,09%`, hoặc dạng `tăng 0,9 điểm`, `giảm 07 bậc`, "
    "`bằng kỳ trước`.",
)
NOT_POINTS = ErrorCode(
    "number_invalid",
    "`{value}` is not points; print them like `13,2` or `13,2/18 điểm`.",
    "`{value}` không phải là điểm; hãy ghi dạng `13,2` hoặc `13,2/18 điểm`.",
)
NOT_A_RANK = ErrorCode(
    "number_invalid",
    "`{value}` is not a rank; print it like `08/23` or `đứng thứ 14/63`.",
    "`{value}` không phải là thứ hạng; hãy ghi dạng `08/23` hoặc `đứng thứ 14/63`.",
)
COUNTED_TWICE = ErrorCode(
    "number_ambiguous",
    "`{value}` says {one} in words and {other} in figures; print the same in both.",
    "`{value}` ghi bằng chữ là {one}, bằng số là {other}; hãy ghi thống nhất.",
)
BEYOND_RATE = ErrorCode(
    "rate_out_of_range",
    "{value} lies outside 0–100%; look for a slipped comma or digit.",
    "{value} nằm ngoài khoảng 0–100%; hãy xem lại dấu phẩy hoặc chữ số thừa.",
)
BEYOND_WHOLE = ErrorCode(
    "numerator_exceeds_denominator",
    "{value}: the numerator is larger than the denominator; correct one of the two.",
    "{value}: tử số lớn hơn mẫu số; hãy sửa một trong hai số.",
)
BEYOND_COHORT = ErrorCode(
    "rank_exceeds_cohort",
    "{value} is no place among so many units; correct the rank or the number of units.",
    "{value} không phải là thứ hạng trong số đơn vị đã nêu; hãy sửa thứ hạng hoặc tổng số đơn vị.",
)


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A figure of the draft. `text` as written; `printed` None where there is none, or where `fault` says why not.

    `unit`: what a change is printed in, where it says so. `is_number`: it was sent as a JSON number, not as printed.
    """

    text: str = ""
    printed: Printed | None = None
    fault: Fault | None = None
    unit: ChangeUnit | None = None
    is_number: bool = False

    @property
    def value(self) -> Fraction | None:
        """The figure exactly, n of n/d; None where none is stated or it was found invalid."""
        return None if self.printed is None else Fraction(self.printed.value)

    @property
    def whole(self) -> Fraction | None:
        """The d of n/d."""
        stated = None if self.printed is None else self.printed.denominator
        return None if stated is None else Fraction(stated)

    @property
    def decimals(self) -> int:
        return 0 if self.printed is None else self.printed.decimals

    @property
    def percent(self) -> bool:
        return self.printed is not None and self.printed.percent

    @property
    def shown(self) -> str:
        return self.text.strip()[:SHOWN]


NOTHING = PrintedCell()


def half_unit(decimals: int) -> Fraction:
    """Half of the last decimal's unit: what rounding may have taken from a figure, or added to it.

    >>> half_unit(1)
    Fraction(1, 20)
    """
    return Fraction(1, 2 * 10**decimals)


def printed_text(value: Fraction, decimals: int, *, percent: bool = False, sign: bool = False) -> str:
    """A figure as a letter would print it.

    >>> printed_text(Fraction(-21, 4), 2, percent=True, sign=True)
    '-5,25%'
    """
    exact = Decimal(round_half_up(value * 10**decimals)).scaleb(-decimals)
    return print_figure(exact, "vi", decimals, sign=sign) + ("%" if percent else "")


def _read(
    written: Written | None, wrong: ErrorCode, fits: Callable[[Printed], bool], kind: str, *, count: bool = False
) -> PrintedCell:
    """A cell, with what is wrong with it: unreadable, or not of the kind that `fits` asks for."""
    if written is None:
        return NOTHING
    text = as_printed(written)
    if isinstance(written, Decimal):
        return _fitting(PrintedCell(text, is_number=True), _number(written), wrong, fits)
    is_short = len(text) <= LONGEST_WORDING
    plain = without_words(plain_wording(text), kind) if is_short else text
    return _fitting(PrintedCell(text), read_figure(plain, "vi", count=count), wrong, fits)


def _fitting(
    cell: PrintedCell, found: Printed | Fault | None, wrong: ErrorCode, fits: Callable[[Printed], bool]
) -> PrintedCell:
    """The cell with its figure, or with its fault, in which the text stands as it was printed."""
    if isinstance(found, Fault):
        error_code = wrong if found.code == wrong.code else found.error_code
        context = {**found.context, "value": cell.shown}
        return replace(cell, fault=replace(found, error_code=error_code, context=context, value=cell.shown))
    return replace(cell, printed=found) if found is None or fits(found) else _refused(cell, wrong)


def as_printed(written: Written) -> str:
    """The text that was sent, or a number as a letter would print it.

    >>> as_printed(Decimal("86.02")), as_printed("86.02")
    ('86,02', '86.02')
    """
    return written if isinstance(written, str) else print_figure(written, "vi")


def _number(number: Decimal) -> Printed | Fault:
    """A number as it stands, with the decimals it has: no notation to choose, so no reading but one."""
    found = read_scaled(number)
    decimals = max(decimals_of(number), 0)
    return found if isinstance(found, Fault) else Printed(number, decimals, signed=number < 0)


def _refused(cell: PrintedCell, error_code: ErrorCode) -> PrintedCell:
    """The same cell, found invalid."""
    return replace(cell, printed=None, fault=Fault(error_code, {"value": cell.shown}, value=cell.shown))


def read_rate(text: Written | None) -> PrintedCell:
    """A percentage, with or without its sign: `60,55%`, `đạt 98,83%`; `rate_out_of_range` outside 0–100."""
    cell = _read(text, NOT_A_RATE, lambda found: found.denominator is None, "rate")
    outside = cell.printed is not None and not 0 <= cell.printed.value <= 100
    return _refused(cell, BEYOND_RATE) if outside else cell


def _is_count(found: Printed) -> bool:
    parts = [found.value] if found.denominator is None else [found.value, found.denominator]
    return not found.percent and all(part >= 0 and part == part.to_integral_value() for part in parts)


def read_count(text: Written | None) -> PrintedCell:
    """`25.775`, `1.746/1.746`, `bốn`; `Không có` is 0. `numerator_exceeds_denominator` where n/d is no share."""
    worded = _count_in_words(text) if isinstance(text, str) and len(text) <= LONGEST_WORDING else None
    if worded is not None:
        return worded
    cell = _read(text, NOT_A_COUNT, _is_count, "count", count=True)
    over = cell.whole is not None and cell.value is not None and cell.value > cell.whole
    return _refused(cell, BEYOND_WHOLE) if over else cell


def _count_in_words(text: str) -> PrintedCell | None:
    """A count in words, also beside the same in figures; None where there are no such words."""
    plain = without_words(plain_wording(text), "count")
    if plain in NO_UNITS:
        return PrintedCell(text, Printed(Decimal(0), 0))
    number, twice = number_in_words(plain), TWICE.fullmatch(plain)
    if number is None and twice is not None:
        return _counted_twice(text, twice[1], without_words(twice[2], "count"))
    return None if number is None else PrintedCell(text, Printed(Decimal(number), 0))


def _counted_twice(text: str, one: str, other: str) -> PrintedCell | None:
    """`bốn (04)` or `04 (bốn)`: the number, or how words and figures differ; None where one of them is neither."""
    words, figures = (one, other) if number_in_words(other) is None else (other, one)
    number, found = number_in_words(words), read_figure(figures, "vi", count=True)
    if number is None or not isinstance(found, Printed) or not _is_count(found):
        return None
    cell = PrintedCell(text, found)
    if found.value == number:
        return cell
    context = {"value": cell.shown, "one": number, "other": found.value}
    return replace(cell, printed=None, fault=Fault(COUNTED_TWICE, context, value=cell.shown))


def read_points(text: Written | None) -> PrintedCell:
    """`13,2` or `đạt 13,2/18 điểm`."""
    return _read(text, NOT_POINTS, lambda found: not found.percent, "points")


def read_rank(text: Written | None) -> PrintedCell:
    """`8`, `08/23` or `đứng thứ 14/63 tỉnh, thành phố`; `rank_exceeds_cohort` where there is no such place."""
    cell = _read(text, NOT_A_RANK, _is_count, "rank", count=True)
    if cell.value is None:
        return cell
    last = cell.whole
    outside = cell.value < 1 or (last is not None and cell.value > last)
    return _refused(cell, BEYOND_COHORT) if outside else cell


def read_change(text: Written | None) -> PrintedCell:
    """`+3,09%`, `-7`, `0,71%` (a rise), `(tăng 0,9 điểm)`, `giảm 07 bậc`, `thứ hạng bằng tháng 6/2024`."""
    if not isinstance(text, str) or len(text) > LONGEST_WORDING:
        return _read(text, NOT_A_CHANGE, _is_change, "change")
    signed, unit = worded_change(plain_wording(text))
    return _fitting(PrintedCell(text, unit=unit), read_figure(signed, "vi"), NOT_A_CHANGE, _is_change)


def _is_change(found: Printed) -> bool:
    return found.denominator is None


def read_days(text: str) -> list[date | Fault]:
    """Every day that a head prints, `26/8/2024` or `26 tháng 8 năm 2024`; a fault where there is none."""
    plain = composed(text[: 10 * SHOWN])
    short = LONG_DAY.sub(r"\1/\2/\3", plain)
    return [read_printed_day(day) for day in DAY.findall(short)] or [read_printed_day(plain[:SHOWN])]
