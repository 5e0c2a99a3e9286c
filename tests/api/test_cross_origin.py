"""Pages of other origins (CHISO_CORS_ORIGINS): what a browser is let read, of answers, refusals and failures."""

import json

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.api.cross_origin import CrossOrigin
from app.api.request_middleware import RequestMiddleware
from app.config import Settings
from app.main import create_app
from tests.api.conftest import NOT_OPENED, Clock
from tests.make import BOOTSTRAP_KEY, bearer
from tests.support.evaluations import a_province, published

HERE, THERE, ELSEWHERE = "https://dashboard.example.vn", "http://localhost:5173", "https://other.example.vn"
JSON = {"Content-Type": "application/json"}
PREFLIGHT = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
ALLOWED, EXPOSED = "access-control-allow-origin", "access-control-expose-headers"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        cors_origins=f"{HERE}, {THERE}",
        anonymous_rate="8/minute",
    )


def listed(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",")}


@pytest.mark.parametrize("origin", [HERE, THERE])
async def test_a_browser_is_told_without_a_key_what_pages_of_a_named_origin_may_send(
    anonymous: httpx.AsyncClient, origin: str
) -> None:
    sent = "authorization, content-type, idempotency-key, if-match, if-none-match, accept-language, chiso-version"
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": sent}

    answer = await anonymous.options("/v1/imports", headers=asked)

    assert (answer.status_code, answer.headers[ALLOWED]) == (200, origin)
    assert listed(answer.headers["access-control-allow-headers"]) == listed(sent)
    assert listed(answer.headers["access-control-allow-methods"]) == {"get", "head", "post", "put", "patch", "delete"}
    assert int(answer.headers["access-control-max-age"]) >= 600
    assert "origin" in listed(answer.headers["vary"])
    assert "access-control-allow-credentials" not in answer.headers


async def test_browsers_that_ask_first_use_up_nothing_of_what_an_address_may_ask(anonymous: httpx.AsyncClient) -> None:
    for _ in range(20):
        await anonymous.options("/v1/units", headers={"Origin": HERE, **PREFLIGHT})

    assert (await anonymous.get("/v1/units", headers={"Origin": HERE})).status_code == 200


async def test_a_page_may_read_the_headers_that_clients_live_by(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units", headers={"Origin": HERE})

    assert (answer.status_code, answer.headers[ALLOWED]) == (200, HERE)
    assert listed(answer.headers[EXPOSED]) >= {
        "etag",
        "link",
        "location",
        "chiso-version",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "content-disposition",
        "idempotency-replayed",
        "x-request-id",
    }


async def test_an_origin_that_is_not_named_is_answered_as_if_there_were_none(anonymous: httpx.AsyncClient) -> None:
    asked = await anonymous.options("/v1/units", headers={"Origin": ELSEWHERE, **PREFLIGHT})
    read = await anonymous.get("/v1/units", headers={"Origin": ELSEWHERE})

    assert (asked.status_code, asked.headers["content-type"]) == (405, "application/problem+json")
    assert asked.headers["x-request-id"]
    assert (read.status_code, read.headers["vary"]) == (200, "Authorization, Accept, Accept-Encoding, Origin")
    assert ALLOWED not in asked.headers
    assert ALLOWED not in read.headers


async def test_a_method_that_no_route_has_is_refused_as_a_problem(anonymous: httpx.AsyncClient) -> None:
    brew = {"Origin": HERE, "Access-Control-Request-Method": "BREW"}

    answer = await anonymous.options("/v1/units", headers=brew)

    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


async def test_a_page_can_read_why_it_was_refused(anonymous: httpx.AsyncClient) -> None:
    anonymous.headers["Origin"] = HERE
    refused = [
        await anonymous.get("/v1/values"),
        await anonymous.get("/v1/units", headers=bearer("a-key-that-nobody-has-made")),
        await anonymous.get("/v1/nowhere"),
        await anonymous.put("/v1/units"),
        await anonymous.post("/v1/tasks", content=b"x" * 1_000_001, headers={**JSON, **bearer(BOOTSTRAP_KEY)}),
        await anonymous.get("/nowhere", headers={"X-Long": "x" * 64_000}),
        *[await anonymous.get("/v1/units") for _ in range(9)],
    ]

    assert [each.status_code for each in refused[:6]] == [401, 401, 404, 405, 413, 431]
    assert refused[-1].status_code == 429
    assert {each.headers.get(ALLOWED) for each in refused} == {HERE}
    assert refused[-1].headers["retry-after"]


async def test_a_page_can_read_that_the_service_failed() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    edge = CrossOrigin(RequestMiddleware(failing), [HERE])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url="http://test") as client:
        answer = await client.get("/v1/units", headers={"Origin": HERE})

    assert (answer.status_code, answer.headers[ALLOWED]) == (500, HERE)
    assert answer.json()["code"] == "internal_error"


async def test_a_page_can_read_that_the_database_is_away() -> None:
    app = create_app(Settings(_env_file=None, database_url="sqlite:////nowhere/chiso.db", cors_origins=HERE))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        answer = await client.get("/v1/units", headers={"Origin": HERE})

    assert (answer.status_code, answer.headers[ALLOWED]) == (503, HERE)


async def test_an_answer_that_is_kept_names_the_origin_of_each_who_asks(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await a_province(api, clock)
    url = f"/v1/evaluations/{(await published(api))['id']}/scores"
    answers = [await anonymous.get(url, headers={"Origin": each}) for each in (HERE, THERE, ELSEWHERE)]
    without = await anonymous.get(url)
    tag = without.headers["etag"]
    unchanged = await anonymous.get(url, headers={"Origin": THERE, "If-None-Match": tag})

    assert [each.headers.get(ALLOWED) for each in (*answers, without)] == [HERE, THERE, None, None]
    assert {each.headers["etag"] for each in answers} == {tag}
    assert (unchanged.status_code, unchanged.headers[ALLOWED]) == (304, THERE)
    assert all("origin" in listed(each.headers["vary"]) for each in (*answers, without, unchanged))


def client_with(origins: object) -> httpx.AsyncClient:
    app: FastAPI = create_app(Settings(_env_file=None, database_url=NOT_OPENED, cors_origins=origins))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


async def test_all_origins_may_be_let_in_and_none_with_credentials() -> None:
    async with client_with("*") as client:
        asked = await client.options("/livez", headers={"Origin": ELSEWHERE, **PREFLIGHT})
        read = await client.get("/livez", headers={"Origin": "null"})

    assert {each.headers[ALLOWED] for each in (asked, read)} == {"*"}
    assert not {name for name in (*asked.headers, *read.headers) if "credentials" in name}


async def test_without_the_setting_no_header_tells_of_other_origins() -> None:
    async with client_with("") as client:
        asked = await client.options("/livez", headers={"Origin": HERE, **PREFLIGHT})
        read = await client.get("/livez", headers={"Origin": HERE})

    assert (asked.status_code, read.status_code) == (405, 200)
    assert not {name for name in (*asked.headers, *read.headers) if name.startswith("access-control-")}
    assert "origin" not in listed(read.headers.get("vary", ""))


def test_origins_are_a_list_with_commas_or_one_of_json() -> None:
    origins = (HERE, "http://[::1]:3000", "*")

    for written in (" , ".join(origins), json.dumps(origins)):
        assert Settings(_env_file=None, cors_origins=written).cors_origins == origins


@pytest.mark.parametrize(
    "wrong",
    [
        "dashboard.example.vn",
        f"{HERE}/",
        f"{HERE}/app",
        f"{HERE}:443",
        "http://localhost:80",
        "https://*.example.vn",
        "https://Dashboard.example.vn",
        "null",
        "ftp://example.vn",
        "[1]",
        "[",
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="cors_origins"):
        Settings(_env_file=None, cors_origins=wrong)
