"""What the tables of stated records share: a row is believed from when it was stated until it is replaced or withdrawn.

A table has the fields of its record, and the instants (µs since 1970) between which the record stands: `known_at` and
`replaced_at`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Index, Select, column, func, insert, select, text, tuple_, update, values
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.store.db import FOREVER, fetched, stands_at
from app.store.tables import columns_named, table_of
from app.store.unit_versions import UNSYNCED, batches

Record = TypeVar("Record", bound=tuple[object, ...])
REPLACED = text(f"replaced_at < {FOREVER}")
"""Rows that stand no more. Written out, for a partial index serves no statement that gives the instant separately."""


def index_of_replaced(table: str) -> Index:
    """The index by which `last_change` finds the last row that was replaced, however long the history."""
    return Index(f"ix_{table}_replaced", "replaced_at", sqlite_where=REPLACED, postgresql_where=REPLACED)


@dataclass(frozen=True, slots=True)
class StatedTable(Generic[Record]):
    """A table, the named tuple that its rows state, and the fields that tell the records apart and order them."""

    rows: type[SQLModel]
    record: Callable[..., Record]
    fields: tuple[str, ...]
    key: tuple[str, ...]

    def columns(self, names: Sequence[str]) -> list[ColumnElement[Any]]:
        """Columns by name."""
        return columns_named(table_of(self.rows).c, names)


class StandingRecord(NamedTuple, Generic[Record]):
    """A record as it stands, the number of its row, and since when it stands (µs since 1970)."""

    row: int
    known_at: int
    record: Record


def find_standing(
    session: Session, table: StatedTable[Record], as_of: int | None, *where: ColumnElement[bool]
) -> StandingRecord[Record] | None:
    """The one record of a key that stood then (None: stands now)."""
    return next(_records(table, session.execute(_standing(table, as_of, *where))), None)


def load_standing(
    session: Session, table: StatedTable[Record], keys: Collection[tuple[Any, ...]]
) -> dict[tuple[Any, ...], StandingRecord[Record]]:
    """What stands now for these keys."""
    key = dict(zip(table.key, table.columns(table.key), strict=True))
    found: dict[tuple[Any, ...], StandingRecord[Record]] = {}
    for batch in batches(sorted(keys)):
        # joined, since of `(number, text) IN (VALUES …)` SQLite looks up the number alone by an index
        batch_keys = values(*(column(name, each.type) for name, each in key.items()), name="wanted").data(batch)
        named = batch_keys.cte("wanted").c
        same = (each == named[name] for name, each in key.items())
        for each in _records(table, session.execute(_standing(table, None, *same))):
            found[tuple(getattr(each.record, name) for name in table.key)] = each
    return found


def list_standing(
    session: Session,
    table: StatedTable[Record],
    as_of: int | None,
    *where: ColumnElement[bool],
    after: Sequence[object] | None,
    limit: int | None,
) -> Iterator[StandingRecord[Record]]:
    """What stood then (None: stands now) by key, from behind the key `after`, in one query.

    At most `limit` at once; without one, in a session that only reads, few at a time, and read as far as it is asked.
    """
    query = _standing(table, as_of, *where)
    if after is not None:
        query = query.where(tuple_(*table.columns(table.key)) > tuple_(*after))
    return _records(table, fetched(session, query, limit))


def all_standing(
    session: Session, table: StatedTable[Record], as_of: int | None, *where: ColumnElement[bool]
) -> list[Record]:
    """Every record that stood then (None: stands now), by key, in one query."""
    return [each.record for each in standing_records(session, table, as_of, *where)]


def standing_records(
    session: Session, table: StatedTable[Record], as_of: int | None, *where: ColumnElement[bool]
) -> list[StandingRecord[Record]]:
    """The same with the numbers of their rows, and since when they stand."""
    return list(_records(table, session.execute(_standing(table, as_of, *where))))


def replace_records(
    session: Session, table: StatedTable[Record], ended: Collection[int], stated: Sequence[Record], known_at: int
) -> None:
    """Let the rows of these numbers stand no more, and the stated records from now on; in bulk."""
    (row,) = table.columns(("id",))
    for batch in batches(sorted(ended)):
        closing = update(table.rows).where(row.in_(batch)).values(replaced_at=known_at)
        session.execute(closing, execution_options=UNSYNCED)
    if stated:
        times = {"known_at": known_at, "replaced_at": FOREVER}
        rows = [{**dict(zip(table.fields, each, strict=True)), **times} for each in stated]
        session.execute(insert(table_of(table.rows)), rows)


def last_change(session: Session, table: StatedTable[Record]) -> list[int | None]:
    """The instants at which something was last stated and last replaced (µs since 1970)."""
    id, known_at, replaced_at = table.columns(("id", "known_at", "replaced_at"))
    newest = select(known_at).order_by(id.desc()).limit(1).scalar_subquery()
    replaced = select(func.max(replaced_at)).where(REPLACED).scalar_subquery()
    return list(session.execute(select(newest, replaced)).one())


def as_json(table: StatedTable[Record], record: Record) -> dict[str, object]:
    """A record as JSON data: days as 2024-07-08, choices by their codes."""
    return {name: _plain(value) for name, value in zip(table.fields, record, strict=True)}


def day_of(written: str | None) -> date | None:
    """A day of JSON data."""
    return None if written is None else date.fromisoformat(written)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _standing(table: StatedTable[Record], as_of: int | None, *where: ColumnElement[bool]) -> Select[Any]:
    """What stood then, by key."""
    known_at, replaced_at = table.columns(("known_at", "replaced_at"))
    query = select(*table.columns(("id", "known_at", *table.fields)))
    return query.where(stands_at(known_at, replaced_at, as_of), *where).order_by(*table.columns(table.key))


def _records(table: StatedTable[Record], rows: Iterable[Sequence[Any]]) -> Iterator[StandingRecord[Record]]:
    for row, known_at, *stated in rows:
        yield StandingRecord(row, known_at, table.record(*stated))
