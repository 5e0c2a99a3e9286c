"""Keys of those who may read and write, and what the key that calls may do."""

from typing import Annotated, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from limits import parse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.answers.examples import load_example
from app.answers.keys import CallerOut, KeyList, KeyMade, KeyOut, RateOut, ScopeName
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import Admin, PublicReader, ReadSession, SettingsDep, WriteSession
from app.api.examples import example, example_page
from app.api.headers import carries
from app.api.idempotency import keep_no_body
from app.api.problems import problems
from app.api.schemas import KeptMoment
from app.api.strict_requests import StrictRoute
from app.domain.instant import to_datetime, to_instant
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.formats.delimited import Column
from app.services import keys as service
from app.services.keys import KeyTerms
from app.services.unit_names import named_at
from app.store import keys as store

router = APIRouter(prefix="/v1", tags=["keys"], route_class=StrictRoute)

MOST_NETWORKS = 50
DAY_S = 86_400
LONGEST_OVERLAP_S = 30 * DAY_S
COLUMNS = [
    Column("name", "Tên khóa"),
    Column("scopes", "Quyền"),
    Column("unit", "Mã đơn vị"),
    Column("networks", "Mạng được dùng"),
    Column("created_at", "Tạo lúc"),
    Column("expires_at", "Hết hạn"),
    Column("previous_until", "Mã cũ dùng đến"),
    Column("revoked_at", "Thu hồi lúc"),
    Column("last_used_at", "Dùng lần cuối"),
]
NAMES = "^ *[0-9A-Za-zÀ-ỹ][0-9A-Za-zÀ-ỹ .,_&()'-]*$"
"""What names look like, about: the service says what is wrong with one."""
OfName = Annotated[str, Path(max_length=200, description="The name of the key.", examples=["Sở Tài chính"])]
Networks = Annotated[
    list[Annotated[str, Field(max_length=50, json_schema_extra={"pattern": "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"})]],
    BY_PIECES,
    Field(
        max_length=MOST_NETWORKS, description="Networks (CIDR) or addresses that it works from; none: from anywhere."
    ),
]
Expiry = Annotated[KeptMoment | None, Field(description="When it ends by itself; null: never.")]


class KeyBody(BaseModel):
    """A key to be made: its name for ever, what it may, and where, from where and until when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("key_request")})

    name: Annotated[str, Field(max_length=200, json_schema_extra={"pattern": NAMES})]
    scopes: Annotated[list[ScopeName], BY_PIECES, Field(min_length=1, max_length=50)]
    unit: UnitCode | None = Field(None, description="Bind it to this unit and those below; null: to none.")
    expires_at: Expiry = None
    networks: Networks = []


class KeyChange(BaseModel):
    """What is to be otherwise; what is left out stays. Name, scopes and unit are for ever: make another key."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("key_change")})

    expires_at: Expiry = None
    networks: Networks = []


class RotationBody(BaseModel):
    """How long the secret that works now goes on working beside the new one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("key_rotation")})

    overlap_seconds: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_S, strict=True)] = DAY_S


def terms_of(body: KeyBody) -> KeyTerms:
    return KeyTerms(None if body.expires_at is None else to_instant(body.expires_at), body.networks)


def shown(request: Request, session: Session, name: str) -> KeyOut:
    """A key as it is answered, with its last use as far as this process knows."""
    key = service.get_key(session, name)
    return service.described(key, request.app.state.key_uses.last.get(key.name))


def key_tag(session: Session, name: str) -> str:
    """The ETag of a key: all of it but its last use, which is no change."""
    key = service.get_key(session, name)
    return tag_of([{**service.described(key), "last_used_at": None}, key.hash])


def key_answer(request: Request, session: Session, name: str) -> Response:
    return answer(shown(request, session, name), headers={"ETag": key_tag(session, name)})


def secret_answer(request: Request, session: Session, name: str, secret: str, status: int) -> Response:
    """A key with its secret, of which no copy is kept for a repetition."""
    keep_no_body(request)
    headers = {"ETag": key_tag(session, name)}
    if status == 201:
        headers["Location"] = f"/v1/keys/{quote(name)}"
    return answer({**shown(request, session, name), "secret": secret}, status, headers)


def current_key(caller: Admin, session: WriteSession, name: OfName) -> Current:
    return lambda: key_tag(session, name)


KeyUnchanged = Annotated[None, Depends(guarded(current_key), scope="function")]


@router.get("/me", response_model=CallerOut, responses={200: example("me"), **problems(401, 403, 422)})
def read_me(caller: PublicReader, settings: SettingsDep) -> Response:
    """Who calls by the key or token that is sent, and what that may; without one, what anybody may."""
    rate = settings.anonymous_rate if caller.anonymous else settings.key_rate
    me: CallerOut = {
        "name": caller.name,
        "anonymous": caller.anonymous,
        "scopes": cast(list[ScopeName], sorted(caller.scopes)),
        "unit": caller.unit,
        "networks": list(caller.networks),
        "expires_at": None if caller.until is None else to_datetime(caller.until),
        "rate_limit": rate_described(rate),
        "issuer": caller.issuer,
        "anonymous_read": settings.anonymous_read,
    }
    return answer(me)


def rate_described(rate: str) -> RateOut | None:
    """A rate of the settings; None where it is empty."""
    if not rate:
        return None
    limit = parse(rate)
    return {"requests": limit.amount, "seconds": limit.get_expiry()}


@router.get("/keys", response_model=KeyList, responses={200: example_page("key"), **problems(401, 403, 422)})
def read_keys(
    request: Request,
    caller: Admin,
    session: ReadSession,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List keys by name, those that have ended too; secrets are kept nowhere."""
    page = Page(request, "keys", COLUMNS, limit, format)
    after = read_cursor("keys", cursor, [""])
    found = store.list_keys(session, after=None if after is None else str(after[0]), limit=page.reach)
    last = request.app.state.key_uses.last
    return page.send((service.described(key, last.get(key.name)) for key in found), lambda item: [item["name"]])


@router.post(
    "/keys",
    response_model=KeyMade,
    status_code=201,
    responses={
        201: {**example("key_made"), **carries("Location", "ETag")},
        **problems(400, 401, 403, 404, 409, 413, 415, 422),
    },
)
def post_key(request: Request, caller: Admin, session: WriteSession, body: KeyBody) -> Response:
    """Make a key. The secret is in this answer and nowhere else: an `Idempotency-Key` does not bring it back."""
    with named_at("/unit", body.unit or ""):
        secret = service.create_key(session, body.name, body.scopes, body.unit, terms_of(body), caller)
    return secret_answer(request, session, service.plain_name(body.name), secret, 201)


@router.get(
    "/keys/{name}",
    response_model=KeyOut,
    responses={200: {**example("key"), **carries("ETag")}, **problems(401, 403, 404, 422)},
)
def read_key(request: Request, caller: Admin, session: ReadSession, name: OfName) -> Response:
    """A key by its name."""
    return key_answer(request, session, name)


@router.patch(
    "/keys/{name}",
    response_model=KeyOut,
    responses={200: example("key_changed"), **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
def patch_key(
    request: Request, caller: Admin, session: WriteSession, unchanged: KeyUnchanged, name: OfName, body: KeyChange
) -> Response:
    """Let a key end at another time, or work from other networks."""
    key = service.get_key(session, name)
    given = body.model_dump(include=body.model_fields_set)
    if given.get("expires_at") is not None:
        given["expires_at"] = to_instant(given["expires_at"])
    service.change_terms(session, name, KeyTerms(key.expires_at, key.networks)._replace(**given), caller)
    return key_answer(request, session, name)


@router.post(
    "/keys/{name}/rotate",
    response_model=KeyMade,
    responses={
        200: {**example("key_rotated"), **carries("ETag")},
        **problems(400, 401, 403, 404, 409, 413, 415, 422),
    },
)
def rotate_key(
    request: Request,
    caller: Admin,
    session: WriteSession,
    unchanged: KeyUnchanged,
    name: OfName,
    body: RotationBody | None = None,
) -> Response:
    """Give a key a new secret; the one before works beside it for `overlap_seconds`, one before that no more."""
    secret = service.rotate_key(session, name, (body or RotationBody()).overlap_seconds, caller)
    return secret_answer(request, session, service.plain_name(name), secret, 200)


@router.delete(
    "/keys/{name}", response_model=KeyOut, responses={200: example("key_revoked"), **problems(401, 403, 404, 409, 422)}
)
def revoke_key(
    request: Request, caller: Admin, session: WriteSession, unchanged: KeyUnchanged, name: OfName
) -> Response:
    """End a key at once, in every process; its name stays in the trace and is not used again."""
    service.revoke_key(session, name)
    return key_answer(request, session, name)
