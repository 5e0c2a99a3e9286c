"""The trace of every write."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.answers.examples import load_example
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.deps import Admin, ClockParameter, Cursor, ReadSession, read_cursor
from app.api.examples import example_page
from app.api.heavy_tables import HeavyTable
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.instant import to_datetime, to_instant
from app.domain.unit import UnitCode
from app.formats.delimited import Column
from app.store import audit as store

router = APIRouter(prefix="/v1", tags=["audit"], route_class=StrictRoute)

COLUMNS = [
    Column("id", "Số"),
    Column("at", "Thời điểm"),
    Column("actor", "Khóa"),
    Column("action", "Việc"),
    Column("subject", "Đối tượng"),
    Column("request_id", "Mã yêu cầu"),
    Column("hash", "Mã băm"),
]


class AuditOut(BaseModel):
    """Who did what to which thing and when, how it was before and after; `hash` covers it and `previous`."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("audit_entry")})

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    request_id: str | None
    before: Any
    after: Any
    previous: str
    hash: str


class AuditList(BaseModel):
    items: list[AuditOut]
    next_cursor: str | None


@router.get(
    "/audit",
    response_model=AuditList,
    responses={200: example_page("audit_entry"), **problems(401, 403, 422)},
)
def read_audit(
    request: Request,
    caller: Admin,
    heavy: HeavyTable,
    session: ReadSession,
    actor: str | None = None,
    action: str | None = None,
    subject: Annotated[str | None, Query(description="For example unit:H60, period:2024-07, import:7.")] = None,
    unit: Annotated[UnitCode | None, Query(description="The history of a unit: whatever stated or changed it.")] = None,
    since: ClockParameter = None,
    until: ClockParameter = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List what was written, the newest first."""
    page = Page(request, "audit", COLUMNS, limit, format)
    place = read_cursor("audit", cursor, [0])
    filters = {"actor": actor, "action": action, "subject": subject}
    entries = store.list_entries(
        session,
        filters={name: value for name, value in filters.items() if value is not None},
        since=None if since is None else to_instant(since),
        until=None if until is None else to_instant(until),
        before=place[0] if place else None,
        limit=page.reach,
        unit=unit,
    )
    items = (
        {name: getattr(entry, name) for name in AuditOut.model_fields} | {"at": to_datetime(entry.at)}
        for entry in entries
    )
    return page.send(items, lambda item: [item["id"]])
