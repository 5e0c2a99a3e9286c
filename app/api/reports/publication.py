"""The report of publications: which units have published what they had to, and which have not."""

from fastapi import APIRouter, Response

from app.answers.reports import PublicationReport
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.publications import OfSubject, OnDay
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.reports import publication as report

router = APIRouter(prefix="/v1", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/reports/publication",
    response_model=PublicationReport,
    responses={200: example("publication_report"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_publication_report(
    data: ReportDataDep, sending: SendingDep, subject: OfSubject = None, on: OnDay = None
) -> Response:
    """Count the units of each level that have published, in time or late, and those that have not."""
    return await sending.send(data, lambda: report.publication(data, subject, on))
