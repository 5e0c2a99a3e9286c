"""`Allow` names the methods that an address takes, on every address and for every method that it does not take."""

import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
FILES = ("/static/page/main.js", "/static/docs/index.html")
BODY = {"Content-Type": "application/json"}


def addresses(app: FastAPI) -> list[str]:
    """An address of every route, and files that are served."""
    paths = {each.path_format for each in iter_route_contexts(app.routes) if each.path_format}
    return [*sorted(re.sub(r"\{\w+\}", "x", path) for path in paths if "static" not in path), *FILES]


async def test_a_method_is_refused_where_allow_does_not_name_it_and_nowhere_else(
    ordinary: FastAPI, api: httpx.AsyncClient
) -> None:
    for path in addresses(ordinary):
        answers = {method: await api.request(method, path, content=b"", headers=BODY) for method in METHODS}

        taken = {method for method, answer in answers.items() if answer.status_code != 405}
        allowed = {answers[method].headers["allow"] for method in METHODS if method not in taken}
        assert taken, path
        assert {frozenset(each.split(", ")) for each in allowed} == {frozenset(taken)}, path


@pytest.mark.parametrize("path", ["/", "/metrics", "/openapi.json", "/docs", "/livez", "/static/page/icon.svg"])
async def test_what_is_only_read_says_so(path: str, api: httpx.AsyncClient) -> None:
    answers = [await api.request(method, path) for method in ("OPTIONS", "POST", "DELETE")]

    assert [(each.status_code, each.headers["allow"]) for each in answers] == [(405, "GET, HEAD")] * 3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/nothing", "/static/none.js", "/static/", "/static", "/v1", "/v1/units/"])
async def test_an_address_of_nothing_takes_no_method(path: str, method: str, api: httpx.AsyncClient) -> None:
    answer = await api.request(method, path)

    assert (answer.status_code, answer.headers.get("allow")) == (404, None)


@pytest.mark.parametrize(
    ("path", "own"),
    [("/v1/units/import", "POST"), ("/v1/frameworks/validate", "POST"), ("/v1/evaluations/latest", "GET, HEAD")],
)
@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE"])
async def test_an_address_is_no_value_of_a_parameter_of_another(
    path: str, own: str, method: str, api: httpx.AsyncClient
) -> None:
    answer = await api.request(method, path, json={})

    assert (answer.status_code, answer.headers["allow"]) == (405, own)
    assert (await api.get(path)).status_code == (404 if "GET" in own else 405)
