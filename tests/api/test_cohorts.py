"""How much of a cohort is there: units without figures, units that ended in a long period, places in the country."""

from typing import Any

import httpx
import pytest

from tests.api.test_scores import board, column, totals
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
PARTIAL, ENDED = "cohort_partial", "ended"
COMMUNES = [f"H60.{number}" for number in (101, 102, 103)]


async def one(api: Client, unit: str, period: str) -> Any:
    answer = await api.get(f"/v1/scores/{unit}/{period}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def series(api: Client, unit: str) -> Any:
    answer = await api.get(f"/v1/scores/{unit}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
async def province(api: Client) -> None:
    """Tuyên Quang with three communes, of which one ends with June 2025."""
    last = a_commune("H60.103", valid_to="2025-06-30")
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102"), last])


async def test_a_cohort_counts_those_without_figures_and_flags_the_places_of_the_others(
    api: Client, province: None
) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": 80, "H60.102": 70}))

    found = await board(api)

    assert found["cohort"] == {"under": "H60", "level": "commune", "active": 3, "size": 2, "ranked": 2}
    assert column(found, "rank") == {"H60.101": 1, "H60.102": 2}
    assert column(found, "flags") == {"H60.101": [PARTIAL], "H60.102": [PARTIAL]}


async def test_a_cohort_of_which_everybody_has_figures_is_not_flagged(api: Client, province: None) -> None:
    await with_figures(api, totals("2024-07", dict(zip(COMMUNES, (80, 70, 60), strict=True))))

    found = await board(api)

    assert (found["cohort"]["active"], found["cohort"]["size"]) == (3, 3)
    assert column(found, "flags") == {code: [] for code in COMMUNES}


async def test_no_place_in_the_country_is_given_where_only_some_of_it_is_known(api: Client, province: None) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai"), a_commune("H19.101", parent="H19")])
    await with_figures(api, totals("2024-07", dict(zip(COMMUNES, (80, 70, 60), strict=True))))

    before = await one(api, "H60.101", "2024-07")
    await with_figures(api, totals("2024-07", {"H19.101": 90}))
    after = await one(api, "H60.101", "2024-07")

    place = {"rank": 1, "tied": 1, "of": 3}
    assert before["ranks"] == {"siblings": place, "province": place, "nationwide": None, "reported": None}
    assert after["ranks"]["nationwide"] == {"rank": 2, "tied": 1, "of": 4}
    assert (before["flags"], after["flags"]) == ([PARTIAL], [])


async def test_the_one_province_that_is_known_has_no_place_but_the_one_that_its_source_states(
    api: Client, province: None
) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    for period, points, rank in (("2024-06", 80, 15), ("2024-07", 81, 14)):
        stated = {"reported_rank": rank, "reported_rank_of": 63}
        rows = [row for code, value in stated.items() for row in totals(period, {"H60": value}, indicator=code)]
        await with_figures(api, [*totals(period, {"H60": points}), *rows])

    found, [_, july] = await one(api, "H60", "2024-07"), await series(api, "H60")

    reported = {"rank": 14, "of": 63, "source": "national_portal"}
    assert found["ranks"] == {"siblings": None, "province": None, "nationwide": None, "reported": reported}
    assert (july["rank"], july["reported"]) == (None, reported)
    assert found["change"]["rank"] is july["change"]["rank"] is None
    assert found["change"]["total"] == july["change"]["total"] == 1
    assert PARTIAL in found["flags"]
    assert PARTIAL in july["flags"]


@pytest.mark.parametrize(("period", "ranked"), [("2025-06", 3), ("2025-Q2", 3), ("2025-H1", 3), ("2025-Q3", 2)])
async def test_a_unit_is_ranked_in_every_period_whose_last_day_it_saw(
    period: str, ranked: int, api: Client, province: None
) -> None:
    await with_figures(api, totals(period, dict(zip(COMMUNES[:ranked], (60, 70, 80), strict=False))))

    found = await board(api, period=period)

    assert found["cohort"] == {"under": "H60", "level": "commune", "active": ranked, "size": ranked, "ranked": ranked}


async def test_a_year_ranks_the_units_of_its_last_day_and_shows_those_that_ended_below_them(
    api: Client, province: None
) -> None:
    await with_figures(api, totals("2025", dict(zip(COMMUNES, (60, 70, 99), strict=True))))

    found, explained = await board(api, period="2025"), await one(api, "H60.103", "2025")

    assert found["cohort"] == {"under": "H60", "level": "commune", "active": 2, "size": 2, "ranked": 2}
    assert [(item["unit"]["code"], item["rank"], item["total"]) for item in found["items"]] == [
        ("H60.102", 1, 70),
        ("H60.101", 2, 60),
        ("H60.103", None, 99),
    ]
    assert column(found, "flags") == {"H60.101": [], "H60.102": [], "H60.103": [ENDED]}
    assert column(found, "band")["H60.103"] is None
    assert found["summary"]["mean"] == 65
    assert explained["ranks"]["siblings"] == {"rank": None, "tied": None, "of": 2}
    [year] = await series(api, "H60.103")
    assert ([year[name] for name in ("rank", "tied", "of")], year["flags"]) == ([None, None, 2], [ENDED])


async def test_a_month_ranks_who_lived_to_see_a_day_of_it(api: Client, province: None) -> None:
    await with_units(api, [a_commune("H60.104", valid_to="2025-06-15")])
    await with_figures(api, totals("2025-06", {"H60.101": 60, "H60.104": 70}))

    found = await board(api, period="2025-06")

    assert column(found, "rank") == {"H60.104": 1, "H60.101": 2}
    assert found["cohort"]["active"] == 4


async def test_an_evaluation_freezes_who_was_active_and_who_had_ended(api: Client, province: None) -> None:
    await with_figures(api, totals("2025", dict(zip(COMMUNES[1:], (70, 99), strict=True))))
    order = {"framework": "qd766", "period": "2025", "under": "H60", "levels": ["commune"]}
    draft = (await api.post("/v1/evaluations", json=order)).json()

    frozen = (await api.get(f"/v1/evaluations/{draft['id']}/scores")).json()
    report = await api.get("/v1/reports/classification", params={"evaluation": draft["id"]})
    checked = await api.get(f"/v1/evaluations/{draft['id']}/verify")

    assert draft["cohorts"] == [{"level": "commune", "active": 2, "size": 1, "ranked": 1}]
    assert frozen["cohort"] == {"under": "H60", "level": "commune", "active": 2, "size": 1, "ranked": 1}
    assert column(frozen, "flags") == {"H60.102": [PARTIAL], "H60.103": [PARTIAL, ENDED]}
    [level] = report.json()["levels"]
    assert (level["of"], level["ranked"], level["missing"], level["unclassed"]) == (1, 1, 1, 0)
    assert checked.json()["matches"] is True
    live = await api.get("/v1/reports/classification", params={"period": "2025", "under": "H60", "level": "commune"})
    assert live.json()["levels"] == report.json()["levels"]


async def test_a_code_that_ended_names_its_successors(api: Client, province: None) -> None:
    order = {"kind": "merge", "effective_on": "2025-07-01", "from": ["H60.102"], "to": [{"unit": "H60.101"}]}
    assert (await api.post("/v1/unit-events", json=order)).status_code == 201

    answer = await api.get("/v1/scores/H60.102/2025-07")

    assert answer.status_code == 404
    assert (answer.json()["code"], answer.json()["successors"]) == ("unit_ended", ["H60.101"])
