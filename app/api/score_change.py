"""Why a unit's total and place changed."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.answers.score_change import ScoreChange
from app.api.answers import answer
from app.api.deps import ClockParameter, ClocksDep, ReadSession, SettingsDep, ValuesReader, instant
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.periods import get_period, period_code
from app.api.problems import problems
from app.api.scores import Against, FrameworkParameter, UnitPath
from app.api.strict_requests import StrictRoute
from app.domain.period import PeriodCode
from app.services.insight import score_change as service
from app.services.scores import ScoresQuery

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)


@router.get(
    "/scores/{unit}/{period}/change",
    response_model=ScoreChange,
    responses={200: example("score_change"), **problems(401, 403, 404, 422)},
)
@kept
def read_score_change(
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    unit: UnitPath,
    period: Annotated[PeriodCode, Path(description="2024-07, 2024-Q3, 2024-H2, 2024.", examples=["2024-07"])],
    framework: FrameworkParameter = None,
    against: Against = None,
    against_observed_by: ClockParameter = None,
) -> Response:
    """Why the total changed, taken apart into the figures and weights of the criteria, which add up to it exactly.

    And whose doing the new rank is: the unit's own, or that of the others.
    """
    query = ScoresQuery(
        period=get_period(period),
        framework=framework or settings.default_framework,
        level="other",
        against=period_code(against, "against"),
        clocks=clocks,
        against_observed_by=instant("against_observed_by", against_observed_by, session),
    )
    return answer(service.score_change(session, caller, unit, query))
