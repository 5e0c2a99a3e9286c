"""Import profiles: an office says once how its files are laid out, and they are read as they are."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import xlsxwriter

from app.answers.examples import load_example
from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
Row = dict[str, Any]
ADDRESS = "/v1/import-profiles/bao-cao-thang"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    communes = [a_commune("H60.100", name="UBND xã Minh Quang"), a_commune("H60.101", name="UBND xã Phúc Sơn")]
    await with_units(api, [a_unit(), a_unit(code="H61"), *communes])


UNIT = {"heading": "Cơ quan", "field": "unit"}
RATE = {"heading": "Tỷ lệ", "indicator": "on_time"}
FIELDS = ("numerator", "denominator")


def a_profile(**overrides: Any) -> Row:
    """Units by their names, one rate."""
    return {
        "columns": [{"heading": "Cơ quan", "field": "unit"}, {"heading": "Tỷ lệ đúng hạn", "indicator": "on_time"}],
        "units": [{"text": "Xã Minh Quang", "unit": "H60.100"}, {"text": "Xã Phúc Sơn", "unit": "H60.101"}],
        "period": "2024-07",
        "locale": "vi",
        **overrides,
    }


async def stated(api: Client, profile: Row, status: int = 201) -> Row:
    answer = await api.put(ADDRESS, json=profile)
    assert answer.status_code == status, answer.text
    body: Row = answer.json()
    return body


async def read(api: Client, file: str | bytes, status: int = 200, kind: str = "text/csv", **query: Any) -> Row:
    """What is answered to a file that is read by the profile."""
    params = {"profile": "bao-cao-thang", **query}
    answer = await api.post("/v1/imports", content=file, params=params, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    body: Row = answer.json()
    return body


async def figures(api: Client) -> list[tuple[str, str, str, Any]]:
    items = (await api.get("/v1/values")).json()["items"]
    return [(each["unit"], each["period"], each["indicator"], each["value"]) for each in items]


async def test_headings_and_names_are_read_by_their_codes(api: Client) -> None:
    await stated(api, a_profile())

    taken = await read(api, 'CƠ QUAN;Tỷ lệ Đúng hạn\nxã minh quang;"92,4%"\nH60.101;"80,5"\n')

    assert (taken["created"], taken["warnings"]) == (2, [])
    assert await figures(api) == [("H60.100", "2024-07", "on_time", 92.4), ("H60.101", "2024-07", "on_time", 80.5)]


async def test_an_import_says_by_which_state_of_which_profile_it_was_read(api: Client) -> None:
    file = "Cơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;92,4\n"
    digests = []
    for title in ("Tháng", "Tháng", "Quý"):
        await api.put(ADDRESS, json=a_profile(title=title))
        record = (await api.get(f"/v1/imports/{(await read(api, file))['id']}")).json()
        assert record["profile"]["name"] == "bao-cao-thang"
        digests.append(record["profile"]["digest"])

    assert digests[0] == digests[1] != digests[2]


async def test_rows_above_the_headings_are_left_out_and_places_are_those_of_the_file(api: Client) -> None:
    await stated(api, a_profile(skip_rows=2))

    refused = await read(api, "BÁO CÁO\nTháng 7\nCơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;150%\n", 422)

    (fault,) = refused["errors"]
    assert (fault["row"], fault["column"], fault["code"]) == (4, "Tỷ lệ đúng hạn", "rate_out_of_range")


COUNT = {"heading": "A", "field": "numerator"}
TWO_ROWS = [
    {"heading": "Cơ quan", "field": "unit"},
    {"heading": "Đúng hạn Số", "field": "numerator", "indicator": "on_time"},
    {"heading": "Đúng hạn Tổng số", "field": "denominator", "indicator": "on_time"},
]


async def test_headings_of_two_rows_name_a_column_together(api: Client) -> None:
    await stated(api, a_profile(heading_rows=2, columns=TWO_ROWS))

    taken = await read(api, "Cơ quan;Đúng hạn;\n;Số;Tổng số\nXã Minh Quang;9;10\n")

    assert taken["created"] == 1
    assert await figures(api) == [("H60.100", "2024-07", "on_time", 90)]


async def test_merged_headings_of_a_workbook_are_headings_of_each_of_their_columns(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, heading_rows=2, columns=TWO_ROWS))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for corners, text in (("A1:C1", "BÁO CÁO"), ("A2:A3", "Cơ quan"), ("B2:C2", "Đúng hạn")):
            sheet.merge_range(corners, text)
        sheet.write_row("B3", ["Số", "Tổng số"])
        sheet.write_row("A4", ["Xã Minh Quang", 9, 10])

    taken = await read(api, buffer.getvalue(), kind=XLSX)

    assert taken["created"] == 1
    assert await figures(api) == [("H60.100", "2024-07", "on_time", 90)]


async def test_months_in_columns_are_periods(api: Client) -> None:
    months = [{"heading": f"Tháng {month}", "period": f"2024-0{month}"} for month in (6, 7)]
    columns = [{"heading": "Cơ quan", "field": "unit"}, *months]
    await stated(api, a_profile(columns=columns, indicator="on_time", period=None))

    taken = await read(api, "Cơ quan;Tháng 6;Tháng 7\nXã Minh Quang;90;91,5\nXã Phúc Sơn;;80\n")

    assert taken["created"] == 3
    assert [period for _, period, *_ in await figures(api)] == ["2024-06", "2024-07", "2024-07"]


@pytest.mark.parametrize(
    ("indicator", "scale", "written", "kept"),
    [
        ("on_time", "fraction", "0,924", 92.4),
        ("on_time", "fraction", "0,924561", 92.4561),
        ("on_time", "fraction", "92,4%", 92.4),
        ("on_time", "percent", "0,4", 0.4),
        ("total_points", "thousand", "0,08125", 81.25),
        ("total_points", "one", "81,5", 81.5),
    ],
)
async def test_figures_are_kept_in_the_unit_of_their_indicator(
    api: Client, indicator: str, scale: str, written: str, kept: float
) -> None:
    figure = {"heading": "Số liệu", "indicator": indicator, "scale": scale}
    await stated(api, a_profile(columns=[{"heading": "Cơ quan", "field": "unit"}, figure]))

    await read(api, f"Cơ quan;Số liệu\nXã Minh Quang;{written}\n")

    assert [value for *_, value in await figures(api)] == [kept]


async def test_rates_that_a_profile_calls_percentages_are_no_fractions_however_small(api: Client) -> None:
    figure = {"heading": "Số liệu", "indicator": "on_time", "scale": "percent"}
    await stated(api, a_profile(columns=[UNIT, figure], units=[]))

    taken = await read(api, "Cơ quan;Số liệu\nH60.100;0,5\nH60.101;0,4\nH60;0,25\n")

    assert (taken["created"], taken["warnings"]) == (3, [])


async def test_a_figure_that_can_be_read_twice_is_refused_not_taken_unscaled(api: Client) -> None:
    counts = [{"heading": each, "field": each, "indicator": "on_time", "scale": "thousand"} for each in FIELDS]
    await stated(api, a_profile(columns=[UNIT, *counts], locale="auto"))

    refused = await read(api, "Cơ quan;numerator;denominator\nXã Minh Quang;1.250;2.500\n", 422)

    assert [each["code"] for each in refused["errors"]] == ["number_ambiguous"] * 2


async def test_totals_of_several_sheets_are_counted_each(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    taken = await read(api, a_year_of(("Tháng 6", 90), ("Tháng 7", 91), unit="Tổng cộng"), kind=XLSX)

    assert [(each["code"], each["detail"][:2]) for each in taken["warnings"]] == [("total_rows_left_out", "2 ")]


async def test_the_period_of_a_request_counts_more_than_that_of_the_profile(api: Client) -> None:
    await stated(api, a_profile())

    await read(api, "Cơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;90\n", period="2024-06")

    assert [period for _, period, *_ in await figures(api)] == ["2024-06"]


JUNE = [{"heading": "Cơ quan", "field": "unit"}, {"heading": "Tháng 6", "indicator": "on_time", "period": "2024-06"}]


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_a_request_names_no_period_beside_columns_that_have_theirs(api: Client, dry_run: str) -> None:
    await stated(api, a_profile(columns=JUNE))

    refused = await read(api, "Cơ quan;Tháng 6\nXã Minh Quang;90\n", 422, period="2025", dry_run=dry_run)

    [fault] = refused["errors"]
    assert (fault["code"], fault["parameter"]) == ("period_with_profile", "period")
    assert "2024-06" in fault["detail"]
    assert await figures(api) == []


async def test_a_request_names_no_period_beside_sheets_that_have_theirs(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    refused = await read(api, a_year_of(("Tháng 6", 90)), 422, kind=XLSX, period="2025-06")

    assert [(each["code"], each["parameter"]) for each in refused["errors"]] == [("period_with_profile", "period")]
    assert await figures(api) == []


async def test_a_title_of_several_lines_is_one_row(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1))

    refused = await read(api, '"BÁO CÁO\nTháng 7";\nCơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;150%\n', 422)

    assert [(each["row"], each["code"]) for each in refused["errors"]] == [(3, "rate_out_of_range")]


def a_year_of(*months: tuple[str, Any], unit: str = "Xã Minh Quang") -> bytes:
    """A workbook with a sheet a month, each with a rate of one unit."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rate in months:
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", ["BÁO CÁO"])
            sheet.write_row("A2", ["Cơ quan", "Tỷ lệ đúng hạn"])
            sheet.write_row("A3", [unit, rate])
    return buffer.getvalue()


MONTHS = [{"sheet": f"Tháng {month}", "period": f"2024-0{month}"} for month in (6, 7)]


async def test_every_sheet_that_a_profile_names_is_read_for_its_period(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    taken = await read(api, a_year_of(("THÁNG 6", 90), ("Tháng 7", 91.5)), kind=XLSX)

    assert taken["created"] == 2
    assert [(period, value) for _, period, _, value in await figures(api)] == [("2024-06", 90), ("2024-07", 91.5)]


async def test_what_is_wrong_in_two_sheets_is_named_in_each(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    refused = await read(api, a_year_of(("Tháng 6", "?"), ("Tháng 7", "?")), 422, kind=XLSX)

    assert [each["row"] for each in refused["errors"]] == [3, 3]
    assert ["'Tháng 6'!B3" in refused["errors"][0]["detail"], "'Tháng 7'!B3" in refused["errors"][1]["detail"]] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("sheets", "code", "named"),
    [
        ((("Tháng 8", 90),), "sheet_unknown", "Tháng 6"),
        ((("Tháng 6", 90), ("Tháng 7", 90), ("Tháng 8", 90)), "sheets_not_named", "Tháng 8"),
    ],
)
async def test_a_workbook_with_other_sheets_is_refused_by_their_names(
    api: Client, sheets: tuple[tuple[str, int], ...], code: str, named: str
) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    refused = await read(api, a_year_of(*sheets), 422, kind=XLSX)

    assert (refused["errors"][0]["code"], named in refused["errors"][0]["detail"]) == (code, True)
    assert await figures(api) == []


async def test_sheets_that_the_profile_does_not_name_may_be_left_out_and_are_told(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None, unlisted="ignore"))
    file = a_year_of(("Tháng 6", 90), ("Ghi chú", "tốt"), ("Tháng 7", 91), ("Danh mục", 1))

    tried = await read(api, file, kind=XLSX, dry_run="true")
    taken = await read(api, file, kind=XLSX)

    for [warning] in (tried["warnings"], taken["warnings"]):
        assert (warning["code"], warning["parameter"]) == ("sheets_left_out", "profile")
        assert "Ghi chú, Danh mục" in warning["detail"]
    assert [(period, value) for _, period, _, value in await figures(api)] == [("2024-06", 90), ("2024-07", 91)]


async def test_months_that_a_workbook_does_not_have_yet_are_told_and_the_others_read(api: Client) -> None:
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None))

    done = await read(api, a_year_of(("THÁNG 6 ", 90)), kind=XLSX)

    [warning] = done["warnings"]
    assert (warning["code"], warning["parameter"]) == ("sheets_absent", "profile")
    assert "Tháng 7" in warning["detail"]
    assert "Tháng 6" not in warning["detail"]
    assert [figure[1] for figure in await figures(api)] == ["2024-06"]


async def test_a_profile_of_sheets_reads_no_text(api: Client) -> None:
    await stated(api, a_profile(sheets=MONTHS, period=None))

    refused = await read(api, "Cơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;90\n", 422)

    assert refused["code"] == "profile_without_workbook"


async def test_a_total_merged_over_several_columns_is_a_label_to_a_profile(api: Client) -> None:
    columns = [{"heading": "STT", "field": "ignored"}, UNIT, {"heading": "Tỷ lệ", "indicator": "on_time"}]
    await stated(api, a_profile(columns=columns))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["STT", "Cơ quan", "Tỷ lệ"])
        sheet.write_row("A2", [1, "Xã Minh Quang", 90])
        sheet.merge_range("A3:B3", "Tổng cộng")
        sheet.write("C3", 90)

    taken = await read(api, buffer.getvalue(), kind=XLSX)

    assert (taken["created"], [each["code"] for each in taken["warnings"]]) == (1, ["total_rows_left_out"])


@pytest.mark.parametrize(
    ("profile", "pointer"),
    [
        ({"skip_rows": 101}, "/skip_rows"),
        ({"heading_rows": 6}, "/heading_rows"),
        ({"units": [{"text": str(n), "unit": None} for n in range(5_001)]}, "/units"),
        ({"columns": [{"heading": str(n), "field": "ignored"} for n in range(501)]}, "/columns"),
    ],
)
async def test_a_profile_without_measure_is_refused(api: Client, profile: Row, pointer: str) -> None:
    refused = await stated(api, a_profile(**profile), 422)

    assert [each["pointer"] for each in refused["errors"]] == [pointer]


async def test_units_that_nobody_knows_are_no_meaning_of_a_word(api: Client) -> None:
    refused = await stated(api, a_profile(units=[{"text": "Xã A", "unit": "H60.999"}]), 422)

    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("unit_unknown", "/units/0/unit")]


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"period": "2026-13"}, "period_invalid", "/period"),
        (
            {"columns": [UNIT, {"heading": "A", "indicator": "on_time", "period": "T6"}]},
            "period_invalid",
            "/columns/1/period",
        ),
        ({"sheets": [{"sheet": "A", "period": "2026-Q5"}]}, "period_invalid", "/sheets/0/period"),
        ({"source": "nowhere"}, "source_unknown", "/source"),
    ],
)
async def test_periods_and_sources_that_there_are_not_are_refused_in_the_profile(
    api: Client, said: Row, code: str, pointer: str
) -> None:
    refused = await stated(api, a_profile(**said), 422)

    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [(code, pointer)]


async def test_a_profile_may_name_a_source_of_a_framework(api: Client) -> None:
    assert (await stated(api, a_profile(source="national_portal")))["source"] == "national_portal"


async def test_a_trial_reads_by_the_profile_and_stores_nothing(api: Client) -> None:
    await stated(api, a_profile())

    tried = await read(api, "Cơ quan;Tỷ lệ đúng hạn\nXã Minh Quang;90\n", dry_run="true")

    assert (tried["status"], tried["created"]) == ("planned", 1)
    assert await figures(api) == []


async def test_profiles_are_told_of_in_the_feed_of_changes(api: Client) -> None:
    await stated(api, a_profile())
    await api.delete(ADDRESS)

    changes = (await api.get("/v1/changes", params={"kinds": "import_profiles"})).json()["items"]

    assert [(each["action"], each["path"]) for each in changes] == [("stated", ADDRESS), ("withdrawn", ADDRESS)]


async def test_a_sheet_says_of_which_unit_and_period_it_is(api: Client) -> None:
    columns = [{"heading": "Chỉ số", "field": "indicator"}, {"heading": "Kết quả"}]
    words = [{"text": "Đúng hạn", "indicator": "on_time"}]
    sheets = [{"sheet": "Số liệu", "unit": "H60.100", "period": "2024-08"}]
    await stated(api, a_profile(columns=columns, indicators=words, sheets=sheets))
    rows: list[list[object]] = [["Chỉ số", "Kết quả"], ["Đúng hạn", 90]]

    await read(api, as_xlsx(rows), kind=XLSX)

    assert await figures(api) == [("H60.100", "2024-08", "on_time", 90)]


async def test_rows_of_no_unit_and_columns_that_are_ignored_are_left_out(api: Client) -> None:
    profile = a_profile()
    profile["columns"].append({"heading": "STT", "field": "ignored"})
    profile["units"].append({"text": "Tổng cộng", "unit": None})
    await stated(api, profile)

    taken = await read(api, "STT;Cơ quan;Tỷ lệ đúng hạn\n1;Xã Minh Quang;90\n;TỔNG CỘNG;90\n")

    [warning] = taken["warnings"]
    assert (taken["rows"], taken["created"]) == (1, 1)
    assert (warning["code"], warning["row"], warning["detail"][:9], "(3)" in warning["detail"]) == (
        "rows_left_out",
        3,
        "1 row(s) ",
        True,
    )


async def test_rows_of_no_unit_are_counted_a_sheet_and_the_first_are_named(api: Client) -> None:
    units = [{"text": "Tổng", "unit": None}, *a_profile()["units"]]
    await stated(api, a_profile(skip_rows=1, sheets=MONTHS, period=None, units=units))

    taken = await read(api, a_year_of(("Tháng 6", 90), ("Tháng 7", 91), unit="Tổng"), kind=XLSX)
    again = await read(api, a_year_of(("Tháng 6", 90), ("Tháng 7", 91), unit="Tổng"), kind=XLSX, dry_run="true")

    said = [(each["code"], each["row"]) for each in taken["warnings"]]
    assert said == [("rows_left_out", 3)] * 2 == [(each["code"], each["row"]) for each in again["warnings"]]
    assert ["('Tháng 6'!3)" in taken["warnings"][0]["detail"], "('Tháng 7'!3)" in taken["warnings"][1]["detail"]] == [
        True,
        True,
    ]


@pytest.mark.parametrize("unlisted", ["refuse", "ignore"])
async def test_a_heading_of_the_profile_that_stands_twice_is_refused_with_its_places(
    api: Client, unlisted: str
) -> None:
    await stated(api, a_profile(unlisted=unlisted))

    text = await read(api, "Cơ quan;Tỷ lệ đúng hạn;TỶ LỆ ĐÚNG HẠN\nXã Minh Quang;90;70\n", 422)
    book = await read(
        api, as_xlsx([["Cơ quan", "Tỷ lệ đúng hạn", "Ty le dung han"], ["Xã Minh Quang", 90, 70]]), 422, XLSX
    )

    for refused, places in ((text, "2, 3"), (book, "B, C")):
        [error] = refused["errors"]
        assert (error["code"], error["row"], error["column"]) == ("column_duplicate", 1, "Tỷ lệ đúng hạn")
        assert f"({places})" in error["detail"]


async def test_words_of_a_profile_whose_accents_contradict_are_others(api: Client) -> None:
    profile = a_profile()
    profile["columns"].append({"heading": "Ty le dung han thang", "indicator": "total_points"})
    await stated(api, profile)

    header = await read(api, "Cơ quan;Tỷ lệ dùng hàn;Tỷ lệ đúng hạn tháng\nXã Minh Quang;90;80\n", 422)
    unit = await read(api, "Co quan;Tỷ lệ đúng hạn;Tỷ lệ đúng hạn tháng\nXã Mình Quáng;90;80\n", 422)

    assert [each["code"] for each in header["errors"]] == ["column_unknown", "column_missing"]
    assert {each["code"] for each in unit["errors"]} == {"unit_unknown"}


async def test_units_whose_names_differ_in_accents_alone_may_stand_in_one_profile(api: Client) -> None:
    units = [*a_profile()["units"], {"text": "Xã Minh Quảng", "unit": "H60"}, {"text": "Xã Minh Quáng", "unit": None}]
    await stated(api, a_profile(units=units))

    await read(api, "Cơ quan;Tỷ lệ đúng hạn\nXã Minh Quảng;90\nXÃ MINH QUANG;80\nXã Minh Quáng;70\n")
    bare = await read(api, "Cơ quan;Tỷ lệ đúng hạn\nxa minh quang;90\n", 422)

    assert [(unit, value) for unit, *_, value in await figures(api)] == [("H60", 90), ("H60.100", 80)]
    assert [each["code"] for each in bare["errors"]] == ["unit_unknown"]


@pytest.mark.parametrize(
    ("overrides", "pointer"),
    [
        (
            {"columns": [UNIT, {"heading": "Kỳ", "field": "period"}, {**RATE, "period": "2024-01"}]},
            "/columns/2/period",
        ),
        ({"columns": [{"heading": "Chỉ số", "field": "indicator"}, UNIT, RATE]}, "/columns/2/indicator"),
        ({"sheets": [{"sheet": "Xã A", "unit": "H60.100"}]}, "/sheets/0/unit"),
        (
            {
                "columns": [UNIT, {"heading": "Kỳ", "field": "period"}, RATE],
                "sheets": [{"sheet": "Tháng 1", "period": "2024-01"}],
            },
            "/sheets/0/period",
        ),
    ],
)
async def test_what_a_column_says_of_each_row_is_not_stated_of_another_column_or_a_sheet(
    api: Client, overrides: Row, pointer: str
) -> None:
    refused = await stated(api, a_profile(**overrides), 422)

    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("profile_field_repeated", pointer)]


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ("Cơ quan;Tỷ lệ đúng hạn;Ghi chú", "column_unknown", "Ghi chú"),
        ("Cơ quan;Tỷ lệ trễ hạn", "column_missing", "Tỷ lệ đúng hạn"),
    ],
)
async def test_headings_that_differ_from_the_profile_are_refused_not_guessed(
    api: Client, header: str, code: str, column: str
) -> None:
    await stated(api, a_profile())

    refused = await read(api, f"{header}\nXã Minh Quang;90\n", 422)

    assert (code, column) in [(each["code"], each["column"]) for each in refused["errors"]]


async def test_headings_that_the_profile_does_not_name_may_be_ignored(api: Client) -> None:
    await stated(api, a_profile(unlisted="ignore"))

    taken = await read(api, "Cơ quan;Tỷ lệ đúng hạn;Ghi chú\nXã Minh Quang;90;tốt\n")

    assert taken["created"] == 1


@pytest.mark.parametrize(
    ("columns", "code", "pointer"),
    [
        ([{"heading": "A", "field": "unit"}], "column_missing", "/columns"),
        ([{"heading": "A", "indicator": "on_time"}], "profile_unit_missing", "/columns"),
        ([UNIT, {"heading": "A", "indicator": "on_tim"}], "indicator_unknown", "/columns/1/indicator"),
        ([UNIT, {"heading": "A"}], "field_missing", "/columns/1/indicator"),
        (
            [UNIT, {"heading": "A", "field": "numerator", "indicator": "total_points"}],
            "counts_not_expected",
            "/columns/1/field",
        ),
        (
            [UNIT, {"heading": "A", "indicator": "total_points", "scale": "fraction"}],
            "scale_not_expected",
            "/columns/1/scale",
        ),
        (
            [UNIT, *({"heading": each, "indicator": "on_time"} for each in "AB")],
            "column_duplicate",
            "/columns/2/heading",
        ),
        (
            [UNIT, {"heading": "Cơ Quan", "indicator": "on_time"}],
            "profile_word_repeated",
            "/columns/1/heading",
        ),
    ],
)
async def test_a_profile_by_which_nothing_could_be_read_is_refused(
    api: Client, columns: list[Row], code: str, pointer: str
) -> None:
    refused = await stated(api, a_profile(columns=columns), 422)

    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [(code, pointer)]


async def test_a_profile_is_changed_upon_the_state_that_was_read_and_taken_back(api: Client) -> None:
    await stated(api, a_profile())
    tag = (await api.get(ADDRESS)).headers["ETag"]
    await stated(api, a_profile(title="Mới"), 200)

    late = await api.put(ADDRESS, json=a_profile(), headers={"If-Match": tag})
    gone = await api.delete(ADDRESS)

    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert (gone.status_code, gone.json()["title"]) == (200, "Mới")
    assert (await api.get(ADDRESS)).json()["code"] == "import_profile_unknown"
    assert (await read(api, "Cơ quan\n", 404))["code"] == "import_profile_unknown"


async def test_profiles_are_listed_by_name_without_what_they_say(api: Client) -> None:
    await stated(api, a_profile(title="Tháng"))
    await api.put("/v1/import-profiles/a", json=a_profile())

    items = (await api.get("/v1/import-profiles")).json()["items"]

    assert items == [
        {"name": "a", "title": None, "unit": None},
        {"name": "bao-cao-thang", "title": "Tháng", "unit": None},
    ]


async def test_a_profile_is_of_the_subtree_of_the_key_that_stated_it(
    api: Client, as_key: Callable[..., Client]
) -> None:
    own, other = as_key(Scope.VALUES_WRITE, unit="H60"), as_key(Scope.VALUES_WRITE, unit="H61")
    made = await stated(own, a_profile())

    foreign = await other.put(ADDRESS, json=a_profile(title="Khác"))
    await stated(own, a_profile(title="Riêng"), 200)

    assert made["unit"] == "H60"
    assert (foreign.status_code, foreign.json()["code"]) == (403, "unit_forbidden")
    assert (await other.get(ADDRESS)).json()["title"] == "Riêng"


async def test_a_layout_beside_a_profile_is_refused(api: Client) -> None:
    await stated(api, a_profile())

    assert (await read(api, "Cơ quan;Tỷ lệ đúng hạn\n", 422, layout="wide"))["code"] == "layout_with_profile"


async def test_records_of_json_have_no_profile(api: Client) -> None:
    await stated(api, a_profile())

    refused = await read(api, "[]", 422, kind="application/json")

    assert refused["errors"][0]["code"] == "profile_without_table"


async def test_the_example_of_the_contract_is_stated_as_it_is_answered(api: Client) -> None:
    answer = await api.put("/v1/import-profiles/bao_cao_thang", json=load_example("import_profile_request"))

    assert answer.json() == load_example("import_profile")
