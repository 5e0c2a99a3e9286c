"""The reconciliation report: which sources, indicators and states, and points against what the components earn."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_framework, a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

Client = httpx.AsyncClient
CallerMaker = Callable[..., Client]

PORTAL, SYSTEM = "national_portal", "provincial_system"
A, B = "H60.101", "H60.102"
LIVE = {"period": "2024-07", "under": "H60"}
RULES = {**LIVE, "framework": "qd766@2026"}


def a_figure(unit: str, indicator: str, source: str = PORTAL, **figure: Any) -> dict[str, Any]:
    return {"unit": unit, "indicator": indicator, "period": "2024-07", "source": source, **figure}


def both(unit: str, indicator: str, here: Any, there: Any) -> list[dict[str, Any]]:
    return [a_figure(unit, indicator, value=here), a_figure(unit, indicator, SYSTEM, value=there)]


def states(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["unit"]["code"], item["indicator"], item["state"]) for item in told["items"]]


@pytest.fixture(autouse=True)
async def world(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(A), a_commune(B)])


async def test_without_an_indicator_all_are_compared_that_both_sources_have(api: Client) -> None:
    await with_figures(
        api,
        [
            *both(A, "overdue_dossiers", 4, 5),
            a_figure(B, "overdue_dossiers", value=1),
            *both(A, "on_time", "91.3", "91.3"),
            a_figure(A, "reused_data", value=1),
            a_figure(A, "digitised_input", "manual", value=1),
        ],
    )

    told = await report(api, "reconciliation", **LIVE)

    assert states(told) == [
        (A, "overdue_dossiers", "differs"),
        (A, "on_time", "match"),
        (B, "overdue_dossiers", "only_here"),
    ]


async def test_an_indicator_that_is_named_is_told_though_one_source_has_none(api: Client) -> None:
    await with_figures(api, [a_figure(A, "on_time", value=90), *both(A, "overdue_dossiers", 1, 1)])

    told = await report(api, "reconciliation", indicator="on_time,reused_data", **LIVE)

    assert states(told) == [(A, "on_time", "only_here")]


async def test_the_two_sources_can_be_turned_round(api: Client) -> None:
    await with_figures(api, [*both(A, "overdue_dossiers", 4, 6), a_figure(A, "overdue_dossiers", "manual", value=9)])

    forth = await report(api, "reconciliation", **LIVE)
    back = await report(api, "reconciliation", source=SYSTEM, **LIVE)
    third = await report(api, "reconciliation", other="manual", **LIVE)

    assert [each["items"][0]["difference"]["value"] for each in (forth, back, third)] == [2, -2, 5]
    assert (back["source"], back["other"]) == (SYSTEM, PORTAL)


async def test_where_the_framework_prefers_the_provincial_system_the_portal_is_the_other(api: Client) -> None:
    await api.post("/v1/frameworks", json=a_framework(valid_from="2024-01-01", sources=[SYSTEM]))

    told = await report(api, "reconciliation", framework="mot_cua", **LIVE)

    assert (told["source"], told["other"]) == (SYSTEM, PORTAL)


@pytest.mark.parametrize(
    ("asked", "code", "parameter"),
    [
        ({"source": SYSTEM, "other": SYSTEM}, "sources_alike", "other"),
        ({"other": "nowhere"}, "source_without_figures", "other"),
        ({"indicator": "on_time,on_tme"}, "indicator_unknown", "indicator"),
        ({"indicator": "on_time,"}, None, "indicator"),
        ({"tolerance": "-1"}, None, "tolerance"),
        ({"tolerance": "1e3"}, None, "tolerance"),
        ({"tolerance": "0.00001"}, None, "tolerance"),
        ({"state": "other"}, None, "state"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name(
    asked: dict[str, str], code: str | None, parameter: str, api: Client
) -> None:
    answer = await api.get("/v1/reports/reconciliation", params={**asked, **LIVE})

    assert answer.status_code == 422
    assert answer.json()["code"] == (code or answer.json()["code"])
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


async def test_the_summary_counts_all_states_whichever_is_listed(api: Client) -> None:
    await with_figures(api, [*both(A, "overdue_dossiers", 4, 5), *both(B, "overdue_dossiers", 1, 1)])

    told = await report(api, "reconciliation", state="match", **LIVE)

    assert states(told) == [(B, "overdue_dossiers", "match")]
    assert told["summary"] == {"match": 1, "within_tolerance": 0, "differs": 1, "only_here": 0, "only_there": 0}


async def test_a_figure_matches_where_the_findings_have_nothing_to_say(api: Client) -> None:
    """One rule decides both: equal counts, or values that rounding can make equal."""
    pairs = [("98.83", "98.8"), ("98.9", "98.83"), ("100", "99.99"), ("96.215", "96.21")]
    codes = ["on_time", "online_dossiers", "reused_data", "paid_dossiers"]
    rows = [row for code, pair in zip(codes, pairs, strict=True) for row in both(A, code, *pair)]
    await with_figures(api, rows, locale="en")

    told = await report(api, "reconciliation", **LIVE)
    findings = (await api.get("/v1/findings", params={**LIVE, "rule": "sources_disagree"})).json()["items"]

    assert {item["indicator"] for item in told["items"] if item["state"] == "differs"} == {
        finding["indicator"] for finding in findings
    }
    assert told["summary"]["differs"] == len(findings) == 2


def components(unit: str) -> list[dict[str, Any]]:
    """The four components of transparency and the one of progress: 6 + 3 + 2 + 5.93 of 18, and 18.26 of 20."""
    rates = {"published_on_time": "100", "updated_on_time": "75", "full_content": "100", "on_time": "91.30"}
    stated = [a_figure(unit, code, value=rate) for code, rate in rates.items()]
    return [*stated, a_figure(unit, "dossier_sync", SYSTEM, numerator=25775, denominator=26080)]


async def test_reported_points_are_held_against_what_the_components_earn(api: Client) -> None:
    await with_figures(
        api,
        [
            *components(A),
            a_figure(A, "transparency_points", value="16.9"),
            a_figure(A, "progress_points", value="18.5"),
            a_figure(A, "transparency_points", SYSTEM, value="1"),
            *components(B),
        ],
        locale="en",
    )

    points = (await report(api, "reconciliation", **RULES))["points"]

    told = {(item["unit"]["code"], item["group"]): item for item in points["items"]}
    assert {place: item["state"] for place, item in told.items()} == {
        (A, "progress"): "differs",
        (A, "transparency"): "match",
        (B, "transparency"): "only_there",
        (B, "progress"): "only_there",
    }
    assert told[A, "progress"]["difference"] == -0.24
    assert told[A, "progress"]["rounding"] == 0.05
    assert told[A, "transparency"]["computed"] == {"points": 16.93, "sources": [PORTAL, SYSTEM]}
    assert points["items"][0]["group"] == "progress"


async def test_points_differ_exactly_where_the_findings_say_so(api: Client) -> None:
    await with_figures(
        api,
        [
            *components(A),
            a_figure(A, "transparency_points", value="16.5"),
            a_figure(A, "progress_points", value="18.3"),
        ],
        locale="en",
    )

    points = (await report(api, "reconciliation", **RULES))["points"]
    findings = (await api.get("/v1/findings", params={**RULES, "rule": "points_differ"})).json()["items"]

    assert [finding["indicator"] for finding in findings] == ["transparency_points"]
    assert [item["indicator"] for item in points["items"] if item["state"] == "differs"] == ["transparency_points"]


async def test_a_tolerance_takes_in_points_too(api: Client) -> None:
    await with_figures(api, [*components(A), a_figure(A, "progress_points", value="18.5")], locale="en")

    points = (await report(api, "reconciliation", tolerance="0.24", **RULES))["points"]

    assert points["summary"]["within_tolerance"] == 1


async def test_an_indicator_of_points_brings_its_group_alone(api: Client) -> None:
    await with_figures(api, [*components(A), a_figure(A, "progress_points", value="18.3")], locale="en")

    of_group = await report(api, "reconciliation", indicator="progress_points", **RULES)
    of_rate = await report(api, "reconciliation", indicator="on_time", **RULES)

    assert [item["group"] for item in of_group["points"]["items"]] == ["progress"]
    assert of_rate["points"]["items"] == []


async def test_where_the_rules_compute_nothing_there_is_nothing_to_compare(api: Client) -> None:
    await with_figures(api, [a_figure(A, "progress_points", value=18), a_figure(A, "total_points", value=80)])

    told = await report(api, "reconciliation", framework="qd766@2022", **LIVE)

    assert told["points"]["items"] == []


async def test_a_key_of_a_subtree_sees_its_units_alone(api: Client, as_key: CallerMaker) -> None:
    await with_figures(api, [*both(A, "overdue_dossiers", 4, 5), *both(B, "overdue_dossiers", 1, 2), *components(B)])

    asked = {"period": "2024-07", "framework": "qd766@2026"}
    told = await report(as_key(Scope.VALUES_READ, unit=A), "reconciliation", **asked)

    assert states(told) == [(A, "overdue_dossiers", "differs")]
    assert told["points"]["items"] == []


async def test_a_workbook_shows_differences_first_and_what_one_side_has_on_a_sheet_of_its_own(api: Client) -> None:
    await with_figures(api, [*both(A, "on_time", 90, 90), *both(A, "overdue_dossiers", 4, 5)])
    await with_figures(api, [a_figure(B, "overdue_dossiers", value=1)])

    paired, alone = [
        await sheet_rows(api, "reconciliation", sheet, **LIVE) for sheet in ("Đối chiếu số liệu", "Chỉ có ở một nguồn")
    ]
    in_csv = await csv_rows(api, "reconciliation", **LIVE)

    assert [(row["Mã"], row["Kết quả"]) for row in paired] == [(A, "Không khớp"), (A, "Khớp")]
    assert [(row["Mã"], row["Kết quả"]) for row in alone] == [(B, "Chỉ có ở nguồn thứ nhất")]
    assert len(in_csv) == 3


async def test_a_missing_figure_is_an_empty_cell(api: Client) -> None:
    await with_figures(api, [a_figure(A, "overdue_dossiers", value=0)])

    (row,) = await csv_rows(api, "reconciliation", indicator="overdue_dossiers", **LIVE)

    assert row["Giá trị: Cổng DVCQG"] == "0"
    assert row["Giá trị: Hệ thống tỉnh"] == row["Chênh lệch giá trị"] == ""
