"""Evaluations computed again, and compared with one another."""

from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.evaluations import EvaluationDiff, Verification
from app.api.answers import answer
from app.api.deps import PublicReader, ReadSession, concurrency_limits_of
from app.api.evaluation_bodies import EvaluationId
from app.api.evaluation_cache import frozen_answer
from app.api.examples import example
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.services import evaluation_checks as service
from app.services.evaluations import get
from app.store.evaluations import EvaluationRow

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)


@router.get(
    "/evaluations/{id}/verify",
    response_model=Verification,
    responses={200: example("verification"), **problems(401, 404, 410, 422)},
)
async def verify_evaluation(request: Request, caller: PublicReader, session: ReadSession, id: EvaluationId) -> Response:
    """Compute the results again from the frozen figures, and name every number that differs."""

    def looked_at() -> str:
        with closing(session):  # nobody who waits holds a connection; it opens another transaction by itself
            return service.fingerprint(session, caller, id)

    def verified() -> Response:
        is_same = service.fingerprint(session, caller, id) == found
        headers = {} if is_same else {"Cache-Control": "no-store"}
        return answer(service.verify(session, caller, id), headers=headers)

    found = await concurrency_limits_of(request).read_frozen(looked_at)
    return await frozen_answer(request, verified, found)


@router.get(
    "/evaluations/{id}/diff",
    response_model=EvaluationDiff,
    responses={200: example("evaluation_comparison"), **problems(401, 404, 410, 422)},
)
async def diff_evaluations(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    id: EvaluationId,
    against: Annotated[int, Query(ge=1, le=2**31 - 1, description="The earlier evaluation.", examples=[1])],
) -> Response:
    """What changed between two evaluations: places, classes, points, and the figures behind them."""

    def looked_at() -> list[EvaluationRow]:
        with closing(session):
            return [get(session, caller, each) for each in (id, against)]

    both = await run_in_threadpool(looked_at)
    return await frozen_answer(request, lambda: answer(service.diff(session, caller, id, against)), *both)
