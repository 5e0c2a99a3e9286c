"""The comparison report: one unit in two periods or at two moments, in the rows of a layout; and the layouts."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.answers.report_comparison import Comparison, LayoutList
from app.api.answers import answer
from app.api.deps import PublicReader, ReadSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ComparedDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Code
from app.reports import comparison as service
from app.reports.comparison import Only
from app.reports.layouts import described, known_layouts
from app.services.layouts import stated_layouts

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/comparison",
    response_model=Comparison,
    responses={200: example("comparison"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_comparison_report(
    data: ComparedDataDep,
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
            "first that prints every scored criterion of the unit's level, else `framework`."
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
def read_report_layouts(caller: PublicReader, session: ReadSession) -> Response:
    """List the layouts of comparisons, those that were stated before those that ship, each with its rows."""
    known = known_layouts(stated_layouts(session, None))
    return answer({"items": [described(each) for each in known.values()], "next_cursor": None})
