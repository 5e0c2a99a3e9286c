"""What is printed here is read back by `figures` as it was."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.figure_parser import Printed, read_figure
from app.domain.figures import print_figure
from app.domain.letter_format import (
    printed_change,
    printed_fraction,
    printed_points,
    printed_rank,
    printed_rate,
    printed_rate_change,
)

FIGURES = st.integers(0, 4).flatmap(
    lambda places: st.decimals(min_value=0, max_value=10**11 - 1, places=places, allow_nan=False)
)
COUNTS = st.integers(0, 10**11 - 1).map(Decimal)
POINTS = st.integers(0, 2).flatmap(lambda places: st.decimals(min_value=0, max_value=1000, places=places))
"""With three decimals, `1,000/18` could be read as a thousand of eighteen."""
DIFFERENCES = FIGURES.flatmap(lambda figure: st.sampled_from([figure, -figure]))


def read(text: str) -> Printed:
    found = read_figure(text, "vi")
    assert isinstance(found, Printed), (text, found)
    return found


@pytest.mark.parametrize(("print_it", "percent"), [(print_figure, False), (printed_rate, True)])
@given(figure=FIGURES)
@settings(max_examples=60, deadline=None)
def test_a_figure_and_a_rate_are_read_back_to_their_last_decimal(
    print_it: Callable[[Decimal], str], percent: bool, figure: Decimal
) -> None:
    found = read(print_it(figure))

    assert (found.value.as_tuple(), found.percent) == ((figure + 0).as_tuple(), percent)


@pytest.mark.parametrize(("print_it", "unit"), [(printed_change, ""), (printed_rate_change, " điểm %")])
@given(change=DIFFERENCES)
@settings(max_examples=60, deadline=None)
def test_a_difference_is_read_back_with_its_sign(
    print_it: Callable[[Decimal], str], unit: str, change: Decimal
) -> None:
    printed = print_it(change)
    found = read(printed.removesuffix(unit))

    assert (found.value, found.signed, printed.endswith(unit)) == (change, change != 0, True)


@given(count=COUNTS, of=COUNTS)
@settings(max_examples=60, deadline=None)
def test_a_fraction_is_read_back_in_both_its_parts(count: Decimal, of: Decimal) -> None:
    found = read(printed_fraction(count, of))

    assert (found.value, found.denominator) == (count, of)


@given(points=POINTS, most=COUNTS)
@settings(max_examples=60, deadline=None)
def test_points_are_read_back_without_their_word(points: Decimal, most: Decimal) -> None:
    found = read(printed_points(points, most).removesuffix(" điểm"))

    assert (found.value, found.denominator) == (points, most)


@given(rank=st.integers(1, 999), of=st.integers(1, 999))
@settings(max_examples=60, deadline=None)
def test_a_place_is_read_back(rank: int, of: int) -> None:
    found = read(printed_rank(rank, of))

    assert (found.value, found.denominator) == (Decimal(rank), Decimal(of))
