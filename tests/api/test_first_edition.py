"""What the release before editions drew up keeps verifying, and keeps its boards to the last byte."""

import json
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from app.store.db import Database
from app.store.evaluations import PART, EvaluationPart
from tests.support.first_edition import first_edition, store_first_edition

Stored = dict[str, Any]
EVALUATIONS = first_edition()
NAMES = [f"{each['row']['scope']} {each['row']['version']}" for each in EVALUATIONS]


@pytest.fixture(params=EVALUATIONS, ids=NAMES)
def stored(request: pytest.FixtureRequest) -> Stored:
    found: Stored = request.param
    return found


def rewrite(database: Database, id: int, part: str, old: str, new: str) -> None:
    with database.writing() as session:
        text = session.get_one(EvaluationPart, (id, part)).content
        assert old in text
        changed = update(EvaluationPart).where(PART.evaluation == id, PART.part == part)
        session.execute(changed.values(content=text.replace(old, new, 1)))


async def verified(api: httpx.AsyncClient, id: int) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"/v1/evaluations/{id}/verify")).json()
    return found


async def test_an_old_evaluation_keeps_verifying(api: httpx.AsyncClient, database: Database, stored: Stored) -> None:
    id = store_first_edition(database, stored)

    found = await verified(api, id)

    assert found["differences"] == []
    assert found["matches"] is True
    assert found["recomputed"] == found["digest"] == stored["row"]["digest"]
    assert (await api.get(f"/v1/evaluations/{id}")).json()["letter_digest"] is None


def without_colours(board: Any) -> Any:
    """A board without what tells a chart about its groups and classes, which came later and is not frozen."""
    bands = [{name: each[name] for name in each if name != "color"} for each in board["summary"]["bands"]]
    told = {name: board[name] for name in board if name != "groups_meta"}
    return {**told, "summary": {**board["summary"], "bands": bands}}


async def test_its_boards_stay_in_every_figure(
    anonymous: httpx.AsyncClient, database: Database, stored: Stored
) -> None:
    id = store_first_edition(database, stored)

    for level, text in stored["boards"].items():
        answer = await anonymous.get(f"/v1/evaluations/{id}/scores", params={"level": level, "limit": 1000})
        assert without_colours(answer.json()) == json.loads(text)


async def test_a_changed_figure_is_found(api: httpx.AsyncClient, database: Database, stored: Stored) -> None:
    id = store_first_edition(database, stored)
    inputs = json.loads(stored["parts"]["inputs"])
    figure = inputs["periods"][inputs["period"]]["values"][0]
    old = json.dumps(figure, separators=(",", ":"), ensure_ascii=False)
    place = 5 if figure[5] is not None else 3
    figure[place] -= 10_000
    rewrite(database, id, "inputs", old, json.dumps(figure, separators=(",", ":"), ensure_ascii=False))

    found = await verified(api, id)

    assert found["matches"] is False
    assert found["recomputed"] != found["digest"]
    assert "content" in [each["member"] for each in found["differences"]]


@pytest.mark.parametrize("member", ["total", "rank"])
@pytest.mark.parametrize("number", [0, 3, 5])
async def test_a_changed_result_is_named(api: httpx.AsyncClient, database: Database, number: int, member: str) -> None:
    stored = EVALUATIONS[number]
    id = store_first_edition(database, stored)
    level = next(iter(stored["boards"]))
    item = next(each for each in json.loads(stored["boards"][level])["items"] if each["rank"] is not None)
    text = stored["parts"][f"results:{level}"]
    own = text.index(f'"code":"{item["unit"]["code"]}"')
    start = text.rindex('{"rank"', 0, own) if member == "rank" else own
    old = re.compile(rf'"{member}":[\d.]+').search(text, start)
    assert old is not None
    rewrite(database, id, f"results:{level}", text[start : old.end()], text[start : old.start()] + f'"{member}":47')

    found = await verified(api, id)

    assert found["matches"] is False
    assert (item["unit"]["code"], member) in {(each["unit"], each["member"]) for each in found["differences"]}
