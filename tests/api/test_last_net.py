"""Whatever fails, and wherever: what leaves is a problem, or the rest of an answer that is cut."""

import logging
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.request_middleware import RequestMiddleware

SCOPE = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"accept-language", b"vi")], "query_string": b""}


async def raising(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("before anything was answered")


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing."""


async def unfinished(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise RuntimeError("in the middle")


async def without_headers(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": None})  # so the edge itself fails


def plain(status: int, kind: str = "text/plain; charset=utf-8") -> ASGIApp:
    """A layer that answers as the libraries do where they are asked without an application."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", kind.encode()), (b"content-length", b"4"), (b"allow", b"GET")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"What"})

    return app


def empty(status: int) -> ASGIApp:
    """A layer that refuses without a word."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


async def asked(app: ASGIApp, method: str = "GET") -> httpx.Response:
    transport = httpx.ASGITransport(app=RequestMiddleware(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, "/x", headers={"Accept-Language": "vi", "X-Request-Id": "mine"})


@pytest.mark.parametrize("app", [raising, silent, without_headers, plain(500), empty(500), plain(502, "text/html")])
async def test_what_fails_leaves_as_a_problem(app: ASGIApp) -> None:
    answer = await asked(app)

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.json()["code"], answer.json()["request_id"]) == ("internal_error", "mine")
    assert answer.json()["detail"].startswith("Dịch vụ gặp lỗi")
    assert (answer.headers["x-request-id"], answer.headers["cache-control"]) == ("mine", "no-store")


async def test_a_failure_under_head_has_no_body() -> None:
    answer = await asked(raising, "HEAD")

    assert (answer.status_code, answer.content) == (500, b"")


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "request_unreadable"), (404, "route_unknown"), (405, "method_not_allowed"), (416, "range_not_satisfiable")],
)
@pytest.mark.parametrize("refusing", [plain, empty])
async def test_what_a_library_refuses_leaves_as_a_problem(refusing: Any, status: int, code: str) -> None:
    answer = await asked(refusing(status))

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (answer.json()["code"], answer.json()["status"]) == (code, status)
    assert answer.headers.get("allow") == ("GET, HEAD" if refusing is plain else None)


async def test_what_has_begun_is_cut_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read")

    with caplog.at_level(logging.ERROR, logger="chiso.access"):
        await RequestMiddleware(unfinished)(dict(SCOPE), receive, send)

    assert [(each["type"], each.get("more_body", False)) for each in sent] == [
        ("http.response.start", False),
        ("http.response.body", True),
    ]
    assert [each.getMessage().split()[-1] for each in caplog.records] == ["failed"]


async def test_a_client_that_goes_away_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there")

    with caplog.at_level(logging.INFO, logger="chiso.access"):
        await RequestMiddleware(reading)(dict(SCOPE), receive, send)

    assert [(each.levelname, each.getMessage().split()[0]) for each in caplog.records] == [("INFO", "499")]


async def test_a_range_that_is_not_there_is_a_problem(anonymous: httpx.AsyncClient) -> None:
    answers = [
        await anonymous.get(path, headers={"Range": given})
        for path in ("/static/page/icon.svg", "/docs")
        for given in ("bytes=9999999-", "bytes=x")
    ]

    assert [each.status_code for each in answers] == [416, 400] * 2
    assert {each.headers["content-type"] for each in answers} == {"application/problem+json"}
    assert "content-range" in answers[0].headers
