"""A profile proposed from a file: what was understood, how surely and why, and what was not; nothing is stored."""

import io
from typing import Any

import httpx
import pytest
import xlsxwriter

from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient
Row = dict[str, Any]
SUGGEST, ADDRESS = "/v1/import-profiles/suggest", "/v1/import-profiles/bao-cao"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "Tỷ lệ hồ sơ xử lý đúng hạn/trong hạn"


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    communes = [a_commune("H60.100", name="UBND xã Minh Quang"), a_commune("H60.101", name="UBND xã Phúc Sơn")]
    await with_units(api, [a_unit(), a_unit(code="H61"), *communes])


async def suggested(api: Client, file: str | bytes, kind: str = "text/csv", status: int = 200, **query: str) -> Row:
    answer = await api.post(SUGGEST, content=file, headers={"Content-Type": kind}, params=query)
    assert answer.status_code == status, answer.text
    body: Row = answer.json()
    return body


async def imported(api: Client, profile: Row, file: str | bytes, kind: str = "text/csv", **query: str) -> list[Any]:
    """The figures that stand after a file was read by a profile as it was proposed."""
    stated = await api.put(ADDRESS, json=profile)
    assert stated.status_code == 201, stated.text
    params = {"profile": "bao-cao", **query}
    answer = await api.post("/v1/imports", content=file, params=params, headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    items = (await api.get("/v1/values")).json()["items"]
    return [(each["unit"], each["period"], each["indicator"], each["value"]) for each in items]


REPORT = f"""UBND TỈNH TUYÊN QUANG;;;
BÁO CÁO THÁNG 7;;;
;;;
STT;Tên đơn vị;{NAME};Ghi chú thêm
1;Xã Minh Quang;0,924;a
2;UBND xã Phúc Sơn;0,8875;b
;Tổng cộng;0,9;
"""


async def test_a_report_is_understood_but_for_the_heading_that_means_nothing(api: Client) -> None:
    found = await suggested(api, REPORT, under="H60", locale="vi")

    assert (found["profile"]["skip_rows"], found["profile"]["heading_rows"]) == (3, 1)
    assert [each["row"] for each in found["title_rows"]] == [1, 2]
    assert [(each["heading"], each["field"], each["scale"]) for each in found["columns"]] == [
        ("STT", "ignored", "one"),
        ("Tên đơn vị", "unit", "one"),
        (NAME, "value", "fraction"),
        ("Ghi chú thêm", None, "one"),
    ]
    assert [each["confidence"] for each in found["columns"]] == [1, 1, 1, 0]
    assert all(each["reason"] for each in found["columns"])
    assert [(each["text"], each["unit"]) for each in found["units"]] == [
        ("Xã Minh Quang", "H60.100"),
        ("UBND xã Phúc Sơn", "H60.101"),
    ]
    assert found["complete"] is False


async def test_what_was_proposed_is_stated_as_it_is_and_reads_the_file(api: Client) -> None:
    file = REPORT.replace(";Ghi chú thêm", ";").replace(";a\n", ";\n").replace(";b\n", ";\n")
    found = await suggested(api, file, under="H60", locale="vi")

    assert found["complete"] is True
    assert await imported(api, found["profile"], file, period="2024-07") == [
        ("H60.100", "2024-07", "on_time", 92.4),
        ("H60.101", "2024-07", "on_time", 88.75),
    ]


async def test_nothing_is_stored_by_a_proposal(api: Client) -> None:
    before = (await api.get("/v1/import-profiles")).headers["Chiso-Version"]

    await suggested(api, REPORT, under="H60")

    after = await api.get("/v1/import-profiles")
    assert (after.json()["items"], after.headers["Chiso-Version"]) == ([], before)


async def test_headings_of_two_rows_and_their_numbering_are_understood_together(api: Client) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "BÁO CÁO")
        sheet.merge_range("A3:A4", "TT")
        sheet.merge_range("B3:B4", "Cơ quan")
        sheet.merge_range("C3:D3", NAME)
        sheet.write_row("C4", ["Tử số", "Mẫu số"])
        sheet.write_row("A5", ["(1)", "(2)", "(3)", "(4)"])
        sheet.write_row("A6", [1, "Xã Minh Quang", 9, 10])
    file = buffer.getvalue()

    found = await suggested(api, file, XLSX, under="H60")

    assert (found["profile"]["skip_rows"], found["profile"]["heading_rows"]) == (2, 3)
    fields = [(each["field"], each["indicator"]) for each in found["columns"]]
    assert fields == [("ignored", None), ("unit", None), ("numerator", "on_time"), ("denominator", "on_time")]
    figures = await imported(api, found["profile"], file, XLSX, period="2024-07")
    assert figures == [("H60.100", "2024-07", "on_time", 90)]


async def test_months_in_columns_are_periods_of_the_year_asked_about(api: Client) -> None:
    file = f"{NAME};;\nĐơn vị;Tháng 6;T7\nH60.100;90;91\n"

    found = await suggested(api, file, period="2024")

    assert [each["period"] for each in found["columns"]] == [None, "2024-06", "2024-07"]
    assert found["profile"]["indicator"] == "on_time"
    assert [period for _, period, *_ in await imported(api, found["profile"], file)] == ["2024-06", "2024-07"]


async def test_months_of_nobody_knows_which_indicator_make_no_profile(api: Client) -> None:
    file = "Đơn vị;Tháng 6;Tháng 7\nH60.100;90;91\n"

    found = await suggested(api, file, period="2024")
    helped = await suggested(api, file, period="2024", indicator="on_time")

    assert found["profile"] is None
    assert {each["code"] for each in found["missing"]} == {"field_missing"}
    assert (helped["profile"]["indicator"], helped["complete"]) == ("on_time", True)


async def test_sheets_named_for_months_are_read_as_those(api: Client) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rate in (("Tháng 6", 90), ("Tháng 7", 91)):
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", ["Đơn vị", "on_time"])
            sheet.write_row("A2", ["Minh Quang", rate])
    file = buffer.getvalue()

    found = await suggested(api, file, XLSX, period="2024-07", under="H60")

    assert [(each["sheet"], each["period"]) for each in found["sheets"]] == [
        ("Tháng 6", "2024-06"),
        ("Tháng 7", "2024-07"),
    ]
    assert [period for _, period, *_ in await imported(api, found["profile"], file, XLSX)] == ["2024-06", "2024-07"]


async def test_a_name_that_several_bear_is_left_to_who_knows(api: Client) -> None:
    await with_units(api, [a_commune("H61.100", name="UBND xã Minh Quang", parent="H61")])
    file = "Đơn vị;on_time\nXã Minh Quang;90\nXã Không Có;80\n"

    found = await suggested(api, file)

    assert [(each["text"], each["unit"], each["alternatives"]) for each in found["units"]] == [
        ("Xã Minh Quang", None, ["H60.100", "H61.100"]),
        ("Xã Không Có", None, []),
    ]
    assert (found["profile"]["units"], found["complete"]) == ([], False)


async def meant(api: Client, *headings: str) -> tuple[Row, Row]:
    """What a column was taken for that has these headings, from above, and the whole answer."""
    rows = [f"{'' if place else 'Đơn vị'};{heading}\n" for place, heading in enumerate(headings)]
    found = await suggested(api, "".join(rows) + "H60.100;90\n")
    (column,) = [each for each in found["columns"] if each["field"] != "unit"]
    return column, found


@pytest.mark.parametrize(
    ("heading", "indicator"),
    [
        ("Điểm công khai", "transparency_points"),
        ("Thứ hạng công bố", "reported_rank"),
        ("Số hồ sơ đã tiếp nhận", "dossiers_received"),
        ("Số đơn vị xếp hạng", "reported_rank_of"),
        ("Tỷ lệ khai thác, sử dụng lại dữ liệu", "reused_data"),
        ("Thời gian giải quyết trung bình", "average_days"),
    ],
)
async def test_a_heading_far_more_like_one_name_is_taken_and_left_to_be_confirmed(
    api: Client, heading: str, indicator: str
) -> None:
    column, found = await meant(api, heading)

    assert (column["field"], column["indicator"]) == ("value", indicator)
    assert 0.5 <= column["confidence"] < 1
    assert found["complete"] is False


@pytest.mark.parametrize(
    ("headings", "alternatives"),
    [
        (["Tỷ lệ đúng hạn"], {"published_on_time", "on_time"}),
        (["Hồ sơ xử lý đúng hạn"], {"on_time", "online_on_time"}),
        (["Mức độ hài lòng"], {"satisfaction_points", "satisfaction_rate"}),
        (["Mức độ hài lòng (%)"], {"satisfaction_points", "satisfaction_rate"}),
        (["Công khai"], set[str]()),
        (["Xếp hạng"], {"reported_rank_of"}),
        (["Thanh toán trực tuyến", "Tỷ lệ (%)"], {"payment_points", "payment_rate"}),
        (["Hồ sơ nộp trực tuyến", "Số lượng"], {"online_dossiers"}),
        (["Hồ sơ nộp trực tuyến: số giao dịch"], {"online_dossiers"}),
        (["Công khai, minh bạch", "Số thủ tục"], {"transparency_points"}),
        (["Số hồ sơ đã tiếp nhận (%)"], {"dossiers_received"}),
    ],
)
async def test_a_heading_that_several_names_or_another_kind_are_like_is_left_to_who_knows(
    api: Client, headings: list[str], alternatives: set[str]
) -> None:
    column, found = await meant(api, *headings)

    assert (column["field"], column["indicator"], column["confidence"]) == (None, None, 0)
    assert alternatives <= {each["indicator"] for each in column["alternatives"]}
    assert found["complete"] is False


@pytest.mark.parametrize("headings", [["Số hồ sơ quá hạn (%)"], ["Số hồ sơ quá hạn", "Tỷ lệ"], ["Điểm tổng hợp", "%"]])
async def test_a_rate_is_not_taken_for_the_count_or_the_points_of_its_name(api: Client, headings: list[str]) -> None:
    column, _ = await meant(api, *headings)

    assert (column["field"], len(column["alternatives"])) == (None, 1)


async def test_a_file_with_a_heading_of_no_certain_meaning_is_refused_by_the_proposal(api: Client) -> None:
    file = "Đơn vị;on_time;Mức độ hài lòng (%)\nH60.100;90;80\n"
    found = await suggested(api, file)
    assert (await api.put(ADDRESS, json=found["profile"])).status_code == 201

    params = {"profile": "bao-cao", "period": "2024-07"}
    answer = await api.post("/v1/imports", content=file, params=params, headers={"Content-Type": "text/csv"})

    assert answer.status_code == 422
    assert "Mức độ hài lòng" in answer.text


@pytest.mark.parametrize(
    ("file", "kind", "code"),
    [("BÁO CÁO\n", "text/csv", "headings_not_found"), ("[]", "application/json", "profile_without_table")],
)
async def test_what_is_no_table_is_refused(api: Client, file: str, kind: str, code: str) -> None:
    assert (await suggested(api, file, kind, 422))["code"] == code
