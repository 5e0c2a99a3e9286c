"""A long row read into a line: exactly as it stands, or with every fault of it."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import (
    FIELDS,
    ImportedRow,
    RowFaults,
    RowReadOptions,
    read_row,
)
from app.domain.intake.row_figures import plain
from app.domain.intake.row_warnings import rate_warning, warnings_of
from app.errors import ErrorCode, Fault

KINDS = {"sync": "ratio", "dossiers": "count", "total_points": "points", "average_days": "number"}
HERE = InputLocation("/3")


def read(row: object, **reading: Any) -> ImportedRow | list[Fault]:
    return read_row(row, HERE, RowReadOptions(KINDS, **reading))  # type: ignore[arg-type]


def a_row(**overrides: object) -> dict[str, object]:
    row = {"unit": "H60", "period": "2024-07", "indicator": "sync", "value": Decimal("98.83"), **overrides}
    return {name: value for name, value in row.items() if value is not ...}


def line(**overrides: object) -> ImportedRow:
    found = read(a_row(**overrides))
    assert isinstance(found, ImportedRow), found
    return found


def faults(**overrides: object) -> list[tuple[str, str | None]]:
    found = read(a_row(**overrides))
    assert isinstance(found, list), found
    return [(fault.code, fault.pointer) for fault in found]


def test_a_value_keeps_the_decimals_it_was_stated_with() -> None:
    stated = line(value=Decimal("91.30"))

    assert (stated.value, stated.decimals) == (913_000, 2)


def test_zeros_behind_the_fourth_decimal_say_nothing() -> None:
    """Kept, they would ask for 10⁻² of a ten-thousandth, and a binary float would touch the figure."""
    stated = line(value=Decimal("65.380000"), numerator=68, denominator=104)

    assert (stated.value, stated.decimals) == (653_800, 4)
    warning = rate_warning(stated)
    assert warning is not None
    assert warning.context["expected"] == "65.3846"


@pytest.mark.parametrize("value", [Decimal("1E+1"), 10, Decimal(10)])
def test_a_whole_number_has_no_decimals(value: object) -> None:
    assert (line(value=value).value, line(value=value).decimals) == (100_000, 0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("81.770000000000001"), "number_too_precise"),
        ("81,770000000000001", "number_too_precise"),
        (10**11, "number_too_large"),
        (Decimal("99999999999.9999"), "rate_out_of_range"),
        (Decimal("100.01"), "rate_out_of_range"),
        (Decimal("-0.01"), "rate_out_of_range"),
        ("abc", "number_invalid"),
        (True, "number_invalid"),
        ([98], "number_invalid"),
        ({"value": 98}, "number_invalid"),
        ("1.234", "number_ambiguous"),
        ("-", "value_missing"),
        ("", "value_missing"),
        (None, "value_missing"),
        (..., "value_missing"),
        ("5/", "number_invalid"),
        ("7/5", "numerator_exceeds_denominator"),
    ],
)
def test_a_value_that_cannot_be_taken_is_named(value: object, code: str) -> None:
    assert [code for code, _ in faults(value=value)] == [code]


@pytest.mark.parametrize(
    ("value", "locale", "scaled"),
    [("98,83", "auto", 988_300), ("98,83%", "vi", 988_300), ("98.83", "en", 988_300), ("98.83", "auto", 988_300)],
)
def test_text_is_read_by_the_locale(value: str, locale: str, scaled: int) -> None:
    found = read(a_row(value=value), locale=locale)

    assert isinstance(found, ImportedRow)
    assert found.value == scaled


def test_a_ratio_may_be_written_as_a_fraction() -> None:
    found = read(a_row(value="25.775/26.080"), locale="vi")

    assert isinstance(found, ImportedRow)
    assert (found.numerator, found.denominator, found.value) == (257_750_000, 260_800_000, None)


def test_counts_beside_a_fraction_must_be_those_of_the_fraction() -> None:
    assert (line(value="7/8", numerator=7).numerator, line(value="7/8", denominator=8).denominator) == (70_000, 80_000)
    assert faults(value="7/8", numerator=6, denominator=9) == [
        ("counts_disagree", "/3/numerator"),
        ("counts_disagree", "/3/denominator"),
    ]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"unit": None}, [("field_missing", "/3/unit")]),
        ({"unit": "  "}, [("field_missing", "/3/unit")]),
        ({"unit": ["H60"]}, [("text_expected", "/3/unit")]),
        ({"unit": 60, "period": ...}, [("text_expected", "/3/unit"), ("field_missing", "/3/period")]),
        ({"unit": {}, "period": 2024}, [("text_expected", "/3/unit"), ("text_expected", "/3/period")]),
        ({"indicator": "sinc"}, [("indicator_unknown", "/3/indicator")]),
        ({"surprise": 1}, [("field_unknown", "/3/surprise")]),
        ({"observed_at": "yesterday"}, [("moment_invalid", "/3/observed_at")]),
        ({"observed_at": "2024-07-08T11:00:00"}, [("moment_invalid", "/3/observed_at")]),
        ({"observed_at": 1720411200}, [("moment_invalid", "/3/observed_at")]),
        ({"observed_at": "0001-01-01T00:00:00+07:00"}, [("moment_invalid", "/3/observed_at")]),
        ({"retract": "maybe", "value": ...}, [("retract_invalid", "/3/retract"), ("value_missing", "/3/value")]),
        ({"retract": 0}, [("retract_invalid", "/3/retract")]),
        ({"retract": True}, [("retract_with_figure", "/3/retract")]),
        ({"numerator": 5, "value": None}, [("field_missing", "/3/denominator")]),
        ({"numerator": 5, "value": " - "}, [("field_missing", "/3/denominator")]),
        ({"numerator": -5}, [("number_out_of_range", "/3/numerator")]),
        ({"numerator": Decimal("1.5")}, [("number_not_whole", "/3/numerator")]),
        ({"denominator": 5}, [("field_missing", "/3/numerator")]),
        ({"numerator": 6, "denominator": 5}, [("numerator_exceeds_denominator", "/3/numerator")]),
        ({"numerator": -1, "denominator": 5}, [("number_out_of_range", "/3/numerator")]),
        ({"numerator": "5%", "denominator": 5}, [("percent_not_expected", "/3/numerator")]),
        ({"note": "a" * 1001}, [("text_too_long", "/3/note")]),
        ({"note": "bell \a"}, [("text_invalid", "/3/note")]),
        ({"note": 5}, [("text_expected", "/3/note")]),
        ({"source": ["manual"]}, [("text_expected", "/3/source")]),
        ({"indicator": "dossiers", "value": Decimal("1.5")}, [("number_not_whole", "/3/value")]),
        ({"indicator": "dossiers", "value": -1}, [("number_out_of_range", "/3/value")]),
        ({"indicator": "dossiers", "value": "5%"}, [("percent_not_expected", "/3/value")]),
        ({"indicator": "dossiers", "value": "5/7"}, [("counts_not_expected", "/3/value")]),
        ({"indicator": "total_points", "value": ..., "numerator": 1, "denominator": 2}, None),
        ({"indicator": "total_points", "value": -1}, [("number_out_of_range", "/3/value")]),
    ],
)
def test_a_faulty_field_is_named_with_its_place(
    overrides: dict[str, object], expected: list[tuple[str, str]] | None
) -> None:
    assert faults(**overrides) == (expected or [("counts_not_expected", "/3/numerator")])


def test_every_fault_of_a_row_is_told_at_once() -> None:
    found = faults(unit=7, indicator="sinc", observed_at="now", surprise=1)

    assert [code for code, _ in found] == ["field_unknown", "text_expected", "indicator_unknown", "moment_invalid"]


@pytest.mark.parametrize("row", [None, 5, "H60", ["H60"], Decimal(1)])
def test_a_row_that_is_no_object_is_named(row: object) -> None:
    found = read(row)

    assert isinstance(found, list)
    assert [(fault.code, fault.pointer) for fault in found] == [("object_expected", "/3")]


def test_a_slip_in_the_name_of_an_indicator_or_field_is_corrected() -> None:
    found = read(a_row(indicator="sinc", vaule=5))

    assert isinstance(found, list)
    assert [fault.suggestion for fault in found] == ["value", "sync"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("26/8/2024", "2024-08-26T00:00:00+07:00"),
        ("2024-08-26", "2024-08-26T00:00:00+07:00"),
        ("2024-07-08T11:00:00", "2024-07-08T11:00:00+07:00"),
        ("2024-07-08 11:00", "2024-07-08T11:00:00+07:00"),
        ("31/6/2024", None),
        ("yesterday", None),
        ("0001-01-01", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59", "9999-12-31T23:59:59+07:00"),
    ],
)
def test_a_day_or_a_local_time_is_no_moment_but_suggests_one(written: str, meant: str | None) -> None:
    found = read(a_row(observed_at=written))

    assert isinstance(found, list)
    assert [(fault.code, fault.suggestion) for fault in found] == [("moment_invalid", meant)]


def test_period_and_source_may_be_given_for_the_whole_file() -> None:
    found = read(a_row(period=...), period="2024-08", source="national_portal")

    assert isinstance(found, ImportedRow)
    assert (found.period, found.source) == ("2024-08", "national_portal")


def test_a_row_that_was_read_from_the_service_can_be_sent_back() -> None:
    sent_back = line(known_at="2024-08-26T02:00:00Z", import_id=5, observed_at="2024-08-26T02:00:00Z", note=None)

    assert sent_back.observed_at == 1_724_637_600_000_000


def test_a_negative_number_is_a_figure_like_any_other() -> None:
    assert line(indicator="average_days", value=Decimal("-1.5")).value == -15_000


def test_a_note_is_composed_and_may_have_several_lines() -> None:
    assert line(note=" Bi\u0300nh\nThành ").note == "Bình\nThành"


@pytest.mark.parametrize(
    ("stated", "numerator", "denominator"),
    [("98.83", 25775, 26080), ("99", 25775, 26080), ("65.4", 68, 104), ("0", 0, 5), ("12.5", 1, 8), ("12.50", 1, 8)],
)
def test_a_rate_rounded_to_its_last_decimal_agrees_with_its_counts(
    stated: str, numerator: int, denominator: int
) -> None:
    assert rate_warning(line(value=Decimal(stated), numerator=numerator, denominator=denominator)) is None


@pytest.mark.parametrize(
    ("stated", "numerator", "denominator", "expected"),
    [("70.63", 3863, 5454, "70.83"), ("98.82", 25775, 26080, "98.83"), ("100", 68, 104, "65"), ("0.0", 1, 8, "12.5")],
)
def test_a_rate_that_disagrees_with_its_counts_is_warned_of(
    stated: str, numerator: int, denominator: int, expected: str
) -> None:
    warning = rate_warning(line(value=Decimal(stated), numerator=numerator, denominator=denominator))

    assert warning is not None
    assert (warning.code, warning.pointer, warning.context["expected"]) == (
        "rate_differs_from_counts",
        "/3/value",
        expected,
    )


@pytest.mark.parametrize(("stated", "expected"), [(0, None), (100, None), (50, "-")])
def test_nothing_of_nothing_has_no_rate_but_how_it_is_usually_printed(stated: int, expected: str | None) -> None:
    warning = rate_warning(line(value=Decimal(stated), numerator=0, denominator=0))

    assert (warning and warning.context["expected"]) == expected


@pytest.mark.parametrize(
    ("stated", "numerator", "codes"),
    [
        ("5", 0, ["rate_differs_from_counts"]),
        ("0.01", 0, ["rate_differs_from_counts"]),
        ("0", 0, []),
        ("100", 0, []),
        ("5", 3, []),
        ("0.00", 3, []),
    ],
)
def test_none_beside_a_stated_rate_is_warned_of(stated: str, numerator: int, codes: list[str]) -> None:
    found = list(warnings_of(line(value=Decimal(stated), numerator=numerator)))

    assert [each.code for each in found] == codes
    assert [each.pointer for each in found] == ["/3/value"] * len(codes)


def test_a_count_that_is_not_whole_is_taken_and_told() -> None:
    found = warnings_of(line(value=None, numerator=Decimal("1.746"), denominator=2))

    assert [(fault.code, fault.pointer) for fault in found] == [("count_not_whole", "/3/numerator")]


def test_a_row_that_cannot_be_read_tells_which_figure_it_is_about() -> None:
    refused = read(a_row(value="abc", source=None, observed_at="2024-08-26T10:00:00+07:00"))

    assert isinstance(refused, RowFaults)
    assert (refused.about and refused.about[1:5], refused.is_whole) == (("2024-07", "H60", "sync", "manual"), True)


@pytest.mark.parametrize("wrong", [{"unit": 5}, {"indicator": "on_tmie"}, {"observed_at": "gestern"}, {"period": None}])
def test_what_cannot_be_read_of_a_figure_is_left_blank(wrong: dict[str, Any]) -> None:
    refused = read(a_row(**wrong))

    assert isinstance(refused, RowFaults)
    assert refused.about is not None
    assert not refused.is_whole


@pytest.mark.parametrize(
    ("fields", "code", "column", "value"),
    [
        ({"value": "9/8"}, "numerator_exceeds_denominator", "value", "9/8"),
        ({"value": "9/8", "numerator": "", "denominator": " "}, "numerator_exceeds_denominator", "value", "9/8"),
        ({"value": "-"}, "value_missing", "value", "-"),
        ({"numerator": 9, "denominator": 8}, "numerator_exceeds_denominator", "numerator", "9"),
        ({"value": "101 %"}, "rate_out_of_range", "value", "101 %"),
        ({"value": True}, "number_invalid", "value", "true"),
        ({"numerator": -1, "denominator": 8}, "number_out_of_range", "numerator", "-1"),
        ({"value": 5, "retract": "maybe"}, "retract_invalid", "retract", "maybe"),
        ({"value": 5, "note": 5}, "text_expected", "note", "5"),
    ],
)
def test_a_fault_shows_what_is_written_where_it_is_written(
    fields: dict[str, Any], code: str, column: str, value: str
) -> None:
    refused = read(a_row(**{"value": None, **fields}))

    assert isinstance(refused, RowFaults)
    (fault,) = refused
    assert (fault.code, fault.pointer, fault.value) == (code, f"/3/{column}", value)


@pytest.mark.parametrize("indicator", ["bogus", None])
def test_beside_an_unknown_indicator_what_can_be_no_figure_is_named(indicator: str | None) -> None:
    cell = Fault(ErrorCode("cell_formula", "f", "f"), row=2, column="numerator")

    found = faults(indicator=indicator, numerator=cell, denominator="nhiều", value="7,5")

    named = "indicator_unknown" if indicator else "field_missing"
    assert found == [(named, "/3/indicator"), ("cell_formula", None), ("number_invalid", "/3/denominator")]


def test_large_figures_are_printed_in_full() -> None:
    assert plain(999_999_999_990_000) == "99999999999"


def test_the_sentence_on_an_unknown_field_lists_those_that_are_known() -> None:
    found = read(a_row(surprise=1))

    assert isinstance(found, list)
    assert all(name in found[0].detail("vi") for name in FIELDS)
