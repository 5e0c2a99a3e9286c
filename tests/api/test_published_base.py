"""What the earlier side of a comparison is: as it was published, or as its source says it now."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.api.test_scores import totals
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
JUNE, JULY = "2024-06", "2024-07"


async def published(api: Client, **order: Any) -> dict[str, Any]:
    """An evaluation of June's communes, made public."""
    body = {"framework": "qd766", "period": JUNE, "under": "H60", "levels": ["commune"], **order}
    draft = (await api.post("/v1/evaluations", json=body)).json()
    done = await api.post(f"/v1/evaluations/{draft['id']}/publish")
    assert done.status_code == 200, done.text
    found: dict[str, Any] = done.json()
    return found


async def comparison(api: Client, unit: str = "H60.101", **query: Any) -> Any:
    query = {"period": JULY, "unit": unit, **query}
    answer = await api.get("/v1/reports/comparison", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def changes(found: Any) -> tuple[Any, Any, Any]:
    """The total before and its change, and the move."""
    return found["total"]["before"], found["total"]["change"], found["rank"]["change"]


@pytest.fixture
async def restated(api: Client) -> dict[str, Any]:
    """June as it was published: 60 and 70; said to be 75 and 70 afterwards; July 80 and 72."""
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])
    await with_figures(api, [*totals(JUNE, {"H60.101": 60, "H60.102": 70, "H60": 50})])
    june = await published(api)
    await with_figures(api, totals(JUNE, {"H60.101": 75, "H60": 55}, observed_at="2026-10-02T00:00:00Z"))
    await with_figures(api, totals(JULY, {"H60.101": 80, "H60.102": 72, "H60": 58}))
    return june


async def test_a_month_is_compared_with_what_was_published_of_the_one_before(
    api: Client, restated: dict[str, Any]
) -> None:
    found, current = await comparison(api), await comparison(api, base="current")

    assert found["base"] == {"kind": "published", "evaluation": restated["id"]}
    assert changes(found) == (60, 20, 1)
    assert current["base"] == {"kind": "current", "evaluation": None}
    assert changes(current) == (75, 5, 0)
    assert changes(await comparison(api, base="published")) == changes(found)
    assert found["rank"]["before"] == {"rank": 2, "of": 2}


async def test_rows_and_look_ups_of_the_earlier_side_are_the_published_ones(
    api: Client, restated: dict[str, Any]
) -> None:
    found, current = await comparison(api), await comparison(api, base="current")

    def stated(answer: Any) -> Any:
        [row] = [each for each in answer["rows"] if each["kind"] == "total"]
        return row["before"]["points"], row["change"]["points"]

    assert (stated(found), found["moments"]["before"]) == ((60, 20), "2026-10-01T00:00:00Z")
    assert (stated(current), current["moments"]["before"]) == ((75, 5), "2026-10-02T00:00:00Z")


async def test_where_nothing_was_published_the_current_figures_are_the_base(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])
    await with_figures(api, [*totals(JUNE, {"H60.101": 60}), *totals(JULY, {"H60.101": 80})])
    draft = {"framework": "qd766", "period": JUNE, "under": "H60", "levels": ["commune"]}
    assert (await api.post("/v1/evaluations", json=draft)).status_code == 201

    found = await comparison(api)
    asked = await api.get("/v1/reports/comparison", params={"period": JULY, "unit": "H60.101", "base": "published"})

    assert (found["base"], changes(found)[:2]) == ({"kind": "current", "evaluation": None}, (60, 20))
    assert (asked.status_code, asked.json()["code"]) == (404, "evaluation_unknown")
    assert "2024-06" in asked.json()["detail"]


async def test_a_base_is_the_one_that_stood_published_at_the_moment(
    api: Client, restated: dict[str, Any], clock: Clock
) -> None:
    moments = [clock.forward(hours=1)]
    clock.forward(hours=1)
    second = await published(api)
    moments.append(clock.forward(hours=1))
    clock.forward(hours=1)
    await api.post(f"/v1/evaluations/{second['id']}/withdraw", json={"reason": "sai sót"})

    bases = [(await comparison(api, as_of=moment.isoformat()))["base"]["evaluation"] for moment in moments]

    assert bases == [restated["id"], second["id"]]
    assert (await comparison(api))["base"] == {"kind": "current", "evaluation": None}


async def test_the_unit_that_an_evaluation_is_under_is_compared_with_its_published_figures_without_a_place(
    api: Client, restated: dict[str, Any]
) -> None:
    found = await comparison(api, "H60")

    assert found["base"] == {"kind": "published", "evaluation": restated["id"]}
    assert changes(found) == (50, 8, None)
    assert found["rank"]["before"] is None


async def test_of_two_published_cohorts_the_one_that_is_asked_about_is_the_base(
    api: Client, restated: dict[str, Any]
) -> None:
    everywhere = await published(api, under=None)

    assert (await comparison(api))["base"]["evaluation"] == restated["id"]
    assert (await comparison(api, "H60"))["base"]["evaluation"] == restated["id"]
    await api.post(f"/v1/evaluations/{restated['id']}/withdraw", json={"reason": "sai sót"})
    assert (await comparison(api))["base"]["evaluation"] == everywhere["id"]
    assert (await comparison(api, "H60"))["base"] == {"kind": "current", "evaluation": None}


async def test_the_letter_says_what_it_compares_with(api: Client, restated: dict[str, Any]) -> None:
    query = {"period": JULY, "under": "H60"}

    letter = (await api.get("/v1/reports/announcement", params=query)).json()
    current = (await api.get("/v1/reports/announcement", params={**query, "base": "current"})).json()

    assert letter["base"] == {"kind": "published", "evaluation": restated["id"]}
    assert "tăng 8 điểm" in letter["sections"][0]["paragraphs"][0]["text"]
    assert f"kết quả đánh giá số {restated['id']}" in {each["code"]: each["detail"] for each in letter["notes"]}["base"]
    assert "tăng 3 điểm" in current["sections"][0]["paragraphs"][0]["text"]
    assert "base" not in [each["code"] for each in current["notes"]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"evaluation": 1, "unit": "H60.101"}, "fixed_by_evaluation"),
        ({"period": JULY, "unit": "H60.101", "against_observed_by": "2026-10-01T12:00:00Z"}, "base_of_moments"),
        ({"period": JULY, "unit": "H60.101", "against": JULY}, "base_of_moments"),
    ],
)
async def test_a_base_is_refused_where_there_is_none_to_choose(
    query: dict[str, Any], code: str, api: Client, restated: dict[str, Any]
) -> None:
    answer = await api.get("/v1/reports/comparison", params={**query, "base": "published"})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
