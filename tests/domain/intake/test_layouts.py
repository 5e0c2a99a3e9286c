from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from app.api.values import COLUMNS
from app.domain.input_location import InputLocation, RowWithoutFigure, UnreadableFigure
from app.domain.intake.headers import TITLES, InputTable
from app.domain.intake.import_row import ImportedRow, RowReadOptions, read_row
from app.domain.intake.layouts import ImportLayout, RawOfTable, read_rows
from app.domain.intake.row_figures import IndicatorKind
from app.errors import ErrorCode, Fault, Invalid

KINDS: dict[str, IndicatorKind] = {
    "paid_dossiers": "ratio",
    "on_time": "ratio",
    "average_days": "number",
    "total_points": "points",
    "note_count": "count",
}


def rows(
    header: Sequence[str], *cells: Sequence[object], layout: ImportLayout = "auto"
) -> list[tuple[InputLocation, RawOfTable]]:
    """The figures of a table whose first row is row 2."""
    return list(read_rows(InputTable(header, list(enumerate(cells, start=2))), KINDS, layout))


def raws(header: Sequence[str], *cells: Sequence[object], layout: ImportLayout = "auto") -> list[RawOfTable]:
    return [raw for _, raw in rows(header, *cells, layout=layout)]


def header_faults(header: Sequence[str], layout: ImportLayout = "auto") -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(Invalid) as caught:
        rows(header, layout=layout)
    assert caught.value.code == "header_invalid"
    assert {fault.row for fault in caught.value.faults} == {1}
    assert all(fault.detail("en") != fault.detail("vi") for fault in caught.value.faults)
    return [(fault.code, fault.column, fault.suggestion) for fault in caught.value.faults]


def line_faults(header: Sequence[str], cells: Sequence[object], layout: ImportLayout = "auto") -> list[Fault]:
    faults: list[Fault] = []
    for place, raw in rows(header, cells, layout=layout):
        read = (
            list(raw.faults)
            if isinstance(raw, UnreadableFigure)
            else read_row(raw, place, RowReadOptions(KINDS, "2024-07"))
        )
        faults += read if isinstance(read, list) else []
    return faults


LONG = {"unit": "H60", "period": "2024-07", "indicator": "paid_dossiers", "value": "81,77", "note": None}


def test_a_long_table_may_have_its_columns_in_any_order() -> None:
    for order in permutations(LONG):
        assert raws(order, [LONG[name] for name in order]) == [LONG]


def test_headings_are_read_whatever_their_case_spaces_and_composition() -> None:
    assert raws([" Unit", "INDICATOR", "Gia\u0301 tri\u0323 "], ["H60", "on_time", "1"]) == [
        {"unit": "H60", "indicator": "on_time", "value": "1"}
    ]


def test_every_title_of_our_own_export_is_taken_back() -> None:
    assert {column.key: column.title for column in COLUMNS} == TITLES

    [raw] = raws([column.title for column in COLUMNS], [column.key for column in COLUMNS])

    assert raw == {column.key: column.key for column in COLUMNS if column.key not in ("known_at", "import_id")}


def test_a_blank_long_cell_is_absent_and_a_dash_is_left_for_the_line_to_judge() -> None:
    header = ["unit", "indicator", "value"]

    assert raws(header, ["H60", "on_time", ""], ["H60", "on_time", "-"]) == [
        {"unit": "H60", "indicator": "on_time", "value": None},
        {"unit": "H60", "indicator": "on_time", "value": "-"},
    ]
    [fault] = line_faults(header, ["H60", "on_time", "-"])
    assert (fault.code, fault.row, fault.column) == ("value_missing", 2, "value")


def test_a_wide_row_without_a_figure_keeps_what_it_names() -> None:
    header = ["Mã", "paid_dossiers", "on_time", "Ghi chú"]

    assert raws(header, ["H19", " ", "-", "n"], ["", "", None, "-"]) == [RowWithoutFigure({"unit": "H19", "note": "n"})]


def test_a_wide_row_says_as_many_figures_as_it_has_cells_that_say_something() -> None:
    header = ["Mã", "paid_dossiers", "on_time.numerator", "on_time.denominator", "average_days", "period", "Ghi chú"]

    assert raws(
        header,
        ["H60", "81,77", "7", "10", "-", "2024-07", "n"],
        ["H55", "", "0", "–", "2,5", "2024-08", ""],
    ) == [
        {"indicator": "paid_dossiers", "unit": "H60", "period": "2024-07", "note": "n", "value": "81,77"},
        {
            "indicator": "on_time",
            "unit": "H60",
            "period": "2024-07",
            "note": "n",
            "numerator": "7",
            "denominator": "10",
        },
        {
            "indicator": "on_time",
            "unit": "H55",
            "period": "2024-08",
            "note": None,
            "numerator": "0",
            "denominator": "–",
        },
        {"indicator": "average_days", "unit": "H55", "period": "2024-08", "note": None, "value": "2,5"},
    ]


def test_a_wide_figure_may_have_its_counts_and_its_rate() -> None:
    header = ["unit", "on_time.denominator", "on_time", "on_time.numerator"]

    assert raws(header, ["H60", "4", "75%", "3"]) == [
        {"indicator": "on_time", "unit": "H60", "value": "75%", "numerator": "3", "denominator": "4"}
    ]


def test_faults_of_a_wide_row_name_the_header_over_the_cell() -> None:
    header = ["Mã đơn vị", "Paid_Dossiers", "on_time.numerator", "on_time.denominator"]

    faults = line_faults(header, ["H60", "x", "3", "1,5,5"])

    assert [(fault.code, fault.row, fault.column) for fault in faults] == [
        ("number_invalid", 2, "Paid_Dossiers"),
        ("number_invalid", 2, "on_time.denominator"),
    ]
    [absent] = line_faults(header, ["", "1", "", ""])
    assert (absent.code, absent.row, absent.column) == ("field_missing", 2, "Mã đơn vị")
    [half] = line_faults(header, ["H60", "", "3", ""])
    assert (half.code, half.column) == ("field_missing", "on_time.denominator")


def test_faults_in_a_workbook_name_sheet_and_cell_in_both_languages() -> None:
    table = InputTable(["unit", "on_time"], [(7, ["H60", "x"])], 3, ("B", "C"), "'Tháng 7'!")

    [(place, raw)] = read_rows(table, KINDS)

    read = read_row(raw, place, RowReadOptions(KINDS, "2024-07"))
    assert isinstance(read, list)
    assert (read[0].row, read[0].column) == (7, "on_time")
    assert read[0].detail("en").endswith(" ('Tháng 7'!C7)")
    assert read[0].detail("vi").endswith(" ('Tháng 7'!C7)")


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        (["unit", "indicator", "valeu"], [("column_unknown", "valeu", "value")]),
        (["unit", "paid_dosiers"], [("column_unknown", "paid_dosiers", "paid_dossiers")]),
        (
            ["unit", "on_time.numerator", "on_time.denominater"],
            [
                ("column_unknown", "on_time.denominater", "on_time.denominator"),
                ("pair_incomplete", "on_time.numerator", None),
            ],
        ),
        (["unit", "Mã", "on_time"], [("column_duplicate", "Mã", None)]),
        (["unit", "on_time", "On_time"], [("column_duplicate", "On_time", None)]),
        (["unit", "indicator", "value", "value"], [("column_duplicate", "value", None)]),
        (["on_time"], [("column_missing", "unit", None)]),
        (["unit", "period"], [("column_missing", None, None)]),
        (["indicator", "value"], [("column_missing", "unit", None)]),
        (["unit", "on_time.denominator"], [("pair_incomplete", "on_time.denominator", None)]),
        (
            ["unit", "total_points.numerator", "total_points.denominator"],
            [
                ("counts_not_expected", "total_points.numerator", None),
                ("counts_not_expected", "total_points.denominator", None),
            ],
        ),
        (["", ""], [("column_missing", "unit", None)]),
    ],
)
def test_headers_that_cannot_be_read_name_every_fault(
    header: Sequence[str], faults: list[tuple[str, str | None, str | None]]
) -> None:
    assert header_faults(header) == faults


def test_the_layout_may_be_named() -> None:
    assert header_faults(["unit", "indicator", "on_time"], "wide") == [("column_unknown", "indicator", None)]
    assert header_faults(["unit", "value"], "long") == [("column_missing", "indicator", None)]


def test_the_header_may_stand_further_down() -> None:
    with pytest.raises(Invalid) as caught:
        read_rows(InputTable(["x"], [], 4), KINDS)

    assert {fault.row for fault in caught.value.faults} == {4}


@pytest.mark.parametrize(
    ("cell", "value", "way_out"),
    [
        ("9:30", "9:30", "`9:30` is a time, which spreadsheets make of a figure that is typed with a colon; format"),
        ("36:00:15", "36:00:15", "format the cell as text, then type the figure again: a decimal as 9.5"),
        (True, "true", "`true` is no figure; write a number such as 92.4, or leave the figure out."),
        (date(2024, 7, 12), "2024-07-12", "format the cell as text, then type the figure again (two counts as n/d)"),
    ],
)
def test_what_is_said_of_a_cell_that_is_no_figure_names_a_way_out(cell: object, value: str, way_out: str) -> None:
    [fault] = line_faults(["unit", "period", "on_time"], ["H60", "2024-07", cell])

    assert (fault.code, fault.column, fault.value) == ("number_invalid", "on_time", value)
    assert way_out in fault.detail("en")


def test_cells_of_a_workbook_become_what_a_line_takes() -> None:
    header = ["unit", "period", "indicator", "value", "observed_at", "note", "retract"]
    moment = datetime.fromisoformat("2024-07-08T11:00")

    assert raws(header, ["H60", 2024, "on_time", Fraction(6055, 10000), moment, Decimal("1E+2"), True]) == [
        {
            "unit": "H60",
            "period": "2024",
            "indicator": "on_time",
            "value": Fraction("0.6055"),
            "observed_at": "2024-07-08T11:00:00+07:00",
            "note": "100",
            "retract": True,
        }
    ]
    [raw] = raws(header, ["H60", "2024-07", "on_time", Decimal("81.77"), date(2024, 7, 8), None, None])
    assert isinstance(raw, dict)
    assert (raw["value"], raw["observed_at"]) == (Decimal("81.77"), "2024-07-08")


def test_a_percentage_is_read_with_the_decimals_it_has() -> None:
    [(place, raw)] = rows(["unit", "on_time"], ["H60", Fraction(6055, 10000)])

    read = read_row(raw, place, RowReadOptions(KINDS, "2024-07"))

    assert isinstance(read, ImportedRow)
    assert (read.value, read.decimals) == (605_500, 2)


def test_a_figure_of_which_the_spreadsheet_made_a_date_is_told_so() -> None:
    day = date(2024, 7, 7)

    for header, cells, column in (
        (["unit", "on_time", "average_days"], ["H60", day, 1], "on_time"),
        (["unit", "indicator", "value"], ["H60", "on_time", datetime.combine(day, time(1))], "value"),
        (["unit", "on_time.numerator", "on_time.denominator"], ["H60", 7, day], "on_time.denominator"),
    ):
        [fault] = line_faults(header, cells)
        assert (fault.code, fault.row, fault.column) == ("number_invalid", 2, column)
        assert "2024-07-07" in fault.detail("vi")
        assert "format the cell as text" in fault.detail("en")


def test_a_percentage_stands_only_where_a_rate_may() -> None:
    half = Fraction(1, 2)

    for header, cells, column in (
        (["unit", "on_time.numerator", "on_time.denominator"], ["H60", half, 2], "on_time.numerator"),
        (["unit", "total_points"], ["H60", half], "total_points"),
        (["unit", "indicator", "value"], ["H60", "average_days", half], "value"),
        (["unit", "indicator", "value", "note"], ["H60", "on_time", 1, half], "note"),
    ):
        [fault] = line_faults(header, cells)
        assert (fault.code, fault.column, fault.row) == ("percent_not_expected", column, 2)
        assert "50%" in fault.detail("vi")


BAD = Fault(ErrorCode("cell_formula", "f", "f"), row=2, column="unit")


def test_a_cell_that_cannot_be_read_costs_the_figures_that_need_it() -> None:
    header = ["unit", "on_time", "paid_dossiers", "average_days"]

    assert line_faults(header, [BAD, "1", "2", ""]) == [BAD, BAD]
    assert line_faults(header, ["H60", BAD, "2", ""]) == [BAD]


@pytest.mark.parametrize("field", ["unit", "period", "indicator", "value", "source", "observed_at", "note", "retract"])
def test_beside_a_cell_that_cannot_be_read_every_other_fault_of_its_row_is_named(field: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "value": "1", "source": "manual"}
    row |= {"observed_at": "", "note": "", "retract": ""}
    row |= {"observed_at": "yesterday"} if field != "observed_at" else {"retract": "perhaps"}

    faults = line_faults(list(row), list((row | {field: BAD}).values()))

    expected = "retract_invalid" if field == "observed_at" else "moment_invalid"
    assert {fault.code for fault in faults} == {"cell_formula", expected}


def test_a_row_that_cannot_be_read_is_one_fault() -> None:
    [(place, raw)] = list(read_rows(InputTable(["unit", "on_time"], [(5, BAD)]), KINDS))

    assert (place.row, raw) == (5, UnreadableFigure((BAD,)))


def test_a_column_without_a_name_must_be_empty_and_hides_no_other_fault() -> None:
    header = ["unit", "", "on_time", "average_days"]

    assert raws(header, ["H60", " ", "1", ""]) == [{"indicator": "on_time", "unit": "H60", "value": "1"}]
    faults = line_faults(header, ["H60", "x", "101", "abc"])
    assert [(fault.code, fault.row, fault.column) for fault in faults] == [
        ("cell_outside", 2, None),
        ("rate_out_of_range", 2, "on_time"),
        ("cell_outside", 2, None),
        ("number_invalid", 2, "average_days"),
    ]
    assert [fault.code for fault in line_faults(header, ["H60", "x", "", ""])] == ["cell_outside"]


def test_places_of_json_keep_their_pointers() -> None:
    fault = Fault(ErrorCode("x", "a", "b"))

    assert InputLocation("/3").at("unit", fault).pointer == "/3/unit"
    assert InputLocation("/3").at("", fault).pointer == "/3"
    assert InputLocation(row=3).at("unit", fault).column == "unit"
    assert InputLocation(row=3).at("", fault).column is None
