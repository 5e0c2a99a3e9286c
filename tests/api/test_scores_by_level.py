"""One document for two levels with other maxima and classes: on boards, explained, supposed, and in letters."""

from typing import Any

import httpx

from tests.api.test_announcement import texts
from tests.api.test_other_index import named
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient

QUERY = {"framework": "scales"}
DOCUMENT: dict[str, Any] = {
    **named("scales"),
    "version": "2026",
    "valid_from": "2025-01-01",
    "sources": ["survey"],
    "bands": [
        {**named("high"), "min": 60, "min_by_level": {"commune": 40}, "requires": [{"criterion": "pace", "min": 9}]},
        {**named("low"), "min": 0},
    ],
    "indicators": [named("rate", kind="ratio"), named("share", kind="ratio"), named("seen", kind="points")],
    "criteria": [
        {
            **named("pace"),
            "max": 60,
            "max_by_level": {"commune": 18},
            "rules": [{"kind": "ratio", "indicator": "rate"}],
        },
        {
            **named("part"),
            "max": 40,
            "max_by_level": {"commune": 62},
            "rules": [{"kind": "ratio", "indicator": "share"}],
        },
    ],
    "total": {"max": 100, "max_by_level": {"commune": 80}},
}


async def posted(api: Client) -> None:
    """A department and a commune, each with half of the first criterion and all of the second."""
    department = a_unit(code="H60.D1", name="Sở Tư pháp", level="department", parent="H60")
    await with_units(api, [a_unit(), department, a_commune("H60.101")])
    answer = await api.post("/v1/frameworks", json=DOCUMENT)
    assert answer.status_code == 201, answer.text
    figures = {"rate": 50, "share": 100}
    await with_figures(
        api,
        [
            {"unit": unit, "period": period, "indicator": code, "source": "survey", "value": value}
            for unit in ("H60.D1", "H60.101")
            for period in ("2025", "2026")
            for code, value in figures.items()
        ],
    )


async def told(api: Client, path: str, **query: Any) -> dict[str, Any]:
    answer = await api.get(path, params={**QUERY, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_level_has_its_own_scale_and_classes(api: Client) -> None:
    await posted(api)

    boards = [await told(api, "/v1/scores", period="2026", level=level) for level in ("department", "commune")]

    (first,), (second,) = (board["items"] for board in boards)
    assert (first["total"], first["max"], first["groups"], first["band"]["code"]) == (
        70,
        100,
        {"pace": 30, "part": 40},
        "high",
    )
    assert (second["total"], second["max"], second["groups"], second["band"]["code"]) == (
        71,
        80,
        {"pace": 9, "part": 62},
        "high",
    )
    assert [[group["max"] for group in board["groups_meta"]] for board in boards] == [[60, 40], [18, 62]]


async def test_an_explained_score_tells_the_points_of_its_level(api: Client) -> None:
    await posted(api)

    answer = await told(api, "/v1/scores/H60.101/2026")

    assert answer["criteria"][0]["arithmetic"] == "50 × 18 / 100 = 9"
    assert (answer["max"], answer["sentence"].startswith("Tổng điểm: tổng các tiêu chí thành phần là 71/80")) == (
        80,
        True,
    )


async def test_why_and_what_it_takes_go_by_the_points_of_the_level(api: Client) -> None:
    await posted(api)

    change = await told(api, "/v1/scores/H60.101/2026/change")
    reach = await told(api, "/v1/scores/H60.101/2026/reach", total=80)
    sensitivity = await told(api, "/v1/scores/sensitivity", period="2026", level="commune", weights=0, draws=10)

    assert [(part["criterion"], part["max"]) for part in change["parts"]] == [("pace", 18), ("part", 62)]
    assert (reach["max"], reach["max_reachable"], reach["reachable"]) == (80, 80, True)
    assert sensitivity["items"][0]["total"] == 71


async def test_what_if_takes_a_document_by_level(api: Client) -> None:
    await posted(api)
    wider = {**DOCUMENT, "criteria": [{**DOCUMENT["criteria"][0], "max_by_level": {"commune": 28}}]}
    wider["criteria"].append({**DOCUMENT["criteria"][1], "max_by_level": {"commune": 52}})

    answer = await api.post("/v1/scores/what-if", json={"period": "2026", "level": "commune", "document": wider})

    (item,) = answer.json()["items"]
    assert (item["total"], item["base"]["total"]) == (66, 71)


async def test_a_frozen_board_keeps_the_scale_of_its_level(api: Client) -> None:
    await posted(api)
    levels = ["department", "commune"]
    made = await api.post("/v1/evaluations", json={**QUERY, "period": "2026", "under": "H60", "levels": levels})

    path = f"/v1/evaluations/{made.json()['id']}"
    board = (await api.get(f"{path}/scores", params={"level": "commune"})).json()
    explained = (await api.get(f"{path}/scores/H60.101")).json()

    assert [group["max"] for group in board["groups_meta"]] == [18, 62]
    assert (explained["max"], explained["criteria"][0]["points"]) == (80, 9)
    assert (await api.get(f"{path}/verify")).json()["matches"] is True


async def test_a_letter_tells_the_points_and_classes_of_each_level(api: Client) -> None:
    await posted(api)

    letter = await told(api, "/v1/reports/announcement", period="2026", under="H60", format="json")

    said = texts(letter)
    assert "+ pace: 60/100 điểm." in said
    assert "+ pace: 18/80 điểm." in said
    assert "+ Từ 60 đến 100 điểm xếp loại: high (tiêu chí pace đạt từ 9 điểm trở lên)." in said
    assert "+ Từ 40 đến 80 điểm xếp loại: high (tiêu chí pace đạt từ 9 điểm trở lên)." in said


async def test_points_that_a_source_reports_are_held_against_the_most_of_the_level(api: Client) -> None:
    await posted(api)
    document = {**DOCUMENT, "version": "2027", "valid_from": "2026-01-01"}
    document["criteria"] = [
        {**each, "rules": [*each["rules"], {"kind": "reported", "indicator": "seen"}][-1:]} if place == 0 else each
        for place, each in enumerate(DOCUMENT["criteria"])
    ]
    assert (await api.post("/v1/frameworks", json=document)).status_code == 201
    where = {"period": "2026", "indicator": "seen", "source": "survey", "value": 40}
    await with_figures(api, [{"unit": unit, **where} for unit in ("H60.D1", "H60.101")])

    found = await told(api, "/v1/findings", period="2026", rule="points_exceed_max")

    assert [(each["unit"], each["expected"]) for each in found["items"]] == [("H60.101", "18")]
