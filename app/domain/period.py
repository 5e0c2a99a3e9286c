"""Periods: months, quarters, half-years and years by their codes, in Vietnamese local time.

>>> read_period("2024-07").parent, read_period("2024-Q3").children
('2024-Q3', ('2024-07', '2024-08', '2024-09'))
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Annotated, Literal

from app.domain.characters import TRIMMED
from app.domain.suggest import visible
from app.domain.vietnamese import nfc
from app.errors import AppError, Fault, Invalid, RefusalCode, Text

PeriodType = Literal["month", "quarter", "half", "year"]
PeriodCode = Annotated[str, TRIMMED]
"""The code of a period as it is stated, for `read_period` to read or refuse."""

LOCAL = timezone(timedelta(hours=7), "+07:00")
FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS: dict[PeriodType, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months a period of each type lasts."""

PARENT: dict[PeriodType, PeriodType | None] = {"month": "quarter", "quarter": "half", "half": "year", "year": None}
CHILD: dict[PeriodType, PeriodType | None] = {"year": "half", "half": "quarter", "quarter": "month", "month": None}

CODE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")

MONTH_WORDS = r"(?:thang|tháng|month|t|m)"
QUARTER_WORDS = r"(?:quy|quý|quarter|q)"
HALF_WORDS = r"(?:h|half|6 tháng|6 thang)"
GUESSES: tuple[tuple[PeriodType, re.Pattern[str]], ...] = (
    ("month", re.compile(rf"(?P<year>[0-9]{{4}})[-/._ ]?{MONTH_WORDS}?\.? ?(?P<n>[0-9]{{1,2}})")),
    ("month", re.compile(r"(?P<year>[0-9]{4})-(?P<n>[0-9]{2})-01")),  # what a spreadsheet makes of 2021-09
    ("month", re.compile(rf"{MONTH_WORDS}?\.? ?(?P<n>[0-9]{{1,2}})[-/._ ](?:năm |nam )?(?P<year>[0-9]{{4}})")),
    ("quarter", re.compile(rf"(?P<year>[0-9]{{4}})[-/._ ]?{QUARTER_WORDS}\.? ?(?P<n>[0-9]|i{{1,3}}|iv)")),
    ("quarter", re.compile(rf"{QUARTER_WORDS}\.? ?(?P<n>[0-9]|i{{1,3}}|iv)[-/._ ](?:năm |nam )?(?P<year>[0-9]{{4}})")),
    ("quarter", re.compile(r"(?P<n>i{1,3}|iv)[-/._ ](?:năm |nam )?(?P<year>[0-9]{4})")),
    ("half", re.compile(rf"(?P<year>[0-9]{{4}})[-/._ ]?{HALF_WORDS}\.? ?(?P<n>[0-9])")),
    ("half", re.compile(rf"{HALF_WORDS}\.? ?(?P<n>[0-9])[-/._ ](?P<year>[0-9]{{4}})")),
    ("year", re.compile(r"(?:năm|nam|year|y|n) ?(?P<n>)(?P<year>[0-9]{4})")),
)
"""How people write periods; only ever used to suggest the code that was meant."""

LAST_DAYS = (
    re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
)
"""A day, as statistics that are printed at the end of a month name it."""

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

INVALID = RefusalCode(
    "period_invalid",
    "`{value}` is not a period; write a month as 2024-07, a quarter as 2024-Q3, a half as 2024-H2, a year as 2024.",
    "`{value}` không phải là kỳ; hãy ghi tháng dạng 2024-07, quý dạng 2024-Q3, nửa năm dạng 2024-H2, năm dạng 2024.",
    Invalid,
)
YEAR_OUTSIDE = RefusalCode(
    "period_invalid",
    "`{value}` lies outside the years of which figures are kept, {years}.",
    "`{value}` nằm ngoài các năm có lưu số liệu, {years}.",
    Invalid,
)
SPAN_NOT_KEPT = RefusalCode(
    "period_invalid",
    "`{value}` are several months, which are no period here; send the figures of each month, or quarter (2024-Q3), by "
    "itself.",
    "`{value}` là lũy kế nhiều tháng, không phải một kỳ; hãy gửi riêng số liệu của từng tháng hoặc từng quý (2024-Q3).",
    Invalid,
)
SPAN = re.compile(r"(?:0?[2-9]|1[01]) (?:tháng|thang|months)\b.*")
TYPE_DIFFERS = RefusalCode(
    "period_type_differs",
    "{period} is a {type}, {against} is a {other}; only periods of one type are compared. Name a {type} in `against`, "
    "such as {example}.",
    "{period} là {type}, {against} là {other}; chỉ so sánh các kỳ cùng loại. Hãy ghi `against` là {type}, ví dụ "
    "{example}.",
    Invalid,
)
TYPE_NAMES: dict[PeriodType, Text] = {
    "month": Text("month", "tháng"),
    "quarter": Text("quarter", "quý"),
    "half": Text("half-year", "nửa năm"),
    "year": Text("year", "năm"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole local days, both ends included; its neighbours are named by their codes.

    `previous` has the same type; `previous` and `same_last_year` are None before 1900.
    """

    code: str
    type: PeriodType
    starts_on: date
    ends_on: date
    previous: str | None
    same_last_year: str | None
    parent: str | None
    children: tuple[str, ...]

    @property
    def outlasts_a_month(self) -> bool:
        """Whether it is so long that a unit may well end within it: then those of its last day are ranked."""
        return MONTHS[self.type] > 1


def is_period(code: str) -> bool:
    """
    >>> is_period("2024-H2"), is_period("2024-13")
    (True, False)
    """
    match = CODE.fullmatch(code)
    return match is not None and FIRST_YEAR <= int(match[1]) <= LAST_YEAR


@lru_cache(maxsize=4096)
def read_period(code: str) -> Period:
    """The period of a code. Raises Invalid `period_invalid`, with a suggestion where one is near.

    >>> read_period("2024-H1").previous, read_period("2024-H1").same_last_year
    ('2023-H2', '2023-H1')
    """
    match = CODE.fullmatch(code)
    if match is None or not is_period(code):
        raise _invalid(code)
    year, month, quarter, half = match.groups()
    if month:
        return _period("month", int(year), int(month))
    if quarter:
        return _period("quarter", int(year), int(quarter))
    return _period("half", int(year), int(half)) if half else _period("year", int(year), 1)


def read_against(code: str, period: Period) -> Period:
    """The period of a code with which another one is compared; Invalid `period_type_differs` unless of its type.

    A quarter is not compared with a month: what a quarter gained over a month says nothing of either.
    """
    against = read_period(code)
    if against.type == period.type:
        return against
    context: dict[str, object] = {"period": period.code, "type": TYPE_NAMES[period.type], "against": code}
    context |= {"other": TYPE_NAMES[against.type], "example": period.previous or period.code}
    raise Fault(TYPE_DIFFERS, context, value=code).error()


def ended_at(period: Period) -> datetime:
    """The instant, in UTC, at which the period was over in Vietnam: the first midnight after its last day.

    >>> ended_at(read_period("2024-07")).isoformat()
    '2024-07-31T17:00:00+00:00'
    """
    return datetime.combine(period.ends_on + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """The calendar day in Vietnam at an instant that knows its time zone."""
    return instant.astimezone(LOCAL).date()


def _period(type: PeriodType, year: int, number: int) -> Period:
    """The `number`-th period of its type in a year, from 1."""
    length = MONTHS[type]
    first, last = (number - 1) * length + 1, number * length
    parent, child = PARENT[type], CHILD[type]
    return Period(
        code=_spelled(type, year, number),
        type=type,
        starts_on=date(year, first, 1),
        ends_on=date(year, last, monthrange(year, last)[1]),
        previous=_code(type, year, number - 1) if number > 1 else _code(type, year - 1, 12 // length),
        same_last_year=_code(type, year - 1, number),
        parent=_code(parent, year, (last - 1) // MONTHS[parent] + 1) if parent else None,
        children=_children(child, year, first, last) if child else (),
    )


def _children(type: PeriodType, year: int, first: int, last: int) -> tuple[str, ...]:
    length = MONTHS[type]
    return tuple(
        _spelled(type, year, last_month // length) for last_month in range(first - 1 + length, last + 1, length)
    )


def _spelled(type: PeriodType, year: int, number: int) -> str:
    suffix = {"month": f"-{number:02}", "quarter": f"-Q{number}", "half": f"-H{number}", "year": ""}
    return f"{year}{suffix[type]}"


def _code(type: PeriodType, year: int, number: int) -> str | None:
    """The code, or None before the first year."""
    return _spelled(type, year, number) if year >= FIRST_YEAR else None


def _invalid(code: str) -> AppError:
    shown = code[:100]
    if CODE.fullmatch(code):
        years = f"{FIRST_YEAR} – {LAST_YEAR}"
        return Fault(YEAR_OUTSIDE, {"value": shown, "years": years}, value=shown).error()
    near = suggest(shown)
    error_code = SPAN_NOT_KEPT if near is None and SPAN.fullmatch(nfc(shown).lower()) else INVALID
    return Fault(error_code, {"value": shown}, value=shown, suggestion=near).error()


def suggest(text: str) -> str | None:
    """The code that was probably meant, or None where no guess is near.

    >>> suggest("2024-7"), suggest("T7/2024"), suggest("Quý III/2024"), suggest("2024-07-31")
    ('2024-07', '2024-07', '2024-Q3', '2024-07')
    """
    plain = " ".join(nfc(visible(text)).lower().split())
    for type, pattern in GUESSES:
        match = pattern.fullmatch(plain)
        if match is not None:
            number = match["n"] or "1"
            return code_of(type, int(match["year"]), ROMAN.get(number) or int(number))
    return _month_of_day(plain) or (plain.upper() if is_period(plain.upper()) else None)


def code_of(type: PeriodType, year: int, number: int) -> str | None:
    """The code of that number, None where the year has none such: another one would be a guess."""
    code = _spelled(type, year, number)
    return code if is_period(code) else None


def _month_of_day(plain: str) -> str | None:
    """The month of a day, or None where the text is no day."""
    match = next(filter(None, (pattern.fullmatch(plain) for pattern in LAST_DAYS)), None)
    if match is None:
        return None
    code = code_of("month", int(match["year"]), int(match["month"]))
    last = read_period(code).ends_on.day if code else 0
    return code if 1 <= int(match["day"]) <= last else None


def read_or_fault(code: str) -> Period | Fault:
    """The period of a code, or what is wrong with it."""
    try:
        return read_period(code)
    except Invalid as error:
        return error.faults[0]


def overlaps(period: Period, begins: date | None, ends: date | None) -> bool:
    """Whether a validity and a period share a day."""
    return (begins is None or begins <= period.ends_on) and (ends is None or ends >= period.starts_on)
