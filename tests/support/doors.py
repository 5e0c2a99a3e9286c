"""The doors through which one value comes in, each with a way to see what became of it: the value, or None for no."""

import io
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import xlsxwriter

from tests.make import a_commune, a_framework, a_unit, some_figures

Client = httpx.AsyncClient
Door = Callable[[Client, str], Awaitable[object]]
CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ANSWERED = (200, 201)
TASK = {"kind": "directive", "title": "Khắc phục", "assignee": "H60", "due_on": "2026-12-01"}
RENAMED = {"kind": "rename", "effective_on": "2026-01-01", "from": ["H60"], "name": "UBND tỉnh Tuyên Quang"}


def told(answer: httpx.Response, *path: str | int) -> object:
    """What an answer says at a path; None where the request was refused, which names a place or a code."""
    if answer.status_code not in ANSWERED:
        refusal = answer.json()
        assert answer.status_code in (404, 422), answer.text
        assert refusal["detail"]
        return None
    found: Any = answer.json()
    for step in path:
        found = found[step]
    return found


def read(path: str, *told_at: str | int, **query: str) -> Door:
    """A `GET`; `{}` stands for what is written."""

    async def door(api: Client, written: str) -> object:
        filled = {name: value.replace("{}", written) for name, value in query.items()}
        return told(await api.get(path.replace("{}", quote(written, safe="")), params=filled), *told_at)

    return door


def sent(method: str, path: str, body: Mapping[str, Any], *told_at: str | int, **query: str) -> Door:
    """A JSON body in which `{}` stands for what is written, at whatever depth."""

    async def door(api: Client, written: str) -> object:
        answer = await api.request(method, path, json=with_text(body, written), params=query)
        return told(answer, *told_at)

    return door


def with_text(body: Any, written: str) -> Any:
    if isinstance(body, Mapping):
        return {name: with_text(value, written) for name, value in body.items()}
    if isinstance(body, list):
        return [with_text(value, written) for value in body]
    return written if body == "{}" else body


def figure(field: str, kind: str, told_as: str = "", **facts: Any) -> Door:
    """The row of an import as JSON, CSV or XLSX in which a field is written; told as `/v1/values` tells it."""

    async def door(api: Client, written: str) -> object:
        [row] = some_figures(**{"observed_at": None, **facts, field: written})
        body, headers = table_of([row], kind)
        answer = await api.post("/v1/imports", content=body, headers=headers)
        if told(answer) is None:
            return None
        return told(await api.get("/v1/values", params={"limit": "1"}), "items", 0, told_as or field)

    return door


def unit_row(field: str, kind: str, **facts: Any) -> Door:
    """A unit of a list as JSON, CSV or XLSX in which a field is written."""

    async def door(api: Client, written: str) -> object:
        body, headers = table_of([{**a_commune(), **facts, field: written}], kind)
        answer = await api.post("/v1/units/import", content=body, headers=headers)
        return told(answer) and told(await api.get("/v1/units/H60.100"), field)

    return door


def table_of(rows: list[dict[str, Any]], kind: str) -> tuple[bytes, dict[str, str]]:
    if kind == "json":
        return httpx.Request("POST", "http://a", json=rows).read(), {"Content-Type": "application/json"}
    rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    cells = [list(rows[0]), *(list(map(str, row.values())) for row in rows)]
    if kind == "csv":
        lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in cells]
        return "\n".join(lines).encode(), CSV
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(cells):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell)
    return file.getvalue(), XLSX


async def a_framework_read(api: Client, written: str) -> object:
    """The name of the framework at an address."""
    answer = await api.get(f"/v1/frameworks/{quote(written, safe='')}")
    return told(answer) and f"{told(answer, 'code')}@{told(answer, 'version')}"


KINDS = ("json", "csv", "xlsx")
UNITS: dict[str, Door] = {
    "path": read("/v1/units/{}", "code"),
    "path of a lineage": read("/v1/units/{}/lineage", "code"),
    "query under": read("/v1/units", "items", 0, "parent", under="{}"),
    "query parent": read("/v1/units", "items", 0, "parent", parent="{}"),
    "query unit": read("/v1/values", "items", 0, "unit", unit="{}"),
    "query of scores": read("/v1/scores", "cohort", "under", under="{}", period="2024-07", level="commune"),
    "path of scores": read("/v1/scores/{}", "unit", "code"),
    "report": read("/v1/reports/classification", "under", under="{}", period="2024-07", level="commune"),
    **{f"figure in {kind}": figure("unit", kind) for kind in KINDS},
}
"""Where an identifier is taken as well."""
WRITTEN_UNITS: dict[str, Door] = {
    "address to write": sent("PATCH", "/v1/units/H60", {"code": "{}"}, "code"),
    "publication": sent("PUT", "/v1/publications", {"unit": "{}", "period": "2024-07"}, "items", 0, "unit"),
    "target": sent(
        "PUT", "/v1/targets", {"indicator": "dossier_sync", "year": 2026, "target": 1, "unit": "{}"}, "items", 0, "unit"
    ),
    "assignee": sent("POST", "/v1/tasks", {**TASK, "assignee": "{}"}, "assignee"),
    "letter profile": sent("PUT", "/v1/letter-profiles/H60", {"unit": "{}"}, "unit"),
    "event": sent("POST", "/v1/unit-events", {**RENAMED, "from": ["{}"]}, "from", 0),
    **{f"parent in {kind}": unit_row("parent", kind) for kind in KINDS},
}
DUE = {"unit": "H60", "period": "2024-07"}
DAYS: dict[str, Door] = {
    "unit": sent("PUT", "/v1/units/H60.100", {**a_commune(), "valid_from": "{}"}, "valid_from"),
    "event": sent("POST", "/v1/unit-events", {**RENAMED, "effective_on": "{}"}, "effective_on"),
    "due date": sent("PUT", "/v1/periods/2024-07/due", {"due_on": "{}"}, "due_on"),
    "publication": sent("PUT", "/v1/publications", {**DUE, "due_on": "{}"}, "items", 0, "due_on"),
    "task": sent("POST", "/v1/tasks", {**TASK, "due_on": "{}"}, "due_on"),
    "framework": sent("POST", "/v1/frameworks", a_framework(valid_from="{}"), "valid_from"),
    **{f"unit in {kind}": unit_row("valid_from", kind) for kind in KINDS},
}
PERIODS: dict[str, Door] = {
    "path": read("/v1/periods/{}", "code"),
    "path of a report": read("/v1/periods/{}/completeness", "period", level="province"),
    "query": read("/v1/values", "items", 0, "period", period="{}"),
    "query of a report": read("/v1/reports/classification", "period", period="{}", level="province"),
    "query of scores": read("/v1/scores", "period", period="{}", level="province"),
    "publication": sent("PUT", "/v1/publications", {"unit": "H60", "period": "{}"}, "items", 0, "period"),
    "task": sent("POST", "/v1/tasks", {**TASK, "period": "{}"}, "period"),
    "evaluation": sent("POST", "/v1/evaluations", {"period": "{}", "levels": ["province"]}, "period"),
    "draft": sent("POST", "/v1/check", {"period": "{}"}, "period"),
    **{f"figure in {kind}": figure("period", kind) for kind in KINDS},
}
INDICATORS: dict[str, Door] = {
    "path": read("/v1/indicators/{}", "code"),
    "query": read("/v1/values", "items", 0, "indicator", indicator="{}"),
    "target": sent("PUT", "/v1/targets", {"indicator": "{}", "year": 2026, "target": 1}, "items", 0, "indicator"),
    **{f"figure in {kind}": figure("indicator", kind) for kind in KINDS},
}
FRAMEWORKS: dict[str, Door] = {
    "path": a_framework_read,
    "query": read("/v1/scores", "framework", framework="{}", period="2024-07", level="province"),
    "evaluation": sent(
        "POST", "/v1/evaluations", {"period": "2024-07", "levels": ["province"], "framework": "{}"}, "framework"
    ),
    "draft": sent("POST", "/v1/check", {"period": "2024-07", "framework": "{}"}, "framework"),
}
LEAF = {
    "code": "x",
    "name": {"vi": "X"},
    "max": 100,
    "rules": [{"kind": "ratio", "indicator": "counter_on_time", "full_at": "{}"}],
}
SHARED = {"kind": "split", "effective_on": "2026-01-01", "from": ["H60.100"]}
NUMBERS: dict[str, Door] = {
    "target": sent(
        "PUT", "/v1/targets", {"indicator": "average_days", "year": 2026, "target": "{}"}, "items", 0, "target"
    ),
    "share": sent(
        "POST",
        "/v1/unit-events",
        {**SHARED, "to": [{"unit": "H60.100", "share": "{}"}, {"unit": "H60.200"}]},
        "to",
        0,
        "share",
    ),
    "framework": sent("POST", "/v1/frameworks", a_framework(criteria=[LEAF]), "criteria", 0, "rules", 0, "full_at"),
    **{
        f"figure in {kind}": figure("value", kind, indicator="average_days", numerator=None, denominator=None)
        for kind in KINDS
    },
}
NAMES: dict[str, Door] = {
    "unit": sent("PUT", "/v1/units/H60", a_unit(name="{}"), "name"),
    "patch": sent("PATCH", "/v1/units/H60", {"name": "{}"}, "name"),
    "event": sent("POST", "/v1/unit-events", {**RENAMED, "name": "{}"}, "name"),
    "task": sent("POST", "/v1/tasks", {**TASK, "title": "{}"}, "title"),
    "letter profile": sent("PUT", "/v1/letter-profiles/H60", {"issuer": "{}"}, "issuer"),
    "framework": sent("POST", "/v1/frameworks", a_framework(name={"vi": "{}"}), "name", "vi"),
    "note of a publication": sent("PUT", "/v1/publications", {**DUE, "note": "{}"}, "items", 0, "note"),
    **{f"unit in {kind}": unit_row("name", kind) for kind in KINDS},
    **{f"note of a figure in {kind}": figure("note", kind) for kind in KINDS},
}
