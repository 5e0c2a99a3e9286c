"""Completeness: who has reported a period, what share of the expected figures there is, and what is missing."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units

PATH = "/v1/periods/2026-07/completeness"
TOPS = ["transparency", "progress", "online", "payment", "satisfaction", "digitization"]
LEAVES = {
    "transparency": ["1.1", "1.2", "1.3", "1.4"],
    "progress": ["2.1"],
    "online": ["3.1", "3.2", "3.3"],
    "payment": ["3.5", "3.5b", "3.6"],
    "satisfaction": ["5.2", "5.3", "5.4"],
    "digitization": ["4.1", "4.2", "4.3", "4.4", "4.5a", "4.5b", "4.6"],
}


def leaves(*groups: str) -> set[str]:
    return {leaf for group in groups for leaf in LEAVES[group]}


def figures_of(unit: str, **overrides: Any) -> dict[str, Any]:
    row = {"period": "2026-07", "observed_at": "2026-08-01T09:00:00+07:00", **overrides}
    return some_figures(unit, **row)[0]


def points_of(unit: str, indicator: str, points: float) -> dict[str, Any]:
    return figures_of(unit, indicator=indicator, numerator=None, denominator=None, value=points)


async def asked(client: httpx.AsyncClient, path: str = PATH, **query: Any) -> Any:
    answer = await client.get(path, params={"level": "commune", "under": "H60", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def by_unit(client: httpx.AsyncClient, path: str = PATH, **query: Any) -> dict[str, Any]:
    return {item["unit"]["code"]: item for item in (await asked(client, path, **query))["items"]}


@pytest.fixture
async def communes(api: httpx.AsyncClient) -> None:
    """Four communes and one elsewhere: the first has reported nothing, the others some or all of it."""
    codes = [f"H60.{number}" for number in (101, 102, 103, 104)]
    await with_units(api, [a_unit(), a_unit(code="H19"), a_commune("H19.100"), *map(a_commune, codes)])
    await with_figures(
        api,
        [
            figures_of("H60.102"),
            *(points_of("H60.103", f"{group}_points", 5) for group in TOPS),
            points_of("H60.104", "total_points", 81.77),
        ],
    )


@pytest.mark.usefixtures("communes")
async def test_who_has_reported_nothing_is_listed_with_everything_missing(api: httpx.AsyncClient) -> None:
    found = await asked(api)

    silent = found["items"][0]
    assert [item["unit"]["code"] for item in found["items"]] == ["H60.101", "H60.102", "H60.103", "H60.104"]
    assert silent["unit"] == {"code": "H60.101", "name": "UBND xã H60.101", "level": "commune"}
    assert (silent["reported"], silent["share"], silent["expected"]) == (False, 0, 21)
    assert set(silent["missing"]) == leaves(*TOPS)
    assert found["summary"] == {"units": 4, "reported": 3, "not_reported": 1, "complete": 2}
    assert (found["framework"], found["period"], found["under"], found["level"]) == (
        "qd766@2026",
        "2026-07",
        "H60",
        "commune",
    )


@pytest.mark.usefixtures("communes")
async def test_one_figure_covers_its_criterion_and_its_share_of_the_points(api: httpx.AsyncClient) -> None:
    found = (await by_unit(api))["H60.102"]

    assert (found["reported"], found["share"]) == (True, 0.06)
    assert set(found["missing"]) == leaves(*TOPS) - {"1.4"}


@pytest.mark.usefixtures("communes")
async def test_points_reported_for_a_group_or_the_total_stand_for_their_criteria(api: httpx.AsyncClient) -> None:
    found = await by_unit(api)

    assert [(found[code]["share"], found[code]["missing"]) for code in ("H60.103", "H60.104")] == [(1, []), (1, [])]


@pytest.mark.usefixtures("communes")
async def test_an_empty_denominator_is_a_figure(api: httpx.AsyncClient) -> None:
    await with_figures(api, [figures_of("H60.101", indicator="on_time", numerator=0, denominator=0)])

    found = (await by_unit(api))["H60.101"]

    assert (found["reported"], found["share"]) == (True, 0.2)
    assert "2.1" not in found["missing"]


@pytest.mark.usefixtures("communes")
async def test_a_figure_taken_back_is_missing_again(api: httpx.AsyncClient) -> None:
    taken_back = {"unit": "H60.102", "period": "2026-07", "indicator": "dossier_sync", "source": "national_portal"}
    await with_figures(api, [{**taken_back, "retract": True}])

    found = (await by_unit(api))["H60.102"]

    assert (found["reported"], "1.4" in found["missing"]) == (False, True)


async def test_a_level_whose_total_is_only_reported_owes_the_total(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])
    await with_figures(api, [points_of("H60.102", "total_points", 75)])

    found = await by_unit(api, framework="dongnai@2024")

    assert [(item["expected"], item["missing"]) for item in found.values()] == [(1, ["total"]), (1, [])]


async def test_a_level_that_is_computed_from_rates_owes_each_group(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.11", level="department")])

    found = await by_unit(api, level="department", framework="dongnai@2024")

    groups = ["transparency", "progress", "digitization", "online_services", "satisfaction"]
    assert found["H60.11"]["missing"] == groups


async def test_a_criterion_that_is_not_meant_for_the_level_is_not_owed(api: httpx.AsyncClient) -> None:
    (criterion,) = a_framework()["criteria"]
    both = [{**criterion, "max": 80}, {**criterion, "code": "abroad", "max": 20, "applies_to": ["province"]}]
    await api.post("/v1/frameworks", json=a_framework(criteria=both))
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])
    await with_figures(api, [figures_of("H60.102", indicator="counter_on_time", numerator=1, denominator=2)])

    found = await by_unit(api, framework="mot_cua")

    assert [(item["expected"], item["share"], item["missing"]) for item in found.values()] == [
        (1, 0, ["on_time"]),
        (1, 1, []),
    ]


async def test_a_unit_that_had_ended_before_the_period_owes_nothing(api: httpx.AsyncClient) -> None:
    ended = a_commune("H60.101", valid_to="2025-06-30")
    await with_units(api, [a_unit(), ended, a_commune("H60.102")])

    assert list(await by_unit(api)) == ["H60.102"]
    assert list(await by_unit(api, "/v1/periods/2024-07/completeness")) == ["H60.101", "H60.102"]


@pytest.mark.usefixtures("communes")
async def test_pages_and_the_list_of_those_who_have_not_reported(api: httpx.AsyncClient) -> None:
    first = await asked(api, limit=3)
    rest = await asked(api, limit=3, cursor=first["next_cursor"])

    listed = [item["unit"]["code"] for page in (first, rest) for item in page["items"]]
    assert listed == ["H60.101", "H60.102", "H60.103", "H60.104"]
    assert (rest["next_cursor"], rest["summary"]) == (None, first["summary"])
    assert list(await by_unit(api, reported="false")) == ["H60.101"]
    assert list(await by_unit(api, reported="true")) == ["H60.102", "H60.103", "H60.104"]


@pytest.mark.usefixtures("communes")
async def test_the_list_is_a_table_as_well(api: httpx.AsyncClient) -> None:
    answer = await api.get(PATH, params={"level": "commune", "under": "H60", "format": "csv", "limit": 2})

    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Mã,Đơn vị,Đã báo cáo,Mức đủ số liệu,Số tiêu chí cần số liệu,Tiêu chí còn thiếu"
    assert lines[-1].startswith("H60.102,UBND xã H60.102,")
    assert "1.4" not in lines[-1].split(",")[-1].split()


@pytest.mark.usefixtures("communes")
async def test_what_was_missing_then_can_be_asked_later(api: httpx.AsyncClient, clock: Clock) -> None:
    before = await asked(api)
    clock.forward(hours=1)
    await with_figures(api, [figures_of("H60.101")])

    then = await asked(api, as_of=before["as_of"])

    assert then == before
    assert (await asked(api))["summary"]["not_reported"] == 0
    assert (await asked(api, observed_by="2026-07-31T00:00:00Z"))["summary"]["reported"] == 0


@pytest.mark.usefixtures("communes")
async def test_a_subtree_key_is_told_of_its_own_units(as_key: Callable[..., httpx.AsyncClient]) -> None:
    own = as_key(Scope.VALUES_READ, unit="H60")
    one = as_key(Scope.VALUES_READ, unit="H60.102")

    everywhere = await own.get(PATH, params={"level": "commune"})
    outside = await own.get(PATH, params={"level": "commune", "under": "H19"})
    above = await one.get(PATH, params={"level": "commune", "under": "H60"})
    alone = await one.get(PATH, params={"level": "commune"})

    assert everywhere.json()["summary"] == {"units": 4, "reported": 3, "not_reported": 1, "complete": 2}
    assert (outside.status_code, outside.json()["code"]) == (404, "unit_unknown")
    assert (above.status_code, above.json()["code"]) == (404, "unit_unknown")
    assert alone.json()["summary"] == {"units": 1, "reported": 1, "not_reported": 0, "complete": 0}


async def test_a_unit_a_level_or_a_framework_that_is_none_is_refused(api: httpx.AsyncClient) -> None:
    answers = [
        await api.get(PATH),
        await api.get(PATH, params={"level": "commune", "under": "H99"}),
        await api.get(PATH, params={"level": "commune", "framework": "none_such"}),
        await api.get("/v1/periods/2026-13/completeness", params={"level": "commune"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 404, 404, 422]


async def test_a_due_date_is_kept_and_told_to_have_passed_once_it_has(api: httpx.AsyncClient, clock: Any) -> None:
    asked = {"level": "province"}
    before = (await api.get("/v1/periods/2026-09/completeness", params=asked)).json()

    stated = await api.put("/v1/periods/2026-09/due", json={"due_on": "2026-10-12"})
    on_the_day = (await api.get("/v1/periods/2026-09/completeness", params=asked)).json()
    clock.forward(days=1)
    after = (await api.get("/v1/periods/2026-09/completeness", params=asked)).json()

    assert (before["due_on"], before["overdue"]) == (None, None)
    assert (stated.status_code, stated.json()) == (200, {"period": "2026-09", "due_on": "2026-10-12"})
    assert (on_the_day["due_on"], on_the_day["overdue"]) == ("2026-10-12", False)
    assert after["overdue"] is True


async def test_figures_cannot_be_due_before_their_period_begins(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/periods/2026-09/due", json={"due_on": "2026-08-31"})

    assert (answer.status_code, answer.json()["code"]) == (422, "due_before_period")
