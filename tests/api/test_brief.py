"""The leader's brief: what stands on the page, what is said of what is not known, and that it is one page."""

import io
from typing import Any

import docx
import pytest

from tests.api.conftest import Clock
from tests.api.test_announcement import DOCX, Client, total
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

PATH = "/v1/reports/brief"
LIVE = {"period": "2024-07", "under": "H60"}
JUNE = "2024-06"
NASTY = "A & B <xã> {{ 7*7 }} =1+1"
COMMUNES = [NASTY, "UBND xã B", "UBND xã C", "UBND xã D", "UBND phường E"]
UNITS = [f"H60.{101 + place}" for place in range(len(COMMUNES))]


def points(period: str, value: Any) -> list[dict[str, Any]]:
    groups = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
    return [{**total("H60", value, period), "indicator": f"{group}_points"} for group in groups]


async def page(client: Client, **query: Any) -> list[str]:
    """The lines of the page, in order; of its table the cells."""
    answer = await client.get(PATH, params={**LIVE, "format": "docx", **query})
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX)
    document = docx.Document(io.BytesIO(answer.content))
    assert len(document.sections) == 1
    lines = [each.text.replace("\u00a0", " ").replace("\u2011", "-") for each in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*lines, *cells]


@pytest.fixture
async def province(api: Client) -> None:
    """A province with groups and a total of two months, and five communes; one has no figure."""
    await with_units(api, [a_unit(), *(a_commune(unit, name=name) for unit, name in zip(UNITS, COMMUNES, strict=True))])
    await with_figures(api, [total("H60", 60), total("H60", 66, JUNE), *points("2024-07", 8), *points(JUNE, 9)])
    await with_figures(api, [*some_figures(period=JUNE), *some_figures(numerator=20000)])
    july = dict(zip(UNITS, ("79.5", "60", "91", "49.9"), strict=False))
    june = dict(zip(UNITS, ("80", "70", "90", "50"), strict=False))
    await with_figures(api, [total(unit, value) for unit, value in july.items()])
    await with_figures(api, [total(unit, value, JUNE) for unit, value in june.items()])
    target = {"indicator": "online_dossiers", "year": 2024, "unit": "H60", "target": 50}
    assert (await api.put("/v1/targets", json=target)).status_code in (200, 201)
    rates = [(UNITS[1], 495), (UNITS[2], 300), (UNITS[4], 600)]
    await with_figures(
        api,
        [
            row
            for unit, n in rates
            for row in some_figures(unit, indicator="online_dossiers", numerator=n, denominator=1000)
        ],
    )


async def test_it_holds_what_a_leader_asks_for(api: Client, province: None) -> None:
    told = await report(api, "brief", **LIVE)

    assert (told["own"]["total"], told["own"]["total_change"]) == (60, -6)
    assert [(each["before"], each["now"], each["change"]) for each in told["groups"]] == [(9, 8, -1)] * 6
    assert told["fell"][0]["change"].startswith("-22,14")
    assert [(each["called"], each["change"]) for each in told["units_fell"]] == [
        ("UBND xã B", -10),
        (NASTY, -0.5),
        ("UBND xã D", -0.1),
    ]
    assert [(each["called"], each["kind"], each["gap"]) for each in told["watch"]] == [
        ("UBND xã D", "class", 0.1),
        (NASTY, "class", 0.5),
        ("UBND xã B", "target", 0.5),
    ]
    [below] = told["below"]
    assert (below["below"], below["of"], below["more"]) == (2, 3, 0)
    assert below["sentence"] == "02 cơ quan, đơn vị không đạt: UBND xã C và B."


async def test_the_page_says_the_same(api: Client, province: None) -> None:
    lines = await page(api)

    assert lines[0] == "Báo cáo nhanh: Bộ chỉ số theo Quyết định số 766/QĐ-TTg, tháng 7/2024 – tỉnh Tuyên Quang"
    assert lines[1].startswith("Tỉnh Tuyên Quang đạt 60/100 điểm, giảm 6 điểm so với tháng 6/2024")
    assert "- UBND xã B: 60 điểm, giảm 10 điểm (kỳ trước 70 điểm)." in lines
    assert f"- {NASTY}: 79,5 điểm, thiếu 0,5 điểm để đạt mức Tốt." in lines
    assert [lines.count(cell) for cell in ("9", "8", "-1")] == [6, 6, 6]
    assert not any("None" in line for line in lines)


async def test_its_lists_are_sheets_and_tables(api: Client, province: None) -> None:
    groups = await sheet_rows(api, "brief", "Nhóm chỉ số", **LIVE)
    watched = await csv_rows(api, "brief", table="watch", **LIVE)

    assert len(groups) == 6
    assert [row["Sát dưới"] for row in watched] == ["Trung bình", "Tốt", "Tỷ lệ hồ sơ nộp trực tuyến"]


async def test_a_month_without_figures_is_a_page_that_says_so(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(UNITS[0])])

    lines = await page(api)

    assert "Chưa có số liệu của tỉnh Tuyên Quang tháng 7/2024." in lines
    assert "Không có đơn vị không đạt chỉ tiêu, hoặc chưa có chỉ tiêu, số liệu để so sánh." in lines
    assert (await report(api, "brief", **LIVE))["groups"] == []
    assert [row["Tổng điểm"] for row in await csv_rows(api, "brief", **LIVE)] == [""]


async def test_without_a_unit_it_is_about_the_country(api: Client, province: None) -> None:
    told = await report(api, "brief", period="2024-07", level="commune")

    assert told["title"].endswith("tháng 7/2024 – cả nước")
    assert (told["own"], told["sentences"], len(told["watch"])) == (None, [], 3)


async def test_long_lists_are_cut_and_counted(api: Client) -> None:
    units = [a_commune(f"H60.{200 + number}", name=f"UBND xã {number}") for number in range(12)]
    await with_units(api, [a_unit(), *units])
    codes = [
        "online_dossiers",
        "paid_dossiers",
        "digitised_input",
        "digitised_results",
        "on_time",
        "dossier_sync",
        "reused_data",
    ]
    targets = [{"indicator": code, "year": 2024, "unit": "H60", "target": 90} for code in codes]
    await api.put("/v1/targets", json={"items": targets})
    places = [unit["code"] for unit in units]
    await with_figures(
        api, [row for code in codes for row in some_figures(*places, indicator=code, numerator=1, denominator=2)]
    )

    told = await report(api, "brief", **LIVE)

    assert (len(told["below"]), told["more_below"]) == (6, 1)
    assert all((len(each["items"]), each["more"]) == (8, 4) for each in told["below"])
    assert told["below"][0]["sentence"].endswith(" và 04 đơn vị khác.")
    assert "- … và 01 chỉ tiêu khác." in await page(api)


async def test_over_an_evaluation_it_never_changes(
    api: Client, anonymous: Client, clock: Clock, province: None
) -> None:
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    await api.post(f"/v1/evaluations/{id}/publish")
    before = [await anonymous.get(PATH, params={"evaluation": id, "format": kind}) for kind in ("json", "docx", "xlsx")]

    clock.forward(days=1)
    await with_figures(api, [total(UNITS[0], 10, observed_at="2024-09-01T00:00:00+07:00")])
    after = [await anonymous.get(PATH, params={"evaluation": id, "format": kind}) for kind in ("json", "docx", "xlsx")]

    assert [each.content for each in after] == [each.content for each in before]
    assert before[0].json()["watch"][0]["called"] == "UBND xã D"
