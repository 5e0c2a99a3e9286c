"""One unit in two periods, or at two moments of one: its rows, its total and its ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.answers.report_comparison import PlaceOf, RankChange, StatedPlace, StatedRankChange, TotalChange
from app.errors import Fault, Invalid, RefusalCode
from app.reports.comparison_rows import (
    ComparedUnit,
    ShownRow,
    lines_to_print,
    reported,
    reported_move,
    row_of,
    total_change,
)
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.layouts import chosen_layout
from app.reports.rules.comparison import ShownFigure
from app.reports.shown_figures import figures_of, rests_of
from app.reports.unit_standing import StandingSide
from app.services.unit_scores import NO_FIGURES

UNIT_NEEDED = RefusalCode(
    "unit_needed",
    "Name the `unit` that is compared with itself, such as `unit=H60`.",
    "Hãy ghi `unit` (đơn vị cần so sánh hai kỳ), ví dụ `unit=H60`.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class ComparedPeriods:
    """A unit in two periods, or at two moments of one: the rows of its layout, its total and its ranks.

    `now_at`, `before_at`: when the sources were looked up last; None without figures.
    """

    period: str
    against: str | None
    compared: ComparedUnit
    rows: Sequence[ShownRow]
    now_at: datetime
    before_at: datetime | None

    @property
    def declined(self) -> list[ShownRow]:
        """The rows that got worse."""
        return [row for row in self.rows if row.content.declined]

    @property
    def flags(self) -> list[str]:
        """What to know before citing the points."""
        item = self.compared.standing.now.item
        return [] if item is None else list(item["flags"])

    @property
    def total(self) -> TotalChange:
        """The total on both sides, of `max` points, and its change where the rules allow one."""
        standing = self.compared.standing
        item = standing.now.item
        return {
            "now": _points_of(standing.now),
            "before": _points_of(standing.before),
            "max": None if item is None else item["max"],
            "change": None if item is None else total_change(item),
        }

    @property
    def rank(self) -> RankChange:
        """The place in the cohort on both sides, and the move where the cohort and the rules are the same."""
        standing = self.compared.standing
        change = None if standing.now.item is None else standing.now.item["change"]["rank"]
        return {"now": _place_of(standing.now), "before": _place_of(standing.before), "change": change}

    @property
    def reported_rank(self) -> StatedRankChange:
        """The place that the source states without the board behind it, kept apart from the computed one."""
        now, before = reported(self.compared.now), reported(self.compared.before)
        change = reported_move(now, before, self.compared)[0].rank
        return {"now": _stated_place(now), "before": _stated_place(before), "change": change}


def compare_periods(
    data: ReportData, unit: str | None = None, layout: str | None = None, view: str | None = None
) -> ComparedPeriods:
    """The rows of a layout for a unit, now and before; `unit` None: the one that `under` names.

    `layout` None: the one of the unit's level that fits the framework, else the framework's own criteria. `view` None:
    the layout's own, where the framework has it. Raises Invalid `unit_needed`, `layout_unknown`, `layout_without_rows`,
    `view_unknown` and `unit_outside`; NotFound for a unit that the data do not hold or that has no figures at all.
    """
    compared = _compare(data, unit, layout, view)
    now_at, before_at = (
        max((each.observed_at for each in figures.values() if each.observed_at is not None), default=None)
        for figures in (compared.now, compared.before)
    )
    return ComparedPeriods(
        data.period.code,
        None if data.against is None else data.against.code,
        compared,
        [row_of(placed, compared) for placed in lines_to_print(compared)],
        now_at or data.observed_by or data.as_of,
        before_at,
    )


def _compare(data: ReportData, unit: str | None, layout: str | None, view: str | None) -> ComparedUnit:
    """Everything that is compared, in a number of questions that does not depend on the rows."""
    code = unit or data.under
    if code is None:
        raise UNIT_NEEDED.error(faults=[Fault(UNIT_NEEDED, parameter="unit")])
    member = data.unit(code)
    framework = data.framework
    here, there = data.values_of(code), data.values_of(code, earlier=True)
    stored = {row.indicator for row in (*here, *there)}
    chosen = chosen_layout(layout, framework, member.level, data.layouts(), stored)
    own_view = chosen.view if any(each.code == chosen.view for each in framework.views) else None
    asked_view = view or own_view
    standing = data.standing_of(member, asked_view)
    indicators = known_indicators(data)
    earlier = None if standing.before is None else standing.before.framework
    now = figures_of(here, framework, indicators)
    before = figures_of(there, earlier or framework, indicators)
    if not now and not before:
        raise NO_FIGURES.error(unit=code, framework=framework.id, period=data.period.code)
    same_period = data.against is not None and data.against.code == data.period.code
    return ComparedUnit(chosen, standing, indicators, rests_of(indicators), now, before, asked_view, same_period)


def _points_of(side: StandingSide | None) -> Decimal | None:
    return None if side is None or side.item is None else side.item["total"]


def _place_of(side: StandingSide | None) -> PlaceOf | None:
    if side is None or side.item is None or side.item["rank"] is None:
        return None
    return {"rank": side.item["rank"], "of": side.ranked}


def _stated_place(shown: ShownFigure) -> StatedPlace | None:
    if shown.rank is None or shown.source is None or shown.observed_at is None:
        return None
    of = None if shown.of is None else int(shown.of)
    return {"rank": shown.rank, "of": of, "source": shown.source, "observed_at": shown.observed_at}
