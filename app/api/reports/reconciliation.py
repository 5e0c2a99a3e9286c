"""The reconciliation report: two sources of the same indicators, and reported points against computed ones."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.report_reconciliation import Reconciliation, State
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.frameworks.rules import QueryFigure
from app.domain.vocabulary import Code, Codes
from app.reports import reconciliation as service
from app.reports.source_pairs import ReconciliationQuery

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)

WHICH = "One indicator, or several joined by commas; without it all that both sources have."
TOLERANCE = "How far values may differ, in the unit of the indicator: percentage points, counts, points."


@router.get(
    "/reconciliation",
    response_model=Reconciliation,
    responses={200: example("reconciliation"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_reconciliation_report(
    data: ReportDataDep,
    sending: SendingDep,
    indicator: Annotated[Codes | None, Query(description=WHICH, examples=["dossier_sync"])] = None,
    source: Annotated[Code | None, Query(description="Default: the one that the framework prefers.")] = None,
    other: Annotated[Code | None, Query(description="Default: `provincial_system`.")] = None,
    tolerance: Annotated[QueryFigure | None, Query(ge=0, description=TOLERANCE)] = None,
    state: Annotated[State | None, Query(description="List only what is in this state.")] = None,
) -> Response:
    """Hold two sources of the same indicators against each other, and reported points against computed ones."""
    codes = tuple(indicator.split(",")) if indicator else ()
    return await sending.send(
        data,
        lambda: service.reconciliation(data, ReconciliationQuery(codes, source, other, tolerance or Decimal(0), state)),
    )
