"""NDJSON is what JSON answers, one object a line: codes and all, nothing said in the words of the tables for people."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.support.contract import Operation
from tests.support.table_reads import codes_of_tables, fetch, lines_of, something_of_everything, stated, tables

Client = httpx.AsyncClient
Lines = list[dict[str, Any]]


def paragraphs_of(letter: dict[str, Any]) -> Lines:
    """The text of a letter between its head and its foot."""
    sections = [paragraph for section in letter["sections"] for paragraph in section["paragraphs"]]
    return [*letter["basis"], letter["opening"], *sections, letter["closing"]]


def movers_of(report: dict[str, Any]) -> Lines:
    """The units of every list of a report of movers."""
    return [item for level in report["levels"] for each in level["lists"] for item in each["items"]]


REPORTS: dict[str, tuple[str, Callable[[Any], Lines]]] = {
    "read_classification_report": ("commune", lambda body: body["levels"][-1]["items"]),
    "read_comparison_report": ("comparison", lambda body: body["rows"]),
    "read_below_target_report": ("below", lambda body: body["indicators"][0]["items"]),
    "read_movers_report": ("movers", movers_of),
    "read_counts_report": ("units", lambda body: body["items"]),
    "read_reconciliation_report": ("figures", lambda body: body["items"]),
    "read_publication_report": ("units", lambda body: body["subjects"][0]["levels"][0]["items"]),
    "read_tasks_report": ("tasks", lambda body: body["items"]),
    "read_announcement_report": ("letter", paragraphs_of),
    "read_brief_report": ("below", lambda body: body["below"]),
}
"""The list of each report, and the table that shows it."""


@pytest.fixture
async def figures(api: Client) -> None:
    await something_of_everything(api)
    await stated(api, "PUT", "/v1/targets", {"indicator": "dossier_sync", "year": 2024, "target": 99.9})


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from objects(each)


def says(line: Any, told: Any) -> bool:
    """Whether a line says what an object of the answer tells, lists left out at most."""
    if not isinstance(line, dict) or not isinstance(told, dict):
        return bool(line == told)
    left_out = [told[name] for name in told.keys() - line.keys()]
    same = line.keys() <= told.keys() and all(says(line[name], told[name]) for name in line)
    return same and all(isinstance(each, list) for each in left_out)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("operation", tables(), ids=lambda operation: operation.id)
async def test_every_line_is_an_object_of_the_json_answer(api: Client, operation: Operation) -> None:
    body = (await fetch(api, operation)).json()
    held = list(objects(body))

    for code in await codes_of_tables(api, operation):
        lines = await lines_of(api, operation, **({"table": code} if code else {}))
        assert [line for line in lines if not any(says(line, told) for told in held)] == []
        assert code or lines == body["items"]


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("operation", tables(), ids=lambda operation: operation.id)
async def test_the_lines_of_a_report_are_its_list(api: Client, operation: Operation) -> None:
    if operation.id not in REPORTS:
        assert not operation.path.startswith("/v1/reports/")
        return
    table, list_of = REPORTS[operation.id]

    told = list_of((await fetch(api, operation)).json())

    assert await lines_of(api, operation, table=table) == told != []
