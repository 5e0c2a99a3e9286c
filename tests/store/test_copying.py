"""Copies between databases: what stands in the way of others, and what a copy that fails leaves behind."""

import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.cli import backup
from app.services.backups import copying
from app.services.frameworks import ship
from app.services.imports.job_steps import enqueue_import
from app.services.rights import Caller, Scope
from app.store.copying import copy_rows, count_rows
from app.store.db import Database, last_change
from app.store.idempotency import keep
from tests.support.databases import Databases

CALLER = Caller("office", frozenset({Scope.ADMIN}))


@pytest.fixture
def source(database_url: str) -> Iterator[Database]:
    """A database with rows in several tables, one of which the database itself numbers."""
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        enqueue_import(session, CALLER, "request")
    yield database
    database.dispose()


@pytest.fixture
def target(databases: Databases) -> Iterator[Database]:
    """A second database, of the same kind, with tables and no rows."""
    with databases.database() as url:
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture
def server(target: Database) -> Database:
    """The target, where it is a server's."""
    if target.engine.dialect.name != "postgresql":
        pytest.skip("one transaction writes at a time on SQLite")
    return target


def copied(source: Database, target: Database) -> None:
    with source.reading() as reading, target.writing() as writing:
        for _ in copying(reading, writing):
            pass


def next_number(session: Session) -> int:
    number: int = session.execute(text("SELECT nextval(pg_get_serial_sequence('imports', 'id'))")).scalar_one()
    return number


def test_numbers_go_on_behind_those_copied_and_a_copy_taken_back_leaves_them(
    source: Database, server: Database
) -> None:
    copied(source, server)
    with server.unversioned() as session:
        first = [next_number(session) for _ in range(3)]
    with suppress(ZeroDivisionError), source.reading() as reading, server.writing() as writing:
        for _ in copying(reading, writing):
            pass
        _ = 1 / 0
    with server.unversioned() as session:
        after = next_number(session)

    assert (first, after) == ([2, 3, 4], 5)


def test_whoever_writes_without_the_clock_waits_for_a_copy(source: Database, server: Database) -> None:
    with backup.closing_database(server.url) as other, source.reading() as reading, server.writing() as writing:
        copy = copy_rows(reading, writing, {})
        next(copy)
        with pytest.raises(OperationalError, match="lock timeout"), other.unversioned(wait_ms=300) as session:
            keep(session, ("office", "key"), "request", 200, [], b"")
        with other.reading() as session:
            seen = count_rows(session)
        for _ in copy:
            pass

    assert seen == 1  # the clock's: nobody who reads is kept waiting


def test_a_copy_waits_for_whoever_writes_without_the_clock(source: Database, server: Database) -> None:
    thread = Thread(target=copied, args=(source, server))
    with server.unversioned() as session:
        enqueue_import(session, CALLER, "request")
        thread.start()
        until_somebody_waits(server)
        kept = keep(session, ("office", "key"), "request", 200, [], b"")
    thread.join()

    assert kept
    with source.reading() as reading, server.reading() as session:
        assert count_rows(session) == count_rows(reading)


def test_writers_of_the_clock_go_on_when_a_copy_is_done(source: Database, server: Database) -> None:
    versions = []

    def write() -> None:
        with server.writing() as session:
            versions.append(session.info["version"])

    thread = Thread(target=write)
    with source.reading() as reading, server.writing() as writing:
        thread.start()
        until_somebody_waits(server)
        for _ in copying(reading, writing):
            pass
    thread.join()

    with source.reading() as session:
        assert versions == [last_change(session).version + 1]


def test_a_copy_lets_go_of_what_it_was_read_from_before_it_is_read_back(source: Database, target: Database) -> None:
    with source.reading() as reading, target.writing() as writing:
        rows = count_rows(reading)
        held = []
        steps = 0
        for step in copying(reading, writing):
            steps += step
            held.append((steps > rows, reading.in_transaction()))

    assert set(held) == {(False, True), (True, False)}


def test_rows_are_counted_before_anybody_has_to_wait(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def count(session: Session) -> int:
        target.wait_for_writer(wait_ms=300)
        counted.append(count_rows(session))
        return counted[0]

    monkeypatch.setattr(backup, "count_rows", count)

    held = backup.transfer(source.url, target.url)

    assert [held.rows] == counted


def test_a_copy_may_take_as_long_as_it_takes(server: Database) -> None:
    def settings(session: Session) -> list[str]:
        names = ("idle_in_transaction_session_timeout", "statement_timeout")
        return [session.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    with backup.closing_database(server.url) as database:
        with database.reading() as session:
            read = settings(session)
        with database.writing() as session:
            written = settings(session)

    assert read == written == ["0", "0"]


def until_somebody_waits(database: Database) -> None:
    """Return when a session waits for a lock on the server."""
    deadline = time.monotonic() + 60
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while time.monotonic() < deadline:
        with database.reading() as session:
            if session.execute(text(waiting)).scalar_one():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
