"""Taking the revisions of an import back, in bulk. The tables are those of `values`.

The record of an import names the periods of its figures, and the keys of figures begin with them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, literal, select, union, update
from sqlalchemy.orm import Session

from app.domain.intake.merge import FigureKey
from app.store.imports import ImportRow
from app.store.tables import columns_named
from app.store.topics import of_figures, places_of
from app.store.values import CURRENT, KEY, PAST, STORED, UNDONE, CurrentValue, PastValue, Revision

IDENTITY = (*KEY, "observed_at", "known_at")


def _same(one: Any, other: Any, names: Sequence[str] = KEY) -> ColumnElement[bool]:
    return and_(*(getattr(one, name) == getattr(other, name) for name in names))


def _of(table: type[Revision], undone: ImportRow) -> ColumnElement[bool]:
    """Whether a revision is one of the import's."""
    return and_(table.period.in_(undone.periods), table.import_id == undone.id)


def _changed_since(undone: ImportRow) -> ColumnElement[bool]:
    """Whether a figure of the past has a younger revision than the import's that stands."""
    return exists().where(_same(CURRENT, PAST), CURRENT.known_at > undone.known_at)


def units_of(session: Session, undone: ImportRow) -> set[str]:
    """The units of which an import has stored figures."""
    found = (select(table.unit).where(_of(table, undone)) for table in (CURRENT, PAST))
    return set(session.execute(union(*found)).scalars())


def changed_since(session: Session, undone: ImportRow) -> list[FigureKey]:
    """The keys of an import's figures that another import has changed since."""
    mine = (_of(PAST, undone), UNDONE.undone_at.is_(None), _changed_since(undone))
    query = select(*columns_named(PAST, KEY)).where(*mine).distinct()
    return [FigureKey(*row) for row in session.execute(query.order_by(*columns_named(PAST, KEY)))]


def undo_revisions(session: Session, undone: ImportRow, undone_at: int) -> int:
    """Mark an import's revisions undone, but for figures changed since, and let what was before them stand again.

    Returns how many figures that concerns.
    """
    with of_figures(session, places_of(undone.periods, units_of(session, undone))):
        return _undo(session, undone, undone_at)


def _undo(session: Session, undone: ImportRow, undone_at: int) -> int:
    standing = select(*columns_named(CURRENT, STORED), literal(undone_at)).where(_of(CURRENT, undone))
    session.execute(insert(PastValue).from_select([*STORED, "undone_at"], standing))
    session.execute(delete(CurrentValue).where(_of(CURRENT, undone)))
    mine = (_of(PAST, undone), UNDONE.undone_at.is_(None), ~_changed_since(undone))
    session.execute(update(PastValue).where(*mine).values(undone_at=undone_at))
    emptied = (
        select(*columns_named(PAST, KEY)).where(_of(PAST, undone), UNDONE.undone_at == undone_at).distinct().subquery()
    )
    _restore(session, undone, emptied)
    return int(session.execute(select(func.count()).select_from(emptied)).scalar_one())


def _restore(session: Session, undone: ImportRow, emptied: Any) -> None:
    """Of the figures without a revision that stands, let the one observed last, among equals known last, stand."""
    newest = [PAST.observed_at.desc(), PAST.known_at.desc()]
    place = func.row_number().over(partition_by=columns_named(PAST, KEY), order_by=newest)
    left = (
        select(*columns_named(PAST, STORED), place.label("place"))
        .join(emptied, _same(PAST, emptied.c))
        .where(UNDONE.undone_at.is_(None), ~exists().where(_same(CURRENT, PAST)))
        .subquery()
    )
    best = select(*columns_named(left.c, STORED)).where(left.c.place == 1)
    session.execute(insert(CurrentValue).from_select(STORED, best))
    stands_again = exists().where(_same(CURRENT, PAST, IDENTITY))
    session.execute(delete(PastValue).where(PAST.period.in_(undone.periods), stands_again))
