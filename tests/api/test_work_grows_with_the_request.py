"""Twice as much that is sent is at most twice the work, at every door that takes many things at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest

from tests.make import a_unit, with_units
from tests.support.list_searches import list_searches
from tests.support.work import counted_work
from tests.support.workbooks import as_xlsx

APP = Path(__file__).parents[2] / "app"
SLACK = 2.2
"""Twice, and a little for memory that grows in steps."""
CSV, JSON = "text/csv", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "multipart/form-data"
ACCEPT = "Accept"
HEADERS = (ACCEPT, "If-None-Match")
"""Kinds of doors whose body is a header."""


@dataclass(frozen=True)
class Door:
    """A request of a size."""

    method: str
    path: str
    body: Callable[[int], Any]
    kind: str = JSON
    sizes: tuple[int, int] = (200, 400)
    units: Callable[[tuple[int, int]], list[dict[str, Any]]] | None = None
    """Units that are stated before, upon which the request is carried out."""


def a_row(number: int) -> dict[str, Any]:
    return {"unit": f"X{number}", "period": "2024-07", "indicator": f"i{number}", "value": "?"}


def rows_of(size: int) -> list[dict[str, Any]]:
    return [a_row(number) for number in range(size)]


def a_ring(size: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"R{n}", level="other", parent=f"R{(n + 1) % size}") for n in range(size)]


def a_chain(size: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"D{n}", level="other", parent=f"D{n + 1}") for n in range(size)]


def day_by_day(size: int, *, downwards: bool) -> list[dict[str, Any]]:
    """Pairs of units, a fifth of which stand on one another; each begins to stand there on a day of its own."""
    order = range(size) if downwards else range(size, 0, -1)
    begins = {n: str(date(2000, 1, 1) + timedelta(days=day)) for day, n in enumerate(order)}
    above = {n: n - 1 if n % 2 or n < size // 5 else None for n in order}
    return [
        a_unit(code=f"T{n}", level="other", parent=f"T{above[n]}" if above[n] else None, valid_from=begins[n])
        for n in order
    ]


def a_draft(size: int) -> dict[str, Any]:
    return {"rows": [{"ref": f"r{n}", "now": {"count": "1/2", "rate": "9%"}, "same_as": "r0"} for n in range(size)]}


def a_framework(size: int) -> dict[str, Any]:
    rule = {"kind": "ratio", "indicator": "nobody"}
    return {"code": "x", "criteria": [{"code": f"c{n}", "max": 1, "rules": [rule]} for n in range(size)]}


def a_merger(size: int, after: int) -> dict[str, Any]:
    """Units that become fewer; those of each size are others."""
    ending, following = [f"A{size}.{n}" for n in range(size)], [f"B{size}.{n}" for n in range(after)]
    return {"kind": "merge", "effective_on": "2025-07-01", "from": ending, "to": [{"unit": c} for c in following]}


def units_to_merge(sizes: tuple[int, int]) -> list[dict[str, Any]]:
    """The units of both sides, and of the first request of half the size."""
    counts = (sizes[0] // 2, *sizes)
    return [a_unit(code=f"{side}{size}.{n}", level="other") for size in counts for side in "AB" for n in range(size)]


def a_task(size: int) -> dict[str, Any]:
    helpers = [f"H{n}" for n in range(size // 4)]  # no more than 200 may help
    return {"kind": "directive", "title": "x", "assignee": "H60", "helpers": helpers}


def saved_answer(departments: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer of the national portal."""
    return {"code": "OK", "data": {"evaluation": departments}}


def a_department(number: int) -> dict[str, Any]:
    groups = {"CKMB": number / 100, "TDGQ": 17.72}
    return {"departmentCode": f"X{number}", "departmentName": "Xã", "groupScores": groups, "totalScore": 29}


def parts(size: int) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Parts of a form, more than are taken."""
    return [("file", (f"{n}.csv", b"unit,period,indicator,value", CSV)) for n in range(size)]


def merged_below(size: int) -> bytes:
    """A workbook with a pair of merged cells in each row."""
    return as_xlsx([["unit", "period", "indicator", "value"]], [(n, 0, n, 1) for n in range(1, size)])


def a_profile(size: int) -> dict[str, Any]:
    return {"recipients": [f"- Sở {n}; {{nobody}}" for n in range(size)], "basis": ["Căn cứ {x}"] * size}


def columns_of_a_profile(size: int) -> dict[str, Any]:
    return {"columns": [{"heading": f"a{n}", "indicator": f"i{n}"} for n in range(size)]}


def words_of_a_profile(size: int) -> dict[str, Any]:
    columns = [{"heading": "a", "field": "unit"}, {"heading": "b", "indicator": "on_time"}]
    return {"columns": columns, "units": [{"text": f"Xã {n}", "unit": f"X{n}"} for n in range(size)]}


def a_target(number: int) -> dict[str, Any]:
    return {"indicator": f"i{number}", "year": 2024, "unit": f"X{number}", "target": 90}


DOORS = {
    "units": Door("POST", "/v1/units/import", lambda size: [{"code": f"u {n}"} for n in range(size)]),
    "rings of units": Door("POST", "/v1/units/import", a_ring),
    "chains of units": Door("POST", "/v1/units/import", a_chain),
    "units from above, day by day": Door("POST", "/v1/units/import", partial(day_by_day, downwards=True)),
    "units from below, day by day": Door("POST", "/v1/units/import", partial(day_by_day, downwards=False)),
    "units that become one": Door("POST", "/v1/unit-events", partial(a_merger, after=1), units=units_to_merge),
    "units that become as many": Door(
        "POST", "/v1/unit-events", lambda size: a_merger(size, size), sizes=(35, 70), units=units_to_merge
    ),
    "figures in JSON": Door("POST", "/v1/imports", rows_of),
    "figures in NDJSON": Door(
        "POST", "/v1/imports", lambda size: "\n".join(map(json.dumps, rows_of(size))), "application/x-ndjson"
    ),
    "figures in long rows": Door(
        "POST",
        "/v1/imports",
        lambda size: "unit,period,indicator,value\n" + "".join(f"X{n},2024-07,i{n},?\n" for n in range(size)),
        CSV,
    ),
    "columns of a header": Door(
        "POST", "/v1/imports?period=2024-07", lambda size: ",".join(["unit", *(f"q{n}" for n in range(size))]), CSV
    ),
    "columns of a record": Door(
        "POST", "/v1/imports?layout=wide", lambda size: [{"unit": "H60", **{f"q{n}": 1 for n in range(size)}}]
    ),
    "targets": Door("PUT", "/v1/targets", lambda size: {"items": [a_target(n) for n in range(size)]}),
    "publications": Door(
        "PUT",
        "/v1/publications",
        lambda size: {"items": [{"unit": f"X{n}", "period": "2024-07"} for n in range(size)]},
    ),
    "helpers of a task": Door("POST", "/v1/tasks", a_task),
    "a draft": Door("POST", "/v1/check", a_draft),
    "figures that are supposed": Door(
        "POST",
        "/v1/scores/what-if",
        lambda size: {"period": "2024-07", "level": "commune", "values": rows_of(size)},
    ),
    "criteria of a framework": Door("POST", "/v1/frameworks/validate", a_framework),
    "answers of the portal": Door(
        "POST",
        "/v1/imports?layout=portal&period=2024-07&create_units=true&dry_run=true",
        lambda size: saved_answer([a_department(n) for n in range(size)]),
    ),
    "one unit of the portal again and again": Door(
        "POST",
        "/v1/imports?layout=portal&period=2024-07",
        lambda size: saved_answer([{**a_department(n), "departmentCode": "H60"} for n in range(size)]),
    ),
    "rows of a workbook": Door(
        "POST",
        "/v1/imports",
        lambda size: as_xlsx(
            [["unit", "period", "indicator", "value"], *(["X", "2024-07", "i", "?"] for _ in range(size))]
        ),
        XLSX,
    ),
    "columns of a workbook": Door(
        "POST", "/v1/imports?period=2024-07", lambda size: as_xlsx([["unit", *(f"q{n}" for n in range(size))]]), XLSX
    ),
    "merged cells": Door("POST", "/v1/imports", merged_below, XLSX),
    "rows of a wide table": Door(
        "POST",
        "/v1/imports?period=2024-07",
        lambda size: "unit,on_time,dossier_sync\n" + "".join(f"X{n},?,!\n" for n in range(size)),
        CSV,
    ),
    "cells beyond a header": Door(
        "POST", "/v1/imports", lambda size: "unit,period,indicator,value\n" + "," * size + "x\n", CSV
    ),
    "units of a table": Door(
        "POST", "/v1/units/import", lambda size: "code,name,level\n" + "".join(f"u {n},,x\n" for n in range(size)), CSV
    ),
    "parts of a form": Door("POST", "/v1/imports", parts, FORM),
    "columns of a profile": Door("PUT", "/v1/import-profiles/x", columns_of_a_profile),
    "words of a profile": Door("PUT", "/v1/import-profiles/x", words_of_a_profile),
    "headings to understand": Door(
        "POST",
        "/v1/import-profiles/suggest",
        lambda size: ";".join(["unit", *(f"tỷ lệ hồ sơ {n}" for n in range(size))]) + "\n",
        CSV,
    ),
    "names to understand": Door(
        "POST",
        "/v1/import-profiles/suggest",
        lambda size: "unit;on_time\n" + "".join(f"Xã {n};1\n" for n in range(size)),
        CSV,
    ),
    "lines of a letter": Door("PUT", "/v1/letter-profiles/H60", a_profile),
    "levels of an evaluation": Door(
        "POST", "/v1/evaluations", lambda size: {"period": "2024-07", "levels": [f"l{n}" for n in range(size)]}
    ),
    "indicators of a framework": Door(
        "POST",
        "/v1/frameworks",
        lambda size: {
            "code": "x",
            "indicators": [{"code": f"i{n}", "complement_of": f"i{n + 1}"} for n in range(size)],
        },
    ),
    "bands of a framework": Door(
        "POST",
        "/v1/frameworks/validate",
        lambda size: {"code": "x", "bands": [{"code": f"b{n}", "min": n} for n in range(size)]},
    ),
    "moves of a task": Door("PATCH", "/v1/tasks/1", lambda size: {f"m{n}": 1 for n in range(size)}),
    "a parameter again and again": Door("GET", "/v1/values", lambda size: [("unit", f"X{n}") for n in range(size)]),
    "indicators of a report": Door(
        "GET",
        "/v1/reports/below-target",
        lambda size: {"period": "2024-07", "indicators": ",".join(f"i{n}" for n in range(size))},
        sizes=(150, 300),
    ),
    "ranges of Accept": Door("GET", "/v1/units", lambda size: ", ".join(f"a/b{n};q=0.5" for n in range(size)), ACCEPT),
    "tags of If-None-Match": Door(
        "GET", "/v1/units", lambda size: ", ".join(f'"{n}"' for n in range(size)), "If-None-Match"
    ),
    "a query": Door("GET", "/v1/units", lambda size: {f"p{n}": "1" for n in range(size)}),
}


async def work_of(api: httpx.AsyncClient, door: Door, size: int) -> int:
    """What a request of a size costs, all of it in this thread."""
    sent = door.body(size)
    request: dict[str, Any]
    if door.kind in HEADERS:
        request = {"headers": {door.kind: sent}}
    elif door.kind == FORM:
        request = {"files": sent}
    elif door.method == "GET":
        request = {"params": sent}
    else:
        content = sent if isinstance(sent, str | bytes) else json.dumps(sent)
        request = {"content": content, "headers": {"Content-Type": door.kind}}
    with counted_work() as work:
        answer = await api.request(door.method, door.path, **request)
    assert answer.is_success if door.units else answer.status_code < 500, answer.text
    return work.count


@pytest.mark.parametrize("name", DOORS)
async def test_twice_the_input_is_at_most_twice_the_work(
    name: str, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(call: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return call(*arguments)

    monkeypatch.setattr(anyio.to_thread, "run_sync", at_once)
    door = DOORS[name]
    await with_units(api, [a_unit(), *(door.units(door.sizes) if door.units else ())])
    await work_of(api, door, door.sizes[0] // 2)  # what is made once is made now

    once, twice = [await work_of(api, door, size) for size in door.sizes]

    assert twice < SLACK * once


def test_a_walk_within_a_walk_is_seen() -> None:
    def repeated(names: list[str]) -> list[str]:
        return [name for name in names if names.count(name) > 1]

    costs = []
    for size in (400, 800):
        with counted_work() as work:
            repeated([str(number) for number in range(size)])
        costs.append(work.count)

    assert costs[1] > 3 * costs[0]


REVIEWED = {
    "config.py refuse_unknown: name[len(prefix):].lower() not in known",  # settings
    "answers.py negotiated_format: name in known",  # a few formats
    "bulk_values.py _parameters: place not in shared",  # columns of a table of ours
    "json_items.py next: self.text[self.at:self.at + 1] in spaces",  # four kinds of space
    "parts.py appendix: each not in codes",  # columns of a letter
    "published_base.py find_base: row.under in above",  # the units above one
    "reconciled_points.py points_items: each.indicator in chosen",  # groups of a framework
    "score_items.py flags: code not in found",  # a dozen flags
    "source_pairs.py _pairs: row.source in sources",  # two
    "strict_requests.py name_faults: name not in known",  # the parameters of an address
    "table_records.py _header_faults: name not in names",  # three names in a thousand
}
"""Lists that are searched in a loop, and why each of them is short."""


def test_no_list_that_may_be_long_is_searched_in_a_loop() -> None:
    """Which the count of calls does not see: comparing is done in C."""
    found = {f"{path.name} {each}" for path in APP.rglob("*.py") for each in list_searches(path)}

    assert found == REVIEWED


def test_a_search_of_a_list_in_a_loop_is_seen(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("def once(names: list[str]):\n    seen = list()\n    return [n for n in names if n not in seen]\n")

    assert list(list_searches(code)) == ["once: n not in seen"]
