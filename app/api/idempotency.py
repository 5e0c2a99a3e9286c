"""`Idempotency-Key`: a write sent twice is carried out once and answered alike.

The key belongs to its caller and to one request: another method, address, query or body under it is refused. The
first answer is kept for 30 days unless the service itself failed. This stands outside the routes, because an answer
may be kept only once its transaction has committed.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.answer_limits import answer_limits_of
from app.api.concurrency_limits import ConcurrencyLimits
from app.api.http_errors import TooManyRequests
from app.api.idempotent_responses import refuse_where_not_stored, stored_response
from app.api.problems import AWAY
from app.errors import Conflict, Fault, Invalid, RefusalCode
from app.services.rights import Caller
from app.store import idempotency as store
from app.store.db import Database

log = logging.getLogger("chiso")
KEY = re.compile(r"[!-~]{1,200}")
BOUNDARY = re.compile(r';\s*boundary=("[^"]*"|[^;"]*)', re.IGNORECASE)
IN_MEMORY = 1_000_000
CHUNK = 65_536
TURN_MS = 250
"""The write lock is asked for in turns of this length, and between them it is looked what has begun meanwhile."""
UNKEPT = "unkept_answer"
"""In the request's state: whose key it carries and which, as long as its answer has not been kept."""
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

BAD_KEY = RefusalCode(
    "idempotency_key_invalid",
    "An Idempotency-Key is 1 to 200 printable ASCII characters, sent once.",
    "Idempotency-Key gồm 1 đến 200 ký tự ASCII in được, gửi một lần.",
    Invalid,
)
REUSED = RefusalCode(
    "idempotency_key_reused",
    "This Idempotency-Key was used for another request; take a new one.",
    "Idempotency-Key này đã dùng cho một yêu cầu khác; hãy dùng khóa mới.",
    Invalid,
)
RUNNING = RefusalCode(
    "idempotency_key_running",
    "The first request under this Idempotency-Key is still running; ask again in a moment.",
    "Yêu cầu đầu tiên với Idempotency-Key này đang được xử lý; hãy thử lại sau giây lát.",
    Conflict,
)


class IdempotentWrite:
    """Around a route: answers a repeated write with what was answered first. Who calls is known and may."""

    def __init__(self, app: ASGIApp, database: Database, limits: ConcurrencyLimits) -> None:
        self.app, self.database, self.limits = app, database, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        keys = request.headers.getlist("idempotency-key") if scope["method"] in WRITES else []
        caller: Caller | None = scope["state"].get("caller")
        if not keys or caller is None or caller.anonymous:
            await self.app(scope, receive, send)
            return
        key, *others = keys
        if others or KEY.fullmatch(key) is None:
            raise Fault(BAD_KEY, parameter="Idempotency-Key").error()
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            async for chunk in request.stream():
                body.write(chunk)
            await self.run_once(request, body, (caller.name, key), send)

    async def run_once(self, request: Request, body: IO[bytes], name: tuple[str, str], send: Send) -> None:
        """Carry the request out, or answer it as before."""
        same = await run_in_threadpool(fingerprint, request, body)
        stored = await self.begin(*name, same)
        if stored is not None:
            await replayed(stored, same)(request.scope, request.receive, send)
            return
        request.scope["state"][UNKEPT] = name
        await self.carry_out(request, body, name, send)

    async def carry_out(self, request: Request, body: IO[bytes], name: tuple[str, str], send: Send) -> None:
        """Keep the answer of the request; one under 500 is an answer, refusals too, a failure is none."""
        answer = BufferedResponse()
        try:
            await self.app(request.scope, rewound_body(body), answer.take)
        finally:
            if UNKEPT in request.scope["state"] or answer.is_failure:
                await self.limits.keep(self.end, name, answer, request)
            for message in answer.messages:  # a failure's, too: what is raised besides is for the log
                await send(message)

    async def begin(self, caller: str, key: str, same: str) -> store.KeptAnswer | None:
        """Begin a request under a key; what counts under it instead, which is read without waiting for writers."""
        stored = await run_in_threadpool(self.find, caller, key)
        if stored is not None:
            return stored
        async with self.limits.writers.place():
            return await run_in_threadpool(self.begin_in_turn, caller, key, same)

    def begin_in_turn(self, caller: str, key: str, same: str) -> store.KeptAnswer | None:
        """Begin it as soon as the writer of another process lets it.

        That one may be the first request under this very key, so it is waited for in short turns.
        """
        for _ in range(self.database.limits.lock_wait_ms // TURN_MS):
            stored = self.find(caller, key)
            if stored is not None or self.claimed(caller, key, same):
                return stored
        raise AWAY.error(headers={"Retry-After": "2"})

    def find(self, caller: str, key: str) -> store.KeptAnswer | None:
        """What counts under a key."""
        with self.database.reading() as session:
            return store.find_response(session, caller, key)

    def claimed(self, caller: str, key: str, same: str) -> bool:
        """Whether the request could be begun in this turn."""
        try:
            with self.database.unversioned(wait_ms=TURN_MS) as session:
                return store.claim(session, caller, key, same)
        except OperationalError:
            return False

    def end(self, name: tuple[str, str], answer: "BufferedResponse", request: Request) -> None:
        """Keep the answer, or free the key for another try. Where that fails, the answer is none the less true."""
        try:
            with self.database.unversioned() as session:
                if answer.is_failure:
                    store.forget(session, *name)
                else:
                    headers = answer.headers(request.scope["state"].get("version"))
                    most = answer_limits_of(request).repeatable
                    brief = stored_response(request.url.path, headers, answer.body, most)
                    store.keep(session, *name, answer.status, *brief)
        except (DBAPIError, PoolTimeout):
            log.exception("the answer under an Idempotency-Key could not be kept")


class BufferedResponse:
    """An answer as it left the application, held back until it is kept."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.status = 0

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.messages.append(message)

    @property
    def is_failure(self) -> bool:
        """Whether the request may be tried again: the service itself failed, or had been asked too often."""
        return not 0 < self.status < 500 or self.status == TooManyRequests.status

    def headers(self, version: int | None) -> list[tuple[str, str]]:
        """What the answer says besides its body, with the version of the data that it made."""
        made = [] if version is None else [(b"chiso-version", str(version).encode())]
        return readable([*self.messages[0]["headers"], *made])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])


def store_response(session: Session, request: Request, answer: Response) -> None:
    """Keep an answer in the transaction of what it tells of, where the request carries an Idempotency-Key.

    For what begins as soon as that transaction has committed: it could be the writer for whom keeping it would wait.
    """
    name: tuple[str, str] | None = request.scope["state"].pop(UNKEPT, None)
    if name is not None:
        most = answer_limits_of(request).repeatable
        brief = stored_response(request.url.path, readable(answer.raw_headers), bytes(answer.body), most)
        store.keep(session, *name, answer.status_code, *brief)


def readable(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Headers as text; the length of the body is set anew on every answer."""
    decoded = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    return [(name, value) for name, value in decoded if name != "content-length"]


def rewound_body(file: IO[bytes]) -> Receive:
    """The body once more, from the file."""
    file.seek(0)

    async def receive() -> Message:
        chunk = file.read(CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    return receive


def fingerprint(request: Request, body: IO[bytes]) -> str:
    """What makes two requests the same: method, address, query, kind and body.

    The boundary of a multipart body is drawn anew by every client for every try, so it does not count.
    """
    declared = request.headers.get("content-type", "")
    found = BOUNDARY.search(declared)
    boundary = found[1].strip(' "') if found else ""
    mark, kind = b"--" + boundary.encode(), BOUNDARY.sub("", declared)
    hasher = hashlib.sha256("\n".join([request.method, request.url.path, request.url.query, kind]).encode())
    body.seek(0)
    pieces = body if boundary else iter(partial(body.read, CHUNK), b"")
    for piece in pieces:
        if not boundary or not piece.startswith(mark):
            hasher.update(piece)
    return hasher.hexdigest()


def replayed(stored: store.KeptAnswer, same: str) -> Response:
    """The kept answer again, or why there is none."""
    if stored.request != same:
        raise REUSED.error()
    if not stored.status:
        raise RUNNING.error(headers={"Retry-After": "2"})
    refuse_where_not_stored(stored.status, stored.headers, stored.body)
    answer = Response(stored.body, stored.status, {"Idempotency-Replayed": "true"})
    for name, value in stored.headers:
        answer.headers.append(name, value)
    return answer
