"""Points that hang on the figures of other units: on boards, explained, through time, supposed and frozen."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.store.db import Database
from tests.api.test_other_index import named
from tests.make import a_commune, a_key, a_unit, bearer, with_figures, with_units

Client = httpx.AsyncClient

COMMUNES = {"H60.101": 60, "H60.102": 95, "H60.103": 85, "H61.101": 20, "H61.102": 40}
QUERY = {"framework": "among"}
BOARD = {**QUERY, "period": "2026", "level": "commune"}


def rows(figures: Mapping[str, float], period: str = "2026", indicator: str = "speed") -> list[dict[str, Any]]:
    where = {"period": period, "indicator": indicator, "source": "survey"}
    return [{"unit": unit, "value": value, **where} for unit, value in figures.items()]


def among(**rule: Any) -> dict[str, Any]:
    """An index of sixty points by comparison and forty by a rate."""
    comparing = {"kind": "normalise", "indicator": "speed", "method": "min_max", **rule}
    return {
        **named("among"),
        "version": "2026",
        "valid_from": "2025-01-01",
        "sources": ["survey"],
        "bands": [{**named("high"), "min": 50}, {**named("low"), "min": 0}],
        "indicators": [named("speed", kind="number"), named("rate", kind="ratio")],
        "criteria": [
            {**named("pace"), "max": 60, "rules": [comparing]},
            {**named("share"), "max": 40, "rules": [{"kind": "ratio", "indicator": "rate"}]},
        ],
    }


async def posted(api: Client, **rule: Any) -> None:
    """Five communes under two provinces, each with half of the points of the rate."""
    communes = [a_commune(code, parent=code[:3]) for code in COMMUNES]
    await with_units(api, [a_unit(), a_unit(code="H61", name="Tỉnh khác"), *communes])
    answer = await api.post("/v1/frameworks", json=among(**rule))
    assert answer.status_code == 201, answer.text
    await with_figures(api, [*rows(COMMUNES), *rows(dict.fromkeys(COMMUNES, 50), indicator="rate")])


async def points(client: Client, code: str = "pace", **query: Any) -> dict[str, float]:
    answer = await client.get("/v1/scores", params={**BOARD, **query})
    assert answer.status_code == 200, answer.text
    return {item["unit"]["code"]: item["groups"][code] for item in answer.json()["items"]}


async def explained(client: Client, unit: str = "H60.103") -> dict[str, Any]:
    answer = await client.get(f"/v1/scores/{unit}/2026", params=QUERY)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_units_are_compared_with_those_of_their_board(api: Client) -> None:
    await posted(api)

    assert await points(api, under="H60") == {"H60.101": 0, "H60.102": 60, "H60.103": 42.86}
    assert (await points(api))["H60.103"] == 52


async def test_units_are_compared_with_their_siblings_on_every_board_where_the_rule_says_so(api: Client) -> None:
    await posted(api, over="parent")

    assert await points(api) == {"H60.101": 0, "H60.102": 60, "H60.103": 42.86, "H61.101": 0, "H61.102": 60}


async def test_what_a_unit_is_compared_with_is_among_the_inputs(api: Client) -> None:
    await posted(api)

    node = (await explained(api))["criteria"][0]

    assert node["arithmetic"] == "100 × (85 − 60) / (95 − 60) ≈ 71.4286; 71.4286 × 60 / 100 ≈ 42.86"
    assert [(each["role"], each["value"]) for each in node["inputs"]] == [
        ("figure", 85),
        ("least", 60),
        ("most", 95),
        ("compared", 3),
    ]
    assert node["rule"]["method"] == "min_max"


async def test_a_key_of_one_unit_sees_its_points_as_all_do_and_no_figure_of_the_others(
    api: Client, database: Database
) -> None:
    await posted(api)
    api.headers.update(bearer(a_key(database, unit="H60.103")))

    answer = await explained(api)
    node = answer["criteria"][0]

    assert (node["points"], answer["total"], answer["ranks"]["siblings"]) == (42.86, 62.86, None)
    assert [each["role"] for each in node["inputs"]] == ["figure"]
    assert "95" not in node["arithmetic"] + node["sentence"] + node["sentence_en"]
    assert await points(api) == {"H60.103": 52}
    series = (await api.get("/v1/scores/H60.103", params=QUERY)).json()
    assert series["items"][0]["total"] == 62.86
    supposed = await api.post("/v1/scores/what-if", json={"period": "2026", "level": "commune", **QUERY, "values": []})
    assert [(each["total"], each["difference"]["total"]) for each in supposed.json()["items"]] == [(72, 0)]


async def test_a_supposed_figure_moves_the_points_of_others(api: Client) -> None:
    await posted(api)

    answer = await api.post(
        "/v1/scores/what-if",
        json={"period": "2026", "level": "commune", "under": "H60", **QUERY, "values": rows({"H60.102": 110})},
    )

    differences = {each["unit"]["code"]: each["difference"]["groups"]["pace"] for each in answer.json()["items"]}
    assert differences == {"H60.101": 0, "H60.102": 0, "H60.103": -12.86}


async def test_what_others_did_to_the_points_of_a_unit_is_told_apart(api: Client) -> None:
    await posted(api)
    before = {"H60.101": 60, "H60.102": 110, "H60.103": 80}
    await with_figures(api, [*rows(before, "2025"), *rows(dict.fromkeys(before, 50), "2025", "rate")])

    answer = (await api.get("/v1/scores/H60.103/2026/change", params=QUERY)).json()

    part = answer["parts"][0]
    # 24 → 42.86; by its own figure alone 30 − 24 or 42.86 − 34.29, half of both
    assert (part["effect"]["figures"], part["others"], answer["total"]) == (18.86, 11.575, 18.86)
    assert "các đơn vị khác" in answer["sentence"]


async def test_a_place_among_others_is_nothing_that_further_cases_reach(api: Client) -> None:
    await posted(api)

    answer = (await api.get("/v1/scores/H60.101/2026/reach", params={**QUERY, "band": "high"})).json()

    pace, share = answer["criteria"]
    assert (pace["feasible"], pace["not_actionable"]) == (False, "others")
    assert share["gain_possible"] == 20
    assert answer["reachable"] is None


async def test_a_frozen_board_keeps_the_figures_that_were_compared(api: Client) -> None:
    await posted(api)
    made = await api.post("/v1/evaluations", json={**QUERY, "period": "2026", "under": "H60", "levels": ["commune"]})
    await with_figures(api, rows({"H60.102": 1000}))

    number = made.json()["id"]
    frozen = (await api.get(f"/v1/evaluations/{number}/scores/H60.103")).json()
    verified = (await api.get(f"/v1/evaluations/{number}/verify")).json()

    assert frozen["criteria"][0]["inputs"][2]["value"] == 95
    assert frozen["total"] == 62.86
    assert verified["matches"] is True
    assert (await explained(api))["total"] < 62.86


@pytest.mark.parametrize("policy", ["none", "full"])
async def test_of_a_unit_whose_peers_were_not_frozen_no_total_is_told(api: Client, policy: str) -> None:
    await posted(api)
    other = among() | {"version": "2027"}
    other["criteria"][0]["missing"] = {"no_value": policy}
    assert (await api.post("/v1/frameworks", json=other | {"valid_from": "2026-01-01"})).status_code == 201
    await with_figures(api, [*rows({"H60": 70, "H61": 90}), *rows({"H60": 50, "H61": 50}, indicator="rate")])
    made = await api.post("/v1/evaluations", json={**QUERY, "period": "2026", "under": "H60", "levels": ["commune"]})

    letter = await api.get("/v1/reports/announcement", params={"evaluation": made.json()["id"], "format": "json"})

    assert letter.status_code == 200, letter.text
    assert (await explained(api, "H60"))["total"] == 20
    assert letter.json()["fields"]["total"] is None
    apart = await api.get(f"/v1/evaluations/{made.json()['id']}/scores/H60")
    assert (apart.status_code, apart.json()["code"]) == (404, "peers_not_frozen")
