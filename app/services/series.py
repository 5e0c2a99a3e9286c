"""A unit's scores through time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.answers.common import UnitBrief
from app.answers.scores import SeriesItem, SeriesPlace
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import compares_units
from app.domain.instant import to_datetime
from app.domain.period import Period, PeriodType, read_period
from app.domain.scoring.changes import UnitsChanged
from app.errors import Language, NotFound
from app.services import frameworks
from app.services.changed_units import events_of_unit, unit_changed
from app.services.periods import order, read_span
from app.services.rank_cohorts import place
from app.services.rights import Caller, outside
from app.services.score_items import flags, result, shown_groups
from app.services.score_names import group_maxima, group_names, named_band
from app.services.scored_cohorts import CohortUnit, ScoredCohort, indicators_of, scored_cohort, visible_of
from app.services.scores import CohortComparison, check_view, compare_cohorts
from app.services.unit_scores import change_of, described, readable, reported_rank
from app.store import cache, period_values, unit_tree
from app.store import values as values_store
from app.store.frameworks import FrameworkRow
from app.store.rows import DatedUnit, ValueRow
from app.store.unit_versions import UnitMoment
from app.store.units import refuse_ended
from app.store.values import Clocks

NO_UNITS = UnitsChanged()
"""No unit was changed by an event."""
NO_PLACE: SeriesPlace = {"rank": None, "tied": None, "of": None}


class SeriesCohort(NamedTuple):
    """The scores of a unit and its peers; `hidden`: the caller may not see all of them, so no rank is given."""

    cohort: ScoredCohort
    hidden: bool


class UnitSeries(NamedTuple):
    """A unit's scores in each period, and the Vietnamese names of the groups and of the classes that occur."""

    unit: UnitBrief
    items: Sequence[SeriesItem]
    groups: Mapping[str, str]
    maxima: Mapping[str, Decimal]
    classes: Sequence[str]


def periods_of(
    session: Session,
    code: str,
    *,
    type: PeriodType | None,
    first: str | None,
    final: str | None,
    after: str | None,
    as_of: int | None,
) -> list[Period]:
    """The periods with figures of a unit behind the period `after`, in the order of time, as known at the instant.

    Of one `type`: the one that is named, else that of the `first`.
    """
    starts, ends = read_span(first, final)
    type = type or (None if first is None else read_period(first).type)
    periods = [read_period(each) for each in values_store.periods_of(session, code, as_of)]
    of_kind = [
        period
        for period in periods
        if (type is None or period.type == type)
        and period.starts_on >= starts
        and period.ends_on <= ends
        and (after is None or order(period) > order(read_period(after)))
    ]
    return sorted(of_kind, key=order)


def series(
    session: Session,
    caller: Caller,
    code: str,
    periods: Sequence[Period],
    *,
    framework: str,
    view: str | None,
    clocks: Clocks,
    first: str | None = None,
    language: Language = "vi",
) -> UnitSeries:
    """The unit's scores in each period, with its rank among its siblings, and what changed; classes in the language.

    NotFound `unit_ended` where the unit had ended before the period `first`. Six queries (seven where `first`
    is named), however many periods there are.
    """
    unit = readable(session, caller, code, UnitMoment(clocks.as_of))
    if first is not None:
        refuse_ended(session, code, read_period(first).starts_on, clocks.as_of)
    versions = frameworks.versions(session, framework, clocks.as_of)
    rules = {period.code: pick(versions, framework, period) for period in with_previous(periods)}
    told_of = [period for period in with_previous(periods) if rules[period.code]]
    boards = load_boards(session, caller, code, told_of, rules, clocks)
    events = events_of_unit(session, code, told_of, clocks.as_of)
    items: list[SeriesItem] = []
    groups: dict[str, str] = {}
    maxima: dict[str, Decimal] = {}
    classes: dict[str, None] = {}
    for period in periods:
        board = boards.get(period.code)
        row = None if board is None else board.cohort.row(code)
        if board is None or row is None:
            continue
        framework_then = board.cohort.framework
        check_view(framework_then, view)
        groups |= group_names(framework_then, view)
        maxima |= group_maxima(framework_then, view)
        classes |= dict.fromkeys(band.name.vi for band in framework_then.bands)
        previous = None if period.previous is None else read_period(period.previous)
        units = NO_UNITS if previous is None else unit_changed(events, previous, period)
        scored = item(board, boards.get(period.previous or ""), row, units, view)
        items.append({**scored, "band": named_band(scored["band"], framework_then, language)})
    return UnitSeries(described(unit), items, groups, maxima, list(classes))


def known_at(session: Session, clocks: Clocks) -> datetime:
    """As of when an answer under the clocks tells what is known; one query where they do not say."""
    return to_datetime(clocks.as_of or cache.known_at(session, [*cache.UNITS, *cache.RULES, *cache.figures_in()]))


def with_previous(periods: Iterable[Period]) -> list[Period]:
    """The periods and those before them, each once."""
    codes = {code for period in periods for code in (period.code, period.previous) if code is not None}
    return [read_period(code) for code in sorted(codes)]


def pick(versions: Sequence[FrameworkRow], name: str, period: Period) -> Framework | None:
    """The rules of a period, None where no version was in force."""
    try:
        return frameworks.pick(versions, name, period)
    except NotFound:
        return None


def load_boards(
    session: Session,
    caller: Caller,
    code: str,
    periods: Sequence[Period],
    rules: dict[str, Framework | None],
    clocks: Clocks,
) -> dict[str, SeriesCohort]:
    """The boards of the unit and its siblings, by period, as far as the caller may see them; three queries."""
    versions: dict[str, list[DatedUnit]] = {}
    for version in unit_tree.siblings(session, code, clocks.as_of):
        versions.setdefault(version.code, []).append(version)
    foreign = outside(session, caller, versions)
    compares = any(each is not None and compares_units(each) for each in rules.values())
    read = sorted(versions.keys() - (set() if compares else foreign))
    indicators = sorted({name for each in rules.values() if each is not None for name in indicators_of(each)})
    codes = [period.code for period in periods]
    rows = period_values.figures_through_time(session, codes, indicators, read, clocks)
    found: dict[str, list[ValueRow]] = {}
    for row in rows:
        found.setdefault(row.period, []).append(row)
    boards = {}
    for period in periods:
        framework = rules[period.code]
        own = standing_in(versions[code], period)
        if framework is None or own is None:
            continue
        known = set(indicators_of(framework))
        stored = [row for row in found.get(period.code, []) if row.indicator in known]
        peers = peers_in(own, versions, read, period)
        reporting = {row.unit for row in stored}
        members = [peer for peer in peers if peer.code in reporting]
        present = {member.code for member in members}
        stored = [row for row in stored if row.unit in present]
        hidden = bool(peers_in(own, versions, foreign, period))
        active = sum(not peer.ended for peer in peers)
        scored = scored_cohort(framework, period, own.level, members, stored, active)
        if hidden:
            scored = visible_of(scored, [peer for peer in peers if peer.code not in foreign])
        boards[period.code] = SeriesCohort(scored, hidden)
    return boards


def peers_in(
    own: CohortUnit, versions: Mapping[str, Sequence[DatedUnit]], codes: Iterable[str], period: Period
) -> list[CohortUnit]:
    """Those of the codes that stood in the period at the level and under the unit of `own`."""
    stood = (standing_in(versions[code], period) for code in sorted(codes))
    return [each for each in stood if each is not None and (each.level, each.parent) == (own.level, own.parent)]


def standing_in(versions: Sequence[DatedUnit], period: Period) -> CohortUnit | None:
    """A unit, given by its dated versions, as it last stood in a period; None where it did not exist then."""
    overlapping = [v for v in versions if v.begins <= period.ends_on and v.ends >= period.starts_on]
    if not overlapping:
        return None
    last = max(overlapping, key=lambda version: version.begins)
    return CohortUnit.of(last, period)


def item(
    board: SeriesCohort, before: SeriesCohort | None, row: int, units: UnitsChanged, view: str | None
) -> SeriesItem:
    """The unit in one period."""
    scored, hidden = board
    code = scored.members[row].code
    if before is None:
        compared = CohortComparison(scored, None, None, scored.period.previous, view, hidden)
    else:
        compared = compare_cohorts(scored, before.cohort, view, units, hidden=hidden, before_hidden=before.hidden)
    found = place(None if hidden else scored, code, nationwide=scored.members[row].parent is None)
    return {
        "period": scored.period.code,
        "framework": scored.framework.id,
        **(NO_PLACE if found is None else found),
        "reported": reported_rank(scored, row),
        **result(scored, shown_groups(scored, view), row),
        "change": change_of(compared, row, found),
        "flags": flags(compared, row),
        "observed_at": scored.observed_at(row),
    }
