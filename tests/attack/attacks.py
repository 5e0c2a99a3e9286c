"""Requests that cost a service more than they cost their sender: work before the key, answers that grow, nested loops.

Each attack is a list of requests that are sent all at once. What is small is kept small on purpose: the limits are what
is attacked, and a client may send up to them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.support.workbooks import HEADER, a_workbook

MB = 1_000_000
JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Ask:
    """One request: to whom it is sent as whom, with what."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    caller: str = "anonymous"


def json_bodies() -> list[bytes]:
    """A megabyte of JSON each: faults that stand at the end of much, and much that is empty."""
    deep = b'{"a":' * 30 + b"1" + b"}" * 30
    return [
        b"[" + b"{}," * 320_000 + b"NaN]",
        b"[" + b'{"a":[]},' * 110_000 + b'{"a":1,"a":2}]',
        b"[" + (deep + b",") * 5_000 + b'{"a":1,"a":2}]',
        b"[" + b"[]," * 330_000 + b"1]",
    ]


def twelve_bodies(caller: str) -> list[Ask]:
    """A dozen bodies of a megabyte at once."""
    return [Ask("POST", "/v1/check", body, JSON, caller) for body in json_bodies() * 3]


def empty_objects(path: str, caller: str = "admin", around: tuple[bytes, bytes] = (b"", b"")) -> list[Ask]:
    """As many empty objects as a megabyte takes, each of which is a fault."""
    body = around[0] + b"[" + b"{}," * 330_000 + b"{}]" + around[1]
    return [Ask("POST" if "targets" not in path else "PUT", path, body, JSON, caller)]


def ring(units: int = 4_000) -> list[Ask]:
    """Units each of which is the parent of the next."""
    rows = [{"code": f"Z{i}", "name": "x", "level": "other", "parent": f"Z{(i + 1) % units}"} for i in range(units)]
    return [Ask("POST", "/v1/units/import?dry_run=true", json.dumps(rows).encode(), JSON, "admin")]


def chain(units: int = 10_000) -> list[Ask]:
    """Units each of which is under the next."""
    rows = [
        {"code": f"Y{i}", "name": "x", "level": "other", "parent": f"Y{i + 1}" if i + 1 < units else None}
        for i in range(units)
    ]
    return [Ask("POST", "/v1/units/import?dry_run=true", json.dumps(rows).encode(), JSON, "admin")]


def wide_header() -> list[Ask]:
    """A megabyte of columns."""
    head = "unit," + ",".join(f"c{i}" for i in range(150_000))
    return [Ask("POST", "/v1/imports?period=2024-01&dry_run=true", f"{head}\nH60\n".encode(), CSV, "admin")]


def unknown_names() -> list[Ask]:
    """So many units that nobody knows, each near to one that is."""
    rows = "".join(f"UBND xã Vân Canh {i},2024-01,on_time,1\n" for i in range(120_000))
    body = f"unit,period,indicator,value\n{rows}".encode()
    return [Ask("POST", "/v1/imports?dry_run=true", body, CSV, "admin")]


def merged_cells() -> list[Ask]:
    """A small workbook most of which is one merged cell beside another."""
    ranges = "".join(f'<mergeCell ref="F{row}:AHP{row}"/>' for row in range(2, 20_002))
    body = a_workbook(HEADER, f"<mergeCells>{ranges}</mergeCells>")
    return [Ask("POST", "/v1/imports?dry_run=true", body, XLSX, "admin")]


def letters(evaluation: int, copies: int = 20) -> list[Ask]:
    """The letter of a published result as DOCX, for everybody at once."""
    return [Ask("GET", f"/v1/reports/announcement?evaluation={evaluation}&format=docx") for _ in range(copies)]


def verifications(evaluation: int, copies: int = 20) -> list[Ask]:
    """A published result computed anew, for everybody at once."""
    return [Ask("GET", f"/v1/evaluations/{evaluation}/verify") for _ in range(copies)]


def as_of_now(copies: int = 60) -> list[Ask]:
    """Questions about this very moment, whose answer hangs on whether somebody is writing."""
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return [Ask("GET", f"/v1/units?as_of={moment}&limit={number}") for number in range(1, copies + 1)]


def many_reads(copies: int = 4_000) -> list[Ask]:
    """The same list, asked for over and over by one who has no key."""
    return [Ask("GET", "/v1/units?limit=10") for _ in range(copies)]


def content_types() -> list[Ask]:
    """A dozen content types as long as headers may be, each a quoted text full of what divides parameters."""
    headers = {"Content-Type": 'text/csv; a="' + ";" * 60_000}
    return [Ask("POST", "/v1/imports", b"unit", headers, "subtree") for _ in range(12)]


def letters_of_days(evaluation: int, days: int = 28) -> list[Ask]:
    """The letter of a published result as of many days, each of which is another question."""
    report = f"/v1/reports/announcement?evaluation={evaluation}"
    return [Ask("GET", f"{report}&on=2026-02-{day:02d}") for day in range(1, days + 1)]


def parameters() -> list[Ask]:
    """An address with thousands of parameters that nobody takes."""
    query = "&".join(f"p{i}=1" for i in range(8_000))
    return [Ask("GET", f"/v1/units?{query}")]


ATTACKS: dict[str, Callable[[], list[Ask]]] = {
    "twelve bodies of 1 MB without a key": lambda: twelve_bodies("anonymous"),
    "the same with a key": lambda: twelve_bodies("subtree"),
    "330,000 empty objects as figures": lambda: empty_objects("/v1/imports?dry_run=true"),
    "330,000 empty objects as units": lambda: empty_objects("/v1/units/import?dry_run=true"),
    "330,000 empty objects as rows of a draft": lambda: empty_objects("/v1/check", around=(b'{"rows":', b"}")),
    "330,000 empty objects as criteria": lambda: empty_objects(
        "/v1/frameworks/validate", around=(b'{"criteria":', b"}")
    ),
    "330,000 empty objects as targets": lambda: empty_objects("/v1/targets"),
    "330,000 empty objects as a task's helpers": lambda: empty_objects("/v1/tasks", around=(b'{"helpers":', b"}")),
    "a ring of 4,000 units": ring,
    "a chain of 10,000 units": chain,
    "150,000 columns": wide_header,
    "120,000 unknown names": unknown_names,
    "20,000 merged cells": merged_cells,
    "8,000 parameters": parameters,
    "twelve content types of 60 kB": content_types,
}
