"""A file permuted, split or sent in pieces out of order leaves the figures and the history of the whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.answers.values import ValueOut
from app.domain.input_location import InputLocation
from app.domain.instant import to_datetime
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.imports.undo import undo_import
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.services.values import list_revisions, list_values
from app.store.db import Database
from app.store.imports import ImportRow, ImportUnit
from app.store.values import Clocks, CurrentValue, PastValue, ValueFilter
from tests.make import a_commune, a_unit
from tests.support.chance import ROUNDS
from tests.support.rival import CALLER

DAY = 86_400_000_000
DAYS = tuple(1_700_000_000_000_000 + DAY * number for number in range(4))

Rows = Sequence[dict[str, Any]]
Left = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
"""The figures that stand and every revision, without the moments when they became known here."""


def a_row(unit: str, period: str, observed_at: int, number: int | None) -> dict[str, Any]:
    figure = {"retract": True} if number is None else {"numerator": number, "denominator": 5}
    moment = to_datetime(observed_at).isoformat()
    return {"unit": unit, "period": period, "indicator": "dossier_sync", "observed_at": moment, **figure}


FILE = st.lists(
    st.builds(
        a_row,
        st.sampled_from(["H60", "H60.1"]),
        st.sampled_from(["2024-06", "2024-07"]),
        st.sampled_from(DAYS),
        st.sampled_from([None, 1, 2]),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: (row["unit"], row["period"], row["observed_at"]),
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        state_units(
            session, CALLER, [StatedUnit(UnitDocument(**a_unit())), StatedUnit(UnitDocument(**a_commune("H60.1")))]
        )
    yield database
    database.dispose()


def left_by(database: Database, files: Sequence[Rows]) -> Left:
    """What stands after these files have been sent to an empty database; each adds all of its rows."""
    with database.writing() as session:
        for table in (CurrentValue, PastValue, ImportUnit, ImportRow):
            session.execute(delete(table))
    for file in files:
        with database.writing() as session:
            taken = import_values(
                session, CALLER, [(InputLocation(row=n), row) for n, row in enumerate(file, 2)], ImportOptions()
            )
        assert taken.created + taken.updated == len(file)
    with database.reading() as session:
        values = list_values(session, CALLER, ValueFilter(), Clocks(), after=None, limit=1000)
        history = list_revisions(session, CALLER, ValueFilter(), Clocks(), after=None, limit=1000)
    return (
        [shown(row) for row in values],
        [(*shown(row), row["retracted"], row["undone_at"]) for row in history],
    )


def shown(row: ValueOut) -> tuple[object, ...]:
    return row["unit"], row["period"], row["numerator"], row["value"], row["observed_at"]


@settings(max_examples=25 * ROUNDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), file=FILE)
def test_the_rows_of_a_file_may_come_in_any_order_and_in_any_pieces(
    database: Database, data: st.DataObject, file: Rows
) -> None:
    whole = left_by(database, [file])
    assert len(whole[1]) == len(file)

    mixed = data.draw(st.permutations(file))
    assert left_by(database, [mixed]) == whole

    cuts = sorted(data.draw(st.sets(st.integers(1, len(file)), max_size=3)) | {0, len(file)})
    pieces = [mixed[start:end] for start, end in pairwise(cuts)]
    assert left_by(database, pieces) == whole


def test_a_retraction_sent_before_what_it_takes_back_ends_as_the_whole_does(database: Database) -> None:
    figure, gone = a_row("H60", "2024-07", DAYS[0], 1), a_row("H60", "2024-07", DAYS[1], None)

    whole = left_by(database, [[figure, gone]])

    assert whole[0] == []
    assert left_by(database, [[figure], [gone]]) == whole
    assert left_by(database, [[gone], [figure]]) == whole


def test_an_undo_lets_stand_what_was_observed_last_and_not_what_came_last(database: Database) -> None:
    ids = []
    for day, number in ((1, 1), (0, 2), (3, None)):
        with database.writing() as session:
            row = a_row("H60", "2024-07", DAYS[day], number)
            ids.append(import_values(session, CALLER, [(InputLocation(row=2), row)], ImportOptions()).id)
    with database.writing() as session:
        undo_import(session, CALLER, int(ids[-1] or 0))

    with database.reading() as session:
        (value,) = list_values(session, CALLER, ValueFilter(), Clocks(), after=None, limit=10)
    assert value["numerator"] == 1
