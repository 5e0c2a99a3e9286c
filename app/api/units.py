"""Units: the bodies that are scored, in their hierarchy and through time."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    model_validator,
)
from sqlalchemy import Row
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.deps import (
    Cursor,
    KnownAt,
    PublicReader,
    ReadSession,
    UnitsWriter,
    WaitingRoomsDep,
    WriteSession,
    read_cursor,
)
from app.api.examples import UNIT, UNIT_EVENT, UNIT_LINEAGE, UNIT_PATCH, UNITS_IMPORTED, example
from app.api.negotiation import preferred_language
from app.api.problems import FaultBody, problems
from app.api.shapes import Number, require_same
from app.api.strict import BulkRoute, StrictRoute
from app.api.uploads import FILE_FORM, XLSX, UploadsDep
from app.domain.characters import SEVERAL_LINES
from app.domain.frameworks.rules import Level
from app.domain.shape import BY_PIECES
from app.domain.unit import Day, Facts, Identifier, UnitCode, UnitName, correction
from app.errors import Fault
from app.formats.answers import Column
from app.services import unit_events
from app.services import units as service
from app.services.imports.files import File
from app.services.unit_events import MOST_MEMBERS
from app.services.unit_lists import read_opening, read_unit_list
from app.services.units import ONLY, Outcome
from app.store import units as store
from app.store.unit_versions import Moment

router = APIRouter(prefix="/v1", tags=["units"], route_class=StrictRoute)
bulk_router = APIRouter(prefix="/v1", tags=["units"], route_class=BulkRoute)

COLUMNS = [
    Column("code", "Mã"),
    Column("name", "Tên"),
    Column("level", "Cấp"),
    Column("parent", "Đơn vị cấp trên"),
    Column("valid_from", "Từ ngày"),
    Column("valid_to", "Đến ngày"),
]

UnitPath = Annotated[UnitCode, Path(description="The code of a unit.", examples=["H60"])]


class UnitOut(BaseModel):
    """A public body: its code, name, level, place in the tree, other identifiers, validity (both days included)."""

    model_config = ConfigDict(json_schema_extra={"example": UNIT})

    code: str
    name: str
    level: Level
    parent: str | None
    identifiers: list[Identifier]
    valid_from: date | None
    valid_to: date | None
    successors: list[str]


def not_always(schema: dict[str, Any]) -> None:
    """`warnings` stand in an answer only where there are some, so that it can be sent back as it was read."""
    schema["required"].remove("warnings")
    schema["example"] = UNIT


class UnitStated(UnitOut):
    """A unit as it stands now; `warnings` name the figures that `force` has left without a board."""

    model_config = ConfigDict(json_schema_extra=not_always)

    warnings: list[FaultBody]


class UnitList(BaseModel):
    items: list[UnitOut]
    next_cursor: str | None


class NamedBody(BaseModel):
    """A body whose `name` is kept with the right letters."""

    _name_as_sent: object = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def remember_the_name(cls, sent: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        body = read(sent)
        if isinstance(sent, Mapping):  # else FastAPI looks at a body once more that was read
            body._name_as_sent = sent.get("name")
        return body

    def corrections(self) -> list[Fault]:
        """What is to be said of letters of the name that were put right."""
        found = correction(self._name_as_sent, getattr(self, "name", None))
        return [ONLY.at("name", found)] if found else []


class UnitBody(NamedBody):
    """A unit as a whole: what is left out is empty."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": UNIT})

    code: UnitCode | None = None
    name: UnitName
    level: Level
    parent: UnitCode | None = None
    identifiers: Annotated[tuple[Identifier, ...], BY_PIECES] = ()
    valid_from: Day | None = None
    valid_to: Day | None = None
    successors: Annotated[tuple[UnitCode, ...], BY_PIECES] = ()


def without_defaults(schema: dict[str, Any]) -> None:
    """What a patch leaves out stays as it is; the defaults of its model stand for nothing."""
    schema["example"] = UNIT_PATCH
    for member in schema["properties"].values():
        member.pop("default", None)


class UnitPatch(NamedBody):
    """Some facts of a unit: what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    code: UnitCode | None = Field(None, description="As a unit is answered; that of the address.")
    name: UnitName = ""
    level: Level = "other"
    parent: UnitCode | None = None
    identifiers: Annotated[tuple[Identifier, ...], BY_PIECES] = ()
    valid_from: Day | None = None
    valid_to: Day | None = None
    successors: Annotated[tuple[UnitCode, ...], BY_PIECES] = ()


class UnitsImported(BaseModel):
    """What became of an imported list of units; created + updated + unchanged + rejected = rows."""

    status: Literal["applied", "planned"]
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[FaultBody]
    warnings: list[FaultBody]


class EventTarget(BaseModel):
    """A unit after the event; `share` of the old one that it takes over, from 0 to 1."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitCode
    share: Annotated[Decimal, Field(gt=0, le=1, max_digits=5, decimal_places=4)] | None = None


class UnitEventBody(NamedBody):
    """A change of the map of units on a day. Units of `from` that are not in `to` end the day before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {name: UNIT_EVENT[name] for name in ("kind", "effective_on", "from", "name", "legal_ref")}
        },
    )

    kind: Literal["merge", "split", "rename", "move", "abolish"]
    effective_on: Day
    from_: Annotated[tuple[UnitCode, ...], BY_PIECES, Field(alias="from", min_length=1, max_length=MOST_MEMBERS)]
    to: Annotated[tuple[EventTarget, ...], BY_PIECES, Field(max_length=MOST_MEMBERS)] = ()
    name: UnitName | None = None
    parent: UnitCode | None = None
    legal_ref: Annotated[str, StringConstraints(min_length=1, max_length=500), SEVERAL_LINES] | None = None


class EventTargetOut(BaseModel):
    unit: str
    share: Number | None


class UnitEventOut(BaseModel):
    """An event as it is kept."""

    id: int
    kind: str
    effective_on: date
    from_: Annotated[list[str], Field(alias="from")]
    to: list[EventTargetOut]
    name: str | None
    parent: str | None
    legal_ref: str | None


class UnitEventAdded(UnitEventOut):
    """An event as it is kept, and what it leaves to be done: units under one that has ended (`children_left`), figures
    that `force` has left without a board (`unit_has_later_values`)."""

    warnings: list[FaultBody]


class VersionOut(BaseModel):
    """What a unit was between two days (both included)."""

    name: str
    level: Level
    parent: str | None
    valid_from: date | None
    valid_to: date | None


class Lineage(BaseModel):
    """Where a unit stands (ancestors, nearest first) and what it was through time: versions, events, neighbours."""

    code: str
    ancestors: list[str]
    versions: list[VersionOut]
    predecessors: list[str]
    successors: list[str]
    events: list[UnitEventOut]


Force = Annotated[
    bool,
    Query(
        description="Change the units although figures of later (or, before `valid_from`, earlier) periods lose their "
        "board by it; they are named in `warnings`. Else 409 `unit_has_later_values`."
    ),
]


def stated(request: Request, session: Session, code: str, outcome: Outcome, corrections: Sequence[Fault]) -> Response:
    """The unit as it stands after a write, with its ETag."""
    unit, status = unit_of(store.get_unit_row(session, code)), 201 if outcome.created else 200
    warnings = [*corrections, *outcome.warnings]
    sent = warned(request, unit, warnings, status) if warnings else answer(unit, status)
    sent.headers["ETag"] = tag_of(unit)
    return sent


def warned(request: Request, body: Mapping[str, Any], warnings: Sequence[Fault], status: int = 200) -> Response:
    """What was done, and its warnings in the language of the request."""
    language = preferred_language(request.scope["headers"])
    return answer({**body, "warnings": [each.body(language) for each in warnings]}, status, language=language)


def unit_of(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in UnitOut.model_fields}


def current_unit(session: WriteSession, code: UnitPath) -> Current:
    return lambda: tag_of(unit_of(store.get_unit_row(session, code)))


UnitUnchanged = Annotated[None, Depends(guarded(current_unit), scope="function")]


@router.get(
    "/units",
    response_model=UnitList,
    responses={200: example({"items": [UNIT], "next_cursor": None}), **problems(401, 404, 422)},
)
def read_units(
    request: Request,
    caller: PublicReader,
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
        moment=Moment(known_at, active_on),
        level=level,
        parent=parent,
        under=under,
        q=q,
        by_name=sort == "name",
        after=read_cursor(f"units by {sort}", cursor, ["", ""] if sort == "name" else [""]),
        limit=page.reach,
    )
    keys = {row.code: [row.name_order, row.code] if sort == "name" else [row.code] for row in rows}
    return page.send([unit_of(row) for row in rows], lambda item: keys[item["code"]], cursor_name=f"units by {sort}")


@router.get("/units/{code}", response_model=UnitOut, responses={200: example(UNIT), **problems(401, 404, 422)})
def read_unit(
    caller: PublicReader,
    session: ReadSession,
    code: UnitPath,
    known_at: KnownAt,
    active_on: Day | None = None,
) -> Response:
    """One unit, as it is or as it stood on a day."""
    unit = unit_of(store.get_unit_row(session, code, Moment(known_at, active_on)))
    return answer(unit, headers={"ETag": tag_of(unit)})


@router.put(
    "/units/{code}",
    response_model=UnitStated,
    responses={
        200: {"description": "The unit was known.", **example(UNIT)},
        201: {"description": "The unit is new.", "model": UnitStated, **example(UNIT)},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
)
def put_unit(
    request: Request,
    caller: UnitsWriter,
    session: WriteSession,
    unchanged: UnitUnchanged,
    code: UnitPath,
    body: UnitBody,
    force: Force = False,
) -> Response:
    """State a unit as a whole; 201 where it is new."""
    require_same(body.code, code)
    outcome = service.put_unit(session, caller, Facts(**{**dict(body), "code": code}), force=force)
    return stated(request, session, code, outcome, body.corrections())


@router.patch(
    "/units/{code}",
    response_model=UnitStated,
    responses={200: example({**UNIT, **UNIT_PATCH}), **problems(400, 401, 403, 404, 409, 413, 415, 422, 503)},
)
def patch_unit(
    request: Request,
    caller: UnitsWriter,
    session: WriteSession,
    unchanged: UnitUnchanged,
    code: UnitPath,
    body: UnitPatch,
    force: Force = False,
) -> Response:
    """Correct some facts of a unit. What changes from a day on is an event instead."""
    require_same(body.code, code)
    changes = {name: getattr(body, name) for name in body.model_fields_set - {"code"}}
    outcome = service.patch_unit(session, caller, code, changes, force=force)
    return stated(request, session, code, outcome, body.corrections())


@router.get(
    "/units/{code}/lineage", response_model=Lineage, responses={200: example(UNIT_LINEAGE), **problems(401, 404, 422)}
)
def read_unit_lineage(caller: PublicReader, session: ReadSession, code: UnitPath) -> Response:
    """Where a unit stands, what it was called when, and what it came from and went into."""
    return answer(unit_events.lineage(session, code))


@router.post(
    "/unit-events",
    status_code=201,
    response_model=UnitEventAdded,
    responses={201: example({**UNIT_EVENT, "warnings": []}), **problems(400, 401, 403, 409, 413, 415, 422, 503)},
)
def post_unit_event(
    request: Request, caller: UnitsWriter, session: WriteSession, body: UnitEventBody, force: Force = False
) -> Response:
    """Merge, split, rename, move or abolish units from a day on, with the legal reference."""
    event = unit_events.Event(
        kind=body.kind,
        effective_on=body.effective_on,
        sources=body.from_,
        targets=tuple((each.unit, None if each.share is None else str(each.share)) for each in body.to),
        name=body.name,
        parent=body.parent,
        legal_ref=body.legal_ref,
    )
    added, warnings = unit_events.add_event(session, caller, event, force=force)
    return warned(request, added, [*warnings, *body.corrections()], 201)


async def opened_file(uploads: UploadsDep, rooms: WaitingRoomsDep) -> File:
    """The one file of a request, read as far as its first row."""

    def open_it() -> File:
        file = uploads.only().extract(uploads.closing)
        read_opening(file.extracted or file.file, file.kind, file.charset)
        return file

    async with rooms.openings.place():
        return await run_in_threadpool(open_it)


OpenedFile = Annotated[File, Depends(opened_file)]


@bulk_router.post(
    "/units/import",
    response_model=UnitsImported,
    responses={200: example(UNITS_IMPORTED), **problems(400, 401, 403, 409, 413, 415, 422, 503)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/UnitBody"}},
                    "example": [UNIT],
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
    caller: UnitsWriter,
    file: OpenedFile,  # before the others wait for this one
    session: WriteSession,
    dry_run: Annotated[bool, Query(description="Only say what would happen.")] = False,
    force: Force = False,
) -> Response:
    """State many units at once, all or none, parents in any order.

    The body is the file itself (JSON array, NDJSON, CSV, XLSX with a header line), or a form with the part `file`.
    """
    listed = read_unit_list(file.extracted or file.file, file.kind, file.charset)
    outcome = service.state_units(session, caller, listed.placed, listed.faults, dry_run=dry_run, force=force)
    counts: Mapping[str, int] = {
        "rows": len(listed.placed),
        "created": len(outcome.created),
        "updated": len(outcome.updated),
        "unchanged": len(outcome.unchanged),
        "rejected": 0,
    }
    status = "planned" if dry_run else "applied"
    warnings = [*listed.warnings, *outcome.warnings]
    return warned(request, {"status": status, **counts, "errors": []}, warnings)
