"""What the API says of a change, and where it says why there is none: one unit, boards, series and what is frozen."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
JUNE, JULY = "2024-06", "2024-07"
MERGED_ON = "2024-07-01"
SIX = {
    "transparency_points": "15.10",
    "progress_points": "18.25",
    "online_points": "10.00",
    "payment_points": "8.05",
    "satisfaction_points": "16.00",
    "digitization_points": "13.75",
}
COARSE = {code: points[:-1] for code, points in SIX.items()}
SUMMED = "transparency_points"
"""One group of six is no total."""


def figures(unit: str, period: str, points: Mapping[str, str], **more: Any) -> list[dict[str, Any]]:
    """Points as the portal reports them, looked up long after the period."""
    figure = {"unit": unit, "period": period, "source": "national_portal", "observed_at": "2026-10-01T00:00:00Z"}
    return [{**figure, "indicator": code, "value": value, **more} for code, value in points.items()]


def total(unit: str, period: str, points: str, **more: Any) -> list[dict[str, Any]]:
    return figures(unit, period, {"total_points": points}, **more)


async def ask(api: Client, path: str, **query: Any) -> Any:
    answer = await api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everywhere(api: Client, unit: str = "H60.101", period: str = JULY) -> dict[str, dict[str, Any]]:
    """What a board, a series and the unit itself say; on a board of what is frozen ranks are those of the scope."""
    level = "commune" if "." in unit else "province"
    under = {"under": "H60"} if "." in unit else {}
    board = (await ask(api, "/v1/scores", period=period, level=level, **under))["items"]
    made = await api.post("/v1/evaluations", json={"period": period, "levels": [level], **under})
    assert made.status_code == 201, made.text
    frozen = (await ask(api, f"/v1/evaluations/{made.json()['id']}/scores"))["items"]
    verified = await ask(api, f"/v1/evaluations/{made.json()['id']}/verify")
    assert verified["matches"] is True, verified
    return {
        "board": next(item for item in board if item["unit"]["code"] == unit),
        "frozen": next(item for item in frozen if item["unit"]["code"] == unit),
        "series": next(each for each in (await ask(api, f"/v1/scores/{unit}"))["items"] if each["period"] == period),
        "unit": await ask(api, f"/v1/scores/{unit}/{period}"),
    }


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in (101, 102, 103))])


async def test_a_total_that_lacks_a_group_has_neither_risen_nor_fallen(api: Client) -> None:
    lacking = {code: points for code, points in SIX.items() if code != "online_points"}
    await with_figures(api, [*figures("H60.101", JUNE, SIX), *figures("H60.101", JULY, lacking)])
    await with_figures(api, figures("H60.101", "2024-08", SIX))

    for item in (await everywhere(api)).values():
        assert item["total"] == 71.15
        assert item["change"]["total"] is None
        assert item["change"]["groups"]["online"] is None
        assert item["change"]["groups"]["payment"] == 0
        assert "incomplete" in item["flags"]
    for item in (await everywhere(api, period="2024-08")).values():
        assert item["change"]["total"] is None
        assert item["change"]["groups"]["payment"] == 0
        assert "before_incomplete" in item["flags"]
        assert "incomplete" not in item["flags"]


async def test_a_partial_group_has_no_change_and_the_group_beside_it_has_its_own(api: Client) -> None:
    counted = {"source": "national_portal", "observed_at": "2026-10-01T00:00:00Z", "unit": "H60.101"}
    whole = {"published_on_time": "50", "updated_on_time": "50", "full_content": "50", "dossier_sync": "50"}
    others = {code: points for code, points in SIX.items() if code != "transparency_points"}

    def of(period: str, rates: Mapping[str, str]) -> list[dict[str, Any]]:
        found = [{**counted, "period": period, "indicator": code, "value": rate} for code, rate in rates.items()]
        return [*found, *figures("H60.101", period, others)]

    await with_figures(api, [*of("2026-06", whole), *of("2026-07", {"published_on_time": "50"})])

    for item in (await everywhere(api, period="2026-07")).values():
        assert "partial" in item["flags"]
        assert item["change"]["total"] is None
        assert item["change"]["groups"]["transparency"] is None
        assert item["change"]["groups"]["progress"] == 0


async def test_a_stated_total_and_a_sum_of_groups_have_no_difference(api: Client) -> None:
    await with_figures(api, [*figures("H60.101", JUNE, SIX), *total("H60.101", JULY, "83")])

    for item in (await everywhere(api)).values():
        assert item["change"]["total"] is None
        assert "basis_changed" in item["flags"]
        assert "derived_total" not in item["flags"]


async def test_computed_groups_and_stated_ones_have_no_difference(api: Client) -> None:
    rate = {"period": "2026-07", "indicator": "on_time", "numerator": 90, "denominator": 100, "unit": "H60.101"}
    computed = [{**rate, "source": "national_portal", "observed_at": "2026-10-01T00:00:00Z"}]
    others = {code: points for code, points in SIX.items() if code != "progress_points"}
    await with_figures(api, figures("H60.101", "2026-06", SIX))
    await with_figures(api, [*computed, *figures("H60.101", "2026-07", others)])

    for item in (await everywhere(api, period="2026-07")).values():
        assert (item["change"]["total"], item["change"]["groups"]["progress"]) == (None, None)
        assert item["change"]["groups"]["payment"] == 0
        assert {"basis_changed", "method_changed"} <= set(item["flags"])


async def test_a_sum_of_groups_printed_with_one_decimal_is_derived_and_tells_no_change(api: Client) -> None:
    await with_figures(api, [*figures("H60.101", JUNE, COARSE), *figures("H60.101", JULY, COARSE)])

    for item in (await everywhere(api)).values():
        assert item["change"]["total"] is None
        assert item["change"]["groups"]["payment"] == 0
        assert "derived_total" in item["flags"]


async def test_a_sum_of_groups_printed_as_finely_as_totals_is_derived_and_tells_its_change(api: Client) -> None:
    finer = {**SIX, "online_points": "10.50"}
    await with_figures(api, [*figures("H60.101", JUNE, SIX), *figures("H60.101", JULY, finer)])

    for item in (await everywhere(api)).values():
        assert item["change"]["total"] == 0.5
        assert "derived_total" in item["flags"]


@pytest.mark.parametrize("kind", ["merge", "split"])
async def test_a_unit_that_an_event_made_another_body_has_no_change(api: Client, kind: str) -> None:
    points = {"H60.101": "60", "H60.102": "70"}
    await with_figures(api, [row for code, each in points.items() for row in total(code, JUNE, each)])
    await with_figures(api, [row for code, each in points.items() for row in total(code, JULY, each)])
    ended, into = ("H60.103", ["H60.101"]) if kind == "merge" else ("H60.101", ["H60.101", "H60.103"])
    event = {"kind": kind, "effective_on": MERGED_ON, "from": sorted({ended, "H60.101"})}
    answer = await api.post("/v1/unit-events", json={**event, "to": [{"unit": unit} for unit in into]})
    assert answer.status_code == 201, answer.text

    for item in (await everywhere(api)).values():
        assert item["change"]["total"] is item["change"]["rank"] is None
        assert set(item["change"]["groups"].values()) == {None}
        assert "unit_changed" in item["flags"]
    for item in (await everywhere(api, "H60.102")).values():
        assert item["change"]["total"] == 0
        assert "unit_changed" not in item["flags"]


async def test_a_group_of_nothing_but_zero_denominators_on_one_side_makes_no_change_of_the_total(api: Client) -> None:
    leaves = ("published_on_time", "updated_on_time", "full_content", "dossier_sync")
    others = {code: points for code, points in SIX.items() if code != SUMMED}
    for period, of in (("2026-01", 10), ("2026-02", 0), ("2026-03", 0), ("2026-04", 10)):
        await with_figures(api, figures("H60.101", period, others))
        counts = {"numerator": of, "denominator": of, "unit": "H60.101", "period": period, "source": "national_portal"}
        await with_figures(api, [{**counts, "indicator": leaf} for leaf in leaves])

    found = {period: await everywhere(api, period=period) for period in ("2026-02", "2026-03", "2026-04")}

    for period, flagged in (("2026-02", True), ("2026-03", False), ("2026-04", True)):
        for item in found[period].values():
            assert ("basis_changed" in item["flags"], item["change"]["total"] is None) == (flagged, flagged), period
            assert item["change"]["groups"]["progress"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"period": JUNE, "against": JULY},
        {"period": JULY, "against": JUNE, "against_observed_by": "2026-10-05T00:00:00Z"},
    ],
)
async def test_an_event_parts_two_periods_in_either_order_and_whenever_they_were_looked_up(
    query: dict[str, str], api: Client
) -> None:
    await with_figures(api, [*total("H60.101", JUNE, "60"), *total("H60.101", JULY, "61")])
    event = {"kind": "merge", "effective_on": MERGED_ON, "from": ["H60.101", "H60.103"], "to": [{"unit": "H60.101"}]}
    assert (await api.post("/v1/unit-events", json=event)).status_code == 201

    answer = await api.get("/v1/scores", params={"level": "commune", "under": "H60", **query})

    [item] = answer.json()["items"]
    assert item["change"]["total"] is None
    assert "unit_changed" in item["flags"]


@pytest.mark.parametrize(
    ("effective_on", "parted"),
    [("2024-06-01", False), ("2024-06-02", True), ("2024-07-01", True), ("2024-07-31", True), ("2024-08-01", False)],
)
async def test_an_event_parts_two_periods_between_the_first_day_of_one_and_the_last_of_the_other(
    api: Client, effective_on: str, parted: bool
) -> None:
    await with_figures(api, [*total("H60.101", JUNE, "60"), *total("H60.101", JULY, "61")])
    event = {"kind": "merge", "effective_on": effective_on, "from": ["H60.101", "H60.103"], "to": [{"unit": "H60.101"}]}
    assert (await api.post("/v1/unit-events", json=event)).status_code == 201

    for item in (await everywhere(api)).values():
        assert ("unit_changed" in item["flags"], item["change"]["total"] is None) == (parted, parted)


async def test_an_event_that_was_not_yet_known_changes_nothing(api: Client, clock: Clock) -> None:
    await with_figures(api, [*total("H60.101", JUNE, "60"), *total("H60.101", JULY, "61")])
    known = clock.forward(minutes=1).isoformat()
    clock.forward(minutes=1)
    event = {"kind": "merge", "effective_on": MERGED_ON, "from": ["H60.101", "H60.103"], "to": [{"unit": "H60.101"}]}
    await api.post("/v1/unit-events", json=event)

    for path in ("/v1/scores/H60.101", f"/v1/scores/H60.101/{JULY}"):
        then, now = await ask(api, path, as_of=known), await ask(api, path)
        then, now = (each["items"][-1] if "items" in each else each for each in (then, now))
        assert (then["change"]["total"], now["change"]["total"]) == (1, None)
        assert ("unit_changed" in then["flags"], "unit_changed" in now["flags"]) == (False, True)


async def test_a_renamed_unit_keeps_its_changes(api: Client) -> None:
    await with_figures(api, [*total("H60.101", JUNE, "60"), *total("H60.101", JULY, "61")])
    event = {"kind": "rename", "effective_on": MERGED_ON, "from": ["H60.101"], "name": "UBND phường Mỹ Lâm"}
    assert (await api.post("/v1/unit-events", json=event)).status_code == 201

    for item in (await everywhere(api)).values():
        assert (item["change"]["total"], item["change"]["rank"]) == (1, 0)
        assert "unit_changed" not in item["flags"]


async def test_a_unit_that_moved_keeps_the_change_of_its_total_and_none_of_its_rank(api: Client) -> None:
    await with_units(api, [a_unit(code="H02", name="UBND tỉnh Hà Giang"), a_commune("H02.101", parent="H02")])
    await with_figures(api, [*total("H02.101", JUNE, "60"), *total("H02.101", JULY, "61")])
    event = {"kind": "move", "effective_on": MERGED_ON, "from": ["H02.101"], "parent": "H60"}
    assert (await api.post("/v1/unit-events", json=event, params={"force": True})).status_code == 201

    [board] = (await ask(api, "/v1/scores", period=JULY, level="commune"))["items"]
    series = (await ask(api, "/v1/scores/H02.101"))["items"][-1]
    for item in (board, series):
        assert (item["change"]["total"], item["change"]["rank"]) == (1, None)
        assert "unit_changed" not in item["flags"]
        assert "cohort_changed" in item["flags"]


async def test_a_unit_that_was_not_looked_up_again_has_no_change(api: Client) -> None:
    first, second = ({"observed_at": f"2024-07-{day:02}T11:00:00+07:00"} for day in (8, 9))
    await with_figures(api, [*total("H60.101", JULY, "60", **first), *total("H60.102", JULY, "70", **first)])
    await with_figures(api, total("H60.102", JULY, "70", **second))
    query = {"against_observed_by": "2024-07-08T12:00:00+07:00"}

    found = await ask(api, "/v1/scores", period=JULY, level="commune", under="H60", **query)

    items = {item["unit"]["code"]: item for item in found["items"]}
    assert items["H60.101"]["change"]["total"] is items["H60.101"]["change"]["rank"] is None
    assert "not_observed_again" in items["H60.101"]["flags"]
    assert items["H60.102"]["change"]["total"] == 0
    assert "not_observed_again" not in items["H60.102"]["flags"]
    alone = await ask(api, f"/v1/scores/H60.101/{JULY}", **query)
    assert (alone["change"]["total"], "not_observed_again" in alone["flags"]) == (None, True)


async def test_an_event_before_the_earlier_of_two_look_ups_parts_them_not(api: Client) -> None:
    looks = [{"observed_at": f"2024-07-{day}T11:00:00+07:00"} for day in ("08", "19")]
    for points, look in zip(("60", "61"), looks, strict=True):
        await with_figures(api, total("H60.101", JULY, points, **look))
    event = {"kind": "merge", "effective_on": "2024-07-08", "from": ["H60.101", "H60.103"], "to": [{"unit": "H60.101"}]}
    assert (await api.post("/v1/unit-events", json=event)).status_code == 201

    async def change(seen: str) -> Any:
        return (await ask(api, f"/v1/scores/H60.101/{JULY}", against_observed_by=seen))["change"]["total"]

    assert await change("2024-07-08T12:00:00+07:00") == 1
    await with_figures(api, total("H60.101", JULY, "59", observed_at="2024-07-05T11:00:00+07:00"))
    assert await change("2024-07-06T12:00:00+07:00") is None


async def test_items_say_when_the_figures_behind_the_total_were_looked_up_last(api: Client) -> None:
    early, late = "2024-08-01T00:00:00Z", "2024-08-26T00:00:00Z"
    stated = total("H60.101", JULY, "60", observed_at=early)
    await with_figures(api, [*stated, *figures("H60.101", JULY, {SUMMED: "10"}, observed_at=late)])
    await with_figures(api, figures("H60.102", JULY, {SUMMED: "10"}, observed_at=late))
    await with_figures(api, figures("H60.102", JULY, {"progress_points": "10"}, observed_at=early))

    for item in (await everywhere(api)).values():
        assert item["observed_at"] == early
    for item in (await everywhere(api, "H60.102")).values():
        assert item["observed_at"] == late


async def test_when_figures_were_looked_up_leaves_the_digest_alone(api: Client) -> None:
    digests = []
    for moment in ("2024-08-01T00:00:00Z", "2024-08-26T00:00:00Z"):
        await with_figures(api, total("H60.101", JULY, "60", observed_at=moment))
        made = await api.post("/v1/evaluations", json={"period": JULY, "levels": ["commune"], "under": "H60"})
        digests.append(made.json()["digest"])

    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from": "2024-04", "to": "2024-06"}, ["2024-04", "2024-05", "2024-06"]),
        ({"from": "2024-Q2"}, ["2024-Q2"]),
        ({"from": "2024-04", "type": "quarter"}, ["2024-Q2"]),
        ({"to": "2024-06"}, ["2024-04", "2024-05", "2024-Q2", "2024-06"]),
        ({}, ["2024-04", "2024-05", "2024-Q2", "2024-06"]),
    ],
    ids=["the type of from", "a quarter", "another type named", "no from", "all"],
)
async def test_a_series_from_a_period_is_of_its_type(api: Client, query: dict[str, str], expected: list[str]) -> None:
    for period in ("2024-04", "2024-05", "2024-06", "2024-Q2"):
        await with_figures(api, total("H60.101", period, "60"))

    found = await ask(api, "/v1/scores/H60.101", **query)

    assert sorted(each["period"] for each in found["items"]) == sorted(expected)


async def test_json_stat_states_each_flag_at_the_figures_that_it_concerns(api: Client) -> None:
    await with_figures(api, [*figures("H60.101", JUNE, SIX), *total("H60.101", JULY, "83")])

    found = await ask(api, "/v1/scores", period=JULY, level="commune", under="H60", format="json-stat")

    measures = list(found["dimension"]["measure"]["category"]["index"])
    told = {measures[int(place)]: flags.split() for place, flags in found["status"].items()}
    assert "basis_changed" in told["change.total"]
    assert "total" not in told
    assert "basis_changed" not in told["rank"]
    assert "method_changed" not in told.get("change.group.payment", [])


async def test_a_comparison_and_a_letter_call_no_difference_of_a_derived_total_a_change(api: Client) -> None:
    finer = {**SIX, "online_points": "10.50"}
    await with_figures(api, [*figures("H60", JUNE, SIX), *figures("H60", JULY, finer)])

    report = await ask(api, "/v1/reports/comparison", period=JULY, unit="H60")
    letter = await ask(api, "/v1/reports/announcement", period=JULY, under="H60")

    [row] = [row for row in report["rows"] if row["kind"] == "total"] or [None]
    assert report["total"]["change"] is None
    assert row is None or (row["change"]["points"], row["flags"]) == (None, ["derived_total"])
    told = " ".join(each["text"] for section in letter["sections"] for each in section["paragraphs"])
    assert "81,65/100 điểm" in told
    assert "điểm so với tháng 6/2024" not in told
    assert "derived_total" in [note["code"] for note in letter["notes"]]
