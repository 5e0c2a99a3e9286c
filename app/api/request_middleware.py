"""The outermost ASGI layer: request ids, common headers, the data version, HEAD, and a last net under everything."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Sequence
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.deprecation import deprecation_headers
from app.api.http_errors import HeadersTooLarge, Stalled
from app.api.problems import PROBLEM, from_http, internal, problem
from app.errors import RefusalCode
from app.metrics.series import CUT, count_request
from app.services.rights import Caller

log = logging.getLogger("chiso.access")
REQUEST_ID: ContextVar[str] = ContextVar("request_id")
"""The id of the request at work here; threads that work for it have it too."""
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")
ORDINARY = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
"""What answers say that do not say otherwise."""

MOST_HEADERS = 64_000
"""Bytes of all headers together; servers differ in what they let through, and headers are read on the event loop."""
LONG_HEADERS = RefusalCode(
    "headers_too_large",
    "The headers of the request are longer than {limit} bytes.",
    "Phần đầu (header) của yêu cầu dài quá {limit} byte.",
    HeadersTooLarge,
)
STALLED = RefusalCode(
    "request_stalled",
    "Nothing more of the request arrived for {seconds} seconds; send it again.",
    "Trong {seconds} giây không nhận thêm được phần nào của yêu cầu; hãy gửi lại.",
    Stalled,
)

PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds, for ever: what they answer is logged for whoever looks for faults, and where they fail."""
LINE = '%(status)s %(ms)s ms %(method)s %(path)s %(operation)s "%(key)s" "%(client)s"'

LARGE = 65_536
"""Bytes that the server takes over from us although the client has not read them yet."""
LONGEST_LOGGED = 300
"""Characters of a path that are logged."""
CLIENT_GONE = 499
"""The status that is noted where a client went away before it was answered, as nginx calls it."""

Header = tuple[bytes, bytes]


class RequestMiddleware:
    """Gives each request an id, and sees that every refusal and every failure leaves as problem+json."""

    def __init__(self, app: ASGIApp, client_seconds: float = 30) -> None:
        self.app, self.client_seconds = app, client_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await RequestContext(scope, receive, send, self.client_seconds).run(self.app)


class RequestContext:
    """One request and its answer, seen from outside; within, HEAD is a GET whose body stays here."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, client_seconds: float) -> None:
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        self.id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        self.state: dict[str, Any] = {**scope.get("state", {}), "request_id": self.id}
        self.method = scope["method"]
        self.is_head = self.method == "HEAD"
        self.scope = {**scope, "state": self.state, "method": "GET" if self.is_head else self.method}
        self.receive, self.send, self.client_seconds = receive, send, client_seconds
        self.arrived = False
        self.status = 0
        self.begun = self.in_pieces = self.ended = False
        self.replaced = False
        self.held_back = b""
        self.began = time.perf_counter()
        self.took: float | None = None

    async def run(self, app: ASGIApp) -> None:
        REQUEST_ID.set(self.id)
        try:
            if sum(len(name) + len(value) for name, value in self.scope["headers"]) > MOST_HEADERS:
                self.scope["headers"] = []  # what they prefer is not read either
                app = problem(LONG_HEADERS.error(limit=MOST_HEADERS), self.scope)
            await app(self.scope, self.receive_in_time, self.forward)
        except ClientDisconnect:  # nobody is left to be answered
            self.begun, self.status = True, CLIENT_GONE
        except asyncio.CancelledError:  # the service has stopped waiting for it
            self.status = CLIENT_GONE
            self.note()
            raise
        except Exception:
            # Starlette answers 500 by our handler and raises again for the server to log: this is that log.
            log.exception("request %s failed", self.id)
        if not self.begun:
            await self.fail()
        self.note()

    async def receive_in_time(self) -> Message:
        """What is sent next; Stalled where nothing more of the body arrives for too long before it is answered."""
        if self.arrived or self.begun:
            return await self.receive()
        try:
            async with asyncio.timeout(self.client_seconds):
                message = await self.receive()
        except TimeoutError:
            close = {"Connection": "close"}
            raise STALLED.error(headers=close, seconds=f"{self.client_seconds:g}") from None
        self.arrived = not message.get("more_body", False)
        return message

    async def fail(self) -> None:
        """The answer where no layer gave one. (What has begun is cut: the server closes on what has no end.)"""
        refusal = problem(internal(), self.scope)
        headers = [*refusal.raw_headers, *ORDINARY, (b"x-request-id", self.id.encode())]
        self.status = refusal.status_code
        await self.send({"type": "http.response.start", "status": refusal.status_code, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"" if self.is_head else refusal.body})

    async def forward(self, message: Message) -> None:
        if self.replaced:
            return
        if message["type"] == "http.response.start":
            headers: list[Header] = message["headers"]
            if message["status"] >= HTTPStatus.BAD_REQUEST and not is_problem(headers):
                await self.refuse(message["status"], headers)
                return
            message = {**message, "headers": self.completed(headers)}
            self.status, self.begun = message["status"], True
        elif not message.get("more_body"):
            await self.finish(b"" if self.is_head else message.get("body", b""))
            return
        elif self.is_head:
            return
        else:
            self.in_pieces = True
            message = {**message, "body": self.all_but_last(message["body"])}
        await self.send(message)

    def all_but_last(self, body: bytes) -> bytes:
        """What may be sent of an answer before its end: without its last byte no client has read it, and may close."""
        body = self.held_back + body
        self.held_back = body[-1:]
        return body[:-1]

    async def finish(self, body: bytes) -> None:
        """Send the end of the answer; before the last byte of a large one the client has read the rest, or is gone."""
        self.took = time.perf_counter() - self.began
        is_there = True
        if self.in_pieces or len(body) > LARGE:
            for each in (self.all_but_last(body), b""):  # the second is taken over when the first has left
                await self.send({"type": "http.response.body", "body": each, "more_body": True})
            body, is_there = self.held_back, not await Request(self.scope, self.receive).is_disconnected()
        await self.send({"type": "http.response.body", "body": body})
        self.ended = is_there

    async def refuse(self, status: int, headers: Sequence[Header]) -> None:
        """Say in our words what a layer below has refused in others."""
        refusal = problem(from_http(status, "refused", self.scope), self.scope)
        said = {name for name, _ in refusal.raw_headers}
        refusal.raw_headers += [each for each in headers if each[0] not in said]
        await refusal(self.scope, self.receive, self.forward)
        self.replaced = True

    def completed(self, headers: Sequence[Header]) -> list[Header]:
        """The headers, and those that every answer carries."""
        names = {name for name, _ in headers}
        found = [*headers, (b"x-request-id", self.id.encode())]
        found += [pair for pair in ORDINARY if pair[0] not in names]
        if b"allow" in names:
            found = [(name, with_head(value)) if name == b"allow" else (name, value) for name, value in found]
        found += deprecation_headers(self.scope.get("route"))
        if "version" in self.state:
            found.append((b"chiso-version", b"%d" % self.state["version"]))
        return found

    def note(self) -> None:
        took = time.perf_counter() - self.began if self.took is None else self.took
        operation = getattr(self.scope.get("route"), "name", None)
        count_request(operation, self.status, took)
        is_cut = self.begun and not self.ended and self.status != CLIENT_GONE
        if is_cut:
            CUT.inc()
        level = logging.DEBUG if self.scope["path"] in PROBES and self.status < HTTPStatus.BAD_REQUEST else logging.INFO
        if log.isEnabledFor(level):
            line = self.line(operation, took)
            log.log(level, f"{LINE} cut" if is_cut else LINE, {**line, "cut": True} if is_cut else line)

    def line(self, operation: str | None, took: float) -> dict[str, object]:
        """What the access log says of it; the path as it was sent, percent-encoded."""
        caller: Caller | None = self.state.get("caller")
        raw_path = self.scope.get("raw_path") or quote(self.scope["path"]).encode()
        return {
            "method": self.method,
            "path": shortened(raw_path.decode("latin-1")),
            "operation": operation or "-",
            "status": self.status,
            "ms": round(took * 1000, 1),
            "key": "-" if caller is None or caller.anonymous else caller.name,
            "client": shortened((self.scope.get("client") or ("-",))[0]),
        }


def shortened(sent: str) -> str:
    """What a client sent, cut where it is so long that it would fill the log.

    >>> shortened("/v1/units"), shortened("/" + "z" * 64_000)[-12:]
    ('/v1/units', 'zzz… (64001)')
    """
    return sent if len(sent) <= LONGEST_LOGGED else f"{sent[:LONGEST_LOGGED]}… ({len(sent)})"


def is_problem(headers: Sequence[Header]) -> bool:
    """Whether an answer is a problem document."""
    return (b"content-type", PROBLEM.encode()) in headers


def with_head(allowed: bytes) -> bytes:
    """The methods of an `Allow`, and HEAD wherever there is GET."""
    methods = allowed.split(b", ")
    return b", ".join([*methods, b"HEAD"]) if b"GET" in methods and b"HEAD" not in methods else allowed
