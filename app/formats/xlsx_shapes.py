"""How the columns of a sheet are shown: one pattern for the numbers of a column, and a width that fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import TypeGuard

from app.formats.delimited import Column, RowOut, plain_text

MAX_EXACT_DIGITS = 15
"""A sheet keeps numbers as binary floats; up to fifteen digits come back as they were written."""
NARROWEST, WIDEST = 7, (48, 40, 34, 28)
"""Characters of a column's content; longer texts are wrapped, the sooner the wider the table would be."""
FEW_LINES = 6
READABLE = 165
"""Characters of a table that can still be read where it is shrunk to the width of a page."""
HEAD_LINES = 3
"""A head is wrapped into about so many lines before it widens its column."""
MARGIN, INDENT = 3, 2
"""Characters that stay free in a cell, and the part of them that no text can take."""
BROAD = "@%mwMW"
"""Letters half as wide again as others."""
NARROWEST_TABLE = 60
MOST_STRETCHED = 1.75
FILTER_BUTTON = 2
DAY, HOUR, SECOND = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "dd/mm/yyyy hh:mm:ss"
LOCAL = timezone(timedelta(hours=7))
"""A sheet knows no zone; its moments are those of Vietnam, where it is read and imported again."""
SHORT_MARKS = frozenset({"rank", "tied", "no", "number", "period"})
IDENTIFYING = SHORT_MARKS | {"unit", "code", "name", "level"}
"""Keys of columns that tell which row one is in; the first ones of a table stay in sight, the short ones centred."""


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """How a column is shown: `decimals` of its numbers, more of one that has more unless it is `rounded`; `width` in
    characters; what `wraps`.
    """

    decimals: int
    rounded: bool
    signed: bool
    centred: bool
    width: float
    wraps: bool

    def pattern(self, value: Decimal) -> str:
        """The number format of a value; thousands as the reader's own settings separate them."""
        return number_pattern(self.decimals if self.rounded else max(self.decimals, decimals_of(value)), self.signed)

    def lines(self, value: object) -> int:
        """About how many lines a value takes. Rows may follow whose texts are longer than those that were looked at."""
        if not isinstance(value, str) or not (self.wraps or len(value) > self.width or "\n" in value):
            return 1
        return lines_of(value, self.width - INDENT)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a column holds: its width but for long texts, the longest text, whether any text has several lines."""

    column: Column
    decimals: int
    least: float
    longest: float
    broken: bool

    def width(self, widest: int) -> float:
        """With texts of more than `widest` characters wrapped, though into no tower of lines."""
        broad = max(widest, min(self.longest / FEW_LINES, WIDEST[0]))
        return max(self.least, min(self.longest, broad)) + MARGIN

    def shape(self, widest: int, stretched: float) -> ColumnStyle:
        width = self.width(widest) * stretched
        return ColumnStyle(
            0 if self.column.mixed else self.decimals,
            self.column.decimals is not None and not self.column.mixed,
            self.column.signed,
            self.column.key in SHORT_MARKS,
            width,
            self.broken or self.longest > width - MARGIN,
        )


def shapes_of(columns: Sequence[Column], rows: Sequence[RowOut]) -> list[ColumnStyle]:
    """The shape of each column; every row is looked at once.

    Long texts of a wide table are wrapped early, for it has to be read on one page; a narrow table is stretched to
    carry its heading.
    """
    found = [_content(column, (row[column.key] for row in rows)) for column in columns]
    totals = {widest: sum(each.width(widest) for each in found) for widest in WIDEST}
    widest = next((widest for widest in WIDEST if totals[widest] <= READABLE), WIDEST[-1])
    missing = NARROWEST_TABLE / max(totals[widest], 1)
    return [each.shape(widest, min(max(missing, 1), MOST_STRETCHED)) for each in found]


def _content(column: Column, values: Iterable[object]) -> _Content:
    decimals, longest, broken = 0, 0.0, False
    low, high = Decimal(0), Decimal(0)
    for value in values:
        if is_number(value):
            number = Decimal(value)
            decimals = max(decimals, decimals_of(number))
            low, high = min(low, number), max(high, number)
        elif is_day(value):
            longest = max(longest, len(DAY))
        elif is_moment(value, exactly=column.sent_back):
            longest = max(longest, len(SECOND))
        else:
            text = cell_text(value)
            longest, broken = max(longest, text_width(text)), broken or "\n" in text
    shown = decimals if column.decimals is None else column.decimals
    figures = max(len(f"{low:,.{shown}f}"), len(f"{high:,.{shown}f}") + column.signed)
    return _Content(column, shown, max(figures, head_width(column.title), NARROWEST), longest, broken)


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """A number that a cell can hold exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return len(Decimal(value).as_tuple().digits) <= MAX_EXACT_DIGITS


def is_day(value: object) -> TypeGuard[date]:
    """A day that a sheet's calendar knows; it begins with 1900."""
    return isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900


def is_moment(value: object, *, exactly: bool) -> TypeGuard[datetime]:
    """Whether a moment is shown as people write it; `exactly`: fractions of a second would be missed."""
    return isinstance(value, datetime) and value.year >= 1900 and not (exactly and value.microsecond)


def moment_pattern(moment: datetime) -> str:
    """How a moment is shown: with its seconds where it has any, so that nothing of it is hidden.

    >>> moment_pattern(datetime(2024, 8, 26, 11)), moment_pattern(datetime(2024, 8, 26, 11, 0, 5))
    ('dd/mm/yyyy hh:mm', 'dd/mm/yyyy hh:mm:ss')
    """
    return SECOND if moment.second else HOUR


def cell_text(value: object) -> str:
    """What a cell says that holds neither a number nor a day."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(Decimal(value), "f")
    return plain_text(value)


def decimals_of(value: Decimal) -> int:
    """
    >>> decimals_of(Decimal("60.50")), decimals_of(Decimal("1E+2"))
    (2, 0)
    """
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def number_pattern(decimals: int, signed: bool = False) -> str:
    """
    >>> number_pattern(2), number_pattern(1, signed=True)
    ('#,##0.00', '+#,##0.0;-#,##0.0;0.0')
    """
    rest = f".{'0' * decimals}" if decimals else ""
    return f"+#,##0{rest};-#,##0{rest};0{rest}" if signed else f"#,##0{rest}"


@lru_cache(maxsize=10_000)
def text_width(text: str) -> float:
    """About how many digits wide the longest line of a text is, in the proportional font of a sheet."""
    return max(map(_line_width, text.split("\n")))


def _line_width(line: str) -> float:
    broad = sum(letter in BROAD for letter in line)
    return 0.9 * len(line) + 0.45 * sum(map(str.isupper, line)) + 0.1 * sum(map(str.isdigit, line)) + 0.8 * broad


def head_width(title: str) -> float:
    """The width that lets a head break between words, next to the button of the filter."""
    longest = max(map(text_width, title.split()), default=0)
    return max(longest, text_width(title) / HEAD_LINES) + FILTER_BUTTON


def lines_of(text: str, width: float) -> int:
    """About how many lines a text takes in a cell of that width, each broken between words."""
    return sum(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: float) -> int:
    lines, used = 1, 0.0
    for word in line.split():
        needed = text_width(word)
        if used and used + 1 + needed > width:
            lines, used = lines + 1, 0.0
        lines += max(ceil(needed / width) - 1, 0)
        used += needed + 1
    return lines


def frozen_columns(columns: Sequence[Column]) -> int:
    """How many of the first columns tell which row one is in, and stay in sight; none where all do."""
    known, first = next(((known, [*run]) for known, run in groupby(columns, _identifies)), (False, []))
    return len(first) if known and len(first) < len(columns) else 0


def _identifies(column: Column) -> bool:
    return column.key in IDENTIFYING
