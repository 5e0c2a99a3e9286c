"""Revisions read and written by the ten thousand, as fast as the two databases give and take them.

SQLite reads several hundred rows a statement, which is half as fast again as a row a statement; PostgreSQL takes a
COPY into a table of its own and merges that. Rows are tuples in the order of `ROW`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from psycopg import Error as PsycopgError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.intake.weighing import Stored
from app.store.values import KEY, REVISION

ROW = (*KEY, *REVISION)
Row = tuple[Any, ...]
"""A key and a revision in one."""

MANY = 10
"""Indicators beyond which a unit's figures are read whole, which is faster than their parts."""
ROWS_A_STATEMENT = 500
_NAMES = ", ".join(ROW)
_REPLACED = ", ".join(f"{name} = excluded.{name}" for name in REVISION)
_UPSERT = f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {_REPLACED}"


def load_standing(session: Session, keys: Iterable[tuple[str, ...]]) -> dict[Any, Stored]:
    """The current revisions by their keys, retracted ones included: those asked for, and more of the same units.

    One query a period. Rows come as the driver gives them: SQLAlchemy's own take twice as long.
    """
    keys = list(keys)
    indicators = set(map(itemgetter(2), keys))
    units: dict[str, set[str]] = {}
    for period, unit in set(map(itemgetter(0, 1), keys)):
        units.setdefault(period, set()).add(unit)
    connection = session.connection()
    found: dict[Any, Stored] = {}
    for period, members in units.items():
        named = [sorted(members)]
        if len(indicators) < MANY:
            named.append(sorted(indicators))
        rows = _read(connection, period, *named)
        found |= {row[:4]: tuple.__new__(Stored, row[4:]) for row in rows}
    return found


def _read(connection: Connection, period: str, *named: Sequence[str]) -> Sequence[Row]:
    """The revisions that stand of a period, of these units, and of these indicators where there are any."""
    held = f"SELECT {_NAMES} FROM current_values WHERE period = "  # noqa: S608 - our own names
    if connection.dialect.name == "postgresql":
        statement = held + "%s" + "".join(f" AND {name} = ANY(%s)" for name in KEY[1 : 1 + len(named)])
        return _fetched(connection, statement, (period, *named))
    each = (f" AND {name} IN (SELECT value FROM json_each(?))" for name in KEY[1 : 1 + len(named)])  # noqa: S608
    return _fetched(connection, held + "?" + "".join(each), (period, *map(json.dumps, named)))


def _fetched(connection: Connection, statement: str, parameters: tuple[object, ...]) -> Sequence[Row]:
    driver = connection.dialect.loaded_dbapi
    try:
        return connection.exec_driver_sql(statement, parameters).cursor.fetchall()
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error


def add_current(session: Session, rows: Sequence[Row]) -> None:
    """These revisions stand from now on, of figures of which nothing was known: half the work on PostgreSQL."""
    _write(session.connection(), "current_values", "", rows)


def write_current(session: Session, rows: Sequence[Row]) -> None:
    """These revisions stand from now on. No key may occur twice; in the order of their keys they are written faster."""
    _write(session.connection(), "current_values", _UPSERT, rows)


def write_past(session: Session, rows: Sequence[Row]) -> None:
    """These revisions join the history."""
    _write(session.connection(), "past_values", "", rows)


def _write(connection: Connection, table: str, clause: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _merge(connection, table, clause, rows)
        return
    whole = len(rows) // ROWS_A_STATEMENT * ROWS_A_STATEMENT
    if whole:
        connection.exec_driver_sql(_insert(table, clause, ROWS_A_STATEMENT), list(_flat(rows[:whole])))
    if whole < len(rows):
        connection.exec_driver_sql(_insert(table, clause, 1), list(rows[whole:]))


def _flat(rows: Sequence[Row]) -> Iterator[Row]:
    """The parameters of one statement after the other."""
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        yield tuple(chain.from_iterable(rows[start : start + ROWS_A_STATEMENT]))


def _insert(table: str, clause: str, rows: int) -> str:
    """A statement that fails leaves the rows before the bad one: the import's savepoint takes them back.

    Else SQLite would copy every page that it changes to a file, for each statement anew.
    """
    one = f"({', '.join('?' * len(ROW))})"
    return f"INSERT OR FAIL INTO {table} ({_NAMES}) VALUES {', '.join([one] * rows)} {clause}"  # noqa: S608 - our own names


def _merge(connection: Connection, table: str, clause: str, rows: Sequence[Row]) -> None:
    if not clause:  # nothing to collide with
        _copy(connection, f"COPY {table} ({_NAMES}) FROM STDIN", rows)
        return
    staged = f"staged_{table}"
    like = f"SELECT {_NAMES} FROM {table}"  # noqa: S608 - our own names
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} ON COMMIT DROP AS {like} WITH NO DATA")
    _copy(connection, f"COPY {staged} ({_NAMES}) FROM STDIN", rows)
    connection.exec_driver_sql(f"INSERT INTO {table} ({_NAMES}) SELECT {_NAMES} FROM {staged} {clause}")  # noqa: S608
    connection.exec_driver_sql(f"TRUNCATE {staged}")


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except PsycopgError as error:
        raise DBAPIError.instance(statement, None, error, PsycopgError) from error
