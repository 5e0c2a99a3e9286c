"""What writes leave for the feed of changes: in the order of the commits, once each, up to a snapshot."""

from collections.abc import Iterator

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from app.store.changes import (
    KINDS,
    Change,
    Changed,
    ChangePlace,
    first_version,
    last_changed_at,
    list_changes,
    record_change,
    record_changes,
    record_values,
)
from app.store.db import Database

BEGINNING = ChangePlace(0)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def all_changes(
    session: Session, after: ChangePlace = BEGINNING, limit: int = 1000, until: int = 2**60
) -> list[Change]:
    return list_changes(session, after=after, until=until, kinds=dict.fromkeys(KINDS, true()), limit=limit)


def written(database: Database) -> int:
    """A write of three kinds; its version."""
    with database.writing() as session:
        record_change(session, "periods", "locked", "period:2024-07", period="2024-07")
        record_changes(session, "units", [Changed("stated", f"unit:{code}", code) for code in ("H60.2", "H60.10")])
        record_values(session, "imported", "import:1", {("2024-07", "H60.2"), ("2024-06", "H60.2")})
        return int(session.info["version"])


def test_changes_come_in_the_order_of_the_versions_whatever_their_kind(database: Database) -> None:
    first, second = written(database), written(database)

    with database.reading() as session:
        found = all_changes(session)

    told = [(each.version, each.kind, each.unit, each.period) for each in found]
    of_one = [
        ("periods", "", "2024-07"),
        ("units", "H60.10", ""),
        ("units", "H60.2", ""),
        ("values", "H60.2", "2024-06"),
        ("values", "H60.2", "2024-07"),
    ]
    assert told == [(version, *each) for version in (first, second) for each in of_one]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_length_tell_each_change_once(database: Database, limit: int) -> None:
    written(database)
    written(database)

    with database.reading() as session:
        found, after = list[Change](), BEGINNING
        while page := all_changes(session, after, limit):
            found, after = found + page, page[-1].place

        assert found == all_changes(session)


def test_a_thing_that_a_write_changes_twice_is_told_once(database: Database) -> None:
    with database.writing() as session:
        record_change(session, "periods", "locked", "period:2024-07", period="2024-07")
        record_change(session, "periods", "due", "period:2024-07", period="2024-07")
        record_values(session, "imported", "import:1", [("2024-07", "H60")])
        record_values(session, "imported", "import:1", [("2024-07", "H60")])

    with database.reading() as session:
        assert [each.action for each in all_changes(session)] == ["locked", "imported"]


def test_what_is_behind_a_whole_version_is_of_later_ones(database: Database) -> None:
    first, second = written(database), written(database)

    with database.reading() as session:
        assert {each.version for each in all_changes(session, ChangePlace(first))} == {second}
        assert all_changes(session, ChangePlace(second)) == []
        assert {each.version for each in all_changes(session, until=first)} == {first}


def test_only_the_kinds_that_are_asked_for_are_listed(database: Database) -> None:
    written(database)

    with database.reading() as session:
        found = list_changes(session, after=BEGINNING, until=2, kinds={"units": true()}, limit=10)
        assert [each.unit for each in found] == ["H60.10", "H60.2"]
        assert list_changes(session, after=BEGINNING, until=2, kinds={}, limit=10) == []


def test_histories_are_told_apart_by_when_they_changed_last(database: Database) -> None:
    first = written(database)
    with database.writing():
        pass  # a write that changes nothing
    second = written(database)

    with database.reading() as session:
        assert first_version(session) == 0
        at = [last_changed_at(session, version) for version in (first, first + 1, second)]
        assert at[0] == at[1] < at[2]
