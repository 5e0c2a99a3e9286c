"""The answers about the trace of every write."""

from datetime import datetime

from typing_extensions import TypedDict


class AuditOut(TypedDict):
    """Who did what to which thing and when, how it was before and after; `hash` covers it and `previous`."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    request_id: str | None
    before: object
    after: object
    previous: str
    hash: str


class AuditList(TypedDict):
    items: list[AuditOut]
    next_cursor: str | None
