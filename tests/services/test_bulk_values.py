"""Large files: read in chunks, a second time where figures stand in them twice; told as if it were one piece."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from app.answers.faults import FaultBody
from app.domain.input_location import InputLocation
from app.domain.intake.headers import InputTable
from app.domain.intake.layouts import read_rows
from app.domain.intake.text_columns import read_texts
from app.domain.unit import UnitDocument
from app.errors import MOST_FAULTS, Conflict, Invalid, Language
from app.formats.row_readers import CsvTextRows, TableInput, read_rows_in
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.limits import ImportLimits
from app.services.imports.row_checks import ImportOptions
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.services.values import list_revisions, list_values
from app.store.audit import broken_links
from app.store.db import Database
from app.store.frameworks import indicator_kinds
from app.store.imports import ImportRow
from app.store.values import Clocks, ValueFilter
from tests.make import a_commune, a_unit
from tests.support.rival import CALLER

UNITS = 8
SMALL = ImportLimits(rows=3, figures=2)
"""What matters are the seams."""
MOMENT = "2024-08-{day:02d}T09:00:00+07:00"

Raw = dict[str, Any]


class File:
    """Rows that are made anew whenever somebody reads them; it counts how often."""

    def __init__(self, rows: list[Raw]) -> None:
        self.rows, self.read = rows, 0

    def __iter__(self) -> Iterator[tuple[InputLocation, object]]:
        self.read += 1
        return iter([(InputLocation(row=number), dict(row)) for number, row in enumerate(self.rows, 2)])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    clock = iter(range(1_800_000_000_000_000, 1_900_000_000_000_000, 7))
    database = Database(database_url, now=lambda: next(clock))
    ship(database)
    units = [a_unit(), *(a_commune(f"H60.{number}") for number in range(UNITS))]
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**unit)) for unit in units])
    yield database
    database.dispose()


def a_row(unit: int, above: int = 1, **overrides: Any) -> Raw:
    counts = {"numerator": str(above), "denominator": "9"}
    return {"unit": f"H60.{unit}", "period": "2024-07", "indicator": "dossier_sync", **counts, **overrides}


def take(database: Database, rows: list[Raw] | File, limits: ImportLimits = SMALL, **options: Any) -> ImportRow:
    session_of = database.reading if options.get("dry_run") else database.writing
    file = rows if isinstance(rows, File) else File(rows)
    with session_of() as session:
        return import_values(session, CALLER, file, ImportOptions(**options), limits=limits)


def standing(database: Database) -> list[tuple[str, Decimal | None, str]]:
    with database.reading() as session:
        values = list_values(session, CALLER, ValueFilter(), Clocks(), after=None, limit=1000)
    return [(v["unit"], v["numerator"], v["observed_at"].isoformat()[:10]) for v in values]


def history(database: Database) -> list[tuple[str, Any, str]]:
    with database.reading() as session:
        rows = list_revisions(session, CALLER, ValueFilter(), Clocks(), after=None, limit=1000)
    return [(row["unit"], row["numerator"], row["observed_at"].isoformat()[:10]) for row in rows]


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.row) for fault in refused.value.faults]


def test_a_file_is_read_once_where_no_figure_stands_in_it_twice(database: Database) -> None:
    file = File([a_row(unit) for unit in range(UNITS)])

    taken = take(database, file)

    assert (taken.rows, taken.created, file.read) == (UNITS, UNITS, 1)
    assert len(standing(database)) == UNITS


def test_a_fault_in_the_last_chunk_takes_back_the_first(database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        take(database, [*(a_row(unit) for unit in range(UNITS)), a_row(1, 10, period="2024-08")])

    assert codes(refused) == [("numerator_exceeds_denominator", 10)]
    assert refused.value.extra == {
        "rows": 9,
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "rejected": 9,
        "retracted": 0,
        "id": None,
    }
    assert standing(database) == []


def test_a_refused_file_leaves_nothing_even_where_the_transaction_goes_on(database: Database) -> None:
    with database.writing() as session, pytest.raises(Invalid):
        import_values(session, CALLER, File([*(a_row(unit) for unit in range(4)), a_row(1)]), ImportOptions())

    assert history(database) == []


def test_every_row_of_a_figure_that_stands_twice_is_named_however_far_apart(database: Database) -> None:
    file = File([a_row(0), *(a_row(unit) for unit in range(1, UNITS)), a_row(0, 2), a_row(5), a_row(0, 3)])

    with pytest.raises(Invalid) as refused:
        take(database, file)

    assert codes(refused) == [("duplicate_row", row) for row in (2, 7, 10, 11, 12)]
    assert file.read == 2
    assert history(database) == []


def test_a_faulty_row_is_named_beside_its_duplicates(database: Database) -> None:
    late = a_row(0, period="2024-07", source="nobody")
    with pytest.raises(Invalid) as refused:
        take(database, [late, a_row(1), a_row(2), a_row(3), late])

    assert codes(refused) == [
        ("source_unknown", 2),
        ("duplicate_row", 2),
        ("source_unknown", 6),
        ("duplicate_row", 6),
    ]


def test_skipping_stores_the_good_rows_of_every_chunk(database: Database) -> None:
    rows = [a_row(0), a_row(1), a_row(2, 10), a_row(3), a_row(1, 2), a_row(99), a_row(4)]

    taken = take(database, rows, skip=True)

    assert (taken.rows, taken.created, taken.rejected) == (7, 3, 4)
    assert [(e["en"]["code"], e["en"]["row"]) for e in taken.errors] == [
        ("duplicate_row", 3),
        ("numerator_exceeds_denominator", 4),
        ("duplicate_row", 6),
        ("unit_unknown", 7),
    ]
    assert [unit for unit, _, _ in standing(database)] == ["H60.0", "H60.3", "H60.4"]


def test_a_figure_that_stands_twice_is_told_of_every_row_also_of_one_that_cannot_be_read(database: Database) -> None:
    rows = [a_row(0), a_row(1), a_row(2), a_row(0, 10), a_row(3)]

    with pytest.raises(Invalid) as refused:
        take(database, rows)
    skipping = take(database, rows, skip=True)

    told = [("duplicate_row", 2), ("numerator_exceeds_denominator", 5), ("duplicate_row", 5)]
    assert codes(refused) == told
    assert [(e["en"]["code"], e["en"]["row"]) for e in skipping.errors] == told
    assert (skipping.rows, skipping.created, skipping.rejected) == (5, 3, 2)


def test_a_figure_that_stands_in_many_chunks_with_one_moment_is_told_and_not_written(database: Database) -> None:
    rows = [a_row(0, above, observed_at=MOMENT.format(day=1)) for above in range(1, 8)]

    with pytest.raises(Invalid) as refused:
        take(database, rows)

    assert codes(refused) == [("duplicate_row", row) for row in range(2, 9)]
    assert history(database) == []


def test_observations_of_one_figure_in_two_chunks_of_a_new_period_are_told_apart(database: Database) -> None:
    """What the first chunk wrote of the figure is not read again, and must not be met blindly by the second."""
    first, second = (f"2024-08-0{day}T09:00:00+07:00" for day in (1, 2))
    once = [a_row(0, 1, observed_at=first), a_row(0, 2, observed_at=second), a_row(1)]

    with pytest.raises(Invalid) as refused:
        take(database, [*once, a_row(0, 1, observed_at=first), a_row(0, 3)])

    assert codes(refused) == [("duplicate_row", 2), ("duplicate_row", 5)]
    assert history(database) == []
    assert take(database, [*once, a_row(0, 3)]).rows == 4
    assert [numerator for unit, numerator, _ in history(database) if unit == "H60.0"] == [3, 2, 1]


def test_a_period_that_has_not_begun_is_told_once_however_long_the_file(database: Database) -> None:
    taken = take(database, [a_row(unit, period="2199-01") for unit in range(UNITS)])

    assert [warning["en"]["code"] for warning in taken.warnings] == ["period_not_begun"]


OBSERVED = [a_row(unit, day, observed_at=MOMENT.format(day=day)) for day in (3, 1, 2) for unit in range(3)]


@pytest.mark.parametrize("rows", [OBSERVED, OBSERVED[::-1], sorted(OBSERVED, key=lambda row: row["unit"])])
def test_the_order_of_a_file_changes_nothing_across_chunks(database: Database, rows: list[Raw]) -> None:
    unsaid = [a_row(unit, 4) for unit in range(3)]

    taken = take(database, [*rows[:5], *unsaid, *rows[5:]])

    assert (taken.created, taken.updated) == (3, 9)
    assert [above for _, above, _ in standing(database)] == [4, 4, 4]
    assert [above for _, above, _ in history(database)] == [4, 3, 2, 1] * 3


def test_the_plan_of_a_dry_run_holds_across_chunks(database: Database) -> None:
    rows = [*(a_row(unit) for unit in range(UNITS)), *OBSERVED]
    plan = take(database, rows, dry_run=True)
    assert (plan.status, plan.created, plan.updated, history(database)) == ("planned", UNITS, 9, [])

    taken = take(database, rows, plan=plan.plan)
    assert (taken.created, taken.updated) == (plan.created, plan.updated)
    with pytest.raises(Conflict, match="no longer"):
        take(database, rows, plan=plan.plan)


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    rows = [a_row(unit, observed_at=MOMENT.format(day=1)) for unit in range(UNITS)]
    take(database, rows)

    again = take(database, rows)
    half = take(database, [{**row, "numerator": "2"} if unit % 2 else row for unit, row in enumerate(rows)])

    assert (again.unchanged, again.updated) == (UNITS, 0)
    assert (half.unchanged, half.updated) == (UNITS // 2, UNITS // 2)
    assert len(history(database)) == UNITS + UNITS // 2
    with database.reading() as session:
        assert list(broken_links(session)) == []


def test_what_is_beyond_the_errors_that_are_named_is_counted(database: Database) -> None:
    years = range(1900, 2100)

    with pytest.raises(Invalid) as refused:
        take(
            database, [a_row(unit, 10, period=str(year)) for unit in range(UNITS) for year in years][: MOST_FAULTS + 6]
        )

    *named, last = refused.value.faults
    assert [fault.code for fault in named] == ["numerator_exceeds_denominator"] * MOST_FAULTS
    assert last.detail("en") == f"6 further thing(s) must be mended; only the first {MOST_FAULTS} are named."
    assert refused.value.context["count"] == MOST_FAULTS + 6


def test_two_figures_whose_hashes_collide_are_no_duplicates(database: Database) -> None:
    file = File([a_row(unit) for unit in range(UNITS)])

    taken = take(database, file, replace(SMALL, hash_key=lambda _: 7))

    assert taken.created == UNITS
    assert file.read == 2


GONE = {"unit": "H60.1", "period": "2024-07", "indicator": "dossier_sync", "retract": True}


def test_taking_back_now_what_is_not_there_does_nothing(database: Database) -> None:
    """Without a moment a row says what holds now; that there is no figure is known already."""
    taken = take(database, [a_row(0), GONE])

    assert (taken.created, taken.unchanged) == (1, 1)
    assert [unit for unit, _, _ in history(database)] == ["H60.0"]


@pytest.mark.parametrize("held", [True, False], ids=["period with figures", "period without"])
def test_a_retraction_that_arrives_before_its_figure_takes_it_back_all_the_same(database: Database, held: bool) -> None:
    gone = {**GONE, "observed_at": MOMENT.format(day=2)}
    if held:
        take(database, [a_row(0, observed_at=MOMENT.format(day=1))])

    taken = take(database, [gone])
    again = take(database, [gone])
    late = take(database, [a_row(1, observed_at=MOMENT.format(day=1))])

    assert (taken.created, again.unchanged, late.updated) == (1, 1, 1)
    assert [unit for unit, _, _ in standing(database)] == ["H60.0"] * held
    assert history(database)[held:] == [("H60.1", None, "2024-08-02"), ("H60.1", 1, "2024-08-01")]


WIDE = """unit,period,dossier_sync.numerator,dossier_sync.denominator,on_time,
H60.0,2024-07,1,9,81.77,
H60.1,2024-07,1
H60.2,2024-07,10,9,x,
H60.3,2024-07,,,,stray
H60.99,2024-07,1,9,101,

H60.4,2024-07,-,-,50,
"""
LONG = """unit,period,indicator,numerator,denominator,value
H60.0,2024-07,dossier_sync,1,9,
H60.0,2024-07
H60.1,2024-07,dossier_sync,10,9,
H60.2,2024-07,on_time,3,9,33.33
H60.3,2024-07,on_time,3,9,50
H60.99,2024-07,on_time,,,"5,5,5"
H60.0,2024-07,dossier_sync,1,9,
"""


@pytest.mark.parametrize("table", [WIDE, LONG], ids=["wide", "long"])
def test_a_text_file_in_blocks_is_told_as_its_rows_are_one_by_one(database: Database, table: str) -> None:
    with database.reading() as session:
        kinds = indicator_kinds(session)
    with read_rows_in(BytesIO(table.encode()), "csv") as opened:
        assert isinstance(opened, TableInput)
        one_by_one = list(read_rows(InputTable(opened.header, opened.rows), kinds))
    with read_rows_in(BytesIO(table.encode()), "csv") as opened:
        assert isinstance(opened, TableInput)
        assert isinstance(opened.rows, CsvTextRows)
        blocks = list(read_texts(opened.rows, InputTable(opened.header), kinds, figures_at_once=4))

    told, expected = (dry_run(database, rows) for rows in (blocks, one_by_one))

    assert (told.rows, told.created, told.rejected) == (expected.rows, expected.created, expected.rejected)
    assert named(told.errors) == named(expected.errors)
    assert named(told.warnings) == named(expected.warnings)
    assert told.errors


def dry_run(database: Database, rows: Any) -> ImportRow:
    with database.reading() as session:
        return import_values(session, CALLER, rows, ImportOptions(dry_run=True, skip=True))


def named(faults: list[dict[Language, FaultBody]]) -> list[tuple[Any, ...]]:
    return sorted((f["en"]["row"], str(f["en"].get("column")), f["en"]["code"], f["en"]["detail"]) for f in faults)


def test_the_garbage_collector_stays_on_and_is_left_as_it_was(database: Database) -> None:
    usual, on = gc.get_threshold(), list[bool]()

    def rows() -> Iterator[tuple[InputLocation, object]]:
        for number in range(UNITS):
            on.append(gc.isenabled())
            yield InputLocation(row=number), a_row(number)

    with database.writing() as session:
        import_values(session, CALLER, rows(), ImportOptions())

    assert all(on)
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0


def test_the_first_of_two_overlapping_files_to_end_leaves_the_collector_to_the_other(database: Database) -> None:
    usual, during = gc.get_threshold(), list[tuple[int, int, int]]()

    def rows() -> Iterator[tuple[InputLocation, object]]:
        during.append(gc.get_threshold())
        dry_run(database, [(InputLocation(row=1), a_row(1))])
        during.append(gc.get_threshold())
        yield InputLocation(row=0), a_row(0)

    dry_run(database, rows())

    assert during[0] != usual
    assert during[1] == during[0]
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0
