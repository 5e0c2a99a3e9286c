"""The trace of every write."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.answers.audit import AuditList
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.cursors import Cursor, read_cursor
from app.api.deps import Admin, ClockParameter, ReadSession
from app.api.examples import example_page
from app.api.heavy_tables import HeavyTable
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.instant import to_instant
from app.domain.unit_code import UnitCode
from app.formats.delimited import Column
from app.services.audit import described
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
    return page.send(map(described, entries), lambda item: [item["id"]])
