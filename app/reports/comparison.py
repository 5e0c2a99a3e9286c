"""Comparison: one unit in two periods, or at two moments of one, side by side in the rows of a letter.

Bình Thành's letter of February 2024, annex I ("Tăng (+)/Giảm (-) so với ngày 31/01/2024") and "các Chỉ số, số lượng, tỷ
lệ giảm"; Tuyên Quang's of July 2024, section 1.
"""

from typing import Any, Literal

from app.errors import ErrorCode, Fault, Invalid
from app.reports.comparison_rows import (
    ComparedUnit,
    figures_of,
    lines_to_print,
    rank_between,
    reported,
    rests_of,
    row_of,
)
from app.reports.comparison_tables import all_rows, what_fell
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.layouts import chosen_layout
from app.reports.report import Report
from app.reports.rules.comparison import ShownFigure
from app.reports.unit_standing import StandingSide
from app.services.unit_scores import NO_FIGURES

Only = Literal["declined"]

UNIT_NEEDED = ErrorCode(
    "unit_needed",
    "Name the `unit` that is compared with itself, such as `unit=H60`.",
    "Hãy ghi `unit` (đơn vị cần so sánh hai kỳ), ví dụ `unit=H60`.",
    Invalid,
)


def comparison(
    data: ReportData,
    unit: str | None = None,
    layout: str | None = None,
    only: Only | None = None,
    view: str | None = None,
) -> Report:
    """The rows of a layout for a unit, now and before; `unit` None: the one that `under` names.

    `layout` None: the one of the unit's level that fits the framework, else the framework's own criteria. `view` None:
    the layout's own, where the framework has it. Raises Invalid `unit_needed`, `layout_unknown`, `layout_without_rows`,
    `view_unknown` and `unit_outside`; NotFound for a unit that the data do not hold or that has no figures at all.
    """
    return as_report(data, compare(data, unit, layout, view), only)


def as_report(data: ReportData, compared: ComparedUnit, only: Only | None = None) -> Report:
    """What is compared, as a report."""
    rows = [row_of(line, compared) for line in lines_to_print(compared)]
    fallen = [row for row in rows if row["declined"]]
    body = {
        **data.about(),
        **about(compared),
        "moments": moments(data, compared),
        "rows": fallen if only == "declined" else rows,
        "total": total(compared),
        "rank": rank(compared),
        "reported_rank": reported_rank(compared),
    }
    fell = what_fell(body, fallen)
    tables = [fell] if only == "declined" else [all_rows(body, rows), fell]
    lines = {"comparison": rows, "declined": fallen}
    return Report("comparison", body, tables, lines, data.evaluation)


def compare(data: ReportData, unit: str | None, layout: str | None, view: str | None) -> ComparedUnit:
    """Everything that is compared, in a number of questions that does not depend on the rows."""
    code = unit or data.under
    if code is None:
        raise UNIT_NEEDED.error(faults=[Fault(UNIT_NEEDED, parameter="unit")])
    member = data.unit(code)
    framework = data.framework
    here, there = data.values_of(code), data.values_of(code, earlier=True)
    chosen = chosen_layout(layout, framework, member.level, {row.indicator for row in (*here, *there)})
    own_view = chosen.view if any(each.code == chosen.view for each in framework.views) else None
    asked_view = view or own_view
    standing = data.standing_of(member, asked_view)
    indicators = known_indicators(data)
    earlier = None if standing.before is None else standing.before.framework
    now = figures_of(here, framework, indicators)
    before = figures_of(there, earlier or framework, indicators)
    if not now and not before:
        raise NO_FIGURES.error(unit=code, framework=framework.id, period=data.period.code)
    return ComparedUnit(chosen, standing, indicators, rests_of(indicators), now, before, asked_view)


def about(compared: ComparedUnit) -> dict[str, Any]:
    """The unit, the rules of both sides, the layout, and what to know before citing the points."""
    standing, layout = compared.standing, compared.layout
    unit, now, before = standing.unit, standing.now, standing.before
    earlier = None if before is None else before.framework
    return {
        "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
        "framework": None if now.framework is None else now.framework.id,
        "against_framework": None if earlier is None else earlier.id,
        "view": compared.view,
        "layout": {"code": layout.code, "title": layout.title.vi},
        "flags": [] if now.item is None else list(now.item["flags"]),
    }


def moments(data: ReportData, compared: ComparedUnit) -> dict[str, Any]:
    """When the sources were looked up last, on both sides; null where there are no figures."""
    now, before = (
        max((each.observed_at for each in figures.values() if each.observed_at is not None), default=None)
        for figures in (compared.now, compared.before)
    )
    return {"now": now or data.observed_by or data.as_of, "before": before}


def total(compared: ComparedUnit) -> dict[str, Any]:
    """The total on both sides, of `max` points, and its change where the rules allow one."""
    now = compared.standing.now.item
    return {
        "now": points_of(compared.standing.now),
        "before": points_of(compared.standing.before),
        "max": None if now is None else now["max"],
        "change": None if now is None else now["change"]["total"],
    }


def points_of(side: StandingSide | None) -> Any:
    return None if side is None or side.item is None else side.item["total"]


def rank(compared: ComparedUnit) -> dict[str, Any]:
    """The place in the cohort on both sides, and the move where the cohort and the rules are the same."""
    now = compared.standing.now.item
    return {
        "now": place_of(compared.standing.now),
        "before": place_of(compared.standing.before),
        "change": None if now is None else now["change"]["rank"],
    }


def place_of(side: StandingSide | None) -> dict[str, Any] | None:
    if side is None or side.item is None or side.item["rank"] is None:
        return None
    return {"rank": side.item["rank"], "of": side.ranked}


def reported_rank(compared: ComparedUnit) -> dict[str, Any]:
    """The place that the source states without the board behind it, kept apart from the computed one."""
    sides = (reported(compared.now), reported(compared.before))
    now, before = (stated_of(each) for each in sides)
    return {"now": now, "before": before, "change": rank_between(*sides, compared.rules_changed)[0].rank}


def stated_of(shown: ShownFigure) -> dict[str, Any] | None:
    if shown.rank is None:
        return None
    return {"rank": shown.rank, "of": shown.of, "source": shown.source, "observed_at": shown.observed_at}
