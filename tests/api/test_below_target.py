"""The report of the units below target: who is measured, who misses, who is missing; live, frozen, and by rights."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import csv_rows, report

NAME = "below-target"
A, B, C = "H60.101", "H60.102", "H60.103"
VILLAGE, HAMLET = f"{A}.1", f"{A}.1.1"
DEEP = [
    a_unit(code=VILLAGE, name="Thôn 1", level="other", parent=A),
    a_unit(code=HAMLET, name="Xóm 1", level="other", parent=VILLAGE),
]
"""Units two and three steps below the province."""
LIVE = {"period": "2024-07", "under": "H60", "level": "commune"}
CallerMaker = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
async def communes(api: httpx.AsyncClient) -> None:
    """Three communes of Tuyên Quang; of the last one nothing is known."""
    names = {A: "UBND xã Đà Vị", B: "UBND xã An Khang", C: "UBND xã Bình An"}
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in names.items())])


async def with_targets(api: httpx.AsyncClient, *targets: dict[str, Any]) -> None:
    items = [{"indicator": "online_dossiers", "year": 2024, "target": 50, **each} for each in targets]
    answer = await api.put("/v1/targets", json={"items": items})
    assert answer.status_code == 200, answer.text


def a_figure(unit: str, numerator: int, denominator: int = 100, **overrides: Any) -> dict[str, Any]:
    counts = {"numerator": numerator, "denominator": denominator, "indicator": "online_dossiers"}
    return some_figures(unit, **{**counts, **overrides})[0]


def a_value(unit: str, value: object, **overrides: Any) -> dict[str, Any]:
    stated = {"unit": unit, "period": "2024-07", "indicator": "online_dossiers", "source": "national_portal"}
    return {**stated, "value": value, **overrides}


async def one(api: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    """What the report says of the only indicator that has a target."""
    (told,) = (await report(api, NAME, **{**LIVE, **query}))["indicators"]
    return dict(told)


def below(told: dict[str, Any]) -> list[str]:
    return [item["unit"]["code"] for item in told["items"]]


async def test_a_unit_without_a_figure_is_missing_and_not_below(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})
    await with_figures(api, [a_figure(A, 49), a_figure(B, 0, 0)])

    told = await one(api)

    assert (told["of"], told["below"], told["missing"]) == (1, 1, 2)
    assert [(each["unit"]["code"], each["reason"]) for each in told["missing_units"]] == [
        (B, "zero_denominator"),
        (C, "no_figure"),
    ]
    assert told["sentence"] == "01 cơ quan, đơn vị không đạt: UBND xã Đà Vị."


async def test_where_nobody_can_be_measured_nothing_is_said(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})

    told = await one(api)

    assert (told["of"], told["below"], told["missing"]) == (0, 0, 3)
    assert (told["sentence"], told["sentence_en"]) == (None, None)


async def test_counts_decide_and_not_the_percentage_that_is_printed(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})
    await with_figures(api, [a_figure(A, 499_999, 1_000_000, value="50,00%"), a_figure(B, 1, 2, value=50)])

    told = await one(api)

    (item,) = told["items"]
    assert (item["unit"]["code"], item["value"], item["gap"]) == (A, 50, 0)
    assert (item["numerator"], item["denominator"]) == (499_999, 1_000_000)


async def test_a_stated_value_is_compared_as_it_stands(api: httpx.AsyncClient) -> None:
    await with_targets(api, {"target": "49.95"})
    await with_figures(api, [a_value(A, "49.9"), a_value(B, "49.95")])

    told = await one(api)

    (item,) = told["items"]
    assert (item["value"], item["target"], item["gap"], item["numerator"]) == (49.9, 49.95, -0.05, None)


async def test_a_count_beside_a_stated_rate_is_told_without_its_whole(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})
    await with_figures(api, [a_value(A, "0.01", numerator=2)])

    told = await one(api)

    (item,) = told["items"]
    assert (item["value"], item["numerator"], item["denominator"]) == (0.01, 2, None)


async def test_where_less_is_better_who_is_above_misses(api: httpx.AsyncClient) -> None:
    await with_targets(api, {"indicator": "overdue_dossiers", "target": 3})
    counted = [(A, 5), (B, 3), (C, 9)]
    await with_figures(api, [a_value(unit, count, indicator="overdue_dossiers") for unit, count in counted])

    told = await one(api)

    assert (told["direction"], told["kind"], told["of"]) == ("down", "count", 3)
    assert [(item["unit"]["code"], item["gap"]) for item in told["items"]] == [(C, 6), (A, 2)]


async def test_of_several_sources_the_preferred_one_decides(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})
    await with_figures(api, [a_figure(A, 49), a_figure(A, 80, source="provincial_system")])
    await with_figures(api, [a_figure(B, 80), a_figure(B, 49, source="provincial_system")])

    told = await one(api)

    assert below(told) == [A]
    assert told["items"][0]["source"] == "national_portal"
    assert told["items"][0]["observed_at"] == "2024-08-26T02:00:00Z"


async def test_a_unit_is_held_against_the_target_nearest_to_it(api: httpx.AsyncClient) -> None:
    await with_targets(
        api, {"target": 90}, {"unit": "H60", "level": "commune", "target": 60}, {"unit": A, "target": 40}
    )
    await with_figures(api, [a_figure(A, 50), a_figure(B, 50)])

    told = await one(api)

    assert below(told) == [B]
    assert told["items"][0]["target_of"] == {"unit": "H60", "level": "commune", "legal_ref": None}
    assert [each["target"] for each in told["missing_units"]] == [60]


async def test_a_target_from_far_above_the_tree_asked_about_holds_in_it(api: httpx.AsyncClient) -> None:
    await with_units(api, DEEP)
    await with_targets(
        api, {"target": 90}, {"unit": "H60", "target": 60}, {"unit": A, "level": "commune", "target": 40}
    )
    await with_figures(api, [a_figure(HAMLET, 70)])

    told = await one(api, under=VILLAGE, level="other")

    assert (told["of"], told["below"]) == (1, 0)


async def test_targets_are_those_of_the_year_of_the_period(api: httpx.AsyncClient) -> None:
    await with_targets(api, {"target": 50}, {"year": 2023, "target": 10})
    await with_figures(api, [a_figure(A, 30, period=period) for period in ("2024-01", "2023-12", "2022-12")])

    told = await one(api, period="2024-01")
    before = await one(api, period="2023-12")
    none = await report(api, NAME, **{**LIVE, "period": "2022-12"})

    assert (below(told), below(before), none["indicators"]) == ([A], [], [])


async def test_the_largest_gap_comes_first_then_names_as_people_order_them(api: httpx.AsyncClient) -> None:
    await with_targets(api, {})
    await with_figures(api, [a_figure(A, 30), a_figure(B, 40), a_figure(C, 30)])

    assert below(await one(api)) == [C, A, B]
    assert below(await one(api, sort="name")) == [B, C, A]
    assert below(await one(api, sort="code")) == [A, B, C]


async def test_indicators_come_as_they_are_asked_for_else_all_with_a_target(api: httpx.AsyncClient) -> None:
    await with_targets(api, {}, {"indicator": "paid_dossiers"}, {"indicator": "on_time", "level": "district"})

    def codes(body: dict[str, Any]) -> list[str]:
        return [each["indicator"] for each in body["indicators"]]

    assert codes(await report(api, NAME, **LIVE)) == ["online_dossiers", "paid_dossiers"]
    asked = await report(api, NAME, **LIVE, indicator="paid_dossiers,dossier_sync,paid_dossiers")
    assert codes(asked) == ["paid_dossiers", "dossier_sync"]
    assert [asked["indicators"][1][name] for name in ("of", "missing", "sentence")] == [0, 0, None]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"indicator": "online_dosiers"}, "indicator_unknown"),
        ({"indicator": "online_dossiers,"}, "format_invalid"),
        ({"sort": "size"}, "value_not_allowed"),
    ],
)
async def test_what_nobody_can_mean_is_refused(query: dict[str, str], code: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/v1/reports/{NAME}", params={**LIVE, **query})

    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["errors"]] == [code]


async def test_a_subtree_key_is_told_of_its_own_units_under_targets_from_above(
    api: httpx.AsyncClient, as_key: CallerMaker
) -> None:
    await with_targets(api, {"target": 90}, {"unit": "H60", "target": 60})
    await with_figures(api, [a_figure(A, 50), a_figure(B, 70), a_figure(C, 10)])
    of_a, of_b = (as_key(Scope.VALUES_READ, unit=unit) for unit in (A, B))

    (told,) = (await report(of_a, NAME, period="2024-07"))["indicators"]
    assert (below(told), told["of"], told["items"][0]["target"]) == ([A], 1, 60)
    (told,) = (await report(of_b, NAME, period="2024-07"))["indicators"]
    assert (below(told), told["of"], told["missing"]) == ([], 1, 0)


async def test_a_target_above_the_scope_is_frozen_with_its_evaluation(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await with_units(api, DEEP)
    await with_targets(api, {"target": 10}, {"unit": "H60", "target": 60, "legal_ref": "Kế hoạch 198"})
    await with_figures(api, [a_figure(HAMLET, 50)])
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": VILLAGE, "levels": ["other"]}
    id = (await api.post("/v1/evaluations", json=order)).json()["id"]
    await api.post(f"/v1/evaluations/{id}/publish")
    before = (await anonymous.get(f"/v1/reports/{NAME}", params={"evaluation": id})).content
    clock.forward(hours=1)

    await with_targets(api, {"target": 70}, {"unit": "H60", "target": None}, {"unit": A, "target": 5})
    after = (await anonymous.get(f"/v1/reports/{NAME}", params={"evaluation": id})).content

    assert after == before
    (told,) = (await report(anonymous, NAME, evaluation=id))["indicators"]
    assert (below(told), told["items"][0]["target_of"]["legal_ref"]) == ([HAMLET], "Kế hoạch 198")
    assert (await api.get(f"/v1/evaluations/{id}/verify")).json()["matches"]


async def test_a_strange_name_passes_through_every_format(api: httpx.AsyncClient) -> None:
    name = "=1+1 A & B <xã> {0}"
    await with_units(api, [a_commune(C, name=name)])
    await with_targets(api, {"unit": C})
    await with_figures(api, [a_figure(C, 10)])
    address = f"/v1/reports/{NAME}"

    (row,) = await csv_rows(api, NAME, **LIVE)
    line = (await api.get(address, params={**LIVE, "format": "ndjson"})).json()
    sheets = load_workbook(io.BytesIO((await api.get(address, params={**LIVE, "format": "xlsx"})).content))

    assert row["Đơn vị"] == f"'{name}"
    assert line["unit"]["name"] == name
    assert (await one(api))["sentence"] == f"01 cơ quan, đơn vị không đạt: {name}."
    cells = {cell.value: cell.data_type for row in sheets["Đơn vị không đạt chỉ tiêu"] for cell in row}
    assert cells[name] == "s"


async def test_the_missing_units_are_a_table_of_their_own(api: httpx.AsyncClient) -> None:
    await with_targets(api, {"legal_ref": "Kế hoạch 198"})
    await with_figures(api, [a_figure(A, 0, 0)])

    rows = await csv_rows(api, NAME, **LIVE, table="missing")

    assert [(row["Đơn vị"], row["Chỉ tiêu"], row["Lý do"], row["Căn cứ"]) for row in rows] == [
        ("UBND xã An Khang", "50", "Chưa có số liệu", "Kế hoạch 198"),
        ("UBND xã Bình An", "50", "Chưa có số liệu", "Kế hoạch 198"),
        ("UBND xã Đà Vị", "50", "Không phát sinh (0/0)", "Kế hoạch 198"),
    ]
