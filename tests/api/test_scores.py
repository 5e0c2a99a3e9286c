"""`GET /v1/scores`: one cohort with its places, classes and changes."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient
PORTAL = "national_portal"


def totals(period: str, points: Mapping[str, object], **more: Any) -> list[dict[str, Any]]:
    """Reported totals, one a unit, looked up after every period of these tests."""
    figure = {"period": period, "indicator": "total_points", "source": PORTAL, "observed_at": "2026-10-01T00:00:00Z"}
    return [{"unit": unit, "value": value, **figure, **more} for unit, value in points.items()]


async def with_figures(api: Client, rows: list[dict[str, Any]]) -> None:
    answer = await api.post("/v1/imports", json=rows)
    assert answer.status_code == 200, answer.text


async def board(api: Client, **query: Any) -> dict[str, Any]:
    """The board of Tuyên Quang's communes in July 2024, unless the query says otherwise."""
    answer = await api.get("/v1/scores", params={"period": "2024-07", "level": "commune", "under": "H60", **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def column(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One member of every item, by unit."""
    return {item["unit"]["code"]: item[name] for item in found["items"]}


@pytest.fixture
async def province(api: Client) -> None:
    """Tuyên Quang with five communes."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in range(101, 106))])


@pytest.mark.usefixtures("province")
async def test_a_board_ranks_best_first_and_tells_who_shares_a_place(api: Client) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "70", "H60.102": "81.5", "H60.103": "81.5", "H60.104": "12"}))

    found = await board(api)

    assert column(found, "rank") == {"H60.101": 3, "H60.102": 1, "H60.103": 1, "H60.104": 4}
    assert column(found, "tied") == {"H60.101": 1, "H60.102": 2, "H60.103": 2, "H60.104": 1}
    assert [item["unit"]["code"] for item in found["items"]] == ["H60.102", "H60.103", "H60.101", "H60.104"]
    assert found["cohort"] == {"under": "H60", "level": "commune", "active": 5, "size": 4, "ranked": 4}
    assert found["summary"]["mean"] == 61.25
    assert [(band["name"], band["count"]) for band in found["summary"]["bands"]] == [
        ("Xuất sắc", 0),
        ("Tốt", 2),
        ("Khá", 1),
        ("Trung bình", 0),
        ("Yếu", 1),
    ]


@pytest.mark.usefixtures("province")
async def test_totals_at_the_edges_of_the_classes_land_where_the_decision_puts_them(api: Client) -> None:
    edges = {"H60.101": "100", "H60.102": "90", "H60.103": 89.995, "H60.104": 49.99, "H60.105": "0"}
    await with_figures(api, totals("2024-07", edges))

    found = await board(api)

    classes = {unit: band["code"] for unit, band in column(found, "band").items()}
    assert classes == {
        "H60.101": "excellent",
        "H60.102": "excellent",
        "H60.103": "excellent",
        "H60.104": "weak",
        "H60.105": "weak",
    }
    assert column(found, "total")["H60.103"] == 90
    assert column(found, "rank")["H60.103"] == column(found, "rank")["H60.102"] == 2


@pytest.mark.usefixtures("province")
async def test_a_place_gained_is_positive_and_points_lost_are_negative(api: Client) -> None:
    await with_figures(api, totals("2024-06", {"H60.101": "60", "H60.102": "70", "H60.103": "80"}))
    await with_figures(api, totals("2024-07", {"H60.101": "85.5", "H60.102": "70", "H60.103": "79.9"}))

    changes = column(await board(api), "change")

    assert {unit: (change["total"], change["rank"]) for unit, change in changes.items()} == {
        "H60.101": (25.5, 2),
        "H60.102": (0, -1),
        "H60.103": (-0.1, -1),
    }
    assert {change["against"] for change in changes.values()} == {"2024-06"}


@pytest.mark.usefixtures("province")
async def test_another_set_of_ranked_units_empties_the_change_of_rank_alone(api: Client) -> None:
    await with_figures(api, totals("2024-06", {"H60.101": "60", "H60.102": "70"}))
    await with_figures(api, totals("2024-07", {"H60.101": "65", "H60.102": "70", "H60.103": "80"}))

    found = await board(api)

    assert column(found, "change")["H60.101"]["total"] == 5
    assert column(found, "change")["H60.101"]["rank"] is None
    assert "cohort_changed" in column(found, "flags")["H60.101"]


@pytest.mark.usefixtures("province")
async def test_nothing_is_compared_across_versions_of_the_rules(api: Client) -> None:
    figures = {"H60.101": "60", "H60.102": "70"}
    await with_figures(api, totals("2025-12", figures) + totals("2026-01", figures))

    found = await board(api, period="2026-01")

    assert found["framework"] == "qd766@2026"
    assert {change["total"] for change in column(found, "change").values()} == {None}
    assert all("rules_changed" in flags for flags in column(found, "flags").values())


@pytest.mark.usefixtures("province")
async def test_a_version_named_holds_for_both_periods_and_says_where_it_was_not_in_force(api: Client) -> None:
    figures = {"H60.101": "60", "H60.102": "70"}
    await with_figures(api, totals("2025-12", figures) + totals("2026-01", figures))

    found = await board(api, period="2026-01", framework="qd766@2022")

    assert {change["total"] for change in column(found, "change").values()} == {0}
    assert all("outside_validity" in flags for flags in column(found, "flags").values())


@pytest.mark.usefixtures("province")
async def test_two_moments_of_one_running_period_can_be_compared(api: Client) -> None:
    monday = totals("2024-07", {"H60.101": "60", "H60.102": "70"}, observed_at="2024-07-08T11:00:00+07:00")
    tuesday = totals("2024-07", {"H60.101": "72", "H60.102": "70"}, observed_at="2024-07-09T11:00:00+07:00")
    await with_figures(api, monday + tuesday)

    found = await board(api, against_observed_by="2024-07-08T12:00:00+07:00")

    assert column(found, "change")["H60.101"] == {
        "against": "2024-07",
        "total": 12,
        "rank": 1,
        "groups": dict.fromkeys(column(found, "groups")["H60.101"]),
    }
    assert all("provisional" in flags for flags in column(found, "flags").values())


@pytest.mark.usefixtures("province")
async def test_what_had_been_looked_up_by_then_is_scored_as_it_was(api: Client) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "60"}, observed_at="2024-08-01T00:00:00Z"))
    await with_figures(api, totals("2024-07", {"H60.101": "75"}, observed_at="2024-08-26T00:00:00Z"))

    then = await board(api, observed_by="2024-08-10T00:00:00Z")
    now = await board(api)

    assert (column(then, "total"), column(now, "total")) == ({"H60.101": 60}, {"H60.101": 75})


@pytest.mark.usefixtures("province")
async def test_what_was_known_then_is_scored_the_same_after_any_later_write(api: Client, clock: Any) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "60"}))
    known = (await board(api))["as_of"]
    clock.forward(minutes=1)
    await with_figures(api, totals("2024-07", {"H60.101": "75", "H60.102": "20"}, observed_at="2026-10-02T00:00:00Z"))
    await api.patch("/v1/units/H60.101", json={"name": "Phường mới"})

    again = await board(api, as_of=known)

    assert column(again, "total") == {"H60.101": 60}
    assert again["items"][0]["unit"]["name"] == "UBND xã H60.101"


@pytest.mark.usefixtures("province")
async def test_the_source_that_the_framework_prefers_is_scored(api: Client) -> None:
    ours = totals("2024-07", {"H60.101": "66"}, source="provincial_system")
    by_hand = totals("2024-07", {"H60.101": "55"}, source="manual")
    await with_figures(api, by_hand + ours)
    first = await board(api)

    await with_figures(api, totals("2024-07", {"H60.101": "77"}))

    assert column(first, "total") == {"H60.101": 66}
    assert column(await board(api), "total") == {"H60.101": 77}


@pytest.mark.usefixtures("province")
async def test_a_unit_with_figures_but_no_total_is_listed_last_without_a_place(api: Client) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "10"}))
    await with_figures(api, totals("2024-07", {"H60.102": "8"}, indicator="reported_rank"))

    found = await board(api)

    last = found["items"][-1]
    assert (last["unit"]["code"], last["rank"], last["tied"], last["total"], last["band"]) == (
        "H60.102",
        None,
        None,
        None,
        None,
    )
    assert found["cohort"]["size"] == 2
    assert found["cohort"]["ranked"] == 1


@pytest.mark.usefixtures("province")
async def test_a_total_with_an_unknown_group_is_shown_but_neither_classed_nor_ranked(api: Client) -> None:
    known = [
        {"unit": "H60.101", "period": "2026-01", "indicator": f"{group}_points", "value": 10, "source": PORTAL}
        for group in ("transparency", "progress", "online", "payment", "satisfaction")
    ]
    await with_figures(api, known)

    [item] = (await board(api, period="2026-01"))["items"]

    assert item["total"] == 50
    assert item["rank"] is None
    assert item["band"] is None
    assert item["groups"]["digitization"] is None
    assert item["flags"] == ["incomplete", "cohort_partial"]
    assert item["coverage"] == 0.78


@pytest.mark.usefixtures("province")
async def test_a_total_whose_groups_lack_figures_is_partial_and_not_incomplete(api: Client) -> None:
    groups = ("progress", "online", "payment", "satisfaction", "digitization")
    known = [
        {"unit": "H60.101", "period": "2026-01", "indicator": f"{group}_points", "value": 10, "source": PORTAL}
        for group in groups
    ]
    rate = {"unit": "H60.101", "period": "2026-01", "indicator": "published_on_time", "value": 100, "source": PORTAL}
    await with_figures(api, [*known, rate])

    [item] = (await board(api, period="2026-01"))["items"]

    assert item["groups"]["transparency"] == 6
    assert item["flags"] == ["partial", "cohort_partial"]


@pytest.mark.usefixtures("province")
async def test_the_legal_view_joins_online_services_and_payment(api: Client) -> None:
    groups = {"transparency": 18, "progress": 20, "online": 12, "payment": 10, "satisfaction": 18, "digitization": 22}
    rows = [
        {"unit": "H60.101", "period": "2026-01", "indicator": f"{group}_points", "value": points, "source": PORTAL}
        for group, points in groups.items()
    ]
    await with_figures(api, rows)

    [item] = (await board(api, period="2026-01", view="legal"))["items"]

    assert item["groups"] == {
        "transparency": 18,
        "progress": 20,
        "online_services": 22,
        "satisfaction": 18,
        "digitization": 22,
    }
    assert item["total"] == 100
    assert item["band"]["code"] == "excellent"


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("rank", ["103", "102", "101", "104"]),
        ("-rank", ["101", "102", "103", "104"]),
        ("total", ["101", "102", "103", "104"]),
        ("-total", ["103", "102", "101", "104"]),
        ("code", ["101", "102", "103", "104"]),
        ("-code", ["104", "103", "102", "101"]),
        ("name", ["102", "101", "103", "104"]),
        ("change", ["103", "101", "102", "104"]),
        ("-change", ["102", "101", "103", "104"]),
    ],
)
async def test_a_board_can_be_sorted_and_units_without_the_figure_come_last(
    api: Client, sort: str, order: list[str]
) -> None:
    for code, name in {"H60.101": "Xã Đà", "H60.102": "Xã Ân", "H60.103": "Xã Ếch", "H60.104": "Xã Yên"}.items():
        await api.patch(f"/v1/units/{code}", json={"name": name})
    await with_figures(api, totals("2024-06", {"H60.101": "10", "H60.102": "10", "H60.103": "90"}))
    await with_figures(api, totals("2024-07", {"H60.101": "20", "H60.102": "30", "H60.103": "40"}))
    await with_figures(api, totals("2024-07", {"H60.104": "8"}, indicator="reported_rank"))

    found = await board(api, sort=sort)

    assert [item["unit"]["code"].removeprefix("H60.") for item in found["items"]] == order


@pytest.mark.usefixtures("province")
async def test_pages_of_a_board_stay_right_while_units_join(api: Client) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80", "H60.103": "70"}))
    first = await board(api, limit=2)

    await with_figures(api, totals("2024-07", {"H60.104": "99"}))
    rest = await board(api, limit=2, cursor=first["next_cursor"])

    assert [item["unit"]["code"] for item in rest["items"]] == ["H60.103"]
    assert rest["next_cursor"] is None


async def test_a_cursor_of_another_order_is_refused(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in range(101, 104))])
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80", "H60.103": "70"}))
    cursor = (await board(api, limit=1))["next_cursor"]

    answer = await api.get(
        "/v1/scores",
        params={"period": "2024-07", "level": "commune", "under": "H60", "sort": "code", "cursor": cursor},
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "cursor_invalid"


@pytest.mark.usefixtures("province")
async def test_level_and_period_are_asked_for(api: Client) -> None:
    answers = [await api.get("/v1/scores", params=given) for given in ({"period": "2024-07"}, {"level": "commune"})]

    faults = [(answer.status_code, answer.json()["errors"][0]) for answer in answers]
    assert [(status, fault["parameter"], fault["code"]) for status, fault in faults] == [
        (422, "level", "field_missing"),
        (422, "period", "field_missing"),
    ]


@pytest.mark.usefixtures("province")
async def test_live_scores_need_a_key(anonymous: Client) -> None:
    answer = await anonymous.get("/v1/scores", params={"period": "2024-07", "level": "commune"})

    assert answer.status_code == 401


@pytest.mark.usefixtures("province")
async def test_a_subtree_key_is_told_no_place_in_a_cohort_that_it_may_not_see(
    api: Client, as_key: Callable[..., Client]
) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80"}))
    commune = as_key(Scope.VALUES_READ, unit="H60.102")

    found = (await commune.get("/v1/scores", params={"period": "2024-07", "level": "commune"})).json()

    [item] = found["items"]
    assert item["unit"]["code"] == "H60.102"
    assert item["rank"] is None
    assert item["tied"] is None
    assert item["total"] == 80
    assert "cohort_hidden" in item["flags"]


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("against", "code"), [("2024-Q2", "period_type_differs"), ("2023", "period_type_differs"), ("T6", "period_invalid")]
)
@pytest.mark.parametrize(
    "path",
    [
        "/v1/scores?level=commune&period=2024-07",
        "/v1/scores/H60.101/2024-07?view=legal",
        "/v1/reports/classification?period=2024-07",
        "/v1/reports/comparison?unit=H60.101&period=2024-07",
    ],
)
async def test_a_month_is_compared_with_months_alone(api: Client, path: str, against: str, code: str) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "90"}))

    answer = await api.get(f"{path}&against={against}")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert [error["parameter"] for error in problem["errors"]] == ["against"]


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    "path",
    [
        "/v1/scores?level=commune&period=2024-07&",
        "/v1/scores/H60.101?",
        "/v1/scores/H60.101/2024-07?",
        "/v1/reports/classification?period=2024-07&",
        "/v1/reports/comparison?unit=H60.101&period=2024-07&",
    ],
)
async def test_a_view_that_the_framework_has_not_is_refused_by_name(api: Client, path: str) -> None:
    for period in ("2024-06", "2024-07"):
        await with_figures(api, totals(period, {"H60.101": "90"}))

    answer = await api.get(f"{path}view=no_such")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "view_unknown")
    assert [error["parameter"] for error in problem["errors"]] == ["view"]


@pytest.mark.usefixtures("province")
async def test_the_cohort_under_a_unit_above_the_subtree_of_a_key_is_not_found(
    api: Client, as_key: Callable[..., Client]
) -> None:
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80"}))
    commune = as_key(Scope.VALUES_READ, unit="H60.102")
    query = {"period": "2024-07", "level": "commune", "under": "H60"}

    for path in ("/v1/scores", "/v1/findings", "/v1/values", "/v1/reports/classification"):
        asked = {
            name: value for name, value in query.items() if name != "level" or path != "/v1/reports/classification"
        }
        answer = await commune.get(path, params=asked)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "unit_unknown")


@pytest.mark.usefixtures("province")
async def test_a_subtree_key_sees_its_whole_cohort_and_no_other(api: Client, as_key: Callable[..., Client]) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80"}))
    ours = as_key(Scope.VALUES_READ, unit="H60")

    found = await board(ours)
    elsewhere = await ours.get("/v1/scores", params={"period": "2024-07", "level": "commune", "under": "H19"})

    assert column(found, "rank") == {"H60.101": 1, "H60.102": 2}
    assert elsewhere.status_code == 404


@pytest.mark.usefixtures("province")
async def test_only_units_that_existed_in_the_period_are_in_its_cohort(api: Client) -> None:
    await api.patch("/v1/units/H60.101", json={"valid_to": "2024-07-15"})
    await with_figures(api, totals("2024-07", {"H60.101": "90", "H60.102": "80"}))
    await api.patch("/v1/units/H60.101", json={"valid_to": "2024-06-30"}, params={"force": "true"})

    found = await board(api)

    assert column(found, "rank") == {"H60.102": 1}
