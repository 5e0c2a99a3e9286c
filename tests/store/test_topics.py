"""What each kind of statement reads and touches is found, on both databases, whichever way it is sent."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.store import bulk_values
from app.store.cache import cached, cached_places
from app.store.db import Database
from app.store.keys import KeyRow, add_key, find_key
from app.store.period_values import unit_figures
from app.store.topics import BASE, LATEST, FigurePlace, TopicStamps, of_figures, places_of, write_topic
from app.store.unit_versions import U, UnitVersion
from app.store.values import CURRENT, Clocks, CurrentValue, PastValue, all_periods, periods_of

Write = Callable[[Session], object]

NUMBER: dict[str, Any] = {"numerator": None, "denominator": None, "value": 1, "decimals": 0, "note": None}
REVISION = {**NUMBER, "observed_at": 1, "known_at": 1, "import_id": 1, "retracted": False}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.writing():
        pass
    yield database
    database.dispose()


def rows(*periods: str) -> list[tuple[Any, ...]]:
    of_key = {"unit": "H60.1", "indicator": "on_time", "source": "s"}
    named = [{**REVISION, **of_key, "period": period} for period in periods]
    return [tuple(each[name] for name in bulk_values.ROW) for each in named]


def orm_row(session: Session) -> None:
    add_key(session, KeyRow(name="a", hash="h", scopes=[], unit=None, created_at=1, revoked_at=None))


def orm_change(session: Session) -> None:
    """Left for the flush at the end of the transaction."""
    orm_row(session)
    key = find_key(session, "a")
    assert key is not None
    key.revoked_at = 2


def undeclared(session: Session) -> None:
    bulk_values.add_current(session, rows("2024-01"))
    session.execute(update(CurrentValue).where(CURRENT.period == "2024-01").values(note="x"))


def declared(session: Session) -> None:
    with of_figures(session, places_of(["2024-03"])):
        session.execute(delete(PastValue))


EVERYWHERE = ("figures:*:*", "figures:*:H60")
JANUARY = ("figures:2024-01:H60", "figures:2024-01:*")
ALL_OF_NONE: frozenset[str] = frozenset()
WRITES: tuple[tuple[Write, frozenset[str]], ...] = (
    (lambda session: None, ALL_OF_NONE),
    (orm_row, frozenset({"keys"})),
    (orm_change, frozenset({"keys"})),
    (lambda s: s.execute(delete(UnitVersion)), frozenset({"unit_versions"})),
    (lambda s: s.execute(text('UPDATE "period_dues" SET due_on = due_on')), frozenset({"period_dues"})),
    (lambda s: s.connection().exec_driver_sql("DELETE FROM tasks"), frozenset({"tasks"})),
    (
        lambda s: bulk_values.add_current(s, rows("2024-01", "2024-02")),
        frozenset(
            {*EVERYWHERE, "figures:2024-01:H60", "figures:2024-01:*", "figures:2024-02:H60", "figures:2024-02:*"}
        ),
    ),
    (lambda s: bulk_values.write_current(s, rows("2024-01")), frozenset({*EVERYWHERE, *JANUARY})),
    (lambda s: bulk_values.write_past(s, rows("2024-01")), frozenset({*EVERYWHERE, *JANUARY})),
    (lambda s: bulk_values.write_past(s, []), ALL_OF_NONE),
    (declared, frozenset({"figures:*:*", "figures:2024-03:?", "figures:2024-03:*", "figures:*:?"})),
    (undeclared, frozenset({*EVERYWHERE, *JANUARY, "figures:?:?"})),
    (lambda s: s.execute(text("DELETE FROM kept_answers")), ALL_OF_NONE),
)


def stamps(database: Database) -> TopicStamps:
    found = database.versions.read_topics()
    assert found is not None
    return found


@pytest.mark.parametrize("number", range(len(WRITES)))
def test_a_write_moves_what_it_touches_and_nothing_else(number: int, database: Database) -> None:
    write, touched = WRITES[number]
    before = stamps(database).rows

    with database.writing() as session:
        write(session)

    after = stamps(database).rows
    assert before is not None
    assert after is not None
    own = write_topic(stamps(database).state.version)
    assert {topic for topic in after if after[topic] != before.get(topic)} == {LATEST, own, *touched}


def test_a_write_that_fails_moves_nothing(database: Database) -> None:
    before = stamps(database)

    with suppress(ZeroDivisionError), database.writing() as session:
        orm_row(session)
        raise ZeroDivisionError

    assert stamps(database) is before


def test_after_a_write_that_noted_nothing_the_next_one_moves_all(database: Database) -> None:
    with database.writing() as session:
        orm_row(session)
    before = stamps(database)
    with database.engine.execution_options(writer=True).begin() as connection:
        connection.execute(text("UPDATE clock SET version = version + 1"))
    unknown = stamps(database)

    with database.writing():
        pass

    assert unknown.rows is None
    assert not before.basis(["keys"]).stands(unknown)
    assert not before.basis(["keys"]).stands(stamps(database))
    assert stamps(database).rows is not None
    last = stamps(database)
    assert set(last.rows or ()) == {BASE, LATEST, write_topic(last.state.version)}


IN_JANUARY = {"figures:2024-01:H60", "figures:2024-01:?", "figures:?:?"}
READS: tuple[tuple[Callable[[Session], object], set[str]], ...] = (
    (lambda s: find_key(s, "a"), {"keys"}),
    (lambda s: s.execute(select(U.code)).all(), {"unit_versions"}),
    (lambda s: s.execute(text("SELECT replace(code, 'H', 'h') FROM unit_versions")).all(), {"unit_versions"}),
    (lambda s: unit_figures(s, "2024-01", "H60.1", Clocks()), IN_JANUARY),
    (lambda s: unit_figures(s, "2024-01", "H60.1", Clocks(as_of=1)), IN_JANUARY),
    (lambda s: unit_figures(s, "2024-01", "H60", Clocks()), {"figures:2024-01:", "figures:2024-01:?", "figures:?:?"}),
    (lambda s: periods_of(s, "H60.1"), {"figures:*:H60", "figures:*:?", "figures:?:?"}),
    (all_periods, {"figures:*:*"}),
    (lambda s: s.execute(text("SELECT 1 FROM clock")).all(), set()),
)


@pytest.mark.parametrize("number", range(len(READS)))
def test_a_read_rests_on_what_it_names(number: int, database: Database) -> None:
    read, topics = READS[number]

    with database.reading() as session:
        read(session)

        assert session.info["topics"].read == topics


def test_what_is_cached_rests_on_all_that_is_read_for_it_however_deep(database: Database) -> None:
    """And who finds it rests on the same."""

    def inner(session: Session) -> int:
        find_key(session, "a")
        return 1

    def outer(session: Session) -> int:
        cached(session, "inner", lambda: inner(session))
        return len(unit_figures(session, "2024-01", "H60.1", Clocks()))

    for _ in range(2):
        with database.reading() as session:
            session.execute(select(U.code)).all()
            assert cached(session, "outer", lambda: outer(session) + 1) == 1
            assert session.info["topics"].read == {"unit_versions", "keys", *IN_JANUARY}
    with database.writing() as session:
        bulk_values.add_current(session, rows("2024-01"))
    with database.reading() as session:
        assert cached(session, "outer", lambda: outer(session) + 1) == 2


def test_an_older_snapshot_is_not_told_what_a_younger_one_worked_out(database: Database) -> None:
    def count(session: Session) -> int:
        return 1 + len(unit_figures(session, "2024-01", "H60.1", Clocks()))

    with database.reading() as older:
        older.execute(text("SELECT version FROM clock")).all()
        with database.writing() as session:
            bulk_values.add_current(session, rows("2024-01"))
        with database.reading() as younger:
            assert cached(younger, "count", lambda: count(younger)) == 2

        assert cached(older, "count", lambda: count(older)) == 1
    with database.reading() as youngest:
        assert cached(youngest, "count", lambda: count(youngest)) == 2


def test_who_began_to_read_before_a_write_finds_what_his_like_worked_out(database: Database) -> None:
    """Else readers before and after a write, in turn, work out everything anew."""

    def count(session: Session) -> int:
        return 1 + len(unit_figures(session, "2024-01", "H60.1", Clocks()))

    with database.reading() as first, database.reading() as second:
        for each in (first, second):
            each.execute(text("SELECT version FROM clock")).all()
        assert cached(first, "count", lambda: count(first)) == 1
        with database.writing() as session:
            bulk_values.add_current(session, rows("2024-01"))
        with database.reading() as younger:
            assert cached(younger, "count", lambda: count(younger)) == 2

        assert cached(second, "count", lambda: 1 // 0) == 1


def other_history(database: Database, version: int) -> None:
    """The clock goes back to a version and comes to where it was by another write, as after a restoration."""
    with database.engine.execution_options(writer=True).begin() as connection:
        connection.execute(text("UPDATE clock SET version = :version"), {"version": version})
        connection.execute(text("UPDATE topic_versions SET version = :version WHERE topic = ''"), {"version": version})
    with database.writing() as session:
        session.execute(delete(UnitVersion))


def test_what_is_read_of_the_topics_is_what_moved_since(database: Database) -> None:
    first = stamps(database)
    with database.writing() as session:
        bulk_values.add_current(session, rows("2024-01"))
    second = stamps(database)
    with database.writing() as session:
        orm_row(session)

    fresh = Database(database.url)
    try:
        assert stamps(database).rows == stamps(fresh).rows
    finally:
        fresh.dispose()
    assert second.basis(["figures:2024-01:H60"]).stands(stamps(database))
    assert not first.basis(["figures:2024-01:H60"]).stands(stamps(database))


def test_what_was_known_of_another_history_counts_for_nothing(database: Database) -> None:
    with database.writing() as session:
        orm_row(session)
    before = stamps(database)

    other_history(database, before.state.version - 1)
    with database.writing() as session:  # beyond the version that was read before
        bulk_values.add_current(session, rows("2024-01"))

    assert not before.basis(["unit_versions"]).stands(stamps(database))


@pytest.mark.parametrize("door", ["reading", "writing"])
def test_of_no_place_nothing_is_asked(door: str, database: Database) -> None:
    def ask(_: object) -> dict[FigurePlace, int]:
        raise AssertionError

    with getattr(database, door)() as session:
        assert cached_places(session, {}, ask, given=()) == {}
