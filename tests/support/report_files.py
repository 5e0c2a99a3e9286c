"""The files of a report, read back as an office would read them."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import httpx
from openpyxl import load_workbook


async def report(client: httpx.AsyncClient, name: str, **query: Any) -> dict[str, Any]:
    """A report as JSON."""
    answer = await client.get(f"/v1/reports/{name}", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def csv_rows(client: httpx.AsyncClient, name: str, **query: Any) -> list[dict[str, str]]:
    """The rows of a table of a report from its CSV, by the heads of the columns."""
    answer = await client.get(f"/v1/reports/{name}", params={**query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def sheet_rows(client: httpx.AsyncClient, name: str, sheet: str, **query: Any) -> list[Mapping[str, Any]]:
    """The rows of a sheet of a report's workbook, by the heads of the columns, which stand below its heading."""
    answer = await client.get(f"/v1/reports/{name}", params={**query, "format": "xlsx"})
    assert answer.status_code == 200, answer.text
    rows = list(load_workbook(io.BytesIO(answer.content))[sheet].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if all(row))
    return [dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1 :]]
