"""Readings of the state that requests share: begun after each of them asked, and given up where nobody answers."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from app.api.data_version import DataVersion
from app.errors import Unavailable
from app.store.data_state import DataState
from app.store.data_version import DataVersionReader
from app.store.db import Database, last_change
from app.store.topics import TopicStamps


class Slow(DataVersionReader):
    """Versions that are read in a thread, and there only when the test lets go."""

    at_hand = False

    def __init__(self, database: Database) -> None:
        self.read_now = database.versions.read_topics
        self.thread = database.versions.thread
        self.begun, self.go_on = Event(), Event()
        self.times = 0

    def read_topics(self) -> TopicStamps | None:
        self.times += 1
        found = self.read_now()
        self.begun.set()
        self.go_on.wait(10)
        return found


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def slow(database: Database) -> Iterator[Slow]:
    versions = Slow(database)
    yield versions
    versions.go_on.set()


def write(database: Database) -> DataState:
    """What the data are at after a write."""
    with database.writing():
        pass
    with database.reading() as session:
        return last_change(session)


def state_of(stamps: TopicStamps | None) -> DataState | None:
    return None if stamps is None else stamps.state


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.001)


async def test_whoever_asks_while_one_runs_shares_the_next_and_sees_the_write_between(
    database: Database, slow: Slow
) -> None:
    shared = DataVersion(slow)
    early = asyncio.create_task(shared.stamps())
    await until(slow.begun.is_set)

    before = database.versions.read()
    written = write(database)
    late = [asyncio.create_task(shared.stamps()) for _ in range(5)]
    await asyncio.sleep(0.01)
    slow.go_on.set()

    assert state_of(await early) == before
    assert [state_of(each) for each in await asyncio.gather(*late)] == [written] * 5
    assert slow.times == 2


async def test_one_who_leaves_takes_the_reading_from_nobody(database: Database, slow: Slow) -> None:
    shared = DataVersion(slow)
    leaving, staying = asyncio.create_task(shared.stamps()), asyncio.create_task(shared.stamps())
    await until(slow.begun.is_set)

    leaving.cancel()
    slow.go_on.set()

    assert state_of(await staying) == database.versions.read()


async def test_a_database_that_does_not_answer_is_not_waited_for(slow: Slow) -> None:
    shared = DataVersion(slow, patience_s=0.02)

    with pytest.raises(Unavailable):
        await shared.stamps()
    shared.patience_s = 10  # so short a time may be too short for one that does answer
    slow.go_on.set()
    assert await shared.stamps() is not None


async def test_readings_one_after_the_other_each_show_the_last_write(database: Database) -> None:
    shared = DataVersion(database.versions)

    for _ in range(5):
        written = write(database)
        assert state_of(await shared.stamps()) == written


def test_a_reading_that_outlives_the_database_opens_no_connection(database_url: str) -> None:
    database = Database(database_url)
    under_way = database.versions

    database.dispose()

    assert under_way.read() is None
    assert under_way.connection is None
