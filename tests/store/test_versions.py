"""The version as it is asked for before kept answers: never older than a commit, and None where nobody answers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.store.data_state import DataState
from app.store.db import Database, last_change


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def write(database: Database) -> DataState:
    """What the data are at after a write."""
    with database.writing():
        pass
    with database.reading() as session:
        return last_change(session)


def test_every_reading_shows_what_was_committed_before_it(database: Database, database_url: str) -> None:
    other = Database(database_url)

    for _ in range(20):
        written = write(other)
        assert database.versions.read() == written
    other.dispose()


def test_what_is_not_committed_is_not_seen_and_waits_for_nobody(database: Database) -> None:
    before = database.versions.read()

    with database.writing():
        assert database.versions.read() == before


def test_many_threads_are_answered(database: Database) -> None:
    written = write(database)

    with ThreadPoolExecutor(8) as threads:
        readings = [threads.submit(database.versions.read) for _ in range(200)]
        wait(readings)

    assert {each.result() for each in readings} == {written}


def test_a_reading_holds_on_to_no_snapshot(database: Database) -> None:
    """Else the write-ahead log of SQLite would grow as long as the service runs."""
    database.versions.read()
    write(database)
    database.versions.read()
    write(database)

    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert busy == 0
    with database.reading() as session:
        assert database.versions.read() == last_change(session)


def test_a_file_that_was_moved_away_answers_no_longer(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a file is SQLite's")
    path = Path(str(make_url(database.url).database))
    elsewhere = path.with_name(f"{path.name}.elsewhere")
    before = database.versions.read()

    path.rename(elsewhere)
    path.mkdir()
    gone = database.versions.read()
    path.rmdir()
    elsewhere.rename(path)

    assert gone is None
    assert database.versions.read() == before


def test_where_there_is_no_server_there_is_no_version() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")

    assert database.versions.read() is None
    database.dispose()
