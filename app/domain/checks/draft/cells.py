"""The cells of a draft: one printed figure each, read by Vietnamese notation, or found invalid and why.

A figure found invalid has no `printed`, so that no further rule rests on it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.day import read_printed_day
from app.domain.figure_parser import LONGEST, Printed, read_figure, read_scaled
from app.domain.figures import decimals_of, print_figure
from app.domain.scoring.arithmetic import round_half_up
from app.errors import ErrorCode, Fault
from app.normal_form import composed

Written = str | Decimal
"""A figure as it was sent: text as a letter prints it, or a number that is exact as it stands."""
SHOWN = 100
"""Characters of a printed text that a finding repeats."""
UNIT_WORDS = re.compile(
    r"(?:,?\s+(?:điểm|bậc|hồ sơ|tthc|thủ tục|dịch vụ|cơ quan|đơn vị|địa phương|tỉnh|thành phố|huyện|bộ|sở|ban|ngành|xã"
    r"|phường|thị trấn))+$",
    re.IGNORECASE,
)
"""Words that letters put behind a figure; others (`triệu`) would change what it says, and are not taken off."""
RANK_WORDS = re.compile(r"(?:(?:đứng|xếp|đạt|ở|vị trí|hạng|thứ)\s*:?\s+)+(?=[0-9])", re.IGNORECASE)
"""Words that letters put before a rank: `đứng thứ 14/63`, `Xếp hạng: 08/23`."""
MOVE = re.compile(r"(tăng|giảm|[+\-−–])\s*(?=[0-9])")
RISES = ("tăng", "+")
NO_CHANGE = frozenset({"bằng kỳ trước", "giữ nguyên", "không đổi", "không thay đổi", "không tăng, không giảm"})
NO_UNITS = frozenset({"không", "không có"})
DAY = re.compile(r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}(?![0-9/])|(?<![0-9-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
LONG_DAY = re.compile(r"([0-9]{1,2})\s+tháng\s+([0-9]{1,2})\s+năm\s+([0-9]{4})", re.IGNORECASE)

NOT_A_RATE = ErrorCode(
    "number_invalid", "`{value}` is not a percentage such as 60,55%.", "`{value}` không phải là tỷ lệ dạng 60,55%."
)
NOT_A_COUNT = ErrorCode(
    "number_invalid",
    "`{value}` is not a count such as 25.775 or 1.746/1.746.",
    "`{value}` không phải là số lượng dạng 25.775 hoặc 1.746/1.746.",
)
NOT_A_CHANGE = ErrorCode(
    "number_invalid", "`{value}` is not a change such as +3,09%.", "`{value}` không phải là mức tăng, giảm dạng +3,09%."
)
NOT_POINTS = ErrorCode(
    "number_invalid", "`{value}` is not points such as 13,2 or 13,2/18.", "`{value}` không phải là điểm dạng 13,2."
)
NOT_A_RANK = ErrorCode(
    "number_invalid", "`{value}` is not a rank such as 08/23.", "`{value}` không phải là thứ hạng dạng 08/23."
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
    """A figure of the draft. `text` as written; `printed` None where there is none, or where `fault` says why not."""

    text: str = ""
    printed: Printed | None = None
    fault: Fault | None = None

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
    written: Written | None, wrong: ErrorCode, fits: Callable[[Printed], bool], *, count: bool = False
) -> PrintedCell:
    """A cell, with what is wrong with it: unreadable, or not of the kind that `fits` asks for."""
    if written is None:
        return NOTHING
    text = as_printed(written)
    found = _number(written) if isinstance(written, Decimal) else _figure(text, count=count)
    if isinstance(found, Fault):
        return PrintedCell(text, fault=found)
    if found is not None and not fits(found):
        shown = text.strip()[:SHOWN]
        return PrintedCell(text, fault=Fault(wrong, {"value": shown}, value=shown))
    return PrintedCell(text, found)


def as_printed(written: Written) -> str:
    """The text that was sent, or a number as a letter would print it.

    >>> as_printed(Decimal("86.02")), as_printed("86.02")
    ('86,02', '86.02')
    """
    return written if isinstance(written, str) else print_figure(written, "vi")


def _figure(text: str, *, count: bool) -> Printed | Fault | None:
    plain = UNIT_WORDS.sub("", composed(text).strip()) if len(text) <= 2 * LONGEST else text
    return read_figure(plain, "vi", count=count)


def _number(number: Decimal) -> Printed | Fault:
    """A number as it stands, with the decimals it has: no notation to choose, so no reading but one."""
    found = read_scaled(number)
    decimals = max(decimals_of(number), 0)
    return found if isinstance(found, Fault) else Printed(number, decimals, signed=number < 0)


def _refused(cell: PrintedCell, error_code: ErrorCode) -> PrintedCell:
    """The same cell, found invalid."""
    return replace(cell, printed=None, fault=Fault(error_code, {"value": cell.shown}, value=cell.shown))


def read_rate(text: Written | None) -> PrintedCell:
    """A percentage, with or without its sign; `rate_out_of_range` outside 0–100."""
    cell = _read(text, NOT_A_RATE, lambda found: found.denominator is None)
    outside = cell.printed is not None and not 0 <= cell.printed.value <= 100
    return _refused(cell, BEYOND_RATE) if outside else cell


def _is_count(found: Printed) -> bool:
    parts = [found.value] if found.denominator is None else [found.value, found.denominator]
    return not found.percent and all(part >= 0 and part == part.to_integral_value() for part in parts)


def read_count(text: Written | None) -> PrintedCell:
    """`25.775` or `1.746/1.746`; `Không có` is 0. `numerator_exceeds_denominator` where n/d is no share."""
    if isinstance(text, str) and len(text) <= LONGEST and composed(text).strip().lower() in NO_UNITS:
        return PrintedCell(text, Printed(Decimal(0), 0))
    cell = _read(text, NOT_A_COUNT, _is_count, count=True)
    over = cell.whole is not None and cell.value is not None and cell.value > cell.whole
    return _refused(cell, BEYOND_WHOLE) if over else cell


def read_points(text: Written | None) -> PrintedCell:
    """`13,2` or `13,2/18 điểm`."""
    return _read(text, NOT_POINTS, lambda found: not found.percent)


def read_rank(text: Written | None) -> PrintedCell:
    """`8`, `08/23` or `đứng thứ 14/63 tỉnh, thành phố`; `rank_exceeds_cohort` where there is no such place."""
    bare = text
    if isinstance(text, str) and len(text) <= 2 * LONGEST:
        bare = RANK_WORDS.sub("", composed(text).strip(), count=1)
    cell = _read(bare, NOT_A_RANK, _is_count, count=True)
    cell = replace(cell, text=text) if isinstance(text, str) else cell
    if cell.value is None:
        return cell
    last = cell.whole
    outside = cell.value < 1 or (last is not None and cell.value > last)
    return _refused(cell, BEYOND_COHORT) if outside else cell


def read_change(text: Written | None) -> PrintedCell:
    """`+3,09%`, `-7`, `0,71%` (a rise), `tăng 14 bậc`, `giảm 0,3 điểm`, `bằng kỳ trước`."""
    if not isinstance(text, str) or len(text) > 2 * LONGEST:
        return _read(text, NOT_A_CHANGE, _is_change)
    plain = composed(text).strip().lower()
    if plain in NO_CHANGE:
        return PrintedCell(text, Printed(Decimal(0), 0))
    signed = _signed(plain)
    return replace(_read(signed, NOT_A_CHANGE, _is_change), text=text)


def _signed(plain: str) -> str:
    """The same change with its sign right before the figure."""
    move = MOVE.match(plain)
    return plain if move is None else f"{'+' if move[1] in RISES else '-'}{plain[move.end() :]}"


def _is_change(found: Printed) -> bool:
    return found.denominator is None


def read_days(text: str) -> list[date | Fault]:
    """Every day that a head prints, `26/8/2024` or `26 tháng 8 năm 2024`; a fault where there is none."""
    plain = composed(text[: 10 * SHOWN])
    short = LONG_DAY.sub(r"\1/\2/\3", plain)
    return [read_printed_day(day) for day in DAY.findall(short)] or [read_printed_day(plain[:SHOWN])]
