"""Reconciliation: the sources that two letters find apart, and points under the rules of 2026.

Tuyên Quang's letter of July 2024 (section 3.1) prints the portal's rate of dossiers submitted online, 85,99%, and says
in a note of an annex we do not have that the province's system gives another one: that one is constructed, and so are
the departments it names. Bình Thành's letter of February 2024 prints 100% digitised in annex I and 91,40% in annex
II, and overdue dossiers "-" on the portal, 0 in the province's system; annex I is taken for the portal and annex II for
the system.
"""

from typing import Any

import httpx
import pytest

from app.services.demo import read_units
from tests.api.conftest import Clock
from tests.golden.test_letters import demo_rows
from tests.make import a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

PORTAL, SYSTEM = "national_portal", "provincial_system"
PROVINCE, COMMUNE = "H60", "H55.XDINHHOA.XBINHTHANH"
ONLINE = "Tỷ lệ hồ sơ nộp trực tuyến"
CASES: list[tuple[str, str, str | None, str | None, str, str]] = [
    ("Sở Giao thông Vận tải", ONLINE, "412/500", "498/500", "17.20", "Không khớp"),
    ("Sở Kế hoạch và Đầu tư", ONLINE, "91.40", "85.99", "-5.41", "Không khớp"),
    ("Sở Giáo dục và Đào tạo", ONLINE, "85.99", "86.0", "0.01", "Khớp"),
    ("Sở Tư pháp", ONLINE, "96.21", None, "", "Chỉ có ở nguồn thứ nhất"),
    ("Sở Khoa học và Công nghệ", ONLINE, None, "3.79", "", "Chỉ có ở nguồn thứ hai"),
]
"""Unit, indicator, here, there, what lies between, and how that is called; in the order of the report."""

LIVE = {"period": "2024-07", "under": "H60", "level": "department"}


def a_figure(unit: str, indicator: str, text: str, source: str, period: str = "2024-07") -> dict[str, Any]:
    return {"unit": unit, "indicator": indicator, "value": text, "source": source, "period": period}


@pytest.fixture
async def tuyen_quang(api: httpx.AsyncClient) -> None:
    units = [a_unit()] + [
        a_unit(code=f"H60.0{place}", name=case[0], level="department", parent="H60")
        for place, case in enumerate(CASES, start=1)
    ]
    await with_units(api, units)
    rows = [
        a_figure(f"H60.0{place}", "online_dossiers", text, source)
        for place, case in enumerate(CASES, start=1)
        for text, source in ((case[2], PORTAL), (case[3], SYSTEM))
        if text is not None
    ]
    await with_figures(api, rows, locale="en")


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, tuyen_quang: None, clock: Clock) -> int:
    """A published evaluation of the departments."""
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["department"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


@pytest.fixture(params=["live", "frozen"])
async def query(request: pytest.FixtureRequest, evaluation: int) -> dict[str, Any]:
    return LIVE if request.param == "live" else {"evaluation": evaluation}


async def test_what_differs_comes_first_and_the_widest_gap_on_top(
    api: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    told = await report(api, "reconciliation", **query)

    assert (told["source"], told["other"], told["tolerance"]) == (PORTAL, SYSTEM, 0)
    assert [item["unit"]["name"] for item in told["items"]] == [case[0] for case in CASES]
    assert told["items"][0]["difference"] == {"numerator": 86, "denominator": 0, "value": 17.2}
    assert told["items"][1]["difference"] == {"numerator": None, "denominator": None, "value": -5.41}
    assert told["summary"] == {"match": 1, "within_tolerance": 0, "differs": 2, "only_here": 1, "only_there": 1}


async def test_the_files_print_both_sources_and_the_signed_gap(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    listed = await csv_rows(api, "reconciliation", **query)
    sheet, alone = [
        await sheet_rows(api, "reconciliation", name, **query) for name in ("Đối chiếu số liệu", "Chỉ có ở một nguồn")
    ]

    printed = [(row["Đơn vị"], row["Chỉ số"], row["Chênh lệch giá trị"], row["Kết quả"]) for row in listed]
    assert printed == [(name, indicator, between, state) for name, indicator, _, _, between, state in CASES]
    both = [case for case in CASES if case[4]]
    assert [row["Chênh lệch giá trị"] for row in sheet] == [pytest.approx(float(case[4])) for case in both]
    assert [row["Kết quả"] for row in sheet] == [case[5] for case in both]
    assert [row["Kết quả"] for row in alone] == [case[5] for case in CASES if not case[4]]
    assert listed[0]["Giá trị: Cổng DVCQG"] == "82.40"
    assert listed[0]["Tử số: Hệ thống tỉnh"] == "498"


async def test_a_gap_within_the_tolerance_is_no_fault(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    summed = await csv_rows(api, "reconciliation", table="summary", tolerance="5.41", **query)
    listed = await csv_rows(api, "reconciliation", state="within_tolerance", tolerance="5.41", **query)

    assert [row["Số liệu"] for row in summed] == ["1", "1", "1", "1", "1"]
    assert [row["Đơn vị"] for row in listed] == ["Sở Kế hoạch và Đầu tư"]


async def test_the_two_annexes_of_binh_thanh_disagree_about_digitised_papers(api: httpx.AsyncClient) -> None:
    facts = [each.facts.model_dump(mode="json") for each in read_units()]
    await with_units(api, [each for each in facts if COMMUNE.startswith(each["code"])])
    figures = [
        a_figure(COMMUNE, "digitised_papers", "100", PORTAL, "2024-02"),
        a_figure(COMMUNE, "digitised_papers", "91,40", SYSTEM, "2024-02"),
        a_figure(COMMUNE, "overdue_dossiers", "0", SYSTEM, "2024-02"),
    ]
    await with_figures(api, figures)

    wanted = {"period": "2024-02", "under": "H55", "indicator": "overdue_dossiers,digitised_papers"}
    told = await report(api, "reconciliation", **wanted)

    assert [(item["indicator"], item["difference"]["value"], item["state"]) for item in told["items"]] == [
        ("digitised_papers", -8.6, "differs"),
        ("overdue_dossiers", None, "only_there"),
    ]
    assert told["items"][1]["there"]["value"] == 0


async def test_the_points_of_tuyen_quang_against_the_rules_of_2026(api: httpx.AsyncClient) -> None:
    """Of the letter's figures; its payment follows other targets (docs/domain.md, Payment: 6.67 against 8,3)."""
    names = ("unit", "period", "indicator", "numerator", "denominator", "value", "source")
    rows = [row for row in demo_rows("figures_letters.csv") if (row["unit"], row["period"]) == (PROVINCE, "2024-07")]
    await with_units(api, [a_unit()])
    await with_figures(api, [{name: row[name] for name in names if row[name]} for row in rows], locale="en")

    live = {"period": "2024-07", "level": "province", "framework": "qd766@2026", "table": "points"}
    listed = await csv_rows(api, "reconciliation", **live)
    sheet = await sheet_rows(api, "reconciliation", "Đối chiếu điểm", **live)

    heads = ("Nhóm chỉ số", "Điểm công bố", "Điểm tính toán", "Chênh lệch điểm", "Kết quả")
    assert [tuple(row[head] for head in heads) for row in listed] == [
        ("Thanh toán trực tuyến", "8.3", "6.67", "-1.63", "Không khớp"),
        ("Công khai, minh bạch", "13.2", "13.23", "0.03", "Khớp"),
        ("Tiến độ, kết quả giải quyết", "18.3", "18.26", "-0.04", "Khớp"),
        ("Cung cấp dịch vụ công trực tuyến", "7.2", "", "", "Chỉ có điểm công bố"),
        ("Mức độ hài lòng", "18", "", "", "Chỉ có điểm công bố"),
        ("Số hóa hồ sơ", "16.8", "", "", "Chỉ có điểm công bố"),
        ("Tổng điểm", "81.77", "", "", "Chỉ có điểm công bố"),
    ]
    assert [row["Chênh lệch điểm"] for row in sheet] == [-1.63, 0.03, -0.04, None, None, None, None]
