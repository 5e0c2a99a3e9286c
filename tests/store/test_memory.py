"""What is worked out from the data is kept until the data changes, and not a moment longer."""

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from threading import Barrier
from time import sleep

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.store import memory as memory_module
from app.store.cache import cached, cached_permanently, cached_places, stamps_of
from app.store.db import Database
from app.store.keys import KeyRow, add_key, find_key
from app.store.memory import ENTRY, Memory, size_of


class Worked:
    """A computation that counts how often it was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def failing(database: Database, worked: Worked) -> None:
    """A write that works something out and then fails."""
    with database.writing() as session:
        cached(session, ("board",), worked)
        raise ZeroDivisionError


@pytest.fixture
def worked() -> Worked:
    return Worked()


def test_it_is_made_once_for_one_state_of_the_data(database_url: str, worked: Worked) -> None:
    database = Database(database_url)
    for _ in range(2):
        with database.reading() as session:
            assert cached(session, ("board",), worked) == 1
    database.dispose()


def test_a_write_makes_it_anew(database_url: str, worked: Worked) -> None:
    database = Database(database_url)
    with database.reading() as session:
        cached(session, ("board",), worked)
    with database.writing():
        pass
    with database.reading() as session:
        assert cached(session, ("board",), worked) == 2
    database.dispose()


def test_what_a_failed_write_worked_out_is_not_taken_for_the_next_one(database_url: str, worked: Worked) -> None:
    database = Database(database_url)
    with pytest.raises(ZeroDivisionError):
        failing(database, worked)
    with database.writing():
        pass

    with database.reading() as session:
        assert cached(session, ("board",), worked) == 2
    database.dispose()


@dataclass(slots=True)
class Row:
    code: str
    points: int


class Plain:
    def __init__(self, number: int) -> None:
        self.name = f"unit {number}"
        self.shares = [number + 0.5, Decimal(number)]


SHAPES: tuple[Callable[[], object], ...] = (
    lambda: b"x" * 300_000,
    lambda: np.zeros((5, 20_000), dtype=np.int64),
    lambda: [np.zeros(3_000, dtype=np.bool_) for _ in range(50)],
    lambda: [f"H60.{number}" for number in range(5_000)],
    lambda: [Row(f"H60.{number}", 10**6 + number) for number in range(5_000)],
    lambda: [Plain(number) for number in range(3_000)],
    lambda: {f"key {number}": {"points": 10**6 + number, "names": (f"a {number}", None)} for number in range(3_000)},
    lambda: {"all": np.arange(50_000), "one": "x" * 1_000, "none": None},
    lambda: ["the same for all"] * 50_000,
    lambda: np.array([f"source {number}" for number in range(20_000)], dtype=np.object_),
    lambda: np.arange(90_000)[:10],
)


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_a_thing_is_weighed_as_it_is_allocated(number: int) -> None:
    """A quarter more or less; of long lists a sample is weighed."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    made = SHAPES[number]()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size_of(made) == pytest.approx(after - before, rel=0.25)


WAYS: dict[str, Callable[[Session, Callable[[], int]], int]] = {
    "a thing": lambda session, make: cached(session, "board", make),
    "places": lambda session, make: cached_places(
        session, {("2024", "H60"): "figures"}, lambda places: {place: make() for place in places}, given=()
    )["2024", "H60"],
    "what never changes": lambda session, make: cached_permanently(session, "content", make),
}


@pytest.mark.parametrize("way", WAYS)
def test_of_those_who_ask_at_once_one_works_it_out_for_all(database_url: str, worked: Worked, way: str) -> None:
    database, together = Database(database_url), Barrier(6)

    def slowly() -> int:
        sleep(0.1)
        return worked()

    def ask(_: int) -> int:
        with database.reading() as session:
            together.wait(20)
            return WAYS[way](session, slowly)

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(ask, range(6)))

    assert found == [1] * 6
    assert database.memory.turns == {}
    database.dispose()


def test_who_has_waited_long_for_another_goes_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "PATIENCE_S", 0.01)
    memory = Memory()
    with memory.turn("board"), ThreadPoolExecutor(1) as thread:

        def enter() -> str:
            with memory.turn("board"):
                return "inside"

        assert thread.submit(enter).result(20) == "inside"
    assert memory.turns == {}


def test_a_turn_that_fails_is_given_on(worked: Worked, database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as session, pytest.raises(ZeroDivisionError):
        cached(session, "board", lambda: 1 // 0)
    with database.reading() as session:
        assert cached(session, "board", worked) == 1
    database.dispose()


def test_what_was_not_asked_for_longest_makes_way_and_what_is_too_large_has_no_place() -> None:
    memory = Memory(10 * (ENTRY + 1_000))
    for number in range(12):
        memory.put(number, str(number), 1_000)
        memory.find(0)
    memory.put("large", "", 9 * ENTRY + 9_000)
    memory.put(0, "other", 500)

    assert list(memory.entries) == [*range(3, 12), 0]
    assert memory.find(0) == "other"
    assert memory.size == 9 * (ENTRY + 1_000) + ENTRY + 500


def another_key(database: Database, name: str) -> None:
    with database.writing() as session:
        add_key(session, KeyRow(name=name, hash=name, scopes=[], unit=None, created_at=1, revoked_at=None))


def test_older_states_make_way_before_the_newest_is_too_large(database_url: str) -> None:
    database = Database(database_url, memory=Memory(1_000_000))
    for number in range(3):
        another_key(database, str(number))
        for make in (lambda: b"x" * 300_000, lambda: b"made again"):
            with database.reading() as session:
                find_key(session, "x")
                found = cached(session, "board", make)
        assert found == b"x" * 300_000
    database.dispose()


def states_of(database: Database, key: str) -> list[object]:
    """What is kept of a thing, the newest first."""
    return [each.value for each in database.memory.find(key) or ()]


def test_what_has_fallen_is_let_go_whether_it_is_asked_for_or_not(database_url: str, worked: Worked) -> None:
    database = Database(database_url)

    def ask() -> None:
        with database.reading() as session:
            cached(session, "keys", lambda: str(find_key(session, "x")) + str(worked()))
        with database.reading() as session:
            cached(session, "figures", lambda: session.execute(text("SELECT count(*) FROM current_values")).scalar())
            cached_permanently(session, "content", lambda: "for ever")

    def look() -> None:
        with database.reading() as session:
            database.memory.drop_fallen(stamps_of(session))

    ask()
    another_key(database, "a")
    ask()
    before = database.memory.size
    assert states_of(database, "keys") == ["None2", "None1"]

    look()
    assert states_of(database, "keys") == ["None2"]
    shrunk = database.memory.size

    another_key(database, "b")
    look()
    assert list(database.memory.entries) == ["figures", "content"]
    assert before > shrunk > database.memory.size == sum(size for _, size in database.memory.entries.values())
    database.dispose()


def test_a_look_at_an_older_state_leaves_what_came_after_it(database_url: str, worked: Worked) -> None:
    database = Database(database_url)
    with database.reading() as session:
        older = stamps_of(session)
    another_key(database, "a")
    with database.reading() as session:
        cached(session, "keys", lambda: str(find_key(session, "x")))

    database.memory.drop_fallen(older)

    assert states_of(database, "keys") == ["None"]
    database.dispose()
