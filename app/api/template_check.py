"""Templates of letters checked before anybody uses them."""

from fastapi import APIRouter, Request, Response

from app.answers.template_check import TemplateCheck
from app.api.answers import answer
from app.api.deps import RecordsReader
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.negotiation import preferred_language
from app.api.problems import problems
from app.api.strict_requests import WordFileRoute
from app.api.word_files import WORD_FILE_BODY, LetterKeys, SentWordFile
from app.reports.templates import template as service

router = APIRouter(prefix="/v1", tags=["reports"], route_class=WordFileRoute)


@router.post(
    "/letter-templates/check",
    response_model=TemplateCheck,
    responses={200: example("template_check"), **problems(400, 401, 403, 413, 415, 422)},
    openapi_extra=WORD_FILE_BODY,
)
def check_letter_template(
    request: Request, caller: RecordsReader, heavy: HeavyWork, sent: SentWordFile, keys: LetterKeys
) -> Response:
    """Name every fault of a template: unknown fields, each with a suggestion and the paragraph that it stands in.

    A Word file of at most 2 MB; nothing of it is executed or stored.
    """
    language = preferred_language(request.scope["headers"])
    return answer(service.described(service.check_template(sent, keys), language), language=language)
