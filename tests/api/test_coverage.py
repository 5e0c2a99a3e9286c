"""What missing figures cost, from the stored framework to the board and the explained score."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_framework, a_unit, with_units

Client = httpx.AsyncClient
PERIOD = "2026-08"


def a_leaf(code: str, weight: int) -> dict[str, Any]:
    rules = [{"kind": "ratio", "indicator": f"{code}_rate"}]
    return {"code": code, "name": {"vi": code.title()}, "max": 100, "weight": weight, "rules": rules}


def a_mean(**ranking: object) -> dict[str, Any]:
    """A light figure and one of nine times its weight."""
    indicators = [{"code": f"{code}_rate", "kind": "ratio", "name": {"vi": code}} for code in ("light", "heavy")]
    group = {
        "code": "both",
        "name": {"vi": "Cả hai"},
        "max": 100,
        "rules": [{"kind": "weighted_mean"}],
        "criteria": [a_leaf("light", 1), a_leaf("heavy", 9)],
    }
    return a_framework(indicators=indicators, criteria=[group], **({"ranking": ranking} if ranking else {}))


@pytest.fixture
async def communes(api: Client) -> None:
    """Of three, one lacks the heavy figure, one the light one, one has n of 0 for it."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.10{number}") for number in (1, 2, 3))])


async def with_rates(api: Client) -> None:
    known = [("1", "light", {"value": 99}), ("2", "heavy", {"value": 80}), ("3", "heavy", {"value": 70})]
    known += [("3", "light", {"numerator": 0, "denominator": 0})]
    rows = [
        {"unit": f"H60.10{unit}", "period": PERIOD, "indicator": f"{code}_rate", "source": "national_portal", **figure}
        for unit, code, figure in known
    ]
    answer = await api.post("/v1/imports", json=rows)
    assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(
    ("ranking", "ranks", "bands"),
    [
        ({}, {"H60.101": None, "H60.102": None, "H60.103": 1}, {"H60.101", "H60.102"}),
        ({"min_coverage": "0.9"}, {"H60.101": None, "H60.102": 1, "H60.103": 2}, {"H60.101"}),
        ({"incomplete": "ranked"}, {"H60.101": 1, "H60.102": 2, "H60.103": 3}, set()),
    ],
)
async def test_a_unit_is_ranked_and_classed_by_the_weight_of_what_it_has(
    api: Client, ranking: dict[str, str], ranks: dict[str, int | None], bands: set[str]
) -> None:
    assert (await api.post("/v1/frameworks", json=a_mean(**ranking))).status_code == 201
    await with_rates(api)

    found = await api.get(
        "/v1/scores", params={"period": PERIOD, "level": "commune", "under": "H60", "framework": "mot_cua"}
    )
    items = {item["unit"]["code"]: item for item in found.json()["items"]}

    assert {code: item["total"] for code, item in items.items()} == {"H60.101": 99, "H60.102": 80, "H60.103": 70}
    assert {code: item["coverage"] for code, item in items.items()} == {"H60.101": 0.1, "H60.102": 0.9, "H60.103": 1}
    assert {code: item["rank"] for code, item in items.items()} == ranks
    assert {code for code, item in items.items() if item["band"] is None} == bands
    assert {code for code, item in items.items() if "partial" in item["flags"]} == {"H60.101", "H60.102"}


@pytest.mark.usefixtures("communes")
async def test_the_total_says_what_is_absent_and_the_framework_only_what_was_stated(api: Client) -> None:
    assert (await api.post("/v1/frameworks", json=a_mean())).status_code == 201
    await with_rates(api)

    explained = (await api.get(f"/v1/scores/H60.101/{PERIOD}", params={"framework": "mot_cua"})).json()
    kept = (await api.get("/v1/frameworks/mot_cua@2026")).json()

    assert explained["sentence"] == ("Tổng điểm: mới có một phần số liệu, chưa có Heavy; phần đã biết được 99/100 điểm")
    assert "without Heavy" in explained["sentence_en"]
    assert "min_coverage" not in kept["ranking"]
