"""The reconciliation report: two sources of the same indicators, and reported points against computed ones."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.api.examples import example
from app.api.problems import problems
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.frameworks.rules import Figure
from app.domain.vocabulary import Code, Codes
from app.reports import reconciliation as service
from app.reports.reconciliation import ReconciliationQuery
from app.reports.rules.reconciliation import State

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)

WHICH = "One indicator, or several joined by commas; without it all that both sources have."
TOLERANCE = "How far values may differ, in the unit of the indicator: percentage points, counts, points."


class FigureSaid(BaseModel):
    """What a source says; `value` with the decimals it was printed with, of counts alone with two."""

    numerator: float | None
    denominator: float | None
    value: float | None
    observed_at: datetime


class FigureGap(BaseModel):
    """`there` minus `here`, as printed; null where one of them says nothing."""

    numerator: float | None
    denominator: float | None
    value: float | None


class ReconciledFigure(BaseModel):
    """A unit and an indicator: `here` of `source`, `there` of `other`."""

    unit: UnitBrief
    indicator: str
    name: str
    here: FigureSaid | None
    there: FigureSaid | None
    difference: FigureGap
    state: State


class StateCounts(BaseModel):
    match: int
    within_tolerance: int
    differs: int
    only_here: int
    only_there: int


class ReportedPoints(BaseModel):
    points: float
    observed_at: datetime


class ComputedPoints(BaseModel):
    """What the components earn, from these sources: for each figure the one that the framework prefers."""

    points: float
    sources: list[str]


class ReconciledPoints(BaseModel):
    """Points of a group, or the total (`group` null). `difference` is computed minus reported.

    They match where `rounding`, of the reported points and of stated rates, accounts for the difference; `only_here`
    is only reported, `only_there` only computed.
    """

    unit: UnitBrief
    group: str | None
    indicator: str
    name: str
    max: float
    reported: ReportedPoints | None
    computed: ComputedPoints | None
    difference: float | None
    rounding: float | None
    state: State


class PointsReconciled(BaseModel):
    """The groups that the framework computes of figures, where points are reported by `source` or computed."""

    summary: StateCounts
    items: list[ReconciledPoints]


class Reconciliation(ReportHead):
    """Two sources side by side; what differs comes first, the widest gap on top. The summaries count every state.

    Figures match where their counts are equal; where not both have counts, where their values lie within half a unit
    of the coarser last decimal printed (a whole number is exact). Else a gap of the values up to `tolerance` lies
    within it.
    """

    model_config = ConfigDict(json_schema_extra={"example": load_example("reconciliation")})

    framework: str
    source: str
    other: str
    tolerance: float
    summary: StateCounts
    items: list[ReconciledFigure]
    points: PointsReconciled


@router.get(
    "/reconciliation",
    response_model=Reconciliation,
    responses={200: example("reconciliation"), **problems(401, 403, 404, 410, 422)},
)
async def read_reconciliation_report(
    data: GroundDep,
    sending: SendingDep,
    indicator: Annotated[Codes | None, Query(description=WHICH, examples=["dossier_sync"])] = None,
    source: Annotated[Code | None, Query(description="Default: the one that the framework prefers.")] = None,
    other: Annotated[Code | None, Query(description="Default: `provincial_system`.")] = None,
    tolerance: Annotated[Figure | None, Query(ge=0, description=TOLERANCE)] = None,
    state: Annotated[State | None, Query(description="List only what is in this state.")] = None,
) -> Response:
    """Hold two sources of the same indicators against each other, and reported points against computed ones."""
    codes = tuple(indicator.split(",")) if indicator else ()
    return await sending.send(
        data,
        lambda: service.reconciliation(data, ReconciliationQuery(codes, source, other, tolerance or Decimal(0), state)),
    )
