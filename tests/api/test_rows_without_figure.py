"""Rows of wide tables in which every figure is empty: what they name is checked, and one warning counts them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_units
from tests.support.broken_files import XLSX
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
Table = Sequence[Sequence[str]]


def as_records(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


FORMS: dict[str, Callable[[Table], bytes]] = {
    "text/csv": lambda table: "\n".join(map(",".join, table)).encode(),
    XLSX: as_xlsx,
    "application/x-ndjson": lambda table: "\n".join(map(json.dumps, as_records(table))).encode(),
    "application/json": lambda table: json.dumps(as_records(table)).encode(),
}

PLACES: dict[str, list[Any]] = {
    "text/csv": [2, 2, 3, 4],
    XLSX: [2, 2, 3, 4],
    "application/x-ndjson": [1, 1, 2, 3],
    "application/json": ["/0", "/0/unit", "/1/unit", "/2/period"],
}


@pytest.fixture
async def communes(api: Client) -> None:
    ended = a_commune("H60.200", valid_from="2010-01-01", valid_to="2024-06-30")
    await with_units(api, [a_unit(), a_unit(code="H21", name="Tỉnh Gia Lai"), a_commune("H60.101"), ended])


async def sent(client: Client, table: Table, kind: str = "text/csv", **query: str) -> dict[str, Any]:
    url_query = {"period": "2024-07", **query}
    answer = await client.post(
        "/v1/imports", content=FORMS[kind](table), params=url_query, headers={"Content-Type": kind}
    )
    body: dict[str, Any] = answer.json()
    return body


def warned(body: dict[str, Any]) -> list[tuple[Any, str]]:
    return [(fault.get("row", fault.get("pointer")), fault["code"]) for fault in body["warnings"]]


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("kind", FORMS)
async def test_what_a_row_without_a_figure_names_is_checked(api: Client, kind: str) -> None:
    rows = [["NOWHERE", "2024-07", ""], ["H60.200", "", "-"], ["H60", "2024-99", ""], ["H60.101", "", "91"]]

    body = await sent(api, [["unit", "period", "on_time"], *rows], kind)

    assert (body["status"], body["rows"], body["created"]) == ("applied", 1, 1)
    assert [code for _, code in warned(body)] == [
        "rows_without_figure",
        "unit_unknown",
        "unit_not_active",
        "period_invalid",
    ]
    assert [place for place, _ in warned(body)] == PLACES[kind]


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("kind", FORMS)
async def test_rows_without_a_figure_are_counted_in_one_warning(api: Client, kind: str) -> None:
    rows = [["H60", "91", "", "đã xem"], ["H60.101", "", "-", "chờ số liệu"], ["H21", "", "", ""]]

    body = await sent(api, [["unit", "on_time", "dossier_sync", "note"], *rows], kind, locale="en")

    assert (body["status"], body["rows"], body["created"], body["rejected"]) == ("applied", 1, 1, 0)
    [warning] = body["warnings"]
    assert warning["code"] == "rows_without_figure"
    assert (warning.get("row"), warning.get("pointer")) in [(3, None), (None, "/1"), (2, None)]
    assert warning["detail"].startswith(
        "2 row(s) hold no figure, this one first; nothing was stored of them, not the note or the moment of 1 of them"
    )


@pytest.mark.usefixtures("communes")
async def test_an_empty_cell_of_a_row_with_a_figure_is_missing_without_a_word(api: Client) -> None:
    body = await sent(api, [["unit", "on_time", "dossier_sync"], ["H60", "", "91"]])

    assert (body["status"], body["created"], body["warnings"]) == ("applied", 1, [])


@pytest.mark.usefixtures("communes")
async def test_a_form_that_nobody_filled_in_is_taken(api: Client) -> None:
    rows = [[unit, "2024-07", ""] for unit in ("H60", "H60.101", "H21")] * 1_000

    body = await sent(api, [["unit", "period", "on_time"], *rows], locale="en")

    assert (body["status"], body["rows"], body["created"]) == ("applied", 0, 0)
    assert [warning["detail"][:25] for warning in body["warnings"]] == ["3000 row(s) hold no figur"]


@pytest.mark.usefixtures("communes")
async def test_a_row_that_names_neither_unit_nor_figure_is_counted_if_it_says_anything(api: Client) -> None:
    table = [["unit", "on_time", "note"], ["H60", "91", ""], ["", "", "Người lập biểu"], ["", "-", ""]]

    body = await sent(api, table, locale="en")

    assert (body["status"], body["rows"]) == ("applied", 1)
    assert [warning["detail"][:21] for warning in body["warnings"]] == ["1 row(s) hold no figu"]


@pytest.mark.usefixtures("communes")
async def test_rows_below_the_figures_do_not_cost_the_figures(as_key: Callable[..., Client]) -> None:
    below = [["Tổng cộng", ""], ["Người lập biểu", "-"], ["H21", ""]]
    table = [["unit", "on_time"], ["H60", "91"], *below]

    body = await sent(as_key(Scope.VALUES_WRITE, unit="H60"), table)

    assert (body["status"], body["created"], body["errors"]) == ("applied", 1, [])
    assert warned(body) == [
        (3, "rows_without_figure"),
        (3, "unit_unknown"),
        (4, "unit_unknown"),
        (5, "unit_forbidden"),
    ]
