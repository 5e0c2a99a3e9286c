"""Imports: figures in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.deps import (
    Cursor,
    DatabaseDep,
    RawBody,
    ReadSession,
    SettingsDep,
    ValuesReader,
    ValuesWriter,
    read_cursor,
    writing,
)
from app.api.examples import IMPORT, IMPORT_RECORD, IMPORT_ROWS, example
from app.api.periods import period_code
from app.api.problems import FaultBody, language_of, problems
from app.api.strict import StrictRoute
from app.domain.figures import Locale
from app.domain.instant import to_datetime
from app.domain.place import Place
from app.domain.rules import Code
from app.errors import Fault, Invalid, Text, UnsupportedMedia
from app.formats.answers import Column
from app.formats.strict_json import read_json
from app.services import imports as service
from app.services.import_checks import Options
from app.store import imports as store

router = APIRouter(prefix="/v1", tags=["imports"], route_class=StrictRoute)
bulk_router = APIRouter(prefix="/v1", tags=["imports"], route_class=StrictRoute)

NOT_LIST = Text("A JSON array of rows is expected.", "Nội dung phải là một mảng JSON các dòng số liệu.")
KIND = Text("Send the rows as application/json.", "Gửi số liệu dạng application/json.")
COLUMNS = [
    Column("id", "Số"),
    Column("status", "Trạng thái"),
    Column("rows", "Số liệu"),
    Column("created", "Mới"),
    Column("updated", "Sửa"),
    Column("unchanged", "Không đổi"),
    Column("rejected", "Từ chối"),
    Column("actor", "Khóa"),
    Column("known_at", "Thời điểm"),
]
ROW_SCHEMA = {
    "type": "object",
    "properties": {
        "unit": {"type": "string", "description": "A unit's code, or an identifier as scheme:value."},
        "period": {"type": "string", "description": "Left out where `period=` gives it."},
        "indicator": {"type": "string"},
        "numerator": {"type": ["number", "string", "null"]},
        "denominator": {"type": ["number", "string", "null"]},
        "value": {"type": ["number", "string", "null"], "description": "For a ratio the percentage, or n/d as text."},
        "source": {"type": ["string", "null"], "description": "`manual` where left out."},
        "observed_at": {"type": ["string", "null"], "format": "date-time"},
        "note": {"type": ["string", "null"], "maxLength": 1000},
        "retract": {"type": "boolean", "description": "Leaves the figure without a value."},
    },
    "required": ["unit", "indicator"],
    "additionalProperties": False,
}


class ImportOut(BaseModel):
    """What became of an import; created + updated + unchanged + rejected = rows, always."""

    model_config = ConfigDict(json_schema_extra={"example": IMPORT})

    id: int | None
    status: Literal["applied", "planned", "rejected"]
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[FaultBody]
    warnings: list[FaultBody]
    plan: str | None


class ImportRecord(ImportOut):
    """An import as it is kept: also who made it and when it became known."""

    actor: str
    known_at: datetime


class ImportList(BaseModel):
    items: list[ImportRecord]
    next_cursor: str | None


def rows_of(request: Request, body: bytes) -> list[tuple[Place, object]]:
    """The rows of a JSON array, each with its place."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMedia("content_type_unsupported", KIND)
    rows = read_json(body)
    if not isinstance(rows, list):
        raise Invalid("list_expected", NOT_LIST, faults=[Fault("list_expected", NOT_LIST, pointer="")])
    return [(Place(f"/{index}"), raw) for index, raw in enumerate(rows)]


DryRun = Annotated[bool, Query(description="Only say what would happen; nothing is stored.")]


def import_session(
    request: Request, database: DatabaseDep, caller: ValuesWriter, dry_run: DryRun = False
) -> Iterator[Session]:
    """A dry run only reads; everything else writes."""
    if dry_run:
        with database.reading() as session:
            yield session
    else:
        yield from writing(request, database, caller)


ImportSession = Annotated[Session, Depends(import_session, scope="function")]


@bulk_router.post(
    "/imports",
    response_model=ImportOut,
    responses={200: example(IMPORT), **problems(400, 401, 403, 409, 413, 415, 422, 503)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "array", "items": ROW_SCHEMA}, "example": IMPORT_ROWS}},
        }
    },
)
def post_import(
    request: Request,
    caller: ValuesWriter,
    session: ImportSession,
    settings: SettingsDep,
    body: RawBody,
    dry_run: DryRun = False,
    on_error: Annotated[Literal["abort", "skip"], Query(description="`skip` stores the good rows.")] = "abort",
    period: Annotated[str | None, Query(description="The period of rows that name none.")] = None,
    source: Annotated[Code | None, Query(description="The source of rows that name none.")] = None,
    locale: Annotated[Locale, Query(description="How figures in text are written.")] = "auto",
    plan: Annotated[str | None, Query(description="The `plan` of a dry run: refuse if the world moved.")] = None,
) -> Response:
    """Store figures, all or none: every mistake is named at once, nothing is guessed."""
    options = Options(dry_run, on_error == "skip", period_code(period), source, locale, plan, settings.sources)
    row = service.import_values(session, caller, rows_of(request, body), options)
    return answer(service.described(row, language_of(request.headers.get("accept-language", ""))))


def record_of(row: store.ImportRow, request: Request) -> dict[str, Any]:
    described = service.described(row, language_of(request.headers.get("accept-language", "")))
    return {**described, "actor": row.actor, "known_at": to_datetime(row.known_at)}


@router.get(
    "/imports",
    response_model=ImportList,
    responses={200: example({"items": [IMPORT_RECORD], "next_cursor": None}), **problems(401, 403, 422)},
)
def read_imports(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List imports, the newest first; a subtree key sees its own subtree's."""
    page = Page(request, "imports", COLUMNS, limit, format)
    place = read_cursor("imports", cursor, [0])
    rows = store.list_imports(session, unit=caller.unit, before=place[0] if place else None, limit=page.reach)
    return page.send([record_of(row, request) for row in rows], lambda item: [item["id"]])


@router.get(
    "/imports/{id}",
    response_model=ImportRecord,
    responses={200: example(IMPORT_RECORD), **problems(401, 403, 404, 422)},
)
def read_import(
    request: Request,
    caller: ValuesReader,
    session: ReadSession,
    id: Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])],
) -> Response:
    """One import with its counts, errors and warnings."""
    return answer(record_of(service.get_import(session, caller, id), request))
