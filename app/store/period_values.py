"""The values of a period that stand: those of a cohort, of the units below another, of one unit; one query each."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.period import Period
from app.store.rows import StandingValue, ValueColumns, ValueRow
from app.store.tables import columns_named
from app.store.topics import of_periods
from app.store.unit_tree import Subtree, below
from app.store.unit_versions import U, UnitMoment, batches
from app.store.values import CURRENT, PAST, Clocks, standing


def figures(
    session: Session, period: str, indicators: Sequence[str], units: Select[Any], clocks: Clocks
) -> Sequence[ValueRow]:
    """The values of a period that stand for the units of a subquery; all sources, one query."""
    conditions = [
        [table.period == period, table.indicator.in_(indicators), table.unit.in_(units)] for table in (CURRENT, PAST)
    ]
    with of_periods(session, [period]):
        return session.execute(standing(clocks, *conditions)).all()


def figure_columns(
    session: Session, period: str, indicators: Sequence[str], units: Select[Any], clocks: Clocks
) -> ValueColumns:
    """The same, column by column."""
    conditions = [
        [table.period == period, table.indicator.in_(indicators), table.unit.in_(units)] for table in (CURRENT, PAST)
    ]
    found = standing(clocks, *conditions).subquery()
    with of_periods(session, [period]):
        return ValueColumns.of_tuples(session.execute(select(*columns_named(found.c, ValueColumns._fields))).all())


def figures_through_time(
    session: Session, periods: Collection[str], indicators: Sequence[str], units: Collection[str], clocks: Clocks
) -> Sequence[ValueRow]:
    """The values of several periods that stand for these units; all sources, one query."""
    conditions = [
        [table.period.in_(periods), table.indicator.in_(indicators), table.unit.in_(units)] for table in (CURRENT, PAST)
    ]
    with of_periods(session, periods):
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
        conditions = [
            [*each, table.indicator.in_(indicators)] for each, table in zip(conditions, (CURRENT, PAST), strict=True)
        ]
    found = standing(clocks, *conditions).subquery()
    key = (found.c.unit, found.c.indicator, found.c.source)
    with of_periods(session, [period.code]):
        return session.execute(select(found).order_by(*key)).all()


def unit_figures(session: Session, period: str, unit: str, clocks: Clocks) -> Sequence[StandingValue]:
    """Every value of one unit in a period: all indicators, all sources, by key; one query."""
    conditions = [[table.period == period, table.unit == unit] for table in (CURRENT, PAST)]
    found = standing(clocks, *conditions).subquery()
    with of_periods(session, [period]):
        return session.execute(select(found).order_by(found.c.indicator, found.c.source)).all()


def figures_of_units(session: Session, period: str, units: Sequence[str], clocks: Clocks) -> list[ValueRow]:
    """Every value of these units in a period: all indicators, all sources; a query for each batch of units."""
    found: list[ValueRow] = []
    for batch in batches(units):
        conditions = [[table.period == period, table.unit.in_(batch)] for table in (CURRENT, PAST)]
        with of_periods(session, [period]):
            found += session.execute(standing(clocks, *conditions)).all()
    return found


def retractions(session: Session, period: str, units: Sequence[str], clocks: Clocks) -> list[ValueRow]:
    """The revisions that took figures of these units back, where they stand; a query for each batch of units."""
    found: list[ValueRow] = []
    for batch in batches(units):
        conditions = [[table.period == period, table.unit.in_(batch)] for table in (CURRENT, PAST)]
        with of_periods(session, [period]):
            found += session.execute(standing(clocks, *conditions, retracted=True)).all()
    return found
