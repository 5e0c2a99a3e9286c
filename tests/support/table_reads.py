"""Every read of the contract that has a `format`, asked for over something of everything that tables tell of.

A new table or report is covered as soon as the contract knows it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract, Operation

Client = httpx.AsyncClient
DOCUMENT = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text("utf-8"))
NAMES = ("A & B <xã> =1+1", "=1+1", "+84", "-1 & </c>", "@SUM(A1:A9)", "='Bảng điểm'!A1", '"; DROP', "Tốt")
PROVINCE = "=Tỉnh & <b>"
UNITS = [f"H60.{101 + place}" for place in range(len(NAMES))]
GIVEN = {
    "period": "2024-07",
    "level": "commune",
    "unit": UNITS[0],
    "code": "2024-07",
    "id": "1",
    "name": "qd766",
    "kind": "announcement",
}
"""What parameters are asked with; others take the example that the contract gives where they are required."""
ABOUT_ONE_UNIT, OF_CODES = ("read_unit_scores", "read_comparison_report"), "read_audit"
"""Tables without a column for their unit, which the address names; and one without before and after, as JSON has."""


def tables() -> list[Operation]:
    """Every read that can be answered as a table, but of what was sent to a webhook, which needs a host to send to."""
    found = [each for each in Contract(DOCUMENT).operations if each.method == "get"]
    found = [each for each in found if each.id != "read_webhook_deliveries"]
    return [each for each in found if has(each, "format") and "csv" in formats(each)]


def formats(operation: Operation) -> set[str]:
    [declared] = [one for one in operation.parameters("query") if one["name"] == "format"]
    return set(declared["schema"]["enum"])


def has(operation: Operation, parameter: str) -> bool:
    return any(each["name"] == parameter for each in operation.parameters("query"))


def figure(unit: str, indicator: str, **more: Any) -> dict[str, Any]:
    [row] = some_figures(unit, indicator=indicator, numerator=None, denominator=None)
    return {**row, **more}


async def something_of_everything(api: Client) -> None:
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
    await stated(api, "POST", "/v1/keys", {"name": "Sở Tài chính & (một cửa)", "scopes": ["values:read"]})
    scope = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"], "title": "=1+1"}
    await stated(api, "POST", "/v1/evaluations", scope)


async def stated(api: Client, method: str, path: str, body: Mapping[str, Any]) -> None:
    answer = await api.request(method, path, json=body)
    assert answer.is_success, answer.text


async def fetch(api: Client, operation: Operation, **query: str) -> httpx.Response:
    """The answer to a read with what it requires, and with `query`; an empty parameter is left out."""
    path = operation.path.format(**GIVEN)
    asked = {each["name"]: GIVEN.get(each["name"], example_of(each)) for each in operation.parameters("query")}
    required = {each["name"] for each in operation.parameters("query") if each["required"] or each["name"] == "period"}
    required |= {"unit"} if operation.id in ABOUT_ONE_UNIT else set()
    params = {name: value for name, value in asked.items() if name in required and value is not None}
    whole = {"limit": "1000"} if has(operation, "limit") else {}
    sent = {**params, **whole, **query}
    return await api.get(path, params={name: value for name, value in sent.items() if value != ""})


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


async def lines_of(api: Client, operation: Operation, **query: str) -> list[dict[str, Any]]:
    """The objects of a read as NDJSON."""
    answer = await fetch(api, operation, format="ndjson", **query)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


async def codes_of_tables(api: Client, operation: Operation) -> list[str]:
    """The tables of a report, as the refusal of an unknown one names them; one nameless table elsewhere."""
    if not has(operation, "table"):
        return [""]
    refused = await fetch(api, operation, format="csv", table="-")
    assert refused.json()["code"] == "table_unknown", refused.text
    return [each for each in refused.json()["detail"].rpartition("it has ")[2].rstrip(".").split(", ") if each]
