"""The outermost ASGI layer: request ids, common headers, the data version, HEAD, and a last net under everything."""

import logging
import re
import secrets
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import metrics
from app.api.problems import from_http, problem

log = logging.getLogger("chiso.access")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")
PLAIN_REFUSALS = (400, 404, 405, 413)


class Edge:
    """Gives each request an id, refuses in problem+json what the layers below refuse in plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await Exchange(scope, receive, send).run(self.app)


class Exchange:
    """One request and its answer, seen from outside; within, HEAD is a GET whose body stays here."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        self.id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        self.state: dict[str, Any] = {**scope.get("state", {}), "request_id": self.id}
        self.method = scope["method"]
        self.is_head = self.method == "HEAD"
        self.scope = {**scope, "state": self.state, "method": "GET" if self.is_head else self.method}
        self.receive, self.send = receive, send
        self.status = 0
        self.replaced = False
        self.began = time.perf_counter()

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self.scope, self.receive, self.forward)
        except Exception:
            # Starlette answers 500 by our handler and raises again for the server to log: this is that log.
            log.exception("request %s failed", self.id)
        finally:
            self.note()

    async def forward(self, message: Message) -> None:
        if self.replaced:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if message["status"] in PLAIN_REFUSALS and headers.get("content-type", "").startswith("text/plain"):
                refusal = problem(from_http(message["status"], "refused", self.scope), self.scope)
                await refusal(self.scope, self.receive, self.forward)
                self.replaced = True
                return
            self.status = message["status"]
            self.complete(headers)
            message["headers"] = headers.raw
        elif self.is_head:
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": b""}
        await self.send(message)

    def complete(self, headers: MutableHeaders) -> None:
        headers["X-Request-Id"] = self.id
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cache-Control", "no-store")
        allowed = headers.get("allow", "").split(", ")
        if "GET" in allowed and "HEAD" not in allowed:
            headers["Allow"] = ", ".join([*allowed, "HEAD"])
        if "version" in self.state:
            headers["Chiso-Version"] = str(self.state["version"])

    def note(self) -> None:
        took = time.perf_counter() - self.began
        operation = getattr(self.scope.get("route"), "name", None)
        metrics.count(operation, self.status, took)
        # the path is what a client sent: written so that it cannot begin a line of its own
        path = ascii(self.scope["path"])
        log.info("%s %s %s %s %.1f ms", self.id, self.method, path, self.status, took * 1000)
