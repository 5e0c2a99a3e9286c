"""Imports in the background: what waits, who vouches for it, how it ends, and that nothing is ever half."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any, BinaryIO, cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.domain.unit import UnitDocument
from app.errors import Unavailable
from app.services.frameworks import ship
from app.services.imports import jobs as module
from app.services.imports.files import ImportFile, Submission
from app.services.imports.job_steps import LeaseLost, run_import
from app.services.imports.jobs import ImportWorker
from app.services.imports.row_checks import ImportOptions
from app.services.keys import create_key, revoke_key
from app.services.periods import lock
from app.services.rights import Caller, Scope
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.audit import broken_links, list_entries
from app.store.db import USUAL, Database, microseconds
from app.store.imports import ImportRow, get_import
from app.store.jobs import SECOND, end_job
from app.store.values import CURRENT
from tests.api.conftest import Clock
from tests.make import a_unit
from tests.support.background import UNITS, a_table, lines
from tests.support.rival import CALLER


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    database = Database(database_url, now=clock)
    ship(database)
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**a_unit(code=code, name=code))) for code in UNITS])
    yield database
    database.dispose()


@pytest.fixture
def jobs(database: Database) -> Iterator[ImportWorker]:
    """The jobs of one process, whose threads begin when a test starts them."""
    jobs = ImportWorker(database)
    yield jobs
    jobs.stop()


@pytest.fixture
def other(database: Database) -> ImportWorker:
    """The jobs of another process on the same database, which looks for expired leases when a test tells it to."""
    return ImportWorker(database)


def asked(jobs: ImportWorker, file: ImportFile | None = None, caller: Caller = CALLER, **options: Any) -> int:
    """The number of an import that was handed in: of three figures where no file is given."""
    given = Submission([file or a_table(3)], ImportOptions(**options))
    closing = ExitStack()
    closing.callback(given.files[0].file.close)
    with jobs.accepting(caller, "request-7", given, closing) as (_, row):
        assert row.id is not None
    return row.id


class Slow(BytesIO):
    """A file while which is read something else happens."""

    def __init__(self, body: bytes, during: Callable[[], object]) -> None:
        super().__init__(body)
        self.during = during

    def read(self, size: int | None = -1, /) -> bytes:
        self.during()
        return super().read(size)


def a_file(count: int = 3, *, during: Callable[[], object]) -> ImportFile:
    """A file of so many figures; `during` happens whenever a part of it is read."""
    return ImportFile(cast(BinaryIO, Slow(b"".join(lines(count)), during)), "csv", None)


def record(database: Database, id: int) -> ImportRow:
    with database.reading() as session:
        return get_import(session, id)


def ended(database: Database, id: int) -> ImportRow:
    """The record of an import once it has ended."""
    for _ in range(1000):
        row = record(database, id)
        if row.status != "running":
            return row
        time.sleep(0.01)
    raise AssertionError(f"import {id} does not end")


def figures(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(CURRENT.indicator.table)).scalar_one()


def code_of(row: ImportRow) -> object:
    assert row.problem is not None
    return row.problem["en"]["code"]


def test_an_import_that_waits_is_in_the_record_and_stores_nothing(database: Database, jobs: ImportWorker) -> None:
    id = asked(jobs)

    assert record(database, id).status == "running"
    assert jobs.progress(id) == 0
    assert figures(database) == 0


def test_imports_are_carried_out_in_their_order_each_with_one_entry_in_the_trace(
    database: Database, jobs: ImportWorker
) -> None:
    ids = [asked(jobs), asked(jobs)]

    jobs.start()

    first, second = (ended(database, id) for id in ids)
    assert (first.status, first.rows, first.created) == ("applied", 3, 3)
    assert (second.status, second.rows, second.unchanged) == ("applied", 3, 3)
    assert first.known_at < second.known_at
    assert figures(database) == 3
    with database.reading() as session:
        filters = {"action": "import.applied"}
        trace = list_entries(session, filters=filters, since=None, until=None, before=None, limit=9)
        assert [(each.actor, each.request_id) for each in trace] == [(CALLER.name, "request-7")] * 2
        assert list(broken_links(session)) == []


def test_a_file_with_a_mistake_is_rejected_whole_and_the_mistake_is_kept(
    database: Database, jobs: ImportWorker
) -> None:
    body = b"unit,period,indicator,value\nH60,2024-07,total_points,81\nH6O,2024-07,total_points,81\n"
    id = asked(jobs, ImportFile(BytesIO(body), "csv", None))

    jobs.start()

    row = ended(database, id)
    assert (row.status, row.rows, row.rejected, row.created) == ("rejected", 2, 2, 0)
    assert [(fault["en"]["row"], fault["en"]["code"]) for fault in row.errors] == [(3, "unit_unknown")]
    assert row.problem is not None
    assert (row.problem["en"]["status"], row.problem["vi"]["code"]) == (422, "import_rejected")
    assert row.problem["en"]["request_id"] == "request-7"
    assert "chưa lưu số liệu nào" in row.problem["vi"]["detail"]
    assert figures(database) == 0


def test_a_file_that_cannot_be_read_is_rejected_like_any_other(database: Database, jobs: ImportWorker) -> None:
    id = asked(jobs, ImportFile(BytesIO(b'[{"unit": 1'), "json", None))

    jobs.start()

    row = ended(database, id)
    assert (row.status, row.rows) == ("rejected", 0)
    assert row.problem is not None
    assert row.problem["en"]["status"] == 400


def test_what_was_locked_while_an_import_waited_is_refused(database: Database, jobs: ImportWorker) -> None:
    id = asked(jobs)
    with database.writing() as session:
        lock(session, CALLER, "2000-01", "Đã công bố")

    jobs.start()

    row = ended(database, id)
    assert row.status == "rejected"
    assert {fault["en"]["code"] for fault in row.errors} == {"period_locked"}


def test_a_key_that_was_revoked_while_its_import_waited_stores_nothing(database: Database, jobs: ImportWorker) -> None:
    with database.writing() as session:
        create_key(session, "clerk", [Scope.VALUES_WRITE])
    id = asked(jobs, caller=Caller("clerk", frozenset({Scope.VALUES_WRITE})))
    with database.writing() as session:
        revoke_key(session, "clerk")

    jobs.start()

    assert code_of(ended(database, id)) == "key_unknown"
    assert figures(database) == 0


def test_something_unforeseen_fails_the_import_and_not_the_next_one(database: Database, jobs: ImportWorker) -> None:
    broken = a_table(3)
    ids = [asked(jobs, broken), asked(jobs)]
    broken.file.close()

    jobs.start()

    first, second = (ended(database, id) for id in ids)
    assert (first.status, code_of(first), second.status) == ("failed", "import_failed", "applied")
    assert first.rows == 0


@pytest.mark.parametrize("body", [b"unit,period,indicator,value\n", b"nonsense"])
def test_the_file_is_gone_when_the_import_has_ended(database: Database, jobs: ImportWorker, body: bytes) -> None:
    file = ImportFile(BytesIO(body), "csv", None)
    id = asked(jobs, file)
    held = file.file.closed

    jobs.start()
    ended(database, id)
    jobs.stop()

    assert (held, file.file.closed) == (False, True)
    assert jobs.progress(id) is None


def test_too_many_at_once_are_refused_and_their_files_closed(database: Database, jobs: ImportWorker) -> None:
    for _ in range(module.MOST):
        asked(jobs)
    refused = a_table(3)

    with pytest.raises(Unavailable) as raised:
        asked(jobs, refused)

    assert raised.value.code == "imports_waiting"
    assert raised.value.headers["Retry-After"]
    assert refused.file.closed
    jobs.start()
    while jobs.running:
        time.sleep(0.01)
    assert ended(database, asked(jobs)).status == "applied"


def test_a_job_without_a_lease_fails_and_then_stores_nothing(
    database: Database, jobs: ImportWorker, other: ImportWorker, clock: Clock
) -> None:
    id = asked(jobs)
    clock.forward(minutes=2)
    other.sweep()
    swept = record(database, id)

    jobs.start()
    jobs.stop()

    assert (swept.status, code_of(swept)) == ("failed", "import_interrupted")
    assert record(database, id).status == "failed"
    assert figures(database) == 0


def test_a_job_that_its_process_vouches_for_is_left_alone(
    database: Database, jobs: ImportWorker, other: ImportWorker, clock: Clock
) -> None:
    id = asked(jobs)
    for _ in range(5):
        clock.forward(seconds=50)
        other.sweep()
        jobs.renew()
    clock.forward(seconds=50)
    other.sweep()

    assert record(database, id).status == "running"


def test_a_process_fails_the_jobs_of_others_and_not_its_own(
    database: Database, jobs: ImportWorker, other: ImportWorker, clock: Clock
) -> None:
    own, foreign = asked(jobs), asked(other)
    clock.forward(hours=1)

    jobs.sweep()

    assert [record(database, id).status for id in (own, foreign)] == ["running", "failed"]


def test_nobody_fails_a_job_while_its_transaction_is_open(
    database: Database, jobs: ImportWorker, other: ImportWorker, clock: Clock
) -> None:
    def look() -> None:
        clock.forward(hours=1)
        with pytest.raises(OperationalError):
            other.sweep()

    id = asked(jobs, a_file(during=look))
    with database.writing() as session:
        run_import(session, jobs.running[id], jobs.running[id].given)
        look()
    other.sweep()

    assert record(database, id).status == "applied"
    assert figures(database) == 3


def test_a_job_outlives_a_writer_who_kept_its_process_from_renewing_the_lease(
    database: Database, jobs: ImportWorker, other: ImportWorker, clock: Clock
) -> None:
    """On SQLite no lease can be renewed while an import runs; on PostgreSQL it is renewed beside it."""

    def for_an_hour() -> None:
        clock.forward(hours=1)
        if "postgresql" in database.url:
            jobs.renew()

    slow, waiting = asked(jobs, a_file(during=for_an_hour)), asked(jobs)
    with database.writing() as session:
        run_import(session, jobs.running[slow], jobs.running[slow].given)
    other.sweep()

    assert record(database, slow).status == "applied"
    assert record(database, waiting).status == "running"


def test_figures_of_a_job_whose_lease_was_taken_meanwhile_are_not_kept(database: Database, jobs: ImportWorker) -> None:
    """Without the lock nobody can take it; but the last thing that an import does is to ask for its lease again."""
    id = asked(jobs)
    given = Submission([a_file(during=lambda: end_job(session, id))], ImportOptions())

    with pytest.raises(LeaseLost), database.writing() as session:
        run_import(session, jobs.running[id], given)

    assert figures(database) == 0


def test_a_clean_stop_fails_what_has_not_begun(database: Database, jobs: ImportWorker) -> None:
    ids = [asked(jobs), asked(jobs)]

    jobs.stop()

    assert [(record(database, id).status, code_of(record(database, id))) for id in ids] == [
        ("failed", "import_interrupted")
    ] * 2
    assert jobs.running == {}
    assert not jobs.takes


def test_a_clean_stop_takes_a_running_import_back(database: Database) -> None:
    jobs = ImportWorker(database, grace=0.1)
    file = a_file(20_000, during=lambda: time.sleep(0.05))
    id = asked(jobs, file)
    jobs.start()
    while not jobs.progress(id):
        time.sleep(0.001)

    jobs.stop()

    row = record(database, id)
    assert (row.status, row.rows) == ("failed", 0)
    assert figures(database) == 0
    assert file.file.closed


def test_a_running_import_may_end_before_a_clean_stop(database: Database, jobs: ImportWorker) -> None:
    id = asked(jobs, a_file(5000, during=lambda: time.sleep(0.05)))
    jobs.start()
    while not jobs.progress(id):
        time.sleep(0.001)

    jobs.stop()

    assert record(database, id).status == "applied"


def test_a_killed_process_leaves_a_job_that_fails_when_its_lease_is_out(database_url: str, database: Database) -> None:
    command = [sys.executable, "-m", "tests.support.background", database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        id = int(process.stdout.readline())
        alive = record(database, id).status
        process.kill()

    soon = ImportWorker(Database(database_url))
    soon.sweep()
    before = record(database, id).status
    later = ImportWorker(Database(database_url, now=lambda: microseconds() + USUAL.lease_s * SECOND))
    until_it_can(later.sweep)

    row = record(database, id)
    assert (alive, before, row.status, code_of(row)) == ("running", "running", "failed", "import_interrupted")
    assert (row.rows, row.created) == (0, 0)
    assert figures(database) == 0
    for each in (soon, later):
        each.database.dispose()


def until_it_can(sweep: Callable[[], None]) -> None:
    """A server needs a moment to see that a process is gone, and to let go of what it had locked."""
    for _ in range(20):
        try:
            sweep()
        except OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the lock of a killed process is never let go of")
