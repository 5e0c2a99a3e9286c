from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.figure_parser import Locale, Printed, read_figure, read_scaled
from app.domain.figures import print_figure
from app.errors import Fault

FIGURES = st.decimals(-(10**11) + 1, 10**11 - 1, places=4) | st.integers(-(10**10), 10**10).map(Decimal)
NAMED: st.SearchStrategy[Literal["vi", "en"]] = st.sampled_from(["vi", "en"])


def figure(text: str, locale: Locale = "vi", *, count: bool = False) -> Printed:
    read = read_figure(text, locale, count=count)
    assert isinstance(read, Printed), read
    return read


def fault(text: str, locale: Locale = "vi", *, count: bool = False) -> Fault:
    read = read_figure(text, locale, count=count)
    assert isinstance(read, Fault), read
    return read


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("81,77", "81.77", 2),
        ("25.775", "25775", 0),
        ("1.746.000", "1746000", 0),
        ("1.746,5", "1746.5", 1),
        ("81,70", "81.70", 2),
        ("0,855", "0.855", 3),
        ("07", "7", 0),
        ("100", "100", 0),
        ("-0,13", "-0.13", 2),
        ("\u22120,13", "-0.13", 2),
        (" 18\u00a0", "18", 0),
        ("81,770000", "81.7700", 4),
    ],
)
def test_figures_are_read_as_letters_print_them(text: str, value: str, decimals: int) -> None:
    read = figure(text)

    assert (str(read.value), read.decimals) == (value, decimals)
    assert (read.percent, read.denominator) == (False, None)


@pytest.mark.parametrize(
    ("text", "value", "signed"),
    [("60,55%", "60.55", False), ("4,26 %", "4.26", False), ("+3,09%", "3.09", True), ("-525%", "-525", True)],
)
def test_percent_and_sign_are_part_of_what_was_printed(text: str, value: str, signed: bool) -> None:
    read = figure(text)

    assert (str(read.value), read.percent, read.signed) == (value, True, signed)


@pytest.mark.parametrize(
    ("text", "value", "denominator"),
    [("07/07", "7", "7"), ("1.746/1.746", "1746", "1746"), ("81,77 / 100", "81.77", "100"), ("08/23", "8", "23")],
)
def test_a_fraction_keeps_both_its_counts(text: str, value: str, denominator: str) -> None:
    read = figure(text)

    assert (str(read.value), str(read.denominator)) == (value, denominator)


@pytest.mark.parametrize("text", ["", "  ", "-", "–", " - "])
def test_a_dash_or_a_blank_is_no_figure_and_not_zero(text: str) -> None:
    assert read_figure(text) is None


def test_zero_is_a_figure() -> None:
    assert figure("0").value == 0
    assert not figure("-0,00").value.is_signed()


@pytest.mark.parametrize(
    "text",
    [
        "abc", "1e5", "1.", ",5", "1,2,3", "1 746", "--1", "+ 3", "%", "5%%", "1/2/3", "-1/2", "1/", "5/10%", "(5)",
        "٣", "１２", "NaN", "Infinity", "1_000", "0x10", "=1+1", "12 hồ sơ", "1.74", "1.7460", "12.34.567", "1\n2",
    ],
)  # fmt: skip
def test_what_is_not_strictly_a_number_is_refused(text: str) -> None:
    assert fault(text).code == "number_invalid"


def test_an_endless_number_is_refused_before_it_is_looked_at() -> None:
    assert fault("1" * 1_000_000).code == "number_invalid"
    assert fault("1" * 1_000_000).value == "1" * 100


def test_the_other_notation_is_refused_with_the_text_that_was_meant() -> None:
    assert fault("81.77", "vi").suggestion == "81,77"
    assert fault("1.746,5", "en").suggestion == "1,746.5"
    assert fault("abc", "vi").suggestion is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("81,77", "81.77"),
        ("81.77", "81.77"),
        ("1.746.000", "1746000"),
        ("1,746,000", "1746000"),
        ("1.746,5", "1746.5"),
        ("0.855", "0.855"),
        ("25775", "25775"),
        ("1234.567", "1234.567"),
        ("1.746/81,5", "1746"),
    ],
)
def test_auto_reads_what_only_one_notation_could_have_written(text: str, value: str) -> None:
    assert str(figure(text, "auto").value) == value


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("25.775", {"25775", "25.775"}),
        ("855,589", {"855589", "855.589"}),
        ("1.746/1.746", {"1746/1746", "1.746/1.746"}),
        ("100.000%", {"100000", "100.000"}),
    ],
)
def test_auto_names_both_readings_rather_than_guess(text: str, readings: set[str]) -> None:
    found = fault(text, "auto")

    assert found.code == "number_ambiguous"
    assert {found.context["one"], found.context["other"]} == readings
    assert all(reading in found.detail("vi") and reading in found.detail("en") for reading in readings)


@pytest.mark.parametrize(
    ("text", "locale"),
    [("855,589", "vi"), ("855.589", "en"), ("855,589/837.873", "vi"), ("837.873/855,589", "vi")],
)
def test_a_count_with_three_digits_after_the_decimal_sign_is_ambiguous(text: str, locale: Locale) -> None:
    assert fault(text, locale, count=True).code == "number_ambiguous"


def test_the_parts_of_a_fraction_are_counts() -> None:
    assert fault("855,589/837.873").code == "number_ambiguous"
    assert figure("855,589").value == Decimal("855.589")


@pytest.mark.parametrize("text", ["837.873", "25775", "81,77", "0,855", "1.746,500"])
def test_other_counts_are_read_in_their_named_locale(text: str) -> None:
    assert figure(text, "vi", count=True).value > 0


def test_three_decimals_of_a_rate_are_read_where_the_locale_is_named() -> None:
    assert figure("98,834%").value == Decimal("98.834")
    assert figure("855,589").value == Decimal("855.589")


def test_more_than_four_decimals_are_refused_and_never_rounded() -> None:
    assert figure("1,2345").value == Decimal("1.2345")
    assert fault("1,23456").code == "number_too_precise"
    assert fault("1/2,00001").code == "number_too_precise"
    assert fault("86.80000000000001", "auto").code == "number_too_precise"


def test_a_figure_of_twelve_digits_is_too_large() -> None:
    assert figure("99.999.999.999,9999").value == Decimal("99999999999.9999")
    assert fault("100000000000").code == "number_too_large"
    assert fault("1/100000000000").code == "number_too_large"


@settings(max_examples=300, deadline=None)
@given(FIGURES, NAMED)
def test_what_is_printed_reads_back_exactly(value: Decimal, locale: Literal["vi", "en"]) -> None:
    read = figure(print_figure(value, locale), locale)

    assert (read.value, read.decimals) == (value, max(0, -int(value.as_tuple().exponent)))


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789.,-+%/ ", max_size=14))
def test_auto_never_decides_between_two_values(text: str) -> None:
    read, vi, en = read_figure(text, "auto"), read_figure(text, "vi"), read_figure(text, "en")

    if isinstance(vi, Printed) and isinstance(en, Printed):
        agree = (vi.value, vi.denominator) == (en.value, en.denominator)
        assert isinstance(read, Printed) == agree
    elif isinstance(read, Printed):
        assert read in (vi, en)


@pytest.mark.parametrize(
    ("value", "scaled"),
    [
        (Decimal("81.7700000"), 817700),
        (-3, -30000),
        (Decimal("0.0001"), 1),
        (Decimal("1E+2"), 10**6),
    ],
)
def test_exact_figures_become_integers_scaled_by_ten_thousand(value: Decimal | int, scaled: int) -> None:
    assert read_scaled(value) == scaled


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("NaN"), "number_invalid"),
        (Decimal("Infinity"), "number_invalid"),
        (Decimal("0.00001"), "number_too_precise"),
        (Decimal("1E-999999"), "number_too_precise"),
        (10**11, "number_too_large"),
        (-(10**11), "number_too_large"),
        (Decimal("1E+999999"), "number_too_large"),
    ],
)
def test_what_cannot_be_kept_exactly_is_a_fault(value: Decimal | int, code: str) -> None:
    result = read_scaled(value)

    assert isinstance(result, Fault)
    assert result.code == code


def test_an_integer_too_long_to_be_printed_is_still_only_too_large() -> None:
    result = read_scaled(10**9000)

    assert isinstance(result, Fault)
    assert (result.code, result.value) == ("number_too_large", "…")


@settings(max_examples=200, deadline=None)
@given(FIGURES)
def test_scaling_is_exact(value: Decimal) -> None:
    assert read_scaled(value) == int(value * 10_000)


def test_figures_are_printed_as_letters_print_them() -> None:
    assert print_figure(Decimal("81.77")) == "81,77"
    assert print_figure(Decimal("83.10")) == "83,10"
    assert print_figure(Decimal(1746000)) == "1.746.000"
    assert print_figure(Decimal("1E+3")) == "1.000"
    assert print_figure(Decimal("1746.5"), "en") == "1,746.5"
    assert print_figure(Decimal("3.09"), sign=True) == "+3,09"
    assert print_figure(Decimal("-5.25"), sign=True) == "-5,25"
    assert print_figure(Decimal(0), sign=True) == "0"


def test_fewer_decimals_are_rounded_half_up_and_more_are_filled() -> None:
    assert print_figure(Decimal("89.995"), decimals=2) == "90,00"
    assert print_figure(Decimal("18"), decimals=1) == "18,0"
    assert print_figure(Decimal("-0.004"), decimals=2, sign=True) == "0,00"
