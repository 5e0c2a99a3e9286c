"""Classification: the class counts of Đồng Nai's letter of Q2/2024, section 3, and its three appendices.

The letter prints the counts and not the lists behind them, so the cohorts are constructed to have them, as in
`test_letters`: the groups of 17 departments by rates, the totals of 11 districts and 170 communes as reported.
"""

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from tests.api.conftest import Clock
from tests.golden.test_letters import Figures, departments, reported_totals
from tests.make import a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

CLASSES = ["Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu"]
PRINTED = {
    "department": ("Sở, ban, ngành", 17, [0, 2, 4, 11, 0]),
    "district": ("UBND cấp huyện", 11, [0, 0, 2, 9, 0]),
    "commune": ("UBND cấp xã", 170, [0, 0, 18, 150, 2]),
}
"""Level, "…/17" and so on, and the units of each class, those without any included ("Không có …")."""

LIVE = {"period": "2024-Q2", "under": "H19", "framework": "dongnai@2024", "observed_by": "2024-07-08T11:00:00+07:00"}
LOOKED_UP = {"period": "2024-Q2", "source": "national_portal", "observed_at": "2024-07-08T11:00:00+07:00"}


def constructed() -> dict[str, Figures]:
    """The figures of every level by unit; codes of districts and communes are told apart by a letter."""
    levels = {
        "department": departments(0, 2, 4, 11, 0),
        "district": reported_totals(0, 0, 2, 9, 0),
        "commune": reported_totals(0, 0, 18, 150, 2),
    }
    return {
        level: {f"H19.{level[:3].upper()}{code[4:]}": each for code, each in of.items()} for level, of in levels.items()
    }


def a_province(figures: Mapping[str, Figures]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Đồng Nai's units and the rows of their figures; a sheet of figures looked up later says something else."""
    units = [
        a_unit(code=code, name=f"{PRINTED[level][0]} {code[7:]}", level=level, parent="H19")
        for level, of in figures.items()
        for code in of
    ]
    rows = [
        {"unit": code, "indicator": indicator, "value": value, **LOOKED_UP}
        for of in figures.values()
        for code, each in of.items()
        for indicator, value in each.items()
    ]
    later = [{**row, "value": "1", "observed_at": "2024-07-09T11:00:00+07:00"} for row in rows]
    return [a_unit(code="H19", name="UBND tỉnh Đồng Nai"), *units], [*rows, *later]


@pytest.fixture
async def dong_nai(api: httpx.AsyncClient) -> None:
    units, rows = a_province(constructed())
    await with_units(api, units)
    await with_figures(api, rows)


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, dong_nai: None, clock: Clock) -> int:
    """A published evaluation of the three levels by what had been looked up at 11 o'clock on 8/7/2024."""
    clock.forward(hours=1)
    order = {**LIVE, "levels": list(PRINTED)}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


@pytest.fixture(params=["live", "frozen"])
async def query(request: pytest.FixtureRequest, evaluation: int) -> dict[str, Any]:
    """What a report is asked: over live data, or over the evaluation."""
    return LIVE if request.param == "live" else {"evaluation": evaluation}


async def test_the_counts_are_those_of_the_letter(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    told = await report(api, "classification", **query)

    assert told["framework"] == "dongnai@2024"
    for level in told["levels"]:
        assert (level["name"], level["of"], [band["count"] for band in level["bands"]]) == PRINTED[level["level"]]
        assert [band["name"] for band in level["bands"]] == CLASSES
        assert (level["ranked"], level["unclassed"], level["missing"]) == (level["of"], 0, 0)
    assert [level["level"] for level in told["levels"]] == list(PRINTED)


async def test_the_files_count_the_same_classes_without_units_included(
    api: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    printed = [
        (name, band, count, of)
        for name, of, counts in PRINTED.values()
        for band, count in zip(CLASSES, counts, strict=True)
    ]

    listed = await csv_rows(api, "classification", **query)
    sheet = await sheet_rows(api, "classification", "Tổng hợp xếp loại", **query)

    heads = ("Cấp", "Xếp loại", "Số cơ quan, đơn vị", "Tổng số")
    assert [tuple(row[head] for head in heads) for row in listed] == [tuple(map(str, row)) for row in printed]
    assert [tuple(row[head] for head in heads) for row in sheet] == printed
    assert [row["Tỷ lệ (%)"] for row in listed[:5]] == ["0.00", "11.76", "23.53", "64.71", "0.00"]
    assert [row["Tỷ lệ (%)"] for row in sheet[5:10]] == [0, 0, 18.18, 81.82, 0]


@pytest.mark.parametrize(("place", "level"), [*enumerate(PRINTED, start=1)])
async def test_each_appendix_lists_the_units_best_first(
    place: int, level: str, api: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    name, of, counts = PRINTED[level]
    classes = [band for band, count in zip(CLASSES, counts, strict=True) for _ in range(count)]

    listed = await csv_rows(api, "classification", table=level, **query)
    sheet = await sheet_rows(api, "classification", f"Phụ lục {place} {name}", **query)

    assert [row["Xếp loại"] for row in listed] == [row["Xếp loại"] for row in sheet] == classes
    assert [row["Mã"] for row in listed] == [row["Mã"] for row in sheet]
    totals = [Decimal(row["Tổng điểm"]) for row in listed]
    assert totals == sorted(totals, reverse=True) == [Decimal(str(row["Tổng điểm"])) for row in sheet]
    assert [int(row["Hạng"]) for row in listed] == [1 + sum(each > total for each in totals) for total in totals]
    assert len(listed) == of


async def test_a_department_is_computed_from_its_group_rates(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    """75% of each group: 13.5 + 15 + 16.5 (the example of the letter's §2) + 16.5 + 13.5."""
    listed = await csv_rows(api, "classification", table="department", **query)

    fair = next(row for row in listed if row["Xếp loại"] == "Khá")
    assert list(fair.values())[3:] == ["13.5", "15", "16.5", "16.5", "13.5", "75", "Khá", "fair"]


async def test_districts_and_communes_have_the_total_that_the_portal_reports(
    api: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    told = await report(api, "classification", **query)

    methods = {level["level"]: {item["method"] for item in level["items"]} for level in told["levels"]}
    assert methods == {"department": {"computed"}, "district": {"reported"}, "commune": {"reported"}}
    assert {total for level in told["levels"] for item in level["items"] for total in item["groups"].values()} >= {None}


async def test_the_head_of_a_sheet_says_when_the_figures_were_looked_up(
    api: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    answer = await api.get("/v1/reports/classification", params={**query, "format": "xlsx"})

    sheet = load_workbook(io.BytesIO(answer.content))["Phụ lục 1 Sở, ban, ngành"]
    assert [sheet["A1"].value, sheet["A2"].value] == [
        "Phụ lục 1. Kết quả đánh giá, xếp loại: Sở, ban, ngành",
        "Kỳ đánh giá: quý II/2024; số liệu tra cứu đến 11 giờ 00 phút ngày 08/7/2024",
    ]


async def test_a_hundred_points_and_eighty_nine_point_nine_nine_five_are_excellent(
    api: httpx.AsyncClient, clock: Clock
) -> None:
    """The letter's "90 đến dưới 100" leaves exactly 100 without a class; 89.995 is 90.00 once it is rounded."""
    totals = {"H19.COM001": "100", "H19.COM002": "89.995", "H19.COM003": "89.994"}
    units, rows = a_province({"commune": {code: {"total_points": total} for code, total in totals.items()}})
    await with_units(api, units)
    await with_figures(api, rows, locale="en")
    clock.forward(hours=1)
    id = (await api.post("/v1/evaluations", json={**LIVE, "levels": ["commune"]})).json()["id"]

    listed = await csv_rows(api, "classification", table="commune", **LIVE)

    assert listed == await csv_rows(api, "classification", table="commune", evaluation=id)
    assert [(row["Mã"], row["Tổng điểm"], row["Xếp loại"]) for row in listed] == [
        ("H19.COM001", "100", "Xuất sắc"),
        ("H19.COM002", "90", "Xuất sắc"),
        ("H19.COM003", "89.99", "Tốt"),
    ]
