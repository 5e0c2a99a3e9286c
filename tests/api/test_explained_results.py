"""`GET /v1/evaluations/{id}/scores/{unit}`: a published result explained to everybody, from what was frozen alone."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from app.reports.data_source import frozen_data
from app.reports.unit_explained import frozen_explained
from app.services.demo import load_demo
from app.services.rights import Scope
from app.store.db import Database
from app.store.evaluations import get_evaluation
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published, totals
from tests.support.first_edition import first_edition, store_first_edition

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]
ENGLISH = {"Accept-Language": "en"}
OF_THE_BOARD = ("unit", "total", "max", "band", "method", "coverage", "groups", "change", "flags")
FIRST_EDITION = first_edition()
DEMONSTRATED = [
    {"period": "2026", "under": None, "levels": ["province", "department", "commune"]},
    {"period": "2024-01", "under": "H60", "levels": ["department", "district"]},
]
"""What is evaluated of the demonstration."""


REFUSED = {"vung_hai": ["Z1.06", "Z1.12"]}
"""By framework, the units whose points or ranks are other ones today."""


@pytest.fixture
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


@pytest.fixture
async def result(api: Client, province: None) -> str:
    """The address of the results of the communes of Tuyên Quang."""
    return f"/v1/evaluations/{(await published(api))['id']}/scores"


async def asked(client: Client, path: str, **query: str) -> dict[str, Any]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def board(client: Client, path: str, level: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await asked(client, path, level=level, limit="1000"))["items"]
    return items


def told(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a board and an explanation both say."""
    return {name: item[name] for name in OF_THE_BOARD}


@pytest.mark.parametrize("scope", DEMONSTRATED, ids=lambda scope: f"{scope['period']} {scope['under']}")
async def test_every_unit_has_the_points_of_the_frozen_board(
    scope: dict[str, Any], api: Client, database: Database
) -> None:
    load_demo(database)
    done = await published(api, **scope)
    seen = 0

    with database.reading() as session:
        data = frozen_data(session, get_evaluation(session, done["id"]))
        for level in scope["levels"]:
            for item in data.board(level).items:
                found = frozen_explained(data, item["unit"]["code"], None, "vi")
                assert told(found) == told(item)
                assert found["observed_at"] == item.get("observed_at")
                assert {each["code"]: each["points"] for each in found["criteria"]} == item["groups"]
                seen += 1

    assert seen == sum(each["size"] for each in done["cohorts"]) > 10


async def test_the_tree_and_the_ranks_are_those_of_the_live_answer(api: Client, database: Database) -> None:
    load_demo(database)
    done = await published(api, period="2026", under=None, levels=["commune"])

    for item in (await board(api, f"/v1/evaluations/{done['id']}/scores", "commune"))[:12]:
        code = item["unit"]["code"]
        frozen = await asked(api, f"/v1/evaluations/{done['id']}/scores/{code}")
        live = await asked(api, f"/v1/scores/{code}/2026")
        for body in (frozen, live):  # its rank among its siblings has changed, and on the board of the country
            del body["change"]["rank"]
            body["flags"].sort()
        assert frozen == live


async def test_it_stays_to_the_last_byte_whatever_is_written_later(
    api: Client, anonymous: Client, result: str, database: Database
) -> None:
    before = await anonymous.get(f"{result}/H60.101")

    await with_figures(api, totals("2024-07", {"H60.101": "99"}))
    await with_units(api, [a_commune("H60.101", name="UBND xã Khác")])
    database.memory.entries.clear()
    after = await anonymous.get(f"{result}/H60.101")

    assert before.json()["total"] == 70
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


@pytest.mark.usefixtures("province")
async def test_places_are_given_where_the_whole_cohort_was_frozen(api: Client) -> None:
    await with_units(api, [a_unit(code="H60.9", level="district", parent="H60"), a_commune("H60.104", parent="H60.9")])
    await with_figures(api, totals("2024-07", {"H60.104": "75"}))
    country, below = await published(api, under=None), await published(api)

    of_the_country = await asked(api, f"/v1/evaluations/{country['id']}/scores/H60.101")
    of_the_province = await asked(api, f"/v1/evaluations/{below['id']}/scores/H60.101")

    siblings, province = {"rank": 3, "tied": 1, "of": 3}, {"rank": 4, "tied": 1, "of": 4}
    placed = {"siblings": siblings, "province": province, "reported": None}
    assert of_the_country["ranks"] == {**placed, "nationwide": province}
    assert of_the_province["ranks"] == {**placed, "nationwide": None}


@pytest.mark.usefixtures("province")
async def test_a_sibling_without_figures_is_flagged(api: Client) -> None:
    await with_units(api, [a_unit(code="H19.9", level="district", parent="H19"), a_commune("H19.1", parent="H19.9")])
    done = await published(api, under=None)

    found = await asked(api, f"/v1/evaluations/{done['id']}/scores/H60.101")

    assert "cohort_partial" in found["flags"]
    assert found["ranks"]["nationwide"] is None
    assert found["ranks"]["province"] == {"rank": 3, "tied": 1, "of": 3}


async def test_the_unit_above_the_cohorts_has_points_and_no_place(api: Client, province: None) -> None:
    await with_figures(api, totals("2024-07", {"H60": "81.77"}))
    done = await published(api)

    found = await asked(api, f"/v1/evaluations/{done['id']}/scores/H60")

    assert (found["total"], found["unit"]["code"]) == (81.77, "H60")
    assert set(found["ranks"].values()) == {None}
    assert "cohort_not_evaluated" in found["flags"]


async def test_a_view_groups_as_it_does_on_the_board(api: Client, province: None) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "13.2"}, indicator="transparency_points"))
    done = await published(api)
    path = f"/v1/evaluations/{done['id']}/scores"

    item = next(each for each in (await asked(api, path, view="legal"))["items"] if each["unit"]["code"] == "H60.101")
    found = await asked(api, f"{path}/H60.101", view="legal")
    unknown = await api.get(f"{path}/H60.101", params={"view": "nobody"})

    assert found["groups"] == item["groups"] != (await asked(api, f"{path}/H60.101"))["groups"]
    assert (unknown.status_code, unknown.json()["code"]) == (422, "view_unknown")


async def test_sentences_name_percentages_by_what_was_frozen(api: Client, province: None) -> None:
    await api.post("/v1/frameworks", json=a_framework(valid_from="2024-01-01"))
    await with_figures(api, some_figures("H60.101", indicator="counter_on_time", numerator=9, denominator=10))
    done = await published(api, framework="mot_cua")

    frozen = await asked(api, f"/v1/evaluations/{done['id']}/scores/H60.101")
    live = await asked(api, "/v1/scores/H60.101/2024-07", framework="mot_cua")

    assert "%" in frozen["criteria"][0]["sentence"]
    assert frozen["criteria"] == live["criteria"]


async def test_an_identifier_stands_for_the_unit(api: Client, anonymous: Client, province: None) -> None:
    await with_units(api, [a_commune("H60.101", identifiers=[{"scheme": "gso", "value": "02386"}])])
    done = await published(api)
    path = f"/v1/evaluations/{done['id']}/scores"

    assert await asked(anonymous, f"{path}/gso:02386") == await asked(anonymous, f"{path}/H60.101")


@pytest.mark.parametrize(
    ("unit", "code", "words"),
    [
        ("H19", "unit_unknown", "is not about H19"),
        ("H60.9", "unit_unknown", "is not about H60.9"),
        ("H60.104", "no_figures", "H60.104 has no figures of qd766@2022 in 2024-07"),
        ("H60", "no_figures", "H60 has no figures"),
        ("H99", "unit_unknown", "H99"),
    ],
)
async def test_a_unit_without_a_result_is_refused_with_the_reason(
    unit: str, code: str, words: str, api: Client, anonymous: Client, province: None
) -> None:
    await with_units(api, [a_unit(code="H60.9", level="department", parent="H60"), a_commune("H60.104")])
    await with_figures(api, totals("2024-07", {"H60.9": "80"}))
    done = await published(api)

    answer = await anonymous.get(f"/v1/evaluations/{done['id']}/scores/{unit}", headers=ENGLISH)

    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert words in answer.json()["detail"]


@pytest.mark.usefixtures("province")
async def test_a_draft_is_for_keys_of_its_subtree_and_a_withdrawn_one_too(
    api: Client, anonymous: Client, as_key: CallerMaker
) -> None:
    draft = await drafted(api)
    path = f"/v1/evaluations/{draft['id']}"
    callers = [anonymous, as_key(*Scope, unit="H19"), as_key(*Scope, unit="H60"), api]

    drawn = [await each.get(f"{path}/scores/H60.101") for each in callers]
    await api.post(f"{path}/publish")
    seen = [await each.get(f"{path}/scores/H60.101") for each in callers]
    await api.post(f"{path}/withdraw", json={"reason": "Sai số liệu"})
    taken_back = [await each.get(f"{path}/scores/H60.101") for each in callers]

    assert [each.status_code for each in (*drawn, *seen, *taken_back)] == [404, 404, 200, 200] + [200] * 4 + [
        410,
        410,
        200,
        200,
    ]
    assert (drawn[0].json()["code"], taken_back[0].json()["code"]) == ("evaluation_unknown", "withdrawn")
    assert drawn[2].headers["cache-control"] == "private, no-cache"


@pytest.mark.usefixtures("province")
async def test_a_superseded_result_stays_explained(api: Client, anonymous: Client) -> None:
    first = await published(api)
    await with_figures(api, totals("2024-07", {"H60.101": "99"}))
    await published(api)

    assert (await asked(anonymous, f"/v1/evaluations/{first['id']}/scores/H60.101"))["total"] == 70


async def test_names_are_in_the_language_asked_for_and_the_tag_knows_it(anonymous: Client, result: str) -> None:
    path = f"{result}/H60.102"
    vietnamese, english = await anonymous.get(path), await anonymous.get(path, headers=ENGLISH)
    again = await anonymous.get(path, headers={**ENGLISH, "If-None-Match": english.headers["etag"]})
    other = await anonymous.get(path, headers={"If-None-Match": english.headers["etag"]})

    assert [each.json()["band"]["name"] for each in (vietnamese, english)] == ["Tốt", "Good"]
    assert [each.headers["content-language"] for each in (vietnamese, english)] == ["vi", "en"]
    assert vietnamese.headers["cache-control"] == english.headers["cache-control"] == "public, max-age=60, immutable"
    assert "Accept-Language" in vietnamese.headers["vary"]
    assert (again.status_code, other.status_code) == (304, 200)
    assert english.headers["etag"].startswith('"')


async def test_it_is_computed_once(anonymous: Client, result: str, count_queries: Callable[[], Any]) -> None:
    path = f"{result}/H60.102"
    first = await anonymous.get(path)
    with count_queries() as queries:
        again = await anonymous.get(path)

    assert again.content == first.content
    assert [each for each in queries if "evaluation" in each] == []


@pytest.mark.parametrize("stored", FIRST_EDITION, ids=lambda each: f"{each['row']['scope']} {each['row']['version']}")
async def test_an_old_result_is_explained_where_todays_rules_give_it(
    stored: dict[str, Any], anonymous: Client, database: Database
) -> None:
    path = f"/v1/evaluations/{store_first_edition(database, stored)}/scores"
    refused = set()
    for level in stored["boards"]:
        for item in await board(anonymous, path, level):
            answer = await anonymous.get(f"{path}/{item['unit']['code']}")
            if answer.status_code == 404:
                assert answer.json()["code"] == "not_explained"
                refused.add(item["unit"]["code"])
            else:
                missing = set(answer.json()["flags"]) - set(item["flags"])  # which the first edition did not flag
                assert missing <= {"cohort_partial"}
                assert told({**answer.json(), "flags": item["flags"]}) == told(item)
    assert refused == set(REFUSED.get(stored["row"]["framework"], ()))
