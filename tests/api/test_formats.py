"""Tables as files: the same rows as CSV, workbook and NDJSON, whole and harmless."""

import csv
import io
import json
from typing import Any

import httpx
import openpyxl
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

FILES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
}
TABLES = ("units", "values", "periods", "indicators", "audit", "imports")
PLAIN, FORMULA = "A & B <xã> =1+1", "=1+1"


@pytest.fixture
async def figures(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(name=FORMULA), a_commune("H60.100", name=PLAIN)])
    await with_figures(api, some_figures("H60", "H60.100", note="-5"))


async def fetch(api: httpx.AsyncClient, path: str, **query: Any) -> httpx.Response:
    answer = await api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer


def rows_of(answer: httpx.Response) -> list[list[Any]]:
    """The rows of a file behind its header."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind == FILES["csv"]:
        return [list(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:]
    if kind == FILES["ndjson"]:
        return [list(json.loads(line).values()) for line in answer.content.splitlines()]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)][1:]


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("table", TABLES)
async def test_every_table_comes_in_every_format_with_the_same_rows(api: httpx.AsyncClient, table: str) -> None:
    items = (await fetch(api, f"/v1/{table}", limit=1000)).json()["items"]

    for name, media in FILES.items():
        asked = await fetch(api, f"/v1/{table}", format=name)
        accepted = await api.get(f"/v1/{table}", headers={"Accept": f"{media};q=0.9, text/html"})
        assert asked.headers["Content-Type"].startswith(media)
        assert accepted.headers["Content-Type"].startswith(media)
        assert asked.headers["Content-Disposition"] == f'attachment; filename="{table}.{name}"'
        assert len(rows_of(asked)) == len(rows_of(accepted)) == len(items) > 0
    assert [
        json.loads(line) for line in (await fetch(api, f"/v1/{table}", format="ndjson")).content.splitlines()
    ] == items


@pytest.mark.usefixtures("figures")
async def test_no_text_becomes_a_formula_and_none_is_harmed(api: httpx.AsyncClient) -> None:
    as_csv = rows_of(await fetch(api, "/v1/units", format="csv"))
    as_workbook = await fetch(api, "/v1/units", format="xlsx")

    assert [row[1] for row in as_csv] == ["'" + FORMULA, PLAIN]
    cells = [
        row[1] for row in openpyxl.load_workbook(io.BytesIO(as_workbook.content)).worksheets[0].iter_rows(min_row=2)
    ]
    assert [(cell.value, cell.data_type) for cell in cells] == [(FORMULA, "s"), (PLAIN, "s")]
    notes = [row[8] for row in rows_of(await fetch(api, "/v1/values", format="csv"))]
    assert notes == ["'-5", "'-5"]


@pytest.mark.usefixtures("figures")
async def test_figures_are_numbers_in_a_workbook_and_plain_in_csv(api: httpx.AsyncClient) -> None:
    (first, _) = rows_of(await fetch(api, "/v1/values", format="xlsx"))
    (line, _) = rows_of(await fetch(api, "/v1/values", format="csv"))

    assert first[3:6] == [25775, 26080, 98.83]
    assert line[3:6] == ["25775", "26080", "98.83"]
    assert line[7] == "2024-08-26T02:00:00Z"


async def test_a_file_without_limit_holds_all_rows(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in range(1500))])

    for name in FILES:
        answer = await fetch(api, "/v1/units", format=name)
        assert len(rows_of(answer)) == 1501
        assert "Link" not in answer.headers
    assert len((await fetch(api, "/v1/units")).json()["items"]) == 100


async def test_a_file_with_limit_goes_on_behind_its_link(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(code=f"H{number}") for number in range(10, 15)])
    first = await fetch(api, "/v1/units", format="csv", limit=3)

    rest = await api.get(first.links["next"]["url"])

    assert [row[0] for row in rows_of(first) + rows_of(rest)] == [f"H{number}" for number in range(10, 15)]


async def test_an_unknown_format_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units", params={"format": "pdf"})

    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["format"]


async def test_a_table_without_rows_still_has_its_header(api: httpx.AsyncClient) -> None:
    assert (await fetch(api, "/v1/units", format="csv")).content.decode("utf-8-sig").startswith("Mã,Tên,Cấp")
    assert (await fetch(api, "/v1/units", format="ndjson")).content == b""
    assert rows_of(await fetch(api, "/v1/units", format="xlsx")) == []
