"""What a database refuses for a while is told from what it was asked wrongly."""

import errno
import sqlite3
from pathlib import Path

import pytest
from psycopg import Error
from psycopg.errors import DiskFull, InternalError_, UndefinedColumn, UndefinedTable
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError as Operational
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.store.engines import make_engine
from app.store.failures import is_full, is_passing, reason_of

EXTEND = 'could not extend file "base/5/1259": File too large'


def wrapped(error: Exception) -> Exception:
    """As the store hands on what the driver raises, from a statement or a COPY."""
    return DBAPIError.instance("COPY current_values", None, error, Error)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(DiskFull(EXTEND)),
        wrapped(InternalError_(EXTEND)),
        Operational("UPDATE clock", None, Exception("database is locked")),
        PoolTimeout("no connection"),
        DBAPIError("SELECT 1", None, Exception("gone"), connection_invalidated=True),
    ],
    ids=["disk", "limit of a file", "locked", "no connection", "gone"],
)
def test_what_may_go_another_time_passes(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize("error", [wrapped(UndefinedColumn("y")), wrapped(UndefinedTable("x")), ZeroDivisionError()])
def test_what_was_asked_wrongly_does_not(error: Exception) -> None:
    assert not is_passing(error)


def a_full_sqlite(code: int) -> Exception:
    told = sqlite3.OperationalError("database or disk is full")
    told.sqlite_errorcode = code
    return Operational("INSERT", None, told)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (wrapped(DiskFull(EXTEND)), True),
        (wrapped(InternalError_(EXTEND)), True),
        (a_full_sqlite(sqlite3.SQLITE_FULL), True),
        (OSError(errno.ENOSPC, "no space"), True),
        (a_full_sqlite(sqlite3.SQLITE_BUSY), False),
        (OSError(errno.EACCES, "not allowed"), False),
        (wrapped(UndefinedTable("x")), False),
    ],
    ids=["disk", "limit of a file", "SQLite", "temporary file", "busy", "forbidden file", "table"],
)
def test_a_full_disk_is_told_from_what_else_fails(error: Exception, *, full: bool) -> None:
    assert is_full(error) is full


def test_a_full_disk_is_told_where_the_part_that_met_it_cannot_be_left(tmp_path: Path) -> None:
    file = tmp_path / "full.db"
    file.touch()
    engine = make_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        session.execute(text("CREATE TABLE large (bytes BLOB)"))
        session.commit()
        session.execute(text("PRAGMA max_page_count = 20"))
        with pytest.raises(Operational, match="no such savepoint") as hidden, session.begin_nested():
            session.execute(text("INSERT INTO large VALUES (zeroblob(1000000))"))
    engine.dispose()

    assert is_full(hidden.value)


def test_the_reason_holds_no_figures() -> None:
    assert reason_of(wrapped(DiskFull(EXTEND))) == EXTEND
