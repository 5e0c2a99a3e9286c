"""The imports that a process carries out in the background: one at a time, in the order in which they were asked for.

Two threads: one imports, the other renews the leases of all that wait or run here and looks for jobs of processes that
are gone. What a thread cannot do because the database is busy or away it tries again later.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from threading import BoundedSemaphore, Event, Lock, Thread
from time import sleep
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.errors import AppError, RefusalCode, Unavailable
from app.services.imports.files import ImportStopped, Submission
from app.services.imports.job_ends import note_begin, note_end
from app.services.imports.job_steps import (
    BackgroundImport,
    BasisChanged,
    LeaseLost,
    broken,
    database_away,
    enqueue_import,
    fail,
    fail_expired,
    run_import,
    shut_down,
    stage_import,
    store_import,
)
from app.services.imports.opened_files import opened_files
from app.services.imports.portal_files import UnitsToState
from app.services.rights import Caller
from app.store import jobs as store
from app.store.db import Database, interrupter
from app.store.engines import LOG_LIMIT
from app.store.failures import is_full, is_passing, reason_of
from app.store.health import empty_log, log_size
from app.store.imports import ImportRow

log = logging.getLogger("chiso.jobs")
Opened = TypeVar("Opened")

MOST = 10
"""Imports that wait or run in one process; every one holds its file on disk."""
RENEWALS = 4
"""So many in the time of a lease: it outlives three that failed."""
BRIEF_MS = 300
"""The keeper waits so long for the write lock: others have more urgent writes."""
PATIENCE_MS = 2000
"""The worker waits so long for the write lock before it looks whether it is to stop."""
STAGINGS = 2
"""So often an import is staged; where something that it rests on is written each time, it goes under the lock."""
GRACE = 5.0
"""Seconds that a running import gets to end when the service stops."""

FULL = RefusalCode(
    "imports_waiting",
    "{count} imports are waiting already; send the file again in a minute.",
    "Đã có {count} lần nhập đang chờ; hãy gửi lại tệp sau một phút.",
    Unavailable,
)


class ImportWorker:
    """The jobs of one process. `start` and `stop` enclose its life; before and after, nothing is taken."""

    def __init__(self, database: Database, *, grace: float = GRACE) -> None:
        self.database, self.grace = database, grace
        self.running: dict[int, BackgroundImport] = {}
        self.waiting: SimpleQueue[BackgroundImport | None] = SimpleQueue()
        self.room = BoundedSemaphore(MOST)
        self.stopping, self.ending = Event(), Lock()
        self.threads: list[Thread] = []

    @property
    def takes(self) -> bool:
        """Whether an import asked for now would be carried out here."""
        return bool(self.threads) and not self.stopping.is_set()

    def start(self) -> None:
        """Begin to work, and to look for jobs of processes that are gone."""
        self.threads = [Thread(target=work, name=work.__name__, daemon=True) for work in (self.work, self.keep)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """End cleanly: what runs may end or is taken back whole, what has not begun fails with a reason.

        Waits until it is done, whoever calls; a further call waits for the first.
        """
        with self.ending:
            self.stopping.set()
            waiting = list(self._unbegun())
            self.waiting.put(None)
            for thread in self.threads:
                thread.join(self.grace)
            for job in list(self.running.values()):
                job.watch.stopped = True
            for thread in self.threads:
                while thread.is_alive():
                    for job in list(self.running.values()):
                        job.interrupt()
                    thread.join(BRIEF_MS / 1000)
            # only now: the import that ran may have held the write lock until here
            self._end([*waiting, *self._unbegun()], shut_down())
            self.threads = []

    def progress(self, id: int) -> int | None:
        """Rows that a job has read so far; None where it is not one of this process."""
        job = self.running.get(id)
        return None if job is None else job.watch.read

    @contextmanager
    def accepting(
        self, caller: Caller, request_id: str, given: Submission, files: ExitStack
    ) -> Iterator[tuple[Session, ImportRow]]:
        """Take an import on. Inside, its record stands in an open transaction; on leaving, it is committed and waits.

        `files` is closed when the import has ended, or at once where it is not taken on. Raises Unavailable
        `imports_waiting` where too many wait already.
        """
        with ExitStack() as undoing:
            undoing.enter_context(files)
            if not self.room.acquire(blocking=False):
                raise FULL.error(headers={"Retry-After": "60"}, count=MOST)
            undoing.callback(self.room.release)
            with self.database.unversioned() as session:
                row = enqueue_import(session, caller, request_id)
                yield session, row
            assert row.id is not None
            self.running[row.id] = job = BackgroundImport(row.id, caller, request_id, given, undoing.pop_all())
            self.waiting.put(job)

    def work(self) -> None:
        """Carry out one job after the other, until there are no more to come."""
        while (job := self.waiting.get()) is not None:
            note_begin(job)
            self._end([job], self._carried_out(job))

    def _carried_out(self, job: BackgroundImport) -> AppError | None:
        """Open the files and import them; why that came to nothing, or None where there is an end."""
        with ExitStack() as closing:
            ready: Submission | AppError
            try:
                ready = closing.enter_context(opened_files(self.database, job.given))
            except AppError as refusal:
                ready = refusal
            except Exception as error:  # noqa: BLE001 (`why` logs it)
                return why(job, error)
            return self._imported(job, ready)

    def _imported(self, job: BackgroundImport, ready: Submission | AppError) -> AppError | None:
        """Import what was opened; as `_carried_out`."""
        try:
            job.ended = self._staged(job, ready) or self._under_lock(job, ready)
        except LeaseLost:
            log.warning("import %s was given up while it waited", job.id, extra={"request_id": job.request_id})
        except ImportStopped:
            return shut_down()
        except Exception as error:  # noqa: BLE001 (`why` logs it)
            interrupted = job.watch.stopped and isinstance(error, OperationalError)
            return shut_down() if interrupted else why(job, error)
        return None

    def _staged(self, job: BackgroundImport, ready: Submission | AppError) -> ImportRow | None:
        """Stage an import and store it; None where it cannot be staged, or what it rests on moves every time."""
        if isinstance(ready, AppError):
            return None
        for _ in range(STAGINGS):
            try:
                return _when_it_lets(self.database.connection, partial(self._stage, job, ready), self.stopping.is_set)
            except UnitsToState:
                return None
            except BasisChanged:
                log.info("import %s is staged anew", job.id, extra={"request_id": job.request_id})
        return None

    def _stage(self, job: BackgroundImport, ready: Submission, connection: Connection) -> ImportRow:
        """One attempt. Once it has begun it may end, though the service stops, until its watch says otherwise."""

        def stopped() -> bool:
            if connection.invalidated:  # what was staged is gone with it
                raise BasisChanged
            return job.watch.stopped

        job.interrupt = interrupter(connection)
        with TemporaryFile() as digested:
            with self.database.staging(connection) as session:
                staged = stage_import(session, job, ready, digested)
            writing = partial(self.database.writing, wait_ms=PATIENCE_MS, on=connection)
            return _when_it_lets(writing, partial(store_import, job=job, staged=staged), stopped)

    def _under_lock(self, job: BackgroundImport, ready: Submission | AppError) -> ImportRow:
        """Import while everybody else who writes waits."""
        writing = partial(self.database.writing, wait_ms=PATIENCE_MS)
        return _when_it_lets(writing, partial(run_import, job=job, ready=ready), self.stopping.is_set)

    def _end(self, jobs: Sequence[BackgroundImport], reason: AppError | None) -> None:
        """Let go of jobs; where there is a reason say that they failed. Else their leases run out and say so."""
        try:
            if jobs and reason is not None:
                with self.database.writing(wait_ms=PATIENCE_MS) as session:
                    fail(session, [job.id for job in jobs], reason)
        except Exception as error:
            unsaid, unforeseen = [job.id for job in jobs], not is_passing(error)
            text = "imports %s end when their leases run out: %s"
            log.error(text, unsaid, reason_of(error), exc_info=unforeseen)
        finally:
            for job in jobs:
                del self.running[job.id]
                job.files.close()
                note_end(job, reason)

    def _unbegun(self) -> Iterator[BackgroundImport]:
        while True:
            try:
                job = self.waiting.get_nowait()
            except Empty:
                return
            if job is not None:
                yield job

    def keep(self) -> None:
        """Renew the leases of this process, fail those that have run out, and bound the log, every now and then."""
        while True:
            for chore in (self.renew, self.sweep, self.empty_log):
                try:
                    chore()
                except Exception as error:
                    if is_passing(error):
                        log.info("%s: another time, for %s", chore.__name__, reason_of(error))
                    else:
                        log.exception("%s failed", chore.__name__)
            if self.stopping.wait(self.database.limits.lease_s / RENEWALS):
                return

    def renew(self) -> None:
        """Vouch for the jobs that wait or run here."""
        running = list(self.running)
        if running:
            with self.database.unversioned(wait_ms=BRIEF_MS) as session:
                store.renew_leases(session, running)

    def sweep(self) -> None:
        """Fail the jobs that nobody vouches for any more. Others who write are hardly kept waiting."""
        with self.database.reading(primary=True) as session:
            if not set(store.expired_jobs(session)) - self.running.keys():
                return
        with self.database.writing(wait_ms=BRIEF_MS) as session:
            failed = fail_expired(session, but=self.running.keys())
        if failed:
            log.warning("imports %s failed: their process is gone", failed)

    def empty_log(self) -> None:
        """Cut SQLite's log back where a large import or a long reader has let it grow, and tell of one that stays."""
        if log_size(self.database.url) > LOG_LIMIT:
            state = empty_log(self.database)
            if state.held and not state.by_import:
                log.warning("SQLite's log has %d MB, and a reader keeps it from being emptied", state.size // 2**20)


def _when_it_lets(
    opening: Callable[[], AbstractContextManager[Opened]],
    work: Callable[[Opened], ImportRow],
    stopped: Callable[[], bool],
) -> ImportRow:
    """Work as soon as the database lets it begin; ImportStopped where that is too late."""
    while not stopped():
        begun = False
        try:
            with opening() as opened:
                begun = True
                return work(opened)
        except Exception as error:
            if begun or not is_passing(error):
                raise
            sleep(BRIEF_MS / 1000)
    raise ImportStopped


def why(job: BackgroundImport, error: Exception) -> AppError:
    """Why a job ends that met this; the log has the reason, and of what was not foreseen the place."""
    about = {"request_id": job.request_id}
    if is_passing(error) or is_full(error):
        log.error("import %s: %s", job.id, reason_of(error), extra=about)
        return database_away()
    log.error("import %s failed", job.id, exc_info=error, extra=about)
    return broken()
