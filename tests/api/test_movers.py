"""`GET /v1/reports/movers`: who rose and fell, changed class, leads, comes last, and kept a place."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
MAY, JUNE, JULY = "2024-05", "2024-06", "2024-07"
CODES = [f"H60.{number}" for number in range(101, 107)]
COMMUNES = {"under": "H60", "level": "commune", "period": JULY}


def totals(period: str, *points: float | None, **more: Any) -> list[dict[str, Any]]:
    """Totals of the communes as the portal states them; None of one without."""
    stated = {"period": period, "indicator": "total_points", "source": "national_portal", **more}
    looked_up = {"observed_at": "2024-08-26T02:00:00Z"}
    pairs = zip(CODES, points, strict=True)
    return [{"unit": unit, "value": str(one), **looked_up, **stated} for unit, one in pairs if one is not None]


async def asked(api: Client, **query: Any) -> dict[str, Any]:
    answer = await api.get("/v1/reports/movers", params=query or COMMUNES)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def lists(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """The numbers of the communes in each list of the only level."""
    [level] = found["levels"]
    return {each["code"]: [item["unit"]["code"][-1] for item in each["items"]] for each in level["lists"]}


def said(found: Mapping[str, Any], code: str) -> str:
    [level] = found["levels"]
    return next(str(each["sentence"]) for each in level["lists"] if each["code"] == code)


@pytest.fixture(autouse=True)
async def communes(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(code, name=f"Xã {code[-1]}") for code in CODES)])


async def with_months(api: Client) -> None:
    await with_figures(api, [*totals(MAY, 95, 90, 85, 75, 60, 40), *totals(JUNE, 95, 85, 80, 75, 65, 40)])
    await with_figures(api, totals(JULY, 95, 81, 86, 75, 65, 47))


async def test_who_rose_and_fell_most_is_told_by_points_and_by_rank(api: Client) -> None:
    await with_months(api)

    found = await asked(api)

    assert (found["period"], found["against"], found["framework"]) == (JULY, JUNE, "qd766@2022")
    assert {code: units for code, units in lists(found).items() if not code.startswith("kept")} == {
        "rose_points": ["6", "3"],
        "fell_points": ["2"],
        "rose_rank": ["3"],
        "fell_rank": ["2"],
        "class_up": [],
        "class_down": [],
        "first": ["1", "3", "2", "4", "5"],
        "last": ["6", "5", "4", "2", "3"],
    }
    assert said(found, "rose_points") == (
        "So với tháng 6/2024, tăng điểm nhiều nhất: Xã 6 (tăng 7 điểm, đạt 47 điểm); Xã 3 (tăng 6 điểm, đạt 86 điểm)."
    )
    assert said(found, "fell_rank") == "So với tháng 6/2024, giảm hạng nhiều nhất: Xã 2 (giảm 1 bậc, xếp thứ 3)."
    assert said(found, "class_up") == "So với tháng 6/2024, không có đơn vị nào được xếp loại cao hơn."


async def test_a_class_that_was_entered_or_left_is_told_with_both(api: Client) -> None:
    await with_figures(api, [*totals(JUNE, 91, 79, 60, None, None, None), *totals(JULY, 80, 82, 61, None, None, None)])

    found = await asked(api)

    assert (lists(found)["class_up"], lists(found)["class_down"]) == (["2"], ["1"])
    [item] = next(each for each in found["levels"][0]["lists"] if each["code"] == "class_up")["items"]
    assert (item["band_before"]["code"], item["band"]["code"]) == ("fair", "good")
    assert said(found, "class_down") == "So với tháng 6/2024, bị xếp loại thấp hơn: Xã 1 (từ Xuất sắc thành Tốt)."


async def test_all_who_tie_with_the_last_of_a_list_are_in_it(api: Client) -> None:
    await with_figures(api, [*totals(JUNE, 50, 50, 50, 50, 50, 50), *totals(JULY, 60, 55, 55, 52, 40, 40)])

    found = lists(await asked(api, **COMMUNES, n=2))

    assert (found["rose_points"], found["fell_points"]) == (["1", "2", "3"], ["5", "6"])
    assert (found["first"], found["last"]) == (["1", "2", "3"], ["6", "5"])
    assert lists(await asked(api, **COMMUNES, n=1))["last"] == ["6", "5"]


async def test_a_place_that_was_kept_is_counted_over_as_many_periods_as_asked(api: Client) -> None:
    await with_months(api)

    two, three = await asked(api, **COMMUNES, n=2), await asked(api, **COMMUNES, n=2, periods=3)

    assert [lists(two)[code] for code in ("kept_rank", "kept_first", "kept_last")] == [
        ["1", "4", "5", "6"],
        ["1"],
        ["5", "6"],
    ]
    assert [lists(three)[code] for code in ("kept_rank", "kept_first")] == [["1", "4", "5", "6"], ["1"]]
    assert said(three, "kept_first") == "Trong nhóm 2 vị trí dẫn đầu cả 3 kỳ liên tiếp: Xã 1 (thứ 1, 1, 1)."
    assert lists(await asked(api, **COMMUNES, periods=4))["kept_rank"] == []


async def test_two_periods_apart_are_not_said_to_be_in_a_row(api: Client) -> None:
    await with_months(api)

    found = await asked(api, **COMMUNES, n=2, against=MAY)

    assert said(found, "kept_rank").startswith("Giữ nguyên thứ hạng trong 2 kỳ: ")
    assert said(found, "kept_first") == "Trong nhóm 2 vị trí dẫn đầu cả 2 kỳ: Xã 1 (thứ 1, 1)."


async def test_nobody_leads_alone_while_others_are_not_ranked(api: Client) -> None:
    await with_figures(api, totals(JULY, 90, None, None, None, None, None))

    found = await asked(api)

    assert (lists(found)["first"], lists(found)["last"]) == ([], [])
    assert said(found, "first") == (
        "Tháng 7/2024 chỉ có 1/6 đơn vị được xếp hạng nên không xác định đơn vị dẫn đầu, xếp cuối."
    )


async def test_places_among_a_part_of_the_units_are_told_as_such(api: Client) -> None:
    await with_figures(api, totals(JULY, 90, 80, None, None, None, None))

    found = await asked(api, **COMMUNES, n=1)

    assert said(found, "first") == "Dẫn đầu tháng 7/2024 trong số 2/6 đơn vị được xếp hạng: Xã 1 (thứ 1, 90 điểm)."


async def test_units_without_a_true_change_are_in_no_list_of_changes_and_are_counted(api: Client) -> None:
    await with_figures(api, totals(JUNE, 50, 50, 50, 50, 50, None))
    groups = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
    summed = [
        {**row, "indicator": f"{group}_points", "value": "10.00"}
        for row in totals(JULY, 1, None, None, None, None, None)
        for group in groups
    ]
    await with_figures(api, [*summed, *totals(JULY, None, 60, 50, 50, 40, 90)])

    found = await asked(api)

    [level] = found["levels"]
    assert (level["withheld"], level["ranked"]) == (2, 6)
    assert {"flag": "basis_changed", "count": 1} in level["reasons"]
    assert (lists(found)["rose_points"], lists(found)["fell_points"]) == (["2"], ["5"])
    assert lists(found)["rose_rank"] == []


async def test_where_nothing_can_be_compared_nobody_is_said_to_have_stood_still(api: Client) -> None:
    await with_figures(api, totals(JULY, 95, 81, 86, 75, 65, 47))

    found = await asked(api)

    assert said(found, "rose_points") == said(found, "fell_rank") == "Chưa so sánh được đơn vị nào với tháng 6/2024."
    assert said(found, "kept_first") == "Chưa so sánh được thứ hạng qua 2 kỳ liên tiếp."
    assert said(found, "first").startswith("Dẫn đầu tháng 7/2024: Xã 1 (thứ 1, 95 điểm); Xã 3 (thứ 2, 86 điểm)")


async def test_a_key_that_sees_a_part_hears_of_no_rank(api: Client, as_key: Any) -> None:
    await with_units(api, [a_unit(code="H61"), a_commune("H61.1")])
    await with_months(api)
    await with_figures(api, [{**row, "unit": "H61.1"} for row in totals(JULY, 99, None, None, None, None, None)])

    found = await asked(as_key(Scope.VALUES_READ, unit="H60"), level="commune", period=JULY)

    assert lists(found)["rose_points"] == ["6", "3"]
    assert lists(found)["first"] == []
    assert said(found, "first") == "Không hiển thị thứ hạng vì không xem được toàn bộ các đơn vị trong nhóm."


async def test_what_was_frozen_says_the_same_and_holds_two_periods(api: Client) -> None:
    await with_months(api)
    live = await asked(api)
    made = await api.post("/v1/evaluations", json={"period": JULY, "under": "H60", "levels": ["commune"]})
    assert made.status_code == 201, made.text
    await with_figures(api, totals(JULY, 1, 2, 3, 4, 5, 6, observed_at="2024-09-26T02:00:00Z")[:1])

    frozen = await asked(api, evaluation=made.json()["id"])
    more = await api.get("/v1/reports/movers", params={"evaluation": made.json()["id"], "periods": 3})

    assert frozen["levels"] == live["levels"]
    assert (more.status_code, more.json()["code"]) == (422, "periods_not_frozen")


async def test_the_lists_are_tables_too(api: Client) -> None:
    await with_months(api)

    written = await api.get("/v1/reports/movers", params={**COMMUNES, "format": "csv"})
    told = await api.get("/v1/reports/movers", params={**COMMUNES, "format": "ndjson", "table": "sentences"})
    book = await api.get("/v1/reports/movers", params={**COMMUNES, "format": "xlsx"})

    assert "Tăng điểm nhiều nhất,H60.106,Xã 6" in written.text
    assert told.text.count("\n") == 11
    assert book.status_code == 200
