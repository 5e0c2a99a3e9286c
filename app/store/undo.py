"""Taking the revisions of an import back, in bulk. The tables are those of `values`.

The record of an import names the periods of its figures, and the keys of figures begin with them.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, literal, select, tuple_, union, update
from sqlalchemy.orm import Session

from app.domain.intake.merge import FigureKey
from app.store.imports import ImportRow
from app.store.tables import INSERTS, columns_named, table_of
from app.store.topics import of_figures, places_of
from app.store.values import CURRENT, KEY, PAST, REVISION, STORED, UNDONE, CurrentValue, PastValue, Revision

IDENTITY = (*KEY, "observed_at", "known_at")
CURRENT_TABLE, PAST_TABLE = table_of(CurrentValue), table_of(PastValue)
"""Written past the classes: of those SQLAlchemy would ask which rows were changed, a third of the time."""
OTHER: Any = PAST_TABLE.alias("other").c


def _same(one: Any, other: Any, names: Sequence[str] = KEY) -> ColumnElement[bool]:
    return and_(*(getattr(one, name) == getattr(other, name) for name in names))


def _of(table: type[Revision], undone: ImportRow) -> ColumnElement[bool]:
    """Whether a revision is one of the import's."""
    return and_(table.period.in_(undone.periods), table.import_id == undone.id)


def _changed_since(undone: ImportRow) -> ColumnElement[bool]:
    """Whether a figure of the past has a younger revision than the import's that stands."""
    return exists().where(_same(CURRENT, PAST), CURRENT.known_at > undone.known_at)


def periods_and_units(session: Session, undone: ImportRow) -> set[tuple[str, str]]:
    """The periods and units of which an import has stored figures."""
    found = (select(table.period, table.unit).where(_of(table, undone)) for table in (CURRENT, PAST))
    return {(row.period, row.unit) for row in session.execute(union(*found))}


def changed_since(session: Session, undone: ImportRow) -> list[FigureKey]:
    """The keys of an import's figures that another import has changed since."""
    mine = (_of(PAST, undone), UNDONE.undone_at.is_(None), _changed_since(undone))
    query = select(*columns_named(PAST, KEY)).where(*mine).distinct()
    return [FigureKey(*row) for row in session.execute(query.order_by(*columns_named(PAST, KEY)))]


def count_undoable(session: Session, undone: ImportRow) -> int:
    """How many figures `undo_revisions` would concern."""
    standing = select(*columns_named(CURRENT, KEY)).where(_of(CURRENT, undone))
    past = (_of(PAST, undone), UNDONE.undone_at.is_(None), ~_changed_since(undone))
    keys = union(standing, select(*columns_named(PAST, KEY)).where(*past)).subquery()
    return int(session.execute(select(func.count()).select_from(keys)).scalar_one())


def undo_revisions(session: Session, undone: ImportRow, units: Collection[str], undone_at: int) -> int:
    """Mark an import's revisions undone, but for figures changed since, and let what was before them stand again.

    `units`: those of the import. Returns how many figures that concerns.
    """
    with of_figures(session, places_of(undone.periods, units)):
        return _undo(session, undone, undone_at)


def _undo(session: Session, undone: ImportRow, undone_at: int) -> int:
    standing = select(*columns_named(CURRENT, STORED), literal(undone_at)).where(_of(CURRENT, undone))
    session.execute(insert(PAST_TABLE).from_select([*STORED, "undone_at"], standing))
    mine = (_of(PAST, undone), UNDONE.undone_at.is_(None), ~_changed_since(undone))
    session.execute(update(PAST_TABLE).where(*mine).values(undone_at=undone_at))
    _restore(session, undone)
    emptied = select(*columns_named(PAST, KEY)).where(_of(PAST, undone), UNDONE.undone_at == undone_at).distinct()
    return int(session.execute(select(func.count()).select_from(emptied.subquery())).scalar_one())


def _restore(session: Session, undone: ImportRow) -> None:
    """In place of the import's revisions that stand, let those observed last, among equals known last, stand again.

    What has nothing before it goes. Rows are replaced rather than deleted and added, which writes every page once.
    """
    newest = ~exists().where(_same(OTHER, PAST), OTHER.undone_at.is_(None), _clocks(OTHER) > _clocks(PAST))
    before = select(*columns_named(PAST, STORED)).join(CURRENT_TABLE, _same(CURRENT, PAST))
    before = before.where(_of(CURRENT, undone), UNDONE.undone_at.is_(None), newest)
    upsert = INSERTS[session.get_bind().dialect.name](CURRENT_TABLE).from_select(STORED, before)
    replaced = {name: getattr(upsert.excluded, name) for name in REVISION}
    session.execute(upsert.on_conflict_do_update(index_elements=KEY, set_=replaced))
    session.execute(delete(CURRENT_TABLE).where(_of(CURRENT, undone)))
    again = exists().where(_same(CURRENT, PAST, IDENTITY))
    stands = (PAST.period.in_(undone.periods), UNDONE.undone_at.is_(None), again)
    session.execute(delete(PAST_TABLE).where(*stands))


def _clocks(table: type[Revision]) -> ColumnElement[Any]:
    return tuple_(table.observed_at, table.known_at)
