import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from weakref import WeakSet
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import Invalid
from app.formats.delimited import Column, RowOut
from app.formats.tables import Chart, Table
from app.formats.xlsx import OPTIONS, to_workbook, write_workbook
from app.formats.xlsx_sheet import CLASS_COLOURS, LINE, MOST_LINES, class_colours

COLUMNS = [Column("name", "Tên đơn vị"), Column("value", "Giá trị")]


def sheet(values: Sequence[object], name: str = "Điểm") -> Worksheet:
    """The sheet of rows that have these values, opened by another library."""
    rows = [{"name": f"H{place}", "value": value} for place, value in enumerate(values)]
    body = to_workbook([Table("x", name, COLUMNS, rows)])
    [opened] = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    assert isinstance(opened, Worksheet)
    return opened


def book(*tables: Table) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_workbook(tables)))


def part(name: str, *tables: Table) -> str:
    """A part of the workbook as it is written."""
    with ZipFile(io.BytesIO(to_workbook(tables))) as archive:
        return archive.read(name).decode()


def values_of(opened: Worksheet) -> list[object]:
    return [row[1] for row in opened.iter_rows(min_row=2, values_only=True)]


def test_numbers_are_numbers_with_the_decimals_they_were_given() -> None:
    opened = sheet([Decimal("81.70"), 25775, Decimal("-0.13"), None])

    assert values_of(opened) == [81.7, 25775, -0.13, None]
    assert [opened.cell(row, 2).data_type for row in (2, 3, 4)] == ["n"] * 3


@pytest.mark.parametrize(
    ("column", "formats"),
    [
        (Column("value", "Điểm"), ["#,##0.00"] * 3),
        (Column("value", "Điểm", decimals=1), ["#,##0.0"] * 3),
        (Column("value", "Tăng/giảm", signed=True), ["+#,##0.00;-#,##0.00;0.00"] * 3),
        (Column("value", "Giá trị", mixed=True), ["#,##0.0", "#,##0", "#,##0.00"]),
    ],
)
def test_a_column_shows_its_numbers_with_the_same_decimals_unless_it_is_mixed(
    column: Column, formats: list[str]
) -> None:
    numbers = [Decimal("81.7"), 25775, Decimal("-0.13")]

    opened = book(Table("x", "x", [column], [{"value": number} for number in numbers])).worksheets[0]

    assert [opened.cell(row, 1).number_format for row in (2, 3, 4)] == formats
    assert [opened.cell(row, 1).value for row in (2, 3, 4)] == [81.7, 25775, -0.13]


def test_text_stays_text_even_where_it_looks_like_a_formula_a_link_or_a_number() -> None:
    texts = ["=1+1", "+84", "http://example.org", "007", "{=A1}", "dòng 1\ndòng 2", '& <xã> "B"']

    opened = sheet(texts)

    assert values_of(opened) == texts
    cells = [opened.cell(row, 2) for row in range(2, 2 + len(texts))]
    assert all(cell.data_type in ("s", "inlineStr") for cell in cells)
    assert {cell.number_format for cell in cells} == {"@"}  # or editing "=1+1" would make a formula of it


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    assert values_of(sheet(["a\x00b\x1fc\ud800d\uffff"])) == ["a\ufffdb\ufffdc\ufffdd\ufffd"]


def test_a_number_that_a_sheet_would_blur_is_kept_as_text() -> None:
    assert values_of(sheet([Decimal("123456789012345.6789"), 999_999_999_999_999])) == [
        "123456789012345.6789",
        999_999_999_999_999,
    ]


def test_days_are_days_and_moments_are_local_ones() -> None:
    opened = sheet([date(2024, 8, 26), datetime(2024, 8, 26, 4, tzinfo=UTC), True, ["a", "b"]])

    moment = datetime(2024, 8, 26, 11)  # noqa: DTZ001
    assert values_of(opened) == [datetime(2024, 8, 26), moment, "true", "a; b"]  # noqa: DTZ001


def test_a_moment_shows_its_seconds_where_it_has_any_and_stays_exact_where_it_is_sent_back() -> None:
    imported = datetime(2024, 8, 26, 4, 0, 7, 81_352, tzinfo=UTC)
    columns = [Column("shown", "Tra cứu lúc"), Column("kept", "Thời điểm tra cứu", sent_back=True)]
    table = Table("t", "Bảng", columns, [{"shown": imported, "kept": imported}])

    [shown, kept] = openpyxl.load_workbook(io.BytesIO(to_workbook([table]))).worksheets[0][2]
    assert (shown.value, shown.number_format) == (datetime(2024, 8, 26, 11, 0, 7), "dd/mm/yyyy hh:mm:ss")  # noqa: DTZ001
    assert kept.value == "2024-08-26T04:00:07.081352Z"


def test_rows_that_lead_others_are_bold() -> None:
    columns = [Column("name", "Nội dung"), Column("points", "Điểm")]
    rows = [{"name": "Công khai", "points": 18}, {"name": "Đúng hạn", "points": 9}]

    opened = openpyxl.load_workbook(io.BytesIO(to_workbook([Table("t", "Bảng", columns, rows, bold={0})]))).worksheets[
        0
    ]

    assert [[bool(cell.font.b) for cell in row] for row in opened.iter_rows(min_row=2)] == [
        [True, True],
        [False, False],
    ]


def test_text_beyond_what_a_cell_holds_is_cut_visibly() -> None:
    [cell] = values_of(sheet(["x" * 40_000]))

    assert isinstance(cell, str)
    assert (len(cell), cell[-1]) == (32_767, "…")


def test_the_header_is_frozen_filtered_and_as_wide_as_its_column() -> None:
    opened = sheet(["một chú thích khá dài cho một ô", "x" * 500])

    assert [cell.value for cell in opened[1]] == ["Tên đơn vị", "Giá trị"]
    assert opened.freeze_panes == "B2"
    assert opened.auto_filter.ref == "A1:B3"
    assert opened.column_dimensions["A"].width < opened.column_dimensions["B"].width < 70


def test_the_columns_that_name_a_row_stay_in_sight_with_the_head() -> None:
    columns = [Column(key, key) for key in ("rank", "code", "name", "total", "period")]
    table = Table("x", "x", columns, [dict.fromkeys(("rank", "code", "name", "total", "period"), 1)], ["Tiêu đề"])

    assert book(table).worksheets[0].freeze_panes == "D4"


def test_where_every_column_names_the_row_only_the_head_is_frozen() -> None:
    assert book(Table("x", "x", [Column("code", "Mã"), Column("name", "Tên")], [])).worksheets[0].freeze_panes == "A2"


def test_a_long_head_is_wrapped_before_it_widens_its_column() -> None:
    title = "Cung cấp dịch vụ công trực tuyến"
    opened = book(Table("x", "x", [Column(f"{n}", title) for n in range(6)], [])).worksheets[0]

    assert opened["A1"].alignment.wrap_text
    assert opened.column_dimensions["A"].width < len(title) * 2 / 3
    assert (opened.row_dimensions[1].height or 0) > 2 * LINE


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    opened = sheet(["ngắn", "một ghi chú dài " * 12, "dòng 1\ndòng 2", "x" * 40_000])

    heights = [opened.row_dimensions[row].height for row in (2, 3, 4, 5)]
    assert heights[0] is None
    assert heights[1] is not None
    assert heights[1] >= 4 * LINE
    assert heights[2:] == [2 * LINE, MOST_LINES * LINE]


def test_long_texts_of_a_wide_table_are_wrapped_before_it_shrinks_beyond_reading() -> None:
    columns = [Column(f"{number}", "Ghi chú") for number in range(8)]
    row = {column.key: "một ghi chú dài " * 5 for column in columns}

    one, eight = book(Table("a", "a", columns[:1], [row]), Table("b", "b", columns, [row])).worksheets

    assert one.column_dimensions["A"].width > 1.5 * eight.column_dimensions["A"].width


def test_the_heading_stands_above_the_table_and_is_no_formula() -> None:
    heading = ["=1+1", "Kỳ: tháng 7/2024"]
    opened = book(Table("x", "x", COLUMNS, [{"name": "A", "value": 1}], heading)).worksheets[0]

    rows = [[cell for cell in row if cell is not None] for row in opened.iter_rows(values_only=True)]
    assert rows == [["=1+1"], ["Kỳ: tháng 7/2024"], [], ["Tên đơn vị", "Giá trị"], ["A", 1]]
    assert opened["A1"].data_type == "s"
    assert (opened.auto_filter.ref, opened.print_title_rows) == ("A4:B5", "$4:$4")


def test_classes_are_coloured_from_green_to_red_and_other_texts_are_not() -> None:
    classes = ["Tốt", "Khá", "Yếu"]
    rows = [{"name": "Yếu kém", "value": name} for name in classes]
    opened = book(Table("x", "x", COLUMNS, rows, (), classes)).worksheets[0]

    colours = [opened.cell(row, 2).fill.fgColor.rgb for row in (2, 3, 4)]
    assert colours == ["FFC6E0B4", "FFFFF2CC", "FFF4A6A0"]
    assert opened.cell(2, 1).fill.fill_type is None


@pytest.mark.parametrize("count", range(1, 9))
def test_the_best_class_is_green_and_the_worst_of_several_red(count: int) -> None:
    colours = [*class_colours([f"{place}" for place in range(count)]).values()]

    assert (len(colours), colours[0]) == (count, CLASS_COLOURS[0])
    assert count == 1 or colours[-1] == CLASS_COLOURS[-1]


def test_a_sheet_prints_on_a4_one_page_wide_with_its_head_on_every_page() -> None:
    wide = [Column(f"{number}", "Một cột") for number in range(20)]
    narrow, broad = book(Table("a", "a", COLUMNS, []), Table("b", "b", wide, [])).worksheets

    assert (narrow.page_setup.orientation, broad.page_setup.orientation) == ("portrait", "landscape")
    for opened in (narrow, broad):
        assert opened.page_setup.paperSize == 9
        assert (opened.page_setup.fitToWidth or 1, opened.page_setup.fitToHeight) == (1, 0)
        assert opened.print_title_rows == "$1:$1"
    footer = part("xl/worksheets/sheet1.xml", Table("a", "a", COLUMNS, [])).partition("<oddFooter>")[2]
    assert "Trang &amp;P/&amp;N" in footer


def test_no_rows_still_make_a_workbook() -> None:
    assert values_of(sheet([])) == []


@pytest.mark.parametrize(
    ("wished", "title"),
    [
        ("Điểm", "Điểm"),
        ("a/b[c]:*?\\", "a b c"),
        ("'x'", "x"),
        ("", "Bảng"),
        ("History", "History (2)"),
        ("x" * 40, "x" * 31),
        ("Đơn vị chưa có số liệu về dịch vụ công", "Đơn vị chưa có số liệu về dịch"),
        ("Đơn vị chưa có số liệu về dịchvu công", "Đơn vị chưa có số liệu về"),
    ],
)
def test_sheet_names_are_made_legal(wished: str, title: str) -> None:
    assert sheet([1], wished).title == title


def test_no_two_sheets_share_a_name_even_in_another_case() -> None:
    titles = ["x" * 40, "X" * 31, "Sở", "sở", "Sở"]

    names = book(*(Table("x", title, COLUMNS, []) for title in titles)).sheetnames

    assert names == ["x" * 31, "X" * 27 + " (2)", "Sở", "sở (2)", "Sở (3)"]


def a_table(rows: int, *charts: Chart) -> Table:
    """Places and points of units, the first without any."""
    columns = [Column("rank", "Hạng"), Column("name", "Đơn vị"), Column("a", "Nhóm A"), Column("b", "Nhóm B")]
    points = [{"rank": n, "name": f"=Xã {n}", "a": Decimal(n) / 4 if n else None, "b": 0} for n in range(rows)]
    return Table("x", "Bảng 'x' & y", columns, points, ["Tiêu đề"], (), charts)


STACKED = Chart("stacked", "Điểm các nhóm", "name", ["a", "b"], axis="Điểm")
RANKS = Chart("line", "Thứ hạng", "name", ["rank"], downwards=True)


def test_a_chart_is_drawn_from_the_cells_of_its_table_and_missing_is_no_zero() -> None:
    xml = part("xl/charts/chart1.xml", a_table(3, STACKED))

    assert "<c:f>'Bảng ''x'' &amp; y'!$C$4:$C$6</c:f>" in xml
    assert "<c:f>'Bảng ''x'' &amp; y'!$B$4:$B$6</c:f>" in xml
    assert '<c:barDir val="bar"/><c:grouping val="stacked"/>' in xml
    assert "dispBlanksAs" not in xml  # Excel's own way is a gap; another one would be written
    first = xml.partition("<c:val>")[2].partition("</c:val>")[0]
    assert '<c:pt idx="1"><c:v>0.25</c:v>' in first
    assert '<c:pt idx="0">' not in first
    assert "=Xã 0" in xml
    for name in ("Điểm các nhóm", "Đơn vị", "Điểm"):
        assert f"<a:t>{name}</a:t>" in xml


def test_ranks_are_drawn_with_the_first_place_on_top() -> None:
    xml = part("xl/charts/chart1.xml", a_table(3, RANKS))

    axis = xml.partition("<c:valAx>")[2]
    assert '<c:orientation val="maxMin"/>' in axis
    assert '<c:min val="1"/>' in axis
    assert "<a:t>Hạng</a:t>" in axis


def test_of_many_units_the_first_are_drawn_and_the_title_says_so() -> None:
    xml = part("xl/charts/chart1.xml", a_table(500, STACKED))

    assert "$C$4:$C$33</c:f>" in xml
    assert "<a:t>Điểm các nhóm (30 dòng đầu của bảng)</a:t>" in xml


def test_of_many_periods_the_last_are_drawn() -> None:
    xml = part("xl/charts/chart1.xml", a_table(100, RANKS))

    assert "$A$44:$A$103</c:f>" in xml
    assert "<a:t>Thứ hạng (60 dòng cuối của bảng)</a:t>" in xml


def test_charts_stand_below_a_short_table_and_on_a_sheet_of_their_own_beside_a_long_one() -> None:
    assert book(a_table(5, STACKED)).sheetnames == ["Bảng 'x' & y"]
    assert book(a_table(50, STACKED)).sheetnames == ["Bảng 'x' & y", "Biểu đồ Bảng 'x' & y"]
    assert book(a_table(0, STACKED)).sheetnames == ["Bảng 'x' & y"]


def test_no_chart_lies_across_the_end_of_a_page() -> None:
    xml = part("xl/worksheets/sheet2.xml", a_table(50, STACKED, RANKS, RANKS))

    assert xml.count("<brk ") == 1  # the bars fill a page, two lines share the next


def test_a_title_that_reads_like_the_address_of_a_cell_stays_a_title() -> None:
    chart = Chart("line", "=Sheet!A1", "name", ["rank"])

    xml = part("xl/charts/chart1.xml", a_table(3, chart))

    assert "<a:t>=Sheet!\u2060A1</a:t>" in xml
    assert "<c:f>Sheet!A1</c:f>" not in xml


def test_equal_rows_give_equal_bytes() -> None:
    rows = [{"name": "H60", "value": Decimal("81.77")}]
    body = to_workbook([Table("x", "x", COLUMNS, rows)])

    assert body == to_workbook([Table("x", "x", COLUMNS, rows)])
    assert openpyxl.load_workbook(io.BytesIO(body)).properties.created == datetime(2000, 1, 1)  # noqa: DTZ001


def test_equal_charts_give_equal_bytes_and_the_workbook_bears_the_heading_as_its_title() -> None:
    assert to_workbook([a_table(40, STACKED, RANKS)]) == to_workbook([a_table(40, STACKED, RANKS)])
    assert book(a_table(1)).properties.title == "Tiêu đề"


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    assert to_workbook([a_table(2)], most_rows=len(a_table(2).heading) + 4)
    with pytest.raises(Invalid) as caught:
        to_workbook([a_table(3)], most_rows=len(a_table(3).heading) + 4)
    assert caught.value.code == "too_many_rows"


def test_the_first_workbook_of_a_process_is_made_like_all_others() -> None:
    before = deepcopy(OPTIONS)

    to_workbook([Table("x", "x", COLUMNS, [{"name": "a", "value": 1}])])

    assert before == OPTIONS


class Row(dict[str, object]):
    """A row that can be seen to be gone."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


def test_of_rows_that_come_one_by_one_none_is_held() -> None:
    alive: WeakSet[Row] = WeakSet()
    most = 0

    def further() -> Iterator[RowOut]:
        nonlocal most
        for number in range(3_000):
            row = Row(name=f"H{number}", value=number)
            alive.add(row)
            most = max(most, len(alive))
            yield row

    with TemporaryFile() as file:
        write_workbook(file, [Table("x", "x", COLUMNS, [{"name": "first", "value": 1}])], further())
        opened = openpyxl.load_workbook(file, read_only=True).worksheets[0]
        values = [row[1] for row in opened.iter_rows(min_row=2, values_only=True)]

    assert values == [1, *range(3_000)]
    assert most < 5


def test_rows_behind_those_that_were_looked_at_hide_no_decimals_and_no_lines() -> None:
    further = [{"name": "dòng 1\ndòng 2", "value": Decimal("0.125")}, {"name": "dài " * 40, "value": 7}]
    output = io.BytesIO()
    write_workbook(output, [Table("x", "x", COLUMNS, [{"name": "ngắn", "value": Decimal("1.5")}])], further)
    opened = openpyxl.load_workbook(output).worksheets[0]

    assert [opened.cell(row, 2).number_format for row in (2, 3, 4)] == ["#,##0.0", "#,##0.000", "#,##0.0"]
    assert [opened.row_dimensions[row].height for row in (2, 3)] == [None, 2 * LINE]
    assert (opened.row_dimensions[4].height or 0) > 2 * LINE
