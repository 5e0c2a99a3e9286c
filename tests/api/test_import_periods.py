"""Periods of imports as offices write them."""

import json
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from tests.make import a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITTEN = {
    "Tháng 8 năm 2026": "2026-08",
    "quý II/2026": "2026-Q2",
    "6 tháng đầu năm 2026": "2026-H1",
    "Năm 2025": "2025",
}


@pytest.fixture(autouse=True)
async def unit(api: Client) -> None:
    await with_units(api, [a_unit()])


async def sent(api: Client, body: bytes, kind: str, **query: Any) -> httpx.Response:
    return await api.post("/v1/imports", content=body, headers={"Content-Type": kind}, params=query)


async def stored(api: Client) -> set[str]:
    return {item["period"] for item in (await api.get("/v1/values")).json()["items"]}


def rows(*periods: object) -> list[list[object]]:
    return [["unit", "period", "on_time"], *(["H60", period, 90 + place] for place, period in enumerate(periods))]


@pytest.mark.parametrize("kind", ["text/csv", XLSX, "application/json", "application/x-ndjson"])
async def test_they_are_read_in_every_kind_of_file(api: Client, kind: str) -> None:
    table = rows(*WRITTEN)
    records = [dict(zip(map(str, table[0]), row, strict=True)) for row in table[1:]]
    bodies = {
        "text/csv": "\n".join(",".join(map(str, row)) for row in table).encode(),
        XLSX: as_xlsx(table),
        "application/json": json.dumps(records).encode(),
        "application/x-ndjson": "\n".join(map(json.dumps, records)).encode(),
    }

    answer = await sent(api, bodies[kind], kind)

    assert (answer.status_code, answer.json()["created"]) == (200, 4), answer.text
    assert await stored(api) == set(WRITTEN.values())


async def test_a_date_cell_that_is_the_first_of_a_month_is_that_month(api: Client) -> None:
    answer = await sent(api, as_xlsx(rows(date(2026, 8, 1), datetime(2026, 9, 1)), dates="dd/mm/yyyy"), XLSX)  # noqa: DTZ001

    assert answer.status_code == 200, answer.text
    assert await stored(api) == {"2026-08", "2026-09"}


async def test_the_same_period_written_twice_is_a_figure_twice(api: Client) -> None:
    answer = await sent(api, b"unit,period,on_time\nH60,8/2026,90\nH60,2026-08,91\n", "text/csv")

    assert [each["code"] for each in answer.json()["errors"]] == ["duplicate_row", "duplicate_row"]


@pytest.mark.parametrize(
    ("written", "suggestion"), [("31/08/2026", "2026-08"), ("01/08/2026", "2026-08"), ("9 tháng năm 2026", None)]
)
async def test_a_day_or_a_sum_of_months_is_refused_with_the_way_out(
    api: Client, written: str, suggestion: str | None
) -> None:
    answer = await sent(api, f"unit,period,on_time\nH60,{written},90\n".encode(), "text/csv")

    [error] = answer.json()["errors"]
    assert (error["code"], error["value"], error.get("suggestion")) == ("period_invalid", written, suggestion)
    assert ("several months" in error["detail"]) == (suggestion is None)


async def test_a_query_takes_codes_alone(api: Client) -> None:
    answer = await sent(api, b"unit,on_time\nH60,90\n", "text/csv", period="8/2026")

    assert (answer.status_code, answer.json()["errors"][0]["suggestion"]) == (422, "2026-08")
