"""An import in the background, step by step: asked for, carried out, failed. Each step is one transaction.

How it ends is written in the transaction that holds its figures, so that `applied` is whole and `failed` is empty.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from app.answers.imports import Reason
from app.domain.intake.merge import ACTS
from app.errors import LANGUAGES, AppError, Language, RefusalCode, Text
from app.services.imports.files import ImportProgress, Submission, import_files
from app.services.imports.records import in_both, new_record
from app.services.imports.targets import StageTarget
from app.services.rights import Caller, Scope, renewed, require
from app.store import imports as imports_store
from app.store import jobs as store
from app.store.cache import is_unchanged, recorded_basis
from app.store.changes import record_change
from app.store.db import now
from app.store.imports import ImportRow
from app.store.topics import Basis


class Interrupted(AppError):  # noqa: N818 - named for what happened, as its title says it
    """An import in the background that did not come to its end; kept with its record, never an answer."""

    status = 503
    title = Text("It was not carried out to the end", "Việc xử lý bị dừng giữa chừng")


LEASE_OUT = RefusalCode(
    "import_interrupted",
    "The process that carried the import out is gone; nothing of it was stored. Send the file again, "
    "with another Idempotency-Key.",
    "Tiến trình đang nhập số liệu đã ngừng; chưa lưu số liệu nào. Hãy gửi lại tệp với Idempotency-Key khác.",
    Interrupted,
)
SHUT_DOWN = RefusalCode(
    "import_interrupted",
    "The service was stopped before the import was done; nothing of it was stored. Send the file again, "
    "with another Idempotency-Key.",
    "Dịch vụ dừng trước khi nhập xong; chưa lưu số liệu nào. Hãy gửi lại tệp với Idempotency-Key khác.",
    Interrupted,
)
DATABASE_AWAY = RefusalCode(
    "import_interrupted",
    "The database went away, or was full, during the import; nothing of it was stored. Send the file again, "
    "with another Idempotency-Key.",
    "Cơ sở dữ liệu ngừng trả lời hoặc đã đầy trong lúc nhập; chưa lưu số liệu nào. Hãy gửi lại tệp "
    "với Idempotency-Key khác.",
    Interrupted,
)
BROKEN = RefusalCode(
    "import_failed",
    "Something went wrong inside the service, recorded under the request id; nothing of the import was stored.",
    "Dịch vụ gặp lỗi bên trong, đã ghi lại theo mã yêu cầu; chưa lưu số liệu nào của lần nhập.",
    AppError,
)
COUNTS = ("rows", "rejected")
"""What a refusal says about the figures of a file."""
OUTCOME = ("status", *COUNTS, *ACTS, "retracted", "profile", "errors", "warnings", "plan", "periods")
"""What is known of an import when it has been staged."""


@dataclass(slots=True)
class BackgroundImport:
    """An import that runs in the background: what a request asked for, and the files that it left behind.

    `began` is when it began by the counter of the process, `ended` its record once that is stored for good, `interrupt`
    lets what the database does for it fail.
    """

    id: int
    caller: Caller
    request_id: str
    given: Submission
    files: ExitStack
    watch: ImportProgress = field(default_factory=ImportProgress)
    began: float | None = None
    ended: ImportRow | None = None
    interrupt: Callable[[], object] = lambda: None


class BasisChanged(Exception):  # noqa: N818 - nothing is wrong with the import
    """What an import was staged by is no longer so; it has to be staged again."""


class LeaseLost(Exception):  # noqa: N818 - somebody else has said how the job ended
    """The job's lease was taken away: it has failed already, and must store nothing."""


def shut_down() -> AppError:
    return SHUT_DOWN.error()


def database_away() -> AppError:
    return DATABASE_AWAY.error()


def lease_out() -> AppError:
    return LEASE_OUT.error()


def broken() -> AppError:
    return BROKEN.error()


def enqueue_import(session: Session, caller: Caller, request_id: str) -> ImportRow:
    """The record of an import that is to run, stored, with the lease of this process."""
    present = now(session)
    row = new_record(caller, present)
    row.status, row.requested_at = "running", present
    store.add_job(session, row, request_id)
    return row


@dataclass(frozen=True, slots=True)
class StagedImport:
    """What an import comes to by a snapshot: its record with what is to be stored, or why it is refused.

    It holds for as long as the caller has these rights and nothing is written on which it rests.
    """

    caller: Caller
    outcome: ImportRow | AppError
    target: StageTarget
    basis: Basis


def stage_import(session: Session, job: BackgroundImport, ready: Submission, digested: BinaryIO) -> StagedImport:
    """Read, check and merge an import by a snapshot, and stage what it comes to; nobody waits meanwhile.

    `digested` is an empty file. Raises LeaseLost where the job was failed meanwhile, ImportStopped where the service
    stops, BasisChanged where the caller may not import any more, UnitsToState where a file of the portal has new units.
    """
    if not store.is_under_way(session, job.id):
        raise LeaseLost
    try:
        caller = renewed(session, job.caller)
        require(caller, Scope.VALUES_WRITE)
    except AppError as refusal:
        raise BasisChanged from refusal
    outcome: ImportRow | AppError
    with recorded_basis(session) as basis:
        target = StageTarget(session, job.id, digested)
        try:
            outcome = import_files(session, caller, ready, job.watch, new_record(caller, now(session)), target)
        except AppError as refusal:
            outcome = refusal
    return StagedImport(caller, outcome, target, basis())


def store_import(session: Session, job: BackgroundImport, staged: StagedImport) -> ImportRow:
    """Store what was staged as the caller, with the rights of now, or note the refusal that was found then.

    The session is a writing one on the connection that has staged. Raises BasisChanged where that no longer holds, else
    as `run_import`.
    """
    began = now(session)

    def store_staged(caller: Caller, row: ImportRow) -> None:
        if caller != staged.caller or not is_unchanged(session, staged.basis):
            raise BasisChanged
        if isinstance(staged.outcome, AppError):
            raise staged.outcome
        for name in OUTCOME:
            setattr(row, name, getattr(staged.outcome, name))
        staged.target.store(session, row)
        store.give_time_back(session, began)

    return _ended(session, job, store_staged)


def run_import(session: Session, job: BackgroundImport, ready: Submission | AppError) -> ImportRow:
    """Import as the caller, with the rights of now; a refusal is noted with all that the answer would have said.

    `ready` is the job's submission, opened before there was a transaction, or why it could not be.
    The session is a writing one, and its transaction holds both the figures and how the job ended. Raises LeaseLost
    where the job was failed meanwhile.
    """

    def import_ready(caller: Caller, row: ImportRow) -> None:
        if isinstance(ready, AppError):
            raise ready
        import_files(session, caller, ready, job.watch, row)

    return _ended(session, job, import_ready)


def _ended(session: Session, job: BackgroundImport, work: Callable[[Caller, ImportRow], object]) -> ImportRow:
    """The record of a job that ends by this work in the session's transaction."""
    if not store.is_under_way(session, job.id):
        raise LeaseLost
    session.info |= {"actor": job.caller.name, "request_id": job.request_id}
    row, began = imports_store.get_import(session, job.id), now(session)
    part = session.begin_nested()
    try:
        caller = renewed(session, job.caller)
        require(caller, Scope.VALUES_WRITE)
        work(caller, row)
        part.commit()
    except AppError as refusal:
        part.rollback()
        refuse(row, refusal, job.request_id)
        _tell(session, row)
        store.give_time_back(session, began)
    if store.end_job(session, job.id) is None:
        raise LeaseLost
    return row


def refuse(row: ImportRow, refusal: AppError, request_id: str) -> None:
    """Note in the record of an import why nothing of it was stored."""
    row.status, row.problem = "rejected", problem_in_both(refusal, request_id)
    row.errors = [in_both(fault) for fault in refusal.faults]
    for name in COUNTS:
        setattr(row, name, refusal.extra.get(name, 0))


def fail(session: Session, ids: Sequence[int], reason: AppError) -> list[int]:
    """Say of jobs that they have failed, unless they have ended; returns those of which it was said.

    The session is a writing one: while it holds the write lock none of these imports can be storing. One may be
    staging, by a snapshot; `store_import` looks for the lease once it has the lock itself, and stores nothing without.
    """
    failed = []
    for id in ids:
        request_id = store.end_job(session, id)
        if request_id is not None:
            row = imports_store.get_import(session, id)
            row.status, row.problem = "failed", problem_in_both(reason, request_id)
            _tell(session, row)
            failed.append(id)
    return failed


def fail_expired(session: Session, but: Collection[int] = ()) -> list[int]:
    """Say of the jobs whose lease has run out that they have failed, `but` those; returns their numbers."""
    return fail(session, [id for id in store.expired_jobs(session) if id not in but], lease_out())


def _tell(session: Session, row: ImportRow) -> None:
    """Note how an import stands among the changes."""
    record_change(session, "imports", row.status, f"import:{row.id}", unit=row.unit)


def problem_in_both(reason: AppError, request_id: str) -> dict[Language, Reason]:
    """A refusal as it is kept: in both languages, for a reader who comes later."""
    return {language: cast(Reason, {**reason.summary(language), "request_id": request_id}) for language in LANGUAGES}
