"""Imports: figures in, at once or in the background."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.answers.imports import ImportList, ImportOut, ImportRecord
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.cursors import Cursor, read_cursor
from app.api.deps import (
    ConcurrencyLimitsDep,
    DatabaseDep,
    ImportReader,
    JobsDep,
    ReadSession,
    RecordsReader,
    SettingsDep,
    ValuesWriter,
    write_transaction,
)
from app.api.examples import example, example_page
from app.api.headers import carries
from app.api.heavy_places import heavy_place
from app.api.idempotency import note_answer, store_response
from app.api.import_schemas import COLUMNS, SENT, TAKEN_ON
from app.api.negotiation import preferred_language
from app.api.periods import period_code
from app.api.problems import problems
from app.api.strict_requests import BulkRoute, StrictRoute
from app.api.uploads import Uploads, UploadsDep
from app.domain.booleans import QueryFlag, read_flag
from app.domain.figure_parser import Locale
from app.domain.intake.import_row import Fractions
from app.domain.intake.layouts import ImportLayout
from app.domain.intake.profiles import ProfileName
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Code
from app.errors import AppError, Language
from app.services.imports import records as service
from app.services.imports import undo as undo_service
from app.services.imports.files import LARGE, ImportProgress, Submission, import_files
from app.services.imports.jobs import ImportWorker
from app.services.imports.opened_files import opened_files
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller
from app.store.db import Database
from app.store.imports import ImportRow

router = APIRouter(prefix="/v1", tags=["imports"], route_class=StrictRoute)
bulk_router = APIRouter(prefix="/v1", tags=["imports"], route_class=BulkRoute)

RESPOND_ASYNC = re.compile(r"(?:^|,)\s*respond-async\s*(?:[,;]|$)", re.IGNORECASE)
"""The preference of RFC 7240 among others."""
PREFERRED = {"Preference-Applied": "respond-async"}
SOON = {"Retry-After": "1"}

DryRun = Annotated[QueryFlag, Query(description="Only say what would happen; nothing is stored.")]
CreateUnits = Annotated[QueryFlag, Query(description="With `layout=portal`: state units that are not known yet.")]


@dataclass(frozen=True, slots=True)
class IncomingImport:
    """An import as it was sent; `prefers_async`: it may be answered before it is done, `background`: it will be."""

    given: Submission
    uploads: Uploads
    prefers_async: bool
    background: bool


def incoming_import(
    settings: SettingsDep,
    jobs: JobsDep,
    uploads: UploadsDep,
    dry_run: DryRun = False,
    create_units: CreateUnits = False,
    on_error: Annotated[Literal["abort", "skip"], Query(description="`skip` stores the good rows.")] = "abort",
    period: Annotated[PeriodCode | None, Query(description="The period of rows that name none.")] = None,
    source: Annotated[Code | None, Query(description="The source of rows that name none.")] = None,
    locale: Annotated[Locale, Query(description="How figures in text are written.")] = "auto",
    fractions: Annotated[
        Fractions | None,
        Query(
            description="Whether rates between 0 and 1 without a percent sign are parts of 1 (`yes`: multiplied by "
            "100) or percentages as they stand (`no`). Unsaid, three or more of an indicator are refused."
        ),
    ] = None,
    layout: Annotated[
        Literal[ImportLayout, "portal"],
        Query(
            description="`auto`: long where there is a column, or in JSON a key, `indicator`, else wide; "
            "`portal`: saved answers."
        ),
    ] = "auto",
    profile: Annotated[ProfileName | None, Query(description="The import profile by which the table is read.")] = None,
    sheet: Annotated[str | None, Query(max_length=100, description="Which sheet of a workbook.")] = None,
    plan: Annotated[str | None, Query(description="The `plan` of a dry run: refuse if the world moved.")] = None,
    complete: Annotated[
        QueryFlag,
        Query(
            description="The file is the whole of each period, source and indicator of which it states a figure: what "
            "stands and is absent from it is retracted."
        ),
    ] = False,
    resolve: Annotated[
        Literal["names"] | None,
        Query(description="`names`: units may be written by a name that one of them alone bears."),
    ] = None,
    under: Annotated[
        UnitCode | None,
        Query(description="With `complete` and `resolve`: the units below this one alone, itself excluded."),
    ] = None,
    prefer: Annotated[str, Header(description="`respond-async`: answer at once, import in the background.")] = "",
) -> IncomingImport:
    """The files of a request and how they are to be taken."""
    options = ImportOptions(
        dry_run=dry_run,
        skip=on_error == "skip",
        period=period_code(period),
        source=source,
        locale=locale,
        plan=plan,
        complete=complete,
        under=under,
        sources=settings.sources,
        fractions=fractions,
        resolve=resolve,
    )
    files = uploads.files if layout == "portal" else [uploads.only()]
    given = Submission(files, options, layout, sheet, create_units, profile)
    prefers_async = RESPOND_ASYNC.search(prefer) is not None
    return IncomingImport(
        given, uploads, prefers_async, in_background(jobs, given, uploads, prefers_async=prefers_async)
    )


async def import_turn(
    request: Request,
    limits: ConcurrencyLimitsDep,
    database: DatabaseDep,
    incoming: Annotated[IncomingImport, Depends(incoming_import)],
) -> AsyncIterator[IncomingImport]:
    """The import when it may be carried out: trying is heavy, else it is opened first, and refused before it waits."""
    if incoming.given.reads:
        async with heavy_place(request):
            yield incoming
        return
    if not incoming.background:  # else it is opened in the background, too
        async with limits.openings.place():
            opening = opened_files(database, incoming.given)
            given = await run_in_threadpool(incoming.uploads.closing.enter_context, opening)
            incoming = replace(incoming, given=given)
    async with limits.writers.place():
        yield incoming


async def rejections_counted(request: Request) -> AsyncIterator[None]:
    """Count what is refused from the first look at the files on, before the request is known as an import."""
    try:
        yield
    except AppError as refusal:
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            service.count_outcome("rejected", dry_run=read_flag(request.query_params.get("dry_run", "")) is True)
        raise


RejectionsCounted = Annotated[None, Depends(rejections_counted, scope="function")]
IncomingImportDep = Annotated[IncomingImport, Depends(import_turn, scope="function")]


@contextmanager
def import_session(request: Request, database: Database, caller: Caller, given: Submission) -> Iterator[Session]:
    """A dry run only reads, or writes units and takes them back; everything else writes."""
    if given.reads:
        with database.reading() as session:
            yield session
    elif given.options.dry_run:
        with database.writing() as session:
            yield session
            session.rollback()
    else:
        with write_transaction(request, database, caller) as session:
            yield session


def in_background(jobs: ImportWorker, given: Submission, uploads: Uploads, *, prefers_async: bool) -> bool:
    """Whether an import is to be answered before it is done: where the client prefers it, or it is large."""
    return not given.options.dry_run and jobs.takes and (prefers_async or uploads.rows() > LARGE)


def accept_in_background(request: Request, jobs: ImportWorker, caller: Caller, incoming: IncomingImport) -> Response:
    """Answer 202: the import has a number, and waits."""
    request_id = request.scope["state"]["request_id"]
    with jobs.accepting(caller, request_id, incoming.given, incoming.uploads.keep()) as (session, row):
        headers = {"Location": f"/v1/imports/{row.id}", **SOON, **(PREFERRED if incoming.prefers_async else {})}
        taken = answer({**record_of(row, request, jobs), "progress": 0}, 202, headers, language=language(request))
        store_response(session, request, taken)
    return taken


@bulk_router.post(
    "/imports",
    response_model=ImportOut,
    responses={
        200: {**example("import"), **carries("Chiso-Version")},
        202: TAKEN_ON,
        **problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
    openapi_extra=SENT,
)
def post_import(
    request: Request,
    database: DatabaseDep,
    caller: ValuesWriter,
    jobs: JobsDep,
    rejections: RejectionsCounted,
    incoming: IncomingImportDep,
) -> Response:
    """Store figures, all or none: every mistake is named at once, nothing is guessed.

    The body is the file itself (CSV, XLSX, JSON, NDJSON), or a form with the part `file`. A file of more than about
    50,000 rows is answered 202 at once and imported in the background; `Location` tells what becomes of it.
    """
    if incoming.background:
        return accept_in_background(request, jobs, caller, incoming)
    with import_session(request, database, caller, incoming.given) as session:
        row = import_files(session, caller, incoming.given, ImportProgress())
        taken = note_answer(request, answer(service.described(row, language(request)), language=language(request)))
    service.count_record(row, dry_run=incoming.given.options.dry_run)
    return taken


def language(request: Request) -> Language:
    return preferred_language(request.scope["headers"])


def record_of(row: ImportRow, request: Request, jobs: ImportWorker) -> ImportRecord:
    """An import as it is kept, and how far it is if this process carries it out."""
    progress = jobs.progress(row.id or 0) if row.status == "running" else None
    return service.record_described(row, language(request), progress)


@router.get(
    "/imports",
    response_model=ImportList,
    responses={200: example_page("import_record"), **problems(401, 403, 422)},
)
def read_imports(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    jobs: JobsDep,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List imports, the newest first; a subtree key sees those that its own keys made or that wrote for it alone.

    Of an import with more than 20 errors or warnings the list tells their number; the import itself names them.
    """
    page = Page(request, "imports", COLUMNS, limit, format)
    place = read_cursor("imports", cursor, [0])
    rows = service.list_records(session, caller, before=place[0] if place else None, limit=page.reach)
    records = (record_of(row, request, jobs) for row in rows)
    return page.send(records, lambda item: [item["id"]], language=language(request))


@router.get(
    "/imports/{id}",
    response_model=ImportRecord,
    responses={200: {**example("import_record"), **carries("Retry-After")}, **problems(401, 403, 404, 422)},
)
def read_import(
    request: Request,
    caller: ImportReader,
    session: ReadSession,
    jobs: JobsDep,
    id: Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])],
) -> Response:
    """One import with its counts, errors and warnings; while it runs, `Retry-After` says when to ask again.

    A key that only writes values reads the imports that it made itself.
    """
    row = service.get_record(session, caller, id)
    headers = SOON if row.status == "running" else None
    return answer(record_of(row, request, jobs), headers=headers, language=language(request))


async def undo_turn(request: Request, limits: ConcurrencyLimitsDep, dry_run: DryRun = False) -> AsyncIterator[bool]:
    """Whether an undo is only tried, which is heavy and waits for no writer."""
    async with heavy_place(request) if dry_run else limits.writers.place():
        yield dry_run


def undo_session(
    request: Request,
    database: DatabaseDep,
    caller: ValuesWriter,
    tried: Annotated[bool, Depends(undo_turn, scope="function")],
) -> Iterator[Session]:
    """The writing transaction of an undo; of one that is only tried, one that reads."""
    with database.reading(primary=True) if tried else write_transaction(request, database, caller) as session:
        yield session


UndoSession = Annotated[Session, Depends(undo_session, scope="function")]


@router.post(
    "/imports/{id}/undo",
    response_model=ImportOut,
    responses={
        200: {**example("import_undone"), **carries("Chiso-Version")},
        **problems(401, 403, 404, 409, 422, 503),
    },
)
def undo_import(
    request: Request,
    caller: ValuesWriter,
    session: UndoSession,
    id: Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])],
    dry_run: DryRun = False,
) -> Response:
    """Take an import back: its figures are again what they were; those changed since are left, with a warning.

    A dry run answers what would be so, `planned`, with the same refusals.
    """
    undo = undo_service.plan_undo if dry_run else undo_service.undo_import
    row = undo(session, caller, id)
    return answer(service.described(row, language(request)), language=language(request))
