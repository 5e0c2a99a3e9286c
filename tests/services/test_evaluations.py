"""A published evaluation stays as it was, whatever is written later, and tampering with it is found."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.answers.evaluations import Verification
from app.domain.input_location import InputLocation
from app.domain.instant import EPOCH, to_datetime
from app.domain.period import read_period
from app.domain.unit import UnitDocument
from app.formats.strict_json import write_json
from app.services.evaluation_checks import verify
from app.services.evaluation_states import EvaluationRequest, draw_up, publish, store_draft
from app.services.evaluations import board, ordered
from app.services.frameworks import ship
from app.services.frozen_content import EvaluationContent, content_digest
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller, Scope, anonymous
from app.services.score_filters import ALL
from app.services.score_items import items
from app.services.score_order import ordered_rows
from app.services.scores import ScoresQuery
from app.services.scores import board as live_board
from app.services.unit_checks import StatedUnit
from app.services.units import patch_unit, state_units
from app.store.audit import AuditEntry, broken_links
from app.store.db import Database
from app.store.evaluations import EVALUATION, PART, EvaluationPart, EvaluationRow, load_parts
from app.store.tables import columns
from app.store.values import Clocks
from tests.make import a_commune, a_unit, some_figures

ADMIN = Caller("bootstrap", frozenset({Scope.ADMIN}))
PUBLIC = anonymous("published")
UNITS = ("H60.1", "H60.2", "H60.3")
PERIODS = ("2024-06", "2024-07")
BEGINNING = (to_datetime(0) + timedelta(days=365 * 56) - EPOCH) // timedelta(microseconds=1)
LOOKED_UP = BEGINNING - 10**9
A_TOTAL = '"total_points","national_portal",null,null,'
"""How a reported total begins in frozen inputs."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    clock = count(BEGINNING, 1000)
    database = Database(database_url, now=lambda: next(clock))
    ship(database)
    with database.writing() as session:
        units = [a_unit(), *(a_commune(code) for code in UNITS)]
        state_units(session, ADMIN, [StatedUnit(UnitDocument(**unit)) for unit in units])
    for number, unit in enumerate(UNITS):
        for period in PERIODS:
            send(database, unit, period, 60 + 7 * number, LOOKED_UP)
    yield database
    database.dispose()


def send(database: Database, unit: str, period: str, points: int | None, observed_at: int) -> None:
    """A reported total, or its retraction, and a ratio of the same unit."""
    stated = {"value": points, "retract": points is None, "numerator": None, "denominator": None}
    moment = {"observed_at": to_datetime(observed_at).isoformat()}
    total = some_figures(unit, period=period, indicator="total_points", **stated, **moment)
    ratio = some_figures(unit, period=period, numerator=(points or 0) * 10, denominator=1000, **moment)
    with database.writing() as session:
        import_values(
            session, ADMIN, [(InputLocation(f"/{n}"), row) for n, row in enumerate([*total, *ratio])], ImportOptions()
        )


def drawn_up(database: Database, **overrides: Any) -> EvaluationRow:
    asked: dict[str, Any] = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    with database.reading() as session:
        drawn = draw_up(session, ADMIN, EvaluationRequest(**{**asked, **overrides}))
    with database.writing() as session:
        return store_draft(session, ADMIN, drawn)


def published(database: Database) -> int:
    row = drawn_up(database)
    assert row.id is not None
    with database.writing() as session:
        publish(session, ADMIN, row.id)
    return row.id


def body(database: Database, id: int, caller: Caller = PUBLIC, view: str | None = None) -> bytes:
    """Everything that the board of an evaluation says, as bytes."""
    with database.reading() as session:
        found = board(session, caller, id, level="commune", view=view, language="vi")
    return write_json([found.about, [item for _, item in ordered(found, view, "rank", ALL)]])


def verified(database: Database, id: int) -> Verification:
    with database.reading() as session:
        return verify(session, PUBLIC, id)


class Afterwards(RuleBasedStateMachine):
    """Whatever is written after publication."""

    def __init__(self, database: Database, check: Callable[[], None]) -> None:
        super().__init__()
        self.database, self.check = database, check

    @rule(
        unit=st.sampled_from([*UNITS, "H60.4"]),
        period=st.sampled_from(PERIODS),
        points=st.sampled_from([None, 0, 55, 100]),
        step=st.integers(-5, 5),
    )
    def import_or_retract(self, unit: str, period: str, points: int | None, step: int) -> None:
        if unit == "H60.4":
            with self.database.writing() as session:
                state_units(session, ADMIN, [StatedUnit(UnitDocument(**a_commune(unit)))])
        send(self.database, unit, period, points, LOOKED_UP + step)
        self.check()

    @rule(unit=st.sampled_from(UNITS), name=st.sampled_from(["Phường Ba Đình", "Xã Đà", "An"]))
    def rename(self, unit: str, name: str) -> None:
        with self.database.writing() as session:
            patch_unit(session, ADMIN, unit, {"name": name})
        self.check()

    @rule(unit=st.sampled_from(UNITS), parent=st.sampled_from(["H60", None]))
    def move(self, unit: str, parent: str | None) -> None:
        with self.database.writing() as session:
            patch_unit(session, ADMIN, unit, {"parent": parent}, force=True)
        self.check()

    @rule()
    def publish_another(self) -> None:
        published(self.database)
        self.check()


def test_whatever_is_written_after_publishing_the_published_body_is_byte_equal_and_verified(database: Database) -> None:
    id = published(database)
    before = {view: body(database, id, view=view) for view in (None, "legal")}
    as_of = drawn_up(database).as_of
    then = {"clocks": Clocks(as_of, LOOKED_UP)}
    digest = drawn_up(database, **then).digest

    def check() -> None:
        assert {view: body(database, id, view=view) for view in before} == before
        assert verified(database, id)["matches"] is True
        assert drawn_up(database, **then).digest == digest

    machine: Any = partial(Afterwards, database, check)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=5,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    with database.reading() as session:
        assert list(broken_links(session)) == []


def test_a_frozen_board_says_what_the_live_one_said(database: Database) -> None:
    send(database, UNITS[0], "2024-07", 99, LOOKED_UP + 1)
    row = drawn_up(database)
    question = ScoresQuery(read_period("2024-07"), "qd766", "commune", "H60", clocks=Clocks(row.as_of))

    with database.reading() as session:
        compared, about = live_board(session, ADMIN, question)
        live = write_json([about, items(compared, (row for _, row in ordered_rows(compared, "rank")))])

    assert body(database, row.id or 0, ADMIN) == live


def test_nobody_may_draw_up_what_a_rolled_back_transaction_saw(database: Database) -> None:
    """A draft may be computed inside a writing transaction; nothing of it may stay in the memory of boards."""
    question = ScoresQuery(read_period("2024-07"), "qd766", "commune", "H60")
    with database.writing() as session:
        patch_unit(session, ADMIN, UNITS[0], {"name": "Chưa từng có"})
        draw_up(session, ADMIN, EvaluationRequest("qd766", "2024-07", "H60", ["commune"]))
        session.rollback()
    with database.writing() as session:  # the next writer takes the version of the one that failed
        patch_unit(session, ADMIN, UNITS[1], {"name": "Xã Hai"})

    with database.reading() as session:
        compared, _ = live_board(session, ADMIN, question)

    assert [member.name for member in compared.now.members] == ["UBND xã H60.1", "Xã Hai", "UBND xã H60.3"]


def test_the_moment_of_looking_up_is_under_the_seal_and_not_under_the_digest(database: Database) -> None:
    row = drawn_up(database)
    with database.reading() as session:
        parts = load_parts(session, row.id or 0)
    later = {**parts, "inputs": parts["inputs"].replace(f",{LOOKED_UP}]", f",{LOOKED_UP + 1}]")}
    other = {**parts, "inputs": parts["inputs"].replace(f"{A_TOTAL}600000", f"{A_TOTAL}600001")}

    assert later != parts != other
    assert EvaluationContent.of(later).digest() == EvaluationContent.of(parts).digest() == row.digest
    assert EvaluationContent.of(other).digest() != row.digest
    assert content_digest(later) != content_digest(parts) == row.seal


def rewrite(part: str, old: str, new: str) -> Callable[[Session], None]:
    """Replace text in one part of what was frozen."""

    def tamper(session: Session) -> None:
        held = session.get(EvaluationPart, (1, part))
        assert held is not None
        assert old in held.content
        held.content = held.content.replace(old, new, 1)

    return tamper


def set_column(**values: Any) -> Callable[[Session], None]:
    def tamper(session: Session) -> None:
        session.execute(update(EvaluationRow).values(**values))

    return tamper


def drop(part: str) -> Callable[[Session], None]:
    def tamper(session: Session) -> None:
        session.execute(delete(EvaluationPart).where(PART.part == part))

    return tamper


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (rewrite("results:commune", '"total":60', '"total":96'), [("H60.1", "total")]),
        (rewrite("results:commune", '"rank":1', '"rank":2'), [("H60.3", "rank")]),
        (rewrite("results:commune", '"name":"UBND xã H60.2"', '"name":"Xã khác"'), [("H60.2", "unit.name")]),
        (rewrite("results:commune", '"mean":67', '"mean":76'), [(None, "summary.mean")]),
        (rewrite("inputs", f"{A_TOTAL}600000", f"{A_TOTAL}990000"), [("H60.1", "total")]),
        (rewrite("inputs", f",{LOOKED_UP}]", f",{LOOKED_UP - 1}]"), [(None, "content")]),
        (rewrite("inputs", '"H60.2","UBND xã H60.2"', '"H60.2","Xã khác"'), [("H60.2", "unit.name")]),
        (rewrite("frameworks", '"min":80', '"min":60'), [(None, "summary.bands.1.count")]),
        (rewrite("inputs", '"period":"2024-07"', '"period":"2024-06"'), [(None, "period")]),
        (rewrite("inputs", '"periods"', '"Periods"'), [(None, "content")]),
        (rewrite("results:commune", "{", "["), [(None, "content")]),
        (drop("inputs"), [(None, "content")]),
        (drop("results:commune"), [(None, "content")]),
        (set_column(digest="0" * 64), [(None, "trace.digest")]),
        (set_column(seal="0" * 64), [(None, "content"), (None, "trace.seal")]),
        (set_column(period="2024-06"), [(None, "scope.period")]),
        (set_column(levels=" province "), [(None, "scope.levels")]),
        (set_column(scope="x"), [(None, "trace.scope")]),
    ],
)
def test_what_was_tampered_with_is_named(
    database: Database, tamper: Callable[[Session], None], named: list[tuple[str | None, str]]
) -> None:
    id = published(database)
    assert verified(database, id) == {**verified(database, id), "matches": True, "differences": []}
    with database.writing() as session:
        tamper(session)

    found = verified(database, id)

    assert found["matches"] is False
    assert set(named) <= {(each["unit"], each["member"]) for each in found["differences"]}


def test_content_and_digest_rewritten_together_are_betrayed_by_the_trace(database: Database) -> None:
    id = published(database)
    other = drawn_up(database, clocks=Clocks(None, LOOKED_UP - 1))
    with database.writing() as session:
        session.execute(delete(EvaluationPart).where(PART.evaluation == id))
        session.execute(update(EvaluationPart).where(PART.evaluation == other.id).values(evaluation=id))
        row = update(EvaluationRow).where(EVALUATION.id == id)
        seals = {"digest": other.digest, "letter_digest": other.letter_digest, "seal": other.seal}
        session.execute(row.values(**seals, cohorts=other.cohorts))

    found = verified(database, id)

    assert found["recomputed"] == found["digest"]
    assert found["matches"] is False
    assert [each["member"] for each in found["differences"]] == ["trace.digest", "trace.letter_digest", "trace.seal"]


def test_a_trace_rewritten_as_well_is_betrayed_by_its_chain(database: Database) -> None:
    published(database)
    entry = columns(AuditEntry)
    with database.writing() as session:
        noted = update(AuditEntry).where(entry.action == "evaluation.created")
        session.execute(noted.values(after={"digest": "0" * 64}))

    with database.reading() as session:
        assert [reason for _, reason in broken_links(session)] == ["was changed after it was written"]
