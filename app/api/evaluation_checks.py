"""Evaluations held against themselves, and against one another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.answers import answer
from app.api.deps import HeavyWork, PublicReader, ReadSession
from app.api.evaluation_examples import UNCHANGED, VERIFIED
from app.api.evaluation_shapes import EvaluationDiff, EvaluationId, Verification
from app.api.examples import example
from app.api.frozen_answers import FrozenAnswersDep, question_over
from app.api.problems import problems
from app.api.strict import StrictRoute
from app.services import evaluation_checks as service
from app.services.evaluations import get
from app.store.evaluations import EvaluationRow

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)


@dataclass(frozen=True)
class FrozenWork:
    """What a computation over what is frozen takes: a place among the few at a time, and the answers made before."""

    request: Request
    heavy: HeavyWork
    frozen: FrozenAnswersDep
    caller: PublicReader
    session: ReadSession

    def answer(self, compute: Callable[[], object], *rests_on: EvaluationRow | str) -> Response:
        """What is computed, or was for the same question."""
        return self.frozen.answer(question_over(self.request, *rests_on), lambda: answer(compute()))


FrozenWorkDep = Annotated[FrozenWork, Depends(scope="function")]


@router.get(
    "/evaluations/{id}/verify",
    response_model=Verification,
    responses={200: example(VERIFIED), **problems(401, 404, 410, 422)},
)
def verify_evaluation(work: FrozenWorkDep, id: EvaluationId) -> Response:
    """Compute the results again from the frozen figures, and name every number that differs."""
    session, caller = work.session, work.caller
    return work.answer(lambda: service.verify(session, caller, id), service.fingerprint(session, caller, id))


@router.get(
    "/evaluations/{id}/diff",
    response_model=EvaluationDiff,
    responses={200: example(UNCHANGED), **problems(401, 404, 410, 422)},
)
def diff_evaluations(
    work: FrozenWorkDep,
    id: EvaluationId,
    against: Annotated[int, Query(ge=1, le=2**31 - 1, description="The earlier evaluation.", examples=[1])],
) -> Response:
    """What changed between two evaluations: places, classes, points, and the figures behind them."""
    session, caller = work.session, work.caller
    both = (get(session, caller, each) for each in (id, against))
    return work.answer(lambda: service.diff(session, caller, id, against), *both)
