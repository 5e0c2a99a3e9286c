"""The values of a period that stand: those of a cohort, of the units below another, of one unit; one query each."""

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.unit_code import branch_of
from app.store.rows import StandingValue, ValueColumns, ValueRow
from app.store.tables import columns_named
from app.store.topics import of_figures, places_of
from app.store.unit_tree import Subtree, below
from app.store.unit_versions import U, UnitMoment, batches
from app.store.values import CURRENT, KEY, PAST, STORED, Clocks, Revision, standing

FEW = 5
"""Branches and indicators that are looked for one by one."""


def _of(table: type[Revision], indicators: Sequence[str]) -> ColumnElement[bool]:
    """Condition: a figure of one of these. Many are compared figure by figure, not looked up for every unit."""
    return (table.indicator if len(indicators) <= FEW else table.indicator + "").in_(indicators)


def figures(
    session: Session, period: str, indicators: Sequence[str], units: Select[Any], clocks: Clocks
) -> Sequence[ValueRow]:
    """The values of a period that stand for the units of a subquery; all sources, one query."""
    conditions = [[table.period == period, _of(table, indicators), table.unit.in_(units)] for table in (CURRENT, PAST)]
    with of_figures(session, places_of([period])):
        return session.execute(standing(clocks, *conditions)).all()


def columns_of_branches(
    session: Session, period: Period, level: str, indicators: Sequence[str], branches: Collection[str], clocks: Clocks
) -> dict[str, ValueColumns]:
    """The values of a period that stand for the units of a level, column by column, for each of these branches.

    All sources, one query. Of many branches the whole level is read.
    """
    moment = UnitMoment(clocks.as_of, period=period)
    units: Select[Any] = select(U.code).where(moment.holds(), U.level == level)
    if len(branches) <= FEW:
        units = units.where(or_(*map(_in_branch, branches)))
    conditions = [
        [table.period == period.code, _of(table, indicators), table.unit.in_(units)] for table in (CURRENT, PAST)
    ]
    found = standing(clocks, *conditions).subquery()
    query = select(*columns_named(found.c, ValueColumns._fields))
    with of_figures(session, ((period.code, branch) for branch in branches)):
        found_rows = session.execute(query).all()
    rows: dict[str, list[Row[Any]]] = {branch: [] for branch in branches}
    for unit, group in groupby(found_rows, itemgetter(0)):
        if (branch := branch_of(unit)) in rows:
            rows[branch] += group
    return {branch: ValueColumns.of_tuples(each) for branch, each in rows.items()}


def _in_branch(branch: str) -> ColumnElement[bool]:
    """Condition: a unit of this branch. Codes hold nothing that sorts between the point and the sign after it."""
    return and_(U.code > f"{branch}.", U.code < f"{branch}/") if branch else ~U.code.contains(".")


def figures_through_time(
    session: Session, periods: Collection[str], indicators: Sequence[str], units: Collection[str], clocks: Clocks
) -> Sequence[ValueRow]:
    """The values of several periods that stand for these units; all sources, one query."""
    conditions = [
        [table.period.in_(periods), _of(table, indicators), table.unit.in_(units)] for table in (CURRENT, PAST)
    ]
    with of_figures(session, places_of(periods, units)):
        return session.execute(standing(clocks, *conditions)).all()


def figures_below(
    session: Session,
    period: Period,
    under: str | None,
    levels: Sequence[str],
    clocks: Clocks,
    *,
    within: Subtree | None = None,
    indicators: Sequence[str] | None = None,
) -> Sequence[StandingValue]:
    """Values of the period of the units of these levels: every source, by key; one query.

    `within` keeps to a subtree, `indicators` to some of them.
    """
    moment = UnitMoment(clocks.as_of, period=period)
    units: Select[Any] = select(U.code).where(moment.holds(), U.level.in_(levels))
    if under is not None:
        units = units.where(U.code.in_(below(under, moment)))
    if within is not None:
        units = units.where(within.holds(U.code))
    conditions = [[table.period == period.code, table.unit.in_(units)] for table in (CURRENT, PAST)]
    if indicators is not None:
        conditions = [[*each, _of(table, indicators)] for each, table in zip(conditions, (CURRENT, PAST), strict=True)]
    found = standing(clocks, *conditions).subquery()
    key = (found.c.unit, found.c.indicator, found.c.source)
    with of_figures(session, places_of([period.code])):
        return session.execute(select(found).order_by(*key)).all()


def unit_figures(session: Session, period: str, unit: str, clocks: Clocks) -> Sequence[StandingValue]:
    """Every value of one unit in a period: all indicators, all sources, by key; one query."""
    conditions = [[table.period == period, table.unit == unit] for table in (CURRENT, PAST)]
    found = standing(clocks, *conditions).subquery()
    with of_figures(session, places_of([period], [unit])):
        return session.execute(select(found).order_by(found.c.indicator, found.c.source)).all()


def figures_of_units(session: Session, period: str, units: Sequence[str], clocks: Clocks) -> list[ValueRow]:
    """Every value of these units in a period: all indicators, all sources; a query for each batch of units."""
    found: list[ValueRow] = []
    for batch in batches(units):
        conditions = [[table.period == period, table.unit.in_(batch)] for table in (CURRENT, PAST)]
        with of_figures(session, places_of([period], batch)):
            found += session.execute(standing(clocks, *conditions)).all()
    return found


def retractions(session: Session, period: str, units: Sequence[str], clocks: Clocks) -> list[ValueRow]:
    """The revisions that took figures of these units back, where they stand; a query for each batch of units."""
    found: list[ValueRow] = []
    for batch in batches(units):
        conditions = [[table.period == period, table.unit.in_(batch)] for table in (CURRENT, PAST)]
        with of_figures(session, places_of([period], batch)):
            found += session.execute(standing(clocks, *conditions, retracted=True)).all()
    return found


def revisions_then(session: Session, period: str, units: Sequence[str], clocks: Clocks) -> list[tuple[Any, ...]]:
    """The revisions of these units that stood under the clocks, retracted ones included, by their keys."""
    found = [*figures_of_units(session, period, units, clocks), *retractions(session, period, units, clocks)]
    return sorted((attrgetter(*STORED)(row) for row in found), key=itemgetter(slice(len(KEY))))
