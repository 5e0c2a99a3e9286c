"""Several at once on one database: nothing is lost, nobody sees half of it, time never stands still."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.input_location import InputLocation
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.unit_checks import StatedUnit
from app.services.units import put_unit, state_units
from app.services.values import list_values
from app.store.audit import broken_links, count_entries, list_entries
from app.store.db import Database, last_change, stamp
from app.store.units import list_units, load_units
from app.store.values import Clocks, ValueFilter
from tests.make import a_commune, a_unit, some_figures
from tests.support.rival import CALLER, count_up

TIMES = 50


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.writing() as session:
        put_unit(session, CALLER, UnitDocument(**a_unit(name="0")))
    yield database
    database.dispose()


def assert_nothing_lost(database: Database, changes: int) -> None:
    with database.reading() as session:
        assert load_units(session, ["H60"])["H60"].last.name == str(changes)
        assert count_entries(session) == 1 + changes
        assert list(broken_links(session)) == []
        stamps = [
            entry.at for entry in list_entries(session, filters={}, since=None, until=None, before=None, limit=999)
        ]
        assert stamps == sorted(set(stamps), reverse=True)


def test_two_processes_that_read_and_then_write_lose_nothing(database: Database, database_url: str) -> None:
    command = [sys.executable, "-m", "tests.support.rival", database_url, str(TIMES)]

    rivals = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [rival.communicate(timeout=60)[1] for rival in rivals]

    assert [rival.returncode for rival in rivals] == [0, 0], errors
    assert_nothing_lost(database, 2 * TIMES)


def test_threads_of_one_process_lose_nothing_either(database: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: count_up(database, 10), range(4)))

    assert_nothing_lost(database, 40)


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.reading() as session:
        before = [row.name for row in list_units(session, limit=10)]
        count_up(database, 1)
        with database.writing() as writer:
            put_unit(writer, CALLER, UnitDocument(**a_commune()))
            during = [row.name for row in list_units(session, limit=10)]
        after = [row.name for row in list_units(session, limit=10)]
        change = last_change(session)

    assert before == during == after == ["0"]
    with database.reading() as session:
        assert len(list_units(session, limit=10)) == 2
        assert last_change(session) > change


def test_an_import_is_seen_whole_or_not_at_all(database: Database) -> None:
    ship(database)
    units = [StatedUnit(UnitDocument(**a_commune(f"H60.{number}"))) for number in range(300)]
    with database.writing() as session:
        state_units(session, CALLER, units)
    codes = [each.facts.code for each in units]
    seen = set()

    def write(numerator: int) -> None:
        rows = [(InputLocation(f"/{n}"), row) for n, row in enumerate(some_figures(*codes, numerator=numerator))]
        with database.writing() as session:
            import_values(session, CALLER, rows, ImportOptions())

    with ThreadPoolExecutor(1) as thread:
        writes = [thread.submit(write, numerator) for numerator in range(1, 6)]
        while not all(each.done() for each in writes):
            with database.reading() as session:
                values = list(list_values(session, CALLER, ValueFilter(), Clocks(), after=None, limit=1000))
                seen.add((len(values), frozenset(value["numerator"] for value in values)))
        for each in writes:
            each.result()

    assert seen <= {(0, frozenset()), *((300, frozenset({numerator})) for numerator in range(1, 6))}


def test_every_commit_is_known_later_than_the_one_before_even_while_the_clock_stands(database_url: str) -> None:
    database = Database(database_url, now=lambda: 1000)
    stamps = []
    for _ in range(5):
        with database.writing() as session:
            stamps += [stamp(session), stamp(session)]
    database.dispose()

    assert stamps == [1000, 1000, 1001, 1001, 1002, 1002, 1003, 1003, 1004, 1004]
