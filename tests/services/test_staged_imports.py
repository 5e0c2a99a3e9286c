"""Imports that are read, checked and merged while others write: they store what they would store under the lock."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from io import BytesIO
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, BinaryIO, Literal, NamedTuple, cast

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.domain.input_location import InputLocation
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports import jobs as module
from app.services.imports.files import ImportFile, Submission
from app.services.imports.importing import import_values
from app.services.imports.job_steps import BackgroundImport, enqueue_import, run_import, stage_import, store_import
from app.services.imports.jobs import ImportWorker
from app.services.imports.row_checks import ImportOptions
from app.services.keys import create_key, revoke_key
from app.services.periods import lock, unlock
from app.services.rights import Caller, Scope
from app.services.unit_checks import StatedUnit
from app.services.units import patch_unit, state_units
from app.store.audit import AuditEntry
from app.store.db import Database
from app.store.imports import ImportRow
from app.store.values import CurrentValue, PastValue
from tests.make import a_commune, a_unit
from tests.services.test_import_orders import DAYS, a_row
from tests.services.test_jobs import code_of, ended
from tests.support.chance import ROUNDS
from tests.support.rival import CALLER, another_writer

UNITS = ("H60", "H60.1", "H60.2")
Way = Literal["staged", "under the lock"]
Sent = Sequence[dict[str, Any]]


class Left(NamedTuple):
    """Every row that an import leaves, and what it says in the trace."""

    current: list[dict[str, Any]]
    past: list[dict[str, Any]]
    imports: list[dict[str, Any]]
    trace: list[dict[str, Any]]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With three units, and a clock that stands, so that instants follow from the order of writes alone."""
    database = Database(database_url, now=lambda: DAYS[-1] + 1)
    ship(database)
    units = [a_unit(), *map(a_commune, UNITS[1:])]
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**unit)) for unit in units])
    yield database
    database.dispose()


@pytest.fixture
def jobs(database: Database) -> Iterator[ImportWorker]:
    jobs = ImportWorker(database)
    yield jobs
    jobs.stop()


def send(database: Database, rows: Sent, **options: Any) -> ImportRow:
    """Import at once."""
    with database.writing() as session:
        placed = [(InputLocation(f"/{n}"), row) for n, row in enumerate(rows)]
        return import_values(session, CALLER, placed, ImportOptions(**options))


def carried_out(database: Database, way: Way, rows: Sent, options: ImportOptions) -> None:
    """Import as a job."""
    given = Submission([ImportFile(cast(BinaryIO, Passes(rows)), "json", None)], options)
    with database.unversioned() as session:
        id = enqueue_import(session, CALLER, "request").id
    job = BackgroundImport(id or 0, CALLER, "request", given, ExitStack())
    if way == "under the lock":
        with database.writing() as session:
            run_import(session, job, given)
        return
    with database.connection() as connection, TemporaryFile() as digested:
        with database.staging(connection) as session:
            staged = stage_import(session, job, given, digested)
        with database.writing(on=connection) as session:
            store_import(session, job, staged)


def emptied(database: Database) -> None:
    """As before the first import, numbers and instants included."""
    postgres = "postgresql" in database.url
    with database.writing() as session:
        for table in ("import_jobs", "import_units", "imports", "current_values", "past_values", "audit"):
            session.execute(text(f"TRUNCATE {table} RESTART IDENTITY CASCADE" if postgres else f"DELETE FROM {table}"))
        session.execute(text("UPDATE clock SET known_at = 0, trace = ''"))


def left_in(database: Database) -> Left:
    with database.reading() as session:
        return Left(*(rows_of(session, table) for table in (CurrentValue, PastValue, ImportRow, AuditEntry)))


def rows_of(session: Session, table: type[SQLModel]) -> list[dict[str, Any]]:
    return sorted((row.model_dump() for row in session.execute(select(table)).scalars()), key=repr)


ROW = st.builds(
    a_row,
    st.sampled_from(UNITS),
    st.sampled_from(["2024-06", "2024-07"]),
    st.sampled_from(DAYS),
    st.sampled_from([None, 1, 2]),
)
UNDATED = ROW.map(lambda row: {name: value for name, value in row.items() if name != "observed_at"})
FAULTY = ROW.map(lambda row: {**row, "unit": "H6O"})
FILE = st.lists(ROW | UNDATED | FAULTY, max_size=10)
DIGITS = {**a_row("H60", "2024-07", DAYS[0], 1), "note": "-1, 9223372036854775807"}


@settings(max_examples=25 * ROUNDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.lists(FILE, max_size=2), file=FILE, skip=st.booleans(), planned=st.sampled_from([None, "right", "wrong"])
)
@example(
    before=[[a_row("H60", "2024-07", DAYS[0], 1)]], file=[a_row("H60", "2024-07", DAYS[0], 2)], skip=False, planned=None
)
@example(before=[], file=[a_row("H60", "2024-07", DAYS[1], 1), DIGITS], skip=False, planned=None)
@example(before=[[DIGITS]], file=[a_row("H60", "2024-07", DAYS[1], 2)], skip=False, planned="right")
def test_a_staged_import_leaves_every_row_that_one_under_the_lock_leaves(
    database: Database, before: Sequence[Sent], file: Sent, skip: bool, planned: str | None
) -> None:
    left = []
    ways: tuple[Way, Way] = "under the lock", "staged"
    for way in ways:
        emptied(database)
        for each in before:
            send(database, each, skip=True)
        with database.reading() as session:
            rows = [(InputLocation(f"/{n}"), row) for n, row in enumerate(file)]
            plan = import_values(session, CALLER, rows, ImportOptions(dry_run=True, skip=skip)).plan
        options = ImportOptions(skip=skip, plan=plan if planned == "right" else planned)
        carried_out(database, way, file, options)
        left.append(left_in(database))

    assert left[0] == left[1]


class Passes(BytesIO):
    """A file while which is read something else happens: at the opening, then each time that it is staged, then under
    the lock; `during` are these happenings in their order.
    """

    def __init__(self, rows: Sent, *during: Callable[[], object]) -> None:
        super().__init__(orjson.dumps(list(rows)))
        self.during, self.due = list(during), False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.due = True
        return super().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if self.due and self.during:
            self.during.pop(0)()
        self.due = False
        return super().read(size)


def nothing() -> None:
    """Happens at an opening."""


def asked(jobs: ImportWorker, file: BytesIO, caller: Caller = CALLER, **how: Any) -> int:
    """An import in the background, handed in."""
    given = Submission([ImportFile(cast(BinaryIO, file), "json", None)], ImportOptions(period="2024-08"), **how)
    with jobs.accepting(caller, "request", given, ExitStack()) as (_, row):
        assert row.id is not None
    return row.id


def history(database: Database) -> list[tuple[Any, ...]]:
    """Import, number and observation of every revision, the current ones last."""
    left = left_in(database)
    return [(row["import_id"], row["numerator"] // 10_000, row["observed_at"]) for row in (*left.past, *left.current)]


PORTAL: dict[str, Any] = {"layout": "portal", "create_units": True}
FIGURE = a_row("H60.1", "2024-07", DAYS[0], 1)
NEWER = a_row("H60.1", "2024-07", DAYS[1], 2)
ELSEWHERE = (a_row("H60.2", "2024-06", DAYS[0], 1), a_row("H60", "2024-07", DAYS[0], 1))


@pytest.mark.parametrize("figure", ELSEWHERE)
def test_others_write_while_an_import_is_staged(
    database: Database, jobs: ImportWorker, monkeypatch: pytest.MonkeyPatch, figure: dict[str, Any]
) -> None:
    """They write figures of another period, or of another branch; the import need not even be staged anew."""
    monkeypatch.setattr(module, "STAGINGS", 1)
    written: list[int | None] = []
    id = asked(jobs, Passes([FIGURE], nothing, lambda: written.append(send(database, [figure]).id), fail_here))

    jobs.start()

    row = ended(database, id)
    assert (row.status, row.created, len(written)) == ("applied", 1, 1)
    assert len(history(database)) == 2


def test_saved_answers_of_units_that_are_known_are_staged_though_units_may_be_made(
    database: Database, jobs: ImportWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id of the portal that is new is a unit to be stated; the second time there is none."""
    monkeypatch.setattr(module, "STAGINGS", 1)
    saved = {"ID": "7", "TEN": "UBND tỉnh Tuyên Quang", "MA_COQUAN": "H60", "TONG_SCORE": "81.77"}
    first = asked(jobs, Passes([saved]), **PORTAL)
    jobs.start()
    made = ended(database, first)
    written: list[int | None] = []
    file = Passes(
        [saved | {"TONG_SCORE": "82"}], nothing, lambda: written.append(send(database, [FIGURE]).id), fail_here
    )

    id = asked(jobs, file, **PORTAL)

    row = ended(database, id)
    assert (made.status, row.status, row.updated, len(written)) == ("applied", "applied", 1, 1)


def fail_here() -> None:
    raise AssertionError("the file is read once more")


@pytest.mark.parametrize("before", [[], [a_row("H60.1", "2024-07", DAYS[0], 0)]])
def test_a_figure_that_another_import_writes_meanwhile_is_not_lost(
    database: Database, jobs: ImportWorker, before: Sent
) -> None:
    send(database, before)
    other: list[ImportRow] = []
    id = asked(jobs, Passes([NEWER], nothing, lambda: other.append(send(database, [FIGURE]))))

    jobs.start()

    row = ended(database, id)
    assert (row.status, row.created, row.updated) == ("applied", 0, 1)
    assert history(database)[-2:] == [(other[0].id, 1, DAYS[0]), (id, 2, DAYS[1])]
    assert other[0].known_at < row.known_at


def test_an_import_that_is_overtaken_again_and_again_takes_the_lock(database: Database, jobs: ImportWorker) -> None:
    numbers, refused = iter(range(10, 20)), list[Exception]()

    def overtake() -> None:
        send(database, [{**FIGURE, "numerator": next(numbers), "denominator": 20}])

    def try_to_write() -> None:
        with pytest.raises(OperationalError) as raised, database.writing(wait_ms=50):
            pass
        refused.append(raised.value)

    id = asked(jobs, Passes([NEWER], nothing, overtake, overtake, try_to_write))

    jobs.start()

    row = ended(database, id)
    assert (row.status, row.updated, len(refused)) == ("applied", 1, 1)
    assert [number for _, number, _ in history(database)] == [10, 11, 2]


def end_unit(database: Database) -> None:
    with database.writing() as session:
        patch_unit(session, CALLER, "H60.1", {"valid_to": date(2024, 1, 31)})


def lock_period(database: Database) -> None:
    with database.writing() as session:
        lock(session, CALLER, "2024-07", "Đã công bố")


def revoke(database: Database) -> None:
    with database.writing() as session:
        revoke_key(session, "clerk")


@pytest.mark.parametrize(
    ("happening", "code"),
    [(end_unit, "unit_not_active"), (lock_period, "period_locked"), (revoke, "key_unknown")],
)
def test_what_makes_an_import_wrong_while_it_is_staged_refuses_it(
    database: Database, jobs: ImportWorker, happening: Callable[[Database], None], code: str
) -> None:
    with database.writing() as session:
        create_key(session, "clerk", [Scope.VALUES_WRITE])
    file = Passes([FIGURE], nothing, lambda: happening(database))
    id = asked(jobs, file, Caller("clerk", frozenset({Scope.VALUES_WRITE})))

    jobs.start()

    row = ended(database, id)
    assert row.status == "rejected"
    assert code in (code_of(row), *(fault["en"]["code"] for fault in row.errors))
    assert history(database) == []


def test_what_was_wrong_and_is_right_when_it_would_be_refused_is_stored(database: Database, jobs: ImportWorker) -> None:
    lock_period(database)

    def open_period() -> None:
        with database.writing() as session:
            unlock(session, "2024-07", None)

    id = asked(jobs, Passes([FIGURE], nothing, open_period))

    jobs.start()

    assert ended(database, id).status == "applied"


def test_an_import_that_is_staged_and_waits_for_the_lock_ends_with_the_service(
    database: Database, database_url: str
) -> None:
    jobs = ImportWorker(database, grace=0.1)
    id = asked(jobs, Passes([FIGURE]))
    with another_writer(database_url):
        jobs.start()
        while not jobs.progress(id):
            time.sleep(0.001)
        for thread in jobs.threads:
            thread.join(0.05)
        stopping = Thread(target=jobs.stop)
        stopping.start()
        jobs.threads[0].join(10)
        alive = jobs.threads[0].is_alive()
    stopping.join()

    assert not alive
    assert history(database) == []
