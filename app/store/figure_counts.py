"""How many figures stand for units, and which they are: what hinders a unit from ending."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.store.unit_versions import batches
from app.store.values import CURRENT


def count_by_period(session: Session, units: Collection[str]) -> dict[str, dict[str, int]]:
    """How many figures, not taken back, stand for each of the units in each period that has any."""
    found: dict[str, dict[str, int]] = {}
    for batch in batches(sorted(units)):
        query = select(CURRENT.unit, CURRENT.period, func.count()).where(
            CURRENT.unit.in_(batch), CURRENT.retracted.is_(False)
        )
        for unit, period, count in session.execute(query.group_by(CURRENT.unit, CURRENT.period)):
            found.setdefault(unit, {})[period] = count
    return found


def figures_of(session: Session, periods: Mapping[str, Collection[str]], *, limit: int) -> dict[str, list[str]]:
    """The first figures that stand for units (by code, with their periods), each as `period indicator (source)`.

    At most `limit` of each; one query.
    """
    pairs = [(period, unit) for unit, each in periods.items() for period in sorted(each)[:limit]]
    place = func.row_number().over(
        partition_by=CURRENT.unit, order_by=[CURRENT.period, CURRENT.indicator, CURRENT.source]
    )
    key = (CURRENT.unit, CURRENT.period, CURRENT.indicator, CURRENT.source)
    current = (tuple_(CURRENT.period, CURRENT.unit).in_(pairs), CURRENT.retracted.is_(False))
    ranked = select(*key, place.label("place")).where(*current).subquery()
    found: dict[str, list[str]] = {}
    query = select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.unit, ranked.c.place)
    for row in session.execute(query) if pairs else ():
        found.setdefault(row.unit, []).append(f"{row.period} {row.indicator} ({row.source})")
    return found
