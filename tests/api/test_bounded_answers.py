"""No answer grows faster than its request: the first thousand faults are named, the others counted."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.answer_limits import AnswerLimits
from tests.make import a_unit, with_units

MOST = 1_000
SMALL = 500_000
"""Bytes of an answer that names a thousand faults."""
CSV = {"Content-Type": "text/csv"}


def a_ring(units: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"R{n}", level="other", parent=f"R{(n + 1) % units}") for n in range(units)]


def assert_bounded(answer: httpx.Response, count: int) -> None:
    """A thousand named, the others counted by the last entry and all of them in `detail`."""
    errors = answer.json()["errors"]
    assert len(errors) == MOST + 1
    assert errors[-1]["code"] == "further_errors"
    assert errors[-1]["detail"].startswith(f"{count - MOST} further")
    assert len(answer.content) < SMALL


async def test_a_ring_of_units_is_told_once_and_in_a_few_steps(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/units/import", json=a_ring(500), params={"dry_run": True})

    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("parent_cycle", "/0/parent")
    assert fault["detail"] == "R0 would stand below itself: R0 → R1 → R2 → R3 → … → R499 → R0."


async def test_every_ring_is_told(api: httpx.AsyncClient) -> None:
    pairs = [a_unit(code=f"P{n}", level="other", parent=f"P{n ^ 1}") for n in range(6)]

    answer = await api.post("/v1/units/import", json=pairs)

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/0/parent", "/2/parent", "/4/parent"]


async def test_of_a_list_of_units_the_first_thousand_faults_are_named(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/units/import", content=json.dumps([{}] * 1_500), headers={"Content-Type": "application/json"}
    )

    assert_bounded(answer, 4_500)
    assert [fault["pointer"] for fault in answer.json()["errors"][:4]] == ["/0/code", "/0/name", "/0/level", "/1/code"]


async def test_of_a_list_of_figures_the_first_thousand_faults_are_named_and_the_counts_add_up(
    api: httpx.AsyncClient,
) -> None:
    answer = await api.post("/v1/imports", json=[{}] * 1_500)

    assert_bounded(answer, 4_500)
    told = answer.json()
    assert (told["rows"], told["rejected"], told["created"]) == (1_500, 1_500, 0)


@pytest.mark.parametrize("path", ["/v1/targets", "/v1/publications"])
async def test_of_a_body_of_many_items_the_first_thousand_faults_are_named(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.put(path, json={"items": [{"nobody": 1}] * 1_500})

    assert len(answer.json()["errors"]) == MOST + 1
    assert len(answer.content) < SMALL


async def test_of_a_framework_the_first_thousand_faults_are_named(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/frameworks/validate", json={"code": "x", "criteria": [{}] * 3_000})

    assert len(answer.json()["errors"]) == MOST + 1
    assert answer.json()["errors"][-1]["code"] == "further_errors"
    assert len(answer.content) < SMALL


async def test_of_a_draft_the_first_thousand_findings_are_named(api: httpx.AsyncClient) -> None:
    one, other = {"rate": "1,0%"}, {"rate": "9,0%"}
    twins = ["b"] * 750
    rows = [{"ref": "a", "now": one, "before": one, "same_as": twins}, {"ref": "b", "now": other, "before": other}]

    answer = await api.post("/v1/check", json={"rows": rows})

    findings = answer.json()["findings"]
    assert len(findings) == MOST + 1
    assert (findings[-1]["rule"], findings[-1]["detail"][:3]) == ("further_findings", "500")


async def test_of_a_query_the_first_thousand_faults_are_named(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units", params={f"p{n}": "1" for n in range(1_500)})

    assert_bounded(answer, 1_500)


async def test_a_header_of_too_many_columns_is_refused_at_once_also_by_a_dry_run(api: httpx.AsyncClient) -> None:
    table = ",".join(["unit", *(f"q{n}" for n in range(8_000))]) + "\n"

    for path in ("/v1/imports?period=2024-01&dry_run=true", "/v1/imports?period=2024-01", "/v1/units/import"):
        answer = await api.post(path, content=table, headers=CSV)

        assert (answer.status_code, answer.json()["code"]) == (400, "columns_too_many")
        assert len(answer.content) < 2_000


HEADINGS = {
    "equal": ["unit", *["value"] * 900],
    "equal and unknown": ["unit", *["q"] * 900],
    "nearly known": ["unit", *(f"valu{chr(0x61 + n % 26)}" for n in range(900))],
    "all different": ["unit", "period", "indicator", "value", *(f"q{n}" for n in range(900))],
}


@pytest.mark.parametrize("door", ["POST /v1/imports?period=2024-01", "POST /v1/units/import", "PUT /v1/targets"])
@pytest.mark.parametrize("names", HEADINGS.values(), ids=HEADINGS)
async def test_what_is_said_of_a_header_does_not_grow_with_its_columns(
    door: str, names: list[str], api: httpx.AsyncClient
) -> None:
    answer = await api.request(*door.split(), content=",".join(names) + "\n", headers=CSV)

    assert answer.status_code == 422, answer.text
    assert len(answer.content) < 25_000


async def test_a_name_as_long_as_a_body_is_repeated_nowhere(api: httpx.AsyncClient) -> None:
    name = "n" * 500_000

    as_field = await api.put("/v1/targets", json={"items": [{name: 1}]})
    as_column = await api.post("/v1/imports?period=2024-01", content=f"unit,{name}\n", headers=CSV)
    as_value = await api.post("/v1/imports", json=[{"unit": name, "indicator": name, "period": name, "note": name}])

    for answer in (as_field, as_column, as_value):
        assert answer.is_client_error
        assert len(answer.content) < 10_000


async def test_an_answer_that_is_too_large_to_be_kept_is_replayed_by_what_became_of_it(
    api: httpx.AsyncClient, service: FastAPI
) -> None:
    service.state.answer_limits = AnswerLimits(repeatable=100)
    await with_units(api, [a_unit()])
    figure = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "numerator": 1, "denominator": 2}

    first = await api.post("/v1/imports", json=[figure], headers={"Idempotency-Key": "large"})
    again = await api.post("/v1/imports", json=[figure], headers={"Idempotency-Key": "large"})

    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (200, 409, "true")
    told = again.json()
    assert (told["code"], told["answered"]) == ("idempotency_answer_not_kept", 200)
    assert told["location"] == f"/v1/imports/{first.json()['id']}"
    assert len((await api.get("/v1/imports")).json()["items"]) == 1
