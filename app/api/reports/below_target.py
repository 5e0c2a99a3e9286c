"""The report of the units that miss a target."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.reports import BelowTarget
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Codes
from app.reports import below_target as service
from app.reports.missed_targets import Sort

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/below-target",
    response_model=BelowTarget,
    responses={200: example("below_target"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_below_target_report(
    data: ReportDataDep,
    sending: SendingDep,
    indicator: Annotated[
        Codes | None, Query(description="One, or several with commas between; else all that have a target.")
    ] = None,
    sort: Annotated[Sort, Query(description="The largest gap first, or by name or code.")] = "gap",
) -> Response:
    """List, per indicator, the units that miss their target, with figure and gap, and count them."""
    indicators = None if indicator is None else indicator.split(",")
    return await sending.send(data, lambda: service.below_target(data, indicators, sort))
