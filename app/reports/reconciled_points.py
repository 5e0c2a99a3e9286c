"""Points that a source reports next to those that the components earn: of every group, and of the total."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.answers.report_reconciliation import ComputedPoints, ReconciledPoints, ReportedPoints
from app.domain.checks.stored.figures import Amount, ReportedGroup, UnitFigures, stated_amount
from app.domain.checks.stored.points import earned, earned_total, reported_groups, reported_total, rounding
from app.domain.figures import DECIMALS, SCALE, unscaled
from app.domain.frameworks.framework import Framework
from app.domain.instant import to_datetime
from app.domain.vocabulary import Level
from app.reports.data import ReportData
from app.reports.report import brief
from app.reports.rules.reconciliation import computable, computes, figures_of, gap, points_state
from app.services import findings, scored_cohorts
from app.services.frameworks import reported_codes
from app.services.scored_cohorts import CohortUnit
from app.services.sourced_columns import SourcedColumn, columns_by_indicator
from app.store.rows import StandingValue

TOTAL = "Tổng điểm"


@dataclass(frozen=True, slots=True)
class ReconciledUnit:
    """A unit with its figures and what they earn; `sources`: where the figures of each group came from."""

    member: CohortUnit
    held: UnitFigures
    total: Amount | None
    rows: Mapping[str, StandingValue]
    sources: Mapping[str, Sequence[str]]


def points_items(
    data: ReportData,
    rows: Sequence[StandingValue],
    units: Mapping[str, CohortUnit],
    source: str,
    tolerance: Decimal,
    chosen: Sequence[str],
) -> list[ReconciledPoints]:
    """Each unit and group that the framework computes of figures, where points are reported or earned.

    `source` reports; points are computed as on the board, from the source that the framework prefers. `chosen`: only
    these indicators of reported points; all where there is none.
    """
    found: list[ReconciledPoints] = []
    for level in data.levels:
        groups = [each for each in _groups(data.framework, level) if not chosen or each.indicator in chosen]
        members = [unit for unit in units.values() if unit.level == level and unit.code != data.under]
        if groups and members:
            for unit in _computed(data, level, members, rows, source):
                found += _items(data.framework, unit, groups, source, tolerance)
    return found


def _groups(framework: Framework, level: Level) -> list[ReportedGroup]:
    """The groups that can be computed at a level, and the total where all of them can."""
    framework = framework.at(level)
    tops = {top.code for top in framework.criteria if computes(top, level)}
    total = reported_total(framework, reported_codes())
    whole = [total] if total is not None and computable(framework, level) else []
    return [*(each for each in reported_groups(framework, reported_codes()) if each.code in tops), *whole]


def _computed(
    data: ReportData, level: Level, members: Sequence[CohortUnit], rows: Iterable[StandingValue], source: str
) -> Iterator[ReconciledUnit]:
    """What the figures of each unit earn, as the board computes it."""
    framework, kinds = data.framework, {code: each.kind for code, each in data.indicators().items()}
    codes = [member.code for member in members]
    wanted, here = set(scored_cohorts.indicators_of(framework)), set(codes)
    mine = [row for row in rows if row.indicator in wanted and row.unit in here]
    gathered = columns_by_indicator(framework, codes, mine)
    figures = findings.by_unit(mine)
    columns = {code: each.column for code, each in gathered.items()}
    decimals = findings.rate_decimals(gathered, codes, figures, kinds)
    groups = earned(framework, level, columns, decimals, len(codes))
    totals = earned_total(framework, level, columns, decimals, len(codes), reported_codes())
    reported: dict[str, dict[str, StandingValue]] = {}
    for row in mine:
        if row.source == source:
            reported.setdefault(row.unit, {})[row.indicator] = row
    for place, member in enumerate(members):
        held = UnitFigures(member.code, figures.get(member.code, {}), {}, groups[place])
        used = _sources(framework, gathered, place)
        yield ReconciledUnit(member, held, totals[place], reported.get(member.code, {}), used)


def _sources(framework: Framework, gathered: Mapping[str, SourcedColumn], place: int) -> dict[str, list[str]]:
    """By group, and under "" for all of them: the sources of the figures of one unit."""
    found: dict[str, set[str]] = {"": set()}
    for top in framework.criteria:
        of = (gathered[code].source[place] for code in figures_of(top) if code in gathered)
        found[top.code] = {source for source in of if source is not None}
        found[""] |= found[top.code]
    return {code: sorted(sources) for code, sources in found.items()}


def _items(
    framework: Framework, unit: ReconciledUnit, groups: Sequence[ReportedGroup], source: str, tolerance: Decimal
) -> Iterator[ReconciledPoints]:
    names = {top.code: top.name.vi for top in framework.criteria}
    printed = reported_groups(framework, reported_codes())
    for group in groups:
        row = unit.rows.get(group.indicator)
        reported = None if row is None else stated_amount(unit.held.figures[group.indicator][source])
        computed = unit.total if group.code is None else unit.held.earned.get(group.code)
        if reported is None and computed is None:
            continue
        slack = Fraction(0)
        if reported is not None and computed is not None:
            slack = rounding(unit.held, printed, source, reported, computed)
        yield {
            "unit": brief(unit.member),
            "group": group.code,
            "indicator": group.indicator,
            "name": TOTAL if group.code is None else names[group.code],
            "max": unscaled(int(group.max * SCALE), DECIMALS),
            "reported": _reported_points(row, reported),
            "computed": _computed_points(unit, group, computed),
            "difference": gap(*(None if each is None else each.shown for each in (reported, computed))),
            "rounding": None if not slack else unscaled(int(slack * SCALE), DECIMALS),
            "state": points_state(reported, computed, slack, tolerance),
        }


def _reported_points(row: StandingValue | None, amount: Amount | None) -> ReportedPoints | None:
    if row is None or amount is None:
        return None
    return {"points": amount.shown, "observed_at": to_datetime(row.observed_at)}


def _computed_points(unit: ReconciledUnit, group: ReportedGroup, amount: Amount | None) -> ComputedPoints | None:
    return None if amount is None else {"points": amount.shown, "sources": list(unit.sources[group.code or ""])}
