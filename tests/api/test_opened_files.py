"""What cannot be taken whatever is stored is refused at once, however long somebody else writes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.make import a_unit, some_figures, with_units
from tests.support.rival import another_writer
from tests.support.workbooks import as_xlsx

CSV, JSON, NDJSON, YAML = "text/csv", "application/json", "application/x-ndjson", "application/yaml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATIENCE_S = 20
"""Less than the service waits for the write lock, and much more than a refusal takes."""
IMPORTS, UNITS, FRAMEWORKS = "/v1/imports", "/v1/units/import", "/v1/frameworks"
PORTAL = {"layout": "portal", "period": "2024-07"}


@dataclass(frozen=True)
class Broken:
    """A file that cannot be opened, and the code of its refusal."""

    body: bytes | str
    kind: str
    code: str
    path: str = IMPORTS
    query: dict[str, Any] = field(default_factory=dict)


FILES: dict[str, Callable[[], Broken]] = {
    "a header of CSV": lambda: Broken("unit,period,indicatr,value\n", CSV, "header_invalid"),
    "columns of CSV": lambda: Broken(",".join(["unit"] * 1001), CSV, "columns_too_many"),
    "an encoding": lambda: Broken("unit,Kỳ".encode("utf-16"), CSV, "encoding_not_utf8"),
    "another kind": lambda: Broken(b"PK\x03\x04", CSV, "content_type_differs"),
    "JSON": lambda: Broken("{}", JSON, "list_expected"),
    "NDJSON": lambda: Broken("{", NDJSON, "json_invalid"),
    "a header of a workbook": lambda: Broken(as_xlsx([["unit", "indicatr", "value"]]), XLSX, "header_invalid"),
    "a sheet of a workbook": lambda: Broken(
        as_xlsx([["unit"]]), XLSX, "sheet_unknown", query={"sheet": "No such sheet"}
    ),
    "no workbook": lambda: Broken("unit", XLSX, "workbook_other"),
    "JSON of the portal": lambda: Broken("[", JSON, "json_invalid", query=PORTAL),
    "no answer of the portal": lambda: Broken('{"code": "OK"}', JSON, "import_rejected", query=PORTAL),
    "the portal without a period": lambda: Broken("[]", JSON, "period_missing", query={"layout": "portal"}),
    "a header of units": lambda: Broken("code,nam,level\n", CSV, "units_refused", UNITS),
    "a workbook of units": lambda: Broken(as_xlsx([["code", "nam", "level"]]), XLSX, "units_refused", UNITS),
    "units in JSON": lambda: Broken("{}", JSON, "list_expected", UNITS),
    "the last of several units": lambda: Broken(
        "code,name,level\nH60,Tỉnh A,province\nH61,Tỉnh B,provinc\n", CSV, "units_refused", UNITS
    ),
    "a framework in YAML": lambda: Broken("code: x", YAML, "framework_invalid", FRAMEWORKS),
    "a framework in JSON": lambda: Broken("{", JSON, "json_invalid", FRAMEWORKS),
    "no framework": lambda: Broken("code,name\n", CSV, "content_type_unsupported", FRAMEWORKS),
}


async def sent(api: httpx.AsyncClient, broken: Broken) -> httpx.Response:
    body = broken.body.encode() if isinstance(broken.body, str) else broken.body
    headers = {"Content-Type": broken.kind}
    request = api.post(broken.path, content=body, params=broken.query, headers=headers)
    return await asyncio.wait_for(request, PATIENCE_S)


@pytest.mark.parametrize("name", FILES)
async def test_what_cannot_be_taken_does_not_wait_for_a_writer(
    name: str, api: httpx.AsyncClient, database_url: str
) -> None:
    broken = FILES[name]()

    with another_writer(database_url):
        refusal = await sent(api, broken)

    assert refusal.json()["code"] == broken.code


TRIALS: dict[str, tuple[str, Any, dict[str, str]]] = {
    "figures": (IMPORTS, some_figures(), {}),
    "figures of unknown units": (IMPORTS, some_figures("H61", "H62"), {}),
    "figures, the good of them": (IMPORTS, some_figures("H60", "H61"), {"on_error": "skip"}),
    "units": (UNITS, [a_unit(name="UBND tỉnh Phú Thọ")], {}),
}


@pytest.mark.parametrize("name", TRIALS)
async def test_a_trial_that_only_reads_does_not_wait_for_a_writer(
    name: str, api: httpx.AsyncClient, database_url: str
) -> None:
    path, body, query = TRIALS[name]
    await with_units(api, [a_unit()])

    before = await api.post(path, json=body, params={**query, "dry_run": "true"})
    with another_writer(database_url):
        request = api.post(path, json=body, params={**query, "dry_run": "true"})
        meanwhile = await asyncio.wait_for(request, PATIENCE_S)

    assert meanwhile.status_code == 200
    assert meanwhile.json() == before.json()
