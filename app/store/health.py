"""What a database says of its own state: its log, its connections, its clock, who holds it back."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.store.db import Database
from app.store.engines import sqlite_file
from app.store.jobs import jobs_under_way

LONG_S = 300
"""A transaction that is open for longer holds back what could be cleared away."""


class LogState(NamedTuple):
    """The write-ahead log of SQLite: its bytes, whether a reader keeps it from being emptied, whether one imports."""

    size: int
    held: bool
    by_import: bool = False


class Connections(NamedTuple):
    """Of a PostgreSQL server: those open to it, those that there may be, and long transactions in this database."""

    open: int
    most: int
    long: int


def log_file(url: str) -> Path | None:
    """Where SQLite keeps its log; None on PostgreSQL."""
    file = sqlite_file(url)
    return None if file is None else file.with_name(f"{file.name}-wal")


def log_size(url: str) -> int:
    file = log_file(url)
    return file.stat().st_size if file is not None and file.exists() else 0


def empty_log(database: Database) -> LogState:
    """Move what SQLite's log holds to the file, as far as no reader needs it, and cut the log where all of it is moved.

    Nobody is waited for.
    """
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = _checkpoint(connection, "PASSIVE")
        if not held:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                held = _checkpoint(connection, "TRUNCATE")
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={database.limits.lock_wait_ms}")
    return LogState(log_size(database.url), held, held and _imports(database))


def _imports(database: Database) -> bool:
    """Whether an import is under way in the background, which reads by one snapshot until it can be stored."""
    with database.reading() as session:
        return jobs_under_way(session) > 0


def _checkpoint(connection: Connection, mode: str) -> bool:
    """Whether something was left over."""
    busy, pages, moved = connection.exec_driver_sql(f"PRAGMA wal_checkpoint({mode})").one()
    return bool(busy) or pages != moved


def connections(session: Session) -> Connections:
    """How much a PostgreSQL server has to do."""
    question = text(
        "SELECT count(*), current_setting('max_connections')::int,"
        " count(*) FILTER (WHERE datname = current_database() AND now() - xact_start > make_interval(secs => :long))"
        " FROM pg_stat_activity WHERE backend_type = 'client backend'"
    )
    return Connections(*session.execute(question, {"long": LONG_S}).one())


def server_clock(session: Session) -> int:
    """What time it is at the PostgreSQL server, in µs since 1970."""
    return int(
        session.execute(text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")).scalar_one()
    )
