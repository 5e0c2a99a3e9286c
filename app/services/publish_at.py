"""When a draft is to be published by itself: stated by whoever may publish, and forgotten."""

from sqlalchemy.orm import Session

from app.domain.instant import to_datetime
from app.errors import Fault, Invalid, RefusalCode
from app.services.rights import Caller, Scope, require
from app.store.db import now
from app.store.evaluations import EvaluationRow, ScheduledBy

PAST = RefusalCode(
    "publish_at_past",
    "`publish_at` ({moment}) is not in the future: name a later moment, or leave it out to publish now.",
    "`publish_at` ({moment}) không ở tương lai: hãy nêu thời điểm muộn hơn, hoặc bỏ trống để công bố ngay.",
    Invalid,
)


def require_schedulable(session: Session, caller: Caller, at: int) -> None:
    """Raise unless the caller may publish, and the moment (µs) is still to come."""
    require(caller, Scope.EVALUATIONS_PUBLISH)
    if at <= now(session):
        moment = to_datetime(at).isoformat()
        raise Fault(PAST, {"moment": moment}, pointer="/publish_at", value=moment).error()


def schedule(session: Session, caller: Caller, row: EvaluationRow, at: int) -> None:
    """State when a draft is to be published (µs), in the name of the caller, in place of what was stated before."""
    require_schedulable(session, caller, at)
    request_id = session.info.get("request_id")
    row.publish_at, row.publish_problem = at, None
    row.scheduled_by = ScheduledBy(
        name=caller.name, scopes=sorted(caller.scopes), unit=caller.unit, request_id=request_id
    )


def forget_schedule(row: EvaluationRow) -> None:
    """Let nothing be scheduled any more."""
    row.publish_at = row.scheduled_by = row.publish_problem = None


def traced(at: int | None) -> dict[str, str]:
    """How the trace says when a draft is to be published."""
    return {} if at is None else {"publish_at": to_datetime(at).isoformat()}
