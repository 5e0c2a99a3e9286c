"""Out of reach is said only of what is proven: what a source may state anew, or others do, leaves it open."""

from fractions import Fraction
from typing import Any

import pytest

from app.domain.insight.goals import band_goal, total_goal
from tests.support.cohorts import a_criterion, a_framework, ratio, reported
from tests.support.reach import takes

POINTS = {"p": "points"}


def stated_and_counted(**overrides: Any) -> Any:
    """Sixty points by a rate, forty as a source states them."""
    return a_framework(a_criterion("one", 60, ratio("x")), a_criterion("two", 40, reported("p")), **overrides)


@pytest.mark.parametrize(("stated", "wanted", "certain"), [("10", 75, False), ("40", 101, True), ("10", 60, True)])
def test_points_that_a_source_states_may_come_otherwise(stated: str, wanted: int, certain: bool) -> None:
    framework = stated_and_counted()

    found = takes(framework, {"x": "50/100", "p": stated}, total_goal(framework, Fraction(wanted)), kinds=POINTS)

    assert (found.reachable, found.certain) == (wanted <= 60 + int(stated), certain)
    assert [leaf.criterion.code for leaf in found.open] == ([] if found.reachable or stated == "40" else ["two"])


def test_a_missing_figure_that_a_policy_speaks_for_may_still_come() -> None:
    framework = a_framework(
        a_criterion("one", 60, ratio("x")), a_criterion("two", 40, ratio("y"), missing={"no_value": "zero"})
    )

    found = takes(framework, {"x": "50/100", "y": None}, total_goal(framework, Fraction(75)))

    assert (found.reachable, found.certain) == (False, False)


def test_what_is_too_far_even_with_all_open_points_is_out_of_reach() -> None:
    framework = a_framework(a_criterion("one", 90, ratio("x")), a_criterion("two", 10, reported("p")))

    found = takes(framework, {"x": "0/0", "p": "4"}, total_goal(framework, Fraction(50)), kinds=POINTS)

    assert (found.reachable, found.certain) == (False, True)


def test_a_class_that_demands_points_which_a_source_states_is_left_open() -> None:
    bands = [{"code": code, "name": {"vi": code}, "min": least} for code, least in (("high", 50), ("low", 0))]
    bands[0]["requires"] = [{"criterion": "two", "min": 20}]
    framework = stated_and_counted(bands=bands)

    found = takes(framework, {"x": "100/100", "p": "10"}, band_goal(framework, "high"), kinds=POINTS)

    assert (found.reachable, found.certain) == (False, False)


def test_a_total_that_a_source_states_says_nothing_of_what_is_reachable() -> None:
    framework = a_framework(a_criterion("one", 100, ratio("x")), total={"rules": [reported("p")]})

    found = takes(framework, {"x": "50/100", "p": "40"}, total_goal(framework, Fraction(60)), kinds=POINTS)

    assert (found.reachable, found.certain) == (False, False)
    assert [each.reason for each in found.leaves] == ["reported"]
