"""What routes are given: the caller, a session, a place in a list, a moment."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.concurrency_limits import ConcurrencyLimits
from app.api.idempotency import ANSWER, store_response
from app.api.rate_limits import IDENTIFIED, address_of
from app.api.schemas import QueryMoment
from app.config import AnonymousRead, Settings
from app.domain.instant import to_instant
from app.errors import Fault, Invalid, RefusalCode, Unauthorized
from app.services import rights
from app.services.imports.jobs import ImportWorker
from app.services.rights import Caller, Scope
from app.store.db import Database, now
from app.store.true_times import instant_of, is_printed_ahead, known_by
from app.store.values import Clocks

if TYPE_CHECKING:
    from app.services.identity.provider import IdentityProvider  # which costs 13 MB where no provider is named

Known = TypeVar("Known")
bearer = HTTPBearer(
    auto_error=False,
    description="A key made with `chiso keys create` or `POST /v1/keys`, or CHISO_BOOTSTRAP_KEY; if the service takes "
    "the tokens of an identity provider (OpenID Connect, CHISO_OIDC_ISSUER), one of its access tokens, a JWT.",
)
FUTURE = RefusalCode(
    "moment_in_future",
    "`{name}` lies in the future; nothing is known of it yet.",
    "`{name}` ở tương lai, chưa có số liệu.",
    Invalid,
)
CLOSED = RefusalCode(
    "key_required", "This service answers keys only.", "Dịch vụ chỉ phục vụ khi có khóa.", Unauthorized
)


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def jobs_of(request: Request) -> ImportWorker:
    jobs: ImportWorker = request.app.state.jobs
    return jobs


def concurrency_limits_of(request: Request) -> ConcurrencyLimits:
    limits: ConcurrencyLimits = request.app.state.concurrency_limits
    return limits


def identity_of(request: Request) -> "IdentityProvider | None":
    """The identity provider whose tokens the service takes, if it takes any."""
    provider: IdentityProvider | None = request.app.state.identity
    return provider


def at_once(of: Callable[[Request], Known]) -> Callable[[Request], Awaitable[Known]]:
    """The same for a signature: given on the event loop, where a plain function would wait for a thread."""

    async def given(request: Request) -> Known:
        return of(request)

    return given


SettingsDep = Annotated[Settings, Depends(at_once(settings_of))]
DatabaseDep = Annotated[Database, Depends(at_once(database_of))]
JobsDep = Annotated[ImportWorker, Depends(at_once(jobs_of))]
ConcurrencyLimitsDep = Annotated[ConcurrencyLimits, Depends(at_once(concurrency_limits_of))]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def caller_of(request: Request, _: Credentials) -> Caller:
    """Who asks: `admit` found it before anything else of the request was looked at."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


CallerDep = Annotated[Caller, Depends(caller_of)]


@dataclass(frozen=True)
class Permission:
    """What a route demands of its caller: one of the scopes, or, without scopes, to be one whom the service answers.

    `whole`: a key without a subtree; `keyed`: a key, whatever anybody may read. It stands in the route's signature as
    a dependency, and `StrictRoute` checks it before it reads anything that was sent.
    """

    scopes: tuple[Scope, ...] = ()
    whole: bool = False
    keyed: bool = False

    def check(self, caller: Caller, anonymous_read: AnonymousRead) -> None:
        """Raise Unauthorized or Forbidden unless the caller may."""
        if self.scopes:
            rights.require(caller, *self.scopes, keyed=self.keyed)
        elif caller.anonymous and anonymous_read == "none":
            raise CLOSED.error(headers=rights.BEARER)
        if self.whole:
            rights.require_whole(caller)

    def open_to_anybody(self, anonymous_read: AnonymousRead) -> bool:
        """Whether a caller without a key may."""
        try:
            self.check(rights.anonymous(anonymous_read), anonymous_read)
        except Unauthorized:
            return False
        return True

    async def __call__(self, caller: CallerDep) -> Caller:
        return caller


def permissions_in(dependant: Dependant) -> list[Permission]:
    """All that a route demands, directly or through what it depends on."""
    own = [dependant.call] if isinstance(dependant.call, Permission) else []
    return own + [each for below in dependant.dependencies for each in permissions_in(below)]


async def prepare(request: Request) -> None:
    """Have at hand what a token is judged by, before a thread judges it: keys of a provider may have to be fetched."""
    scheme, secret = get_authorization_scheme_param(request.headers.get("authorization"))
    provider = provider_of(request, secret)
    if provider is not None and scheme.lower() == "bearer":
        await provider.prepare(secret)


def provider_of(request: Request, secret: str) -> "IdentityProvider | None":
    """The identity provider that judges a secret; None of one that is no token, whatever it looks like."""
    provider = identity_of(request)
    is_token = provider is not None and provider.takes(secret)
    return provider if is_token and not rights.is_bootstrap(secret, settings_of(request).bootstrap_key) else None


def admit(request: Request, permissions: Sequence[Permission]) -> None:
    """Note who asks, if it may: Unauthorized or Forbidden else. Only the address and the `Authorization` are looked at.

    A header that is not a Bearer key is refused rather than read as nobody.
    """
    settings = settings_of(request)
    scheme, secret = get_authorization_scheme_param(request.headers.get("authorization"))
    if "authorization" not in request.headers:
        caller = rights.anonymous(settings.anonymous_read)
    elif scheme.lower() != "bearer" or not secret:
        raise rights.BAD_KEY.error(headers=rights.BEARER)
    else:
        request.scope["state"][IDENTIFIED] = False
        provider = provider_of(request, secret)
        with database_of(request).reading(primary=True) as session:
            if provider is not None:
                caller = provider.caller(session, secret)
            else:
                caller = rights.identify(session, secret, settings.bootstrap_key, address_of(request.scope))
        request.scope["state"][IDENTIFIED] = True
    request.scope["state"]["caller"] = caller
    for permission in permissions:
        permission.check(caller, settings.anonymous_read)


def require(*scopes: Scope, whole: bool = False, keyed: bool = False) -> Permission:
    """A dependency that lets through callers with one of the scopes."""
    return Permission(scopes, whole, keyed)


PublicReader = Annotated[Caller, Depends(Permission())]
ValuesReader = Annotated[Caller, Depends(require(Scope.VALUES_READ))]
RecordsReader = Annotated[Caller, Depends(require(Scope.VALUES_READ, keyed=True))]
ImportReader = Annotated[Caller, Depends(require(Scope.VALUES_READ, Scope.VALUES_WRITE, keyed=True))]
ValuesWriter = Annotated[Caller, Depends(require(Scope.VALUES_WRITE))]
UnitsWriter = Annotated[Caller, Depends(require(Scope.UNITS_WRITE))]
FrameworksChecker = Annotated[Caller, Depends(require(Scope.FRAMEWORKS_WRITE))]
FrameworksWriter = Annotated[Caller, Depends(require(Scope.FRAMEWORKS_WRITE, whole=True))]
EvaluationsWriter = Annotated[Caller, Depends(require(Scope.EVALUATIONS_WRITE))]
LayoutsWriter = Annotated[Caller, Depends(require(Scope.EVALUATIONS_WRITE, whole=True))]
Publisher = Annotated[Caller, Depends(require(Scope.EVALUATIONS_PUBLISH))]
Admin = Annotated[Caller, Depends(require(Scope.ADMIN, whole=True))]


def reading(database: DatabaseDep) -> Iterator[Session]:
    with database.reading() as session:
        yield session


async def writer_slot(limits: ConcurrencyLimitsDep) -> AsyncIterator[None]:
    """The turn to write: one request of the process has it, the others wait for it without a thread."""
    async with limits.writers.place():
        yield


WritersTurn = Annotated[None, Depends(writer_slot, scope="function")]


@contextmanager
def write_transaction(request: Request, database: Database, caller: Caller) -> Iterator[Session]:
    """A writing transaction in the name of the caller; its version goes out with the answer.

    The answer that the route has made (`note_answer`) is kept in it, where the request carries an Idempotency-Key.
    """
    with database.writing() as session:
        session.info["actor"] = caller.name
        session.info["request_id"] = request.scope["state"]["request_id"]
        yield session
        store_response(session, request, request.scope["state"][ANSWER])
    request.scope["state"]["version"] = session.info["version"]


def writing(request: Request, database: DatabaseDep, caller: CallerDep, turn: WritersTurn) -> Iterator[Session]:
    """The writing transaction. It commits when the route has returned and before the answer leaves."""
    with write_transaction(request, database, caller) as session:
        yield session


ReadSession = Annotated[Session, Depends(reading, scope="function")]
WriteSession = Annotated[Session, Depends(writing, scope="function")]

ClockParameter = Annotated[QueryMoment | None, Query(description="RFC 3339 with offset.")]


UpdatedAfter = Annotated[
    QueryMoment | None,
    Query(
        description="Only what has become as it is after this moment (RFC 3339 with offset), such as the `known_at` or "
        "`published_at` that was read last. What is gone since is told by `/v1/changes`, and by `history` of values."
    ),
]


def instant_after(moment: datetime | None) -> int | None:
    """The moment of `updated_after` in µs since 1970; one of the future finds nothing, and is none that is refused."""
    return None if moment is None else to_instant(moment)


async def raw_body(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


def instant(name: str, moment: datetime | None, session: Session) -> int | None:
    """A moment of a query in µs since 1970; the future is refused, for its answer could still change.

    Instants that a clock that ran ahead has left in the data are none of the future.
    """
    if moment is None:
        return None
    known = to_instant(moment)
    if known > now(session) and not is_printed_ahead(session, known):
        raise Fault(FUTURE, {"name": name}, parameter=name).error()
    return known


async def known_at(session: ReadSession, limits: ConcurrencyLimitsDep, as_of: ClockParameter = None) -> int | None:
    """The instant up to which all was known at `as_of`, once no writer can add any more to that."""
    moment = await run_in_threadpool(instant, "as_of", as_of, session)
    if moment is None:
        return None
    known = await run_in_threadpool(_let_go, known_by, session, moment)
    if known is None:
        await limits.wait_for_writer()
        limits.database.leave_standby(session)  # which may not have what was waited for
        known = await run_in_threadpool(_let_go, instant_of, session, moment)
    return known


def _let_go(ask: Callable[[Session, int], Known], session: Session, moment: int) -> Known:
    """What a session says of a moment, which stays so. Its connection is for others until its own turn comes."""
    try:
        return ask(session, moment)
    finally:
        session.rollback()


KnownAt = Annotated[int | None, Depends(known_at, scope="function")]


def clocks_of(session: ReadSession, as_of: KnownAt, observed_by: ClockParameter = None) -> Clocks:
    """What was known at `as_of` of what had been looked up by `observed_by`."""
    return Clocks(as_of, instant("observed_by", observed_by, session))


ClocksDep = Annotated[Clocks, Depends(clocks_of, scope="function")]
