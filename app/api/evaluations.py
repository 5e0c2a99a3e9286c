"""Evaluations: results that are frozen, published, superseded, withdrawn, and can be checked for ever."""

import hashlib
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from app.answers.evaluations import EvaluationList, EvaluationOut, EvaluationStated
from app.answers.scores import ScoreExplained, ScoreList
from app.api.answers import FormatParameter, LimitParameter, Page, answer, content_of
from app.api.boards import LEVELS_ASKED, BoardDep
from app.api.cursors import Cursor, read_cursor
from app.api.deps import (
    CallerDep,
    DatabaseDep,
    EvaluationsWriter,
    PublicReader,
    ReadSession,
    SettingsDep,
    UpdatedAfter,
    WriteSession,
    instant_after,
)
from app.api.evaluation_bodies import (
    EvaluationBody,
    EvaluationId,
    order_of,
)
from app.api.examples import example, example_page
from app.api.headers import carries, matches_etag
from app.api.heavy_places import heavy_place
from app.api.heavy_tables import HeavyTable
from app.api.kept_routes import kept
from app.api.negotiation import name_language
from app.api.periods import period_code
from app.api.problems import problems
from app.api.scores import UnitPath
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings, with_warnings
from app.config import Settings
from app.domain.evaluation import PUBLIC, Status
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Code, FrameworkName, Level, Levels
from app.formats.delimited import Column
from app.reports.data_source import frozen_data
from app.reports.unit_explained import frozen_explained
from app.services import evaluation_states as states
from app.services import evaluations as service
from app.services.evaluations import described
from app.services.score_order import together
from app.services.scores import head_of
from app.store.evaluations import EvaluationFilter, EvaluationRow

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)

LASTING = "max-age=60, immutable"
COLUMNS = [
    Column("id", "Số"),
    Column("status", "Trạng thái"),
    Column("framework", "Bộ chỉ số"),
    Column("period", "Kỳ"),
    Column("under", "Thuộc đơn vị"),
    Column("levels", "Cấp"),
    Column("title", "Tên"),
    Column("as_of", "Số liệu tính đến"),
    Column("publish_at", "Hẹn công bố"),
    Column("published_at", "Công bố"),
    Column("withdrawn_at", "Thu hồi"),
    Column("digest", "Mã băm"),
]


FrameworkParameter = Annotated[FrameworkName | None, Query(description="`qd766`, or `qd766@2026`.")]
OfPeriod = Annotated[PeriodCode | None, Query(description="2024-07, 2024-Q3, 2024-H2, 2024.")]
Under = Annotated[UnitCode | None, Query(description="About the units below this one.")]
AtLevel = Annotated[Level | None, Query(description="With this level among its levels.")]
IfNoneMatch = Annotated[str | None, Header(max_length=2000, description="An `ETag` held already; 304 if it stands.")]
UNCHANGED_SINCE: dict[int | str, dict[str, Any]] = {
    304: {"description": "What the client holds still stands.", **carries("ETag")}
}


def evaluation_answer(
    row: EvaluationRow, status: int = 200, if_none_match: str | None = None, **headers: str
) -> Response:
    """An evaluation with its ETag; it may be kept, but its state has to be asked for."""
    tagged = {"ETag": service.tag(row), "Cache-Control": "no-cache", **headers}
    if matches_etag(if_none_match, tagged["ETag"]):
        return Response(None, 304, tagged)
    return answer(described(row), status, tagged)


def evaluation_stated(
    request: Request, row: EvaluationRow, body: BaseModel, status: int = 200, **headers: str
) -> Response:
    """An evaluation after a write."""
    tagged = {"ETag": service.tag(row), "Cache-Control": "no-cache", **headers}
    return with_warnings(request, described(row), text_warnings(request, body), status, tagged)


class DrawnUp(NamedTuple):
    """What was asked for, and the evaluation that came of it."""

    body: EvaluationBody
    evaluation: states.DrawnEvaluation


async def drawn_up(
    request: Request, caller: CallerDep, database: DatabaseDep, settings: SettingsDep, body: EvaluationBody
) -> DrawnUp:
    """The evaluation, on a snapshot: it takes seconds, and others write meanwhile."""

    def draw_up() -> DrawnUp:
        with database.reading() as session:
            return DrawnUp(body, states.draw_up(session, caller, order_of(body, session, settings)))

    async with heavy_place(request):
        return await run_in_threadpool(draw_up)


Drawn = Annotated[DrawnUp, Depends(drawn_up, scope="function")]
"""It stands before the session that writes."""


@router.post(
    "/evaluations",
    status_code=201,
    response_model=EvaluationStated,
    responses={
        201: {**example("evaluation_scheduled"), **carries("ETag", "Location")},
        **problems(400, 401, 403, 404, 413, 415, 422),
    },
)
def post_evaluation(request: Request, caller: EvaluationsWriter, drawn: Drawn, session: WriteSession) -> Response:
    """Draw up a draft: units, cohorts, figures and rules are frozen with the results under one digest."""
    row = states.store_draft(session, caller, drawn.evaluation)
    return evaluation_stated(request, row, drawn.body, 201, Location=f"/v1/evaluations/{row.id}")


@router.get(
    "/evaluations",
    response_model=EvaluationList,
    responses={200: example_page("evaluation"), **problems(401, 422)},
)
@kept
def read_evaluations(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    framework: FrameworkParameter = None,
    period: OfPeriod = None,
    under: Under = None,
    level: AtLevel = None,
    status: Status | None = None,
    updated_after: UpdatedAfter = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List evaluations, the newest first: public ones, and to keys also the drafts of their subtree."""
    page = Page(request, "evaluations", COLUMNS, limit, format)
    place = read_cursor("evaluations", cursor, [0])
    where = EvaluationFilter(framework, period_code(period), under, level, status, instant_after(updated_after))
    before = place[0] if place else None
    rows = service.list_visible(session, caller, where, before=before, limit=page.reach)
    return page.send(map(described, rows), lambda item: [item["id"]])


@router.get(
    "/evaluations/latest",
    response_model=EvaluationOut,
    responses={200: {**example("evaluation"), **carries("ETag")}, **UNCHANGED_SINCE, **problems(401, 404, 422)},
)
def read_latest_evaluation(
    caller: PublicReader,
    session: ReadSession,
    framework: FrameworkParameter = None,
    period: OfPeriod = None,
    under: Under = None,
    level: AtLevel = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The evaluation published last among those that stand and fit what is named."""
    row = service.latest(session, EvaluationFilter(framework, period_code(period), under, level))
    return evaluation_answer(row, 200, if_none_match, **{"Content-Location": f"/v1/evaluations/{row.id}"})


@router.get(
    "/evaluations/{id}",
    response_model=EvaluationOut,
    responses={200: {**example("evaluation"), **carries("ETag")}, **UNCHANGED_SINCE, **problems(401, 404, 410, 422)},
)
def read_evaluation(
    caller: PublicReader, session: ReadSession, id: EvaluationId, if_none_match: IfNoneMatch = None
) -> Response:
    """One evaluation: what it is about, its state and its digest."""
    return evaluation_answer(service.get(session, caller, id), 200, if_none_match)


@router.get(
    "/evaluations/{id}/scores",
    response_model=ScoreList,
    responses={200: example("scores"), **problems(401, 404, 410, 422)},
)
@kept
def read_evaluation_scores(
    caller: PublicReader,
    heavy: HeavyTable,
    session: ReadSession,
    settings: SettingsDep,
    shown: BoardDep,
    id: EvaluationId,
    level: Annotated[Levels, Query(default_factory=list, description=f"{LEVELS_ASKED} Left out: the only one.")],
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
) -> Response:
    """The frozen board of one level, or of several, as `/v1/scores` answered then. Published ones never change."""
    shown.refuse_several(level)
    chosen: list[Level | None] = [*level] or [None]
    found = [service.board(session, caller, id, level=each, view=view, language=shown.language) for each in chosen]
    (first, *_), about = found, head_of([each.about for each in found])
    kept = shown.filter(first.framework, view)
    keyed = together([service.ordered(each, view, shown.sort, kept) for each in found])
    return lasting(shown.answer(keyed, list, about, first.framework, view), first.evaluation, settings)


@router.get(
    "/evaluations/{id}/scores/{unit}",
    response_model=ScoreExplained,
    responses={200: {**example("score_explained"), **carries("ETag")}, **problems(401, 404, 410, 422)},
)
@kept
def read_evaluation_unit_score(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    settings: SettingsDep,
    id: EvaluationId,
    unit: UnitPath,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
) -> Response:
    """One unit of a result explained as in `/v1/scores/{unit}/{period}`, from what was frozen alone."""
    row, language = service.get(session, caller, id), name_language(request.scope["headers"])
    found = frozen_explained(frozen_data(session, row), unit, view, language)
    return lasting(answer(found, language=language), row, settings)


def lasting(sent: Response, row: EvaluationRow, settings: Settings) -> Response:
    """The answer with a strong ETag, and leave to keep it: for everybody where everybody may read it."""
    tag = f'"{hashlib.sha256(row.digest.encode() + content_of(sent)).hexdigest()[:32]}"'
    sent.headers.update({"ETag": tag, "Cache-Control": kept_for_good(row, settings)})
    return sent


def kept_for_good(row: EvaluationRow, settings: Settings) -> str:
    """`Cache-Control` of what is frozen: for everybody where everybody may read it, never of a draft."""
    kept = "public" if settings.anonymous_read != "none" else "private"
    return f"{kept}, {LASTING}" if row.status in PUBLIC else "private, no-cache"
