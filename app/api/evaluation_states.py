"""Evaluations published, at once or at a moment, and withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.answers.evaluations import EvaluationOut, EvaluationStated, PublishedOut
from app.answers.examples import load_example
from app.api.answers import answer
from app.api.conditions import Current, guarded
from app.api.deps import Publisher, WriteSession
from app.api.evaluation_bodies import EvaluationId, PublishBody, WithdrawalBody, scheduled_instant
from app.api.evaluations import evaluation_answer, evaluation_stated
from app.api.examples import example
from app.api.headers import carries
from app.api.http_errors import PreconditionFailed
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.errors import RefusalCode
from app.services import evaluation_states as states
from app.services import evaluations as service
from app.services import publication_schedule as schedule

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)

CHANGED = RefusalCode(
    "evaluation_changed",
    "The evaluation is not as `If-Match` expects: read it again, then decide. Nothing was changed.",
    "Kết quả đánh giá không còn như `If-Match` nêu: hãy đọc lại rồi quyết định. Chưa có gì thay đổi.",
    PreconditionFailed,
)


def current_evaluation(caller: Publisher, session: WriteSession, id: EvaluationId) -> Current:
    return lambda: service.tag(service.get(session, caller, id))


EvaluationUnchanged = Annotated[None, Depends(guarded(current_evaluation, CHANGED), scope="function")]


@router.post(
    "/evaluations/{id}/publish",
    response_model=PublishedOut,
    responses={
        200: {**example("evaluation", publishes=load_example("evaluation_publishes")), **carries("ETag")},
        202: {
            **example("evaluation_scheduled", publishes=load_example("evaluation_publishes")),
            **carries("ETag", "Location"),
            "model": PublishedOut,
            "description": "It is to be published then.",
        },
        **problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 422),
    },
)
def publish_evaluation(
    caller: Publisher,
    session: WriteSession,
    unchanged: EvaluationUnchanged,
    id: EvaluationId,
    body: PublishBody | None = None,
) -> Response:
    """Make a draft public for good; the published one of the same scope is superseded and stays readable.

    With `publish_at` it is scheduled, answered 202, and published by itself at that moment in the name and with the
    rights of this key; another moment replaces the one before, and null takes it back. `publishes` counts what becomes
    public besides the scores, and names the reports that show it.
    """
    if body is None or body.is_now:
        row = states.publish(session, caller, id)
    else:
        row = schedule.state(session, caller, id, scheduled_instant(body))
    scheduled = {} if row.publish_at is None else {"Location": f"/v1/evaluations/{id}"}
    headers = {"ETag": service.tag(row), "Cache-Control": "no-cache", **scheduled}
    return answer(states.published(session, row), 202 if scheduled else 200, headers)


@router.delete(
    "/evaluations/{id}/publish",
    response_model=EvaluationOut,
    responses={200: {**example("evaluation_draft"), **carries("ETag")}, **problems(401, 403, 404, 409, 410, 412, 422)},
)
def unschedule_evaluation(
    caller: Publisher, session: WriteSession, unchanged: EvaluationUnchanged, id: EvaluationId
) -> Response:
    """Take back when a draft was to be published; it stays a draft."""
    return evaluation_answer(schedule.state(session, caller, id, None))


@router.post(
    "/evaluations/{id}/withdraw",
    response_model=EvaluationStated,
    responses={
        200: {**example("evaluation_withdrawn"), **carries("ETag")},
        **problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 422),
    },
)
def withdraw_evaluation(
    request: Request,
    caller: Publisher,
    session: WriteSession,
    unchanged: EvaluationUnchanged,
    id: EvaluationId,
    body: WithdrawalBody,
) -> Response:
    """Take an evaluation back with a reason; to the public it is gone, and nothing returns in its place."""
    return evaluation_stated(request, states.withdraw(session, caller, id, body.reason), body)
