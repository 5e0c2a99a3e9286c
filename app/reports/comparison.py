"""Comparison: one unit in two periods, or at two moments of one, side by side in the rows of a letter.

Bình Thành's letter of February 2024, annex I ("Tăng (+)/Giảm (-) so với ngày 31/01/2024") and "các Chỉ số, số lượng, tỷ
lệ giảm"; Tuyên Quang's of July 2024, section 1.
"""

from decimal import Decimal
from typing import Literal

from app.answers.report_comparison import Comparison, ComparisonRow, ComparisonSubject, ShownChange, ShownSide
from app.reports.compared_periods import compare_periods
from app.reports.comparison_rows import ComparedUnit, ShownRow
from app.reports.comparison_tables import declined_table, rows_table
from app.reports.data import ReportData
from app.reports.report import Report, brief
from app.reports.rules.comparison import ShownDifference, ShownFigure

Only = Literal["declined"]


def comparison(
    data: ReportData,
    unit: str | None = None,
    layout: str | None = None,
    only: Only | None = None,
    view: str | None = None,
) -> Report:
    """The rows of a layout for a unit, now and before; `unit` None: the one that `under` names."""
    found = compare_periods(data, unit, layout, view)
    rows, fallen = [_row_body(row) for row in found.rows], [_row_body(row) for row in found.declined]
    body: Comparison = {
        **data.about(),
        **_about(found.compared),
        "base": data.base_of(found.compared.standing.unit),
        "moments": {"now": found.now_at, "before": found.before_at},
        "rows": fallen if only == "declined" else rows,
        "total": found.total,
        "rank": found.rank,
        "reported_rank": found.reported_rank,
    }
    tables = [declined_table(found)] if only == "declined" else [rows_table(found), declined_table(found)]
    return Report("comparison", body, tables, {"comparison": rows, "declined": fallen}, data.evaluation)


def _about(compared: ComparedUnit) -> ComparisonSubject:
    """The unit, the rules of both sides, the layout, and what to know before citing the points."""
    standing, layout = compared.standing, compared.layout
    now, before = standing.now, standing.before
    earlier = None if before is None else before.framework
    assert now.framework is not None  # a comparison is drawn up by the rules of its period
    return {
        "unit": brief(standing.unit),
        "framework": now.framework.id,
        "against_framework": None if earlier is None else earlier.id,
        "view": compared.view,
        "layout": {"code": layout.code, "title": layout.title.vi},
        "flags": [] if now.item is None else list(now.item["flags"]),
    }


def _row_body(shown: ShownRow) -> ComparisonRow:
    """A row as it is answered."""
    row, content = shown.row, shown.content
    return {
        "number": row.number,
        "heading": shown.heading,
        "depth": shown.placed.depth,
        "within": list(shown.placed.within),
        "kind": row.kind,
        "indicator": row.indicator,
        "part": shown.part,
        "group": row.group,
        "now": _side(content.now),
        "before": _side(content.before),
        "change": None if content.now is None else _change(content.change),
        "now_text": shown.now_text,
        "before_text": shown.before_text,
        "change_text": shown.change_text,
        "declined": content.declined,
        "flags": list(content.flags),
    }


def _side(shown: ShownFigure | None) -> ShownSide | None:
    if shown is None:
        return None
    return {
        "count": shown.count,
        "of": None if shown.of is None else Decimal(shown.of),
        "rate": shown.rate,
        "points": shown.points,
        "max": shown.max,
        "rank": shown.rank,
        "source": shown.source,
        "observed_at": shown.observed_at,
    }


def _change(change: ShownDifference) -> ShownChange:
    return {"count": change.count, "rate": change.rate, "points": change.points, "rank": change.rank}
