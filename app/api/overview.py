"""The first screen of a dashboard, in one request."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.answers.overview import Overview
from app.api.answers import answer
from app.api.deps import PublicReader, ReadSession, SettingsDep
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.kept_routes import kept
from app.api.negotiation import name_language
from app.api.problems import problems
from app.api.scores import FrameworkParameter
from app.api.strict_requests import StrictRoute
from app.domain.period import PeriodType
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.services import overview as service
from app.services.overview import OverviewQuery

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)


@router.get(
    "/overview",
    response_model=Overview,
    responses={200: example("overview"), **problems(401, 404, 422)},
)
@kept
def read_overview(
    request: Request,
    heavy: HeavyWork,
    caller: PublicReader,
    session: ReadSession,
    settings: SettingsDep,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    level: Annotated[
        Level | None,
        Query(description="Default the level of which most units have figures in the latest period with any."),
    ] = None,
    framework: FrameworkParameter = None,
    type: Annotated[
        PeriodType | None,
        Query(description="Only periods of this type; default all, of which the one that began last is the latest."),
    ] = None,
) -> Response:
    """The latest period of a cohort: mean, classes, what moved, what is missing or odd, what was published last.

    Of the figures as they stand for who may read them (`values:read`); for others of what was published last.
    """
    language = name_language(request.scope["headers"])
    query = OverviewQuery(framework or settings.default_framework, under, level, language, type)
    return answer(service.overview(session, caller, query), language=language)
