"""How often the database is asked: as often about many units as about a few, by lists, reports and statements."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from app.store.db import Database
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
PERIOD, SYSTEM = {"period": "2024-07"}, "provincial_system"
LIVE = {**PERIOD, "under": "H60"}
COMMUNES = {**LIVE, "level": "commune"}
CUBE = {"format": "json-stat"}
FEW = ["H60.101", "H60.102"]
MANY = [f"H60.{number}" for number in range(200, 206)]

READS = [
    ("/v1/values", PERIOD, 1),
    ("/v1/values", {**PERIOD, **CUBE}, 3),
    ("/v1/scores", COMMUNES, 14),
    ("/v1/scores", {**COMMUNES, **CUBE}, 14),
    ("/v1/scores/sensitivity", COMMUNES, 14),
    ("/v1/overview", {"under": "H60"}, 60),
    (f"/v1/scores/{FEW[0]}/2024-07/change", {}, 30),
    ("/v1/periods/2024-07/completeness", {"level": "commune", "under": "H60"}, 10),
    ("/v1/findings", PERIOD, 15),
    ("/v1/targets", {}, 2),
    ("/v1/publications", {"state": "overdue"}, 2),
    ("/v1/tasks", {"overdue": "true"}, 2),
    ("/v1/reports/announcement", LIVE, 140),
    ("/v1/reports/below-target", COMMUNES, 15),
    ("/v1/reports/brief", LIVE, 110),
    ("/v1/reports/classification", LIVE, 75),
    ("/v1/reports/comparison", {**COMMUNES, "unit": FEW[0]}, 28),
    ("/v1/reports/counts", {**LIVE, "indicator": "overdue_dossiers"}, 10),
    ("/v1/reports/movers", {**LIVE, "periods": "3"}, 150),
    ("/v1/reports/notice", LIVE, 110),
    ("/v1/reports/publication", LIVE, 10),
    ("/v1/reports/reconciliation", {**LIVE, "framework": "qd766@2026"}, 10),
    ("/v1/reports/tasks", LIVE, 10),
]
"""Addresses with their queries, and how many statements may be sent to the database for an answer."""


def figures(unit: str) -> list[dict[str, Any]]:
    """Figures for every report: points, a rate from two sources, a count, and a rate that its counts contradict."""
    rate = some_figures(unit, indicator="online_dossiers", numerator=30, denominator=100)
    other = some_figures(unit, indicator="online_dossiers", numerator=20, denominator=100, source=SYSTEM)
    stated: dict[str, Any] = {"unit": unit, **PERIOD, "source": "national_portal"}
    points = {"total_points": 65, "transparency_points": 16, "on_time": 91, "overdue_dossiers": 3}
    said = [{**stated, "indicator": indicator, "value": value} for indicator, value in points.items()]
    return [*rate, *other, *said, *some_figures(unit, numerator=3863, denominator=5454, value=71)]


def targets(units: Sequence[str]) -> Any:
    return {"items": [{"indicator": "online_dossiers", "year": 2024, "unit": unit, "target": 50} for unit in units]}


def publications(units: Sequence[str]) -> Any:
    return {"items": [{"unit": unit, "period": "2024-07", "due_on": "2024-08-28"} for unit in units]}


async def state(api: Client, path: str, body: Any) -> None:
    answer = await api.put(path, json=body)
    assert answer.status_code == 200, answer.text


async def with_communes(api: Client, units: Sequence[str]) -> None:
    """Communes with figures, targets that they miss, publications and tasks that are overdue."""
    await with_units(api, [a_unit(), *map(a_commune, units)])
    await with_figures(api, [row for unit in units for row in figures(unit)])
    await state(api, "/v1/targets", targets(units))
    await state(api, "/v1/publications", publications(units))
    for unit in units:
        order = {"kind": "directive", "title": "Rà soát", "assignee": unit, "unit": "H60", "due_on": "2024-09-15"}
        assert (await api.post("/v1/tasks", json={**order, **PERIOD})).status_code == 201


@pytest.mark.parametrize(("path", "query", "most"), READS)
async def test_more_units_cost_no_more_queries(
    path: str, query: dict[str, str], most: int, api: Client, database: Database, count_queries: Callable[[], Any]
) -> None:
    sent, answered = [], []
    for units in (FEW, MANY):
        await with_communes(api, units)
        database.memory.entries.clear()
        with count_queries() as queries:
            answer = await api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        sent.append(len(queries))
        answered.append(answer.content)

    assert sent[1] == sent[0] <= most
    assert answered[1] != answered[0]


@pytest.mark.parametrize(("path", "body"), [("/v1/targets", targets), ("/v1/publications", publications)])
async def test_more_statements_cost_no_more_queries(
    path: str, body: Callable[[Sequence[str]], Any], api: Client, count_queries: Callable[[], Any]
) -> None:
    await with_units(api, [a_unit(), *map(a_commune, [*FEW, *MANY])])
    sent = []
    for units in (FEW, [*FEW, *MANY]):
        with count_queries() as queries:
            await state(api, path, body(units))
        sent.append(len(queries))

    assert sent[1] == sent[0]


async def test_an_undo_does_not_read_the_figures_that_it_takes_back(
    api: Client, count_queries: Callable[[], Any]
) -> None:
    """In bulk the database changes them by itself; to say which it changed took a third of the time."""
    await with_communes(api, MANY)
    with count_queries() as queries:
        undone = await api.post("/v1/imports/1/undo")

    assert undone.json()["updated"] == len(MANY) * len(figures("H60"))
    assert [each for each in queries if "_values" in each and "RETURNING" in each] == []


@pytest.mark.parametrize("place", [{"under": "H60"}, {"level": "commune"}, {"under": "H60", "level": "commune"}])
@pytest.mark.parametrize("history", ["false", "true"])
async def test_more_days_of_change_make_no_longer_statement_about_values(
    place: dict[str, str], history: str, api: Client, count_queries: Callable[[], Any]
) -> None:
    periods = [f"2024-{month:02d}" for month in range(1, 13)]
    await with_units(api, [a_unit(), a_unit(code="H19", name="Tỉnh khác"), *map(a_commune, FEW)])
    await with_figures(api, [row for period in periods for row in some_figures("H60", *FEW, period=period)])
    query = {**place, "history": history, "limit": "1000"}
    longest = []
    for months in (range(2, 4), range(4, 13)):
        for month in months:
            parent = "H60" if month % 2 else "H19"
            event = {"kind": "move", "effective_on": f"2024-{month:02d}-01", "from": [FEW[1]], "parent": parent}
            moved = await api.post("/v1/unit-events", params={"force": True}, json=event)
            assert moved.is_success, moved.text
        with count_queries() as queries:
            items = (await api.get("/v1/values", params=query)).json()["items"]
        longest.append(max(map(len, queries)))

    assert longest[1] == longest[0]
    asked = [(await api.get("/v1/values", params={**query, "period": each})).json()["items"] for each in periods]
    assert items == [item for of_period in asked for item in of_period]
    if "under" in place:
        assert [each["period"] for each in items if each["unit"] == FEW[1]] == periods[::2]
