"""Boards: the figures of a cohort, fetched in two queries and scored; kept as long as what they rest on stands."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import compares_units, rules_within
from app.domain.instant import to_datetime, to_instant
from app.domain.period import Period, ended_at
from app.domain.scoring.arithmetic import Mask
from app.domain.scoring.basis import Support, support
from app.domain.scoring.board import Board
from app.domain.scoring.changes import ComparedBoard
from app.domain.scoring.peers import Companions, PeerKey, Positions, positions
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.ranking import Standing, rank_and_classify
from app.domain.scoring.score import score
from app.domain.unit_code import branch_of
from app.domain.unit_names import ListedUnit, UnitKind, short_name_in
from app.domain.vocabulary import Level
from app.services.sourced_columns import FigureTable, SourcedColumn, columns_by_indicator, columns_of, figure_table
from app.store import period_values, unit_tree
from app.store.cache import RULES, cached, cached_places
from app.store.rows import DatedUnit, StandingValue
from app.store.topics import FigurePlace
from app.store.unit_tree import Subtree
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks


@dataclass(frozen=True, slots=True)
class Cohort:
    """Which units: those of `level` under `under` (itself excluded; None: everywhere) with figures of the period.

    `within` keeps a subtree key's eyes to its own units.
    """

    level: Level
    under: str | None = None
    within: Subtree | None = None


@dataclass(frozen=True, slots=True)
class CohortUnit:
    """A unit of a cohort as it stood in the period. `ended`: it was over before the last day of a long one.

    `short_name`, `kind`: as they were stated.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    ended: bool = False
    short_name: str | None = None
    kind: UnitKind | None = None

    @classmethod
    def of(cls, version: DatedUnit, period: Period) -> "CohortUnit":
        """The unit as its last version within the period shows it."""
        ended = period.outlasts_a_month and version.ends < period.ends_on
        names = version.short_name, version.kind
        return cls(version.code, version.name, version.level, version.parent, ended, *names)

    def called_in(self, office: str | None) -> str:
        """What a letter of the unit `office` calls it; None: of no unit above it."""
        return short_name_in(self.name, office, self.short_name)

    def listed_in(self, office: str | None) -> ListedUnit:
        """The unit in a list of such a letter."""
        return ListedUnit(self.called_in(office), self.kind)


@dataclass(frozen=True, slots=True)
class ScoredCohort:
    """A scored cohort: its units, figures and places, and what these rest on.

    `provisional`: a figure was looked up before the period ended. `size`: how many units there are to rank that have
    figures, not those that ended within a long period; `active`: with or without figures. `branches`: those of all of
    them, where it was loaded.
    """

    period: Period
    framework: Framework
    members: Sequence[CohortUnit]
    figures: Mapping[str, SourcedColumn]
    standing: Standing
    support: Support
    provisional: Mask
    size: int
    active: int
    branches: frozenset[str] = frozenset()

    @property
    def board(self) -> Board:
        return self.standing.board

    @property
    def side(self) -> ComparedBoard:
        """The cohort as it is compared with another."""
        return ComparedBoard(self.standing, self.support)

    @property
    def partial(self) -> bool:
        """Whether units without figures are missing from the ranks."""
        return self.size < self.active

    def observed_at(self, row: int) -> datetime | None:
        """The latest look-up among the figures that the total of a unit rests on; None without any."""
        instant = int(self.support.observed_at[row])
        return to_datetime(instant) if instant else None

    @property
    def companions(self) -> Companions:
        """Who is compared with whom, where these are all."""
        return companions_of(self.members)

    def columns(self) -> dict[str, IndicatorColumn]:
        return {code: figures.column for code, figures in self.figures.items()}

    def row(self, code: str) -> int | None:
        """The row of a unit, None where it has no figures."""
        return next((row for row, member in enumerate(self.members) if member.code == code), None)


def companions_of(members: Sequence[CohortUnit]) -> Companions:
    """Who is compared with whom among them."""
    ended = np.array([member.ended for member in members], dtype=np.bool_)
    return Companions([member.parent for member in members], ended)


def load_scored_cohort(
    session: Session, framework: Framework, period: Period, cohort: Cohort, clocks: Clocks
) -> ScoredCohort:
    """The scored cohort under the clocks."""
    key: tuple[Hashable, ...] = ("scored", framework.id, period.code, cohort, clocks)
    return cached(session, key, lambda: _load(session, framework, period, cohort, clocks), given=RULES)


def narrowed(scored: ScoredCohort, keep: Callable[[CohortUnit], bool], active: int) -> ScoredCohort:
    """The scored cohort of some of its units, of which so many are active: the same points, ranked by themselves."""
    rows = [row for row, member in enumerate(scored.members) if keep(member)]
    if len(rows) == len(scored.members):
        return replace(scored, active=active)
    members = [scored.members[row] for row in rows]
    kept = {code: each.of(rows) for code, each in scored.figures.items()}
    positions = {key: each.of(rows) for key, each in scored.board.positions.items()}
    return _scored_cohort(scored.framework, scored.period, scored.board.level, members, kept, active, positions)


def visible_of(whole: ScoredCohort, units: Sequence[CohortUnit]) -> ScoredCohort:
    """Those units of a cohort that the caller may see, with the points that they have in the whole of it."""
    codes, active = {unit.code for unit in units}, sum(not unit.ended for unit in units)
    return replace(narrowed(whole, lambda member: member.code in codes, active), branches=whole.branches)


def _load(session: Session, framework: Framework, period: Period, cohort: Cohort, clocks: Clocks) -> ScoredCohort:
    units = cohort_units(session, period, cohort, clocks.as_of)
    if cohort.within is not None and compares_units(framework):
        whole = load_scored_cohort(session, framework, period, replace(cohort, within=None), clocks)
        return visible_of(whole, units)
    branches = frozenset(branch_of(unit.code) for unit in units)
    tables = _tables(session, framework, period, cohort.level, sorted(branches), clocks)
    reporting = {code for table in tables for code in table.units}
    members = [unit for unit in units if unit.code in reporting]
    figures = columns_of([member.code for member in members], tables)
    active = sum(not unit.ended for unit in units)
    scored = _scored_cohort(framework, period, cohort.level, members, figures, active)
    return replace(scored, branches=branches)


def cohort_units(session: Session, period: Period, cohort: Cohort, as_of: int | None) -> Sequence[CohortUnit]:
    """All units of the cohort, with or without figures, by code."""

    def load() -> list[CohortUnit]:
        moment = UnitMoment(as_of, period=period)
        found = unit_tree.cohort(session, moment, cohort.level, cohort.under, cohort.within)
        return [CohortUnit.of(row, period) for row in found]

    return cached(session, ("cohort", period.code, cohort, as_of), load, given=())


def _tables(
    session: Session, framework: Framework, period: Period, level: Level, branches: Sequence[str], clocks: Clocks
) -> list[FigureTable]:
    """The figures of a level's units, branch by branch, each kept until one of its own is written.

    So a board of the country, after the figures of one commune have come, reads those of one province again.
    """

    def load(places: Sequence[FigurePlace]) -> dict[FigurePlace, FigureTable]:
        missing = [branch for _, branch in places if branch is not None]
        found = period_values.columns_of_branches(session, period, level, indicators_of(framework), missing, clocks)
        return {(period.code, branch): figure_table(framework, values) for branch, values in found.items()}

    keys: dict[FigurePlace, Hashable] = {
        (period.code, branch): ("figures", framework.id, period.code, level, branch, clocks) for branch in branches
    }
    return list(cached_places(session, keys, load, given=RULES).values())


def scored_cohort(
    framework: Framework,
    period: Period,
    level: Level,
    members: Sequence[CohortUnit],
    rows: Sequence[StandingValue],
    active: int,
) -> ScoredCohort:
    """The scored cohort that follows from units and their figures; so many units are active, with or without any."""
    figures = columns_by_indicator(framework, [member.code for member in members], rows)
    return _scored_cohort(framework, period, level, members, figures, active)


def _scored_cohort(
    framework: Framework,
    period: Period,
    level: Level,
    members: Sequence[CohortUnit],
    figures: Mapping[str, SourcedColumn],
    active: int,
    compared: Mapping[PeerKey, Positions] | None = None,
) -> ScoredCohort:
    """`compared`: what their figures are among those of units that are not all here; None where these are all."""
    columns = {code: each.column for code, each in figures.items()}
    if compared is None:
        compared = positions(framework, columns, companions_of(members))
    board = score(framework, level, columns, len(members), compared)
    codes, names = [member.code for member in members], [member.name for member in members]
    ended = np.array([member.ended for member in members], dtype=np.bool_)
    standing = rank_and_classify(board, codes, names, ended)
    observed_at = {code: each.observed_at for code, each in figures.items()}
    rests = support(board, observed_at, {code: each.decimals for code, each in figures.items()})
    provisional = _provisional(period, len(members), figures)
    size = int((~ended).sum())
    return ScoredCohort(period, board.framework, members, figures, standing, rests, provisional, size, active)


def _provisional(period: Period, size: int, figures: Mapping[str, SourcedColumn]) -> Mask:
    ended = to_instant(ended_at(period))
    early = np.zeros(size, dtype=np.bool_)
    for each in figures.values():
        early |= (each.observed_at > 0) & (each.observed_at < ended)
    return early


def indicators_of(framework: Framework) -> list[str]:
    """The indicators that a framework describes or that its rules read."""
    found = {each.code for each in framework.indicators}
    found |= {each.indicator for each in framework.total.adjustments}
    return sorted(found | {code for rule in rules_within(framework) for code in rule.reads})
