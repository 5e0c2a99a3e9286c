"""What the lines of an import are checked against: looked up once, and remembered within bounds."""

from collections.abc import Iterator

import pytest

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import ImportedRow
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.limits import ImportLimits
from app.services.imports.row_checks import ImportOptions, RowChecker
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.db import Database
from tests.make import a_commune, a_unit
from tests.support.rival import CALLER
from tests.support.work import counted_work

DEPTH = 20
DEEPEST = f"H60.{DEPTH}"
PERIODS = ("2024-01", "2024-02", "2024-03")


def state(database: Database, *units: dict[str, object]) -> None:
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument.model_validate(unit)) for unit in units])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A branch of units, each under the one before it."""
    database = Database(database_url)
    ship(database)
    below = [a_commune(f"H60.{n}", parent=f"H60.{n - 1}" if n > 1 else "H60") for n in range(1, DEPTH + 1)]
    state(database, a_unit(), *below)
    yield database
    database.dispose()


def end_the_top(database: Database) -> None:
    """The first unit of the branch ends; those below it stay where they stand."""
    state(database, a_commune("H60.1", parent="H60", valid_to="2023-12-31"))


def lines(*units: str) -> list[ImportedRow]:
    return [
        ImportedRow(InputLocation(), period, unit, "dossier_sync", "manual") for unit in units for period in PERIODS
    ]


def warned(checker: RowChecker, rows: list[ImportedRow]) -> int:
    checker.learn(rows)
    return sum(checker.cut_off_warning(line) is not None for line in rows)


@pytest.mark.parametrize("is_cut_off", [False, True])
def test_a_further_row_costs_the_same_however_deep_its_unit_stands(database: Database, is_cut_off: bool) -> None:
    if is_cut_off:
        end_the_top(database)
    with database.reading() as session:
        checker = RowChecker(session, CALLER, ImportOptions())
        warned(checker, lines("H60.2", DEEPEST))

        with counted_work() as shallow:
            warned(checker, lines("H60.2"))
        with counted_work() as deep:
            warned(checker, lines(DEEPEST))

    assert deep.count == shallow.count


def test_what_is_remembered_of_rows_that_are_right_is_bounded(database: Database) -> None:
    end_the_top(database)
    with database.reading() as session:
        checker = RowChecker(session, CALLER, ImportOptions(), ImportLimits(pairs=4))

        found = warned(checker, lines("H60", "H60.2", DEEPEST, "H60.3", "H60"))

    assert found == 3 * len(PERIODS)
    assert len(checker.missing) <= 4


def test_a_unit_is_warned_of_once_a_period_however_much_is_remembered(database: Database) -> None:
    end_the_top(database)
    indicators = ("dossier_sync", "digitization_rate")
    rows = [
        {"unit": DEEPEST, "period": period, "indicator": indicator, "numerator": 1, "denominator": 2}
        for indicator in indicators
        for period in PERIODS
    ]
    placed = [(InputLocation(row=number), row) for number, row in enumerate(rows)]
    limits = ImportLimits(rows=2, pairs=len(PERIODS))

    with database.reading() as session:
        record = import_values(session, CALLER, placed, ImportOptions(dry_run=True), limits=limits)

    assert (record.errors, len(record.warnings)) == ([], len(PERIODS))
