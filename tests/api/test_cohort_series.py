"""`GET /v1/scores?from=&to=`: a whole cohort through time, ranked in every period."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.test_scores import totals, with_figures
from tests.make import a_commune, a_framework, a_unit, with_units
from tests.support.jsonstat import check_structure, figures_of

Client = httpx.AsyncClient
COHORT = {"level": "commune", "under": "H60"}
SPAN = {**COHORT, "from": "2024-05", "to": "2024-07"}
MAY = {"H60.101": "60", "H60.102": "70"}
JUNE = {"H60.101": "85.5", "H60.102": "70", "H60.103": "85.5"}
JULY = {"H60.101": "50", "H60.103": "91"}


@pytest.fixture
async def three_months(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in (101, 102, 103))])
    for period, points in (("2024-05", MAY), ("2024-06", JUNE), ("2024-07", JULY), ("2024", JULY)):
        await with_figures(api, totals(period, points))


async def series(api: Client, **query: Any) -> dict[str, Any]:
    answer = await api.get("/v1/scores", params={**SPAN, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def lines_of(found: dict[str, Any], name: str) -> dict[str, list[Any]]:
    """One member of every entry, by unit."""
    return {item["unit"]["code"]: [each[name] for each in item["series"]] for item in found["items"]}


@pytest.mark.usefixtures("three_months")
async def test_every_unit_has_an_entry_for_every_period(api: Client) -> None:
    found = await series(api)

    assert found["periods"] == ["2024-05", "2024-06", "2024-07"]
    assert [cohort["ranked"] for cohort in found["cohorts"]] == [2, 3, 2]
    assert [cohort["mean"] for cohort in found["cohorts"]] == [65, 80.33, 70.5]
    assert lines_of(found, "total") == {
        "H60.103": [None, 85.5, 91],
        "H60.101": [60, 85.5, 50],
        "H60.102": [70, 70, None],
    }
    assert lines_of(found, "rank") == {"H60.103": [None, 1, 1], "H60.101": [2, 1, 2], "H60.102": [1, 3, None]}
    assert [item["unit"]["code"] for item in found["items"]] == ["H60.103", "H60.101", "H60.102"]
    assert {tuple(groups) for each in lines_of(found, "groups").values() for groups in each} == {
        tuple(each["code"] for each in found["groups_meta"])
    }


@pytest.mark.usefixtures("three_months")
async def test_a_series_says_of_each_period_what_its_board_says(api: Client) -> None:
    found = await series(api)

    for place, period in enumerate(found["periods"]):
        board = (await api.get("/v1/scores", params={**COHORT, "period": period})).json()
        entries = {item["unit"]["code"]: item["series"][place] for item in found["items"]}
        for item in board["items"]:
            entry = entries[item["unit"]["code"]]
            same = ("rank", "tied", "total", "band", "method", "coverage", "groups", "observed_at")
            assert {name: entry[name] for name in same} == {name: item[name] for name in same}
        assert board["groups_meta"] == found["groups_meta"]
        assert found["cohorts"][place]["size"] == board["cohort"]["size"]


@pytest.mark.usefixtures("three_months")
@pytest.mark.parametrize(
    ("query", "units"),
    [
        ({"sort": "code"}, ["H60.101", "H60.102", "H60.103"]),
        ({"sort": "-rank"}, ["H60.101", "H60.103", "H60.102"]),
        ({"q": "h60.102"}, ["H60.102"]),
        ({"band": "excellent"}, ["H60.103"]),
    ],
)
async def test_units_are_chosen_and_ordered_by_the_last_period(
    query: dict[str, str], units: list[str], api: Client
) -> None:
    assert list(lines_of(await series(api, **query), "total")) == units


@pytest.mark.usefixtures("three_months")
async def test_pages_of_a_series_hold_each_unit_once(api: Client) -> None:
    first = await series(api, limit=2)
    rest = await series(api, limit=2, cursor=first["next_cursor"])

    assert [*lines_of(first, "rank"), *lines_of(rest, "rank")] == ["H60.103", "H60.101", "H60.102"]
    assert rest["next_cursor"] is None


@pytest.mark.usefixtures("three_months")
async def test_only_the_members_that_are_named_are_sent_of_each_period(api: Client) -> None:
    found = await series(api, fields="total")

    assert found["items"][0]["series"][1] == {"period": "2024-06", "total": 85.5}


@pytest.mark.usefixtures("three_months")
async def test_tables_and_lines_are_long(api: Client) -> None:
    table = (await api.get("/v1/scores", params={**SPAN, "format": "csv", "sort": "code"})).text
    lines = (await api.get("/v1/scores", params={**SPAN, "format": "ndjson", "sort": "code"})).text.splitlines()
    book = await api.get("/v1/scores", params={**SPAN, "format": "xlsx"})

    rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff"))))
    assert len(rows) == 1 + 9
    assert [row[2] for row in rows[1:4]] == ["2024-05", "2024-06", "2024-07"]
    told = [json.loads(line) for line in lines]
    assert [(each["unit"]["code"], each["period"], each["total"]) for each in told[:3]] == [
        ("H60.101", "2024-05", 60),
        ("H60.101", "2024-06", 85.5),
        ("H60.101", "2024-07", 50),
    ]
    assert book.status_code == 200


@pytest.mark.usefixtures("three_months")
async def test_the_cube_of_a_series_has_an_axis_of_time(api: Client) -> None:
    answer = await api.get("/v1/scores", params={**SPAN, "format": "json-stat"})

    document, figures = answer.json(), figures_of(answer.content)
    check_structure(document)
    assert document["role"]["time"] == ["period"]
    assert document["dimension"]["period"]["category"]["index"] == ["2024-05", "2024-06", "2024-07"]
    assert figures["H60.101", "2024-06", "rank"] == 1
    assert ("H60.102", "2024-07", "total") not in figures
    assert not [place for place in figures if place[2].startswith("change")]


@pytest.mark.usefixtures("three_months")
async def test_the_type_of_the_periods_is_that_of_from_unless_another_is_named(api: Client) -> None:
    assert (await series(api, type="year", **{"from": "2024", "to": "2024"}))["periods"] == ["2024"]
    assert (await series(api, **{"from": "2024-01", "to": "2024", "type": "year"}))["periods"] == ["2024"]
    assert (await series(api, to="2024"))["periods"] == ["2024-05", "2024-06", "2024-07"]


@pytest.mark.usefixtures("three_months")
@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({**SPAN, "period": "2024-07"}, "not_of_series", "period"),
        ({**SPAN, "against": "2024-04"}, "not_of_series", "against"),
        ({**SPAN, "sort": "-change"}, "not_of_series", "sort"),
        ({**COHORT, "period": "2024-07", "type": "quarter"}, "type_without_choice", "type"),
        ({**COHORT, "from": "2024-08", "to": "2024-07"}, "span_reversed", "from"),
        (COHORT, "field_missing", "period"),
    ],
)
async def test_a_question_of_two_kinds_is_refused(
    query: dict[str, str], code: str, parameter: str, api: Client
) -> None:
    answer = await api.get("/v1/scores", params=query)

    assert answer.status_code == 422
    assert [(each["code"], each["parameter"]) for each in answer.json()["errors"]] == [(code, parameter)]


async def test_a_group_that_only_earlier_rules_have_sorts_nothing(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])
    former = a_framework(version="2023", valid_from="2023-01-01", valid_to="2023-12-31")
    former["criteria"][0]["code"] = "former"
    for document in (former, a_framework()):
        assert (await api.post("/v1/frameworks", json=document)).is_success
    figure = {"indicator": "counter_on_time", "value": 91}
    units = ("H60.102", "H60.101")
    await with_figures(api, [{**figure, "unit": unit, "period": at} for unit in units for at in ("2023-12", "2024-01")])

    found = await series(api, **{"from": "2023-12", "to": "2024-01"}, framework="mot_cua", sort="group:former")

    assert [each["unit"]["code"] for each in found["items"]] == ["H60.101", "H60.102"]


async def test_more_periods_than_a_chart_shows_are_refused_with_their_number(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])
    months = [f"{year}-{month:02}" for year in range(2019, 2025) for month in range(1, 13)][:61]
    await with_figures(api, [row for month in months for row in totals(month, {"H60.101": "60"})])

    answer = await api.get("/v1/scores", params={**COHORT, "from": "2019-01"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "span_too_long"
    assert "61" in answer.json()["errors"][0]["detail"]


@pytest.mark.usefixtures("three_months")
async def test_a_key_that_sees_a_part_of_the_cohort_gets_no_ranks(api: Client, as_key: Callable[..., Client]) -> None:
    own = as_key(Scope.VALUES_READ, unit="H60.101")

    found = (await own.get("/v1/scores", params={"level": "commune", "from": "2024-05"})).json()

    assert lines_of(found, "rank") == {"H60.101": [None] * 3}
    assert "cohort_hidden" in found["items"][0]["series"][0]["flags"]


@pytest.mark.usefixtures("three_months")
async def test_more_units_cost_a_series_no_more_queries(api: Client, count_queries: Callable[[], Any]) -> None:
    await with_figures(api, totals("2024-06", JUNE))
    with count_queries() as few:
        await series(api)
    await with_units(api, [a_commune(f"H60.{number}") for number in range(200, 210)])
    await with_figures(api, totals("2024-07", {f"H60.{number}": number / 3 // 1 for number in range(200, 210)}))
    with count_queries() as many:
        found = await series(api)

    assert len(found["items"]) == 13
    assert len(many) <= len(few)
