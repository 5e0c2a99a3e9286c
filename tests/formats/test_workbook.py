import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from tempfile import TemporaryFile

import openpyxl
import pytest

from app.errors import Fault, Invalid, Malformed
from app.formats.delimited import Column
from app.formats.number_format import NumberFormat
from app.formats.tables import Table
from app.formats.workbook import open_workbook
from app.formats.workbook_rows import Cell
from app.formats.workbook_sheet import WorkbookLimits
from app.formats.xlsx import to_workbook
from tests.support.workbooks import HEADER, MAIN, a_workbook, packed, parts_of, sheet_xml, written

Rows = list[tuple[int, list[Cell] | Fault]]


def read(body: bytes, sheet: str | None = None, limits: WorkbookLimits | None = None) -> tuple[list[str], Rows]:
    """Header and rows of a workbook."""
    with TemporaryFile() as file, open_workbook(written(body, file), sheet, limits) as opened:
        return opened.header, list(opened.rows)


def cell_of(xml: str, *, from_1904: bool = False, strings: str | None = None) -> Cell:
    """What a cell says that stands in B2."""
    body = a_workbook(f'{HEADER}<row r="2">{xml}</row>', from_1904=from_1904, strings=strings)
    [(number, row)] = read(body)[1]
    assert number == 2
    assert isinstance(row, list)
    return row[1]


def fault_of(cell: Cell) -> Fault:
    assert isinstance(cell, Fault)
    assert cell.row == 2
    assert cell.column == "value"
    assert "Bảng!B2" in cell.detail("en")
    assert "Bảng!B2" in cell.detail("vi")
    return cell


def refusal(body: bytes, sheet: str | None = None, limits: WorkbookLimits | None = None) -> Fault:
    with pytest.raises((Malformed, Invalid)) as caught:
        read(body, sheet, limits)
    [fault] = caught.value.faults
    assert caught.value.code == fault.code
    for language in ("en", "vi"):
        assert "None" not in fault.detail(language)
        assert "{" not in fault.detail(language)
    return fault


def test_a_workbook_of_our_own_comes_back_as_it_was_written() -> None:
    columns = [Column("unit", "unit"), Column("value", "value"), Column("on", "on"), Column("note", "note")]
    rows = [
        {"unit": "H60", "value": Decimal("81.77"), "on": date(2024, 8, 26), "note": "=1+1"},
        {"unit": "H19", "value": 25775, "on": None, "note": "dòng 1\ndòng 2"},
    ]

    header, read_rows = read(to_workbook([Table("values", "Điểm", columns, rows)]))

    assert header == ["unit", "value", "on", "note"]
    assert read_rows == [
        (2, ["H60", Decimal("81.77"), date(2024, 8, 26), "=1+1"]),
        (3, ["H19", 25775, None, "dòng 1\ndòng 2"]),
    ]


def test_rows_are_numbered_as_the_sheet_shows_them_and_empty_ones_skipped() -> None:
    body = a_workbook(
        '<row r="3"><c r="B3" t="inlineStr"><is><t> unit </t></is></c></row>'
        '<row r="5"><c r="B5" t="inlineStr"><is><t> </t></is></c></row>'
        '<row r="9"><c r="B9"><v>7</v></c></row>'
    )

    assert read(body) == (["", "unit"], [(9, [None, 7])])


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("81.769999999999996", "81.77"),
        ("0.30000000000000004", "0.3"),
        ("86.800000000000011", "86.8"),
        ("2.5775E4", "25775"),
        ("1E-3", "0.001"),
        ("-0.13", "-0.13"),
        ("33.333333333333336", "33.3333333333333"),
        ("99999999999.9999", "99999999999.9999"),
        ("007", "7"),
    ],
)
def test_a_number_has_the_fifteen_digits_that_programs_show(stored: str, meant: str) -> None:
    cell = cell_of(f'<c r="B2"><v>{stored}</v></c>')

    assert isinstance(cell, int | Decimal)
    assert Decimal(cell) == Decimal(meant)
    assert str(cell) == meant


def test_a_cell_shown_as_a_percentage_says_so() -> None:
    assert cell_of('<c r="B2" s="1"><v>0.60550000000000004</v></c>') == Fraction(6055, 10000)
    assert cell_of('<c r="B2" s="10"><v>60.55</v></c>') == Fraction(6055, 10000)
    assert cell_of('<c r="B2" s="10"><v>100</v></c>') == Fraction(1)


def test_why_a_fraction_misleads_is_told_with_the_signs_of_the_language() -> None:
    fault = fault_of(cell_of('<c r="B2" s="8"><v>0.02</v></c>'))

    assert "shows the fraction 1/50 and holds the number 0.02: the figure 0.02, a rate of 2%" in fault.detail("en")
    assert "phân số 1/50 nhưng chứa số 0,02: không rõ là số 0,02, tỷ lệ 2%" in fault.detail("vi")


@pytest.mark.parametrize(
    ("stored", "shown", "held", "format"),
    [("0.924", "92%", "92.4%", "0.0%"), ("0.92405", "92%", "92.405%", "0.000%"), ("-0.004", "-0%", "-0.4%", "0.0%")],
)
def test_a_rounded_percentage_is_told_as_one_and_shown_in_full_it_is_read(
    stored: str, shown: str, held: str, format: str
) -> None:
    fault = fault_of(cell_of(f'<c r="B2" s="13"><v>{stored}</v></c>'))

    assert (fault.code, fault.value) == ("cell_shown_otherwise", held)
    assert f"shows `{shown}`, but what it holds is {held}" in fault.detail("en")
    assert f"set its number format to {format}," in fault.detail("en")
    assert "General" not in fault.detail("vi")
    assert NumberFormat(format).seen(stored).kind == "percent"


def test_a_cell_that_shows_nothing_is_told_so() -> None:
    assert "shows `(nothing)`, but what it holds is 5" in fault_of(cell_of('<c r="B2" s="14"><v>5</v></c>')).detail(
        "en"
    )


@pytest.mark.parametrize(
    ("style", "stored", "shown", "held"),
    [(5, "2577.5", "", "2577,5"), (9, "91.6", "92", "91,6"), (2, "-1.5", "", "-1,5"), (12, "1.6", "2{a}", "1,6")],
)
def test_numbers_in_vietnamese_sentences_have_a_comma(style: int, stored: str, shown: str, held: str) -> None:
    fault = fault_of(cell_of(f'<c r="B2" s="{style}"><v>{stored}</v></c>'))

    assert fault.value == stored
    assert stored in fault.detail("en")
    for said in (shown, held):
        assert said in fault.detail("vi")


@pytest.mark.parametrize(
    ("style", "stored", "meant"),
    [
        (2, "45530", date(2024, 8, 26)),
        (3, "45481.458333333336", datetime.fromisoformat("2024-07-08T11:00")),
        (3, "45481", datetime.fromisoformat("2024-07-08T00:00")),
        (4, "45474", "2024-07"),
        (7, "45474", "2024"),
        (6, "1.5", "36:00"),
        (2, "1", date(1900, 1, 1)),
        (2, "61", date(1900, 3, 1)),
    ],
)
def test_days_and_moments_are_read_as_they_are_shown(style: int, stored: str, meant: object) -> None:
    assert cell_of(f'<c r="B2" s="{style}"><v>{stored}</v></c>') == meant


def test_days_may_be_counted_from_1904_or_written_as_text() -> None:
    assert cell_of('<c r="B2" s="2"><v>44068</v></c>', from_1904=True) == date(2024, 8, 26)
    assert cell_of('<c r="B2" t="d"><v>2024-08-26</v></c>') == date(2024, 8, 26)
    assert cell_of('<c r="B2" t="d"><v>2024-07-08T11:00:00</v></c>') == datetime.fromisoformat("2024-07-08T11:00")


@pytest.mark.parametrize(
    ("xml", "code", "value"),
    [
        ('<c r="B2"><f>SUM(A1:A3)</f><v>81.77</v></c>', "cell_formula", "=SUM(A1:A3)"),
        ('<c r="B2"><f t="shared" si="0"/><v>81.77</v></c>', "cell_formula", "81.77"),
        ('<c r="B2" t="str"><f>A1</f><v>H60</v></c>', "cell_formula", "=A1"),
        ('<c r="B2"><f>[1]Sheet1!A1</f><v>81.77</v></c>', "cell_formula", "=[1]Sheet1!A1"),
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', "cell_error", "#DIV/0!"),
        ('<c r="B2"><v>NaN</v></c>', "cell_not_number", ""),
        ('<c r="B2"><v>-INF</v></c>', "cell_not_number", ""),
        ('<c r="B2" t="n"><v/></c>', "cell_not_number", ""),
        ('<c r="B2" s="2"><v>-1</v></c>', "cell_not_date", "-1"),
        ('<c r="B2" s="2"><v>60</v></c>', "cell_not_date", "60"),
        ('<c r="B2" s="3"><v>1E+300</v></c>', "cell_not_date", "1E+300"),
        ('<c r="B2" s="5"><v>25775000</v></c>', "cell_thousands", "25775000"),
        ('<c r="B2" s="11"><v>5</v></c>', "cell_shown_otherwise", "5"),
        (f'<c r="B2" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>', "text_too_long", "x" * 100),
    ],
)
def test_a_cell_that_must_not_be_trusted_is_named(xml: str, code: str, value: str) -> None:
    fault = fault_of(cell_of(xml))

    assert fault.code == code
    assert fault.value in (value, "NaN", "-INF")


def test_truth_text_and_blanks() -> None:
    assert cell_of('<c r="B2" t="b"><v>1</v></c>') is True
    assert cell_of('<c r="B2" t="str"><v>H60</v></c>') == "H60"
    assert cell_of('<c r="A2"><v>1</v></c><c r="B2" s="1"/>') is None
    assert cell_of('<c r="A2"><v>1</v></c><c r="B2"><v></v></c>') is None


def test_shared_texts_lose_reading_aids_and_escapes_and_are_composed() -> None:
    rich = "<si><r><t>Đi</t></r><r><t>\u0323nh</t></r><rPh sb='0' eb='1'><t>aid</t></rPh></si>"
    plain = "<si><t>một_x000D_hai_x0000_ba_x005F_</t></si>"
    strings = f'<sst xmlns="{MAIN}">{rich}{plain}</sst>'

    assert cell_of('<c r="B2" t="s"><v>0</v></c>', strings=strings) == "Đị\u006eh"
    assert cell_of('<c r="B2" t="s"><v>1</v></c>', strings=strings) == "một\rhai_x0000_ba_"
    refused = a_workbook(f'{HEADER}<row r="2"><c r="A2" t="s"><v>2</v></c></row>', strings=strings)
    assert refusal(refused).code == "workbook_broken"


def test_cells_without_references_and_prefixed_names_are_read() -> None:
    rows = "<x:row><x:c t='str'><x:v>unit</x:v></x:c></x:row><x:row><x:c><x:v>7</x:v></x:c></x:row>"
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'

    assert read(packed(parts_of({"S": xml}))) == (["unit"], [(2, [7])])


def test_merged_cells_inside_the_table_are_named_and_others_let_be() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (["unit", "value"], ["H60", 1], [None, 2], ["H19", 3]):
        sheet.append(cells)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("D1:E9")
    sheet.merge_cells("A20:B20")
    output = io.BytesIO()
    book.save(output)

    _, [(_, first), (_, second), third] = read(output.getvalue())

    for number, row in ((2, first), (3, second)):
        assert isinstance(row, list)
        assert isinstance(row[0], Fault)
        assert (row[0].code, row[0].row, row[0].column, row[0].value) == ("cell_merged", number, "unit", "A2:A3")
        assert f"Sheet!A{number}" in row[0].detail("vi")
        assert row[1] == number - 1
    assert third == (4, ["H19", 3])


@pytest.mark.parametrize(
    ("row", "merged", "sentence"),
    [
        ({"A": "Ghi chú: số liệu đến 20/3"}, ["A3:B3"], "Dòng 3 ghi `Ghi chú: số liệu đến 20/3`"),
        ({"A": "I. Cấp tỉnh"}, ["A3:F3"], "Hãy xóa dòng này"),
        ({"A": "Người lập biểu", "C": "Giám đốc"}, ["A3:B4", "C3:D4"], "phần ký tên"),
        ({"A": "II", "B": "Cấp xã"}, ["B3:C3"], "bỏ gộp ô và điền từng ô, hoặc xóa dòng 3"),
    ],
)
def test_a_row_over_merged_cells_is_told_once_with_its_way_out(
    row: dict[str, str], merged: list[str], sentence: str
) -> None:
    texts = "".join(f'<c r="{column}3" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in row.items())
    head = HEADER.replace("</row>", '<c r="C1"><v>1</v></c><c r="D1"><v>2</v></c></row>')
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)

    _, [good, (number, fault)] = read(
        a_workbook(
            f'{head}<row r="2"><c r="A2"><v>1</v></c></row><row r="3">{texts}</row>',
            f"<mergeCells>{ranges}</mergeCells>",
        )
    )

    assert good == (2, [1, None, None, None])
    assert isinstance(fault, Fault)
    assert (number, fault.code, fault.row, fault.value) == (3, "cell_merged", 3, merged[0])
    assert sentence in fault.detail("vi")


def test_a_header_that_is_merged_or_computed_is_refused() -> None:
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    with pytest.raises(Invalid) as caught:
        read(a_workbook(HEADER, merged))

    assert [(fault.code, fault.row, fault.column) for fault in caught.value.faults] == [
        ("cell_merged", 1, "A"),
        ("cell_merged", 1, "B"),
    ]


def test_a_cell_beside_the_table_is_a_fault_of_its_row_alone() -> None:
    rows = (
        f'{HEADER}<row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
    )

    _, [(number, beside), good] = read(a_workbook(rows))

    assert isinstance(beside, Fault)
    assert (number, beside.code, beside.row) == (2, "cell_outside", 2)
    assert "Bảng!D2" in beside.detail("en")
    assert good == (3, [3, None])


@pytest.mark.parametrize("title", [("A1",), ("A1", "C1")])
def test_a_title_above_the_header_is_to_be_taken_away_not_filled_in(title: tuple[str, ...]) -> None:
    cells = "".join(f'<c r="{place}" t="inlineStr"><is><t>BIỂU TỔNG HỢP</t></is></c>' for place in title)
    below = HEADER.replace('r="1"', 'r="2"').replace("A1", "A2").replace("B1", "B2")
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>'

    fault = refusal_with_row(a_workbook(f'<row r="1">{cells}</row>{below}', merged))

    assert (fault.code, fault.row) == ("header_missing", 1)
    assert "`BIỂU TỔNG HỢP`" in fault.detail("en")
    assert "hãy xóa mọi dòng phía trên" in fault.detail("vi")


def refusal_with_row(body: bytes) -> Fault:
    with pytest.raises(Invalid) as caught:
        read(body)
    [fault] = caught.value.faults
    return fault


ONE = sheet_xml(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>')
TWO = sheet_xml(HEADER + '<row r="2"><c r="A2"><v>2</v></c></row>')
EMPTY = sheet_xml('<row r="1"><c r="A1" s="1"/></row>')


@pytest.mark.parametrize(
    ("sheets", "wanted", "value"),
    [
        ({"a": ONE}, None, 1),
        ({"a": EMPTY, "b": TWO}, None, 2),
        ({"~a": ONE, "b": TWO}, None, 2),
        ({"~a": ONE, "b": TWO}, "a", 1),
        ({"a": ONE, "Tháng 7": TWO}, "Tháng 7", 2),
    ],
)
def test_the_only_visible_sheet_with_data_is_read_or_the_one_named(
    sheets: dict[str, str], wanted: str | None, value: int
) -> None:
    assert read(packed(parts_of(sheets)), wanted)[1] == [(2, [value, None])]


def test_several_sheets_with_data_and_unknown_ones_are_refused_by_name() -> None:
    body = packed(parts_of({"Tháng 6": ONE, "Tháng 7": TWO, "~c": ONE}))

    several, unknown = refusal(body), refusal(body, "Tháng 8")

    assert several.code == "sheet_ambiguous"
    assert "Tháng 6, Tháng 7." in several.detail("en")
    assert unknown.code == "sheet_unknown"
    assert "c" in unknown.detail("vi")
    assert refusal(packed(parts_of({"a": EMPTY, "b": EMPTY}))).code == "header_missing"
    assert refusal(packed(parts_of({"a": EMPTY}))).code == "header_missing"


def test_an_external_sheet_is_never_fetched() -> None:
    parts = parts_of({"a": ONE})
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:9/sheet1.xml" TargetMode="External"'
    )

    assert refusal(packed(parts)).code == "header_missing"


def test_a_file_of_python_is_left_where_it_is_and_may_be_read_again() -> None:
    with TemporaryFile() as file:
        written(packed(parts_of({"a": ONE})), file)
        for _ in range(2):
            with open_workbook(file) as opened:
                assert list(opened.rows) == [(2, [1, None])]


def test_the_child_needs_nothing_but_the_standard_library() -> None:
    program = "import sys; sys.path.append('.'); import app.formats.workbook_child; print([n for n in sys.modules])"
    loaded = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)

    assert "app.formats.workbook_sheet" in loaded.stdout
    assert not {"pydantic", "fastapi", "openpyxl", "app.errors"} & set(loaded.stdout.split("'"))


def test_compression_other_than_deflate_is_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in parts_of({"a": ONE}).items():
            archive.writestr(name, content)

    assert refusal(output.getvalue()).code == "workbook_broken"


def test_a_minus_that_conditions_may_leave_out_is_told_as_that() -> None:
    fault = fault_of(cell_of('<c r="B2" s="15"><v>-5.5</v></c>'))

    assert (fault.code, fault.value) == ("cell_shown_otherwise", "-5.5")
    assert "conditions under which some programs leave the minus out" in fault.detail("en")
    assert "kiểm tra -5,5 có đúng" in fault.detail("vi")
