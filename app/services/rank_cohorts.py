"""The cohorts in which a unit is placed: its siblings, its province, the country."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from app.answers.scores import ComputedRanks, Place
from app.domain.frameworks.framework import Framework
from app.services.rights import Caller, kept_to
from app.services.scored_cohorts import Cohort, ScoredCohort, load_scored_cohort, narrowed
from app.services.scores import ScoresQuery
from app.store import unit_tree
from app.store.rows import PlacedUnit, UnitRow
from app.store.unit_versions import UnitMoment


class RankCohorts(NamedTuple):
    """The cohorts in which a unit is placed; None where it is in none, or where the caller may not see all of it."""

    siblings: ScoredCohort | None
    province: ScoredCohort | None
    nationwide: ScoredCohort | None

    @property
    def partial(self) -> bool:
        return any(cohort is not None and cohort.partial for cohort in self)


def rank_cohorts(
    session: Session, caller: Caller, unit: UnitRow, framework: Framework, query: ScoresQuery
) -> RankCohorts:
    """The unit's siblings, the units of its level in its province, and those in the country."""
    moment = UnitMoment(query.clocks.as_of, period=query.period)
    above = unit_tree.ancestor_levels(session, unit.code, moment)
    province = next((code for code, level in above if level == "province"), None)

    def below(root: str | None) -> ScoredCohort | None:
        if kept_to(session, caller, root, moment, unit.level) is not None:
            return None
        cohort = Cohort(unit.level, root)
        return load_scored_cohort(session, framework, query.period, cohort, query.clocks)

    siblings = below(unit.parent)
    if siblings is not None:
        active = unit_tree.count_siblings(session, unit.level, unit.parent, moment)
        siblings = narrowed(siblings, lambda member: member.parent == unit.parent, active)
    return RankCohorts(siblings, None if province is None else below(province), below(None))


def ranks(cohorts: RankCohorts, unit: PlacedUnit) -> ComputedRanks:
    """The unit's place in each of them."""
    return {
        "siblings": place(cohorts.siblings, unit.code, nationwide=unit.parent is None),
        "province": place(cohorts.province, unit.code),
        "nationwide": place(cohorts.nationwide, unit.code, nationwide=True),
    }


def place(scored: ScoredCohort | None, code: str, *, nationwide: bool = False) -> Place | None:
    """A rank, how many share it, and of how many ranked units; None in a cohort that the caller may not see.

    Nor is there one in the country where only some of its units have figures: the first of two known provinces is not
    the first of 34. Under a unit the flag `cohort_partial` says so.
    """
    if scored is None or (nationwide and scored.partial):
        return None
    row = scored.row(code)
    standing = scored.standing
    ranked = row is not None and bool(standing.ranked[row])
    return {
        "rank": int(standing.rank[row]) if ranked else None,
        "tied": int(standing.tied[row]) if ranked else None,
        "of": int(standing.ranked.sum()),
    }


def with_partial(flagged: list[str], cohorts: "RankCohorts") -> list[str]:
    """The flags of a unit, and `cohort_partial` where a cohort that it is placed in misses units."""
    missing = cohorts.partial and "cohort_partial" not in flagged
    return [*flagged, "cohort_partial"] if missing else flagged
