"""Names that a spreadsheet, an XML writer or a shell could take for something else pass through every format.

Over every read of the contract that has a `format`: whatever names its JSON tells, each other format tells too, and
no workbook holds a formula. A new table or report is covered as soon as the contract knows it.
"""

import csv
import io
import json
from zipfile import ZipFile

import httpx
import openpyxl
import pytest

from tests.make import a_unit
from tests.support.contract import Operation
from tests.support.table_reads import (
    ABOUT_ONE_UNIT,
    NAMES,
    OF_CODES,
    PROVINCE,
    codes_of_tables,
    fetch,
    formats,
    something_of_everything,
    tables,
    texts,
)

Client = httpx.AsyncClient


@pytest.fixture
async def harmful(api: Client) -> None:
    await something_of_everything(api)


async def in_csv(api: Client, operation: Operation) -> list[str]:
    """The cells of every table that a read sends as CSV."""
    found: list[str] = []
    for code in await codes_of_tables(api, operation):
        answer = await fetch(api, operation, format="csv", **({"table": code} if code else {}))
        assert answer.status_code == 200, answer.text
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        found += [cell for row in rows for cell in row]
    return found


def in_workbook(body: bytes) -> list[str]:
    """The texts of every sheet. No cell of any of them is a formula."""
    with ZipFile(io.BytesIO(body)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)  # nor one that a reader would overlook
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    return [str(cell.value) for cell in cells if cell.data_type in ("s", "inlineStr")]


@pytest.mark.usefixtures("harmful")
@pytest.mark.parametrize("operation", tables(), ids=lambda operation: operation.id)
async def test_a_name_passes_through_every_format_of_every_table(api: Client, operation: Operation) -> None:
    as_json = await fetch(api, operation)
    assert as_json.status_code == 200, as_json.text
    told = {text for text in texts(as_json.json()) if text in (*NAMES, PROVINCE)}
    told = set() if operation.id == OF_CODES else told

    cells = await in_csv(api, operation)
    workbook = in_workbook((await fetch(api, operation, format="xlsx")).content)
    lines = (await fetch(api, operation, format="ndjson")).content.splitlines()

    assert not [cell for cell in cells if cell.startswith(("=", "+", "@")) or cell[:2] == "-1"]
    assert all(any(name in text for text in workbook) for name in told)
    if operation.id not in ABOUT_ONE_UNIT:
        assert {harmless(name) for name in told} <= {part for cell in cells for part in (cell, *cell.split("; "))}
    if operation.id not in ABOUT_ONE_UNIT and len(await codes_of_tables(api, operation)) == 1:
        assert told <= {text for line in lines for text in texts(json.loads(line))}
    if "json-stat" in formats(operation):
        stat = await fetch(api, operation, format="json-stat")
        assert told <= set(stat.json()["dimension"]["unit"]["category"]["label"].values())


def harmless(name: str) -> str:
    """How a name stands in CSV: with an apostrophe where it begins as a formula does, else as it is."""
    return f"'{name}" if name[0] in "=+-@" else name


@pytest.mark.usefixtures("harmful")
@pytest.mark.parametrize("operation_id", ["read_scores", "read_evaluation_scores", "read_classification_report"])
async def test_the_tables_that_name_units_were_looked_at(api: Client, operation_id: str) -> None:
    """Guards the test above: what it looks for is there."""
    [operation] = [each for each in tables() if each.id == operation_id]

    told = set(texts((await fetch(api, operation)).json()))

    assert set(NAMES) <= told


@pytest.mark.parametrize("name", ["Xã\tA", "Xã\nA", "Xã \x0b A"])
async def test_names_that_break_a_line_or_a_cell_are_not_taken(api: Client, name: str) -> None:
    answer = await api.post("/v1/units/import", json=[a_unit(name=name)])

    assert answer.status_code == 422
