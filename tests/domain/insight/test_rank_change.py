"""Whose doing a new place is: that of the unit, and that of the others."""

from typing import Any

import pytest

from app.domain.insight.rank_change import rank_of_old_total
from app.domain.scoring.ranking import Standing, rank_and_classify
from tests.support.cohorts import a_criterion, a_framework, ratio, scored

NAMES = ["An", "Bình", "Chi", "Dung"]


def standing(*rates: str | None, **ranking: Any) -> Standing:
    framework = a_framework(a_criterion("g", 3, ratio("a")), ranking=ranking, rounding={"total": 0})
    return rank_and_classify(scored(framework, {"a": list(rates)}), list("ABCD"), NAMES)


@pytest.mark.parametrize(("ties", "place"), [("competition", 3), ("dense", 2), ("ordinal", 4)])
def test_an_old_total_is_placed_among_the_new_ones_by_the_ties_of_the_framework(ties: str, place: int) -> None:
    before = standing("100", "30", "30", "30", ties=ties)
    now = standing("100", "100", "30", "100", ties=ties)

    assert rank_of_old_total(now, 3, before, 3, NAMES) == place


def test_an_exact_rank_compares_totals_as_they_were_before_rounding() -> None:
    before = standing("100", "60", "55", "10", basis="exact")
    now = standing("100", "60", "90", "10", basis="exact")

    assert rank_of_old_total(now, 2, before, 2, NAMES) == 3


def test_units_that_have_no_place_are_nobodys_others() -> None:
    before = standing("100", None, "60", "30")
    now = standing("90", None, "95", "99")

    assert rank_of_old_total(now, 3, before, 3, NAMES) == 3
