"""The report of who rose, fell, leads, comes last, and kept a place."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.report_movers import MoversReport
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.reports import movers as service

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/movers",
    response_model=MoversReport,
    responses={200: example("movers"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_movers_report(
    data: ReportDataDep,
    sending: SendingDep,
    n: Annotated[
        int, Query(ge=1, le=1000, description="How many units a list has; those that tie with the last are added.")
    ] = 5,
    periods: Annotated[
        int, Query(ge=2, le=12, description="In how many periods in a row a place was kept; over an evaluation 2.")
    ] = 2,
) -> Response:
    """List who rose and fell most, changed class, leads, comes last and kept a place, each with a sentence."""
    return await sending.send(data, lambda: service.movers(data, n, periods))
