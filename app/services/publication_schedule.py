"""Publications that wait for their moment: scheduled, taken back, and carried out by whichever process comes first.

A thread of each process looks every second whether one is due. Under the write lock it looks again, so that of several
processes one publishes, and a moment that passed while none was running is made up for by the next.
"""

import logging
from threading import Event, Thread

from sqlalchemy.orm import Session

from app.domain.evaluation import Status, advance
from app.errors import AppError, RefusalCode
from app.metrics.series import JOBS_ENDED
from app.services import evaluation_states as states
from app.services.evaluations import subject
from app.services.publish_at import forget_schedule, schedule, traced
from app.services.rights import Caller, Scope, renewed, require
from app.store import evaluations as store
from app.store.audit import record
from app.store.db import Database, now
from app.store.evaluations import EvaluationRow, ScheduledBy
from app.store.failures import is_passing, reason_of

log = logging.getLogger("chiso.schedule")

PULSE_S = 1.0
"""Seconds between two looks at what is due."""
PATIENCE_MS = 2000
"""How long a publication waits for the write lock before it is tried another time."""

BROKEN = RefusalCode(
    "publication_failed",
    "Something went wrong inside the service, recorded under the request id; nothing was published. Publish it again.",
    "Dịch vụ gặp lỗi bên trong, đã ghi lại theo mã yêu cầu; chưa công bố gì. Hãy công bố lại.",
    AppError,
)


def state(session: Session, caller: Caller, id: int, at: int | None) -> EvaluationRow:
    """State when a draft is to be published (µs), in the name of the caller; None takes back what was stated."""
    row = states.writable(session, caller, id)
    advance(Status(row.status), Status.PUBLISHED)
    before = row.publish_at
    if at is None:
        forget_schedule(row)
    else:
        schedule(session, caller, row, at)
    if (before, at) != (None, None):
        action = "evaluation.unscheduled" if at is None else "evaluation.scheduled"
        record(session, action, subject(id), before=traced(before) or None, after=traced(at) or None)
        states.tell(session, row, action.partition(".")[2])
    return row


def publish_next(database: Database) -> bool:
    """Publish what came due first, or note why it cannot be published; False where nothing is due."""
    with database.writing(wait_ms=PATIENCE_MS) as session:
        row = store.find_due(session, now(session))
        if row is None or row.scheduled_by is None:
            session.rollback()
            return False
        id, by = row.id, row.scheduled_by
        session.info |= {"actor": by["name"], "request_id": by["request_id"]}
        refusal = _published(session, row, by)
    outcome = "published" if refusal is None else "failed"
    reason = "" if refusal is None else f", {refusal.code}"
    log.info("publication of evaluation %s %s%s", id, outcome, reason, extra={"request_id": by["request_id"]})
    JOBS_ENDED.labels("publication", outcome).inc()
    return True


def _published(session: Session, row: EvaluationRow, by: ScheduledBy) -> AppError | None:
    """Publish with the rights that the key has now; why that is refused, which the evaluation and the trace say."""
    assert row.id is not None
    part = session.begin_nested()
    refusal: AppError
    try:
        caller = renewed(session, Caller(by["name"], frozenset(by["scopes"]), by["unit"]))
        require(caller, Scope.EVALUATIONS_PUBLISH)
        states.publish(session, caller, row.id)
        part.commit()
        return None
    except AppError as error:
        refusal = error
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("evaluation %s could not be published", row.id, extra={"request_id": by["request_id"]})
        refusal = BROKEN.error()
    part.rollback()
    row.publish_problem = {
        "code": refusal.code,
        "status": refusal.status,
        "detail": {"en": refusal.detail("en"), "vi": refusal.detail("vi")},
        "request_id": by["request_id"] or "",
    }
    record(session, "evaluation.publication_failed", subject(row.id), after={"code": refusal.code})
    states.tell(session, row, "publication_failed")
    return refusal


class PublicationSchedule:
    """The thread of one process that publishes what is due, between `start` and `stop`."""

    def __init__(self, database: Database) -> None:
        self.database, self.stopping = database, Event()
        self.thread = Thread(target=self.keep, name="chiso-schedule", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Return when what is being published has been."""
        self.stopping.set()
        self.thread.join()

    def keep(self) -> None:
        """Publish what is due, again and again; what the database does not let it do now it tries a second later."""
        while not self.stopping.wait(PULSE_S):
            try:
                self.publish_due()
            except Exception as error:
                if is_passing(error):
                    log.info("publishing another time, for %s", reason_of(error))
                else:
                    log.exception("publishing failed")

    def publish_due(self) -> None:
        """Publish all that is due; where nothing is, nobody who writes is kept waiting."""
        with self.database.reading(primary=True) as session:
            due = store.find_due(session, now(session)) is not None
        while due and not self.stopping.is_set():
            due = publish_next(self.database)
