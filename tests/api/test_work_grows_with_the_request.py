"""Twice as much that is sent is at most twice the work, at every door that takes many things at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import httpx
import pytest

from tests.make import a_unit, with_units
from tests.support.work import counted_work

SLACK = 2.2
"""Twice, and a little for memory that grows in steps."""
CSV, JSON = "text/csv", "application/json"


@dataclass(frozen=True)
class Door:
    """A request of a size."""

    method: str
    path: str
    body: Callable[[int], Any]
    kind: str = JSON


def a_row(number: int) -> dict[str, Any]:
    return {"unit": f"X{number}", "period": "2024-07", "indicator": f"i{number}", "value": "?"}


def rows_of(size: int) -> list[dict[str, Any]]:
    return [a_row(number) for number in range(size)]


def a_ring(size: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"R{n}", level="other", parent=f"R{(n + 1) % size}") for n in range(size)]


def a_chain(size: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"D{n}", level="other", parent=f"D{n + 1}") for n in range(size)]


def a_draft(size: int) -> dict[str, Any]:
    return {"rows": [{"ref": f"r{n}", "now": {"count": "1/2", "rate": "9%"}, "same_as": "r0"} for n in range(size)]}


def a_framework(size: int) -> dict[str, Any]:
    rule = {"kind": "ratio", "indicator": "nobody"}
    return {"code": "x", "criteria": [{"code": f"c{n}", "max": 1, "rules": [rule]} for n in range(size)]}


def an_event(size: int) -> dict[str, Any]:
    before, after = ([f"{side}{n}" for n in range(size)] for side in ("A", "B"))
    return {"kind": "merge", "effective_on": "2025-07-01", "from": before, "to": [{"unit": code} for code in after]}


def a_task(size: int) -> dict[str, Any]:
    helpers = [f"H{n}" for n in range(size // 4)]  # no more than 200 may help
    return {"kind": "directive", "title": "x", "assignee": "H60", "helpers": helpers}


def a_target(number: int) -> dict[str, Any]:
    return {"indicator": f"i{number}", "year": 2024, "unit": f"X{number}", "target": 90}


DOORS = {
    "units": Door("POST", "/v1/units/import", lambda size: [{"code": f"u {n}"} for n in range(size)]),
    "rings of units": Door("POST", "/v1/units/import", a_ring),
    "chains of units": Door("POST", "/v1/units/import", a_chain),
    "unit events": Door("POST", "/v1/unit-events", an_event),
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
    "criteria of a framework": Door("POST", "/v1/frameworks/validate", a_framework),
    "a query": Door("GET", "/v1/units", lambda size: {f"p{n}": "1" for n in range(size)}),
}


async def work_of(api: httpx.AsyncClient, door: Door, size: int) -> int:
    """What a request of a size costs, all of it in this thread."""
    sent = door.body(size)
    if door.method == "GET":
        request: dict[str, Any] = {"params": sent}
    else:
        content = sent if isinstance(sent, str) else json.dumps(sent)
        request = {"content": content, "headers": {"Content-Type": door.kind}}
    with counted_work() as work:
        answer = await api.request(door.method, door.path, **request)
    assert answer.status_code < 500
    return work.count


@pytest.mark.parametrize("name", DOORS)
async def test_twice_the_input_is_at_most_twice_the_work(
    name: str, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(call: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return call(*arguments)

    monkeypatch.setattr(anyio.to_thread, "run_sync", at_once)
    await with_units(api, [a_unit()])
    await work_of(api, DOORS[name], 400)  # what is made once is made now

    once, twice = [await work_of(api, DOORS[name], size) for size in (400, 800)]

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
