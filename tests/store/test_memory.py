"""What is worked out from the data is kept until the data changes, and not a moment longer."""

import pytest

from app.store.cache import cached
from app.store.db import Database


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
