"""What it takes a unit: by each figure alone and by the fewest cases, worked out by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.domain.frameworks.framework import Framework
from app.domain.insight.goals import band_goal, rank_goal, total_goal
from app.domain.insight.levers import Growth, Lever
from app.domain.insight.reach import UnitReach
from app.domain.insight.single import Reach
from app.domain.scoring.ranking import rank_and_classify
from tests.support.cohorts import Cell, a_criterion, a_framework, ratio, scored
from tests.support.reach import GROWS, takes, written


def alone(found: UnitReach) -> dict[str, tuple[Lever, Reach]]:
    """By criterion: the figure that can be moved, and what it can do alone."""
    pairs = {each.leaf.criterion.code: (each.lever, each.alone) for each in found.leaves}
    return {code: (lever, reach) for code, (lever, reach) in pairs.items() if lever is not None and reach is not None}


def steps_alone(found: UnitReach) -> list[int | None]:
    return [reach.steps for _, reach in alone(found).values()]


def changes(found: UnitReach) -> list[Decimal]:
    return [lever.change(reach.steps) for lever, reach in alone(found).values() if reach.steps is not None]


def two_rates(**overrides: Any) -> Framework:
    """Two criteria of 40 and 60 points."""
    return a_framework(a_criterion("a", 40, ratio("x")), a_criterion("b", 60, ratio("y")), **overrides)


def test_the_least_number_of_cases_of_each_criterion_alone_is_told() -> None:
    found = takes(two_rates(), {"x": "100/200", "y": "30/50"}, total_goal(two_rates(), Fraction(70)))

    assert steps_alone(found) == [70, 12]  # of 0.2 and of 1.2 points each
    assert [reach.gain for _, reach in alone(found).values()] == [2000, 2400]
    assert (found.reachable, found.most) == (True, 10000)


def test_what_rounds_to_the_target_suffices() -> None:
    framework = a_framework(a_criterion("a", 100, ratio("x")))

    found = takes(framework, {"x": "80000/100000"}, band_goal(framework, "excellent"))

    assert steps_alone(found) == [9995]  # 89.995 is 90.00


def test_a_total_between_two_rounded_ones_takes_the_higher() -> None:
    assert total_goal(two_rates(), Fraction("89.991")).points == 9000
    assert total_goal(two_rates(rounding={"total": 3}), Fraction("89.991")).points == 89991


def test_the_least_set_takes_the_dearer_points_only_where_the_cheaper_run_out() -> None:
    found = takes(two_rates(), {"x": "100/200", "y": "30/50"}, total_goal(two_rates(), Fraction(85)))

    assert found.least is not None
    assert found.least.method == "exact"
    assert {each.lever.indicator: each.steps for each in found.steps} == {"y": 20, "x": 25}
    assert found.total == 8500


def test_less_is_better_falls_to_what_the_rule_wants_and_not_under_nothing() -> None:
    framework = a_framework(a_criterion("late", 100, ratio("x", **{"from": 50, "full_at": 0})))

    found = takes(framework, {"x": "40/100"}, total_goal(framework, Fraction(50)))

    lever, reach = alone(found)["late"]
    assert (changes(found), lever.most, reach.gain) == ([Decimal(-15)], 40, 8000)


def test_further_cases_add_to_both_counts_where_they_count() -> None:
    framework = a_framework(a_criterion("a", 100, ratio("x")))

    found = takes(framework, {"x": "60/100"}, total_goal(framework, Fraction(80)), GROWS)

    assert steps_alone(found) == [100]
    assert written(alone(found)["a"][0], 100) == "160/200"


def test_of_cases_that_come_in_so_many_have_to_count() -> None:
    framework = a_framework(a_criterion("a", 100, ratio("x")))

    found = takes(framework, {"x": "60/100"}, total_goal(framework, Fraction(70)), Growth(grows=True, by=50))
    none = takes(framework, {"x": "60/100"}, total_goal(framework, Fraction(80)), Growth(grows=True, by=50))

    assert steps_alone(found) == [45]  # 105 of 150
    assert steps_alone(none) == [None]
    assert none.most == 7333


def test_further_cases_that_are_not_late_thin_out_those_that_are() -> None:
    framework = a_framework(a_criterion("late", 100, ratio("x", **{"from": 50, "full_at": 0})))

    found = takes(framework, {"x": "40/100"}, total_goal(framework, Fraction(50)), GROWS)

    assert steps_alone(found) == [60]
    assert written(alone(found)["late"][0], 60) == "40/160"


def test_steps_are_reached_at_their_threshold_and_not_before() -> None:
    steps = {
        "kind": "steps",
        "indicator": "x",
        "steps": [{"at_least": 70, "points": 60}, {"at_least": 90, "points": 100}],
    }
    framework = a_framework(a_criterion("a", 100, steps))

    found = takes(framework, {"x": "650/1000"}, total_goal(framework, Fraction(50)))

    assert steps_alone(found) == [50]


def test_points_that_rise_and_fall_with_a_figure_are_searched_step_by_step() -> None:
    rungs = [{"at_least": 30, "points": 90}, {"at_least": 50, "points": 10}, {"at_least": 90, "points": 100}]
    framework = a_framework(a_criterion("a", 100, {"kind": "steps", "indicator": "x", "steps": rungs}))

    down = takes(framework, {"x": "55/100"}, total_goal(framework, Fraction(80)))
    up = takes(framework, {"x": "70/100"}, total_goal(framework, Fraction(80)))

    assert (changes(down), changes(up)) == ([Decimal(-6)], [Decimal(20)])


def test_a_figure_that_two_criteria_read_counts_in_both() -> None:
    framework = a_framework(a_criterion("a", 40, ratio("x")), a_criterion("b", 60, ratio("x", full_at=80)))

    found = takes(framework, {"x": "40/100"}, total_goal(framework, Fraction(69)))

    assert steps_alone(found) == [20, 20]  # 0.4 and 0.75 points a case
    [step] = found.steps
    assert [leaf.criterion.code for leaf in step.leaves] == ["a", "b"]


def test_a_rate_without_counts_rises_by_what_it_was_printed_with() -> None:
    found = takes(two_rates(), {"x": "50.5", "y": "60"}, total_goal(two_rates(), Fraction(70)))

    lever, reach = alone(found)["a"]
    assert (lever.counted_in, lever.change(reach.steps or 0)) == ("percentage_points", Decimal("34.5"))
    assert written(lever, reach.steps or 0) == "85"
    assert found.reachable
    assert found.least is None  # no cases are known


def test_a_count_and_a_number_move_by_their_own_steps() -> None:
    late = {"kind": "deduction", "indicator": "late", "points": 2}
    days = ratio("days", **{"from": 10, "full_at": 2})
    framework = a_framework(a_criterion("a", 50, late), a_criterion("b", 50, days))
    kinds = {"late": "count", "days": "number"}

    found = takes(framework, {"late": "12", "days": "6.5"}, total_goal(framework, Fraction(60)), kinds=kinds)

    assert changes(found) == [Decimal(-7), Decimal(-2)]
    assert [each.lever.indicator for each in found.steps] == ["late"]


@pytest.mark.parametrize(
    ("rule", "cell", "reason"),
    [
        (ratio("x"), "0/0", "zero_denominator"),
        ({"kind": "reported", "indicator": "x"}, "12", "reported"),
        (ratio("x"), None, "missing"),
        (ratio("x", levels=["province"]), "1/2", "missing"),
    ],
)
def test_what_no_case_can_change_is_not_actionable(rule: dict[str, Any], cell: Cell, reason: str) -> None:
    framework = a_framework(a_criterion("a", 40, rule), a_criterion("b", 60, ratio("y")))

    found = takes(framework, {"x": cell, "y": "1/2"}, total_goal(framework, Fraction(90)))

    assert [each.reason for each in found.leaves] == [reason, None]
    assert [*alone(found)] == ["b"]


def test_a_statistic_and_what_is_not_for_the_level_are_not_actionable() -> None:
    other = a_criterion("b", 10, ratio("y"), applies_to=["province"], otherwise="exclude")
    framework = a_framework(a_criterion("a", 90, ratio("x")), other, a_criterion("c", 0, ratio("z")))

    found = takes(framework, {"x": "1/2", "y": "1/2", "z": "1/2"}, total_goal(framework, Fraction(90)))

    assert [each.reason for each in found.leaves] == [None, "not_applicable", "statistic"]


def test_a_reported_total_rests_on_no_criterion() -> None:
    framework = two_rates(total={"rules": [{"kind": "reported", "indicator": "t", "optional": True}]})

    found = takes(framework, {"x": "1/2", "y": "1/2", "t": "50"}, total_goal(framework, Fraction(90)))

    assert [each.reason for each in found.leaves] == ["reported", "reported"]
    assert not found.reachable


@pytest.mark.parametrize(
    ("ranking", "rank", "points", "passed"),
    [
        ({}, 1, 9000, False),
        ({}, 2, 9000, False),  # two share the first place: the second is not given
        ({}, 3, 8000, False),
        ({"ties": "dense"}, 2, 8000, False),
        ({"ties": "ordinal"}, 1, 9001, True),
        ({"ties": "ordinal"}, 3, 8000, False),  # by name before the other
    ],
)
def test_a_rank_is_reached_as_the_framework_ties(ranking: dict[str, Any], rank: int, points: int, passed: bool) -> None:
    framework = a_framework(a_criterion("a", 100, ratio("x")), ranking=ranking)
    board = scored(framework, {"x": ["90", "90", "50", "80"]})
    names = ["A", "B", "M", "N"]
    standing = rank_and_classify(board, ["1", "2", "3", "4"], names)

    goal = rank_goal(standing, 2, names, rank)

    assert (goal.points, goal.strict) == (points, passed)
    for mine in (points - 1, points):
        board = scored(framework, {"x": ["90", "90", f"{mine / 100}", "80"]})
        there = rank_and_classify(board, ["1", "2", "3", "4"], names).rank[2] <= rank
        assert (mine, bool(goal.reached(board)[2])) == (mine, bool(there))
