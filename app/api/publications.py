"""Publications: who has to publish what by when, and who has."""

from typing import Annotated, cast

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.answers.examples import load_example
from app.answers.publications import PublicationList, PublicationsStated
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.cursors import Cursor, read_cursor
from app.api.deps import EvaluationsWriter, KnownAt, ReadSession, RecordsReader, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.periods import period_code
from app.api.problems import problems
from app.api.reports.common import OfPeriod
from app.api.stated import (
    LegalRef,
    NextCursor,
    Prose,
    WebAddress,
    listed_answer,
    one_or_many,
    placed,
    stated_answer,
    unless_changed,
)
from app.api.table_bodies import MOST_ITEMS, TableRoute, table_bodies
from app.domain.day import Day
from app.domain.input_location import InputLocation
from app.domain.period import PeriodCode
from app.domain.publications import RESULTS, PublicationState
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, Flag, Level
from app.formats.delimited import Column
from app.services import publications as service
from app.services.publications import PublicationsQuery, PublicationStatement
from app.services.table_records import TableFields
from app.store.publications import PUBLICATIONS, PublicationFacts, PublicationFilter

FACTS = set(PublicationFacts.__annotations__)
COLUMNS = [
    Column("period", "Kỳ"),
    Column("subject", "Nội dung"),
    Column("unit", "Mã"),
    Column("due_on", "Hạn công khai"),
    Column("published_on", "Ngày công khai"),
    Column("state", "Tình trạng"),
    Column("url", "Địa chỉ"),
    Column("note", "Ghi chú"),
    Column("legal_ref", "Căn cứ"),
]


class PublicationsRoute(TableRoute):
    """A route that takes publications as they are listed."""

    fields = TableFields(
        names=[column.key for column in COLUMNS],
        titles={column.title: column.key for column in COLUMNS},
        required=("period", "unit"),
        never_null=("period", "subject", "unit"),
    )


router = APIRouter(prefix="/v1", tags=["reports"], route_class=PublicationsRoute)
Subject = Annotated[Code, Field(description="What is published: `results`, or another code.")]
OfSubject = Annotated[Code | None, Query(description="Only this subject, such as `results`.")]
OnDay = Annotated[
    Day | None,
    Query(description="As of this day; else today, or the day of `as_of` or the evaluation.", examples=["2024-09-16"]),
]


class PublicationBody(BaseModel):
    """What a unit (or every unit of a `level`, below `under`) has to publish, and when it did.

    `due_on` is the last day in time. Facts that are left out stay as they are; `null` empties them. `retract` takes
    the obligation back.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("publication")})

    unit: UnitCode | None = None
    level: Level | None = None
    under: UnitCode | None = None
    period: PeriodCode
    subject: Subject = RESULTS
    due_on: Day | None = None
    published_on: Day | None = None
    url: WebAddress | None = None
    note: Prose | None = None
    legal_ref: LegalRef | None = None
    retract: Flag = False

    def statement(self, place: InputLocation) -> PublicationStatement:
        """What it says, and where it stands in the body."""
        facts = cast(PublicationFacts, self.model_dump(include=FACTS, exclude_unset=True))
        return PublicationStatement(
            place, self.period, self.subject, self.unit, self.level, self.under, retract=self.retract, facts=facts
        )


class PublicationItem(PublicationBody):
    """One of many; may carry the `state` with which it was listed."""

    state: Annotated[PublicationState | None, Field(description="As a list carries it; says nothing here.")] = None


class PublicationItems(BaseModel):
    """Many at once, all or none; a list as it is answered can be sent back."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[PublicationItem], BY_PIECES, Field(max_length=MOST_ITEMS)]
    next_cursor: NextCursor = None


PublicationsBody = Annotated[PublicationBody | PublicationItems, one_or_many(PublicationBody, PublicationItems), Body()]


@router.put(
    "/publications",
    response_model=PublicationsStated,
    responses={200: example("publications_stated"), **problems(400, 401, 403, 413, 415, 422)},
    openapi_extra=table_bodies("unit,period,due_on,published_on\nH60,2024-07,2024-08-31,2024-08-28\n"),
)
def put_publications(
    request: Request,
    caller: EvaluationsWriter,
    session: WriteSession,
    unchanged: Annotated[None, unless_changed(PUBLICATIONS)],
    body: PublicationsBody,
) -> Response:
    """State who has to publish what by when, and who has; one, or `{"items": […]}`: all of them or none.

    A list as CSV, XLSX or NDJSON is taken as well; an empty cell empties its fact, a column that is not there keeps it.
    """
    items = placed(body.items) if isinstance(body, PublicationItems) else [(InputLocation(), body)]
    result = service.upsert_publications(session, caller, [item.statement(place) for place, item in items])
    return stated_answer(request, session, PUBLICATIONS, result, body)


@router.get(
    "/publications",
    response_model=PublicationList,
    responses={200: example("publications"), **problems(401, 403, 404, 422)},
)
@kept
def read_publications(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    period: OfPeriod = None,
    subject: OfSubject = None,
    unit: UnitCode | None = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    state: Annotated[PublicationState | None, Query(description="Only those in this state on the day `on`.")] = None,
    on: OnDay = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List what is to be published and what has been, by period, subject and unit."""
    page = Page(request, "publications", COLUMNS, limit, format)
    where = PublicationFilter(period_code(period), subject, unit, under)
    query = PublicationsQuery(where, known_at, state, on)
    after = read_cursor("publications", cursor, ["", "", ""])
    rows = service.list_publications(session, caller, query, after=after, limit=page.reach)
    return listed_answer(session, PUBLICATIONS, page, rows)
