"""CSV is read by people and by programs: words in its columns, and beside them the codes that the JSON has."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Operation
from tests.support.table_reads import codes_of_tables, fetch, lines_of, something_of_everything, stated, tables

Client = httpx.AsyncClient
CODES = ("code", "indicator", "group", "state", "subject", "reason", "part")
"""Members that hold a code; of units, indicators and classes it is `code`."""
REPORTS = [each for each in tables() if each.path.startswith("/v1/reports/")]
SCORES = {"period": "2024-07", "under": "H60", "level": "commune"}


@pytest.fixture
async def figures(api: Client) -> None:
    await something_of_everything(api)
    await stated(api, "PUT", "/v1/targets", {"indicator": "dossier_sync", "year": 2024, "target": 99.9})
    await stated(api, "PUT", "/v1/targets", {"indicator": "on_time", "year": 2024, "target": 99.9})


def coded(value: object) -> Iterator[str]:
    """Every code in a JSON value."""
    if isinstance(value, dict):
        yield from (code for name in CODES if isinstance(code := value.get(name), str))
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from coded(each)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("operation", REPORTS, ids=lambda operation: operation.id)
async def test_a_report_has_its_codes_in_csv(api: Client, operation: Operation) -> None:
    for table in await codes_of_tables(api, operation):
        lines = await lines_of(api, operation, table=table)
        rows = rows_of(await fetch(api, operation, format="csv", table=table))
        cells = {word for row in rows for cell in row.values() for word in cell.split()}
        assert set(coded(lines)) - cells == set(), table


async def scored(api: Client, path: str, **query: str) -> tuple[dict[str, str], list[Any]]:
    """The first row of a table of scores from its CSV, and the heads of its workbook."""
    (row, *_) = rows_of(await api.get(path, params={**query, "format": "csv"}))
    book = openpyxl.load_workbook(io.BytesIO((await api.get(path, params={**query, "format": "xlsx"})).content))
    head = next(cells for cells in book.worksheets[0].iter_rows(values_only=True) if all(cells))
    return row, list(head)


async def test_scores_say_in_words_and_codes_how_they_were_made(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])
    points = {"indicator": "transparency_points", "numerator": None, "denominator": None, "value": 9}
    await with_figures(api, some_figures("H60.101", **points))

    row, head = await scored(api, "/v1/scores", **SCORES)
    period, series = await scored(api, "/v1/scores/H60.101")

    words = ("qd766@2022", "công bố", "reported", "thiếu nhóm", "incomplete")
    told = ("Bộ chỉ số", "Cách tính", "Mã cách tính", "Lưu ý", "Mã lưu ý")
    assert tuple(row[name] for name in told) == tuple(period[name] for name in told) == words
    assert {"Mã cách tính", "Mã lưu ý", "Mã xếp loại", "Bộ chỉ số"} & set(head) == set()
    assert "Bộ chỉ số" in series


@pytest.mark.usefixtures("figures")
async def test_a_class_has_its_name_and_its_code(api: Client) -> None:
    (item, *_) = (await api.get("/v1/scores", params=SCORES)).json()["items"]

    row, _ = await scored(api, "/v1/scores", **SCORES)

    assert (row["Xếp loại"], row["Mã xếp loại"]) == (item["band"]["name"], item["band"]["code"])
