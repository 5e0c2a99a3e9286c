"""Units in the database: in bulk, as believed when, as they stood when."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.period import read_period
from app.domain.unit import Unit, UnitDocument, changed_from, stated
from app.store.db import Database, stamp
from app.store.unit_tree import Subtree, ancestors, in_subtree
from app.store.unit_versions import BATCH, UnitMoment
from app.store.units import get_unit_row, identified, list_units, lives, load_units, replace_units
from tests.make import a_commune, a_unit

REFORM = date(2025, 7, 1)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url, now=lambda: 1000)
    with database.writing() as session:
        yield session
    database.dispose()


def believe(session: Session, *units: Unit) -> None:
    session.info.pop("known_at", None)
    replace_units(session, units, stamp(session))


def a_stated(**facts: object) -> Unit:
    return stated(None, UnitDocument.model_validate(a_unit(**facts)))


def commune(code: str, **facts: object) -> Unit:
    return stated(None, UnitDocument.model_validate(a_commune(code, **facts)))


def test_more_units_than_one_statement_takes_are_written_and_read_back(session: Session) -> None:
    gso = [[{"scheme": "gso", "value": f"{number:05}"}] for number in range(BATCH + 10)]
    units = [commune(f"H60.{number}", identifiers=each) for number, each in enumerate(gso)]

    believe(session, a_stated(), *units)

    codes = [unit.code for unit in units]
    assert load_units(session, codes) == {unit.code: unit for unit in units}
    assert (
        len(lives(session, codes)) == len(in_subtree(session, Subtree("H60", date(2026, 10, 12)), codes)) == len(codes)
    )
    names = [("gso", f"{number:05}") for number in range(len(units))]
    assert identified(session, names) == dict(zip(names, codes, strict=True))


def test_what_was_believed_before_can_still_be_read(session: Session) -> None:
    believe(session, a_stated(name="Một"))
    believe(session, a_stated(name="Hai"))

    assert get_unit_row(session, "H60").name == "Hai"
    assert get_unit_row(session, "H60", UnitMoment(as_of=1000)).name == "Một"
    assert get_unit_row(session, "H60", UnitMoment(as_of=1001)).name == "Hai"
    assert list_units(session, moment=UnitMoment(as_of=999), limit=10) == []


@pytest.mark.parametrize(
    ("period", "name"), [("2025-06", "Cũ"), ("2025-07", "Mới"), ("2025-Q2", "Cũ"), ("2025", "Mới"), ("2026", "Mới")]
)
def test_in_a_period_a_unit_is_what_it_was_at_its_end(session: Session, period: str, name: str) -> None:
    believe(session, changed_from(a_stated(name="Cũ"), REFORM, name="Mới"))

    (row,) = list_units(session, moment=UnitMoment(period=read_period(period)), limit=10)

    assert row.name == name


@pytest.mark.parametrize(("period", "there"), [("2025-06", True), ("2025", True), ("2025-07", False)])
def test_a_unit_that_ended_within_a_period_is_still_of_it(session: Session, period: str, there: bool) -> None:
    believe(session, a_stated(valid_to="2025-06-30"))

    assert bool(list_units(session, moment=UnitMoment(period=read_period(period)), limit=10)) is there


def test_the_way_up_follows_the_tree_of_the_day(session: Session) -> None:
    moved = changed_from(commune("H60.1"), REFORM, parent="H61")
    believe(session, a_stated(), a_stated(code="H61", parent="H60"), moved)

    assert ancestors(session, "H60.1") == ["H61", "H60"]
    assert ancestors(session, "H60.1", UnitMoment(day=date(2025, 6, 30))) == ["H60"]
