"""Taking the revisions of an import back, in bulk. The tables are those of `values`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.store.values import CURRENT, KEY, PAST, REVISION, CurrentValue, PastValue

COLUMNS = (*KEY, *REVISION)


def _same_key(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(*(getattr(one, name) == getattr(other, name) for name in KEY))


def periods_of_import(session: Session, id: int) -> Sequence[str]:
    """The periods of which an import changed figures."""
    query = select(CURRENT.period).where(CURRENT.import_id == id)
    return list(session.execute(query.union(select(PAST.period).where(PAST.import_id == id))).scalars())


def changed_since(session: Session, id: int, known_at: int) -> Sequence[Row[Any]]:
    """The keys of an import's figures that another import has changed since (`known_at` is when it became known)."""
    later = exists().where(_same_key(CURRENT, PAST), CURRENT.known_at > known_at)
    mine = (PAST.import_id == id, PAST.undone_at.is_(None))
    query = select(*(getattr(PAST, name) for name in KEY)).where(*mine, later).distinct()
    return session.execute(query.order_by(*(getattr(PAST, name) for name in KEY))).all()


def undo_revisions(session: Session, id: int, known_at: int, undone_at: int) -> int:
    """Mark an import's revisions undone, but for figures changed since, and let what was before them stand again.

    Returns how many figures that concerns.
    """
    columns = [getattr(CURRENT, name) for name in COLUMNS]
    standing = select(*columns, literal(undone_at)).where(CURRENT.import_id == id)
    session.execute(insert(PastValue).from_select([*COLUMNS, "undone_at"], standing))
    session.execute(delete(CurrentValue).where(CURRENT.import_id == id))
    later = exists().where(_same_key(CURRENT, PAST), CURRENT.known_at > known_at)
    mine = (PAST.import_id == id, PAST.undone_at.is_(None), ~later)
    session.execute(update(PastValue).where(*mine).values(undone_at=undone_at))
    _restore(session, id, undone_at)
    keys = select(*(getattr(PAST, name) for name in KEY)).where(PAST.import_id == id, PAST.undone_at == undone_at)
    return int(session.execute(select(func.count()).select_from(keys.distinct().subquery())).scalar_one())


def _restore(session: Session, id: int, undone_at: int) -> None:
    """Of the figures without a revision that stands, let the one observed last, among equals known last, stand."""
    own = select(*(getattr(PAST, name) for name in KEY)).where(PAST.import_id == id, PAST.undone_at == undone_at)
    emptied = own.distinct().subquery()
    newest = [PAST.observed_at.desc(), PAST.known_at.desc()]
    place = func.row_number().over(partition_by=[getattr(PAST, name) for name in KEY], order_by=newest)
    left = (
        select(PAST.id, *(getattr(PAST, name) for name in COLUMNS), place.label("place"))
        .join(emptied, _same_key(PAST, emptied.c))
        .where(PAST.undone_at.is_(None), ~exists().where(_same_key(CURRENT, PAST)))
        .subquery()
    )
    best = select(left.c.id, *(left.c[name] for name in COLUMNS)).where(left.c.place == 1)
    found = session.execute(best).all()
    if not found:
        return
    rows = [{name: getattr(row, name) for name in COLUMNS} for row in found]
    session.execute(insert(CurrentValue), rows)
    session.execute(delete(PastValue).where(PAST.id.in_([row.id for row in found])))
