"""Headings of tables as offices write them: names of indicators, and columns that say nothing of a figure."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_framework, a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])


async def sent(api: Client, header: str, *rows: str, **query: Any) -> httpx.Response:
    table = "\n".join([header, *rows])
    query = {"period": "2026-08", "locale": "vi", **query}
    return await api.post("/v1/imports", content=table, headers={"Content-Type": "text/csv"}, params=query)


async def stored(api: Client) -> dict[str, Any]:
    return {item["indicator"]: item["value"] for item in (await api.get("/v1/values")).json()["items"]}


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_name_of_an_indicator_is_its_heading_whatever_its_case_and_accents(
    api: Client, language: str
) -> None:
    name = (await api.get("/v1/indicators/on_time")).json()["name"][language]

    for written in (name, name.upper()):
        answer = await sent(api, f'Mã đơn vị;"{written}"', "H60.101;92,4")
        assert answer.status_code == 200, answer.text

    assert await stored(api) == {"on_time": 92.4}


@pytest.mark.parametrize(("sign", "status"), [("(%)", 200), ("(‰)", 422), ("(+/-)", 422), ("(−)", 422), ("(-)", 422)])
async def test_a_sign_that_makes_another_figure_of_a_name_is_not_taken_off(api: Client, sign: str, status: int) -> None:
    name = (await api.get("/v1/indicators/on_time")).json()["name"]["vi"]

    answer = await sent(api, f'unit;"{name} {sign}"', "H60.101;12")

    assert answer.status_code == status, answer.text


async def with_indicators(api: Client, *indicators: dict[str, Any]) -> None:
    document = a_framework(indicators=[*a_framework()["indicators"], *indicators])
    answer = await api.post("/v1/frameworks", json=document)
    assert answer.status_code == 201, answer.text


def a_count(code: str, vi: str) -> dict[str, Any]:
    return {"code": code, "kind": "count", "name": {"vi": vi}}


async def test_a_heading_whose_accents_contradict_names_no_indicator(api: Client) -> None:
    await with_indicators(api, a_count("households", "Số hộ"))

    refused = await sent(api, "unit;Số họ", "H60.101;5")
    for written in ("SỐ HỘ", "so ho"):
        assert (await sent(api, f"unit;{written}", "H60.101;5")).status_code == 200

    assert [each["code"] for each in refused.json()["errors"]] == ["column_unknown"]
    assert await stored(api) == {"households": 5}


async def test_indicators_whose_names_differ_in_accents_alone_are_told_apart_by_them(api: Client) -> None:
    await with_indicators(api, a_count("households", "Số hộ"), a_count("surnames", "Số họ"))

    await sent(api, "unit;Số họ;Số hộ", "H60.101;5;6")
    bare = await sent(api, "unit;So ho", "H60.101;7")

    assert await stored(api) == {"households": 6, "surnames": 5}
    assert [each["code"] for each in bare.json()["errors"]] == ["column_unknown"]


@pytest.mark.parametrize("heading", ["tt", "TT", "Nợ", "NỢ", "No"])
async def test_an_indicator_that_is_called_like_an_ordinal_is_read(api: Client, heading: str) -> None:
    name = "No" if heading == "No" else "Nợ"
    await with_indicators(api, a_count("tt", "Thủ tục"), a_count("debt", name))

    answer = await sent(api, f"Mã đơn vị;{heading}", "H60.101;7")

    assert answer.json()["warnings"] == []
    assert list((await stored(api)).values()) == [7]


async def test_an_ordinal_is_no_indicator_that_has_lost_its_accents(api: Client) -> None:
    await with_indicators(api, a_count("debt", "Nợ"))

    answer = await sent(api, "No.;Mã đơn vị;on_time", "1;H60.101;92,4")

    assert [each["column"] for each in answer.json()["warnings"]] == ["No."]
    assert await stored(api) == {"on_time": 92.4}


async def test_a_name_beside_its_code_says_the_same_twice(api: Client) -> None:
    name = (await api.get("/v1/indicators/on_time")).json()["name"]["vi"]

    answer = await sent(api, f'unit;on_time;"{name}"', "H60.101;92,4;92,4")

    assert [each["code"] for each in answer.json()["errors"]] == ["column_duplicate"]


@pytest.mark.parametrize("layout", ["long", "wide"])
async def test_ordinals_and_names_beside_codes_are_told_and_left_out(api: Client, layout: str) -> None:
    figures = {"long": ("indicator;value", "on_time;92,4"), "wide": ("on_time", "92,4")}
    header, figure = figures[layout]

    answer = await sent(api, f"STT;Mã đơn vị;Tên đơn vị;{header}", f"1;H60.101;Xã Một;{figure}")

    assert [(each["code"], each["row"], each["column"]) for each in answer.json()["warnings"]] == [
        ("column_left_out", 1, "STT"),
        ("column_left_out", 1, "Tên đơn vị"),
    ]
    assert await stored(api) == {"on_time": 92.4}


async def test_a_column_of_names_is_the_unit_where_no_other_has_the_codes(api: Client) -> None:
    answer = await sent(api, "Số TT;Đơn vị;on_time", "1;H60.101;92,4")

    assert [each["column"] for each in answer.json()["warnings"]] == ["Số TT"]
    assert await stored(api) == {"on_time": 92.4}


async def test_they_are_told_once_where_the_file_is_read_twice(api: Client) -> None:
    moments = ("2026-09-01T00:00:00+07:00", "2026-09-02T00:00:00+07:00")

    answer = await sent(
        api, "STT;unit;on_time;observed_at", *(f"{n};H60.101;92,{n};{at}" for n, at in enumerate(moments, 1))
    )

    assert [each["code"] for each in answer.json()["warnings"]] == ["column_left_out"]


async def test_columns_without_heading_and_cell_are_nothing_in_a_workbook(api: Client) -> None:
    book = as_xlsx([["STT", None, "Mã", "on_time"], [1, None, "H60.101", 92.4]])

    answer = await api.post("/v1/imports", content=book, headers={"Content-Type": XLSX}, params={"period": "2026-08"})

    assert (answer.status_code, answer.json()["created"]) == (200, 1), answer.text


TOTALS = {
    "as the unit": ("Mã;on_time;average_days", "Tổng cộng;90;3", "Trung bình toàn tỉnh;90;3"),
    "beside an empty unit": ("STT;Mã;on_time;average_days", "Cộng:;;90;3", "TỔNG SỐ;;x;3"),
    "as a name": ("Mã;Tên đơn vị;on_time;average_days", ";Tổng cộng;90;3", ";Bình quân;90;3"),
}


@pytest.mark.parametrize("where", TOTALS)
async def test_rows_of_totals_are_told_once_and_left_out(api: Client, where: str) -> None:
    header, *totals = TOTALS[where]
    unit = "1;H60.101" if header.startswith("STT") else "H60.101;Xã Một" if "Tên" in header else "H60.101"

    answer = await sent(api, header, f"{unit};92,4;5", *totals)

    assert answer.status_code == 200, answer.text
    [told] = [each for each in answer.json()["warnings"] if each["code"] == "total_rows_left_out"]
    assert (told["row"], told["detail"][:9], "(3, 4)" in told["detail"]) == (3, "2 row(s) ", True)
    assert (answer.json()["rows"], answer.json()["created"]) == (2, 2)


async def test_totals_by_formula_below_a_sheet_are_left_out_as_well(api: Client) -> None:
    book = as_xlsx([["Mã", "on_time"], ["H60.101", 92.4], ["Tổng cộng", "=AVERAGE(B2:B2)"]])

    answer = await api.post("/v1/imports", content=book, headers={"Content-Type": XLSX}, params={"period": "2026-08"})

    assert (answer.status_code, answer.json()["rows"]) == (200, 1), answer.text


async def test_a_unit_that_is_called_like_a_total_is_read(api: Client) -> None:
    await with_units(api, [a_unit(code="CONG", name="Cộng")])

    answer = await sent(api, "Mã;on_time", "CONG;92,4")

    assert (answer.json()["created"], answer.json()["warnings"]) == (1, [])
