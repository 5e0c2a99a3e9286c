"""What a database does, counted and not timed: steps of SQLite's virtual machine, rows that PostgreSQL reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from tests.support.work import Work

ROWS_READ = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
INDEXES = "SET LOCAL enable_seqscan = off"
"""PostgreSQL reads small tables from end to end, and large ones by an index; here every table counts as large."""


@contextmanager
def counted_database_work(engine: Engine) -> Iterator[Work]:
    """Count what is done inside by transactions of this engine that commit."""
    work = Work()
    begun: dict[Connection, int] = {}

    def step() -> None:
        work.count += 1

    def rows_read(connection: Connection) -> int:
        return int(connection.exec_driver_sql(ROWS_READ).scalar_one())

    def begin(connection: Connection) -> None:
        if engine.dialect.name == "sqlite":
            driver_of(connection).set_progress_handler(step, 1)
        else:
            connection.exec_driver_sql(INDEXES)
            begun[connection] = rows_read(connection)

    def end(connection: Connection) -> None:
        if engine.dialect.name == "sqlite":
            driver_of(connection).set_progress_handler(None, 0)
        else:
            work.count += rows_read(connection) - begun.pop(connection)

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    try:
        yield work
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "commit", end)


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection
