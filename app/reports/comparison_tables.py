"""The tables of a comparison: the annex as it is printed, and what fell."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from app.domain.letter_format import printed_day, printed_moment
from app.domain.period import local_day
from app.domain.vietnamese_labels import period_words
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.compared_periods import ComparedPeriods
from app.reports.comparison_rows import ShownRow
from app.reports.report import Line
from app.reports.rules.comparison import ShownDifference, ShownFigure
from app.reports.shown_figures import NOTHING

SIDES = [
    Column("before_count", "Số liệu kỳ trước", mixed=True),
    Column("before_rate", "Tỷ lệ kỳ trước (%)"),
    Column("now_count", "Số liệu kỳ này", mixed=True),
    Column("now_rate", "Tỷ lệ kỳ này (%)"),
    Column("change_count", "Tăng (+)/Giảm (-) số liệu", signed=True, mixed=True),
    Column("change_rate", "Tăng (+)/Giảm (-) tỷ lệ (điểm %)", signed=True),
    Column("before_points", "Điểm kỳ trước", mixed=True),
    Column("now_points", "Điểm kỳ này", mixed=True),
    Column("max", "Điểm tối đa"),
    Column("change_points", "Tăng (+)/Giảm (-) điểm", signed=True, mixed=True),
    Column("text", "Kết quả"),
    Column("unit_code", "Mã đơn vị", csv_only=True),
    Column("kind", "Mã loại dòng", csv_only=True),
    Column("indicator", "Mã chỉ số", csv_only=True),
    Column("part", "Mã phần", csv_only=True),
    Column("group", "Mã nhóm chỉ số", csv_only=True),
]
COLUMNS = [Column("number", "Số TT"), Column("heading", "Nội dung"), *SIDES]
FALLEN = [Column("number", "Số TT"), Column("within", "Thuộc mục"), Column("heading", "Nội dung"), *SIDES]
"""Of rows that stand alone one must say what they belong to: "Thanh toán trực tiếp" of what?"""


def rows_table(found: ComparedPeriods, rows: Sequence[ShownRow] | None = None) -> Table:
    """The rows of the layout as the annex prints them; all of them where none are named."""
    shown = found.rows if rows is None else rows
    bold = {place for place, row in enumerate(shown) if row.leads}
    cells = [_cells(found, row) for row in shown]
    return Table("comparison", "So sánh hai kỳ", COLUMNS, cells, _heading(found), bold=bold)


def declined_table(found: ComparedPeriods) -> Table:
    """The rows that got worse."""
    cells = [_cells(found, row) for row in found.declined]
    return Table("declined", "Nội dung giảm", FALLEN, cells, _heading(found, ": nội dung giảm"))


def _heading(found: ComparedPeriods, end: str = "") -> list[str]:
    compared = found.compared
    return [compared.layout.title.vi + end, compared.standing.unit.name, _sides(found)]


def _cells(found: ComparedPeriods, shown: ShownRow) -> Line:
    """A row of the table; a place stands where other rows have their count."""
    row, content = shown.row, shown.content
    now, before, change = content.now or NOTHING, content.before or NOTHING, content.change
    return {
        "number": row.number,
        "within": " › ".join(shown.placed.within) or None,
        "heading": shown.heading,
        "before_count": _counted(before),
        "before_rate": before.rate,
        "now_count": _counted(now),
        "now_rate": now.rate,
        "change_count": _counted(change),
        "change_rate": change.rate,
        "before_points": before.points,
        "now_points": now.points,
        "max": now.max,
        "change_points": change.points,
        "text": sentence(shown.now_text, shown.change_text),
        "unit_code": found.compared.standing.unit.code,
        "kind": row.kind,
        "indicator": row.indicator,
        "part": shown.part,
        "group": row.group,
    }


def _counted(side: ShownFigure | ShownDifference) -> Decimal | int | None:
    return side.count if side.rank is None else side.rank


def sentence(now: str | None, change: str | None) -> str | None:
    """As letters print it.

    >>> sentence("13,2/18 điểm", "tăng 0,9 điểm"), sentence("68 (65,38%)", None), sentence("68 (65,38%)", "-5 điểm %")
    ('13,2/18 điểm (tăng 0,9 điểm)', '68 (65,38%)', '68 (65,38%), -5 điểm %')
    """
    if now is None or change is None:
        return now
    return f"{now}, {change}" if now.endswith(")") else f"{now} ({change})"


def _sides(found: ComparedPeriods) -> str:
    """What is compared with what, as a line above the table."""
    now, before, this = found.now_at, found.before_at, period_words(found.period)
    if found.against is None or before is None:
        return f"Kỳ này: {this} (số liệu {moment(now, None)})"
    other = f"Kỳ trước: {period_words(found.against)} (số liệu {moment(before, now)})"
    return f"Kỳ này: {this} (số liệu {moment(now, before)}). {other}"


def moment(one: datetime, other: datetime | None) -> str:
    """The day on which sources were looked up; with the hour where both sides share the day, as in Đồng Nai's letter.

    >>> eleven, nine = (datetime.fromisoformat(f"2024-07-08T{hour}:00:00+07:00") for hour in ("11", "09"))
    >>> moment(eleven, nine), moment(eleven, None)
    ('lúc 11 giờ 00 phút ngày 08/7/2024', 'ngày 08/7/2024')
    """
    day = f"ngày {printed_day(local_day(one))}"
    if other is None or other == one or local_day(one) != local_day(other):
        return day
    return f"lúc {printed_moment(one)}"
