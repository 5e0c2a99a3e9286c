"""Revisions read and written by the ten thousand, as fast as the two databases give and take them.

SQLite takes a hundred rows a statement, which is half as fast again as a row a statement; PostgreSQL takes a
COPY into a table of its own and merges that. Rows are tuples in the order of `ROW`.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, count
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.unit_code import branch_of
from app.store.topics import note, of_figures, places_of
from app.store.values import KEY, REVISION

ROW = (*KEY, *REVISION)
Row = tuple[Any, ...]
"""A key and a revision in one."""

MANY = 10
"""Indicators beyond which a unit's figures are read whole, which is faster than their parts."""
ROWS_A_STATEMENT = 100
NAMES = ", ".join(ROW)
_REPLACED = ", ".join(f"{name} = excluded.{name}" for name in REVISION)
_ORDER = f"ORDER BY {', '.join(KEY)}"
UPSERT = f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {_REPLACED}"


def load_standing(session: Session, keys: Iterable[tuple[str, ...]]) -> list[Row]:
    """The revisions that stand of these keys, retracted ones included, and more of the same units, by their keys.

    One query a period. Rows come as the drivers give them: SQLAlchemy's own take twice as long.
    """
    keys = list(keys)
    indicators = set(map(itemgetter(2), keys))
    units: dict[str, set[str]] = {}
    for period, unit in set(map(itemgetter(0, 1), keys)):
        units.setdefault(period, set()).add(unit)
    connection = session.connection()
    found: list[Row] = []
    for period, members in sorted(units.items()):
        named = [sorted(members)]
        if len(indicators) < MANY:
            named.append(sorted(indicators))
        with of_figures(session, places_of([period], members)):
            found += _read(connection, period, *named)
    return found


def _read(connection: Connection, period: str, *named: Sequence[str]) -> Iterable[Row]:
    """The revisions that stand of a period, of these units, and of these indicators where there are any."""
    if connection.dialect.name == "postgresql":
        among = "".join(f" AND {name} = ANY(%s)" for name in KEY[1 : 1 + len(named)])
        statement = f"SELECT {NAMES} FROM current_values WHERE period = %s{among} {_ORDER}"  # noqa: S608 - our own names
        return _fetched(connection, statement, (period, *named))
    # A column in one piece comes in half the time that its fields take one by one, and other threads run meanwhile.
    among = "".join(f" AND {name} IN (SELECT value FROM json_each(?))" for name in KEY[1 : 1 + len(named)])  # noqa: S608
    rows = f"SELECT {NAMES} FROM current_values WHERE period = ?{among} {_ORDER}"  # noqa: S608 - our own names
    statement = f"SELECT {', '.join(f'json_group_array({name})' for name in ROW)} FROM ({rows})"  # noqa: S608
    [columns] = _fetched(connection, statement, (period, *map(json.dumps, named)))
    return zip(*map(orjson.loads, columns), strict=True)


def _fetched(connection: Connection, statement: str, parameters: tuple[object, ...]) -> Sequence[Row]:
    driver = connection.dialect.loaded_dbapi
    try:
        return connection.exec_driver_sql(statement, parameters).cursor.fetchall()
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error


def add_current(session: Session, rows: Sequence[Row]) -> None:
    """These revisions stand from now on, of figures of which nothing was known: half the work on PostgreSQL."""
    _write(session, "current_values", "", rows)


def write_current(session: Session, rows: Sequence[Row]) -> None:
    """These revisions stand from now on. No key may occur twice; in the order of their keys they are written faster."""
    _write(session, "current_values", UPSERT, rows)


def write_past(session: Session, rows: Sequence[Row]) -> None:
    """These revisions join the history."""
    _write(session, "past_values", "", rows)


def _write(session: Session, table: str, clause: str, rows: Sequence[Row]) -> None:
    with of_figures(session, {(row[0], branch_of(row[1])) for row in rows}):
        write_rows(session.connection(), table, clause, rows)


def write_rows(connection: Connection, table: str, clause: str, rows: Sequence[Row]) -> None:
    """Add rows to a table that has these columns; `clause` says what becomes of those that are there already."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _merge(connection, table, clause, rows)
        return
    whole = len(rows) // ROWS_A_STATEMENT * ROWS_A_STATEMENT
    for part, size in ((rows[:whole], ROWS_A_STATEMENT), (rows[whole:], 1)):
        if part:
            shared, parameters = _parameters(part, size)
            connection.exec_driver_sql(_insert(table, clause, size, shared), parameters)


def _parameters(rows: Sequence[Row], size: int) -> tuple[frozenset[int], list[Row]]:
    """The columns that say the same in all rows, and the parameters of one statement of `size` rows after the other.

    What is shared is given once a statement: a third of the time of a million rows went into giving it with each.
    """
    columns = list(zip(*rows, strict=True))
    shared = [place for place, column in enumerate(columns) if _is_even(column)]
    first = tuple(columns[place][0] for place in shared)
    others = list(zip(*(column for place, column in enumerate(columns) if place not in shared), strict=True))
    parts = (others[start : start + size] for start in range(0, len(rows), size))
    return frozenset(shared), [first + tuple(chain.from_iterable(part)) for part in parts]


def _is_even(column: Sequence[object]) -> bool:
    return column[0] == column[-1] and column.count(column[0]) == len(column)


@lru_cache(maxsize=64)
def _insert(table: str, clause: str, rows: int, shared: frozenset[int]) -> str:
    """A statement of so many rows; the places of its parameters are counted as `_parameters` gives them.

    One that fails leaves the rows before the bad one: the import's savepoint takes them back. Else SQLite would copy
    every page that it changes to a file, for each statement anew.
    """
    own, once = count(len(shared) + 1), dict(zip(sorted(shared), count(1)))
    each = (", ".join(f"?{once.get(place) or next(own)}" for place in range(len(ROW))) for _ in range(rows))
    values = ", ".join(f"({one})" for one in each)
    return f"INSERT OR FAIL INTO {table} ({NAMES}) VALUES {values} {clause}"  # noqa: S608 - our own names


def _merge(connection: Connection, table: str, clause: str, rows: Sequence[Row]) -> None:
    if not clause:  # nothing to collide with
        _copy(connection, f"COPY {table} ({NAMES}) FROM STDIN", rows)
        return
    incoming = f"incoming_{table}"
    like = f"SELECT {NAMES} FROM {table}"  # noqa: S608 - our own names
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS {incoming} ON COMMIT DROP AS {like} WITH NO DATA")
    _copy(connection, f"COPY {incoming} ({NAMES}) FROM STDIN", rows)
    connection.exec_driver_sql(f"INSERT INTO {table} ({NAMES}) SELECT {NAMES} FROM {incoming} {clause}")  # noqa: S608
    connection.exec_driver_sql(f"TRUNCATE {incoming}")


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    note(connection, statement)
    raw: Any = connection.connection.driver_connection
    driver = connection.dialect.loaded_dbapi
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error
