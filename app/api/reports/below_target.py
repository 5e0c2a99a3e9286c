"""The report of the units that miss a target."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import Number, UnitBrief
from app.answers.examples import load_example
from app.api.examples import example
from app.api.problems import problems
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Codes, Level
from app.reports import below_target as service
from app.reports.below_target import Reason, Sort

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class TargetOf(BaseModel):
    """Where the target was stated: for `unit` and those under it, else for everybody; for `level`, else for every."""

    unit: str | None
    level: Level | None
    legal_ref: str | None


class UnitBelow(BaseModel):
    """A unit that misses its target; `gap` is the figure less the target, in percentage points for a ratio.

    Compared exactly, by the counts where they are known; value and gap are rounded half up to be printed.
    """

    indicator: str
    unit: UnitBrief
    value: Number
    numerator: Number | None
    denominator: Number | None
    target: Number
    gap: Number
    target_of: TargetOf
    source: str
    observed_at: datetime


class UnitMissing(BaseModel):
    """A unit with a target and nothing to hold against it: no figure, or 0/0."""

    indicator: str
    unit: UnitBrief
    target: Number
    target_of: TargetOf
    reason: Reason


class IndicatorBelow(BaseModel):
    """An indicator: of the units with a figure and a target, `below` miss it; `missing` are not among them.

    The sentences are as a letter prints them, null where no unit could be held against a target.
    """

    indicator: str
    name: str
    kind: Literal["ratio", "count", "points", "number"]
    direction: Literal["up", "down", "none"]
    of: int
    below: int
    missing: int
    items: list[UnitBelow]
    missing_units: list[UnitMissing]
    sentence: str | None
    sentence_en: str | None


class BelowTarget(ReportHead):
    """Who misses the targets of the period's year: above them where less is better, else below."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("below_target")})

    framework: str
    indicators: list[IndicatorBelow]


@router.get(
    "/below-target",
    response_model=BelowTarget,
    responses={200: example("below_target"), **problems(401, 403, 404, 410, 422)},
)
async def read_below_target_report(
    data: GroundDep,
    sending: SendingDep,
    indicator: Annotated[
        Codes | None, Query(description="One, or several with commas between; else all that have a target.")
    ] = None,
    sort: Annotated[Sort, Query(description="The largest gap first, or by name or code.")] = "gap",
) -> Response:
    """List, per indicator, the units that miss their target, with figure and gap, and count them."""
    wanted = None if indicator is None else indicator.split(",")
    return await sending.send(data, lambda: service.below_target(data, wanted, sort))
