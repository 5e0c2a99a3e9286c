"""What routes are given: the caller, a session, a place in a list, a moment."""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app.api.shapes import QueryMoment
from app.config import Settings
from app.domain.instant import to_instant
from app.errors import Fault, Invalid, Text, Unauthorized
from app.services import rights
from app.services.imports.jobs import Jobs
from app.services.rights import Caller, Scope
from app.store.db import FOREVER, Database, now, settle
from app.store.values import Clocks

bearer = HTTPBearer(auto_error=False, description="A key made with `chiso keys create`, or CHISO_BOOTSTRAP_KEY.")
BAD_CURSOR = Text(
    "The cursor does not belong to this list; leave it out to begin again.",
    "Con trỏ trang không thuộc danh sách này; bỏ tham số để xem lại từ đầu.",
)
FUTURE = Text("`{name}` lies in the future; nothing is known of it yet.", "`{name}` ở tương lai, chưa có số liệu.")
CLOSED = Text("This service answers keys only.", "Dịch vụ chỉ phục vụ khi có khóa.")


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def jobs_of(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


SettingsDep = Annotated[Settings, Depends(settings_of)]
DatabaseDep = Annotated[Database, Depends(database_of)]
JobsDep = Annotated[Jobs, Depends(jobs_of)]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def caller_of(request: Request, settings: SettingsDep, database: DatabaseDep, credentials: Credentials) -> Caller:
    """Who asks. A header that is not a Bearer key is refused rather than read as nobody."""
    if credentials is None:
        if "authorization" in request.headers:
            raise Unauthorized("key_unknown", rights.BAD_KEY, headers=rights.BEARER)
        return rights.anonymous(settings.anonymous_read)
    with database.reading() as session:
        return rights.identify(session, credentials.credentials, settings.bootstrap_key)


CallerDep = Annotated[Caller, Depends(caller_of)]


def public_reader(caller: CallerDep, settings: SettingsDep) -> Caller:
    """Anybody, unless the service answers keys only."""
    if caller.anonymous and settings.anonymous_read == "none":
        raise Unauthorized("key_required", CLOSED, headers=rights.BEARER)
    return caller


def require(*scopes: Scope, whole: bool = False, keyed: bool = False) -> Callable[[Caller], Caller]:
    """A dependency that lets through callers with one of the scopes.

    `whole`: only those without a subtree; `keyed`: only those with a key.
    """

    def checked(caller: CallerDep) -> Caller:
        rights.require(caller, *scopes, keyed=keyed)
        if whole:
            rights.require_whole(caller)
        return caller

    return checked


PublicReader = Annotated[Caller, Depends(public_reader)]
ValuesReader = Annotated[Caller, Depends(require(Scope.VALUES_READ))]
RecordsReader = Annotated[Caller, Depends(require(Scope.VALUES_READ, keyed=True))]
ImportReader = Annotated[Caller, Depends(require(Scope.VALUES_READ, Scope.VALUES_WRITE, keyed=True))]
ValuesWriter = Annotated[Caller, Depends(require(Scope.VALUES_WRITE))]
UnitsWriter = Annotated[Caller, Depends(require(Scope.UNITS_WRITE))]
FrameworksChecker = Annotated[Caller, Depends(require(Scope.FRAMEWORKS_WRITE))]
FrameworksWriter = Annotated[Caller, Depends(require(Scope.FRAMEWORKS_WRITE, whole=True))]
EvaluationsWriter = Annotated[Caller, Depends(require(Scope.EVALUATIONS_WRITE))]
Publisher = Annotated[Caller, Depends(require(Scope.EVALUATIONS_PUBLISH))]
Admin = Annotated[Caller, Depends(require(Scope.ADMIN, whole=True))]


def reading(database: DatabaseDep) -> Iterator[Session]:
    with database.reading() as session:
        yield session


def writing(request: Request, database: DatabaseDep, caller: CallerDep) -> Iterator[Session]:
    """The writing transaction. It commits when the route has returned and before the answer leaves."""
    with database.writing() as session:
        session.info["actor"] = caller.name
        session.info["request_id"] = request.scope["state"]["request_id"]
        yield session
    request.scope["state"]["version"] = session.info["version"]


ReadSession = Annotated[Session, Depends(reading, scope="function")]
WriteSession = Annotated[Session, Depends(writing, scope="function")]

Cursor = Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before.")]
ClockParameter = Annotated[QueryMoment | None, Query(description="RFC 3339 with offset.")]


async def raw_body(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


def write_cursor(list_name: str, place: Sequence[Any]) -> str:
    """The opaque place behind the last item of a page of the list `list_name`."""
    return base64.urlsafe_b64encode(orjson.dumps([list_name, *place])).decode().rstrip("=")


def read_cursor(list_name: str, cursor: str | None, like: Sequence[Any]) -> list[Any] | None:
    """The place that a cursor of this list stands for; Invalid unless it is made as the place `like` is."""
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        place = None
    if not isinstance(place, list) or len(place) != len(like) + 1 or not all(map(alike, place, [list_name, *like])):
        raise bad_cursor()
    if place[0] != list_name:
        raise bad_cursor()
    return place[1:]


def bad_cursor() -> Invalid:
    return Invalid("cursor_invalid", BAD_CURSOR, faults=[Fault("cursor_invalid", BAD_CURSOR, parameter="cursor")])


def alike(part: object, example: object) -> bool:
    """Whether a part of a cursor is what a list could have written there: text, a stored integer, integers in a row.

    A cursor comes from outside: whoever makes one by hand must not reach the database with something else.
    """
    if isinstance(example, list):
        return isinstance(part, list) and all(alike(each, 0) for each in part)
    if isinstance(example, str):
        return isinstance(part, str) and "\0" not in part
    return type(part) is int and -FOREVER <= part <= FOREVER


def instant(name: str, moment: datetime | None, session: Session) -> int | None:
    """A moment of a query in µs since 1970; the future is refused, for its answer could still change."""
    if moment is None:
        return None
    asked = to_instant(moment)
    if asked > now(session):
        fault = Fault("moment_in_future", FUTURE, {"name": name}, parameter=name)
        raise Invalid("moment_in_future", FUTURE, faults=[fault], name=name)
    if name == "as_of":
        settle(session, asked)
    return asked


def clocks_of(session: ReadSession, as_of: ClockParameter = None, observed_by: ClockParameter = None) -> Clocks:
    """What was known at `as_of` of what had been looked up by `observed_by`."""
    return Clocks(instant("as_of", as_of, session), instant("observed_by", observed_by, session))


ClocksDep = Annotated[Clocks, Depends(clocks_of, scope="function")]
