"""`HEAD` on every address that takes `GET`: the same status and headers, and no body."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.make import a_unit, bearer, some_figures, with_figures, with_units
from tests.support.contract import Contract
from tests.support.readme import KEY, served

Client = httpx.AsyncClient
OWN = {"x-request-id", "date", "ratelimit", "ratelimit-policy"}
"""Headers that are another's with every request."""


def headers_of(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


async def alike(client: Client, path: str, **request: Any) -> httpx.Response:
    """Ask both ways, see that nothing but the body differs, and return the answer to HEAD."""
    got, head = await client.get(path, **request), await client.head(path, **request)
    assert (head.status_code, headers_of(head)) == (got.status_code, headers_of(got)), path
    assert (head.content, len(got.content)) == (b"", int(got.headers.get("content-length", len(got.content))))
    return head


async def test_every_address_that_takes_get_takes_head(api: Client, ordinary: FastAPI, contract: Contract) -> None:
    paths = [operation.path for operation in contract.operations if operation.method == "get"]
    others = [route.path for route in ordinary.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]

    for path in {*paths, *others}:
        head = await api.head(path.replace("{", "").replace("}", ""))

        assert head.status_code != 405, path
        assert head.content == b""
    assert len(paths) > 20


@pytest.mark.parametrize(
    "path", ["/livez", "/v1/units", "/v1/units/H60", "/v1/values?format=csv", "/v1/values?format=xlsx", "/", "/docs"]
)
async def test_head_tells_what_get_would(api: Client, path: str) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())

    assert (await alike(api, path)).status_code == 200


async def test_head_of_an_asset_and_of_nothing(api: Client) -> None:
    assert (await alike(api, "/static/none.js")).status_code == 404
    assert (await alike(api, "/v1/units/H99")).status_code == 404
    assert (await alike(api, "/static/page/icon.svg")).status_code == 200


async def test_head_needs_the_same_right(anonymous: Client) -> None:
    assert (await alike(anonymous, "/v1/values")).status_code == 401


async def test_head_where_only_post_is_taken_is_refused(api: Client) -> None:
    head = await api.head("/v1/check")

    assert (head.status_code, head.content, head.headers["allow"]) == (405, b"", "POST")


async def test_a_wrong_method_is_told_of_head_beside_get(api: Client) -> None:
    answer = await api.delete("/livez")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_the_log_says_head(api: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="chiso.access"):
        await api.head("/v1/frameworks")

    told = [each.args for each in caplog.records if each.name == "chiso.access" and isinstance(each.args, dict)]
    assert [(each["method"], each["path"], each["status"]) for each in told] == [("HEAD", "/v1/frameworks", 200)]


async def test_no_byte_of_a_body_leaves_the_service(service: FastAPI) -> None:
    """Seen from the server's side: clients and servers drop what they find, whoever sent it."""
    left: list[Any] = []
    asked: list[str] = []

    async def receive() -> Any:
        if path in asked:
            await asyncio.Event().wait()  # the caller stays until the answer has ended
        asked.append(path)
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        left.append(message)

    for path in ("/livez", "/docs", "/v1/nothing", "/static/page/main.js"):
        left.clear()
        scope: dict[str, Any] = {"type": "http", "method": "HEAD", "path": path, "raw_path": path.encode()}
        await service({**scope, "headers": [], "query_string": b"", "root_path": ""}, receive, send)

        assert [message["type"] for message in left] == ["http.response.start", "http.response.body"]
        assert not left[1]["body"]
        assert not left[1].get("more_body")


def test_a_served_head_ends_where_its_body_would_begin(tmp_path: Path) -> None:
    """Over a socket: were a body sent, the next request on the connection would be answered by it."""
    with (
        served(tmp_path, demo=False) as address,
        httpx.Client(base_url=address, headers=bearer(KEY), timeout=60) as client,
    ):
        for path in ("/v1/indicators", "/", "/static/none.js", "/openapi.json"):
            head = client.head(path)
            got = client.get(path)

            assert (head.status_code, head.content) == (got.status_code, b"")
            assert head.headers.get("content-length") == got.headers.get("content-length")
        assert client.get("/livez").json()["status"] == "alive"
