"""All rows of one database written into another, whichever of the two kinds each of them is.

Tables are those that the code declares, in the order of their foreign keys. A lease that is copied runs out by
itself; left out is only what processes judge their kept answers by. Few rows are in memory at a time.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, LargeBinary, Table, Text, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.store.db import ClockRow, last_change
from app.store.tables import every_table
from app.store.topics import TopicVersion

ROWS_AT_ONCE = 2_000
LARGE_ROWS_AT_ONCE = 20
"""Of tables in which a field may hold megabytes."""
MODULUS = 2**128


class TableContent(NamedTuple):
    """What a table holds: how many rows, and the sum of their hashes, which knows no order."""

    rows: int = 0
    sum: int = 0

    def with_rows(self, rows: Sequence[Sequence[object]]) -> "TableContent":
        hashes = (int.from_bytes(blake2b(repr(tuple(row)).encode(), digest_size=16).digest()) for row in rows)
        return TableContent(self.rows + len(rows), (self.sum + sum(hashes)) % MODULUS)


Contents = dict[str, TableContent]
"""What every table holds, by its name."""


def tables_copied() -> Sequence[Table]:
    """Every table but that of the topics: their marks belong to the writes of one database, and a write begins them."""
    return [table for table in every_table() if table.name != TopicVersion.__tablename__]


def is_empty(session: Session) -> bool:
    """Whether nothing was ever written since the tables were laid."""
    state = last_change(session)
    return state.version == 0 and state.trace == ""


def pages_damaged(session: Session) -> Sequence[str]:
    """What SQLite finds wrong with its file; PostgreSQL looks after its own."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    said = session.execute(text("PRAGMA integrity_check(10)")).scalars()
    return [f"the file: {line}" for line in said if line != "ok"]


def count_rows(session: Session) -> int:
    """Rows of all tables together."""
    return sum(session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables_copied())


def read_table(session: Session, table: Table) -> Iterator[Sequence[Any]]:
    """The rows of a table, so many at once."""
    large = any(isinstance(column.type, JSON | LargeBinary | Text) for column in table.columns)
    size = LARGE_ROWS_AT_ONCE if large else ROWS_AT_ONCE
    result = session.execute(select(table), execution_options={"yield_per": size})
    try:
        yield from result.partitions()
    finally:
        result.close()


def contents(session: Session, found: Contents) -> Iterator[int]:
    """Note in `found` what every table holds. Yields how many rows were read, now and then."""
    for table in tables_copied():
        found[table.name] = TableContent()
        for rows in read_table(session, table):
            found[table.name] = found[table.name].with_rows(rows)
            yield len(rows)


def copy_rows(source: Session, target: Session, copied: Contents) -> Iterator[int]:
    """Put the rows of the source in the place of all those of the target; what has been read is noted in `copied`.

    Yields how many rows were written, now and then. The target is written in its one transaction.
    """
    connection = target.connection()
    _keep_writers_out(connection)
    for table in reversed(tables_copied()):
        if table.name != ClockRow.__tablename__:  # whoever waits to write waits for this very row
            connection.execute(delete(table))
    for table in tables_copied():
        copied[table.name] = TableContent()
        for rows in read_table(source, table):
            copied[table.name] = copied[table.name].with_rows(rows)
            _add(connection, table, rows)
            yield len(rows)
        _refer(connection, source, table)
        _count_on(connection, table)


def _keep_writers_out(connection: Connection) -> None:
    """Let those wait who write without the clock's lock, and wait for those at work: SQLite has one writer anyway.

    The clock's table is left: whoever waits for its row has a lock on it. The order is that of transactions which take
    an import on and then keep the answer: in another one the two would wait for each other.
    """
    if connection.dialect.name != "postgresql":
        return
    names = [table.name for table in tables_copied() if table.name != ClockRow.__tablename__]
    connection.execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE"))


def _own_references(table: Table) -> list[str]:
    """Columns that name other rows of the same table, perhaps later ones."""
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _add(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    if table.name == ClockRow.__tablename__:
        [clock] = rows
        connection.execute(update(table).values(**clock._mapping))
        return
    empty = dict.fromkeys(_own_references(table))
    connection.execute(insert(table), [{**row._mapping, **empty} for row in rows])


def _refer(connection: Connection, source: Session, table: Table) -> None:
    """Let rows name others of the same table, once all of them are there."""
    names = _own_references(table)
    if not names:
        return
    key = list(table.primary_key.columns)
    here = update(table).where(*(column == bindparam(f"key_{column.name}") for column in key))
    for name in names:
        found = source.execute(select(*key, table.c[name]).where(table.c[name].is_not(None))).all()
        if found:
            change = here.values({name: bindparam("refers_to")})
            fields = [*(f"key_{column.name}" for column in key), "refers_to"]
            connection.execute(change, [dict(zip(fields, row, strict=True)) for row in found])


def _count_on(connection: Connection, table: Table) -> None:
    """Let numbers that PostgreSQL gives go on behind those that were copied; SQLite does so by itself.

    `setval` would outlive a transaction that is taken back.
    """
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    names = {"table": table.name, "column": column.name}
    sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), names).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART WITH {last + 1:d}"))
