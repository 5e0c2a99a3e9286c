"""Rates of a file that look like fractions: 0,924 for 92.4 %."""

import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import RATIO, a_commune, a_unit, with_units
from tests.support.workbooks import a_workbook, as_xlsx

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, JSON, NDJSON = "text/csv", "application/json", "application/x-ndjson"
UNITS = ("H60.101", "H60.102", "H60.103")
SHARES = ("0.924", "0", "0.8875")
"""A unit without any dossier on time may well be among them."""
OTHER = "on_time"


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), *map(a_commune, UNITS)])


def wide(*rates: str, name: str = RATIO) -> bytes:
    rows = (f"{unit};{rate}" for unit, rate in zip(UNITS, rates, strict=False))
    return "\n".join([f"unit;{name}", *rows]).encode()


def as_json(*rates: str, name: str = RATIO) -> bytes:
    rows = (f'{{"unit":"{unit}","{name}":{rate}}}' for unit, rate in zip(UNITS, rates, strict=False))
    return f"[{','.join(rows)}]".encode()


def long(*rates: str) -> bytes:
    rows = (f"{unit},2024-07,{RATIO},{rate}" for unit, rate in zip(UNITS, rates, strict=False))
    return "\n".join(["unit,period,indicator,value", *rows]).encode()


def workbook(*rates: str) -> bytes:
    return as_xlsx([["unit", RATIO], *([unit, float(rate)] for unit, rate in zip(UNITS, rates, strict=False))])


FILES = {
    "wide CSV": (CSV, wide(*SHARES)),
    "long CSV": (CSV, long(*SHARES)),
    "General cells": (XLSX, workbook(*SHARES)),
    "JSON numbers": (JSON, as_json(*SHARES)),
    "NDJSON": (NDJSON, b"\n".join(json.dumps(row).encode() for row in json.loads(as_json(*SHARES)))),
}


def text(column: str, row: int, said: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{said}</t></is></c>'


async def sent(api: Client, body: bytes, kind: str = CSV, language: str = "en", **query: Any) -> Any:
    headers = {"Content-Type": kind, "Accept-Language": language}
    return await api.post("/v1/imports", content=body, headers=headers, params={"period": "2024-07", **query})


async def taken(api: Client, body: bytes, kind: str = CSV, **query: Any) -> Any:
    answer = await sent(api, body, kind, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stored(api: Client) -> dict[str, float]:
    return {item["unit"]: item["value"] for item in (await api.get("/v1/values")).json()["items"]}


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in found]


@pytest.mark.parametrize("name", FILES)
async def test_three_of_them_are_refused_by_name_in_every_kind_of_file(api: Client, name: str) -> None:
    kind, body = FILES[name]

    answer = await sent(api, body, kind)

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"], error["value"]) == (422, "rate_looks_like_fraction", "0.924")
    assert all(said in error["detail"] for said in (RATIO, "92.4%", "fractions=yes", "fractions=no"))
    assert await stored(api) == {}


async def test_the_error_names_the_first_rows_and_the_column_in_both_languages(api: Client) -> None:
    english, vietnamese = [(await sent(api, wide(*SHARES), language=each)).json() for each in ("en", "vi")]

    [error] = english["errors"]
    assert (error["row"], error["column"]) == (2, RATIO)
    assert error["detail"].startswith(f"3 rate(s) of {RATIO} (rows 2, 3, 4)")
    assert "`0,924` là 0,924% hay 92,4%" in vietnamese["errors"][0]["detail"]
    assert "dòng 2, 3, 4" in vietnamese["errors"][0]["detail"]
    assert (english["rows"], english["rejected"]) == (3, 3)


@pytest.mark.parametrize("name", FILES)
async def test_said_to_be_fractions_they_are_multiplied_by_a_hundred_exactly(api: Client, name: str) -> None:
    kind, body = FILES[name]

    done = await taken(api, body, kind, fractions="yes")

    assert (done["created"], done["warnings"]) == (3, [])
    assert await stored(api) == {"H60.101": 92.4, "H60.102": 0, "H60.103": 88.75}


@pytest.mark.parametrize("name", FILES)
async def test_said_to_be_percentages_they_are_kept_as_they_stand(api: Client, name: str) -> None:
    kind, body = FILES[name]

    done = await taken(api, body, kind, fractions="no")

    assert done["warnings"] == []
    assert await stored(api) == {"H60.101": 0.924, "H60.102": 0, "H60.103": 0.8875}


@pytest.mark.parametrize("rates", [("0,924", "0,91"), ("0,924",)])
async def test_fewer_than_three_are_a_warning(api: Client, rates: tuple[str, ...]) -> None:
    done = await taken(api, wide(*rates))

    assert codes(done["warnings"]) == ["rate_looks_like_fraction"]
    assert (await stored(api))["H60.101"] == 0.924


@pytest.mark.parametrize(
    "rates",
    [
        ("0,924", "0,91", "1,01"),
        ("0", "1", "1"),
        ("0", "0", "0"),
        ("0,924", "0,91", "1/110"),
    ],
)
async def test_one_rate_that_is_none_or_noughts_and_ones_alone_clear_the_indicator(
    api: Client, rates: tuple[str, ...]
) -> None:
    done = await taken(api, wide(*rates))

    expected = ["rate_looks_like_fraction"] if "/" in rates[-1] else []
    assert codes(done["warnings"]) == expected  # counts are no stated rate: two are left


async def test_beside_rates_with_a_percent_sign_the_others_are_a_warning(api: Client) -> None:
    done = await taken(api, wide("0,924", "92,4%", "0,91"))

    assert [(each["code"], each["row"]) for each in done["warnings"]] == [("rate_looks_like_fraction", 2)]


async def test_counts_beside_rates_say_what_these_are(api: Client) -> None:
    fitting = f"unit;{RATIO}.numerator;{RATIO}.denominator;{RATIO}\n" + "\n".join(
        f"{unit};3;1000;0,3" for unit in UNITS
    )
    shares = fitting.replace("3;1000", "300;1000")

    assert (await taken(api, fitting.encode()))["warnings"] == []
    answer = await sent(api, shares.encode())

    assert codes(answer.json()["errors"]) == ["rate_looks_like_fraction"]


async def test_each_indicator_is_judged_by_its_own_rates(api: Client) -> None:
    rows = (f"{unit};0,9;90" for unit in UNITS)
    table = "\n".join([f"unit;{RATIO};{OTHER}", *rows]).encode()

    done = await taken(api, table, on_error="skip")

    assert (done["rows"], done["created"], done["rejected"]) == (6, 3, 3)
    assert [(each["code"], each["column"]) for each in done["errors"]] == [("rate_looks_like_fraction", RATIO)]
    assert {item["indicator"] for item in (await api.get("/v1/values")).json()["items"]} == {OTHER}


async def test_skipping_keeps_counts_and_other_indicators_and_names_what_else_is_wrong(api: Client) -> None:
    rows = [f"{unit},2024-07,{RATIO},{rate}" for unit, rate in zip(UNITS, SHARES, strict=True)]
    rows += [f"{unit},2024-08,{RATIO},9/10" for unit in UNITS]
    rows += [f"H60.999,2024-07,{RATIO},0.7", f"H60.101,2024-07,{OTHER},88"]
    table = "\n".join(["unit,period,indicator,value", *rows]).encode()

    done = await taken(api, table, on_error="skip")

    assert (done["status"], done["rows"], done["created"], done["rejected"]) == ("applied", 8, 4, 4)
    assert sorted(codes(done["errors"])) == ["rate_looks_like_fraction", "unit_unknown"]


async def test_a_cell_shown_as_a_percentage_is_one_whatever_is_said(api: Client) -> None:
    shown = "".join(
        f'<row r="{row}">{text("A", row, unit)}<c r="B{row}" s="1"><v>0.0092</v></c></row>'
        for row, unit in enumerate(UNITS, 2)
    )
    book = a_workbook(f'<row r="1">{text("A", 1, "unit")}{text("B", 1, RATIO)}</row>{shown}')

    unsaid = await taken(api, book, XLSX, dry_run="true")
    said = await taken(api, book, XLSX, fractions="yes")

    assert (unsaid["status"], unsaid["warnings"]) == ("planned", [])
    assert said["created"] == 3
    assert set((await stored(api)).values()) == {0.92}


@pytest.mark.parametrize("format", ["csv", "xlsx", "ndjson"])
async def test_what_was_read_from_here_can_be_sent_back(api: Client, clock: Clock, format: str) -> None:
    await taken(api, wide(*SHARES), fractions="no")
    clock.forward(hours=1)
    kind = {"csv": CSV, "xlsx": XLSX, "ndjson": NDJSON}[format]

    body = (await api.get("/v1/values", params={"format": format})).content
    done = await taken(api, body, kind)

    assert (done["unchanged"], done["warnings"]) == (3, [])


async def test_a_fraction_keeps_the_decimals_that_it_was_printed_with(api: Client) -> None:
    await taken(api, wide("0,9240", "0,924561", "1"), fractions="yes", locale="vi")

    answer = await api.get("/v1/values")

    assert '"value":92.40,' in answer.text
    assert await stored(api) == {"H60.101": 92.4, "H60.102": 92.4561, "H60.103": 100}


@pytest.mark.parametrize(
    ("rate", "code"),
    [("92,4", "rate_out_of_range"), ("0,9245678", "number_too_precise"), ("-0,5", "rate_out_of_range")],
)
async def test_what_cannot_be_a_fraction_is_refused_where_they_are(api: Client, rate: str, code: str) -> None:
    answer = await sent(api, wide("0,9", rate), fractions="yes", locale="vi")

    assert [(each["row"], each["code"]) for each in answer.json()["errors"]] == [(3, code)]


async def test_other_kinds_than_ratios_are_not_touched(api: Client) -> None:
    table = wide("0,5", "0,6", "0,7", name="total_points")

    unsaid = await taken(api, table)
    said = await taken(api, table, fractions="yes")

    assert (unsaid["created"], unsaid["warnings"], said["unchanged"]) == (3, [], 3)


async def test_a_dry_run_says_so_and_stores_nothing(api: Client) -> None:
    done = await taken(api, wide(*SHARES), dry_run="true")

    assert (done["status"], codes(done["errors"])) == ("rejected", ["rate_looks_like_fraction"])


async def test_rates_far_apart_in_a_long_file_are_seen_together(api: Client) -> None:
    between = [f"H60.101,{year}-{month:02},{OTHER},9/10" for year in range(1900, 2026) for month in range(1, 13)]
    rates = [f"{unit},2024-07,{RATIO},0.9" for unit in UNITS]
    table = "\n".join(["unit,period,indicator,value", rates[0], *between, rates[1], *between, rates[2]])

    refused = (await sent(api, table.replace(between[0], rates[0], 1).encode(), on_error="skip")).json()
    [error] = [each for each in refused["errors"] if each["code"] == "rate_looks_like_fraction"]

    assert error["row"] == 2
    assert error["detail"].startswith(f"4 rate(s) of {RATIO} (rows 2, 3, 1515, 3028)")
    assert {item["indicator"] for item in (await api.get("/v1/values")).json()["items"]} == {OTHER}
