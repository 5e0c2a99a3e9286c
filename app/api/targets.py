"""Targets: what indicators should reach in a year, stated and listed."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.answers.examples import load_example
from app.answers.targets import TargetList, TargetsStated
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.cursors import Cursor, read_cursor
from app.api.deps import EvaluationsWriter, KnownAt, ReadSession, RecordsReader, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.stated import (
    LegalRef,
    NextCursor,
    listed_answer,
    one_or_many,
    placed,
    stated_answer,
    unless_changed,
)
from app.api.table_bodies import MOST_ITEMS, TableRoute, table_bodies
from app.domain.input_location import InputLocation
from app.domain.period import FIRST_YEAR, LAST_YEAR
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, Level
from app.formats.delimited import Column
from app.services import targets as service
from app.services.table_records import TableFields
from app.services.targets import KEEP, TargetStatement
from app.store.targets import TARGETS, TargetFilter

COLUMNS = [
    Column("indicator", "Chỉ số"),
    Column("level", "Cấp"),
    Column("year", "Năm"),
    Column("unit", "Mã"),
    Column("target", "Chỉ tiêu", mixed=True, sent_back=True),
    Column("legal_ref", "Căn cứ"),
]


class TargetsRoute(TableRoute):
    """A route that takes targets as they are listed."""

    fields = TableFields(
        names=[column.key for column in COLUMNS],
        titles={column.title: column.key for column in COLUMNS},
        required=("indicator", "year", "target"),
        never_null=("indicator", "year", "target"),  # who takes a target back says so by null in JSON
        figures=("target",),
        whole=("year",),
    )


router = APIRouter(prefix="/v1/targets", tags=["reports"], route_class=TargetsRoute)
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

    items: Annotated[list[TargetBody], BY_PIECES, Field(max_length=MOST_ITEMS)]
    next_cursor: NextCursor = None


TargetsBody = Annotated[TargetBody | TargetItems, one_or_many(TargetBody, TargetItems), Body()]


@router.put(
    "",
    response_model=TargetsStated,
    responses={200: example("targets_stated"), **problems(400, 401, 403, 413, 415, 422)},
    openapi_extra=table_bodies(
        "indicator,level,year,unit,target,legal_ref\nonline_dossiers,commune,2024,H60,50,Quyết định 468/QĐ-TTg\n"
    ),
)
def put_targets(
    request: Request,
    caller: EvaluationsWriter,
    session: WriteSession,
    unchanged: Annotated[None, unless_changed(TARGETS)],
    body: TargetsBody,
) -> Response:
    """State what indicators should reach; one target, or `{"items": […]}`: all of them or none.

    A list as CSV, XLSX or NDJSON is taken as well; an empty cell of a `target` is refused, and takes nothing back.
    """
    items = placed(body.items) if isinstance(body, TargetItems) else [(InputLocation(), body)]
    result = service.upsert_targets(session, caller, [item.statement(place) for place, item in items])
    return stated_answer(request, session, TARGETS, result, body)


@router.get("", response_model=TargetList, responses={200: example("targets"), **problems(401, 403, 404, 422)})
@kept
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
    where = TargetFilter(year, indicator, level, unit)
    after = read_cursor("targets", cursor, [0, "", "", ""])
    rows = service.list_targets(session, caller, where, known_at, after=after, limit=page.reach)
    return listed_answer(session, TARGETS, page, rows)
