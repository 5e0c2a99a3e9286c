import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import Invalid
from app.formats import xlsx
from app.formats.answers import Column
from app.formats.tables import Table
from app.formats.xlsx import to_workbook

COLUMNS = [Column("name", "Tên đơn vị"), Column("value", "Giá trị")]


def sheet(values: Sequence[object], name: str = "Điểm") -> Worksheet:
    """The sheet of rows that have these values, opened by another library."""
    rows = [{"name": f"H{place}", "value": value} for place, value in enumerate(values)]
    body = to_workbook([Table("x", name, COLUMNS, rows)])
    [opened] = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    assert isinstance(opened, Worksheet)
    return opened


def values_of(opened: Worksheet) -> list[object]:
    return [row[1] for row in opened.iter_rows(min_row=2, values_only=True)]


def test_numbers_are_numbers_with_the_decimals_they_were_given() -> None:
    opened = sheet([Decimal("81.70"), 25775, Decimal("-0.13"), None])

    assert values_of(opened) == [81.7, 25775, -0.13, None]
    assert [opened.cell(row, 2).number_format for row in (2, 3, 4)] == ["#,##0.00", "#,##0", "#,##0.00"]
    assert opened.cell(2, 2).data_type == "n"


def test_text_stays_text_even_where_it_looks_like_a_formula_a_link_or_a_number() -> None:
    texts = ["=1+1", "+84", "http://example.org", "007", "{=A1}", "dòng 1\ndòng 2", '& <xã> "B"']

    opened = sheet(texts)

    assert values_of(opened) == texts
    assert all(opened.cell(row, 2).data_type in ("s", "inlineStr") for row in range(2, 2 + len(texts)))


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    assert values_of(sheet(["a\x00b\x1fc\ud800d\uffff"])) == ["a\ufffdb\ufffdc\ufffdd\ufffd"]


def test_a_number_that_a_sheet_would_blur_is_kept_as_text() -> None:
    assert values_of(sheet([Decimal("123456789012345.6789"), 999_999_999_999_999])) == [
        "123456789012345.6789",
        999_999_999_999_999,
    ]


def test_days_are_days_and_instants_are_exact_text() -> None:
    opened = sheet([date(2024, 8, 26), datetime(2024, 8, 26, 4, tzinfo=UTC), True, ["a", "b"]])

    assert values_of(opened) == [datetime(2024, 8, 26), "2024-08-26T04:00:00Z", "true", "a; b"]  # noqa: DTZ001


def test_text_beyond_what_a_cell_holds_is_cut_visibly() -> None:
    [cell] = values_of(sheet(["x" * 40_000]))

    assert isinstance(cell, str)
    assert (len(cell), cell[-1]) == (32_767, "…")


def test_the_header_is_frozen_filtered_and_as_wide_as_its_column() -> None:
    opened = sheet(["một chú thích khá dài cho một ô", "x" * 500])

    assert [cell.value for cell in opened[1]] == ["Tên đơn vị", "Giá trị"]
    assert opened.freeze_panes == "A2"
    assert opened.auto_filter.ref == "A1:B3"
    assert opened.column_dimensions["A"].width < opened.column_dimensions["B"].width < 70


def test_no_rows_still_make_a_workbook() -> None:
    assert values_of(sheet([])) == []


@pytest.mark.parametrize(
    ("wished", "title"),
    [
        ("Điểm", "Điểm"),
        ("a/b[c]:*?\\", "a b c"),
        ("'x'", "x"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
        ("x" * 40, "x" * 31),
    ],
)
def test_sheet_names_are_made_legal(wished: str, title: str) -> None:
    assert sheet([1], wished).title == title


def test_equal_rows_give_equal_bytes() -> None:
    rows = [{"name": "H60", "value": Decimal("81.77")}]
    body = to_workbook([Table("x", "x", COLUMNS, rows)])

    assert body == to_workbook([Table("x", "x", COLUMNS, rows)])
    assert openpyxl.load_workbook(io.BytesIO(body)).properties.created == datetime(2000, 1, 1)  # noqa: DTZ001


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)

    assert values_of(sheet([1, 2])) == [1, 2]
    with pytest.raises(Invalid) as caught:
        sheet([1, 2, 3])
    assert caught.value.code == "too_many_rows"
