"""The workbooks of scores: classes in colour, the groups and the places over time drawn."""

import io
from typing import Any
from zipfile import ZipFile

import httpx
import openpyxl
import pytest

from app.formats.xlsx_sheet import CLASS_COLOURS
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
BOARD = {"period": "2024-07", "level": "commune", "under": "H60", "format": "xlsx"}
GROUPS = {"transparency": "13.2", "progress": "18.3", "online": "7.2", "payment": "8.3"}
GROUPS |= {"satisfaction": "18", "digitization": "16.8"}


def figure(unit: str, period: str, indicator: str, value: str) -> dict[str, Any]:
    observed = {"source": "national_portal", "observed_at": "2026-01-01T00:00:00Z"}
    return {"unit": unit, "period": period, "indicator": indicator, "value": value, **observed}


@pytest.fixture
async def communes(api: Client) -> None:
    """A commune with groups in two months and a year, another with nothing but a low total."""
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])
    rows = [
        figure("H60.101", period, f"{group}_points", points)
        for period in ("2024-06", "2024-07", "2024")
        for group, points in GROUPS.items()
    ]
    await with_figures(api, [*rows, figure("H60.102", "2024-07", "total_points", "49.99")])


async def workbook(api: Client, path: str, **query: str) -> tuple[openpyxl.Workbook, dict[str, str]]:
    """A workbook as another library opens it, and its charts as they are written."""
    answer = await api.get(path, params={"format": "xlsx", **query})
    assert answer.status_code == 200, answer.text
    with ZipFile(io.BytesIO(answer.content)) as archive:
        charts = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/")}
    return openpyxl.load_workbook(io.BytesIO(answer.content)), charts


@pytest.mark.usefixtures("communes")
async def test_a_board_says_what_it_is_about_and_colours_its_classes(api: Client) -> None:
    book, charts = await workbook(api, "/v1/scores", **BOARD)

    sheet = book.worksheets[0]
    assert sheet["A1"].value == "Bảng điểm, xếp hạng và xếp loại tháng 7/2024"
    assert sheet["A2"].value == "Cấp: xã – Phạm vi: các đơn vị thuộc H60 – Có số liệu: 2 đơn vị, xếp hạng: 2"
    assert str(sheet["A3"].value).startswith("Bộ chỉ số qd766@2022 – Số liệu tính đến ")
    head = [cell.value for cell in sheet[5]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=6, values_only=True)]
    assert [(row["Hạng"], row["Mã"], row["Tổng điểm"], row["Xếp loại"]) for row in rows] == [
        (1, "H60.101", 81.8, "Tốt"),
        (2, "H60.102", 49.99, "Yếu"),
    ]
    place = head.index("Xếp loại") + 1
    assert [sheet.cell(row, place).fill.fgColor.rgb for row in (6, 7)] == [
        f"FF{CLASS_COLOURS[1][1:]}",
        f"FF{CLASS_COLOURS[4][1:]}",
    ]
    assert sheet.freeze_panes == "D6"  # nobody shares a place: no column says so
    [chart] = charts.values()
    assert "Điểm các nhóm chỉ số theo đơn vị" in chart
    assert chart.count("<c:ser>") == 6


@pytest.mark.usefixtures("communes")
async def test_a_workbook_has_words_where_other_formats_have_codes(api: Client) -> None:
    book, _ = await workbook(api, "/v1/scores", **BOARD)
    as_csv = (await api.get("/v1/scores", params={**BOARD, "format": "csv"})).text

    cells = {cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    assert {"kết hợp", "công bố"} & cells
    assert not {"mixed", "reported", "computed"} & cells
    assert "reported" in as_csv


@pytest.mark.usefixtures("communes")
async def test_where_no_group_is_known_the_totals_are_drawn(api: Client) -> None:
    await with_figures(api, [figure("H60.102", "2024-05", "total_points", "49.99")])

    _, charts = await workbook(api, "/v1/scores", **{**BOARD, "period": "2024-05"})

    [chart] = charts.values()
    assert "Tổng điểm theo đơn vị" in chart


@pytest.mark.usefixtures("communes")
async def test_a_series_has_a_sheet_for_each_kind_of_period_with_lines_of_points_and_places(api: Client) -> None:
    book, charts = await workbook(api, "/v1/scores/H60.101")

    tables = [name for name in book.sheetnames if not name.startswith("Biểu đồ")]
    assert tables == ["Theo tháng", "Theo năm"]
    months = book["Theo tháng"]
    assert months["A1"].value == "Điểm, thứ hạng theo tháng của UBND xã H60.101"
    assert [row[0] for row in months.iter_rows(min_row=5, values_only=True)] == ["2024-06", "2024-07"]
    titles = ("Tổng điểm theo thời gian", "Điểm các nhóm chỉ số theo thời gian", "Thứ hạng theo thời gian")
    drawn = sorted(title for title in titles for chart in charts.values() if title in chart)
    assert drawn == sorted(titles)  # a year alone makes no line


@pytest.mark.usefixtures("communes")
async def test_equal_boards_are_equal_files(api: Client) -> None:
    first = await api.get("/v1/scores", params=BOARD)
    again = await api.get("/v1/scores", params=BOARD)

    assert first.content == again.content


async def test_an_empty_series_is_still_a_workbook(api: Client) -> None:
    await with_units(api, [a_unit()])

    book, charts = await workbook(api, "/v1/scores/H60")

    assert (book.sheetnames, charts) == (["Theo tháng"], {})
