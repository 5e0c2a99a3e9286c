"""Checks: the figures of a draft as they are printed, proof-read before it is published."""

import json

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict

from app.answers.findings import DraftFindings
from app.api.answers import answer, warned
from app.api.deps import ReadSession, SettingsDep, ValuesReader
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.negotiation import preferred_language
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings
from app.domain.checks.draft.draft import Draft
from app.services import checks as service
from app.services.demo import DEMO

router = APIRouter(prefix="/v1", tags=["check"], route_class=StrictRoute)

DRAFT = json.loads((DEMO / "ban-thao.json").read_text("utf-8"))


class DraftBody(Draft):
    """The figures of a draft as they are printed; every part may be left out, `unit` need not exist.

    `count` is n or n/d. Rows of one `part_of` are shares of one whole; `base` names the ref or the `part_of` that
    counts the population of a row, `same_as` the rows that print the same quantity, `indicator` what is scored.
    `restated` is what else is known of the period before: a change that fits it is a warning and no error.
    """

    model_config = ConfigDict(json_schema_extra={"example": DRAFT})


@router.post(
    "/check",
    response_model=DraftFindings,
    responses={200: example("draft_findings"), **problems(400, 401, 403, 404, 413, 415, 422)},
)
def check_draft(
    request: Request,
    heavy: HeavyWork,
    caller: ValuesReader,
    session: ReadSession,
    settings: SettingsDep,
    body: DraftBody,
) -> Response:
    """Proof-read the figures of a draft as they are printed (`vi`: 1.746,5). Nothing is stored."""
    language = preferred_language(request.scope["headers"])
    checked = service.check_draft(session, body, settings.default_framework)
    found = service.described(checked, language)
    if warnings := text_warnings(request, body):
        return warned(request, found, warnings)
    return answer(found, language=language)
