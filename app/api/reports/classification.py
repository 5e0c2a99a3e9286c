"""The classification report: counts per class and level, and the lists behind them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.reports import Classification
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Code
from app.reports import classification as service

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/classification",
    response_model=Classification,
    responses={200: example("classification"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_classification_report(
    data: ReportDataDep,
    sending: SendingDep,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
) -> Response:
    """Count the units of each level in each class, classes without units included, and list them behind the counts."""
    return await sending.send(data, lambda: service.classification(data, view))
