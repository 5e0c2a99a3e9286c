"""The report of publications: which units have published what they had to, and which have not."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.api.examples import example
from app.api.problems import problems
from app.api.publications import OfSubject, OnDay
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.publications import PublicationState
from app.domain.vocabulary import Level
from app.reports import publication as report

router = APIRouter(prefix="/v1", tags=["reports"], route_class=StrictRoute)


class ObligedUnit(BaseModel):
    """A unit and what became of its duty; `days_late` is null where no day was set."""

    subject: str
    unit: UnitBrief
    due_on: date | None
    published_on: date | None
    state: PublicationState
    days_late: int | None
    url: str | None
    note: str | None
    legal_ref: str | None


class PublicationLevel(BaseModel):
    """A level: `published_total` of `of` have published, be it in time or late; the sentence as a letter prints it.

    published (in time) + late = published_total; published_total + overdue + pending = of.
    """

    subject: str
    level: Level
    name: str
    of: int
    published_total: int
    published: int
    late: int
    overdue: int
    pending: int
    sentence: str
    items: list[ObligedUnit]


class PublicationSubject(BaseModel):
    subject: str
    name: str
    levels: list[PublicationLevel]


class PublicationReport(ReportHead):
    """Who had to publish what by when and who has, as of the day `on`: what came out later was not out yet."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("publication_report")})

    on: date
    subjects: list[PublicationSubject]


@router.get(
    "/reports/publication",
    response_model=PublicationReport,
    responses={200: example("publication_report"), **problems(401, 403, 404, 410, 422)},
)
async def read_publication_report(
    data: GroundDep, sending: SendingDep, subject: OfSubject = None, on: OnDay = None
) -> Response:
    """Count the units of each level that have published, in time or late, and those that have not."""
    return await sending.send(data, lambda: report.publication(data, subject, on))
