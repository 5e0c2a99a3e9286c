"""An index that is none of ours, posted and scored without a line of code."""

from typing import Any

import httpx

from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient


def named(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": {"vi": code, "en": code}, **more}


DOCUMENT: dict[str, Any] = {
    **named("ddci"),
    "version": "2026",
    "valid_from": "2026-01-01",
    "rounding": {"component": 6, "total": 6},
    "ranking": {"ties": "dense"},
    "sources": ["survey"],
    "bands": [
        {**named("leading"), "min": 8},
        {**named("middling"), "min": 5},
        {**named("trailing"), "min": 0, "max": 5},
    ],
    "indicators": [
        named("informal_cost", kind="ratio", direction="down"),
        named("waiting_days", kind="number", direction="down"),
        named("complaints", kind="count", direction="down"),
        named("meetings", kind="count"),
        named("land_cases", kind="ratio"),
    ],
    "criteria": [
        {
            **named("integrity"),
            "max": 10,
            "weight": 3,
            "rules": [{"kind": "ratio", "indicator": "informal_cost", "from": 60, "full_at": 0}],
        },
        {
            **named("speed"),
            "max": 10,
            "weight": 2,
            "rules": [
                {
                    "kind": "steps",
                    "indicator": "waiting_days",
                    "steps": [{"at_least": 10, "points": 2}, {"at_least": 3, "points": 7}],
                    "otherwise": 10,
                }
            ],
        },
        {
            **named("conduct"),
            "max": 10,
            "weight": 1,
            "rules": [{"kind": "deduction", "indicator": "complaints", "per": 3, "points": 1}],
        },
        {
            **named("dialogue"),
            "max": 10,
            "weight": 1,
            "rules": [{"kind": "ratio", "indicator": "meetings", "full_at": 12}],
            "missing": {"no_value": "zero"},
        },
        {
            **named("land"),
            "max": 10,
            "weight": 2,
            "rules": [{"kind": "ratio", "indicator": "land_cases", "full_at": 90}],
            "missing": {"no_value": "exclude", "zero_denominator": "exclude"},
        },
    ],
    "total": {"rules": [{"kind": "weighted_mean"}]},
}


def figures(unit: str, **values: Any) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "period": "2026", "indicator": code, "source": "survey"}
        | (value if isinstance(value, dict) else {"value": value})
        for code, value in values.items()
    ]


async def test_weighted_means_steps_deductions_exclusions_and_dense_ranks_are_scored_from_the_document(
    api: Client,
) -> None:
    await with_units(api, [a_unit(), *(a_commune(code) for code in ("H60.101", "H60.102", "H60.103"))])
    posted = await api.post("/v1/frameworks", json=DOCUMENT)
    land = {"numerator": 45, "denominator": 100}
    rows = [
        *figures("H60.101", informal_cost=20, waiting_days=5, complaints=4, meetings=12, land_cases=land),
        *figures("H60.102", informal_cost=20, waiting_days=5, complaints=4, meetings=12),
        *figures("H60.103", informal_cost=60, waiting_days=30, complaints=45),
    ]
    imported = await api.post("/v1/imports", json=rows)

    answer = await api.get(
        "/v1/scores", params={"framework": "ddci", "period": "2026", "level": "commune", "under": "H60"}
    )

    assert (posted.status_code, imported.status_code, answer.status_code) == (201, 200, 200)
    found = {item["unit"]["code"]: item for item in answer.json()["items"]}
    # integrity 10 × (20 − 60) / (0 − 60) = 6.666667, speed 7, conduct 10 − 4/3 = 8.666667, dialogue 10, land 5:
    # (3 × 6.666667 + 2 × 7 + 8.666667 + 10 + 2 × 5) / 9; without land the same over 7
    assert found["H60.101"]["groups"] == {
        "integrity": 6.666667,
        "speed": 7,
        "conduct": 8.666667,
        "dialogue": 10,
        "land": 5,
    }
    assert found["H60.101"]["total"] == 6.962963
    assert found["H60.102"]["total"] == 7.52381
    assert found["H60.102"]["groups"]["land"] is None
    assert found["H60.103"]["total"] == 0.571429
    assert [found[code]["band"]["code"] for code in sorted(found)] == ["middling", "middling", "trailing"]
    assert [found[code]["rank"] for code in sorted(found)] == [2, 1, 3]
    assert found["H60.101"]["max"] == 10


async def test_a_document_that_drops_a_unit_kind_from_a_criterion_shares_its_weight_among_the_rest(api: Client) -> None:
    document = {
        **named("mini"),
        "version": "1",
        "valid_from": "2026-01-01",
        "sources": ["survey"],
        "bands": [{**named("any"), "min": 0}],
        "indicators": [named("first", kind="ratio"), named("second", kind="ratio")],
        "criteria": [
            {**named("a"), "max": 60, "rules": [{"kind": "ratio", "indicator": "first"}]},
            {
                **named("b"),
                "max": 40,
                "applies_to": ["province"],
                "otherwise": "exclude",
                "rules": [{"kind": "ratio", "indicator": "second"}],
            },
        ],
    }
    await with_units(api, [a_unit(), a_commune("H60.101")])
    await api.post("/v1/frameworks", json=document)
    await api.post("/v1/imports", json=figures("H60.101", first=75))

    answer = await api.get(
        "/v1/scores", params={"framework": "mini", "period": "2026", "level": "commune", "under": "H60"}
    )

    [item] = answer.json()["items"]
    assert item["total"] == 75
    assert item["groups"] == {"a": 45, "b": None}
    assert item["coverage"] == 1
    assert item["rank"] == 1
