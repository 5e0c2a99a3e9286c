"""A unit that has moved: whose it is today decides who sees and writes its figures, those of the past included."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_unit, some_figures, with_figures, with_units

CallerMaker = Callable[..., httpx.AsyncClient]
Keys = dict[str, httpx.AsyncClient]

MOVED, STAYED = "MVY", "H21.05"
PERIOD, RATIO = "2026-03", "petition_regulations"
MOVE = {"kind": "move", "effective_on": "2026-08-01", "from": [MOVED], "parent": "H60"}

READS = (
    "values?under=H21",
    f"values?unit={STAYED}",
    f"values?period={PERIOD}&history=true",
    "values?level=department",
    f"scores?period={PERIOD}&under=H21&level=department",
    f"scores?period={PERIOD}&level=department&view=legal",
    "scores?period=2026-04&under=H21&level=department&sort=change",
    f"scores/{STAYED}",
    f"scores/{STAYED}/{PERIOD}",
    f"findings?period={PERIOD}&under=H21",
    "findings?period=2026-04",
    f"periods/{PERIOD}/completeness?under=H21&level=department",
    "targets?year=2026",
    "publications?under=H21",
    "tasks?state=open",
    "letter-profiles?limit=100",
    "evaluations?limit=100",
    *(
        f"reports/{name}?period={PERIOD}&under=H21"
        for name in ("classification", "reconciliation", "below-target", "announcement", "publication", "tasks")
    ),
    f"reports/counts?period={PERIOD}&under=H21&indicator={RATIO}",
    f"reports/counts?period=2026-04&against={PERIOD}&under=H21&indicator={RATIO}",
    f"reports/comparison?period={PERIOD}&against=2026-02&unit={STAYED}",
    f"reports/classification?period=2026-08&against={PERIOD}&under=H21",
)
"""Every list and report that a key of the old province may ask for."""


def a_department(code: str, parent: str) -> dict[str, Any]:
    return a_unit(code=code, name=f"Sở {code}", level="department", parent=parent)


def figures_of(*units: str, period: str = PERIOD, **figure: Any) -> list[dict[str, Any]]:
    """Points that rank, and a ratio that a target can be held against."""
    points = [a_value(unit, period, "total_points", str(90 - place)) for place, unit in enumerate(units)]
    return [*points, *some_figures(*units, period=period, indicator=RATIO, **figure)]


def a_value(unit: str, period: str, indicator: str, value: str) -> dict[str, Any]:
    return {"unit": unit, "period": period, "indicator": indicator, "value": value, "source": "national_portal"}


@pytest.fixture
async def keys(api: httpx.AsyncClient, as_key: CallerMaker) -> Keys:
    """The keys of two provinces; of the old one two departments with figures, targets, publications, tasks, a draft."""
    old = [a_unit(code="H21", name="Tỉnh cũ"), a_department(MOVED, "H21"), a_department(STAYED, "H21")]
    await with_units(api, [a_unit(), *old])
    found = {"old": as_key(*Scope, unit="H21"), "new": as_key(*Scope, unit="H60"), "own": as_key(*Scope, unit=MOVED)}
    for period in (PERIOD, "2026-04"):
        await with_figures(found["old"], figures_of(MOVED, STAYED, period=period))
    target = {"indicator": RATIO, "year": 2026, "target": 100}
    await found["old"].put("/v1/targets", json=[{**target, "unit": MOVED}, {**target, "unit": STAYED}])
    await found["old"].put("/v1/publications", json=[{"unit": MOVED, "period": PERIOD}])
    await found["old"].put(f"/v1/letter-profiles/{MOVED}", json={"symbol": "SVY-VP"})
    await found["old"].post("/v1/tasks", json={"kind": "directive", "title": "Việc", "assignee": MOVED})
    draft = {"period": PERIOD, "under": "H21", "levels": ["department"]}
    assert (await found["old"].post("/v1/evaluations", json=draft)).status_code == 201
    return found


@pytest.fixture
async def moved(keys: Keys, api: httpx.AsyncClient, clock: Clock) -> Keys:
    """The same, an hour after one of the departments has moved and got a figure from elsewhere."""
    clock.forward(hours=1)
    assert (await api.post("/v1/unit-events", json=MOVE)).status_code == 201
    await with_figures(api, [a_value(MOVED, PERIOD, "average_days", "12.34")])
    return keys


async def test_who_has_left_is_in_no_answer_to_the_old_key(moved: Keys, clock: Clock) -> None:
    before = (clock.present - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")

    leaks, refused = [], []
    for read in READS:
        for path in (
            (read,) if read.startswith("evaluations") else (read, f"{read}{'&' if '?' in read else '?'}as_of={before}")
        ):
            answer = await moved["old"].get(f"/v1/{path}")
            leaks += [path] if MOVED in answer.text else []
            refused += [answer.text] if answer.status_code != 200 else []

    assert (leaks, refused) == ([], [])


async def test_what_is_named_of_who_has_left_is_not_there_for_the_old_key(moved: Keys) -> None:
    paths = [f"values?unit={MOVED}", f"values?under={MOVED}", f"scores/{MOVED}", f"scores/{MOVED}/{PERIOD}"]
    paths += [f"letter-profiles/{MOVED}", f"targets?unit={MOVED}", f"publications?unit={MOVED}", "tasks/1"]
    paths += [
        f"reports/comparison?period={PERIOD}&against=2026-02&unit={MOVED}",
        "evaluations/1",
        "evaluations/1/scores",
    ]

    answers = {path: await moved["old"].get(f"/v1/{path}") for path in paths}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 404)


async def test_the_past_of_who_has_come_is_read_and_written_by_the_new_key(moved: Keys) -> None:
    values = (await moved["new"].get("/v1/values", params={"unit": MOVED})).json()["items"]
    explained = (await moved["new"].get(f"/v1/scores/{MOVED}/{PERIOD}")).json()
    board = (await moved["new"].get("/v1/scores", params={"period": PERIOD, "level": "department"})).json()
    sent = await moved["new"].post("/v1/imports", json=figures_of(MOVED, numerator=1))

    assert {each["period"] for each in values} == {PERIOD, "2026-04"}
    assert (explained["ranks"]["siblings"], explained["ranks"]["province"]) == (None, None)
    assert [(each["unit"]["code"], each["rank"], "cohort_hidden" in each["flags"]) for each in board["items"]] == [
        (MOVED, None, True)
    ]
    assert sent.status_code == 200, sent.text


async def test_no_rank_is_told_of_a_past_cohort_that_has_lost_a_unit_to_others(
    moved: Keys, api: httpx.AsyncClient
) -> None:
    await with_figures(moved["old"], figures_of(STAYED, period="2026-08"))
    asked = {"level": "department", "under": "H21"}

    past = (await moved["old"].get("/v1/scores", params={**asked, "period": PERIOD})).json()["items"]
    later = await moved["old"].get("/v1/scores", params={**asked, "period": "2026-08", "against": PERIOD})
    series = (await moved["old"].get(f"/v1/scores/{STAYED}")).json()["items"]
    whole = (await api.get("/v1/scores", params={**asked, "period": PERIOD})).json()["items"]

    assert [(each["rank"], each["flags"][-1]) for each in past] == [(None, "cohort_hidden")]
    (now,) = later.json()["items"]
    assert (now["rank"], now["change"]["total"] is not None, now["change"]["rank"]) == (1, True, None)
    assert [(each["period"], each["rank"]) for each in series] == [
        (PERIOD, None),
        ("2026-04", None),
        ("2026-08", 1),
    ]
    assert [(each["unit"]["code"], each["rank"]) for each in whole] == [(MOVED, 1), (STAYED, 2)]


async def test_the_old_key_writes_nothing_of_who_has_left(moved: Keys, api: httpx.AsyncClient) -> None:
    old, before = moved["old"], (await api.get("/v1/values", params={"unit": MOVED})).json()
    draft = {"period": PERIOD, "under": "H21", "levels": ["department"]}
    target = {"indicator": RATIO, "year": 2026, "unit": MOVED, "target": 1}

    answers = {
        "undo": await old.post("/v1/imports/1/undo"),
        "draft": await old.post("/v1/evaluations", json=draft),
        "draft compared": await old.post("/v1/evaluations", json={**draft, "period": "2026-08", "against": PERIOD}),
        "target": await old.put("/v1/targets", json=target),
        "publication": await old.put(
            "/v1/publications", json={"level": "department", "under": "H21", "period": PERIOD}
        ),
        "profile": await old.put(f"/v1/letter-profiles/{MOVED}", json={"symbol": "X"}),
        "task": await old.patch("/v1/tasks/1", json={"title": "Việc khác"}),
        "unit": await old.patch(f"/v1/units/{MOVED}", json={"name": "Sở"}),
        "event": await old.post("/v1/unit-events", json={**MOVE, "effective_on": "2026-09-01", "parent": "H21"}),
    }

    told = {name: (answer.status_code, answer.json()["code"]) for name, answer in answers.items()}
    assert told == dict.fromkeys(answers, (403, "unit_forbidden"))
    assert (await old.post("/v1/evaluations/1/publish")).status_code == 404
    assert (await api.get("/v1/values", params={"unit": MOVED})).json() == before


async def test_a_move_that_is_to_come_takes_no_rights_before_its_day(
    keys: Keys, api: httpx.AsyncClient, clock: Clock
) -> None:
    await api.post("/v1/unit-events", json={**MOVE, "effective_on": "2026-11-01"})
    asked: dict[str, Any] = {"period": PERIOD, "under": "H21", "level": "department"}

    seen = []
    for step in ({}, {"days": 30}):
        clock.forward(**step)
        board = (await keys["old"].get("/v1/scores", params=asked)).json()
        values = [await keys[name].get("/v1/values", params={"unit": MOVED}) for name in ("old", "new", "own")]
        seen.append((len(board["items"]), [answer.status_code for answer in values]))

    assert seen == [(2, [200, 404, 200]), (1, [404, 200, 200])]
