"""Scores as they are answered: a cohort, a unit through time, and one unit explained."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.answers.scores import CohortOut, CohortSummary, ScoreListHead, Summary
from app.domain.figures import unscaled
from app.domain.frameworks.framework import Framework
from app.domain.input_location import located
from app.domain.instant import to_datetime
from app.domain.period import Period, read_against, read_period
from app.domain.scoring.changes import Changes, UnitsChanged, compare
from app.domain.scoring.ranking import band_counts, mean
from app.domain.vocabulary import Level
from app.errors import Fault, Invalid, Language, NotFound, RefusalCode, Text
from app.services.changed_units import changed_units
from app.services.frameworks import load_framework
from app.services.rights import Caller, kept_to, require_readable
from app.services.score_names import groups_meta, named_summary
from app.services.scored_cohorts import Cohort, ScoredCohort, load_scored_cohort
from app.store.cache import RULES, UNITS, figures_in, known_at
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row
from app.store.values import Clocks

NOW = Clocks()
"""What is known now, whenever it was looked up."""
ANY = read_period("2024")
"""A period where none is asked about yet."""

NO_VIEW = RefusalCode(
    "view_unknown",
    "{framework} has no view {view}; {known}.",
    "{framework} không có cách nhóm {view}; {known}.",
    Invalid,
)
NO_VIEWS = Text("there is none", "bộ chỉ số này không có cách nhóm nào")


@dataclass(frozen=True, slots=True)
class ScoresQuery:
    """Which board, as of when, against what, where it is compared at all; names in which language."""

    period: Period
    framework: str
    level: Level
    under: str | None = None
    view: str | None = None
    against: str | None = None
    clocks: Clocks = NOW
    against_observed_by: int | None = None
    is_compared: bool = True
    language: Language = "vi"


@dataclass(frozen=True, slots=True)
class CohortComparison:
    """A cohort with an earlier one to compare it with. `hidden`: the caller may not see all of it, so no rank is given.

    `before_hidden`: nor all of the earlier cohort, so no change of the rank is.
    """

    now: ScoredCohort
    before: ScoredCohort | None
    changes: Changes | None
    against: str | None
    view: str | None
    hidden: bool
    before_hidden: bool = False


def board(session: Session, caller: Caller, query: ScoresQuery) -> tuple[CohortComparison, ScoreListHead]:
    """The scored cohort, and what is said about it as a whole. NotFound for an `under` that it may not see."""
    require_under(session, caller, query, UnitMoment(query.clocks.as_of, period=query.period))
    cohort = cohort_of(session, caller, query, query.period)
    framework = load_framework(session, query.framework, query.period, query.clocks.as_of)
    check_view(framework, query.view)
    now = load_scored_cohort(session, framework, query.period, cohort, query.clocks)
    compared = compared_with(session, caller, now, query, hidden=cohort.within is not None)
    return compared, list_header(session, compared, query)


def boards(
    session: Session, caller: Caller, query: ScoresQuery, levels: Sequence[Level]
) -> tuple[list[CohortComparison], ScoreListHead]:
    """The boards of several levels, in their order, and what is said above them."""
    found = [board(session, caller, replace(query, level=level)) for level in levels]
    return [compared for compared, _ in found], head_of([about for _, about in found])


def head_of(heads: Sequence[ScoreListHead]) -> ScoreListHead:
    """What is said above several boards: what the first says, and the cohort and the summary of each."""
    first = heads[0]
    if len(heads) == 1:
        return first
    cohorts: list[CohortSummary] = [{"cohort": each["cohort"], "summary": each["summary"]} for each in heads]
    return {**first, "as_of": max(each["as_of"] for each in heads), "cohorts": cohorts}


def require_under(session: Session, caller: Caller, query: ScoresQuery, moment: UnitMoment) -> None:
    """NotFound for an `under` that did not stand at the moment, or that the caller may not see."""
    if query.under is not None:
        get_unit_row(session, query.under, moment)
        require_readable(session, caller, query.under)


def cohort_of(session: Session, caller: Caller, query: ScoresQuery, period: Period) -> Cohort:
    """The cohort of a period, as far as the caller may see it."""
    moment = UnitMoment(query.clocks.as_of, period=period)
    within = kept_to(session, caller, query.under, moment, query.level)
    return Cohort(query.level, query.under, within)


def check_view(framework: Framework, code: str | None) -> None:
    """Invalid `view_unknown` where the framework has no such view."""
    known = [each.code for each in framework.views]
    if code is not None and code not in known:
        named = ", ".join(known)
        there = Text(f"there are {named}", f"các cách nhóm: {named}") if known else NO_VIEWS
        context = {"framework": framework.id, "view": code, "known": there}
        raise Fault(NO_VIEW, context, parameter="view").error()


def compared_with(
    session: Session, caller: Caller, now: ScoredCohort, query: ScoresQuery, *, hidden: bool
) -> CohortComparison:
    """A cohort and the one it is compared with: the period before, or another moment of the same period."""
    against = earlier_period(query)
    if against is None:
        return CohortComparison(now, None, None, None, query.view, hidden)
    if not query.is_compared:
        return CohortComparison(now, None, None, against.code, query.view, hidden)
    clocks = query.clocks
    if query.against_observed_by is not None:
        clocks = replace(clocks, observed_by=query.against_observed_by)
    try:
        framework = load_framework(session, query.framework, against, query.clocks.as_of)
    except NotFound:  # no version was in force then: there is nothing to compare with
        return CohortComparison(now, None, None, against.code, query.view, hidden)
    cohort = cohort_of(session, caller, query, against)
    before = load_scored_cohort(session, framework, against, cohort, clocks)
    units = changed_between(session, query, against)
    return compare_cohorts(now, before, query.view, units, hidden=hidden, before_hidden=cohort.within is not None)


def changed_between(session: Session, query: ScoresQuery, against: Period) -> UnitsChanged:
    """The units that events changed between the two sides of a comparison."""
    return changed_units(session, against, query.period, query.clocks.as_of, seen=query.against_observed_by)


def compare_cohorts(
    now: ScoredCohort,
    before: ScoredCohort,
    view: str | None,
    units: UnitsChanged,
    *,
    hidden: bool = False,
    before_hidden: bool = False,
) -> CohortComparison:
    """A cohort with an earlier one; nothing has changed since one without units."""
    changes = None
    if before.members:
        same = before.framework.id == now.framework.id
        same_period = before.period.code == now.period.code
        changes = compare(now.side, before.side, view if same else None, units, same_period=same_period)
    return CohortComparison(now, before, changes, before.period.code, view, hidden, before_hidden)


def earlier_period(query: ScoresQuery) -> Period | None:
    """What the board is compared with: as named, else the period before; the same one for two moments of it."""
    if query.against is not None:
        with located(parameter="against"):
            return read_against(query.against, query.period)
    if query.against_observed_by is not None:
        return query.period
    return None if query.period.previous is None else read_period(query.period.previous)


def list_header(session: Session, compared: CohortComparison, query: ScoresQuery) -> ScoreListHead:
    """What stands above the items: rules, period, moment, cohort, summary."""
    sides = [each for each in (compared.now, compared.before) if each is not None]
    branches = None if query.under is None else frozenset[str]().union(*(each.branches for each in sides))
    figures = figures_in(compared.now.period.code, compared.against, branches=branches)
    rests_on = [*UNITS, *RULES, *figures]
    return {
        "framework": compared.now.framework.id,
        "period": compared.now.period.code,
        "as_of": to_datetime(query.clocks.as_of or known_at(session, rests_on)),
        "cohort": cohort_counts(compared.now, query.under),
        "summary": named_summary(summary_of(compared.now), compared.now.framework, query.language),
        "groups_meta": groups_meta(compared.now.framework, query.view, query.language),
    }


def cohort_counts(scored: ScoredCohort, under: str | None) -> CohortOut:
    """The cohort: how many units there are, how many of them have figures, and how many are ranked."""
    return {
        "under": under,
        "level": scored.board.level,
        "active": scored.active,
        "size": scored.size,
        "ranked": int(scored.standing.ranked.sum()),
    }


def summary_of(scored: ScoredCohort) -> Summary:
    """The mean of the ranked units, and how many units fell into each class."""
    average, counts = mean(scored.standing), band_counts(scored.standing)
    return {
        "mean": None if average is None else unscaled(average, scored.framework.rounding.total),
        "bands": [
            {"code": band.code, "name": band.name.vi, "count": count}
            for band, count in zip(scored.framework.bands, counts, strict=True)
        ],
    }
