"""The counts report: an indicator counted over units, with sum, shares and order."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.reports import CountedPart, Counts
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.vocabulary import Code
from app.reports import counts as service
from app.reports.counts import CountsQuery, Sort

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)

COUNTED = "What is counted: an indicator of kind `count`, `number` or `ratio`."
OF_A_RATIO = "What of a ratio: default `numerator`; `rest` is the denominator without it."


@router.get(
    "/counts",
    response_model=Counts,
    responses={200: example("counts"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_counts_report(
    data: ReportDataDep,
    sending: SendingDep,
    indicator: Annotated[Code, Query(description=COUNTED, examples=["dossier_sync"])],
    part: Annotated[CountedPart | None, Query(description=OF_A_RATIO)] = None,
    zeros: Annotated[QueryFlag, Query(description="List the units that have none, too.")] = False,
    sort: Annotated[Sort, Query(description="`count`: the most first, then by name.")] = "count",
) -> Response:
    """Count an indicator over units: the sum, every unit's share of it, and the sentence of a letter."""
    return await sending.send(data, lambda: service.counts(data, CountsQuery(indicator, part, zeros, sort)))
