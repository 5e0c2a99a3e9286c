"""Units: the bodies that are scored, read and stated one by one or in bulk."""

from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.examples import load_example
from app.answers.units import UnitList, UnitOut, UnitsImported, UnitStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import (
    ConcurrencyLimitsDep,
    DatabaseDep,
    KnownAt,
    PublicReader,
    ReadSession,
    UnitsWriter,
    WriteSession,
    write_transaction,
)
from app.api.examples import example, example_page
from app.api.headers import carries
from app.api.heavy_places import heavy_place
from app.api.heavy_tables import HeavyTable
from app.api.idempotency import note_answer
from app.api.kept_routes import kept
from app.api.negotiation import preferred_language
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.strict_requests import BulkRoute, StrictRoute
from app.api.unit_schemas import Force, UnitBody, UnitPatch, UnitPath
from app.api.uploads import FILE_FORM, XLSX, UploadsDep
from app.api.warnings import text_warnings, with_warnings
from app.domain.booleans import QueryFlag
from app.domain.day import Day
from app.domain.unit import UnitDocument
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.errors import Fault
from app.formats.delimited import Column
from app.services import units as service
from app.services.imports.files import ImportFile
from app.services.unit_lists import ParsedUnitList, read_opening, read_unit_list
from app.services.units import UnitsWritten, unit_described
from app.store import units as store
from app.store.unit_versions import UnitMoment

router = APIRouter(prefix="/v1", tags=["units"], route_class=StrictRoute)
bulk_router = APIRouter(prefix="/v1", tags=["units"], route_class=BulkRoute)

COLUMNS = [
    Column("code", "Mã"),
    Column("name", "Tên"),
    Column("level", "Cấp"),
    Column("parent", "Đơn vị cấp trên"),
    Column("valid_from", "Từ ngày"),
    Column("valid_to", "Đến ngày"),
    Column("short_name", "Tên ngắn"),
    Column("kind", "Loại đơn vị"),
]


def current_unit(session: WriteSession, code: UnitPath) -> Current:
    return lambda: tag_of(unit_described(store.get_unit_row(session, code)))


@dataclass(frozen=True)
class UnitWrite:
    """What every way of stating one unit takes: who writes it, in which transaction, upon which state."""

    request: Request
    caller: UnitsWriter
    session: WriteSession
    unchanged: Annotated[None, Depends(guarded(current_unit), scope="function")]
    code: UnitPath
    force: Force = False

    def answer(self, outcome: UnitsWritten, corrections: Sequence[Fault]) -> Response:
        """The unit as it stands after the write, with its ETag."""
        unit, status = unit_described(store.get_unit_row(self.session, self.code)), 201 if outcome.created else 200
        warnings = [*corrections, *outcome.warnings]
        return with_warnings(self.request, unit, warnings, status, {"ETag": tag_of(unit)})


UnitWriteDep = Annotated[UnitWrite, Depends(scope="function")]


@router.get(
    "/units",
    response_model=UnitList,
    responses={200: example_page("unit"), **problems(401, 404, 422)},
)
@kept
def read_units(
    request: Request,
    caller: PublicReader,
    heavy: HeavyTable,
    session: ReadSession,
    known_at: KnownAt,
    level: Level | None = None,
    parent: UnitCode | None = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of the name, accents and case ignored.")] = None,
    active_on: Annotated[Day | None, Query(description="As the units stood on this day.")] = None,
    sort: Annotated[Literal["code", "name"], Query(description="`name`: as Vietnamese dictionaries do.")] = "code",
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List units, filtered; ordered by code, or by name in Vietnamese order."""
    page = Page(request, "units", COLUMNS, limit, format)
    rows = store.list_units(
        session,
        moment=UnitMoment(known_at, active_on),
        level=level,
        parent=parent,
        under=under,
        q=q,
        by_name=sort == "name",
        after=read_cursor(f"units by {sort}", cursor, ["", ""] if sort == "name" else [""]),
        limit=page.reach,
    )
    keys = {row.code: [row.name_order, row.code] if sort == "name" else [row.code] for row in rows}
    return page.send(
        [unit_described(row) for row in rows], lambda item: keys[item["code"]], cursor_name=f"units by {sort}"
    )


@router.get("/units/{code}", response_model=UnitOut, responses={200: example("unit"), **problems(401, 404, 422)})
@kept
def read_unit(
    caller: PublicReader,
    session: ReadSession,
    code: UnitPath,
    known_at: KnownAt,
    active_on: Day | None = None,
) -> Response:
    """One unit, as it is or as it stood on a day."""
    unit = unit_described(store.get_unit_row(session, code, UnitMoment(known_at, active_on)))
    return answer(unit, headers={"ETag": tag_of(unit)})


@router.put(
    "/units/{code}",
    response_model=UnitStated,
    responses={
        200: {"description": "The unit was known.", **example("unit")},
        201: {"description": "The unit is new.", "model": UnitStated, **example("unit")},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
)
def put_unit(write: UnitWriteDep, body: UnitBody) -> Response:
    """State a unit as a whole; 201 where it is new."""
    require_same(body.code, write.code)
    facts = UnitDocument(**{**dict(body), "code": write.code})
    outcome = service.put_unit(write.session, write.caller, facts, force=write.force)
    return write.answer(outcome, text_warnings(write.request, body))


@router.patch(
    "/units/{code}",
    response_model=UnitStated,
    responses={
        200: example("unit", **load_example("unit_patch")),
        **problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
)
def patch_unit(write: UnitWriteDep, body: UnitPatch) -> Response:
    """Correct some facts of a unit. What changes from a day on is an event instead."""
    require_same(body.code, write.code)
    changes = {name: getattr(body, name) for name in body.model_fields_set - {"code"}}
    outcome = service.patch_unit(write.session, write.caller, write.code, changes, force=write.force)
    return write.answer(outcome, text_warnings(write.request, body))


async def opened_file(uploads: UploadsDep, limits: ConcurrencyLimitsDep) -> ImportFile:
    """The one file of a request, read as far as its first row."""

    def open_it() -> ImportFile:
        file = uploads.only().extract(uploads.closing)
        read_opening(file.opened, file.kind, file.charset)
        return file

    async with limits.openings.place():
        return await run_in_threadpool(open_it)


@dataclass(frozen=True)
class SentUnits:
    """A list of units as it was read; `reads`: nothing of it is written, for it is a trial or cannot be taken."""

    listed: ParsedUnitList
    reads: bool


async def units_import_turn(
    request: Request,
    limits: ConcurrencyLimitsDep,
    file: Annotated[ImportFile, Depends(opened_file)],
    dry_run: Annotated[QueryFlag, Query(description="Only say what would happen.")] = False,
) -> AsyncIterator[SentUnits]:
    """A list of units when it may be taken: a trial is heavy, else it is read to its end before its turn to write."""
    async with heavy_place(request) if dry_run else limits.unit_lists.place():
        listed = await run_in_threadpool(read_unit_list, file.opened, file.kind, file.charset)
        sent = SentUnits(listed, dry_run or bool(listed.faults))
        async with nullcontext() if sent.reads else limits.writers.place():
            yield sent


SentUnitsDep = Annotated[SentUnits, Depends(units_import_turn, scope="function")]


@bulk_router.post(
    "/units/import",
    response_model=UnitsImported,
    responses={
        200: {**example("units_imported"), **carries("Chiso-Version")},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/UnitBody"}},
                    "example": [load_example("unit")],
                },
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "code,name,level,parent,valid_from,valid_to\nH60,UBND tỉnh Tuyên Quang,province,,,\n",
                },
                XLSX: {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": {"schema": FILE_FORM},
            },
        }
    },
)
def import_units(
    request: Request,
    database: DatabaseDep,
    caller: UnitsWriter,
    sent: SentUnitsDep,
    dry_run: Annotated[QueryFlag, Query(description="Only say what would happen.")] = False,
    force: Force = False,
) -> Response:
    """State many units at once, all or none, parents in any order.

    The body is the file itself (JSON array, NDJSON, CSV, XLSX with a header line), or a form with the part `file`.
    """
    listed = sent.listed
    language = preferred_language(request.scope["headers"])
    with database.reading() if sent.reads else write_transaction(request, database, caller) as session:
        outcome = service.state_units(session, caller, listed.placed, listed.faults, dry_run=dry_run, force=force)
        warnings = chain(listed.warnings, outcome.warnings)
        described = service.list_described(outcome, warnings, language, dry_run=dry_run)
        return note_answer(request, answer(described, language=language))
