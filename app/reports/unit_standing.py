"""Where one unit stands in its cohort, now and in the period compared with: live, or as an evaluation froze it.

Live the cohort is that of `/v1/scores/{unit}/{period}`: the unit and its siblings; or, where another unit is named, all
units of its level below that one. Each side is taken as it stood then: a unit that has moved since is compared with
what it was among its siblings.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import compares_units
from app.domain.period import read_period
from app.domain.scoring.changes import UnitsChanged
from app.errors import Fault, Invalid, NotFound, RefusalCode
from app.reports.published_base import PublishedBase
from app.services import frozen_content, frozen_items
from app.services.frameworks import load_framework
from app.services.frozen_content import EvaluationContent
from app.services.rights import Caller
from app.services.score_items import item, shown_groups
from app.services.scored_cohorts import (
    CohortUnit,
    ScoredCohort,
    indicators_of,
    load_scored_cohort,
    narrowed,
    scored_cohort,
)
from app.services.scores import (
    CohortComparison,
    ScoresQuery,
    changed_between,
    check_view,
    cohort_of,
    compare_cohorts,
    earlier_period,
)
from app.store.evaluation_content import FrozenPeriod
from app.store.unit_tree import ancestors, count_siblings
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

NOT_EVALUATED = "cohort_not_evaluated"
"""The flag of a unit whose level an evaluation did not evaluate: it has points and no rank."""

OUTSIDE = RefusalCode(
    "unit_outside",
    "{unit} does not stand below {under}; leave `under` out, or name a unit above {unit}.",
    "{unit} không trực thuộc {under}; hãy bỏ `under` hoặc ghi đơn vị cấp trên của {unit}.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class StandingSide:
    """A unit's scores on one side: `item` as a board answers it, None without figures.

    `framework` None: no rules were in force. `ranked`: of how many its rank is one, None where the caller may not know.
    """

    framework: Framework | None
    item: ScoreItem | None = None
    ranked: int | None = None


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit as it stood in the period, its scores, and those compared with; None where there is nothing to compare."""

    unit: CohortUnit
    now: StandingSide
    before: StandingSide | None


@dataclass(frozen=True, slots=True)
class _VisibleCohort:
    """A scored cohort; `hidden`: the caller may not see all of it, so no rank is given."""

    scored: ScoredCohort
    hidden: bool


def live_member(session: Session, code: str, query: ScoresQuery) -> CohortUnit:
    """The unit as it stood in the period. Raises NotFound for one that did not exist then."""
    row = get_unit_row(session, code, UnitMoment(query.clocks.as_of, period=query.period))
    return CohortUnit(row.code, row.name, row.level, row.parent, short_name=row.short_name, kind=row.kind)


def live_standing(
    session: Session, caller: Caller, unit: CohortUnit, query: ScoresQuery, base: PublishedBase | None
) -> UnitStanding:
    """The unit in the cohort below `query.under`, or, without it, among its siblings; before as `base` published it.

    Raises Invalid `unit_outside` for a unit that is not below `query.under`.
    """
    _check_below(session, unit, query)
    framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    check_view(framework, query.view)
    now = _cohort(session, caller, unit, query, framework)
    alone = CohortComparison(now.scored, None, None, None, query.view, now.hidden)
    against = earlier_period(query)
    if against is None:
        return UnitStanding(unit, _side(alone, unit.code), None)
    units = changed_between(session, query, against)
    if base is not None:
        return _since_published(now, unit, query.view, units, base)
    seen = query.against_observed_by
    clocks = query.clocks if seen is None else replace(query.clocks, observed_by=seen)
    rules, before = _earlier(session, caller, unit.code, replace(query, period=against, clocks=clocks))
    if before is None:
        return UnitStanding(unit, _side(alone, unit.code), StandingSide(rules))
    compared = compare_cohorts(
        now.scored, before.scored, query.view, units, hidden=now.hidden, before_hidden=before.hidden
    )
    return UnitStanding(unit, _side(compared, unit.code), _side(_alone(before, query.view), unit.code))


def live_peers(session: Session, caller: Caller, unit: CohortUnit, query: ScoresQuery) -> CohortComparison | None:
    """The cohort in which `live_standing` places a unit, with nothing before it; None where some of it is hidden."""
    framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    found = _cohort(session, caller, unit, query, framework)
    return None if found.hidden else _alone(found, None)


def _since_published(
    now: _VisibleCohort, unit: CohortUnit, view: str | None, units: UnitsChanged, base: PublishedBase
) -> UnitStanding:
    """The unit against what was published of it: in its cohort, or, of the unit evaluated under, without a place."""
    content, period = base.content, base.evaluation.period
    placed = base.evaluates(unit)
    scored = (
        frozen_content.frozen_cohort(content.frameworks, content.inputs, period, unit.level)
        if placed
        else scored_unit(content, period, unit.code)
    )
    before = _side(_alone(_VisibleCohort(scored, hidden=False), view), unit.code)
    side = _side(compare_cohorts(now.scored, scored, view, units, hidden=now.hidden), unit.code)
    return (
        UnitStanding(unit, side, before) if placed else UnitStanding(unit, _without_move(side), _without_rank(before))
    )


def _check_below(session: Session, unit: CohortUnit, query: ScoresQuery) -> None:
    under = query.under
    if under is None or under in ancestors(session, unit.code, UnitMoment(query.clocks.as_of, period=query.period)):
        return
    raise Fault(OUTSIDE, {"unit": unit.code, "under": under}, parameter="unit").error()


def _cohort(
    session: Session, caller: Caller, unit: CohortUnit, query: ScoresQuery, framework: Framework
) -> _VisibleCohort:
    """The units among which the unit is ranked."""
    root = unit.parent if query.under is None else query.under
    cohort = cohort_of(session, caller, replace(query, level=unit.level, under=root), query.period)
    scored = load_scored_cohort(session, framework, query.period, cohort, query.clocks)
    if query.under is None:
        active = count_siblings(session, unit.level, unit.parent, UnitMoment(query.clocks.as_of, period=query.period))
        scored = narrowed(scored, lambda member: member.parent == unit.parent, active)
    return _VisibleCohort(scored, cohort.within is not None)


def _earlier(
    session: Session, caller: Caller, code: str, query: ScoresQuery
) -> tuple[Framework | None, _VisibleCohort | None]:
    """The rules and the cohort of the side compared with; None where none were in force, or there was no such unit."""
    try:
        framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    except NotFound:
        return None, None
    try:
        unit = live_member(session, code, query)
    except NotFound:
        return framework, None
    return framework, _cohort(session, caller, unit, query, framework)


def frozen_standing(content: EvaluationContent, unit: CohortUnit, view: str | None) -> UnitStanding:
    """The unit in the frozen cohort of its level; by itself where it is in none, as the one evaluated under is."""
    framework = frozen_content.framework_of(content.frameworks, content.inputs["framework"])
    check_view(framework, view)
    found = frozen_item(content, unit, view)
    if found is None:
        return unranked_standing(content, unit, view)
    now = StandingSide(framework.at(unit.level), found, content.results[unit.level]["cohort"]["ranked"])
    return UnitStanding(unit, now, _frozen_before(content, unit.code, view))


def frozen_item(content: EvaluationContent, unit: CohortUnit, view: str | None) -> ScoreItem | None:
    """The unit on the frozen board of its level; None where it is on none."""
    result = content.results.get(unit.level)
    board = [] if result is None else frozen_items.in_view(result, view)
    return next((each for each in board if each["unit"]["code"] == unit.code), None)


def _frozen_before(content: EvaluationContent, code: str, view: str | None) -> StandingSide | None:
    against = content.inputs["against"]
    if against is None:
        return None
    inputs = content.inputs["periods"].get(against)
    if inputs is None:
        return StandingSide(None)
    framework = frozen_content.framework_of(content.frameworks, inputs["framework"])
    unit = _member(inputs, code)
    if unit is None or unit.level not in inputs["cohorts"]:
        return StandingSide(framework)
    scored = frozen_content.frozen_cohort(content.frameworks, content.inputs, against, unit.level)
    return _side(_alone(_VisibleCohort(scored, hidden=False), view), code)


def unranked_standing(content: EvaluationContent, unit: CohortUnit, view: str | None) -> UnitStanding:
    """A unit outside the cohorts: its own points, and no rank."""
    against = content.inputs["against"]
    now = scored_unit(content, content.inputs["period"], unit.code)
    before = None if against not in content.inputs["periods"] else scored_unit(content, against, unit.code)
    alone = CohortComparison(now, None, None, against, view, hidden=False)
    compared = (
        alone if before is None else compare_cohorts(now, before, view, frozen_content.units_changed(content.inputs))
    )
    earlier = (
        None if before is None else _without_rank(_side(_alone(_VisibleCohort(before, hidden=False), view), unit.code))
    )
    return UnitStanding(unit, _without_rank(_side(compared, unit.code)), earlier)


def scored_unit(content: EvaluationContent, period: str, code: str) -> ScoredCohort:
    """One unit as a scored cohort of its own; empty where it has no figures of the framework, or did not exist.

    Or where its points hang on those it is compared with, which were not frozen.
    """
    inputs = content.inputs["periods"][period]
    framework = frozen_content.framework_of(content.frameworks, inputs["framework"])
    scoring = set(indicators_of(framework))
    rows = [
        value for value in frozen_content.frozen_values(inputs) if value.unit == code and value.indicator in scoring
    ]
    unit = _member(inputs, code)
    members = [unit] if unit is not None and rows and not compares_units(framework) else []
    level = "other" if unit is None else unit.level
    return scored_cohort(framework, read_period(period), level, members, rows if members else [], len(members))


def _without_move(side: StandingSide) -> StandingSide:
    """A side whose rank cannot be held against an earlier one."""
    if side.item is None:
        return side
    unmoved: ScoreItem = {
        **side.item,
        "change": {**side.item["change"], "rank": None},
        "flags": [*side.item["flags"], NOT_EVALUATED],
    }
    return replace(side, item=unmoved)


def _without_rank(side: StandingSide) -> StandingSide:
    unmoved = _without_move(side)
    if unmoved.item is None:
        return replace(side, ranked=None)
    return replace(unmoved, item={**unmoved.item, "rank": None, "tied": None}, ranked=None)


def _member(inputs: FrozenPeriod, code: str) -> CohortUnit | None:
    return next((unit for unit in frozen_content.units_of(inputs) if unit.code == code), None)


def _alone(placed: _VisibleCohort, view: str | None) -> CohortComparison:
    """A cohort without an earlier one, in the view if its rules have it."""
    known = any(each.code == view for each in placed.scored.framework.views)
    return CohortComparison(placed.scored, None, None, None, view if known else None, placed.hidden)


def _side(compared: CohortComparison, code: str) -> StandingSide:
    scored = compared.now
    row = scored.row(code)
    found = None if row is None else item(compared, shown_groups(scored, compared.view), row)
    return StandingSide(scored.framework, found, None if compared.hidden else int(scored.standing.ranked.sum()))
