"""Whether a figure misses its target, by how much, and how the letter lists those who do."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.unit_names import ListedUnit
from app.reports.rules.below_target import Named, exact_figure, misses, rounded, sentence, sentence_en

FIGURES = st.fractions(-200, 200, max_denominator=5000)
TARGETS = st.integers(0, 1_000_000)


def test_a_rate_that_prints_as_its_target_may_still_miss_it() -> None:
    rate = exact_figure(499_999 * 10_000, 1_000_000 * 10_000, 500_000)

    assert rate is not None
    assert rounded(rate, 2) == 50
    assert misses(rate - 50, "up")


def test_counts_come_before_what_is_stated() -> None:
    assert exact_figure(10_000, 20_000, 990_000) == 50
    assert exact_figure(None, None, 990_000) == 99


def test_of_nothing_there_is_no_rate_whatever_is_stated() -> None:
    assert exact_figure(0, 0, 1_000_000) is None
    assert exact_figure(None, None, None) is None


@pytest.mark.parametrize("direction", ["up", "none", "down"])
def test_who_meets_the_target_exactly_does_not_miss_it(direction: str) -> None:
    assert not misses(Fraction(0), direction)


def test_where_less_is_better_more_than_the_target_misses_it() -> None:
    assert misses(Fraction(1, 100), "down")
    assert not misses(Fraction(-1, 100), "down")
    assert not misses(Fraction(1, 100), "up")


@given(FIGURES, TARGETS, st.integers(4, 6))
@settings(deadline=None, max_examples=80)
def test_the_printed_gap_is_the_printed_figure_less_the_target(figure: Fraction, target: int, decimals: int) -> None:
    gap = rounded(figure - Fraction(target, 10_000), decimals)

    assert Fraction(gap) == Fraction(rounded(figure, decimals)) - Fraction(target, 10_000)


@given(FIGURES, st.integers(0, 4))
@settings(deadline=None, max_examples=80)
def test_rounding_moves_a_figure_by_half_a_unit_at_most(figure: Fraction, decimals: int) -> None:
    off = Fraction(rounded(figure, decimals)) - figure

    assert -Fraction(1, 2) < off * 10**decimals <= Fraction(1, 2)


def test_departments_come_before_districts_and_keep_their_order() -> None:
    units: list[Named] = [
        ("district", ListedUnit("UBND huyện B")),
        ("department", ListedUnit("Sở Z")),
        ("district", ListedUnit("UBND huyện A")),
        ("department", ListedUnit("Sở C")),
    ]

    assert sentence(units) == "04 cơ quan, đơn vị không đạt: Sở Z; Sở C; UBND huyện B và A."
    assert sentence_en(units).endswith("Sở Z; Sở C; UBND huyện B; UBND huyện A.")


def test_nobody_is_said_and_not_listed() -> None:
    assert sentence([]) == "Không có cơ quan, đơn vị không đạt."
    assert sentence_en([]) == "No unit misses the target."
