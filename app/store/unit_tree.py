"""The tree of units: who stands below and above whom at a moment, who in a subtree."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.period import Period
from app.store.cache import cached
from app.store.rows import DatedUnit
from app.store.unit_versions import DATED, NOW, U, UnitMoment, UnitVersion, batches


def below(root: str, moment: UnitMoment = NOW) -> Select[tuple[str]]:
    """Codes of every unit under `root` (itself excluded), as one recursive query."""
    tree = select(U.code).where(U.parent == root, moment.holds()).cte(recursive=True)
    tree = tree.union(select(U.code).where(U.parent == tree.c.code, moment.holds()))
    return select(tree.c.code)


def ever_below(session: Session, roots: Collection[str]) -> set[str]:
    """Codes of every unit that stands under one of these at any time, as believed now; in one recursive query."""
    found: set[str] = set()
    for batch in batches(sorted(roots)):
        tree = select(U.code).where(U.parent.in_(batch), NOW.believed()).cte(recursive=True)
        tree = tree.union(select(U.code).where(U.parent == tree.c.code, NOW.believed()))
        found.update(session.execute(select(tree.c.code)).scalars())
    return found


def tree(session: Session, under: str | None, moment: UnitMoment) -> Sequence[DatedUnit]:
    """The unit `under` and all below it (all units), as they stood, by code; one query."""
    query = select(*DATED).where(moment.holds())
    if under is not None:
        query = query.where(or_(U.code == under, U.code.in_(below(under, moment))))
    return session.execute(query.order_by(U.code)).all()


def same_trees(session: Session, days: Iterable[date], as_of: int | None) -> dict[date, date]:
    """For each day one of them on which every unit stood as on it, as believed at the instant; one query.

    Between two days on which units change all periods share one tree.
    """
    begins, ends = cached(session, ("unit changes", as_of), lambda: _changes(session, as_of))
    first: dict[tuple[int, int], date] = {}
    alike = {}
    for day in sorted(set(days)):
        alike[day] = first.setdefault((bisect_right(begins, day), bisect_left(ends, day)), day)
    return alike


def _changes(session: Session, as_of: int | None) -> tuple[list[date], list[date]]:
    """The days on which versions of units begin, and those on which they end, in order."""
    found = session.execute(select(U.begins, U.ends).where(UnitMoment(as_of).believed()).distinct()).all()
    return sorted({row.begins for row in found}), sorted({row.ends for row in found})


@dataclass(frozen=True, slots=True)
class Subtree:
    """`root` and all units below it in the tree of `day`: what a key that is bound to `root` may see and write.

    Rights follow the tree of today, whichever period and moment is asked about (ADR 19); cohorts follow the tree of
    their period, which is a `UnitMoment`.
    """

    root: str
    day: date

    @property
    def moment(self) -> UnitMoment:
        return UnitMoment(nearest_to=self.day)

    def holds(self, code: SQLColumnExpression[str] | SQLColumnExpression[str | None]) -> ColumnElement[bool]:
        """Condition: a column of unit codes lies in the subtree."""
        return or_(code == self.root, code.in_(below(self.root, self.moment)))


def cohort_query(moment: UnitMoment, level: str, under: str | None, within: Subtree | None) -> Select[Any]:
    """Codes of a level's units under a unit (itself excluded), kept to a subtree."""
    query = select(U.code).where(moment.holds(), U.level == level)
    if under is not None:
        query = query.where(U.code.in_(below(under, moment)))
    if within is not None:
        query = query.where(within.holds(U.code))
    return query


def cohort(
    session: Session, moment: UnitMoment, level: str, under: str | None, within: Subtree | None
) -> Sequence[DatedUnit]:
    """The same units as they stood, by code."""
    codes = cohort_query(moment, level, under, within)
    query = select(*DATED).where(moment.holds(), U.code.in_(codes))
    return session.execute(query.order_by(U.code)).all()


def absent(
    as_of: int | None, period: Period, levels: Collection[str], under: str | None, within: Subtree | None
) -> Select[Any]:
    """Codes of the units of these levels that did not exist in the period, under a unit as it was believed last."""
    moment = UnitMoment(as_of)
    beyond = or_(U.valid_to < period.starts_on, U.valid_from > period.ends_on)
    query = select(U.code).where(moment.holds(), beyond, U.level.in_(levels))
    if under is not None:
        query = query.where(U.code.in_(below(under, moment)))
    return query if within is None else query.where(within.holds(U.code))


def cut_off(
    session: Session,
    as_of: int | None,
    period: Period,
    levels: Collection[str],
    under: str | None,
    within: Subtree | None,
) -> dict[str, str]:
    """The units of these levels that existed in the period while one above them did not, which is named.

    No board of a unit further above shows them. They stand under `under` as it was believed last.
    """
    moment, above = UnitMoment(as_of, period=period), aliased(UnitVersion)
    is_there = exists().where(above.code == U.parent, moment.holds(above))
    tree = select(U.code, U.parent.label("missing")).where(moment.holds(), U.parent.is_not(None), ~is_there)
    cut = tree.cte(recursive=True)
    cut = cut.union(select(U.code, cut.c.missing).where(U.parent == cut.c.code, moment.holds()))
    query = select(U.code, cut.c.missing).join(cut, cut.c.code == U.code).where(moment.holds(), U.level.in_(levels))
    if under is not None:
        query = query.where(U.code.in_(below(under, UnitMoment(as_of))))
    if within is not None:
        query = query.where(within.holds(U.code))
    return dict(session.execute(query).all())


def gone(
    session: Session, subtree: Subtree, moment: UnitMoment, under: str, level: str | None = None, *, limit: int
) -> list[str]:
    """At most `limit` units (of a level) that stood under `under` at the moment and are not in the subtree, by code."""
    query = select(U.code).where(moment.holds(), U.code.in_(below(under, moment)), ~subtree.holds(U.code))
    if level is not None:
        query = query.where(U.level == level)
    return list(session.execute(query.order_by(U.code).limit(limit)).scalars())


def stays_under(session: Session, codes: Collection[str]) -> list[Any]:
    """Who (`code`) stands under each of these (`parent`), and until when (`ends`), as believed now; by code."""
    found: list[Any] = []
    for batch in batches(sorted(codes)):
        query = select(U.code, U.parent, U.ends).where(U.parent.in_(batch), NOW.believed()).order_by(U.code)
        found += session.execute(query)
    return found


def stays(session: Session) -> list[tuple[str, str | None, date]]:
    """Under whom every unit stands from which day on, as believed now."""
    query = select(U.code, U.parent, U.begins).where(NOW.believed())
    return [(code, parent, begins) for code, parent, begins in session.execute(query)]


def parents(session: Session) -> dict[str, str | None]:
    """Every unit's present parent."""
    return dict(session.execute(select(U.code, U.parent).where(NOW.holds())).all())


def ancestors(session: Session, code: str, moment: UnitMoment = NOW) -> list[str]:
    """Codes above a unit, nearest first."""
    return [above for above, _ in _upwards(session, code, moment)]


def ancestor_levels(session: Session, code: str, moment: UnitMoment = NOW) -> list[tuple[str, str]]:
    """Codes and levels of the units that stood above a unit, nearest first."""
    return [(above, level) for above, level in _upwards(session, code, moment) if level is not None]


def _upwards(session: Session, code: str, moment: UnitMoment) -> list[tuple[str, str | None]]:
    """Codes above a unit, nearest first, in one recursive query; no level for one that did not stand at the moment."""
    up = select(U.code, U.parent, U.level).where(U.code == code, moment.holds()).cte(recursive=True)
    up = up.union(select(U.code, U.parent, U.level).where(U.code == up.c.parent, moment.holds()))
    stood = {row.code: row for row in session.execute(select(up))}
    chain: dict[str, str | None] = {}
    above = stood[code].parent if code in stood else None
    while above is not None and above not in chain:
        chain[above] = stood[above].level if above in stood else None
        above = stood[above].parent if above in stood else None
    return list(chain.items())


def codes_of(session: Session, subtree: Subtree) -> set[str]:
    """Every unit of the subtree."""
    return {subtree.root, *session.execute(below(subtree.root, subtree.moment)).scalars()}


def in_subtree(session: Session, subtree: Subtree, codes: Collection[str]) -> set[str]:
    """Those of the codes that lie in the subtree."""
    found = {subtree.root} & set(codes)
    for batch in batches(sorted(set(codes) - found)):
        query = select(U.code).where(subtree.moment.holds(), U.code.in_(batch), subtree.holds(U.code))
        found.update(session.execute(query).scalars())
    return found


def siblings(session: Session, code: str, as_of: int | None) -> list[DatedUnit]:
    """Every version of the unit and of all that were ever its siblings (same level, same parent), by code and time."""
    own = session.execute(select(*DATED).where(U.code == code, UnitMoment(as_of).believed())).all()
    siblings = or_(*(and_(U.level == v.level, U.parent.is_not_distinct_from(v.parent)) for v in own))
    query = select(*DATED).where(siblings, UnitMoment(as_of).believed()) if own else None
    return [] if query is None else list(session.execute(query.order_by(U.code, U.begins)).all())


def count_siblings(session: Session, level: str, parent: str | None, moment: UnitMoment) -> int:
    """How many units of a level stood directly below a unit, or below none; as `count_cohort` counts them."""
    query = select(func.count()).where(*_directly_below(level, parent, moment))
    return int(session.execute(query).scalar_one())


def directly_below(session: Session, level: str, parent: str | None, moment: UnitMoment) -> Sequence[DatedUnit]:
    """The same units, by code."""
    query = select(*DATED).where(*_directly_below(level, parent, moment))
    return session.execute(query.order_by(U.code)).all()


def _directly_below(level: str, parent: str | None, moment: UnitMoment) -> list[ColumnElement[bool]]:
    return [moment.holds(), moment.remains(), U.level == level, U.parent.is_not_distinct_from(parent)]
