"""Readers beside an import: who names an instant gets one answer for it, before the commit and after."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from app.domain.input_location import InputLocation
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.imports.undo import undo_import
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.services.values import list_revisions, list_values
from app.store.db import Database, last_change, no_writer_can_change
from app.store.values import Clocks, ValueFilter
from tests.make import a_unit, some_figures
from tests.support.rival import CALLER


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**a_unit()))])
    yield database
    database.dispose()


def numerators(database: Database, as_of: int) -> list[Any]:
    with database.reading() as session:
        last_change(session)  # a snapshot, as the look-up of a key takes one
        if not no_writer_can_change(session, as_of):
            database.wait_for_writer()
        return [v["numerator"] for v in list_values(session, CALLER, ValueFilter(), Clocks(as_of), after=None, limit=9)]


def test_who_asks_for_an_instant_of_a_running_import_waits_for_it(database: Database) -> None:
    with ThreadPoolExecutor(2) as threads:
        with database.writing() as session:
            row = import_values(session, CALLER, [(InputLocation("/0"), some_figures()[0])], ImportOptions())
            asked = threads.submit(numerators, database, row.known_at)
            before = threads.submit(numerators, database, row.known_at - 10**9)
            assert before.result(timeout=10) == []
            assert not wait([asked], timeout=0.2).done

        assert asked.result(timeout=10) == [25775]


def test_a_writer_does_not_wait_for_itself(database: Database) -> None:
    with database.writing() as session:
        row = import_values(session, CALLER, [(InputLocation("/0"), some_figures()[0])], ImportOptions())
        assert no_writer_can_change(session, row.known_at)
        assert len(list(list_values(session, CALLER, ValueFilter(), Clocks(row.known_at), after=None, limit=9))) == 1


def test_a_history_as_of_an_instant_does_not_tell_of_a_later_undo(database: Database) -> None:
    with database.writing() as session:
        row = import_values(session, CALLER, [(InputLocation("/0"), some_figures()[0])], ImportOptions())
    with database.writing() as session:
        undone = undo_import(session, CALLER, row.id or 0)

    def undone_at(as_of: int | None) -> list[object]:
        with database.reading() as session:
            rows = list_revisions(session, CALLER, ValueFilter(), Clocks(as_of), after=None, limit=9)
        return [revision["undone_at"] for revision in rows]

    assert undone_at(row.known_at) == [None]
    assert undone_at(undone.known_at - 1) == [None]
    assert undone_at(undone.known_at) == undone_at(None) != [None]
