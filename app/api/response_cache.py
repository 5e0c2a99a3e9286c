"""The thin byte cache: tables and reports as bytes, answered in front of FastAPI while they stand.

What the routes marked `kept` answer hangs on the request, the state of the data, the key and the local day, and on
nothing else (ADR 15). So an answer is held under all of these, and the state is asked of the database for each
request: no answer is older than a write that was acknowledged before, from whichever process. Keys, their rights and
their end are data of the same state.
"""

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.cached_response import AnswerStore, CachedResponse
from app.api.codings import Coding
from app.api.data_version import DataVersion
from app.api.freed_memory import give_back
from app.api.headers import listed, matches_etag, minimum_version
from app.api.http_errors import PreconditionFailed
from app.api.negotiation import Format, accepted_codings, accepted_formats, name_language, preferred_language
from app.api.problems import AWAY, problem
from app.api.rate_limits import IDENTIFIED, address_of
from app.api.streamed_responses import StreamedResponse
from app.domain.instant import MICROSECOND
from app.domain.period import LOCAL
from app.errors import AppError, Language, RefusalCode
from app.metrics.series import count_lookups
from app.services.rights import Caller, require_in_force
from app.store.data_state import DataState
from app.store.db import Database
from app.store.topics import TopicStamps, gathered

if TYPE_CHECKING:
    from app.services.identity.key_set import KeySet

log = logging.getLogger("chiso")

LONGEST_ADDRESS = 2_000
"""Characters beyond which nobody asks twice; what is held of an answer is hardly more than its bodies then."""
LET_GO_EACH = 5_000_000
"""µs between two looks for what has fallen. Until then whoever began to read before a write finds what others have."""
Headers = Mapping[bytes, bytes]
EASTWARD = LOCAL.utcoffset(None) // MICROSECOND
DAY = timedelta(days=1) // MICROSECOND
AHEAD = RefusalCode(
    "data_version_ahead",
    "You have seen version {wanted} of the data, and this database is at {version}: it was restored or is another one. "
    "Leave out `Chiso-Version` to read what there is.",
    "Bạn đã thấy phiên bản dữ liệu {wanted}, còn cơ sở dữ liệu này đang ở {version}: dữ liệu đã được phục hồi hoặc là "
    "cơ sở khác. Hãy bỏ `Chiso-Version` để đọc số liệu hiện có.",
    PreconditionFailed,
)


Shared = asyncio.Future[CachedResponse | None]
"""What comes of a computation for those who wait for it: an answer, None where there is none that all may be given (a
refusal, or a body that passes by), or nothing where it was cancelled or failed."""


class CacheKey(NamedTuple):
    """All that an answer depends on besides the data.

    `formats`: those that `Accept` lets be sent, in order; the route takes the first of them that it has.
    `authorization`: only a hash of it is stored; None where none was sent. `generation`: that of the keys by which
    tokens were judged. `day`: the local one, counted.
    """

    path: str
    query: bytes
    authorization: bytes | None
    generation: int
    formats: tuple[Format, ...]
    language: Language
    names: Language
    day: int


class ResponseCache:
    """The layer that answers what it holds, and holds what the routes answer."""

    def __init__(
        self,
        app: ASGIApp,
        kept: re.Pattern[str],
        database: Database,
        data_version: DataVersion,
        token_keys: "KeySet | None" = None,
    ) -> None:
        self.app, self.kept, self.database, self.data_version = app, kept, database, data_version
        self.token_keys = token_keys
        self.store = AnswerStore(database.memory)
        self.computing: dict[CacheKey, tuple[DataState, Shared]] = {}
        self.let_go_at = 0
        self.letting_go: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not self.keeps(scope):
            await self.app(scope, receive, send)
            return
        try:
            await self.answer(scope, receive, send)
        except AppError as error:
            await problem(error, scope)(scope, receive, send)

    def keeps(self, scope: Scope) -> bool:
        """Whether what an address answers is kept."""
        path: str = scope["path"]
        return len(path) + len(scope["query_string"]) <= LONGEST_ADDRESS and self.kept.fullmatch(path) is not None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a response, stored or new; what is none (a refusal) has left untouched."""
        given = scope["headers"]
        headers: Headers = dict(reversed(given))  # the first of each name, which is the one that routes read
        now = await self.data_version.stamps()
        key = self.cache_key(scope, headers)
        response = self.store.find(now, key)
        count_lookups("answers", response is not None, response is None)
        response = response or await self.compute_once(key, now, scope, receive, send)
        if response is None:
            return
        if key.authorization is not None and response.caller is not None:
            self.admit(response.caller, scope)
        state = None if now is None else now.state
        # a condition counts where the answer would be a 200: who may not read learns nothing from it
        if b"chiso-version" in headers:
            refuse_older(minimum_version(text_of(headers, b"chiso-version")), state)
        scope["route"] = response.route  # by whose name the request is counted
        if state is not None:
            scope["state"]["version"] = state.version
        await self.send(response, key, given, send)

    def admit(self, caller: Caller, scope: Scope) -> None:
        """Raise where the key that is held for has ended since, or does not work from where it is sent now.

        Nothing is held for a key that was not let in, and its rights and its revocation are data that answers rest on.
        """
        state = scope["state"]
        state[IDENTIFIED] = False
        require_in_force(caller, self.database.now(), address_of(scope))
        state[IDENTIFIED], state["caller"] = True, caller

    def cache_key(self, scope: Scope, headers: Headers) -> CacheKey:
        key = headers.get(b"authorization")
        return CacheKey(
            scope["path"],
            scope["query_string"],
            None if key is None else sha256(key).digest(),
            0 if self.token_keys is None else self.token_keys.generation,
            accepted_formats(scope["headers"]),
            preferred_language(scope["headers"]),
            name_language(scope["headers"]),
            (self.database.now() + EASTWARD) // DAY,
        )

    async def compute_once(
        self, key: CacheKey, now: TopicStamps | None, scope: Scope, receive: Receive, send: Send
    ) -> CachedResponse | None:
        """What the route answers. Of several who ask the same at once one computes for all.

        Its answer shows the state that it began with or a later one: it is older than no write that those know of who
        ask at that state, nor of those who waited before it began. So nobody waits for more than two.
        """
        if now is None:
            return await self.compute(key, now, scope, receive, send, Shared())
        waited = False
        while running := self.computing.get(key):
            state, shared = running
            await asyncio.wait([shared])
            if waited or state == now.state:
                if shared.cancelled():
                    continue
                return shared.result() or await self.compute(key, now, scope, receive, send, shared)
            now = await self.data_version.stamps()
            if now is None:
                return await self.compute(key, now, scope, receive, send, Shared())
            if held := self.store.find(now, key):
                return held
            waited = True
        with self.announced(key, now.state) as shared:
            return await self.compute(key, now, scope, receive, send, shared)

    async def compute(
        self, key: CacheKey, now: TopicStamps | None, scope: Scope, receive: Receive, send: Send, shared: Shared
    ) -> CachedResponse | None:
        """What the route answers, held if nothing that it rests on was written between two looks: it shows that.

        None where it has left already: a refusal, or a body too large to be held.
        """
        state = None if now is None else now.state
        answer = CacheWriter(scope, send, state, shared, private=key.authorization is not None)
        # whether the reader holds it already is for this layer to say: it knows the tags of the codings
        scope["headers"] = [each for each in scope["headers"] if each[0] != b"if-none-match"]
        with gathered() as logs:
            await self.app(scope, receive, answer.receive)
        if answer.start is None:
            return None
        caller = scope["state"].get("caller")
        response = await run_in_threadpool(
            CachedResponse,
            answer.start["headers"],
            b"".join(answer.parts),
            scope.get("route"),
            private=answer.private,
            caller=caller,
        )
        later = None if now is None else await self.data_version.stamps()
        if now is not None and later is not None:
            basis = now.basis(set().union(*(log.read for log in logs)))
            if basis.stands(later):
                self.store.put(key, response, basis)
        share(shared, response)
        if later is not None:
            self.begin_to_let_go(later)
        return response

    def begin_to_let_go(self, now: TopicStamps) -> None:
        """Every now and then, once the last time has come to its end."""
        moment = self.database.now()
        is_due = not 0 <= moment - self.let_go_at < LET_GO_EACH
        if is_due and (self.letting_go is None or self.letting_go.done()):
            self.let_go_at = moment
            self.letting_go = asyncio.create_task(self.let_go(now))

    async def let_go(self, now: TopicStamps) -> None:
        """Let go of what has fallen, and give free memory back to the system, while nobody waits for it."""
        try:
            await run_in_threadpool(self.database.memory.drop_fallen, now)
            await run_in_threadpool(give_back)
        except Exception:  # no request waits that could tell of it
            log.exception("what has fallen was not let go")

    @contextmanager
    def announced(self, key: CacheKey, state: DataState) -> Iterator[Shared]:
        """While inside, others who ask the same wait for what is shared; where nothing was, one of them takes over."""
        shared = Shared()
        self.computing[key] = state, shared
        # before anybody who waits wakes: what he finds under the key began after he had asked
        shared.add_done_callback(lambda _: self.computing.pop(key))
        try:
            yield shared
        finally:
            shared.cancel()

    async def send(
        self, response: CachedResponse, key: CacheKey, given: Iterable[tuple[bytes, bytes]], send: Send
    ) -> None:
        """The response in the coding that the reader prefers, or that he holds it."""
        coding = response.coding(accepted_codings(given))
        if matches_etag(listed(given, b"if-none-match"), response.tag_in(coding)):
            await send({"type": "http.response.start", "status": 304, "headers": response.unchanged(coding)})
            await send({"type": "http.response.body", "body": b""})
            return
        if coding not in response.bodies:
            await self.code(response, key, coding)
        await send({"type": "http.response.start", "status": 200, "headers": response.headers(coding)})
        await send({"type": "http.response.body", "body": response.bodies[coding]})

    async def code(self, response: CachedResponse, key: CacheKey, coding: Coding) -> None:
        """Put a response into a coding, once, however many ask for it."""
        async with response.turn:
            if coding in response.bodies:
                return
            await run_in_threadpool(response.code, coding)
        self.store.note_grown(key, response)


class CacheWriter:
    """Takes a 200 in and lets everything else through: refusals as they are, large bodies as a `StreamedResponse`."""

    def __init__(self, scope: Scope, send: Send, state: DataState | None, shared: Shared, *, private: bool) -> None:
        self.scope, self.send, self.state, self.shared, self.private = scope, send, state, shared, private
        self.asked_with = scope["headers"]
        self.start: Message | None = None
        self.parts: list[bytes] = []

    async def receive(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            if "digest" in self.scope["state"]:  # a LargeAnswer
                await self.pass_through(message)
            else:
                self.start = message
        elif self.start is None:
            share(self.shared, None)
            await self.send(message)
        else:
            self.parts.append(message.get("body", b""))

    async def pass_through(self, start: Message) -> None:
        """Begin to send a large body; what follows goes the same way."""
        share(self.shared, None)
        if self.state is not None:
            self.scope["state"]["version"] = self.state.version
        digest = self.scope["state"]["digest"].encode()
        response = CachedResponse.large(start["headers"], digest, self.scope.get("route"), private=self.private)
        coding = response.coding(accepted_codings(self.asked_with))
        is_held = matches_etag(listed(self.asked_with, b"if-none-match"), response.tag_in(coding))
        body = StreamedResponse(self.send, response, coding, is_held=is_held)
        self.send = body.take
        await body.start(dict(start["headers"])[b"content-length"])


def share(shared: Shared, response: CachedResponse | None) -> None:
    """Give the result to those who wait; it does not change afterwards."""
    if not shared.done():
        shared.set_result(response)


def text_of(headers: Headers, name: bytes) -> str:
    """A header as text, empty where it was not sent."""
    return headers.get(name, b"").decode("latin-1")


def refuse_older(seen: int, state: DataState | None) -> None:
    """Raise where the answer may be older than what the reader has seen."""
    if state is None:
        raise AWAY.error(headers={"Retry-After": "2"})
    if seen > state.version:
        raise AHEAD.error(wanted=seen, version=state.version)
