"""Tables that leave as files are whole, or refused by name: no file ends early without a word."""

import io
import json
import re
import tracemalloc
from collections.abc import Iterator
from csv import reader
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx
import openpyxl
import pytest
from fastapi import FastAPI, Request
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import Message

from app.api import answers
from app.api.answer_limits import AnswerLimits
from app.api.answers import DatasetFormat, FileBackedResponse, Page, written_answer
from app.api.import_schemas import COLUMNS
from app.formats.delimited import to_csv, unescape_formula
from app.formats.strict_json import rfc3339
from app.formats.xlsx_shapes import LOCAL
from app.formats.xlsx_sheet import LINE
from app.store.db import DatabaseLimits
from tests.make import a_unit, some_figures, with_figures, with_units
from tests.support.file_limit import files_no_longer_than
from tests.support.table_reads import fetch, formats, has, something_of_everything, tables

LISTS = [each for each in tables() if has(each, "limit")]
PERIODS = [f"2024-{month:02}" for month in range(1, 10)]


@pytest.fixture
def database_limits() -> DatabaseLimits:
    return DatabaseLimits(rows_at_once=2)


@pytest.fixture
def few_at_once(service: FastAPI) -> None:
    """Every bound so low that a handful of rows passes it."""
    service.state.answer_limits = AnswerLimits(rows=2, first_rows=2, rows_between_looks=2, in_memory=200, piece=64)


async def nine_figures(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [row for period in PERIODS for row in some_figures("H60", period=period)])


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("query", [{}, {"history": "true"}, {"observed_by": "2026-10-12T01:30:00Z"}], ids=str)
async def test_a_long_table_leaves_whole_as_csv_and_ndjson(api: httpx.AsyncClient, query: dict[str, str]) -> None:
    await nine_figures(api)

    csv, ndjson = [await api.get("/v1/values", params={**query, "format": each}) for each in ("csv", "ndjson")]

    assert [line.split(",")[1] for line in csv.text.splitlines()[1:]] == PERIODS
    assert [json.loads(line)["period"] for line in ndjson.text.splitlines()] == PERIODS
    assert "link" not in csv.headers


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("query", [{}, {"history": "true"}], ids=str)
async def test_a_long_sheet_says_what_the_csv_says(api: httpx.AsyncClient, query: dict[str, str]) -> None:
    await nine_figures(api)
    long = "=1+1, " * 30
    await with_figures(api, some_figures("H60", period="2024-10", numerator=None, denominator=None, value="7.25"))
    await with_figures(api, some_figures("H60", period="2024-11", note=long))

    csv, xlsx = [await api.get("/v1/values", params={**query, "format": each}) for each in ("csv", "xlsx")]

    assert int(xlsx.headers["content-length"]) == len(xlsx.content)
    head, *lines = reader(csv.text.removeprefix("\ufeff").splitlines())
    names, *rows = sheet_of(xlsx).iter_rows(values_only=True)
    assert list(names) == head
    told = [[unescape_formula(cell) for cell in line] for line in lines]
    assert [[as_csv(cell) for cell in row] for row in rows] == [
        [without_format(cell) for cell in line] for line in told
    ]
    assert len(rows) == 11
    assert (sheet_of(xlsx).row_dimensions[12].height or 0) > 2 * LINE


@pytest.mark.parametrize("room", [9, 10])
async def test_a_sheet_ends_with_its_last_row_and_a_longer_table_is_refused(
    api: httpx.AsyncClient, service: FastAPI, room: int
) -> None:
    await nine_figures(api)
    service.state.answer_limits = AnswerLimits(sheet_rows=room, first_rows=2)

    answered = await api.get("/v1/values?format=xlsx")

    if room == 10:
        assert sheet_of(answered).max_row == 10
        return
    assert (answered.status_code, answered.json()["code"]) == (422, "too_many_rows")
    assert answered.json()["errors"][0]["parameter"] == "format"
    assert "More than 8 rows" in answered.json()["detail"]


def sheet_of(answer: httpx.Response) -> Worksheet:
    """The first sheet of a workbook that was answered."""
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def without_format(cell: str) -> str:
    """A cell of CSV without what a sheet shows by its format: noughts of numbers, fractions of a second."""
    try:
        return format(Decimal(cell).normalize(), "f")
    except InvalidOperation:
        return re.sub(r"\.[0-9]{6}Z$", "Z", cell)


def as_csv(cell: object) -> str:
    """A cell of a sheet as CSV says it; its moments are those of Vietnam."""
    if isinstance(cell, datetime):
        return rfc3339(cell.replace(tzinfo=LOCAL))
    return "" if cell is None else without_format(str(cell))


@pytest.mark.usefixtures("few_at_once")
async def test_what_is_made_as_one_whole_is_refused_beyond_its_bound(api: httpx.AsyncClient) -> None:
    await nine_figures(api)

    refused = await api.get("/v1/values", params={"format": "json-stat"})
    page = await api.get("/v1/values", params={"format": "json-stat", "limit": "3"})

    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_rows")
    assert refused.json()["errors"][0]["parameter"] == "format"
    assert "csv or ndjson" in refused.json()["detail"]
    assert page.status_code == 200
    assert "cursor=" in page.headers["link"]


@pytest.mark.usefixtures("few_at_once")
async def test_every_list_is_whole_or_refused_in_every_format(api: httpx.AsyncClient) -> None:
    await something_of_everything(api)

    for operation in LISTS:
        everything = len((await fetch(api, operation)).json()["items"])  # with limit=1000
        for format in sorted(formats(operation) - {"json", "jsonstat"}):
            answer = await fetch(api, operation, format=format, limit="")
            if format == "ndjson":
                assert len(answer.content.splitlines()) == everything, operation.id
            elif format == "csv":
                assert answer.status_code == 200, operation.id
            elif format == "xlsx" and not operation.id.endswith("scores"):
                assert sheet_of(answer).max_row == everything + 1, operation.id
            elif everything > 2:
                assert answer.json()["code"] == "too_many_rows", operation.id


@pytest.mark.usefixtures("few_at_once")
async def test_a_large_file_has_its_tag_its_coding_and_its_head(api: httpx.AsyncClient) -> None:
    await nine_figures(api)
    path = "/v1/values?format=csv"

    plain, zipped, packed = [
        await api.get(path, headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip", "zstd")
    ]
    head = await api.head(path, headers={"Accept-Encoding": "identity"})
    held = await api.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["etag"]})

    assert zipped.text == packed.text == plain.text
    assert [each.headers["content-encoding"] for each in (zipped, packed)] == ["gzip", "zstd"]
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert len({each.headers["etag"] for each in (plain, zipped, packed)}) == 3
    assert plain.headers["cache-control"] == "private, no-cache"
    assert "chiso-version" in plain.headers
    assert (head.headers["etag"], head.content) == (plain.headers["etag"], b"")
    assert (held.status_code, held.content) == (304, b"")


@pytest.mark.usefixtures("few_at_once")
async def test_a_reading_that_fails_half_way_is_a_failure_and_no_shorter_file(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await nine_figures(api)

    def broken(*given: Any) -> Iterator[bytes]:
        yield next(to_csv(*given))
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    monkeypatch.setattr(answers, "to_csv", broken)
    failed = await api.get("/v1/values?format=csv")

    assert (failed.status_code, failed.json()["code"]) == (503, "database_unavailable")


async def test_a_workbook_for_which_the_disk_has_no_room_is_unavailable(api: httpx.AsyncClient) -> None:
    await nine_figures(api)

    with files_no_longer_than(1_000):
        refused = await api.get("/v1/values?format=xlsx")

    assert (refused.status_code, refused.json()["code"]) == (503, "disk")
    assert refused.headers["retry-after"] == "60"
    assert sheet_of(await api.get("/v1/values?format=xlsx")).max_row == 10


async def test_memory_holds_a_piece_of_a_large_file_at_a_time() -> None:
    pieces = (b"x" * 1000 for _ in range(5000))

    large = written_answer("values", "csv", pieces)
    sent = [piece async for piece in large.body_iterator] if isinstance(large, FileBackedResponse) else []

    assert sum(map(len, sent)) == 5_000_000
    assert max(map(len, sent)) == AnswerLimits().piece
    assert isinstance(written_answer("values", "csv", [b"x"]).body, bytes)


async def test_memory_holds_no_more_of_a_large_file_while_it_is_written() -> None:
    pieces = (b"x" * 100_000 for _ in range(300))
    tracemalloc.start()

    large = written_answer("values", "csv", pieces)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(large, FileBackedResponse)
    assert sum([len(piece) async for piece in large.body_iterator]) == 30_000_000
    assert most < 3 * AnswerLimits().in_memory


async def test_the_file_of_a_client_who_leaves_before_its_end_is_gone_at_once() -> None:
    large = written_answer("values", "csv", [b"x" * 1000] * 10, limits=AnswerLimits(in_memory=200, piece=64))
    assert isinstance(large, FileBackedResponse)

    async def leave(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise OSError

    scope = {"type": "http", "state": {}, "asgi": {"spec_version": "2.4"}}
    with pytest.raises(ClientDisconnect):
        await large(scope, receive_nothing, leave)

    assert large.file.closed


async def receive_nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.parametrize("format", ["csv", "ndjson", "xlsx"])
async def test_nothing_more_is_read_for_a_client_who_has_left(service: FastAPI, format: DatasetFormat) -> None:
    """It would hold a place of heavy work for as long as the whole table takes."""
    told: list[Message] = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]
    read = list[int]()

    async def receive() -> Message:
        return told.pop(0)

    def items() -> Iterator[dict[str, object]]:
        for number in range(100_000):
            read.append(number)
            yield dict.fromkeys(column.key for column in COLUMNS)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "app": service}
    page = Page(Request(scope, receive), "values", COLUMNS, format=format)
    with pytest.raises(ClientDisconnect):
        await run_in_threadpool(page.send, items(), lambda _: [])

    assert len(read) == AnswerLimits().rows_between_looks
