"""Records with a key per indicator say what the same wide table says."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.domain.input_location import InputLocation, RowWithoutFigure
from app.domain.intake.headers import InputTable
from app.domain.intake.import_row import RowReadOptions, read_row
from app.domain.intake.layouts import ImportLayout, read_rows
from app.domain.intake.records import _Forms, read_records
from app.domain.intake.row_figures import IndicatorKind
from app.errors import Fault

KINDS: dict[str, IndicatorKind] = {"paid_dossiers": "ratio", "on_time": "ratio", "average_days": "number"}
UNIT = {"unit": "H60", "period": "2024-07"}


def rows(*records: object, layout: ImportLayout = "auto") -> list[object]:
    placed = [(InputLocation(f"/{index}"), record) for index, record in enumerate(records)]
    return [raw for _, raw in read_records(placed, KINDS, layout)]


def faults(
    record: Mapping[str, object], place: InputLocation | None = None, layout: ImportLayout = "auto"
) -> list[Fault]:
    found: list[Fault] = []
    for at, raw in read_records([(place or InputLocation("/3"), record)], KINDS, layout):
        read = read_row(raw, at, RowReadOptions(KINDS))
        found += read if isinstance(read, list) else []
    return found


def pointers(record: Mapping[str, object], layout: ImportLayout = "auto") -> list[tuple[str, str | None]]:
    return [(fault.code, fault.pointer) for fault in faults(record, layout=layout)]


def test_a_wide_record_says_as_many_figures_as_it_has_keys_that_say_something() -> None:
    record = {**UNIT, "paid_dossiers": "-", "average_days": None, "on_time.numerator": 7, "on_time.denominator": 10}

    assert rows(record, {**UNIT, "on_time": Decimal("91.3"), "average_days": "2,5", "note": "n"}) == [
        {**UNIT, "indicator": "on_time", "numerator": 7, "denominator": 10},
        {**UNIT, "note": "n", "indicator": "on_time", "value": Decimal("91.3")},
        {**UNIT, "note": "n", "indicator": "average_days", "value": "2,5"},
    ]


def test_a_wide_record_without_a_figure_keeps_what_it_names() -> None:
    assert rows({**UNIT, "on_time": "", "note": "n"}) == [RowWithoutFigure({**UNIT, "note": "n"})]
    assert rows({"unit": None, "period": " ", "on_time": None}) == []


def test_a_record_says_what_a_table_with_its_keys_says() -> None:
    record = {"note": "n", "unit": "H60", "on_time.denominator": "10", "on_time": "70%", "on_time.numerator": "7"}
    table = InputTable(list(record), [(2, list(record.values()))])

    assert rows(record) == [raw for _, raw in read_rows(table, KINDS)]


@pytest.mark.parametrize(
    "record",
    [
        {**UNIT, "indicator": "on_time", "value": 5},
        {**UNIT, "value": 5},
        {**UNIT, "numerator": 5, "denominator": 7},
        {**UNIT, "known_at": None},
        UNIT,
        {},
        5,
    ],
)
def test_a_record_with_a_field_of_a_figure_or_with_shared_ones_alone_is_long(record: object) -> None:
    assert rows(record) == [record]


def test_records_of_both_layouts_may_stand_side_by_side() -> None:
    long = {**UNIT, "indicator": "average_days", "value": 2}

    assert rows(long, {**UNIT, "on_time": 5}) == [long, {**UNIT, "indicator": "on_time", "value": 5}]


def test_the_layout_may_be_named() -> None:
    wide = {**UNIT, "on_time": 5}

    assert rows(wide, layout="long") == [wide]
    assert pointers({**wide, "value": 5}, "wide") == [("field_unknown", "/3/value")]
    assert pointers(UNIT, "wide") == [("field_missing", "/3")]


def test_faults_of_a_wide_record_point_to_the_key() -> None:
    assert pointers({**UNIT, "on_time": "x", "paid_dossiers": 130}) == [
        ("number_invalid", "/3/on_time"),
        ("rate_out_of_range", "/3/paid_dossiers"),
    ]
    assert pointers({**UNIT, "on_time.numerator": 5}) == [("field_missing", "/3/on_time.denominator")]
    assert pointers({**UNIT, "average_days.numerator": 1, "average_days.denominator": 2}) == [
        ("counts_not_expected", "/3/average_days.numerator")
    ]
    assert pointers({**UNIT, "unit": 60, "on_time": 5}) == [("text_expected", "/3/unit")]
    assert pointers({"unit": "H60", "on_time": 5}) == [("field_missing", "/3/period")]


def test_faults_of_a_line_name_the_row_and_the_key() -> None:
    [fault] = faults({**UNIT, "on_time": True}, InputLocation(row=4))

    assert (fault.code, fault.row, fault.column, fault.pointer) == ("number_invalid", 4, "on_time", None)


def test_an_unknown_key_costs_its_own_figure_and_is_told_what_was_meant() -> None:
    [fault] = faults({**UNIT, "on_tme": 5, "average_days": 2})

    assert (fault.code, fault.pointer, fault.suggestion) == ("field_unknown", "/3/on_tme", "on_time")
    assert "GET /v1/indicators" in fault.detail("vi")
    assert len(rows({**UNIT, "on_tme": None, "average_days": 2})) == 2


def test_records_whose_keys_all_differ_are_not_remembered_for_ever() -> None:
    forms = _Forms(KINDS, most=3)

    for number in range(10):
        forms[("unit", f"x{number}")]
        assert len(forms) <= 3
