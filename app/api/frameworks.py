"""Frameworks: weighted criteria as versioned data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.answers.examples import load_example
from app.answers.frameworks import FrameworkList, FrameworkOut, FrameworkStated, FrameworkValid, FrameworkVersions
from app.api.answers import FormatParameter, LimitParameter, Page, Rows, answer
from app.api.body import LARGE, content_type, in_thread
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, bad_cursor, read_cursor
from app.api.deps import (
    DatabaseDep,
    FrameworksChecker,
    FrameworksWriter,
    PublicReader,
    RawBody,
    ReadSession,
    WriteSession,
)
from app.api.examples import example, example_page
from app.api.headers import carries
from app.api.kept_routes import kept
from app.api.negotiated_routes import refuse_unacceptable
from app.api.negotiation import MEDIA
from app.api.problems import problems
from app.api.strict_requests import REFUSED, StrictRoute, name_faults
from app.api.warnings import document_warnings, with_warnings
from app.domain.characters import trimmed
from app.domain.frameworks.check import as_stated, document
from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import FrameworkName
from app.errors import Fault, Faults, RefusalCode, UnsupportedMedia
from app.formats.delimited import Column
from app.formats.documents import read_yaml
from app.formats.strict_json import read_json
from app.services import frameworks as service
from app.services.declared_bodies import declaration_located
from app.services.frameworks import CheckedFramework, check_document, check_start, load
from app.store import frameworks as store

router = APIRouter(prefix="/v1", tags=["frameworks"], route_class=StrictRoute)

KINDS = ("application/yaml", "application/x-yaml", "text/yaml")
NOT_DOCUMENT = RefusalCode(
    "content_type_unsupported",
    "Send the framework as application/json or application/yaml.",
    "Gửi bộ chỉ số dạng application/json hoặc application/yaml.",
    UnsupportedMedia,
)
DOCUMENT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/FrameworkOut"},
                "example": load_example("framework"),
            },
            "application/yaml": {"schema": {"type": "string"}},
        },
    }
}
COLUMNS = [
    Column("id", "Mã"),
    Column("code", "Bộ chỉ số"),
    Column("version", "Phiên bản"),
    Column("name", "Tên"),
    Column("valid_from", "Hiệu lực từ"),
    Column("valid_to", "Hiệu lực đến"),
    Column("used", "Đã dùng"),
    Column("digest", "Mã băm"),
]
NamePath = Annotated[FrameworkName, Path(description="A framework's code, or code@version.", examples=["mot_cua@2026"])]


def read_document(request: Request, body: bytes) -> object:
    """The posted document by its declared kind."""
    kind, charset = content_type(request)
    if kind == "application/json":
        with declaration_located():
            return read_json(body, charset)
    if kind in KINDS:
        return read_yaml(body)
    raise NOT_DOCUMENT.error()


def framework_answer(found: Framework, status: int = 200, **headers: str) -> Response:
    """A version of a framework with its ETag."""
    result = document(found)
    return answer(result, status, {"ETag": tag_of(result), **headers})


@dataclass(frozen=True)
class SentFramework:
    """A framework as it was sent and checked, its document with its defaults, and what is odd about its texts."""

    checked: CheckedFramework
    document: dict[str, object]
    warnings: list[Fault]


async def sent_framework(request: Request, body: RawBody, database: DatabaseDep) -> SentFramework:
    """The posted framework, read and checked once, before anybody waits for its write."""

    def read() -> SentFramework:
        sent = read_document(request, body)
        with database.reading() as session:
            checked = check_document(session, sent)
        return SentFramework(checked, document(checked.framework), document_warnings(sent, as_stated(sent)))

    return await in_thread(request, read, large=len(body) > LARGE)


SentFrameworkDep = Annotated[SentFramework, Depends(sent_framework)]


def current_framework(sent: SentFrameworkDep, session: WriteSession) -> Current:
    """The stored version that the posted document names."""
    framework = sent.checked.framework
    return lambda: tag_of(document(load(store.get_framework(session, framework.code, framework.version))))


FrameworkUnchanged = Annotated[None, Depends(guarded(current_framework), scope="function")]


@router.get(
    "/frameworks",
    response_model=FrameworkList,
    responses={200: example_page("framework_entry"), **problems(401, 422)},
)
@kept
def read_frameworks(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List all versions of all frameworks, the newest of each first."""
    page = Page(request, "frameworks", COLUMNS, limit, format)
    return sent(page, store.list_frameworks(session), cursor, {})


def sent(page: Page, rows: Sequence[store.FrameworkRow], cursor: str | None, extra: Mapping[str, Any]) -> Response:
    """The rows behind the cursor's, which names one of them."""
    place = read_cursor(page.name, cursor, [""])
    ids = [service.id_of(row) for row in rows]
    if place is not None and place[0] not in ids:
        raise bad_cursor()
    rest = rows[ids.index(place[0]) + 1 :] if place is not None else rows
    items: Rows = [service.entry(row) for row in rest[: page.reach]]
    if page.flat:
        items = [{**item, "name": item["name"]["vi"]} for item in items]
    return page.send(items, lambda item: [item["id"]], extra)


@router.get(
    "/frameworks/{name}",
    response_model=FrameworkOut | FrameworkVersions,
    responses={200: example("framework"), **problems(401, 404, 422)},
)
@kept
def read_framework(
    request: Request,
    caller: PublicReader,
    session: ReadSession,
    name: NamePath,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """The versions of a framework (`qd766`), or the document of one (`qd766@2026`), which is no list."""
    code, _, version = name.partition("@")
    if version:
        refuse_unacceptable(request.scope, (MEDIA["json"],))
        faults = Faults(name_faults(Counter(request.query_params.keys()), []))
        if faults:
            raise REFUSED.error(faults=faults)
        return framework_answer(load(store.get_framework(session, trimmed(code), trimmed(version))))
    rows = store.list_frameworks(session, code)
    if not rows:
        raise store.NO_FRAMEWORK.error(name=code)
    page = Page(request, code, COLUMNS, limit, format)
    return sent(page, rows, cursor, {"code": code})


@router.post(
    "/frameworks",
    status_code=201,
    response_model=FrameworkStated,
    responses={
        200: {"description": "The identical document was known.", "model": FrameworkStated, **example("framework")},
        201: {**example("framework"), **carries("Location")},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
    openapi_extra=DOCUMENT_BODY,
)
def post_framework(
    request: Request,
    caller: FrameworksWriter,
    sent: SentFrameworkDep,  # before the others wait for this one
    session: WriteSession,
    unchanged: FrameworkUnchanged,
) -> Response:
    """Take a framework version; refused with every fault named. A used version never changes.

    Of versions whose validities overlap the one that begins later holds; no two begin on one day.
    """
    changed = service.post_framework(session, sent.checked)
    location = {"Location": f"/v1/frameworks/{sent.checked.framework.id}"} if changed else {}
    headers = {"ETag": tag_of(sent.document), **location}
    return with_warnings(request, sent.document, sent.warnings, 201 if changed else 200, headers)


@router.post(
    "/frameworks/validate",
    response_model=FrameworkValid,
    responses={200: example("framework_valid"), **problems(400, 401, 403, 413, 415, 422)},
    openapi_extra=DOCUMENT_BODY,
)
def validate_framework(
    request: Request, caller: FrameworksChecker, sent: SentFrameworkDep, session: ReadSession
) -> Response:
    """Check a document without storing it: 422 with every fault named, or what it would be."""
    framework = sent.checked.framework
    check_start(session, framework)
    return with_warnings(request, service.described(framework), sent.warnings)
