"""`Idempotency-Key`: a write sent twice is carried out once and answered alike.

The key belongs to its caller and to one request: another method, address, query or body under it is refused. The
first answer is kept for 30 days unless the service itself failed. What was written and its answer are kept in one
transaction, so that no crash parts them; a transaction whose key has an answer already does not commit. That a request
still runs is known by a lock that is gone with its process (ADR 32).
"""

import hashlib
import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import Response
from sqlalchemy.exc import DBAPIError
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
from app.store.idempotency import KeptAnswer

log = logging.getLogger("chiso")
KEY = re.compile(r"[!-~]{1,200}")
BOUNDARY = re.compile(r';\s*boundary=("[^"]*"|[^;"]*)', re.IGNORECASE)
IN_MEMORY = 1_000_000
CHUNK = 65_536
UNKEPT = "unkept_answer"
"""In the request's state: under which name its answer is to be kept, as long as it has not been."""
ANSWER = "answer"
"""In the request's state: the answer that its route has made."""
NO_BODY = "no_body"
"""In the request's state: that no copy of its answer is to stay."""
BRIEF_MS = 2_000
"""How long an answer that tells of nothing that was written waits to be kept."""
SOON = {"Retry-After": "2"}
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


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under a caller's key; `same` tells whether another one is the same."""

    name: tuple[str, str]
    same: str


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
            same = await run_in_threadpool(fingerprint, request, body)
            await self.answer(request, body, KeyedRequest((caller.name, key), same), send)

    async def answer(self, request: Request, body: IO[bytes], keyed: KeyedRequest, send: Send) -> None:
        """Carry the request out, or answer it as before. The key is free again before the answer leaves."""
        first, stored = BufferedResponse(), None
        try:
            async with self.running(keyed.name) as alone:
                stored = await run_in_threadpool(self.find, keyed.name)
                if stored is None and not alone:
                    raise RUNNING.error(headers=SOON)
                if stored is None:
                    stored = await self.carry_out(request, body, keyed, first)
        finally:
            for message in first.messages if stored is None else ():  # a failure's, too: what is raised is for the log
                await send(message)
        if stored is not None:
            await replayed(stored, keyed.same)(request.scope, request.receive, send)

    @asynccontextmanager
    async def running(self, name: tuple[str, str]) -> AsyncIterator[bool]:
        """Whether this is the only request under its name that runs, on whichever process."""
        try:
            alone = await self.limits.take_name(self.database.running.begin, name)
        except OSError as error:
            log.error("it cannot be told which requests run: %s", error)
            raise AWAY.error(headers=SOON) from error
        try:
            yield alone
        finally:
            if alone:
                await self.limits.take_name(self.database.running.end, name)

    async def carry_out(
        self, request: Request, body: IO[bytes], keyed: KeyedRequest, answer: "BufferedResponse"
    ) -> KeptAnswer | None:
        """Let the route answer; what is kept under the key instead, where another was faster all the same.

        An answer under 500 is one, refusals too; a failure is none. One that tells of nothing that was written is kept
        only now: without it a repetition would be answered by the state of then.
        """
        request.scope["state"][UNKEPT] = keyed
        await self.app(request.scope, rewound_body(body), answer.take)
        if UNKEPT not in request.scope["state"] or answer.is_failure:
            return None
        return await self.limits.keep(self.end, keyed, answer, request)

    def find(self, name: tuple[str, str]) -> KeptAnswer | None:
        """What is kept under a key."""
        with self.database.reading(primary=True) as session:
            return store.find_response(session, *name)

    def end(self, keyed: KeyedRequest, answer: "BufferedResponse", request: Request) -> KeptAnswer | None:
        """Keep an answer that tells of nothing that was written; the one that is kept already, where there is one."""
        try:
            with self.database.unversioned(wait_ms=BRIEF_MS) as session:
                if not keep(session, keyed, request, answer.status, answer.headers, answer.body):
                    return store.find_response(session, *keyed.name)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("an answer under an Idempotency-Key could not be kept: %s", error)
        return None


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

    @property
    def headers(self) -> list[tuple[str, str]]:
        return readable(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])


def note_answer(request: Request, answer: Response) -> Response:
    """Say what a route answers, for its transaction, which keeps it."""
    request.scope["state"][ANSWER] = answer
    return answer


def keep_no_body(request: Request) -> None:
    """Let nothing of this answer but that it was given be kept: it shows a secret."""
    request.scope["state"][NO_BODY] = True


def store_response(session: Session, request: Request, answer: Response) -> None:
    """Keep an answer in the transaction of what it tells of, where the request carries an Idempotency-Key.

    Conflict where an answer is kept under it: another request was faster, and this one must store nothing.
    """
    state = request.scope["state"]
    keyed: KeyedRequest | None = state.get(UNKEPT)
    if keyed is None:
        return
    version = session.info.get("version")
    made = [] if version is None else [(b"chiso-version", b"%d" % version)]
    if not keep(
        session, keyed, request, answer.status_code, readable([*answer.raw_headers, *made]), bytes(answer.body)
    ):
        raise RUNNING.error(headers=SOON)
    del state[UNKEPT]


def keep(
    session: Session, keyed: KeyedRequest, request: Request, status: int, headers: store.Headers, body: bytes
) -> bool:
    """Keep an answer, or where to look for one that is too large; False where there is one already."""
    most = 0 if request.scope["state"].get(NO_BODY) else answer_limits_of(request).repeatable
    brief = stored_response(request.url.path, headers, body, most)
    return store.keep(session, keyed.name, keyed.same, status, *brief)


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


def replayed(stored: KeptAnswer, same: str) -> Response:
    """The kept answer again, or why there is none."""
    if stored.request != same:
        raise REUSED.error()
    refuse_where_not_stored(stored.status, stored.headers, stored.body)
    answer = Response(stored.body, stored.status, {"Idempotency-Replayed": "true"})
    for name, value in stored.headers:
        answer.headers.append(name, value)
    return answer
