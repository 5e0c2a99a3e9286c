"""What it would take a unit to reach a class, a total or a rank."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.answers.score_reach import ScoreReach
from app.api.answers import answer
from app.api.deps import ClocksDep, ReadSession, SettingsDep, ValuesReader
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.kept_routes import kept
from app.api.negotiation import name_language
from app.api.periods import get_period
from app.api.problems import problems
from app.api.scores import FrameworkParameter, UnitPath
from app.api.strict_requests import StrictRoute
from app.domain.frameworks.rules import QueryFigure
from app.domain.insight.levers import Growth, Hold
from app.domain.period import PeriodCode
from app.domain.vocabulary import Code
from app.services.insight.reach import ReachQuery, reach_of
from app.services.scores import ScoresQuery

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)


@router.get(
    "/scores/{unit}/{period}/reach",
    response_model=ScoreReach,
    responses={200: example("score_reach"), **problems(401, 403, 404, 422)},
)
@kept
def read_score_reach(
    request: Request,
    heavy: HeavyWork,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    unit: UnitPath,
    period: Annotated[PeriodCode, Path(description="2024-07, 2024-Q3, 2024-H2, 2024.", examples=["2024-07"])],
    band: Annotated[Code | None, Query(description="A class of the framework, or a better one.")] = None,
    total: Annotated[
        QueryFigure | None, Query(description="A total; 89.995 is reached where it rounds to 90.", examples=[80])
    ] = None,
    rank: Annotated[int | None, Query(ge=1, description="A place among its siblings, whose totals stand.")] = None,
    hold: Annotated[
        Hold,
        Query(description="`denominator`: it stands. `grow`: further cases come in, and add to both where they count."),
    ] = "denominator",
    by: Annotated[
        int | None,
        Query(
            ge=1,
            le=10**9,
            description="With `hold=grow`: just so many come in for each figure; default as many as are dealt with.",
        ),
    ] = None,
    framework: Annotated[FrameworkParameter, Query(examples=["mot_cua@2026"])] = None,
) -> Response:
    """What it would take: by each criterion alone, and the fewest cases of all together; name one target."""
    language = name_language(request.scope["headers"])
    query = ScoresQuery(
        get_period(period), framework or settings.default_framework, "other", clocks=clocks, language=language
    )
    growth = Growth(hold == "grow", by)
    return answer(reach_of(session, caller, unit, ReachQuery(query, band, total, rank, growth)), language=language)
