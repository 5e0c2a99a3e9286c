"""Letter templates: the Word files that an office makes its letters from."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.letter_templates import LetterTemplateList, LetterTemplateOut
from app.api.answers import FormatParameter, LimitParameter, Page, answer, file_answer, negotiated_format
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import (
    EvaluationsWriter,
    KnownAt,
    ReadSession,
    RecordsReader,
    WriteSession,
    database_of,
)
from app.api.examples import example
from app.api.heavy_places import heavy_place
from app.api.kept_routes import kept
from app.api.letter_profiles import OfUnit
from app.api.letter_texts import OfKind
from app.api.problems import problems
from app.api.strict_requests import WordFileRoute
from app.api.word_files import WORD_FILE_BODY, LetterKeys, SentWordFile
from app.formats.delimited import Column
from app.reports.templates.template import refuse_faults
from app.services import letter_templates as service
from app.services.rights import Caller

router = APIRouter(prefix="/v1/letter-templates", tags=["reports"], route_class=WordFileRoute)

COLUMNS = [
    Column("unit", "Mã đơn vị"),
    Column("kind", "Loại văn bản"),
    Column("sha256", "Mã băm"),
    Column("size", "Số byte"),
    Column("known_at", "Thời điểm"),
]


async def checked_template(
    request: Request, caller: EvaluationsWriter, unit: OfUnit, kind: OfKind, sent: SentWordFile, keys: LetterKeys
) -> bytes:
    """The file that was sent, in which nothing is wrong. Raises what `refuse_faults` raises.

    Whether it may be stated there is seen first: a file is looked at in another process.
    """
    await run_in_threadpool(_require_place, request, caller, (unit, kind))
    async with heavy_place(request):
        await run_in_threadpool(refuse_faults, sent, keys)
    return sent


def _require_place(request: Request, caller: Caller, key: tuple[str, str]) -> None:
    with database_of(request).reading() as session:
        service.require_place(session, caller, key)


CheckedTemplate = Annotated[bytes, Depends(checked_template)]
TemplateFormat = Annotated[
    Literal["json", "docx"] | None,
    Query(description="What is known of the file as JSON (default), or the file itself (`docx`); else by `Accept`."),
]


def current_template(caller: EvaluationsWriter, session: WriteSession, unit: OfUnit, kind: OfKind) -> Current:
    return lambda: tag_of(service.get(session, caller, (unit, kind), None))


TemplateUnchanged = Annotated[None, Depends(guarded(current_template), scope="function")]


@router.put(
    "/{unit}/{kind}",
    response_model=LetterTemplateOut,
    responses={
        200: {**example("letter_template"), "description": "The unit had one of its own, and has this now."},
        201: {**example("letter_template"), "model": LetterTemplateOut, "description": "It had none of its own."},
        **problems(400, 401, 403, 404, 413, 415, 422),
    },
    openapi_extra=WORD_FILE_BODY,
)
def put_letter_template(
    caller: EvaluationsWriter,
    file: CheckedTemplate,  # before the others wait for this one
    session: WriteSession,
    unchanged: TemplateUnchanged,
    unit: OfUnit,
    kind: OfKind,
) -> Response:
    """State the Word file that a letter of a unit, and of those below it, is made from.

    At most 2 MB; refused with every fault named. `If-Match` takes the `ETag` of the file that held for the unit, an
    inherited one too.
    """
    result, new = service.upsert_template(session, caller, (unit, kind), file)
    return answer(result, 201 if new else 200, {"ETag": tag_of(result)})


@router.get(
    "/{unit}/{kind}",
    response_model=LetterTemplateOut,
    responses={200: example("letter_template"), **problems(401, 403, 404, 422)},
)
@kept
def read_letter_template(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    unit: OfUnit,
    kind: OfKind,
    known_at: KnownAt,
    format: TemplateFormat = None,
) -> Response:
    """The Word file that a letter of a unit is made from, or was at `as_of`: its own, else that of the nearest above.

    JSON describes it; `format=docx`, or `Accept`, asks for the file itself.
    """
    result = service.get(session, caller, (unit, kind), known_at)
    tag = tag_of(result)
    if negotiated_format(request, format, ("json", "docx")) == "json":
        sent = answer(result, headers={"ETag": tag})
    else:
        file = service.read_file(session, result)
        sent = file_answer(f"{kind}-{unit}", "docx", file, {"ETag": f'{tag[:-1]}-docx"'})
    sent.headers.add_vary_header("Accept")
    return sent


@router.delete(
    "/{unit}/{kind}",
    response_model=LetterTemplateOut,
    responses={200: example("letter_template"), **problems(401, 403, 404, 422)},
)
def delete_letter_template(
    caller: EvaluationsWriter, session: WriteSession, unchanged: TemplateUnchanged, unit: OfUnit, kind: OfKind
) -> Response:
    """Take back the unit's own file; one that a unit above has stated, or the shipped one, holds again."""
    return answer(service.withdraw_template(session, caller, (unit, kind)))


@router.get(
    "", response_model=LetterTemplateList, responses={200: example("letter_templates"), **problems(401, 403, 422)}
)
@kept
def read_letter_templates(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List the stated templates by unit and kind, without their files; a subtree key sees those of its units."""
    page = Page(request, "letter-templates", COLUMNS, limit, format)
    after = read_cursor("letter-templates", cursor, ["", ""])
    rows = service.list_templates(session, caller, known_at, after=after, limit=page.reach)
    return page.send(rows, lambda item: [item["unit"], item["kind"]])
