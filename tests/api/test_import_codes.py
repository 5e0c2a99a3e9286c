"""Codes of units as files write them."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    below = a_commune("H60.16.02", parent="H60.16")
    await with_units(api, [a_unit(), a_commune("H60.16"), below, a_commune("000.00.17.H60", parent="H60")])


async def sent(api: Client, *lines: str) -> httpx.Response:
    table = "\n".join(["unit,period,on_time", *lines])
    return await api.post("/v1/imports", content=table, headers={"Content-Type": "text/csv"})


async def stored(api: Client) -> list[Any]:
    return sorted(item["unit"] for item in (await api.get("/v1/values")).json()["items"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("h60.16", "H60.16"),
        ("000.00.16.H60", "H60.16"),
        ("000.02.16.h60", "H60.16.02"),
        ("000.00.00.H60", "H60"),
        ("000.00.17.H60", "000.00.17.H60"),
    ],
)
async def test_they_are_read_by_their_scheme_unless_a_unit_bears_them(api: Client, written: str, code: str) -> None:
    answer = await sent(api, f"{written},2026-08,90")

    assert answer.status_code == 200, answer.text
    assert await stored(api) == [code]


async def test_a_unit_written_in_two_ways_is_a_figure_twice(api: Client) -> None:
    answer = await sent(api, "h60.16,2026-08,90", "000.00.16.H60,2026-08,91")

    assert [each["code"] for each in answer.json()["errors"]] == ["duplicate_row", "duplicate_row"]


async def test_one_that_nobody_bears_is_named_as_it_is_written(api: Client) -> None:
    answer = await sent(api, "000.00.99.H60,2026-08,90", "h61,2026-08,90")

    assert [(each["code"], each["value"]) for each in answer.json()["errors"]] == [
        ("unit_unknown", "000.00.99.H60"),
        ("unit_unknown", "h61"),
    ]
