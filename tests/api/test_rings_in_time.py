"""No unit stands below itself on any day, past or to come, by every door that states a parent."""

from typing import Any

import httpx
import pytest

from app.domain.unit_trees import MOST_LEVELS
from tests.make import a_commune, a_unit, with_units

A, B = "H60.1", "H60.2"
Door = tuple[str, str, Any]


def by_move(code: str, parent: str, day: str) -> Door:
    return "POST", "/v1/unit-events", {"kind": "move", "effective_on": day, "from": [code], "parent": parent}


def by_patch(code: str, parent: str, valid_from: str) -> Door:
    return "PATCH", f"/v1/units/{code}", {"parent": parent, "valid_from": valid_from}


def by_list(code: str, parent: str, valid_from: str) -> Door:
    return "POST", "/v1/units/import", [a_unit(code=code, level="department", parent=parent, valid_from=valid_from)]


@pytest.fixture(autouse=True)
async def offices(api: httpx.AsyncClient) -> None:
    """Two offices; the second stands under the first from 2022 to 2023 alone."""
    office = {"level": "department", "parent": "H60"}
    await with_units(api, [a_unit(), a_unit(code=A, **office), a_unit(code=B, **office)])
    for parent, day in ((A, "2022-01-01"), ("H60", "2024-01-01")):
        method, path, body = by_move(B, parent, day)
        answer = await api.request(method, path, json=body)
        assert answer.status_code == 201, answer.text


RINGS = {
    "an event before": by_move(A, B, "2021-06-01"),
    "an event meanwhile": by_move(A, B, "2023-06-01"),
    "a patch": by_patch(A, B, "2020-01-01"),
    "a list": by_list(A, B, "2020-01-01"),
}
FITS = {
    "an event after": by_move(A, B, "2024-01-01"),
    "a patch": by_patch(A, B, "2024-01-01"),
    "a list": by_list(A, B, "2024-01-01"),
}


@pytest.mark.parametrize("door", RINGS)
async def test_no_ring_is_closed_in_a_time_that_is_past(door: str, api: httpx.AsyncClient) -> None:
    method, path, body = RINGS[door]

    answer = await api.request(method, path, json=body)
    vietnamese = await api.request(method, path, json=body, headers={"Accept-Language": "vi"})

    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["value"]) == ("parent_cycle", B)
    assert fault["pointer"].endswith("/parent")
    day = "2023-06-01" if door == "an event meanwhile" else "2022-01-01"
    for told in (answer.json(), vietnamese.json()):
        assert f"{A} → {B} → {A}" in told["errors"][0]["detail"]
        assert day in told["errors"][0]["detail"]


@pytest.mark.parametrize("door", FITS)
async def test_a_unit_may_stand_under_one_that_stood_under_it_before(door: str, api: httpx.AsyncClient) -> None:
    method, path, body = FITS[door]

    answer = await api.request(method, path, json=body)

    assert answer.is_success, answer.text


async def test_no_unit_stands_too_deep_in_a_time_that_is_past(api: httpx.AsyncClient) -> None:
    line = [a_unit(code=f"L{n}", level="other", parent=f"L{n - 1}" if n else None) for n in range(MOST_LEVELS - 1)]
    await with_units(api, [*line, a_commune("H60.3")])
    method, path, body = by_move("H60.3", B, "2020-01-01")
    assert (await api.request(method, path, json=body)).status_code == 201

    answers = [
        await api.request(method, path, json=body)
        for method, path, body in (
            by_move(A, line[-1]["code"], "2021-01-01"),
            by_patch(A, line[-1]["code"], "2021-01-01"),
        )
    ]

    assert [each.status_code for each in answers] == [422, 422], answers[0].text
    assert [each.json()["errors"][0]["code"] for each in answers] == ["hierarchy_too_deep"] * 2


async def test_a_unit_without_a_parent_closes_no_ring_by_its_past(api: httpx.AsyncClient) -> None:
    """Its first parent is stated for earlier years, in which that one stood below it."""
    c, d = "H60.5", "H60.6"
    await with_units(api, [a_unit(code=c, level="department", parent="H60", valid_from="2010-01-01")])
    await with_units(api, [a_unit(code=d, level="department", parent=c)])
    for move in (by_move(d, "H60", "2010-01-01"), by_move(c, d, "2010-01-01"), by_move(c, "H60", "2020-01-01")):
        method, path, body = move
        assert (await api.request(method, path, json=body)).status_code == 201
    assert (await api.patch(f"/v1/units/{c}", json={"parent": None})).status_code == 200

    answer = await api.patch(f"/v1/units/{c}", json={"valid_from": "2005-01-01"})

    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["code"] == "parent_cycle"
