"""Hostile workbooks sent to a service that runs: each is answered 4xx in words, and the same process answers on."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx
import openpyxl
import pytest

from tests.make import a_unit, bearer
from tests.support.readme import KEY, served
from tests.support.workbooks import a_workbook, packed, parts_of, sheet_xml

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("unit", "period", "indicator", "value")
FIGURE = ("H60", "2024-07", "dossier_sync", 98.83)
PATIENCE = 30.0


def saved(change: Callable[[Any], object] = lambda sheet: None) -> bytes:
    """A workbook of one figure as openpyxl saves it, after a change of its sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADS)
    sheet.append(FIGURE)
    change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_cell(place: str, value: object) -> bytes:
    return saved(lambda sheet: sheet.__setitem__(place, value))


def two_corners() -> bytes:
    """Nothing but A1 and XFD1048576, and the claim that all between them is in use."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = sheet_xml(rows).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    return packed(parts_of({"a": sheet}))


def packed_tightly() -> bytes:
    """Six hundred bytes for each that is sent."""
    body = a_workbook(" " * 5_000_000)
    assert 5_000_000 / len(body) > 600
    return body


HOSTILE: dict[str, tuple[bytes, str, tuple[int, str] | None]] = {
    "two corners": (two_corners(), "header_missing", (1, "")),
    "two corners of a table": (with_cell("XFD1048576", 1), "cell_outside", (1_048_576, "")),
    "six hundred to one": (packed_tightly(), "workbook_too_large", None),
    "a formula": (with_cell("D2", "=1+1"), "cell_formula", (2, "value")),
    "a formula for a unit": (with_cell("A2", '=HYPERLINK("http://x","H60")'), "cell_formula", (2, "unit")),
    "a date": (with_cell("D2", date(2024, 7, 1)), "number_invalid", (2, "value")),
    "a day for a period": (with_cell("B2", date(2024, 7, 2)), "period_invalid", (2, "period")),
    "merged cells": (saved(lambda sheet: sheet.merge_cells("D2:D3")), "cell_merged", (2, "value")),
    "merged heads": (saved(lambda sheet: sheet.merge_cells("A1:B1")), "cell_merged", (1, "A")),
    "NaN": (with_cell("D2", float("nan")), "cell_not_number", (2, "value")),
    "infinity": (with_cell("D2", float("inf")), "cell_not_number", (2, "value")),
    "an error": (with_cell("D2", "#DIV/0!"), "cell_error", (2, "value")),
    "a truth": (with_cell("D2", True), "number_invalid", (2, "value")),
    "a number for a unit": (with_cell("A2", 60), "unit_unknown", (2, "unit")),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        served(tmp_path_factory.mktemp("hostile"), demo=False) as address,
        httpx.Client(base_url=address, headers=bearer(KEY), timeout=PATIENCE) as client,
    ):
        client.put("/v1/units/H60", json=a_unit()).raise_for_status()
        yield client


def send(client: httpx.Client, body: bytes, **query: str) -> httpx.Response:
    return client.post("/v1/imports", content=body, headers={"Content-Type": XLSX}, params=query)


def instance(client: httpx.Client) -> str:
    """The random name of the process that answers."""
    return str(client.get("/readyz").raise_for_status().json()["instance"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words_and_the_process_lives(client: httpx.Client, name: str) -> None:
    body, code, place = HOSTILE[name]
    before = instance(client)

    answer = send(client, body)

    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = [(fault["code"], fault.get("row"), fault.get("column", "")) for fault in answer.json()["errors"]]
    assert (code, *(place or (None, ""))) in found
    assert instance(client) == before
    assert client.get("/v1/values").json()["items"] == []


def test_after_all_of_them_a_good_workbook_is_taken(client: httpx.Client) -> None:
    for body, _, _ in HOSTILE.values():
        send(client, body)

    answer = send(client, saved(), dry_run="true")

    assert (answer.status_code, answer.json()["created"]) == (200, 1), answer.text


def test_a_cell_that_cannot_be_read_hides_no_other_fault_of_its_row(client: httpx.Client) -> None:
    def change(sheet: Any) -> None:
        sheet["A2"], sheet["D2"] = "H6O", "=1+1"

    faults = send(client, saved(change)).json()["errors"]

    assert {(fault["code"], fault["column"]) for fault in faults} == {
        ("cell_formula", "value"),
        ("unit_unknown", "unit"),
    }


def test_a_shared_cell_that_cannot_be_read_is_named_once_for_all_figures_of_its_row(client: httpx.Client) -> None:
    def change(sheet: Any) -> None:
        for column, cells in enumerate(
            (("unit", '=A1&"0"'), ("period", "2024-07"), ("on_time", 91), ("paid_dossiers", 63)), 1
        ):
            sheet.cell(1, column).value, sheet.cell(2, column).value = cells

    answer = send(client, saved(change)).json()

    assert [(fault["code"], fault["row"]) for fault in answer["errors"]] == [("cell_formula", 2)]
    assert (answer["rows"], answer["rejected"]) == (2, 2)
