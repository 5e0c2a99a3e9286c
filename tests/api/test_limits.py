"""Bodies that are too large: refused before they are read, whether they say how large they are or not."""

import resource
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.api import body as bodies
from app.api.concurrency_limits import ConcurrencyLimit
from app.config import Settings
from tests.make import BOOTSTRAP_KEY

LARGEST_IMPORT = 4_000_000
CHUNK = b" " * 65_536
TWO_HUNDRED_MEGABYTES = 200_000_000

SMALL = [
    ("PUT", "/v1/units/H60"),
    ("POST", "/v1/frameworks"),
    ("POST", "/v1/unit-events"),
    ("PUT", "/v1/periods/2024/lock"),
]
LARGE = [("POST", "/v1/imports"), ("POST", "/v1/units/import")]


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        _env_file=None, database_url=database_url, bootstrap_key=BOOTSTRAP_KEY, max_import_bytes=LARGEST_IMPORT
    )


class Sender:
    """A body that is made as it is read."""

    def __init__(self, size: int = TWO_HUNDRED_MEGABYTES) -> None:
        self.size, self.sent = size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.sent < self.size:
            self.sent += len(CHUNK)
            yield CHUNK


@pytest.mark.parametrize(("method", "path"), SMALL + LARGE)
@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "in chunks"])
async def test_two_hundred_megabytes_are_refused_early(
    method: str, path: str, declared: bool, api: httpx.AsyncClient
) -> None:
    body = Sender()
    instance = (await api.get("/readyz")).json()["instance"]
    length = {"Content-Length": str(body.size)} if declared else {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    headers = {"Content-Type": "application/json", **length}
    answer = await api.request(method, path, content=body, headers=headers)

    limit = LARGEST_IMPORT if (method, path) in LARGE else 1_000_000
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert f" {limit} bytes" in answer.json()["detail"]
    assert body.sent <= (len(CHUNK) if declared else limit + 2 * len(CHUNK))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB
    assert (await api.get("/readyz")).json()["instance"] == instance


async def test_an_import_may_be_larger_than_other_bodies(api: httpx.AsyncClient) -> None:
    body = b"[" + b" " * 2_000_000 + b"]"

    answer = await api.post("/v1/imports", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 200
    assert answer.json()["rows"] == 0


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "1.5", "all", "", "9" * 30])
async def test_a_page_holds_1_to_1000_items(limit: str, api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units", params={"limit": limit})

    assert answer.status_code == 422
    assert [each["parameter"] for each in answer.json()["errors"]] == ["limit"]


@pytest.mark.parametrize("limit", [1, 1000])
async def test_the_ends_of_that_range_are_in_it(limit: int, api: httpx.AsyncClient) -> None:
    assert (await api.get("/v1/units", params={"limit": limit})).status_code == 200


TYPED: dict[str, tuple[str, str]] = {
    "JSON": ("POST", "/v1/check"),
    "a document": ("POST", "/v1/frameworks"),
    "a table or JSON": ("PUT", "/v1/targets"),
    "a file": ("POST", "/v1/imports"),
    "a list": ("POST", "/v1/units/import"),
}


@pytest.mark.parametrize("kind", TYPED)
async def test_a_content_type_longer_than_any_is_not_read(kind: str, api: httpx.AsyncClient) -> None:
    method, path = TYPED[kind]

    for media_type in ("application/json", "text/csv", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": f'{media_type}; a="' + ";" * 10_000}
        answer = await api.request(method, path, content=b"[]", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported"), media_type
        assert "characters" in answer.json()["detail"]


async def test_of_a_table_no_more_rows_are_read_than_are_taken(api: httpx.AsyncClient) -> None:
    rows = ['{"indicator": "on_time", "year": 2024, "target": 90}'] * 6_000 + ["{broken"]
    headers = {"Content-Type": "application/x-ndjson"}

    answer = await api.put("/v1/targets", content="\n".join(rows), headers=headers)

    assert answer.status_code == 422
    assert [each["detail"] for each in answer.json()["errors"]] == ["At most 5000 items."]


async def test_large_bodies_wait_for_one_another_and_small_ones_for_nobody(
    service: FastAPI, api: httpx.AsyncClient
) -> None:
    service.state.concurrency_limits.large_bodies = turn = ConcurrencyLimit("test", 1, 0)

    async with turn.place():
        small = await api.post("/v1/check", json={"rows": []})
        large = await api.post("/v1/check", json={"rows": [], "padding": "x" * bodies.LARGE})
        table = await api.put("/v1/targets", content="indicator,year,target\n", headers={"Content-Type": "text/csv"})

    assert small.status_code == 200
    assert {(each.status_code, each.json()["code"]) for each in (large, table)} == {(503, "too_many_waiting")}
