"""`format=json-stat`: the same figures as JSON answers, as a cube that statistical tools read."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.formats.strict_json import read_json
from app.services.rights import Scope
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract
from tests.support.jsonstat import Place, check_structure, figures_of, status_of

Client = httpx.AsyncClient
MEDIA = "application/vnd.json-stat+json"
BOARD = {"period": "2024-07", "level": "commune", "under": "H60"}


def a_total(unit: str, period: str, value: str, indicator: str = "total_points") -> dict[str, Any]:
    observed = {"source": "national_portal", "observed_at": "2024-09-01T00:00:00Z"}
    return {"unit": unit, "period": period, "indicator": indicator, "value": value, **observed}


@pytest.fixture
async def communes(api: Client) -> None:
    """Three communes: one with groups, one with a total alone, one of whose total nothing is known."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in (101, 102, 103))])
    await with_figures(
        api,
        [
            a_total("H60.101", "2024-06", "81.7"),
            a_total("H60.101", "2024-07", "81.77"),
            a_total("H60.102", "2024-07", "90"),
            *some_figures("H60.103", observed_at="2024-07-15T00:00:00Z"),
        ],
    )
    await with_figures(api, [a_total("H60.102", "2024-07", "13.2", "transparency_points")])


async def fetch(api: Client, path: str, **query: Any) -> httpx.Response:
    answer = await api.get(path, params={"format": "json-stat", **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == MEDIA
    check_structure(answer.json())
    return answer


@pytest.mark.usefixtures("communes")
async def test_a_board_as_a_cube_holds_the_figures_of_the_board(api: Client) -> None:
    board: Any = read_json((await api.get("/v1/scores", params=BOARD)).content)

    answer = await fetch(api, "/v1/scores", **BOARD)
    figures = figures_of(answer.content)

    document = answer.json()
    assert document["id"] == ["unit", "period", "measure"]
    assert document["role"] == {"time": ["period"], "metric": ["measure"]}
    for item in board["items"]:
        code = item["unit"]["code"]
        expected = {name: item[name] for name in ("rank", "tied", "total", "coverage")}
        expected |= {f"group.{group}": points for group, points in item["groups"].items()}
        expected |= {f"change.{name}": item["change"][name] for name in ("total", "rank")}
        told = {place[2]: figure for place, figure in figures.items() if place[0] == code}
        assert told == {name: figure for name, figure in expected.items() if figure is not None}
    assert figures["H60.101", "2024-07", "change.total"] == Decimal("0.07")
    assert ("H60.103", "2024-07", "total") not in figures


@pytest.mark.usefixtures("communes")
async def test_a_cube_speaks_vietnamese_and_names_its_rules_and_classes(api: Client) -> None:
    document = (await fetch(api, "/v1/scores", **BOARD)).json()

    assert document["label"] == "Điểm cấp xã, tháng 7/2024, theo qd766@2022"
    assert document["dimension"]["period"]["category"]["label"] == {"2024-07": "tháng 7/2024"}
    assert document["dimension"]["unit"]["category"]["label"]["H60.101"] == "UBND xã H60.101"
    measures = document["dimension"]["measure"]["category"]
    assert measures["label"]["group.transparency"] == "Công khai, minh bạch"
    assert measures["unit"]["total"] == {"label": "điểm", "decimals": 2}
    extension = document["extension"]
    assert extension["framework"] == "qd766@2022"
    assert extension["bands"] == {"H60.101": "good", "H60.102": "excellent", "H60.103": None}
    assert extension["cohort"]["size"] == 3
    assert extension["next_cursor"] is None


@pytest.mark.usefixtures("communes")
async def test_flags_stand_at_the_figures_of_their_unit_that_they_concern(api: Client) -> None:
    board = (await api.get("/v1/scores", params=BOARD)).json()
    answer = await fetch(api, "/v1/scores", **BOARD)

    status = status_of(answer.content)

    flagged = {item["unit"]["code"]: set(item["flags"]) for item in board["items"] if item["flags"]}
    told: dict[str, set[str]] = {}
    for (unit, _, measure), flags in status.items():
        told.setdefault(unit, set()).update(flags.split())
        assert ("cohort_changed" in flags) == (measure == "change.rank")
        assert ("provisional" in flags) == (unit == "H60.103")
    assert told == flagged
    assert flagged["H60.103"] == {"provisional", "cohort_changed"}
    assert answer.json()["extension"]["status"]["provisional"].startswith("tạm tính")


async def test_the_group_that_is_too_high_carries_the_flag_and_the_one_without_points_says_why(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in (101, 102))])
    groups = {"transparency": "18.5", "progress": "20", "online": "12", "payment": "10", "satisfaction": "18"}
    high = [a_total("H60.101", "2024-07", points, f"{code}_points") for code, points in groups.items()]
    await with_figures(api, high)
    await with_figures(api, [a_total("H60.102", "2024-07", "101"), a_total("H60.102", "2024-07", "9", "online_points")])

    status = status_of((await fetch(api, "/v1/scores", **BOARD)).content)

    def flagged(flag: str) -> set[tuple[str, str]]:
        return {(unit, measure) for (unit, _, measure), flags in status.items() if flag in flags.split()}

    assert flagged("points_exceed_max") == {
        ("H60.101", "total"),
        ("H60.101", "group.transparency"),
        ("H60.102", "total"),
    }
    places = {"rank", "tied", "total", "coverage", "change.total", "change.rank"}
    assert flagged("incomplete") == {("H60.101", measure) for measure in {*places, "group.digitization"}}


@pytest.mark.usefixtures("communes")
async def test_a_series_as_a_cube_runs_over_its_periods(api: Client) -> None:
    answer = await fetch(api, "/v1/scores/H60.101")

    figures = figures_of(answer.content)
    assert answer.json()["dimension"]["period"]["category"]["index"] == ["2024-06", "2024-07"]
    assert figures["H60.101", "2024-06", "total"] == Decimal("81.7")
    assert figures["H60.101", "2024-07", "rank"] == 2
    assert answer.json()["extension"]["frameworks"] == {"2024-06": "qd766@2022", "2024-07": "qd766@2022"}


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("format", ["json-stat", "csv", "xlsx"])
async def test_a_series_of_which_no_place_may_be_told_comes_in_every_format(
    as_key: Callable[..., Client], format: str
) -> None:
    clerk = as_key(Scope.VALUES_READ, unit="H60.101")

    answer = await clerk.get("/v1/scores/H60.101", params={"format": format})

    assert answer.status_code == 200
    if format == "json-stat":
        assert {place[2] for place in figures_of(answer.content)} & {"rank", "tied", "total"} == {"total"}


@pytest.mark.usefixtures("communes")
async def test_a_published_board_as_a_cube_may_be_kept_for_good(api: Client, anonymous: Client) -> None:
    scope = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    number = (await api.post("/v1/evaluations", json=scope)).json()["id"]
    await api.post(f"/v1/evaluations/{number}/publish")

    frozen = await fetch(anonymous, f"/v1/evaluations/{number}/scores")

    assert "immutable" in frozen.headers["Cache-Control"]
    live = await fetch(api, "/v1/scores", **BOARD)
    assert figures_of(frozen.content) == figures_of(live.content)
    again = await anonymous.get(
        f"/v1/evaluations/{number}/scores",
        params={"format": "json-stat"},
        headers={"If-None-Match": frozen.headers["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.usefixtures("communes")
async def test_values_as_a_cube_are_those_that_stand(api: Client) -> None:
    listed: Any = read_json((await api.get("/v1/values")).content)
    rows = listed["items"]

    answer = await fetch(api, "/v1/values")

    document = answer.json()
    assert document["id"] == ["unit", "period", "indicator", "source", "measure"]
    assert isinstance(document["value"], dict)
    assert figures_of(answer.content) == {
        (row["unit"], row["period"], row["indicator"], row["source"], measure): row[measure]
        for row in rows
        for measure in ("numerator", "denominator", "value")
        if row[measure] is not None
    }
    labels = document["dimension"]["indicator"]["category"]["label"]
    assert labels["dossier_sync"] != "dossier_sync"
    assert document["dimension"]["unit"]["category"]["label"]["H60.102"] == "UBND xã H60.102"
    assert document["updated"] == max(row["known_at"] for row in rows)


async def test_a_cube_without_figures_is_one_too(api: Client) -> None:
    await with_units(api, [a_unit()])

    assert (await fetch(api, "/v1/values")).json()["value"] == []
    assert (await fetch(api, "/v1/scores", period="2024-07", level="commune")).json()["value"] == []
    assert (await fetch(api, "/v1/scores/H60")).json()["value"] == []


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(("path", "query"), [("/v1/values", {}), ("/v1/scores", BOARD), ("/v1/scores/H60.101", {})])
async def test_a_cube_holds_one_page_and_leads_to_the_next(api: Client, path: str, query: dict[str, str]) -> None:
    whole = figures_of((await fetch(api, path, **query)).content)

    found: dict[Place, Any] = {}
    steps, cursor = 0, None
    while steps == 0 or cursor is not None:
        page = await fetch(api, path, **query, limit=1, **({"cursor": cursor} if cursor else {}))
        cursor = page.json()["extension"]["next_cursor"]
        assert (cursor is None) == ("next" not in page.links)
        found |= figures_of(page.content)
        steps += 1

    assert steps > 1
    assert found == whole


async def test_two_names_and_a_type_stand_for_the_format(api: Client) -> None:
    by_name = await api.get("/v1/values", params={"format": "jsonstat"})
    by_type = await api.get("/v1/values", headers={"Accept": f"{MEDIA};q=0.9, text/html"})

    assert by_name.headers["Content-Type"] == by_type.headers["Content-Type"] == MEDIA
    assert "Content-Disposition" not in by_name.headers


@pytest.mark.usefixtures("communes")
async def test_a_history_has_no_place_in_a_cube(api: Client) -> None:
    answer = await api.get("/v1/values", params={"format": "json-stat", "history": "true"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "history_not_a_dataset"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["format"]


async def test_where_there_are_no_cubes_the_format_is_refused_and_not_declared(api: Client, contract: Contract) -> None:
    refused = await api.get("/v1/units", params={"format": "json-stat"})
    accepted = await api.get("/v1/units", headers={"Accept": MEDIA})

    assert refused.status_code == 422
    assert accepted.headers["Content-Type"] == "application/json"
    declaring = [each.id for each in contract.operations if MEDIA in str(each.spec["responses"].get("200", {}))]
    of_scores = ["read_evaluation_scores", "read_scores", "read_unit_scores"]
    assert sorted(declaring) == [*of_scores, "read_values", "score_what_if"]
