"""Imports against a model that is a dictionary: whatever is sent in whatever order, both tell the same."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from app.answers.values import RevisionOut
from app.domain.input_location import InputLocation
from app.domain.instant import EPOCH, to_datetime, to_instant
from app.domain.unit import UnitDocument
from app.errors import Conflict, Invalid
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.limits import ImportLimits
from app.services.imports.row_checks import ImportOptions
from app.services.imports.undo import undo_import
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.services.values import list_revisions, list_values
from app.store.audit import broken_links
from app.store.db import Database
from app.store.imports import ImportRow, ImportUnit
from app.store.values import Clocks, CurrentValue, PastValue, ValueFilter
from tests.make import a_commune, a_unit
from tests.support.chance import ROUNDS
from tests.support.import_model import Model, Row, Told
from tests.support.rival import CALLER

FIGURES = (("H60", "2024-07"), ("H60.1", "2024-07"), ("H60", "2024-06"))
"""Few, so that what is done meets what was done; a period of its own, so that some imports find it empty."""

BEGINNING = (to_datetime(0) + timedelta(days=365 * 50) - EPOCH) // timedelta(microseconds=1)
MOMENTS = tuple(BEGINNING - 1000 + step for step in (0, 10, 20))
ACTS = ("created", "updated", "unchanged")

ROW = st.builds(
    lambda figure, stated, number: Row(figure[0], figure[1], stated, number),
    st.sampled_from(FIGURES),
    st.sampled_from([None, *MOMENTS]),
    st.sampled_from([None, 1, 2]),
)
FILE = st.lists(ROW, min_size=1, max_size=5, unique_by=lambda row: row[:3])
FAULTS: dict[str, dict[str, object]] = {
    "unit_unknown": {"unit": "H61"},
    "numerator_exceeds_denominator": {
        "unit": "H60",
        "numerator": 6,
        "denominator": 5,
        "observed_at": "2001-01-01T00:00:00Z",  # else it might say something of a figure that a good row is about
    },
    "moment_in_future": {"unit": "H60", "observed_at": "2099-01-01T00:00:00Z"},
}
"""Rows that are refused, whatever is stored."""


class Imports(RuleBasedStateMachine):
    """Files go into the service and into the model; then both are asked the same."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.model = Model()
        self.instants: list[int | None] = [None]
        self.files: list[list[Row]] = []
        self.stored: dict[int, tuple[list[Row], int]] = {}
        self.plans: list[tuple[list[Row], str, list[Told]]] = []

    @initialize(rows=st.sampled_from([2, 20_000]))
    def empty(self, rows: int) -> None:
        self.limits = ImportLimits(rows=rows, figures=2)
        with self.database.writing() as session:
            for table in (CurrentValue, PastValue, ImportUnit, ImportRow):
                session.execute(delete(table))

    @rule(file=FILE, split=st.booleans())
    def send(self, file: list[Row], split: bool) -> None:
        for rows in [[row] for row in file] if split else [file]:
            self.store(rows)
        self.files.append(file)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        self.store(data.draw(st.permutations(data.draw(st.sampled_from(self.files)))))

    @rule(file=FILE, code=st.sampled_from(sorted(FAULTS)), first=st.booleans(), skip=st.booleans())
    def send_a_faulty_file(self, file: list[Row], code: str, first: bool, skip: bool) -> None:
        good = [sent(row) for row in file]
        bad = {"period": "2024-07", "indicator": "dossier_sync", **FAULTS[code]}
        bad = bad if "numerator" in bad else {**bad, "numerator": 1, "denominator": 5}
        rows = [bad, *good] if first else [*good, bad]
        if skip:
            taken = self.service(rows, skip=True)
            assert (taken.rejected, [error["en"]["code"] for error in taken.errors]) == (1, [code])
            self.note(file, taken)
            return
        with pytest.raises(Invalid) as refused:
            self.service(rows)
        assert [fault.code for fault in refused.value.faults] == [code]
        none = dict.fromkeys((*ACTS, "retracted"), 0)
        assert refused.value.extra == {"rows": len(rows), **none, "rejected": len(rows), "id": None}

    @rule(file=FILE, number=st.sampled_from([1, 2]))
    def send_a_row_twice(self, file: list[Row], number: int) -> None:
        with pytest.raises(Invalid) as refused:
            self.service([*map(sent, file), sent(file[0]._replace(number=number))])
        assert [fault.code for fault in refused.value.faults] == ["duplicate_row"] * 2

    @rule(file=FILE, moves=st.sampled_from([0, 1, 2]))
    def only_ask(self, file: list[Row], moves: int) -> None:
        with self.database.reading() as session:
            told = import_values(
                session, CALLER, placed(map(sent, file)), ImportOptions(dry_run=True), limits=self.limits
            )
        expected = self.model.plan(file)
        assert (told.id, told.status, told.plan is not None) == (None, "planned", True)
        assert counts(told) == tuple(Counter(each.act for each in expected)[name] for name in ACTS)
        self.plans.append((file, str(told.plan), expected))
        for number in range(moves):  # the second time something stands already
            self.store([file[-1]._replace(stated=None, number=number + 1)])

    @precondition(lambda self: self.plans)
    @rule(data=st.data())
    def carry_out_a_plan(self, data: st.DataObject) -> None:
        file, plan, expected = data.draw(st.sampled_from(self.plans[-2:]))
        if self.model.plan(file) == expected:
            self.note(file, self.service(map(sent, file), plan=plan))
            return
        with pytest.raises(Conflict, match="no longer"):
            self.service(map(sent, file), plan=plan)

    @precondition(lambda self: self.stored)
    @rule(data=st.data(), again=st.booleans())
    def undo(self, data: st.DataObject, again: bool) -> None:
        id = data.draw(st.sampled_from(sorted(self.stored)[-5:]))
        rows, known_at = self.stored.pop(id)
        with self.database.writing() as session:
            undone = undo_import(session, CALLER, id)
        expected = self.model.undo(id, known_at, undone.known_at)
        assert (undone.updated, undone.unchanged, len(undone.warnings)) == (*expected, expected[1])
        assert undone.rows == sum(expected)
        self.instants.append(undone.known_at)
        with pytest.raises(Conflict, match="undone"), self.database.writing() as session:
            undo_import(session, CALLER, id)
        if again:
            self.store(rows)

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        as_of = data.draw(st.sampled_from(self.instants))
        observed_by = data.draw(st.sampled_from([None, *MOMENTS]))
        self.compare(as_of, observed_by)

    def teardown(self) -> None:
        self.compare(None, None)
        for instant in self.instants:
            self.compare(instant, None)
        with self.database.reading() as session:
            assert list(broken_links(session)) == []

    def compare(self, as_of: int | None, observed_by: int | None) -> None:
        clocks = Clocks(as_of, observed_by)
        with self.database.reading() as session:
            values = list_values(session, CALLER, ValueFilter(), clocks, after=None, limit=1000)
            history = list_revisions(session, CALLER, ValueFilter(), clocks, after=None, limit=1000)
        assert {(v["period"], v["unit"]): v["numerator"] for v in values} == self.model.values(as_of, observed_by)
        assert [shown(row) for row in history] == self.model.history(as_of, observed_by)
        assert all(row["retracted"] == (row["numerator"] is None) for row in history)

    def store(self, rows: list[Row]) -> None:
        self.note(rows, self.service(map(sent, rows)))

    def service(self, rows: Any, **options: Any) -> ImportRow:
        with self.database.writing() as session:
            return import_values(session, CALLER, placed(rows), ImportOptions(**options), limits=self.limits)

    def note(self, rows: list[Row], taken: ImportRow) -> None:
        assert taken.id is not None
        acts = self.model.take(rows, taken.known_at, taken.id)
        assert counts(taken) == tuple(acts[name] for name in ACTS)
        assert taken.rows == sum(counts(taken)) + taken.rejected
        self.stored[taken.id] = rows, taken.known_at
        self.instants += [taken.known_at, taken.known_at - 1]


def counts(taken: ImportRow) -> tuple[int, ...]:
    return tuple(getattr(taken, name) for name in ACTS)


def placed(rows: Any) -> list[tuple[InputLocation, object]]:
    return [(InputLocation(f"/{number}"), row) for number, row in enumerate(rows)]


def sent(row: Row) -> dict[str, object]:
    """A row as it is sent."""
    figure = {"retract": True} if row.number is None else {"numerator": row.number, "denominator": 5}
    stated = {} if row.stated is None else {"observed_at": to_datetime(row.stated).isoformat()}
    return {"unit": row.unit, "period": row.period, "indicator": "dossier_sync", **figure, **stated}


def shown(row: RevisionOut) -> tuple[Any, ...]:
    """A revision as the model tells it."""
    moments = to_instant(row["observed_at"]), to_instant(row["known_at"])
    number = None if row["numerator"] is None else int(row["numerator"])
    undone = None if row["undone_at"] is None else to_instant(row["undone_at"])
    return row["period"], row["unit"], *moments, number, row["import_id"], undone


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With two units, and a clock that goes on by seven µs whenever it is asked."""
    clock = iter(range(BEGINNING, BEGINNING + 10**9, 7))
    database = Database(database_url, now=lambda: next(clock))
    ship(database)
    with database.writing() as session:
        state_units(
            session, CALLER, [StatedUnit(UnitDocument(**a_unit())), StatedUnit(UnitDocument(**a_commune("H60.1")))]
        )
    yield database
    database.dispose()


def test_imports_and_a_dictionary_tell_the_same(database: Database) -> None:
    machine: Any = partial(Imports, database)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30 * ROUNDS,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
