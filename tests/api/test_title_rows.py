"""Rows above a heading that is plain are told and left out; where it is not, the file is refused with the way out."""

import io
from typing import Any

import httpx
import pytest
import xlsxwriter

from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient
Row = dict[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit()])


async def sent(api: Client, file: str | bytes, kind: str = "text/csv", **query: str) -> Row:
    params = {"period": "2024-07", "locale": "vi", **query}
    body: Row = (await api.post("/v1/imports", content=file, params=params, headers={"Content-Type": kind})).json()
    return body


async def test_a_letterhead_over_merged_cells_is_left_out_and_told(api: Client) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "ỦY BAN NHÂN DÂN TỈNH")
        sheet.write_row("A4", ["Mã đơn vị", "on_time"])
        sheet.write_row("A5", ["H60", 150])

    refused = await sent(api, buffer.getvalue(), XLSX)

    assert [(each["row"], each["code"]) for each in refused["errors"]] == [(5, "rate_out_of_range")]


async def test_what_was_left_out_is_told_in_words(api: Client) -> None:
    taken = await sent(api, "BÁO CÁO;\n;\nTháng 7;\nMã đơn vị;on_time\nH60;92,4\n")

    (warning,) = taken["warnings"]
    assert (taken["created"], warning["code"], warning["row"]) == (1, "title_rows_left_out", 1)
    assert "“BÁO CÁO”, “Tháng 7”" in warning["detail"]


@pytest.mark.parametrize(
    "file",
    [
        "BÁO CÁO;\nCơ quan;on_time\nH60;92,4\n",
        "BÁO CÁO;\nMã đơn vị;Đúng hạn\nH60;92,4\n",
        "Mã đơn vị;Đúng hạn\nH60;92,4\nMã đơn vị;on_time\nH60;92,4\n",
        "\n".join(["BÁO CÁO;"] * 20) + "\nMã đơn vị;on_time\nH60;92,4\n",
    ],
)
async def test_a_heading_that_is_not_plain_is_not_looked_for(api: Client, file: str) -> None:
    refused = await sent(api, file)

    assert refused["code"] in ("header_invalid", "header_missing")
    assert (await api.get("/v1/values")).json()["items"] == []


@pytest.mark.parametrize("above", ["H60.101;91", "26734;91", "Mã ĐV;on_time\nH60.101;91", "Năm;2024"])
async def test_rows_with_figures_above_a_heading_are_never_left_out(api: Client, above: str) -> None:
    refused = await sent(api, f"{above}\n;\nMã đơn vị;on_time\nH60;92,4\n")

    assert refused["code"] == "header_invalid"
    assert (await api.get("/v1/values")).json()["items"] == []


async def test_nothing_is_taken_back_for_a_table_above_another(api: Client) -> None:
    await with_units(api, [a_commune(f"H60.{number}") for number in (101, 102)])
    whole = "Mã đơn vị;on_time\nH60;90\nH60.101;91\nH60.102;92\n"
    await sent(api, whole)

    refused = await sent(api, "Mã ĐV;on_time\nH60;90\nH60.101;91\n\nMã đơn vị;on_time\nH60.102;92\n", complete="true")

    assert refused["code"] == "header_invalid"
    assert len((await api.get("/v1/values")).json()["items"]) == 3


async def test_a_refused_title_names_the_profile_as_the_way_out(api: Client) -> None:
    refused = await sent(api, "BÁO CÁO;THÁNG 7\nCơ quan;Đúng hạn\nH60;92,4\n")

    assert "profile=" in refused["errors"][0]["detail"]
