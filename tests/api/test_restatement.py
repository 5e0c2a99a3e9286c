"""What current figures would give otherwise than a published result says, and who may know."""

import csv
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from app.config import Settings
from app.formats.strict_json import write_json
from app.services import restatement
from app.services.frozen_content import results_of
from app.services.rights import Scope
from app.store.db import Database
from app.store.evaluation_content import read_result
from app.store.evaluations import PART, EvaluationPart, load_part
from tests.api.conftest import Clock
from tests.make import with_figures
from tests.support.evaluations import a_province, published, totals
from tests.support.first_edition import first_edition, store_first_edition

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]
LATER = {"observed_at": "2026-10-02T00:00:00Z"}


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def restated(api: Client, id: int, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get(f"/v1/evaluations/{id}/restated", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def brief(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(each["unit"]["code"], each["figure"], each["period"], each["old"], each["new"]) for each in items]


async def test_nothing_is_restated_as_long_as_the_figures_stand(api: Client) -> None:
    done = await published(api)

    assert await restated(api, done["id"]) == []


async def test_a_restated_total_moves_value_total_class_and_ranks(api: Client, clock: Clock) -> None:
    done = await published(api)
    taken = await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))

    found = await restated(api, done["id"])

    assert brief(found) == [
        ("H60.101", "total", "2024-07", 70, 85),
        ("H60.101", "band", "2024-07", "fair", "good"),
        ("H60.101", "rank", "2024-07", 3, 1),
        ("H60.101", "value", "2024-07", 70, 85),
        ("H60.102", "rank", "2024-07", 1, 2),
        ("H60.103", "rank", "2024-07", 1, 2),
    ]
    value = found[3]
    assert (value["indicator"], value["source"]) == ("total_points", "national_portal")
    assert (value["observed_at"], value["import_id"], value["actor"]) == (
        "2026-10-02T00:00:00Z",
        taken["id"],
        "bootstrap",
    )
    assert value["known_at"].startswith("2026-10-12T02:30:00")
    assert found[0]["import_id"] == taken["id"]
    assert found[4]["import_id"] is None


async def test_a_figure_of_the_period_before_and_one_that_was_taken_back_are_listed(api: Client) -> None:
    done = await published(api)
    await with_figures(api, totals("2024-06", {"H60.102": "91"}, **LATER))
    taken_back = totals("2024-07", {"H60.103": ""}, retract=True, **LATER)
    del taken_back[0]["value"]
    await with_figures(api, taken_back)

    found = await restated(api, done["id"])

    assert brief(found) == [
        ("H60.101", "rank", "2024-07", 3, 2),
        ("H60.102", "value", "2024-06", 90, 91),
        ("H60.103", "total", "2024-07", 81.5, None),
        ("H60.103", "band", "2024-07", "good", None),
        ("H60.103", "rank", "2024-07", 1, None),
        ("H60.103", "value", "2024-07", 81.5, None),
    ]
    assert found[5]["actor"] == "bootstrap"


async def test_the_frozen_rules_and_units_are_used(api: Client) -> None:
    done = await published(api)
    await api.patch("/v1/units/H60.101", json={"name": "Tên mới"})
    event = {"kind": "move", "effective_on": "2024-01-01", "from": ["H60.103"], "parent": "H19"}
    assert (await api.post("/v1/unit-events", params={"force": True}, json=event)).status_code == 201

    assert await restated(api, done["id"]) == []


async def test_as_of_a_moment_the_answer_stays(api: Client, clock: Clock) -> None:
    done = await published(api)
    clock.forward(hours=1)
    then = clock.present.strftime("%Y-%m-%dT%H:%M:%SZ")
    clock.forward(hours=1)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))

    assert await restated(api, done["id"], as_of=then) == []
    assert await restated(api, done["id"], observed_by="2026-10-01T12:00:00Z") == []


async def test_pages_and_tables_tell_the_same(api: Client) -> None:
    done = await published(api)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))
    path, whole = f"/v1/evaluations/{done['id']}/restated", await restated(api, done["id"])

    paged: list[dict[str, Any]] = []
    cursor = None
    while cursor is not None or not paged:
        page = (await api.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        paged, cursor = [*paged, *page["items"]], page["next_cursor"]
    lines = (await api.get(path, params={"format": "csv"})).text.splitlines()
    told = list(csv.DictReader(lines))

    assert paged == whole
    assert len(lines) == len(whole) + 1
    assert lines[1].startswith("H60.101,UBND xã H60.101,2024-07,total,")
    sources = {(each["Nguồn"], each["Mã nguồn"]) for each in told}
    assert sources == {("Cổng DVCQG", "national_portal"), ("", "")}


async def test_current_figures_need_a_right_of_their_own(api: Client, anonymous: Client, as_key: CallerMaker) -> None:
    done = await published(api)
    path = f"/v1/evaluations/{done['id']}/restated"

    refused = [await each.get(path) for each in (anonymous, as_key(Scope.UNITS_WRITE))]

    assert [answer.status_code for answer in refused] == [401, 403]
    assert (await as_key(Scope.VALUES_READ).get(path)).status_code == 200


async def test_a_subtree_key_sees_its_own_units_without_ranks_and_without_foreign_imports(
    api: Client, as_key: CallerMaker
) -> None:
    done = await published(api)
    await with_figures(api, totals("2024-07", {"H60.101": "85", "H60.102": "60"}, **LATER))
    own = as_key(Scope.VALUES_READ, unit="H60.101")

    answer = (await own.get(f"/v1/evaluations/{done['id']}/restated")).json()

    assert answer["cohort_hidden"] is True
    assert [(each["unit"]["code"], each["figure"]) for each in answer["items"]] == [
        ("H60.101", "total"),
        ("H60.101", "band"),
        ("H60.101", "value"),
    ]
    assert {each["actor"] for each in answer["items"]} == {None}


async def test_a_unit_that_left_the_subtree_is_not_told_from_the_period_before(
    api: Client, as_key: CallerMaker
) -> None:
    event = {"kind": "move", "effective_on": "2024-07-01", "from": ["H60.103"], "parent": "H19"}
    assert (await api.post("/v1/unit-events", params={"force": True}, json=event)).status_code == 201
    done = await published(api)
    await with_figures(api, totals("2024-06", {"H60.102": "91", "H60.103": "99"}, **LATER))
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))
    own = as_key(Scope.VALUES_READ, unit="H60")

    answer = (await own.get(f"/v1/evaluations/{done['id']}/restated")).json()

    assert (await own.get("/v1/values?unit=H60.103&period=2024-06")).status_code == 404
    assert "H60.103" in {each["unit"]["code"] for each in await restated(api, done["id"])}
    assert answer["cohort_hidden"] is True
    assert brief(answer["items"]) == [
        ("H60.101", "total", "2024-07", 70, 85),
        ("H60.101", "band", "2024-07", "fair", "good"),
        ("H60.101", "value", "2024-07", 70, 85),
        ("H60.102", "value", "2024-06", 90, 91),
    ]


async def test_as_of_a_moment_no_later_retraction_is_told(api: Client, clock: Clock) -> None:
    taken_back = [
        {**totals("2024-07", {"H60.103": ""}, retract=True)[0], "observed_at": f"2026-10-0{n}T00:00:00Z"}
        for n in (2, 3)
    ]
    for row in taken_back:
        del row["value"]
    done = await published(api)
    first = await with_figures(api, taken_back[:1])
    clock.forward(hours=1)
    then = clock.present.strftime("%Y-%m-%dT%H:%M:%SZ")
    before = await restated(api, done["id"], as_of=then)
    clock.forward(hours=1)
    await with_figures(api, taken_back[1:])

    assert await restated(api, done["id"], as_of=then) == before
    assert await restated(api, done["id"], observed_by="2026-10-02T12:00:00Z") == before
    assert {each["import_id"] for each in before if each["unit"]["code"] == "H60.103"} == {first["id"]}


async def test_what_comes_to_the_printed_figure_is_not_restated(api: Client, database: Database) -> None:
    done = await published(api)
    with database.writing() as session:  # as printed by rules that were others
        printed = read_result(load_part(session, done["id"], "results:commune"))
        item = next(each for each in printed["items"] if each["unit"]["code"] == "H60.101")
        item["total"] = Decimal(85)
        this = (PART.evaluation == done["id"], PART.part == "results:commune")
        session.execute(update(EvaluationPart).where(*this).values(content=write_json(printed).decode()))
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))

    found = await restated(api, done["id"])

    assert [each for each in brief(found) if each[0] == "H60.101"] == [
        ("H60.101", "band", "2024-07", "fair", "good"),
        ("H60.101", "rank", "2024-07", 3, 1),
        ("H60.101", "value", "2024-07", 70, 85),
    ]


async def test_pages_are_worked_out_once_until_figures_change(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    done = await published(api)
    worked_out: list[object] = []

    def counted(*about: Any) -> Any:
        worked_out.append(about)
        return results_of(*about)

    monkeypatch.setattr(restatement, "results_of", counted)

    assert await restated(api, done["id"], limit=1) == await restated(api, done["id"], limit=2) == []
    once = len(worked_out)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))
    assert len(await restated(api, done["id"], limit=2)) == 2

    assert (once, len(worked_out)) == (2, 4)


class TestWhereEverybodyReadsEverything:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"anonymous_read": "all"})

    async def test_figures_are_told_and_not_whose_key_sent_them(self, api: Client, anonymous: Client) -> None:
        done = await published(api)
        await with_figures(api, totals("2024-07", {"H60.101": "85"}, **LATER))

        found = await restated(anonymous, done["id"])

        assert len(found) == 6
        assert {each["actor"] for each in found} == {None}


async def test_an_evaluation_of_the_first_edition_tells_no_rule_as_a_restatement(
    api: Client, database: Database
) -> None:
    stored = first_edition()[5]
    id = store_first_edition(database, stored)

    found = await restated(api, id, limit=1000)

    assert {each["figure"] for each in found} >= {"value", "total"}
    assert {each["new"] for each in found} == {None}  # nothing of it stands in this database
