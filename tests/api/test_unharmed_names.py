"""Names that a spreadsheet, an XML writer or a shell could take for something else pass through every format.

Over every read of the contract that has a `format`: whatever names its JSON tells, each other format tells too, and
no workbook holds a formula. A new table or report is covered as soon as the contract knows it.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import openpyxl
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract, Operation

Client = httpx.AsyncClient
DOCUMENT = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text("utf-8"))
NAMES = ("A & B <xã> =1+1", "=1+1", "+84", "-1 & </c>", "@SUM(A1:A9)", "='Bảng điểm'!A1", '"; DROP', "Tốt")
PROVINCE = "=Tỉnh & <b>"
UNITS = [f"H60.{101 + place}" for place in range(len(NAMES))]
GIVEN = {"period": "2024-07", "level": "commune", "unit": UNITS[0], "code": "2024-07", "id": "1"}
"""What parameters are asked with; others take the example that the contract gives where they are required."""
ABOUT_ONE_UNIT, OF_CODES = ("read_unit_scores", "read_comparison_report"), "read_audit"
"""Tables without a column for their unit, which the address names; and one without before and after, as JSON has."""


def tables() -> list[Operation]:
    """Every read that has a `format`."""
    found = Contract(DOCUMENT).operations
    return [each for each in found if has(each, "format")]


def formats(operation: Operation) -> set[str]:
    [declared] = [one for one in operation.parameters("query") if one["name"] == "format"]
    return {name for choice in declared["schema"]["anyOf"] for name in choice.get("enum", ())}


def has(operation: Operation, parameter: str) -> bool:
    return any(each["name"] == parameter for each in operation.parameters("query"))


def figure(unit: str, indicator: str, **more: Any) -> dict[str, Any]:
    [row] = some_figures(unit, indicator=indicator, numerator=None, denominator=None)
    return {**row, **more}


@pytest.fixture
async def harmful(api: Client) -> None:
    """Communes under a province, all with such names, and something of everything that tables tell of."""
    named = zip(UNITS, NAMES, strict=True)
    await with_units(api, [a_unit(name=PROVINCE), *(a_commune(code, name=name) for code, name in named)])
    groups = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
    points = [figure(unit, f"{group}_points", value="9.5") for unit in UNITS for group in groups]
    synced = [*some_figures(*UNITS, "H60", value="12.5", note="=1+1")]  # not what the counts give: a finding
    elsewhere = [figure(unit, "dossier_sync", value="80", source="provincial_system") for unit in UNITS]
    await with_figures(api, [*points, *synced, *elsewhere])
    for unit in UNITS:
        task = {"kind": "directive", "title": "=1+1", "detail": "-1", "assignee": unit, "due_on": "2024-09-15"}
        await stated(api, "POST", "/v1/tasks", {**task, "helpers": [], "period": "2024-07"})
        done = {"unit": unit, "period": "2024-07", "subject": "results", "due_on": "2024-08-31"}
        await stated(api, "PUT", "/v1/publications", {**done, "published_on": "2024-08-28"})
    scope = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"], "title": "=1+1"}
    await stated(api, "POST", "/v1/evaluations", scope)


async def stated(api: Client, method: str, path: str, body: Mapping[str, Any]) -> None:
    answer = await api.request(method, path, json=body)
    assert answer.is_success, answer.text


async def fetch(api: Client, operation: Operation, **query: str) -> httpx.Response:
    path = operation.path.format(**GIVEN)
    asked = {each["name"]: GIVEN.get(each["name"], example_of(each)) for each in operation.parameters("query")}
    required = {each["name"] for each in operation.parameters("query") if each["required"] or each["name"] == "period"}
    required |= {"unit"} if operation.id in ABOUT_ONE_UNIT else set()
    params = {name: value for name, value in asked.items() if name in required and value is not None}
    whole = {"limit": "1000"} if has(operation, "limit") else {}
    return await api.get(path, params={**params, **whole, **query})


def example_of(parameter: Mapping[str, Any]) -> Any:
    examples = parameter.get("examples") or parameter["schema"].get("examples")
    return examples[0] if isinstance(examples, list) else None


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


async def in_csv(api: Client, operation: Operation) -> list[str]:
    """The cells of every table that a read sends as CSV."""
    found: list[str] = []
    for code in await codes_of_tables(api, operation):
        answer = await fetch(api, operation, format="csv", **({"table": code} if code else {}))
        assert answer.status_code == 200, answer.text
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        found += [cell for row in rows for cell in row]
    return found


async def codes_of_tables(api: Client, operation: Operation) -> list[str]:
    """The tables of a report, as the refusal of an unknown one names them; one nameless table elsewhere."""
    if not has(operation, "table"):
        return [""]
    refused = await fetch(api, operation, format="csv", table="-")
    assert refused.json()["code"] == "table_unknown", refused.text
    return [each for each in refused.json()["detail"].rpartition("it has ")[2].rstrip(".").split(", ") if each]


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
