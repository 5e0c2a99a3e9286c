"""The comparison report: one unit in two periods or at two moments, in the rows of a layout; and the layouts."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import NameOut, UnitBrief
from app.answers.examples import load_example
from app.api.answers import answer
from app.api.deps import PublicReader
from app.api.examples import example
from app.api.problems import problems
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.unit import UnitCode
from app.domain.vocabulary import Code, Level
from app.reports import comparison as service
from app.reports.comparison import Only
from app.reports.layouts import described, layouts
from app.reports.rules.layouts import Kind, Part, Show, Standing

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class LayoutBrief(BaseModel):
    code: str
    title: str


class Moments(BaseModel):
    """When the sources were looked up last; null without figures."""

    now: datetime
    before: datetime | None


class ShownSide(BaseModel):
    """What a row shows on one side; null is unknown, never zero. `rate` in percent; `rank`, or `count`, of `of`."""

    count: float | None
    of: float | None
    rate: float | None
    points: float | None
    max: float | None
    rank: int | None
    source: str | None
    observed_at: datetime | None


class ShownChange(BaseModel):
    """Now less before, as printed; `rate` in percentage points, `rank` positive where the place improved."""

    count: float | None
    rate: float | None
    points: float | None
    rank: int | None


class ComparisonRow(BaseModel):
    """A printed row; sides and change are null for a heading. `within`: the headings above it, outermost first.

    `declined`: it got worse, by the direction of its indicator. Flags: `source_changed`, `rate_differs_from_counts`,
    `not_in_framework`, and those of scores.
    """

    number: str | None
    heading: str
    depth: int
    within: list[str]
    kind: Kind
    indicator: str | None
    part: Part | None
    group: str | None
    now: ShownSide | None
    before: ShownSide | None
    change: ShownChange | None
    now_text: str | None
    before_text: str | None
    change_text: str | None
    declined: bool
    flags: list[str]


class TotalChange(BaseModel):
    now: float | None
    before: float | None
    max: float | None
    change: float | None


class PlaceOf(BaseModel):
    rank: int
    of: int | None


class RankChange(BaseModel):
    """The place in the cohort; the change is null where the cohort or the rules are not the same."""

    now: PlaceOf | None
    before: PlaceOf | None
    change: int | None


class StatedPlace(PlaceOf):
    source: str
    observed_at: datetime


class StatedRankChange(BaseModel):
    """The place that the source states without the board behind it."""

    now: StatedPlace | None
    before: StatedPlace | None
    change: int | None


class Comparison(ReportHead):
    """One unit in two periods, or at two moments of one, side by side in the rows of a letter."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("comparison")})

    unit: UnitBrief
    framework: str
    against_framework: str | None
    view: str | None
    layout: LayoutBrief
    flags: list[str]
    moments: Moments
    rows: list[ComparisonRow]
    total: TotalChange
    rank: RankChange
    reported_rank: StatedRankChange


class LayoutRow(BaseModel):
    """A row of a layout: what it prints, how deep it stands. `kind` tells which of the others it has."""

    number: str | None
    heading: NameOut
    depth: int
    kind: Kind
    indicator: str | None
    part: Part | None
    show: Show | None
    group: str | None
    rank: Standing | None


class LayoutOut(BaseModel):
    """Which rows a comparison prints, after which letter; units of `levels` are printed so where none is named."""

    code: str
    title: NameOut
    source: str
    levels: list[Level]
    view: str | None
    rows: list[LayoutRow]


class LayoutList(BaseModel):
    items: list[LayoutOut]
    next_cursor: None


@router.get(
    "/comparison",
    response_model=Comparison,
    responses={200: example("comparison"), **problems(401, 403, 404, 410, 422)},
)
async def read_comparison_report(
    data: GroundDep,
    sending: SendingDep,
    unit: Annotated[
        UnitCode | None,
        Query(
            description="Which unit; else the one that `under` names. With both, its rank is taken below `under`.",
            examples=["H60"],
        ),
    ] = None,
    layout: Annotated[
        Code | None,
        Query(
            description="A code of `/v1/reports/layouts`, or `framework` for the framework's own criteria; else the "
            "layout of the unit's level where it fits the framework, else `framework`."
        ),
    ] = None,
    only: Annotated[Only | None, Query(description="`declined`: only the rows that got worse.")] = None,
    view: Annotated[
        Code | None, Query(description="Groups of another official view, such as `legal`; else those of the layout.")
    ] = None,
) -> Response:
    """Compare a unit with itself: counts, rates and the rest of them, points, total and ranks, and what declined."""
    return await sending.send(data, lambda: service.comparison(data, unit, layout, only, view))


@router.get(
    "/layouts",
    response_model=LayoutList,
    responses={200: example("layouts"), **problems(401, 422)},
)
def read_report_layouts(caller: PublicReader) -> Response:
    """List the layouts of comparisons, each with its rows."""
    return answer({"items": [described(each) for each in layouts().values()], "next_cursor": None})
