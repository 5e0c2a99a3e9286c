"""What an evaluation froze, to the byte that its digest is taken of, for whoever checks it without this service."""

from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.sealed_content import SealedLetter, SealedScores
from app.api.deps import PublicReader, ReadSession, SettingsDep
from app.api.evaluation_bodies import EvaluationId
from app.api.evaluation_cache import frozen_answer
from app.api.evaluations import UNCHANGED_SINCE, IfNoneMatch, kept_for_good
from app.api.examples import example
from app.api.headers import carries, matches_etag
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.services import sealed_content as service
from app.services.sealed_content import SealedPart

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)


@router.get(
    "/evaluations/{id}/content",
    response_model=SealedScores | SealedLetter,
    responses={
        200: {**example("evaluation_content"), **carries("ETag")},
        **UNCHANGED_SINCE,
        **problems(401, 404, 410, 422),
    },
)
async def read_evaluation_content(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    settings: SettingsDep,
    id: EvaluationId,
    part: Annotated[SealedPart, Query(description="What `digest` is taken of, or what `letter_digest` is.")] = "scores",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The frozen rules, tree, figures and results as the bytes whose SHA-256 is the digest: see docs/verify.md."""

    def looked_at() -> service.SealedBytes:
        with closing(session):  # nobody who waits holds a connection; it opens another transaction by itself
            return service.sealed(session, caller, id, part)

    found = await run_in_threadpool(looked_at)
    headers = {"ETag": f'"{found.digest}"', "Cache-Control": kept_for_good(found.evaluation, settings)}
    if matches_etag(if_none_match, headers["ETag"]):
        return Response(None, 304, headers)
    return await frozen_answer(
        request, lambda: Response(found.read(), 200, headers, "application/json"), found.evaluation
    )
