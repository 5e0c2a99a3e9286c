"""What leaves for a client that states its preferences, and what caches are told of it."""

import gzip
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from app.services.rights import Scope
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, bearer, some_figures, with_figures, with_units
from tests.support.boards import client_of
from tests.support.contract import Contract, Operation
from tests.support.table_reads import DOCUMENT, GIVEN, fetch, something_of_everything, tables

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = [
    ("text/csv;q=0.5, application/json", "application/json"),
    ("text/csv;q=0.1, application/json;q=0.9", "application/json"),
    ("text/csv;q=0.9, application/json;q=0.1", "text/csv"),
    ("application/json;q=0, text/csv;q=0.1", "text/csv"),
    ("application/x-ndjson, text/csv", "application/x-ndjson"),
    ("*/*, text/csv", "text/csv"),
    ("*/*, application/json;q=0", "text/csv"),
    ("application/*;q=0, */*;q=0.1", "text/csv"),
    ("TEXT/*", "text/csv"),
    ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/json"),
    (f"{XLSX} ; Q=0.2, text/csv ; header=present ; charset=UTF-8 ; q=0.3", "text/csv"),
    ("image/png", "application/json"),
]
OPEN_READS = ("/v1/units", "/v1/audit")
"""A read that the byte cache keeps, and one that always goes through its route."""
OPERATIONS = Contract(DOCUMENT).operations
READS = [each for each in OPERATIONS if not each.writes and each.id != "read_notice_report"]
"""Those that are JSON where nothing is said; a notice is a text."""
WRITES = [each for each in OPERATIONS if each.writes]


def filled(operation: Operation) -> str:
    """The address of an operation, of something that need not exist."""
    return operation.path.format(**GIVEN)


@pytest.fixture
async def plainly(service: FastAPI) -> AsyncIterator[Client]:
    """The admin's client without the headers that httpx adds of itself."""
    async with client_of(service, bearer(BOOTSTRAP_KEY)) as client:
        for name in ("accept", "accept-encoding", "accept-language"):
            client.headers.pop(name, None)
        yield client


@pytest.mark.parametrize("path", OPEN_READS)
@pytest.mark.parametrize(("accept", "media"), FORMATS)
async def test_the_most_welcome_format_is_sent(path: str, accept: str, media: str, plainly: Client) -> None:
    await with_units(plainly, [a_unit()])

    whole = await plainly.get(path, headers={"Accept": accept})
    in_lines = await plainly.get(path, headers=[("Accept", part) for part in accept.split(",")])

    assert whole.headers["content-type"].partition(";")[0] == media
    assert in_lines.headers["content-type"].partition(";")[0] == media


@pytest.mark.parametrize("path", OPEN_READS)
@pytest.mark.parametrize("accept", ["*/*;q=0", "application/json;q=0", "text/html, application/json;q=0.000"])
async def test_a_client_that_refuses_all_there_is_is_told_what_there_is(
    path: str, accept: str, plainly: Client
) -> None:
    kept = await plainly.get(path)  # under the preference for JSON
    refused = await plainly.get(path, headers={"Accept": accept})
    asked_for = await plainly.get(path, params={"format": "json"}, headers={"Accept": accept})

    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert "text/csv" in refused.json()["detail"]
    assert refused.headers["vary"] == "Accept, Accept-Language"
    assert asked_for.content == kept.content


async def test_one_version_of_a_framework_is_json_whatever_its_list_is(plainly: Client) -> None:
    accept = {"Accept": "application/json;q=0, */*;q=0.5"}

    versions, document = [
        await plainly.get(f"/v1/frameworks/{name}", headers=accept) for name in ("qd766", "qd766@2026")
    ]

    assert versions.headers["content-type"].startswith("text/csv")
    assert (document.status_code, document.json()["code"]) == (406, "not_acceptable")


async def test_whoever_may_not_read_is_told_that_first(anonymous: Client) -> None:
    for operation in READS:
        refused = await anonymous.get(filled(operation), headers={"Accept": "*/*;q=0"})

        needs_key = {} not in (operation.spec["security"] or [{}])
        assert refused.status_code == (401 if needs_key else 406), operation.id


OTHER_READS = {"/": "text/html", "/docs": "text/html", "/metrics": "text/plain", "/openapi.json": "application/json"}
"""Addresses outside the contract, and what they are answered in."""
REFUSALS = ("application/json;q=0", "*/*;q=0", "application/*;q=0.000", "application/json;charset=utf-8;q=0")


@pytest.mark.parametrize("accept", REFUSALS)
async def test_every_read_is_refused_before_it_runs_where_all_of_its_kinds_are(accept: str, api: Client) -> None:
    for operation in READS:
        answer = await api.get(filled(operation), headers={"Accept": accept})
        without_body = await api.head(filled(operation), headers={"Accept": accept})

        assert "406" in operation.spec["responses"], operation.id
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable"), operation.id
        assert answer.headers["content-type"] == "application/problem+json"
        assert (without_body.status_code, without_body.headers["vary"]) == (406, answer.headers["vary"])


TAKEN = (
    "",
    "text/html",
    "image/png, text/html;q=0",
    "*/*",
    "application/*;q=0.001, */*;q=0",
    "application/json;q=0.1, */*;q=0",
    "application/json;q=high",
    "application/json;q=2",
    "application/json;v=1;q=0, application/json;v=1;w=2;q=0.4",
    ";q=0",
)


async def test_no_read_is_refused_whose_json_is_not(api: Client) -> None:
    for operation in READS:
        plain = await api.get(filled(operation))
        answers = [await api.get(filled(operation), headers={"Accept": accept}) for accept in TAKEN]

        assert {answer.status_code for answer in answers} == {plain.status_code}, operation.id
        assert {answer.headers["content-type"] for answer in answers} == {plain.headers["content-type"]}, operation.id


async def test_no_write_is_refused_for_what_its_answer_is_sent_in(api: Client) -> None:
    for operation in WRITES:
        plain = await api.request(operation.method, filled(operation), json={})
        answer = await api.request(operation.method, filled(operation), json={}, headers={"Accept": "*/*;q=0"})

        assert "406" not in operation.spec["responses"], operation.id
        assert answer.status_code == plain.status_code, operation.id


async def test_what_was_written_is_told_in_json_whatever_is_accepted(api: Client) -> None:
    for accept in ("text/html", "application/json;q=0", "*/*;q=0"):
        answer = await api.post("/v1/units/import", json=[a_unit()], headers={"Accept": accept})

        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(("path", "media"), OTHER_READS.items())
async def test_a_page_is_refused_by_its_own_kind(path: str, media: str, api: Client) -> None:
    others = "application/json, text/html;q=0.5, text/plain;q=0.4, text/csv".replace(media, "image/png")

    usual = await api.get(path, headers={"Accept": others})
    refused = await api.get(path, headers={"Accept": f"{others}, {media};q=0"})

    assert (usual.status_code, usual.headers["content-type"].partition(";")[0]) == (200, media)
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert media in refused.json()["detail"]


async def test_every_table_is_sent_in_the_most_welcome_format_and_says_that_it_was_chosen(api: Client) -> None:
    await something_of_everything(api)

    for operation in tables():
        address = (await fetch(api, operation)).request.url
        heavy_json = await api.get(address, headers={"Accept": "text/csv;q=0.5, application/json;q=0.6"})
        heavy_csv = await api.get(address, headers={"Accept": "text/csv;q=0.5, application/json;q=0.4"})
        for answer, media in ((heavy_json, "application/json"), (heavy_csv, "text/csv")):
            assert answer.headers["content-type"].startswith(media), operation.id
            assert "Accept" in answer.headers["vary"].split(", "), operation.id


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip;q=0", None),
        ("br", None),
        ("*;q=0", None),
        ("identity;q=0", None),
        ("zstd;q=0.5, gzip;q=1.0", "gzip"),
        ("zstd;q=0, gzip;q=0.1", "gzip"),
        ("*, gzip;q=0", "zstd"),
    ],
)
async def test_the_most_welcome_coding_is_sent(accepted: str | None, coding: str | None, plainly: Client) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}

    answer = await plainly.get("/v1/indicators", headers=headers)

    assert answer.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in answer.headers["vary"].split(", ")
    assert answer.json()["items"]


async def test_a_small_answer_is_coded_only_where_it_may_not_leave_as_it_is(plainly: Client) -> None:
    await with_units(plainly, [a_unit()])

    welcome = await plainly.get("/v1/units/H60", headers={"Accept-Encoding": "gzip"})
    forced = await plainly.get("/v1/units/H60", headers={"Accept-Encoding": "gzip, identity;q=0"})

    assert "content-encoding" not in welcome.headers
    assert forced.headers["content-encoding"] == "gzip"
    assert forced.json() == welcome.json()
    assert gzip.compress(welcome.content, 6, mtime=0)[10:] in await raw(plainly, "/v1/units/H60")


async def raw(client: Client, path: str) -> bytes:
    """The coded bytes themselves."""
    async with client.stream("GET", path, headers={"Accept-Encoding": "gzip, identity;q=0"}) as answer:
        return b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("vi-VN;q=0.2, en;q=0.8", "en"),
        ("en;q=0.2, vi-VN;q=0.8", "vi"),
        ("*;q=0.5, vi;q=0", "en"),
        ("vi, en", "vi"),
    ],
)
async def test_all_that_has_words_is_said_in_the_language_preferred(
    accepted: str, language: str, api: Client, as_key: Callable[..., Client]
) -> None:
    await with_units(api, [a_unit(), a_commune("H60.1"), a_commune("H60.2")])
    made = await with_figures(api, some_figures("H60"))
    merger = {"kind": "merge", "effective_on": "2026-01-01", "from": ["H60.1"], "to": [{"unit": "H60.2"}]}
    stranger = as_key(Scope.VALUES_READ, unit="H60.1")
    api.headers["Accept-Language"] = stranger.headers["Accept-Language"] = accepted

    answers = [
        await api.get(f"/v1/imports/{made['id']}"),
        await api.get("/v1/imports"),
        await api.get("/v1/findings?period=2024-07"),
        await api.post("/v1/check", json={}),
        await api.post("/v1/imports?dry_run=true", json=some_figures("H60")),
        await api.post(f"/v1/imports/{made['id']}/undo"),
        await api.post("/v1/unit-events", json=merger),
        await api.get("/v1/units/H99"),
        await stranger.get("/v1/audit"),
    ]

    for answer in answers:
        assert answer.headers["content-language"] == language, answer.request.url
        assert "Accept-Language" in answer.headers["vary"].split(", "), answer.request.url
