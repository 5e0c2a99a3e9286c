"""A key that is bound to a unit reads every import that wrote for its units alone, whoever sent it."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.services.rights import Scope
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient


@pytest.fixture
async def province(api: Client, as_key: Callable[..., Client]) -> Client:
    """A key of a province with two communes; another province has one."""
    units = [a_unit(), a_commune("H60.101"), a_commune("H60.102"), a_unit(code="H19"), a_commune("H19.101")]
    await with_units(api, units)
    return as_key(Scope.VALUES_READ, Scope.VALUES_WRITE, unit="H60")


async def seen_by(key: Client) -> list[int]:
    return [each["id"] for each in (await key.get("/v1/imports")).json()["items"]]


async def alone(key: Client, id: int) -> int:
    return (await key.get(f"/v1/imports/{id}")).status_code


async def test_an_import_for_its_units_alone_is_read_whoever_sent_it(
    api: Client, province: Client, as_key: Callable[..., Client]
) -> None:
    commune = as_key(Scope.VALUES_READ, Scope.VALUES_WRITE, unit="H60.101")
    ids = {
        "all of it": await with_figures(api, some_figures("H60", "H60.101", "H60.102")),
        "one commune": await with_figures(api, some_figures("H60.101", numerator=1)),
        "by the commune": await with_figures(commune, some_figures("H60.101", numerator=2)),
        "a foreign one, too": await with_figures(api, some_figures("H60.102", "H19.101", numerator=3)),
        "foreign": await with_figures(api, some_figures("H19", numerator=4)),
        "nothing new": await with_figures(api, some_figures("H60.101", numerator=2)),
    }
    number = {name: done["id"] for name, done in ids.items()}
    by_province = [number[name] for name in ("by the commune", "one commune", "all of it")]
    by_commune = [number[name] for name in ("by the commune", "one commune")]

    assert await seen_by(province) == by_province
    assert await seen_by(commune) == by_commune
    assert [id for id in number.values() if await alone(province, id) == 200] == by_province[::-1]
    assert [id for id in number.values() if await alone(commune, id) == 200] == by_commune[::-1]


async def test_what_an_import_says_of_rows_of_other_units_is_not_read(api: Client, province: Client) -> None:
    refused = some_figures("H60.101", "H19.101")
    refused[1]["numerator"] = "secret"
    doubted = {"unit": "H19.101", "period": "2024-07", "indicator": "on_time", "value": 0.5}
    first = await with_figures(api, [doubted])
    ids = [first["id"]]
    for query, rows in (("?on_error=skip", refused), ("", [*some_figures("H60.102"), doubted])):
        answer = await api.post(f"/v1/imports{query}", json=rows)
        assert answer.json()["errors"] or answer.json()["warnings"]
        ids.append(answer.json()["id"])

    assert await seen_by(province) == []
    assert [await alone(province, id) for id in ids] == [404, 404, 404]
    assert [(await province.post(f"/v1/imports/{id}/undo")).status_code for id in ids] == [404, 404, 404]


async def test_an_undo_is_read_by_whoever_reads_what_it_took_back(api: Client, province: Client) -> None:
    own = await with_figures(api, some_figures("H60.101"))
    foreign = await with_figures(api, some_figures("H19.101"))
    undone = [(await api.post(f"/v1/imports/{each['id']}/undo")).json()["id"] for each in (own, foreign)]

    assert await seen_by(province) == [undone[0], own["id"]]


async def test_whose_an_import_is_the_tree_of_today_says(api: Client, province: Client) -> None:
    done = await with_figures(api, some_figures("H60.101"))
    assert await seen_by(province) == [done["id"]]

    moved: dict[str, Any] = {"kind": "move", "effective_on": "2024-01-01", "from": ["H60.101"], "parent": "H19"}
    assert (await api.post("/v1/unit-events", params={"force": True}, json=moved)).status_code == 201

    assert await seen_by(province) == []
    assert await alone(province, done["id"]) == 404


async def test_an_import_in_the_background_is_known_by_its_units_as_well(
    api: Client, province: Client, service: FastAPI
) -> None:
    """Staged by a snapshot, and stored by another transaction."""
    service.state.jobs.start()
    answer = await api.post("/v1/imports", json=some_figures("H60.101"), headers={"Prefer": "respond-async"})
    for _ in range(500):
        if (await api.get(answer.headers["Location"])).json()["status"] == "applied":
            break
        await asyncio.sleep(0.01)
    service.state.jobs.stop()

    assert answer.status_code == 202
    assert await seen_by(province) == [answer.json()["id"]]


async def test_what_others_sent_for_its_units_alone_it_may_take_back(api: Client, province: Client) -> None:
    done = await with_figures(api, some_figures("H60.101", "H60.102"))
    both = await with_figures(api, some_figures("H60", "H19"))

    undone = await province.post(f"/v1/imports/{done['id']}/undo")

    assert (undone.status_code, undone.json()["updated"]) == (200, 2)
    assert (await province.post(f"/v1/imports/{both['id']}/undo")).status_code == 404
