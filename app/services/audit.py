"""The trace of every write, as it is answered."""

from app.answers.audit import AuditOut
from app.domain.instant import to_datetime
from app.store.audit import AuditEntry


def described(entry: AuditEntry) -> AuditOut:
    """An entry of the trace as it is answered."""
    return {
        "id": entry.id,
        "at": to_datetime(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "request_id": entry.request_id,
        "before": entry.before,
        "after": entry.after,
        "previous": entry.previous,
        "hash": entry.hash,
    }
