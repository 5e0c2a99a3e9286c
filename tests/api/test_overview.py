"""`GET /v1/overview`: the first screen of a dashboard, of the figures as they stand or of what is public."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published, totals

Client = httpx.AsyncClient
KeyMaker = Callable[..., Client]
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]


@pytest.fixture
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def overview(client: Client, **query: Any) -> dict[str, Any]:
    answer = await client.get("/v1/overview", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def reading(service: FastAPI, settings: Settings, mode: str) -> None:
    """What anybody may read from now on."""
    service.state.settings = settings.model_copy(update={"anonymous_read": mode})


def units_of(movers: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["unit"]["code"]: each["change"]["total"] for each in movers}


@pytest.mark.usefixtures("province")
async def test_the_latest_period_of_the_level_with_most_figures_is_shown(api: Client) -> None:
    await with_figures(api, totals("2024-07", {"H60": "70"}))

    found = await overview(api)

    assert {name: found[name] for name in ("under", "level", "framework", "period", "evaluation")} == {
        "under": None,
        "level": "commune",
        "framework": "qd766@2022",
        "period": "2024-07",
        "evaluation": None,
    }
    assert (await overview(api, level="province"))["cohort"]["size"] == 1


@pytest.mark.usefixtures("province")
async def test_the_latest_period_may_be_one_of_a_type(api: Client, anonymous: Client) -> None:
    await with_figures(api, [*totals("2024", {"H60.101": "70"}), *totals("2024-Q3", {"H60.101": "60"})])
    for period in ("2024", "2024-Q3"):
        order = {"period": period, "under": "H60", "levels": ["commune"]}
        drawn = (await api.post("/v1/evaluations", json=order)).json()
        assert (await api.post(f"/v1/evaluations/{drawn['id']}/publish")).status_code == 200

    for client in (api, anonymous):
        found = {type: (await overview(client, type=type))["period"] for type in ("year", "quarter")}
        assert found == {"year": "2024", "quarter": "2024-Q3"}
        assert (await client.get("/v1/overview", params={"type": "half"})).status_code == 404


@pytest.mark.usefixtures("province")
async def test_it_says_what_the_board_says(api: Client) -> None:
    found = await overview(api, under="H60")
    board = (await api.get("/v1/scores", params={"period": "2024-07", "level": "commune", "under": "H60"})).json()

    assert {name: found[name] for name in ("cohort", "summary", "as_of", "framework")} == {
        name: board[name] for name in ("cohort", "summary", "as_of", "framework")
    }
    for mover in [*found["movers"]["up"], *found["movers"]["down"]]:
        item = next(item for item in board["items"] if item["unit"] == mover["unit"])
        assert mover == {name: item[name] for name in ("unit", "total", "rank", "change")}


@pytest.mark.usefixtures("province")
async def test_the_mean_is_compared_with_that_of_the_period_before(api: Client) -> None:
    found = await overview(api, under="H60")

    assert found["summary"]["mean"] == 77.67
    assert found["change"] == {"against": "2024-06", "mean": 1, "flags": []}
    assert [(each["period"], each["ranked"], each["mean"]) for each in found["periods"]] == [
        ("2024-06", 3, 76.67),
        ("2024-07", 3, 77.67),
    ]


@pytest.mark.usefixtures("province")
async def test_the_means_of_other_units_are_not_compared(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, totals("2024-07", {"H60.104": "95"}))

    found = await overview(api, under="H60")

    assert found["change"] == {"against": "2024-06", "mean": None, "flags": ["cohort_changed"]}
    assert units_of(found["movers"]["up"]) == {"H60.101": 10, "H60.103": 1.5}  # each of them can be


@pytest.mark.usefixtures("province")
async def test_a_mean_that_a_unit_has_left_is_not_compared(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, totals("2024-06", {"H60.104": "95"}))

    found = await overview(api, under="H60")

    assert found["change"] == {"against": "2024-06", "mean": None, "flags": ["cohort_changed"]}


@pytest.mark.usefixtures("province")
async def test_a_first_period_is_compared_with_nothing(api: Client) -> None:
    await with_figures(api, totals("2025-01", {"H60.101": "70"}))

    found = await overview(api, under="H60")

    assert found["change"] == {"against": "2024-12", "mean": None, "flags": ["before_incomplete"]}
    assert found["movers"] == {"up": [], "down": []}


async def test_five_that_gained_and_five_that_lost_are_named_the_greatest_first(api: Client) -> None:
    codes = [f"H60.1{n:02d}" for n in range(1, 14)]
    await with_units(api, [a_unit(), *map(a_commune, codes)])
    await with_figures(api, totals("2024-06", dict.fromkeys(codes, "50")))
    await with_figures(api, totals("2024-07", {code: str(50 + n - 6) for n, code in enumerate(codes)}))

    found = (await overview(api, under="H60"))["movers"]

    assert list(units_of(found["up"]).items()) == [(f"H60.1{n}", n - 7) for n in (13, 12, 11, 10)] + [("H60.109", 2)]
    assert list(units_of(found["down"]).items()) == [(f"H60.10{n}", n - 7) for n in (1, 2, 3, 4, 5)]


async def test_at_most_twelve_periods_of_the_type_are_shown(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])
    periods = [*MONTHS[:14], "2023", "2023-Q4"]
    await with_figures(api, [row for period in periods for row in totals(period, {"H60.101": "50"})])

    found = await overview(api, under="H60")

    assert [each["period"] for each in found["periods"]] == MONTHS[2:14]


@pytest.mark.usefixtures("province")
async def test_it_counts_who_has_figures_and_what_contradicts(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])
    stated = {"unit": "H60.101", "period": "2024-07", "source": "national_portal", "indicator": "online_dossiers"}
    await with_figures(api, [{**stated, "numerator": 30, "denominator": 100, "value": 71}])
    where = {"under": "H60", "level": "commune"}

    found = await overview(api, **where)
    findings = (await api.get("/v1/findings", params={**where, "period": "2024-07"})).json()["items"]
    listed = (await api.get("/v1/periods/2024-07/completeness", params=where)).json()

    severities = [each["severity"] for each in findings]
    assert found["findings"] == {name: severities.count(name) for name in ("error", "warning")}
    assert severities
    assert {name: found["completeness"][name] for name in ("units", "with_figures")} == {"units": 4, "with_figures": 3}
    shares = [item["share"] for item in listed["items"]]
    assert found["completeness"]["coverage"] == pytest.approx(sum(shares) / 4, abs=0.0001)


@pytest.mark.usefixtures("province")
async def test_the_last_publications_of_the_unit_and_those_below_it_are_named(api: Client) -> None:
    july = await published(api, title="Tháng 7")
    june = await published(api, period="2024-06")
    await drafted(api, levels=["province"], under=None)

    found = await overview(api, under="H60")

    assert [each["id"] for each in found["publications"]] == [june["id"], july["id"]]
    assert found["publications"][1] == {
        name: july[name] for name in ("id", "title", "period", "under", "levels", "published_at")
    }
    assert len((await overview(api))["publications"]) == 2
    assert (await api.get("/v1/overview", params={"under": "H19"})).json()["code"] == "no_period"


@pytest.mark.usefixtures("province")
async def test_whoever_has_no_key_is_shown_what_was_published_last(api: Client, anonymous: Client) -> None:
    await published(api, period="2024-06")
    july = await published(api)
    live = await overview(api, under="H60")
    await with_figures(api, totals("2024-07", {"H60.101": "20"}))

    found = await overview(anonymous, under="H60")

    kept = ("under", "level", "framework", "period", "periods", "cohort", "summary", "change", "publications")
    assert {name: found[name] for name in kept} == {name: live[name] for name in kept}
    assert [units_of(found["movers"][way]) for way in ("up", "down")] == [
        units_of(live["movers"][way]) for way in ("up", "down")
    ]
    assert (found["evaluation"], found["completeness"], found["findings"]) == (july["id"], None, None)
    assert (await overview(anonymous))["under"] == "H60"
    assert (await overview(api, under="H60"))["summary"] != live["summary"]


@pytest.mark.usefixtures("province")
async def test_where_nothing_is_published_nobody_without_a_key_sees_anything(api: Client, anonymous: Client) -> None:
    await drafted(api)

    answer = await anonymous.get("/v1/overview", params={"under": "H60"})

    assert (answer.status_code, answer.json()["code"]) == (404, "evaluation_unknown")


@pytest.mark.usefixtures("province")
async def test_who_may_read_figures_sees_them_as_they_stand_in_his_subtree_alone(api: Client, as_key: KeyMaker) -> None:
    evaluation = await published(api)

    own, other, writer = (
        as_key(Scope.VALUES_READ, unit="H60"),
        as_key(Scope.VALUES_READ, unit="H19"),
        as_key(Scope.VALUES_WRITE),
    )

    assert [(await overview(key, under="H60"))["evaluation"] for key in (own, other, writer)] == [
        None,
        evaluation["id"],
        evaluation["id"],
    ]
    assert (await other.get("/v1/overview")).json()["code"] == "no_period"


@pytest.mark.usefixtures("province")
async def test_where_anybody_may_read_figures_they_are_shown_as_they_stand(
    service: FastAPI, settings: Settings, api: Client, anonymous: Client
) -> None:
    reading(service, settings, "all")

    assert await overview(anonymous, under="H60") == await overview(api, under="H60")


@pytest.mark.usefixtures("province")
async def test_where_only_keys_are_answered_nobody_else_is(
    service: FastAPI, settings: Settings, api: Client, anonymous: Client
) -> None:
    await published(api)
    reading(service, settings, "none")

    assert (await anonymous.get("/v1/overview", params={"under": "H60"})).status_code == 401


@pytest.mark.usefixtures("province")
async def test_classes_are_named_in_the_language_and_an_answer_that_stands_is_not_sent_again(api: Client) -> None:
    answers = [
        await api.get("/v1/overview", params={"under": "H60"}, headers={"Accept-Language": language})
        for language in ("vi", "en")
    ]
    assert [each.json()["summary"]["bands"][0]["name"] for each in answers] == ["Xuất sắc", "Excellent"]

    again = {"If-None-Match": answers[0].headers["ETag"], "Accept-Language": "vi"}
    assert (await api.get("/v1/overview", params={"under": "H60"}, headers=again)).status_code == 304
    await with_figures(api, totals("2024-07", {"H60.102": "99"}))
    assert (await api.get("/v1/overview", params={"under": "H60"}, headers=again)).status_code == 200


@pytest.mark.usefixtures("province")
async def test_a_unit_that_nobody_knows_is_told(api: Client) -> None:
    answer = await api.get("/v1/overview", params={"under": "H99"})

    assert (answer.status_code, answer.json()["code"]) == (404, "unit_unknown")
