"""Periods: computed from their codes, listed where they hold data, locked against changes."""

from typing import Any

import httpx
import pytest

from tests.make import a_unit, some_figures, with_figures, with_units

HELD = ("2023", "2024-06", "2024-07", "2024-Q3", "2024-H2", "2024")


@pytest.fixture
async def figures(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [some_figures(period=period)[0] for period in HELD])


async def listed(api: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await api.get("/v1/periods", params=query)
    assert answer.status_code == 200, answer.text
    return [period["code"] for period in answer.json()["items"]]


async def test_a_period_is_computed_from_its_code(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/v1/periods/2024-Q3")).json() == {
        "code": "2024-Q3",
        "type": "quarter",
        "starts_on": "2024-07-01",
        "ends_on": "2024-09-30",
        "previous": "2024-Q2",
        "same_last_year": "2023-Q3",
        "parent": "2024-H2",
        "children": ["2024-07", "2024-08", "2024-09"],
        "locked": False,
    }


@pytest.mark.parametrize(("code", "meant"), [("2024-7", "2024-07"), ("2024-q2", "2024-Q2"), ("2024-07-31", "2024-07")])
async def test_a_code_that_is_none_is_refused_with_the_one_that_was_meant(
    anonymous: httpx.AsyncClient, code: str, meant: str
) -> None:
    answer = await anonymous.get(f"/v1/periods/{code}")

    assert (answer.status_code, answer.json()["code"]) == (422, "period_invalid")
    assert answer.json()["errors"][0]["suggestion"] == meant


@pytest.mark.usefixtures("figures")
async def test_periods_that_hold_data_are_listed_by_their_days(api: httpx.AsyncClient) -> None:
    assert await listed(api) == ["2023", "2024", "2024-06", "2024-H2", "2024-Q3", "2024-07"]
    assert await listed(api, type="month") == ["2024-06", "2024-07"]
    assert await listed(api, **{"from": "2024-Q3"}) == ["2024-H2", "2024-Q3", "2024-07"]
    assert await listed(api, to="2024-07") == ["2023", "2024-06", "2024-07"]
    assert await listed(api, **{"from": "2024", "to": "2024", "type": "year"}) == ["2024"]


@pytest.mark.parametrize("parameter", ["from", "to"])
async def test_a_span_of_no_period_is_refused(api: httpx.AsyncClient, parameter: str) -> None:
    answer = await api.get("/v1/periods", params={parameter: "2024-7"})

    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


@pytest.mark.usefixtures("figures")
async def test_pages_of_periods_stay_right_while_others_are_added(api: httpx.AsyncClient) -> None:
    first = (await api.get("/v1/periods", params={"limit": 2})).json()
    await with_figures(api, [some_figures(period=period)[0] for period in ("2023-H2", "2024-Q1")])

    rest = await listed(api, cursor=first["next_cursor"])

    assert [period["code"] for period in first["items"]] == ["2023", "2024"]
    assert rest == ["2024-Q1", "2024-06", "2024-H2", "2024-Q3", "2024-07"]


@pytest.mark.usefixtures("figures")
async def test_a_locked_period_takes_no_figures_until_it_is_opened(api: httpx.AsyncClient) -> None:
    locked = await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})
    again = await api.put("/v1/periods/2024-07/lock")
    refused = await api.post("/v1/imports", json=some_figures(numerator=1))
    other = await api.post("/v1/imports", json=some_figures(numerator=1, period="2024-06"))

    assert (locked.json()["locked"], again.status_code, other.status_code) == (True, 200, 200)
    assert [fault["code"] for fault in refused.json()["errors"]] == ["period_locked"]
    assert (await api.get("/v1/periods/2024-07")).json()["locked"] is True
    listed_period = (await api.get("/v1/periods", params={"from": "2024-07", "to": "2024-07"})).json()["items"]
    assert [period["locked"] for period in listed_period] == [True]
    opened = await api.delete("/v1/periods/2024-07/lock", params={"reason": "Sửa số liệu"})
    assert opened.json()["locked"] is False
    assert (await api.post("/v1/imports", json=some_figures(numerator=1))).status_code == 200


async def test_locking_and_opening_stand_in_the_trace_with_their_reasons_once(api: httpx.AsyncClient) -> None:
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Lần nữa"})
    await api.delete("/v1/periods/2024-07/lock?reason=Sửa")
    await api.delete("/v1/periods/2024-07/lock?reason=Sửa nữa")

    entries = (await api.get("/v1/audit", params={"subject": "period:2024-07"})).json()["items"]
    assert [(entry["action"], entry["after"]["reason"]) for entry in entries] == [
        ("period.unlocked", "Sửa"),
        ("period.locked", "Đã công bố"),
    ]


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": 5}, {}, {"reason": "x", "by": "me"}, []])
async def test_a_reason_that_says_nothing_is_refused(api: httpx.AsyncClient, body: object) -> None:
    assert (await api.put("/v1/periods/2024-07/lock", json=body)).status_code == 422
    assert (await api.get("/v1/periods/2024-07")).json()["locked"] is False


@pytest.mark.parametrize("code", ["2024-7", "x"])
async def test_no_period_that_is_none_can_be_locked(api: httpx.AsyncClient, code: str) -> None:
    assert (await api.put(f"/v1/periods/{code}/lock")).status_code == 422
    assert (await api.delete(f"/v1/periods/{code}/lock")).status_code == 422
