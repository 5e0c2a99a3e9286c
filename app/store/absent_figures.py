"""The figures that stand of some sources and indicators, page by page: a complete file is held against them."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.domain.intake.merge import FigureKey
from app.store.tables import columns_named
from app.store.topics import of_figures, places_of
from app.store.values import CURRENT, KEY, ValueFilter


class StandingFigure(NamedTuple):
    """A figure that stands, and when it was looked up (µs)."""

    key: FigureKey
    observed_at: int


def list_standing(
    session: Session,
    period: str,
    pairs: Collection[tuple[str, str]],
    where: ValueFilter,
    *,
    after: FigureKey | None,
    limit: int,
) -> list[StandingFigure]:
    """At most `limit` figures of these sources and indicators, in the order of their keys behind `after`; one query.

    `where` says of which units.
    """
    conditions = [
        CURRENT.period == period,
        CURRENT.retracted.is_(False),
        CURRENT.source.in_(sorted({source for source, _ in pairs})),
        CURRENT.indicator.in_(sorted({indicator for _, indicator in pairs})),
        *where.conditions(CURRENT),
    ]
    if (placed := where.placed(None)) is not None:
        conditions += placed(CURRENT.period, CURRENT.unit)
    if after is not None:
        conditions.append(tuple_(*columns_named(CURRENT, KEY)) > tuple_(*after))
    query = (
        select(*columns_named(CURRENT, (*KEY, "observed_at")))
        .where(*conditions)
        .order_by(*columns_named(CURRENT, KEY))
        .limit(limit)
    )
    with of_figures(session, places_of([period])):
        return [StandingFigure(FigureKey(*key), observed_at) for *key, observed_at in session.execute(query)]
