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
    ReadSession,
    SettingsDep,
    ValuesReader,
    ValuesWriter,
    WriteSession,
    read_cursor,
    writing,
)
from app.api.examples import IMPORT, IMPORT_CSV, IMPORT_RECORD, IMPORT_ROWS, IMPORT_UNDONE, example
from app.api.periods import period_code
from app.api.problems import FaultBody, language_of, problems
from app.api.strict import StrictRoute
from app.api.uploads import FILE_FORM, XLSX, UploadsDep, only
from app.domain.figures import Locale
from app.domain.frameworks.rules import Code
from app.domain.instant import to_datetime
from app.domain.intake.layouts import Layout
from app.formats.answers import Column
from app.services import imports as service
from app.services import undo as undo_service
from app.services.import_checks import Options
from app.services.intake import Rows
from app.services.portal_files import import_portal
from app.store import imports as store

router = APIRouter(prefix="/v1", tags=["imports"], route_class=StrictRoute)
bulk_router = APIRouter(prefix="/v1", tags=["imports"], route_class=StrictRoute)

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
    undoes: int | None


class ImportRecord(ImportOut):
    """An import as it is kept: also who made it and when it became known."""

    actor: str
    known_at: datetime


class ImportList(BaseModel):
    items: list[ImportRecord]
    next_cursor: str | None


DryRun = Annotated[bool, Query(description="Only say what would happen; nothing is stored.")]


CreateUnits = Annotated[bool, Query(description="With `layout=portal`: state units that are not known yet.")]


def import_session(
    request: Request,
    database: DatabaseDep,
    caller: ValuesWriter,
    dry_run: DryRun = False,
    create_units: CreateUnits = False,
) -> Iterator[Session]:
    """A dry run only reads, or writes units and takes them back; everything else writes."""
    if dry_run and create_units:
        with database.writing() as session:
            yield session
            session.rollback()
    elif dry_run:
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
            "content": {
                "application/json": {"schema": {"type": "array", "items": ROW_SCHEMA}, "example": IMPORT_ROWS},
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}, "example": IMPORT_CSV},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": {"schema": FILE_FORM},
            },
        }
    },
)
def post_import(
    request: Request,
    caller: ValuesWriter,
    session: ImportSession,
    settings: SettingsDep,
    uploads: UploadsDep,
    dry_run: DryRun = False,
    on_error: Annotated[Literal["abort", "skip"], Query(description="`skip` stores the good rows.")] = "abort",
    period: Annotated[str | None, Query(description="The period of rows that name none.")] = None,
    source: Annotated[Code | None, Query(description="The source of rows that name none.")] = None,
    locale: Annotated[Locale, Query(description="How figures in text are written.")] = "auto",
    layout: Annotated[
        Layout | Literal["portal"],
        Query(description="`auto`: long if there is a column `indicator`, else wide; `portal`: saved answers."),
    ] = "auto",
    create_units: CreateUnits = False,
    sheet: Annotated[str | None, Query(max_length=100, description="Which sheet of a workbook.")] = None,
    plan: Annotated[str | None, Query(description="The `plan` of a dry run: refuse if the world moved.")] = None,
) -> Response:
    """Store figures, all or none: every mistake is named at once, nothing is guessed.

    The body is the file itself (CSV, XLSX, JSON, NDJSON), or a form with the part `file`.
    """
    options = Options(dry_run, on_error == "skip", period_code(period), source, locale, plan, settings.sources)
    if layout == "portal":
        files = [upload.file for upload in uploads]
        row = import_portal(session, caller, files, options, create_units=create_units)
    else:
        upload, kinds = only(uploads), service.indicator_kinds(session)
        rows = Rows(upload.file, upload.kind, upload.charset, sheet, layout, kinds)
        row = service.import_values(session, caller, rows, options)
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


@router.post(
    "/imports/{id}/undo",
    response_model=ImportOut,
    responses={200: example(IMPORT_UNDONE), **problems(401, 403, 404, 409, 422, 503)},
)
def undo_import(
    request: Request,
    caller: ValuesWriter,
    session: WriteSession,
    id: Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])],
) -> Response:
    """Take an import back: its figures are again what they were; those changed since are left, with a warning."""
    row = undo_service.undo_import(session, caller, id)
    return answer(service.described(row, language_of(request.headers.get("accept-language", ""))))
