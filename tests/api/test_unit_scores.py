"""`GET /v1/scores/{unit}` and `/v1/scores/{unit}/{period}`: one unit through time, and explained."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_framework, a_unit, with_units

Client = httpx.AsyncClient
LOOKED_UP = "2026-10-01T00:00:00Z"


def figure(unit: str, period: str, indicator: str, **values: Any) -> dict[str, Any]:
    given = {"source": "national_portal", "observed_at": LOOKED_UP, **values}
    return {"unit": unit, "period": period, "indicator": indicator, **given}


def total(unit: str, period: str, points: object) -> dict[str, Any]:
    return figure(unit, period, "total_points", value=points)


async def with_figures(api: Client, *rows: dict[str, Any]) -> None:
    answer = await api.post("/v1/imports", json=list(rows))
    assert answer.status_code == 200, answer.text


async def fetched(api: Client, path: str, **query: Any) -> dict[str, Any]:
    answer = await api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def nodes(criteria: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every criterion of an explained tree."""
    for each in criteria:
        yield each
        yield from nodes(each["criteria"])


@pytest.fixture
async def provinces(api: Client) -> None:
    """Two provinces, the first with two communes, the second with one."""
    units = [a_unit(), a_unit(code="H19", name="UBND tỉnh Đồng Nai")]
    await with_units(api, [*units, *(a_commune(code) for code in ("H60.101", "H60.102", "H19.101"))])


@pytest.mark.usefixtures("provinces")
async def test_seventy_five_percent_of_the_digitisation_of_a_department_is_explained_in_a_sentence(api: Client) -> None:
    await with_units(api, [a_unit(code="H19.01", name="Sở A", level="department", parent="H19")])
    await with_figures(api, figure("H19.01", "2024-Q2", "digitization_rate", value=75))

    found = await fetched(api, "/v1/scores/H19.01/2024-Q2", framework="dongnai")

    [node] = [each for each in nodes(found["criteria"]) if each["code"] == "digitization"]
    assert node["points"] == 16.5
    assert node["arithmetic"] == "75 × 22 / 100 = 16.5"
    assert node["sentence"] == "Số hóa hồ sơ: đạt 75%, được 16,5/22 điểm"
    assert node["rule"]["kind"] == "ratio"
    assert node["legal_ref"]


@pytest.mark.usefixtures("provinces")
async def test_an_explained_score_names_each_figure_with_its_source_and_moment(api: Client) -> None:
    counts = {"numerator": 82913, "denominator": 98459}
    await with_figures(api, figure("H60.101", "2026-08", "paid_dossiers", **counts))

    found = await fetched(api, "/v1/scores/H60.101/2026-08")

    [node] = [each for each in nodes(found["criteria"]) if each["code"] == "3.6"]
    [listed] = (await fetched(api, "/v1/values", unit="H60.101"))["items"]
    assert node["points"] == 5.05
    assert node["inputs"][0]["value"] == listed["value"]
    assert node["inputs"] == [
        {
            "indicator": "paid_dossiers",
            **counts,
            "value": 84.21,
            "source": "national_portal",
            "observed_at": LOOKED_UP,
            "role": "figure",
        }
    ]
    missing = [each["code"] for each in nodes(found["criteria"]) if "missing" in each["flags"]]
    assert "1.1" in missing
    assert "partial" in found["flags"]


@pytest.mark.usefixtures("provinces")
async def test_a_rate_that_another_framework_describes_is_said_in_percent(api: Client) -> None:
    [criterion] = a_framework()["criteria"]
    rule = {"kind": "ratio", "indicator": "paid_dossiers", "full_at": 100}
    borrowing = a_framework(indicators=[], criteria=[{**criterion, "rules": [rule]}])
    assert (await api.post("/v1/frameworks", json=borrowing)).status_code == 201
    await with_figures(api, figure("H60.101", "2026-08", "paid_dossiers", value="33,33"))

    found = await fetched(api, "/v1/scores/H60.101/2026-08", framework="mot_cua")

    assert found["criteria"][0]["sentence"] == "Đúng hạn: đạt 33,33%, được 33,33/100 điểm"


@pytest.mark.usefixtures("provinces")
async def test_points_above_the_maximum_are_flagged_on_the_board_and_where_they_arise(api: Client) -> None:
    await with_figures(api, figure("H60.101", "2024-07", "transparency_points", value=35))

    found = await fetched(api, "/v1/scores/H60.101/2024-07")
    [item] = (await fetched(api, "/v1/scores", period="2024-07", level="commune"))["items"]

    flagged = [node["code"] for node in nodes(found["criteria"]) if "points_exceed_max" in node["flags"]]
    assert (flagged, found["groups"]["transparency"]) == (["transparency"], 35)
    assert "points_exceed_max" in found["flags"]
    assert "points_exceed_max" in item["flags"]


@pytest.mark.usefixtures("provinces")
async def test_a_unit_is_placed_among_its_siblings_in_its_province_and_in_the_country(api: Client) -> None:
    await with_figures(
        api, total("H60.101", "2024-07", 70), total("H60.102", "2024-07", 80), total("H19.101", "2024-07", 90)
    )

    found = await fetched(api, "/v1/scores/H60.101/2024-07")

    assert found["ranks"] == {
        "siblings": {"rank": 2, "tied": 1, "of": 2},
        "province": {"rank": 2, "tied": 1, "of": 2},
        "nationwide": {"rank": 3, "tied": 1, "of": 3},
        "reported": None,
    }


@pytest.mark.usefixtures("provinces")
async def test_a_rank_that_a_letter_states_stands_beside_the_computed_ones(api: Client) -> None:
    await with_figures(
        api,
        total("H60", "2024-07", "81,77"),
        figure("H60", "2024-07", "reported_rank", value=14),
        figure("H60", "2024-07", "reported_rank_of", value=63),
    )

    found = await fetched(api, "/v1/scores/H60/2024-07")

    assert found["ranks"]["reported"] == {"rank": 14, "of": 63, "source": "national_portal"}
    assert found["ranks"]["nationwide"] is found["ranks"]["siblings"] is None  # one province of two has figures
    assert found["ranks"]["province"] is None


@pytest.mark.usefixtures("provinces")
async def test_a_subtree_key_is_told_its_points_but_no_place_among_units_it_may_not_see(
    api: Client, as_key: Callable[..., Client]
) -> None:
    await with_figures(api, total("H60.101", "2024-07", 70), total("H60.102", "2024-07", 80))
    commune = as_key(Scope.VALUES_READ, unit="H60.101")

    found = await fetched(commune, "/v1/scores/H60.101/2024-07")

    assert found["total"] == 70
    assert found["ranks"] == {"siblings": None, "province": None, "nationwide": None, "reported": None}
    assert "cohort_hidden" in found["flags"]


@pytest.mark.usefixtures("provinces")
@pytest.mark.parametrize("path", ["/v1/scores/H60.102", "/v1/scores/H60.102/2024-07"])
async def test_a_unit_outside_the_subtree_of_a_key_is_not_found(
    api: Client, as_key: Callable[..., Client], path: str
) -> None:
    await with_figures(api, total("H60.102", "2024-07", 80))

    answer = await as_key(Scope.VALUES_READ, unit="H60.101").get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == "unit_unknown"


@pytest.mark.usefixtures("provinces")
async def test_a_unit_without_figures_in_the_period_says_so(api: Client) -> None:
    answer = await api.get("/v1/scores/H60.101/2024-07", headers={"Accept-Language": "vi"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "no_figures"
    assert "không có số liệu" in answer.json()["detail"]


@pytest.mark.usefixtures("provinces")
async def test_a_series_follows_a_unit_through_time_with_its_places_and_changes(api: Client) -> None:
    for period, ours, theirs in (("2024-05", 60, 70), ("2024-06", 75, 70), ("2024-07", 72.5, 80)):
        await with_figures(api, total("H60.101", period, ours), total("H60.102", period, theirs))

    found = await fetched(api, "/v1/scores/H60.101")

    assert found["unit"] == {"code": "H60.101", "name": "UBND xã H60.101", "level": "commune"}
    assert [
        (item["period"], item["total"], item["rank"], item["change"]["total"], item["change"]["rank"])
        for item in found["items"]
    ] == [("2024-05", 60, 2, None, None), ("2024-06", 75, 1, 15, 1), ("2024-07", 72.5, 2, -2.5, -1)]


@pytest.mark.usefixtures("provinces")
async def test_a_series_can_be_cut_by_period_and_kind_and_read_page_by_page(api: Client) -> None:
    for period in ("2023-12", "2024", "2024-01", "2024-Q1", "2024-02"):
        await with_figures(api, total("H60.101", period, 60))

    months = await fetched(api, "/v1/scores/H60.101", type="month", **{"from": "2024"})
    first = await fetched(api, "/v1/scores/H60.101", limit=3)
    rest = await fetched(api, "/v1/scores/H60.101", limit=3, cursor=first["next_cursor"])

    assert [item["period"] for item in months["items"]] == ["2024-01", "2024-02"]
    periods = [item["period"] for item in first["items"] + rest["items"]]
    assert periods == ["2023-12", "2024", "2024-Q1", "2024-01", "2024-02"]


@pytest.mark.usefixtures("provinces")
async def test_a_series_that_ends_before_it_begins_is_refused(api: Client) -> None:
    answer = await api.get("/v1/scores/H60.101", params={"from": "2024-06", "to": "2024-04"})

    assert (answer.status_code, answer.json()["code"]) == (422, "span_reversed")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["from"]


@pytest.mark.usefixtures("provinces")
async def test_a_series_takes_the_same_few_queries_however_long_it_is(api: Client, count_queries: Any) -> None:
    await with_figures(api, total("H60.101", "2024-01", 60))
    with count_queries() as one:
        await fetched(api, "/v1/scores/H60.101")
    await with_figures(api, *(total("H60.101", f"2024-{month:02}", 60) for month in range(2, 13)))
    with count_queries() as twelve:
        await fetched(api, "/v1/scores/H60.101")

    assert len(twelve) == len(one) <= 9


@pytest.mark.usefixtures("provinces")
async def test_an_explanation_takes_a_pinned_number_of_queries(api: Client, count_queries: Any) -> None:
    await with_figures(api, total("H60.101", "2024-07", 70), total("H19.101", "2024-07", 90))

    with count_queries() as queries:
        await fetched(api, "/v1/scores/H60.101/2024-07")

    assert len(queries) <= 24
