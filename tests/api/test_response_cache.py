"""Boards: answers kept as bytes, never older than a write, never told to another; their tags and codings."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
import zstandard
from fastapi import FastAPI

from app.config import Settings
from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, bearer, with_figures, with_units
from tests.support.boards import BOARD, PLAIN, another, client_of, kept_answers, layer_of, told
from tests.support.contract import Contract, Operation
from tests.support.evaluations import a_province, published, totals
from tests.support.metrics import asked, figures_of
from tests.support.table_reads import fetch, something_of_everything, tables

Client = httpx.AsyncClient
Counting = Callable[[], AbstractContextManager[list[str]]]
CallerMaker = Callable[..., Client]


def is_declared_kept(operation: Operation) -> bool:
    return "Chiso-Version" in [each["name"] for each in operation.parameters("header")]


TABLES = [each for each in tables() if is_declared_kept(each)]
SINGLE = [
    "/v1/units/H60",
    "/v1/units/H60/lineage",
    "/v1/periods/2024-07",
    "/v1/indicators/dossier_sync",
    "/v1/frameworks/qd766@2026",
    "/v1/scores/H60.101/2024-07",
    "/v1/scores/H60.101/2024-07/change",
    "/v1/scores/H60.101/2024-07/reach?total=80",
    "/v1/overview?under=H60",
    "/v1/scores/sensitivity?period=2024-07&level=commune&under=H60",
]


@pytest.fixture
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


@pytest.fixture
def unkept(service: FastAPI, settings: Settings) -> Iterator[FastAPI]:
    with another(service, settings, memory_bytes=0) as app:
        yield app


@pytest.fixture
async def bare(unkept: FastAPI) -> AsyncIterator[Client]:
    """The admin's client of a service that keeps nothing."""
    async with client_of(unkept, bearer(BOOTSTRAP_KEY)) as client:
        yield client


def test_every_read_is_kept_but_these(contract: Contract) -> None:
    reads = [each for each in contract.operations if each.method == "get" and each.path.startswith("/v1/")]

    assert {each.path for each in reads if not is_declared_kept(each)} == {
        "/v1/audit",
        "/v1/changes",
        "/v1/keys",
        "/v1/keys/{name}",
        "/v1/me",
        "/v1/webhooks",
        "/v1/webhooks/{name}",
        "/v1/webhooks/{name}/deliveries",
        "/v1/imports",
        "/v1/imports/{id}",
        "/v1/evaluations/latest",
        "/v1/evaluations/{id}",
        "/v1/evaluations/{id}/content",
        "/v1/evaluations/{id}/diff",
        "/v1/evaluations/{id}/verify",
        "/v1/reports/layouts",
        "/v1/tasks/{id}",
    }


async def test_an_answer_is_the_same_when_made_kept_and_where_nothing_is_kept(
    api: Client, bare: Client, count_queries: Counting
) -> None:
    await something_of_everything(api)

    for operation in TABLES:
        for format in ("json", "csv", "ndjson"):
            made = await fetch(api, operation, format=format)
            with count_queries() as queries:
                kept = await fetch(api, operation, format=format)
            assert made.status_code == 200, (operation.id, made.text)
            assert queries == [], operation.id
            assert told(kept) == told(made) == told(await fetch(bare, operation, format=format)), operation.id
    assert len(TABLES) > 15


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("path", SINGLE)
async def test_single_ones_are_kept_too(path: str, api: Client, bare: Client, count_queries: Counting) -> None:
    made = await api.get(path)
    with count_queries() as queries:
        kept = await api.get(path)

    assert (made.status_code, queries) == (200, [])
    assert told(kept) == told(made) == told(await bare.get(path))


@pytest.mark.usefixtures("province")
async def test_formats_and_languages_are_kept_apart(api: Client, bare: Client) -> None:
    ways: list[dict[str, str]] = [
        {},
        {"Accept": "text/csv"},
        {"Accept": "text/html, application/x-ndjson;q=0.9, */*"},
        {"Accept": "application/vnd.json-stat+json, text/csv"},
        {"Accept-Language": "vi"},
    ]
    paths = [BOARD, "/v1/findings?period=2024-07", "/v1/units?level=province", "/v1/units?level=commune"]

    for _ in range(2):
        for path in paths:
            for headers in ways:
                assert told(await api.get(path, headers=headers)) == told(await bare.get(path, headers=headers))


@pytest.mark.usefixtures("province")
async def test_who_holds_the_board_is_told_so_until_it_changes(api: Client) -> None:
    first = await api.get(BOARD)
    held = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = await api.get(BOARD, headers=held)
    head = await api.head(BOARD, headers=held)
    await with_figures(api, totals("2024-07", {"H60.101": "99"}))
    later = await api.get(BOARD, headers=held)

    assert not first.headers["etag"].startswith("W/")
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Authorization, Accept, Accept-Language, Accept-Encoding"
    assert (again.status_code, again.content) == (head.status_code, head.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "chiso-version"):
        assert again.headers[name] == head.headers[name] == first.headers[name]
    assert later.status_code == 200
    assert later.headers["etag"] != first.headers["etag"]


async def test_what_everybody_may_read_is_not_called_private(anonymous: Client) -> None:
    answer = await anonymous.get("/v1/indicators")

    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


@pytest.mark.usefixtures("province")
async def test_a_published_board_keeps_its_own_leave_and_tag(api: Client, anonymous: Client) -> None:
    path = f"/v1/evaluations/{(await published(api))['id']}/scores"

    plain, coded = await anonymous.get(path, headers=PLAIN), await anonymous.get(path)
    again = await anonymous.get(path, headers={"If-None-Match": coded.headers["etag"]})

    assert coded.content == plain.content
    assert coded.headers["etag"] == plain.headers["etag"].removesuffix('"') + '-zstd"'
    assert again.status_code == 304
    for answer in (plain, coded, again):
        assert answer.headers["cache-control"] == "public, max-age=60, immutable"
        assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("path", [BOARD, "/v1/scores?period=2024-07&level=commune&format=csv&limit=3"])
async def test_codings_are_other_bytes_of_the_same_board_under_other_tags(path: str, service: FastAPI) -> None:
    found = {}
    async with client_of(service, bearer(BOOTSTRAP_KEY)) as client:
        for coding in ("identity", "gzip", "zstd"):
            async with client.stream("GET", path, headers={"Accept-Encoding": coding}) as answer:
                found[coding] = answer.headers, b"".join([part async for part in answer.aiter_raw()])

    plain = found["identity"][1]
    assert len(plain) > 1024 or "csv" in path
    if len(plain) > 1024:
        assert gzip.decompress(found["gzip"][1]) == plain
        assert zstandard.ZstdDecompressor().decompress(found["zstd"][1]) == plain
        assert len({headers["etag"] for headers, _ in found.values()}) == 3
        assert [found[each][0].get("content-encoding") for each in found] == [None, "gzip", "zstd"]
        assert all(int(headers["content-length"]) == len(body) for headers, body in found.values())
    else:
        assert {body for _, body in found.values()} == {plain}


async def test_small_answers_and_workbooks_leave_as_they_are(api: Client) -> None:
    for path in ("/v1/periods/2024-07", "/v1/indicators?format=xlsx"):
        answer = await api.get(path)

        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
        assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.usefixtures("province")
async def test_a_tag_of_one_coding_is_not_held_in_another(api: Client) -> None:
    coded = await api.get(BOARD)

    plain = await api.get(BOARD, headers={"If-None-Match": coded.headers["etag"], **PLAIN})

    assert plain.status_code == 200


@pytest.mark.usefixtures("province")
async def test_refusals_pass_as_they_are(api: Client, anonymous: Client) -> None:
    for _ in range(2):
        unknown, refused = await api.get("/v1/units/H99"), await anonymous.get(BOARD)

        assert (unknown.status_code, unknown.headers["cache-control"]) == (404, "no-store")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert not {"etag", "chiso-version"} & set(unknown.headers)


@pytest.mark.usefixtures("province")
async def test_a_kept_answer_is_a_request_of_its_own_in_log_and_metrics(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    first = await api.get(BOARD)
    before = figures_of(await api.get("/metrics"))

    with caplog.at_level(logging.INFO, logger="chiso.access"):
        kept = await api.get(BOARD, headers={"X-Request-Id": "of-my-own"})
        await api.get(BOARD, headers={"If-None-Match": first.headers["etag"]})
    after = figures_of(await api.get("/metrics"))

    assert kept.headers["x-request-id"] == "of-my-own" != first.headers["x-request-id"]
    told = [each.args for each in caplog.records if each.name == "chiso.access" and isinstance(each.args, dict)]
    requests = [(each["method"], each["path"], each["operation"], each["status"]) for each in told]
    assert requests == [("GET", "/v1/scores", "read_scores", status) for status in (200, 304)]
    for status in (200, 304):
        assert after[asked("read_scores", status)] == before.get(asked("read_scores", status), 0) + 1


async def test_an_address_that_nobody_asks_twice_is_not_held(api: Client, count_queries: Counting) -> None:
    """Else a few thousand long ones would fill many times the room that is set."""
    long = f"/v1/units?limit={'0' * 2_000}1"

    for _ in range(2):
        with count_queries() as queries:
            assert (await api.get(long)).status_code == 200
        assert queries


@pytest.mark.usefixtures("province")
async def test_of_several_who_ask_at_once_one_computes(api: Client, count_queries: Counting) -> None:
    with count_queries() as alone:
        await api.get(BOARD + "&sort=name")
    with count_queries() as together:
        answers = await asyncio.gather(*(api.get(BOARD + "&sort=code") for _ in range(5)))

    assert len({answer.content for answer in answers}) == 1
    assert len(together) <= len(alone)


@pytest.mark.usefixtures("province")
async def test_a_reader_is_told_the_version_and_never_gets_an_older_one(api: Client) -> None:
    written = int((await api.put("/v1/units/H61", json={"name": "A", "level": "province"})).headers["chiso-version"])

    read = await api.get(BOARD, headers={"Chiso-Version": str(written)})
    ahead = await api.get(BOARD, headers={"Chiso-Version": str(written + 1)})
    malformed = [await api.get(BOARD, headers={"Chiso-Version": text}) for text in ("", "-1", "1.0", "x" * 200)]

    assert (read.status_code, read.headers["chiso-version"]) == (200, str(written))
    assert (ahead.status_code, ahead.json()["code"]) == (412, "data_version_ahead")
    assert f"at {written}" in ahead.json()["detail"]
    assert [(each.status_code, each.json()["code"]) for each in malformed] == [(422, "data_version_invalid")] * 4


class TestRoom:
    """The memory that boards may take."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        return Settings(_env_file=None, database_url=database_url, bootstrap_key=BOOTSTRAP_KEY, memory_bytes=60_000)

    async def test_the_ones_not_asked_for_longest_make_way(
        self, api: Client, service: FastAPI, count_queries: Counting
    ) -> None:
        await with_units(api, [a_unit(), *(a_commune(f"H60.{n}") for n in range(101, 121))])
        layer = layer_of(service)
        memory = layer.database.memory
        for limit in range(1, 30):
            await api.get("/v1/units", params={"limit": limit})
            assert memory.size == sum(size for _, size in memory.entries.values()) <= 60_000
        assert 2 < len(kept_answers(layer)) < 29

        with count_queries() as newest:
            await api.get("/v1/units", params={"limit": 29})
        with count_queries() as oldest:
            await api.get("/v1/units", params={"limit": 1})

        assert newest == [] != oldest

    async def test_one_that_would_drive_out_all_others_is_sent_and_not_held(
        self, api: Client, service: FastAPI
    ) -> None:
        await with_units(api, [a_unit(), *(a_commune(f"H60.{n}") for n in range(101, 301))])

        answer = await api.get("/v1/units", params={"limit": 200})

        assert (answer.status_code, len(answer.json()["items"])) == (200, 200)
        assert answer.headers["etag"]
        assert kept_answers(layer_of(service)) == []


async def test_a_key_with_another_scope_is_refused_what_others_hold(api: Client, as_key: CallerMaker) -> None:
    await with_units(api, [a_unit()])
    reader, writer = as_key(Scope.VALUES_READ), as_key(Scope.UNITS_WRITE)

    statuses: list[Any] = [(await client.get("/v1/values")).status_code for client in (api, reader, writer, reader)]

    assert statuses == [200, 200, 403, 200]
