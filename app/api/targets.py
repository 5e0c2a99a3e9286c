"""Targets: what indicators should reach in a year, stated and listed."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from sqlalchemy.orm import Session

from app.answers.common import Number
from app.answers.examples import load_example
from app.answers.faults import FaultBody
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.bulk_bodies import LegalRef, one_or_many
from app.api.conditions import Current, guarded, tag_of, tagged_page
from app.api.deps import (
    Cursor,
    EvaluationsWriter,
    KnownAt,
    ReadSession,
    RecordsReader,
    WriteSession,
    read_cursor,
)
from app.api.examples import example
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.api.warnings import font_warnings, not_always, with_warnings
from app.domain.input_location import InputLocation
from app.domain.period import FIRST_YEAR, LAST_YEAR
from app.domain.unit import UnitCode
from app.domain.validation_faults import BY_PIECES, pointer_to
from app.domain.vocabulary import Code, Level
from app.formats.delimited import Column
from app.services import targets as service
from app.services.targets import KEEP, TargetStatement
from app.store.targets import TargetFilter, last_change

router = APIRouter(prefix="/v1/targets", tags=["reports"], route_class=StrictRoute)

MOST_ITEMS = 5000
COLUMNS = [
    Column("indicator", "Chỉ số"),
    Column("level", "Cấp"),
    Column("year", "Năm"),
    Column("unit", "Mã"),
    Column("target", "Chỉ tiêu", mixed=True),
    Column("legal_ref", "Căn cứ"),
]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
OfYear = Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="Only targets of this year.")]
Written = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]})]
"""Read by the service, so that all that is wrong with the targets of one request is named at once."""


class TargetBody(BaseModel):
    """What an indicator should reach in a year: at least the target, or at most where less of it is better.

    Without `unit` it holds for everybody, else for that unit and those under it; without `level` for every level. For
    a unit holds the target stated nearest to it, going up from itself; of those stated there the one for its level.
    `target` null takes it back; percent for a ratio, at most four decimals. A `legal_ref` that is left out stays.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("target")})

    indicator: Code
    level: Level | None = None
    year: Year
    unit: UnitCode | None = None
    target: Written
    legal_ref: LegalRef | None = None

    def statement(self, place: InputLocation) -> TargetStatement:
        """What it says, and where it stands in the body."""
        legal_ref = self.legal_ref if "legal_ref" in self.model_fields_set else KEEP
        return TargetStatement(place, self.indicator, self.level, self.year, self.unit, self.target, legal_ref)


class TargetItems(BaseModel):
    """Many at once, all or none; a list as it is answered can be sent back."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[TargetBody], BY_PIECES, Field(min_length=1, max_length=MOST_ITEMS)]
    next_cursor: Annotated[str | None, Field(description="As a list carries it; says nothing here.")] = None


TargetsBody = Annotated[TargetBody | TargetItems, one_or_many(TargetBody, TargetItems), Body()]


class TargetOut(BaseModel):
    """A target; `level` null: for every level, `unit` null: for everybody."""

    indicator: str
    level: Level | None
    year: int
    unit: str | None
    target: Number
    legal_ref: str | None


class TargetList(BaseModel):
    items: list[TargetOut]
    next_cursor: str | None


class TargetsStated(BaseModel):
    """What became of the targets that were named, and those of them that stand now."""

    model_config = ConfigDict(json_schema_extra=not_always)

    created: int
    updated: int
    unchanged: int
    removed: int
    items: list[TargetOut]
    warnings: list[FaultBody]


def targets_tag(session: Session) -> str:
    """The ETag of all targets: it changes with every statement about one."""
    return tag_of(last_change(session))


def current_targets(session: WriteSession) -> Current:
    return lambda: targets_tag(session)


TargetsUnchanged = Annotated[None, Depends(guarded(current_targets), scope="function")]


@router.put(
    "",
    response_model=TargetsStated,
    responses={200: example("targets_stated"), **problems(400, 401, 403, 413, 415, 422)},
)
def put_targets(
    request: Request, caller: EvaluationsWriter, session: WriteSession, unchanged: TargetsUnchanged, body: TargetsBody
) -> Response:
    """State what indicators should reach; one target, or `{"items": […]}`: all of them or none."""
    if isinstance(body, TargetItems):
        statements = [item.statement(InputLocation(pointer_to(["items", row]))) for row, item in enumerate(body.items)]
    else:
        statements = [body.statement(InputLocation())]
    outcome = service.upsert_targets(session, caller, statements)
    return with_warnings(request, asdict(outcome), font_warnings(body), headers={"ETag": targets_tag(session)})


@router.get("", response_model=TargetList, responses={200: example("targets"), **problems(401, 403, 404, 422)})
def read_targets(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    indicator: Annotated[Code | None, Query(description="Only targets of this indicator.")] = None,
    level: Annotated[Level | None, Query(description="Only targets stated for this level.")] = None,
    year: OfYear = None,
    unit: Annotated[UnitCode | None, Query(description="Only targets stated for this unit.")] = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List targets by year, indicator, level and unit; a key of a subtree sees those that hold within it."""
    page = Page(request, "targets", COLUMNS, limit, format)
    wanted = TargetFilter(year, indicator, level, unit)
    after = read_cursor("targets", cursor, [0, "", "", ""])
    rows = service.list_targets(session, caller, wanted, known_at, after=after, limit=page.reach)
    return tagged_page(page.send(rows, service.place), targets_tag(session))
