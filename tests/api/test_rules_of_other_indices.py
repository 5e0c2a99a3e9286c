"""Rules that other indices need, from the posted document to the explained score and the frozen result."""

from typing import Any

import httpx

from tests.api.test_other_index import figures, named
from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient

DOCUMENT: dict[str, Any] = {
    **named("sides"),
    "version": "2026",
    "valid_from": "2026-01-01",
    "sources": ["survey"],
    "bands": [{**named("high"), "min": 50}, {**named("low"), "min": 0}],
    "indicators": [
        named("posts", kind="count"),
        named("people", kind="count"),
        named("speed", kind="number"),
        named("faults", kind="count", direction="down"),
    ],
    "criteria": [
        {
            **named("staff"),
            "max": 100,
            "weight": 1,
            "rules": [{"kind": "ratio", "indicator": "posts", "of": "people", "full_at": 50}],
        },
        {
            **named("pace"),
            "max": 100,
            "weight": 1,
            "rules": [
                {
                    "kind": "piecewise",
                    "indicator": "speed",
                    "points": [{"at": 0, "points": 0}, {"at": 10, "points": 60}, {"at": 20, "points": 100}],
                }
            ],
        },
    ],
    "total": {
        "rules": [{"kind": "geometric_mean"}],
        "adjustments": [
            {
                "indicator": "faults",
                "points": -2,
                "at_most": 3,
                "name": {"vi": "Lỗi kỹ thuật"},
                "legal_ref": "Quyết định 1/QĐ-UBND",
            }
        ],
    },
}
WHERE = {"framework": "sides", "period": "2026"}


async def posted(api: Client, document: dict[str, Any] = DOCUMENT) -> None:
    await with_units(api, [a_unit(), *(a_commune(code) for code in ("H60.101", "H60.102"))])
    framework = await api.post("/v1/frameworks", json=document)
    rows = [
        *figures("H60.101", posts=32, people=100, speed=15, faults=2),
        *figures("H60.102", posts=32, people=100, speed=5),
    ]
    imported = await api.post("/v1/imports", json=rows)
    assert (framework.status_code, imported.status_code) == (201, 200), framework.text + imported.text


async def test_a_board_shows_adjusted_totals_and_flags_them(api: Client) -> None:
    await posted(api)

    answer = await api.get("/v1/scores", params={**WHERE, "level": "commune", "under": "H60"})

    first, second = answer.json()["items"]
    # √(64 × 80) = 71.5542, less 3; √(64 × 30) = 43.8178
    assert (first["total"], first["groups"]) == (68.55, {"staff": 64, "pace": 80})
    assert "adjusted" in first["flags"]
    assert second["total"] == 43.82
    assert "adjusted" not in second["flags"]


async def test_an_explained_score_lists_what_was_adjusted_with_figure_source_and_law(api: Client) -> None:
    await posted(api)

    answer = (await api.get("/v1/scores/H60.101/2026", params={"framework": "sides"})).json()

    (line,) = answer["adjustments"]
    assert (answer["total"], answer["total_before_adjustments"]) == (68.55, 71.55)
    assert (line["indicator"], line["value"], line["points"], line["source"]) == ("faults", 2, -3, "survey")
    assert (line["arithmetic"], line["legal_ref"]) == ("min(2 × 2, 3) = 3", "Quyết định 1/QĐ-UBND")
    assert answer["arithmetic"] == "100 × (64 / 100)^(1 / 2) × (80 / 100)^(1 / 2) ≈ 71.55; 71.55 − 3 = 68.55"
    assert answer["sentence"].endswith(
        "; điều chỉnh: trừ 3 điểm (Lỗi kỹ thuật); tổng điểm sau điều chỉnh là 68,55/100 điểm"
    )
    assert [read["indicator"] for read in answer["criteria"][0]["inputs"]] == ["posts", "people"]
    assert answer["criteria"][1]["rule"]["points"][1] == {"at": 10, "points": 60}


async def test_a_frozen_result_holds_the_adjusted_total_and_verifies(api: Client) -> None:
    await posted(api)
    made = await api.post("/v1/evaluations", json={**WHERE, "under": "H60", "levels": ["commune"]})

    number = made.json()["id"]
    verified = await api.get(f"/v1/evaluations/{number}/verify")
    explained = await api.get(f"/v1/evaluations/{number}/scores/H60.101")

    assert verified.json()["matches"] is True
    assert explained.json()["adjustments"][0]["points"] == -3


async def test_a_class_that_requires_more_of_a_criterion_is_lowered_with_its_reason(api: Client) -> None:
    requiring = {**DOCUMENT["bands"][0], "requires": [{"criterion": "staff", "min": 65}]}
    await posted(api, {**DOCUMENT, "bands": [requiring, DOCUMENT["bands"][1]]})

    board = (await api.get("/v1/scores", params={**WHERE, "level": "commune", "under": "H60"})).json()
    answer = (await api.get("/v1/scores/H60.101/2026", params={"framework": "sides"})).json()

    first, second = board["items"]
    assert (first["rank"], first["band"]["code"], second["band"]["code"]) == (1, "low", "low")
    assert "class_limited" in first["flags"]
    assert "class_limited" not in second["flags"]
    assert {each["code"]: each["count"] for each in board["summary"]["bands"]} == {"high": 0, "low": 2}
    assert "class_limited" in answer["flags"]
    assert answer["sentence"].endswith(
        "; xếp loại “low”, không xếp “high” vì staff được 64 điểm, dưới mức yêu cầu 65 điểm"
    )


async def test_figures_that_no_indicator_of_the_document_describes_are_read_all_the_same(api: Client) -> None:
    await posted(api)
    bare = {**DOCUMENT, "code": "bare", "indicators": []}
    stored = await api.post("/v1/frameworks", json=bare)

    answer = (await api.get("/v1/scores/H60.101/2026", params={"framework": "bare"})).json()

    assert stored.status_code == 201
    assert (answer["total"], answer["adjustments"][0]["points"]) == (68.55, -3)
