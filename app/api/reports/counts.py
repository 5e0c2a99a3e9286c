"""The counts report: an indicator counted over units, with sum, shares and order."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.api.examples import example
from app.api.problems import problems
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.vocabulary import Code
from app.reports import counts as service
from app.reports.counts import CountsQuery, Sort
from app.reports.rules.counts import Part

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)

COUNTED = "What is counted: an indicator of kind `count`, `number` or `ratio`."
OF_A_RATIO = "What of a ratio: default `numerator`; `rest` is the denominator without it."


class IndicatorBrief(BaseModel):
    code: str
    name: str
    kind: Literal["ratio", "count", "number"]


class CountedUnit(BaseModel):
    """A unit and its count. `share` is its percentage of the sum, rounded by itself: a list may add up to 99.99."""

    place: int
    unit: UnitBrief
    count: float
    share: float | None
    source: str
    observed_at: datetime


class Counts(ReportHead):
    """An indicator counted over the units under `under`. A unit without a figure is `missing`, never counted as 0.

    The figure of a unit holds those of the units below it, so only the topmost units with a figure count; where others
    stand below them the flag says `levels_overlap`, and `level=` counts one level alone. `stated_sum` is the figure of
    `under` itself, if there is one.
    """

    model_config = ConfigDict(json_schema_extra={"example": load_example("counts")})

    indicator: IndicatorBrief
    part: Part | None
    sum: float
    units: int
    zero: int
    missing: int
    stated_sum: float | None
    agrees: bool | None
    flags: list[str]
    items: list[CountedUnit]
    sentence: str


@router.get(
    "/counts",
    response_model=Counts,
    responses={200: example("counts"), **problems(401, 403, 404, 410, 422)},
)
async def read_counts_report(
    data: GroundDep,
    sending: SendingDep,
    indicator: Annotated[Code, Query(description=COUNTED, examples=["dossier_sync"])],
    part: Annotated[Part | None, Query(description=OF_A_RATIO)] = None,
    zeros: Annotated[QueryFlag, Query(description="List the units that have none, too.")] = False,
    sort: Annotated[Sort, Query(description="`count`: the most first, then by name.")] = "count",
) -> Response:
    """Count an indicator over units: the sum, every unit's share of it, and the sentence of a letter."""
    return await sending.send(data, lambda: service.counts(data, CountsQuery(indicator, part, zeros, sort)))
