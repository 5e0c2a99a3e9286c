"""Points, policies, exclusions and totals of docs/domain.md, each on the smallest framework that shows it."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.domain.scoring.arithmetic import LIMIT, half_up, wide
from app.domain.scoring.board import METHODS, view
from app.domain.scoring.node_scores import NodeState
from app.domain.scoring.score import score
from tests.support.cohorts import (
    Cell,
    a_criterion,
    a_framework,
    columns_of,
    decimals,
    earned,
    points,
    ratio,
    reported,
    scored,
    totals,
)


def test_seventy_five_percent_of_twenty_two_points_is_sixteen_and_a_half() -> None:
    assert earned(ratio("x"), "75", max=22) == [Decimal("16.5")]


def test_counts_are_used_where_they_are_known_and_not_the_rounded_percentage() -> None:
    assert earned(ratio("x"), "1/3=33.33", "33.33", max=600) == decimals("200", "199.98")


def test_a_planted_half_goes_up() -> None:
    # 6 × 1/48 = 0.125 and 6 × 2.0833% = 0.124998; a binary float takes 1.005 for 1.00
    assert earned(ratio("x"), "1/48", "2.0833", max=6) == decimals("0.13", "0.12")
    assert earned(reported("x"), "1.005", "2.675", "1.0049") == decimals("1.01", "2.68", "1")


@pytest.mark.parametrize(("places", "expected"), [(0, "7"), (1, "6.7"), (3, "6.667"), (6, "6.666667")])
def test_points_are_rounded_to_the_declared_step(places: int, expected: str) -> None:
    assert earned(ratio("x"), "2/3", rounding={"component": places}) == decimals(expected)


def test_rounding_is_the_formula_of_the_design_for_odd_and_even_denominators() -> None:
    numerators, denominators = (np.array(axis) for axis in zip(*product(range(-30, 31), range(1, 30)), strict=True))

    designed = (2 * numerators + denominators) // (2 * denominators)

    assert np.array_equal(half_up(numerators, denominators), designed)
    assert np.array_equal(half_up(wide(numerators), wide(denominators)), designed)
    assert half_up(np.array([LIMIT - 1, 1 - LIMIT, 1]), np.array([LIMIT - 1, LIMIT - 1, LIMIT - 1])).tolist() == [
        1,
        -1,
        0,
    ]


def test_a_ratio_stops_at_no_points_and_at_all_of_them() -> None:
    assert earned(ratio("x", **{"from": "50"}, full_at="80"), "49.9", "50", "65", "80", "120") == decimals(
        "0", "0", "5", "10", "10"
    )


def test_a_figure_under_nothing_earns_no_points_and_never_less() -> None:
    assert earned(ratio("x"), "-5", "50") == decimals("0", "5")


def test_from_above_full_at_reads_lower_is_better() -> None:
    assert earned(ratio("x", **{"from": 30}, full_at=10), "5", "10", "20", "30", "31") == decimals(
        "10", "10", "5", "0", "0"
    )


def test_steps_give_the_points_of_the_highest_step_reached() -> None:
    steps = [{"at_least": 90, "points": 10}, {"at_least": 50, "points": 4}]
    ladder = {"kind": "steps", "indicator": "x", "otherwise": "0.5", "steps": steps}

    assert earned(ladder, "100", "90", "899/1000", "50", "49.9999", "0") == decimals("10", "10", "4", "4", "0.5", "0.5")


def test_a_deduction_is_proportional_and_never_goes_under_nothing() -> None:
    rule = {"kind": "deduction", "indicator": "x", "per": 4, "points": 1}

    assert earned(rule, "0", "1", "6", "40", "41") == decimals("10", "9.75", "8.5", "0", "0")


@pytest.mark.parametrize(
    ("policy", "expected", "excluded"),
    [("none", None, False), ("zero", "0", False), ("full", "10", False), ("exclude", None, True)],
)
@pytest.mark.parametrize(("absence", "cell"), [("no_value", None), ("zero_denominator", "0/0")])
def test_a_missing_figure_earns_what_the_policy_says(
    absence: str, cell: Cell, policy: str, expected: str | None, excluded: bool
) -> None:
    framework = a_framework(a_criterion("one", 10, ratio("x"), missing={absence: policy}))

    board = scored(framework, {"x": [cell, "50"]})

    assert points(board, "one") == decimals(expected, "5")
    assert board.nodes["one"].excluded.tolist() == [excluded, False]
    assert board.nodes["one"].zero_denominator.tolist() == [absence == "zero_denominator", False]


def test_a_policy_may_differ_by_level() -> None:
    missing = {"zero_denominator": {"default": "zero", "commune": "full"}}
    framework = a_framework(a_criterion("one", 10, ratio("x"), missing=missing))

    assert points(scored(framework, {"x": ["0/0"]}, "commune"), "one") == decimals("10")
    assert points(scored(framework, {"x": ["0/0"]}, "department"), "one") == decimals("0")


def test_a_policy_without_a_word_on_a_level_or_a_default_gives_nothing() -> None:
    framework = a_framework(a_criterion("one", 10, ratio("x"), missing={"no_value": {"commune": "full"}}))

    assert points(scored(framework, {"x": [None]}, "department"), "one") == [None]


@pytest.mark.parametrize(("otherwise", "expected"), [("full", "10"), ("zero", "0"), ("exclude", None)])
def test_a_criterion_for_other_levels_is_full_zero_or_left_out(otherwise: str, expected: str | None) -> None:
    framework = a_framework(
        a_criterion("one", 10, ratio("x"), applies_to=["department"], otherwise=otherwise),
        a_criterion("two", 10, ratio("x")),
    )

    board = scored(framework, {"x": ["50"]})

    assert points(board, "one") == decimals(expected)
    assert NodeState(board.nodes["one"].state[0]) is NodeState.NOT_APPLICABLE
    assert totals(board) == decimals({"full": "15", "zero": "5", "exclude": "10"}[otherwise])


def test_the_first_applicable_rule_wins_unit_by_unit() -> None:
    rules = [reported("said", optional=True), ratio("counted", optional=True), ratio("guessed")]
    framework = a_framework(a_criterion("one", 10, *rules))
    table: dict[str, list[Cell]] = {
        "said": ["9.5", None, None, None],
        "counted": ["50", "40", None, None],
        "guessed": ["30", "30", "30", None],
    }

    board = scored(framework, table)

    assert points(board, "one") == decimals("9.5", "4", "3", None)
    assert board.nodes["one"].rule.tolist() == [0, 1, 2, 2]


def test_a_rule_for_other_levels_is_passed_over() -> None:
    framework = a_framework(
        a_criterion("one", 10, ratio("x", levels=["department"]), reported("y", levels=["commune"]))
    )
    table: dict[str, list[Cell]] = {"x": ["50"], "y": ["7"]}

    assert points(scored(framework, table, "department"), "one") == decimals("5")
    assert points(scored(framework, table, "commune"), "one") == decimals("7")
    assert points(scored(framework, table, "province"), "one") == [None]


def parts(**missing: Any) -> list[dict[str, Any]]:
    return [a_criterion("1.1", 6, ratio("a"), **missing), a_criterion("1.2", 4, ratio("b"), **missing)]


GROUP_RULES = [{"kind": "sum", "optional": True}, reported("group", optional=True), {"kind": "sum"}]


def test_a_group_is_its_components_sum_else_the_reported_points_else_what_is_known() -> None:
    framework = a_framework(a_criterion("g", None, *GROUP_RULES, criteria=parts()))
    table: dict[str, list[Cell]] = {
        "a": ["50", "50", "50", None, "0/0"],
        "b": ["50", None, None, None, "50"],
        "group": ["9", "9", None, None, "9"],
    }

    board = scored(framework, table)

    assert points(board, "g") == decimals("5", "9", "3", None, "2")
    assert board.nodes["g"].rule.tolist() == [0, 1, 2, 2, 0]
    assert board.nodes["g"].partial.tolist() == [False, False, True, False, False]


def test_a_policy_for_absence_completes_a_group() -> None:
    framework = a_framework(a_criterion("g", None, *GROUP_RULES, criteria=parts(missing={"no_value": "zero"})))

    board = scored(framework, {"a": ["50"], "b": [None], "group": ["9"]})

    assert points(board, "g") == decimals("3")
    assert not board.nodes["g"].partial[0]


def test_statistics_without_points_neither_complete_nor_know_a_group() -> None:
    statistic = a_criterion("2.2", 0, ratio("days"))
    framework = a_framework(a_criterion("g", None, *GROUP_RULES, criteria=[*parts(), statistic]))

    board = scored(framework, {"a": ["50", None], "b": ["50", None], "days": [None, "3"]})

    assert points(board, "g") == decimals("5", None)


def test_an_excluded_weight_is_shared_out_among_the_rest() -> None:
    framework = a_framework(a_criterion("g", None, criteria=parts(missing={"zero_denominator": "exclude"})))

    board = scored(framework, {"a": ["1/3", "0/0", "0/0"], "b": ["0/0", "1/3", "0/0"]})

    assert points(board, "g") == decimals("3.33", "3.33", None)
    assert board.nodes["g"].excluded.tolist() == [False, False, True]
    assert totals(board) == decimals("3.33", "3.33", None)


def test_an_excluded_group_is_shared_out_like_a_leaf() -> None:
    framework = a_framework(
        a_criterion("g", None, criteria=parts(missing={"no_value": "exclude"})), a_criterion("h", 30, ratio("c"))
    )

    board = scored(framework, {"a": [None], "b": [None], "c": ["50"]})

    assert totals(board) == decimals("20")
    assert not board.incomplete[0]
    assert board.coverage(0) == 1


def test_a_weighted_mean_is_over_the_children_with_points() -> None:
    children = [a_criterion("a", 5, ratio("a"), weight="0.3"), a_criterion("b", 10, ratio("b"), weight="0.7")]
    rules = {"rules": [{"kind": "weighted_mean"}], "max": 100}
    framework = a_framework(*children, total=rules, rounding={"component": 6, "total": 6})

    board = scored(framework, {"a": ["1/3", "1/3", None], "b": ["2/3", None, None]})

    # 100 × (0.3 × 1.666667/5 + 0.7 × 6.666667/10) / 1, and 100 × 1.666667/5
    assert totals(board) == decimals("56.666671", "33.33334", None)
    assert board.incomplete.tolist() == [False, True, False]


def test_the_total_of_a_weighted_mean_reaches_its_largest_child() -> None:
    children = [a_criterion(code, 10, ratio(code), weight=1) for code in ("a", "b")]
    framework = a_framework(*children, total={"rules": [{"kind": "weighted_mean"}]})

    board = scored(framework, {"a": ["100"], "b": ["50"]})

    assert totals(board) == decimals("7.5")
    assert board.total.max == 10


def test_components_are_rounded_before_the_sum_and_the_total_after_it() -> None:
    three = [a_criterion(code, 1, ratio(code)) for code in ("a", "b", "c")]
    framework = a_framework(*three, rounding={"component": 2, "total": 1})

    board = scored(framework, {"a": ["0.5"], "b": ["0.5"], "c": ["2.5"]})

    # 0.005 → 0.01 twice and 0.025 → 0.03 make 0.05 → 0.1; unrounded they are 0.035 → 0.0
    assert totals(board) == decimals("0.1")


def test_a_total_with_a_group_of_which_nothing_is_known_is_incomplete() -> None:
    framework = a_framework(a_criterion("g", None, criteria=parts()), a_criterion("h", 10, ratio("c")))

    board = scored(framework, {"a": ["50", None, None], "b": [None, None, None], "c": ["50", "50", None]})

    assert totals(board) == decimals("8", "5", None)
    assert board.incomplete.tolist() == [False, True, False]
    assert board.flags["incomplete"].tolist() == [False, True, False]
    assert board.partial.tolist() == [True, False, False]
    assert board.flags["partial"].tolist() == [True, False, False]


def test_a_unit_without_any_group_takes_the_reported_total() -> None:
    rules = {"rules": [{"kind": "sum", "optional": True}, reported("total")]}
    framework = a_framework(a_criterion("g", 10, ratio("a")), total=rules)

    board = scored(framework, {"a": ["50", None, None], "total": ["9", "9", None]})

    assert totals(board) == decimals("5", "9", None)
    assert [METHODS[code] for code in board.method] == ["computed", "reported", "reported"]
    assert [board.coverage(unit) for unit in range(3)] == [1, 1, 0]


def test_the_method_tells_what_the_groups_rest_on() -> None:
    rules = [reported("said", optional=True), ratio("a")]
    framework = a_framework(
        a_criterion("g", 10, *rules), a_criterion("h", 10, ratio("b", optional=True), reported("said"))
    )

    board = scored(framework, {"said": ["5", "5", None], "a": [None, None, "50"], "b": ["50", None, "50"]})

    assert [METHODS[code] for code in board.method] == ["mixed", "reported", "computed"]


def test_coverage_is_the_share_of_points_with_a_figure_excluded_leaves_aside() -> None:
    leaves = [
        a_criterion("a", 6, ratio("a")),
        a_criterion("b", 3, ratio("b"), missing={"no_value": "full"}),
        a_criterion("c", 1, ratio("c"), missing={"no_value": "exclude"}),
    ]

    board = scored(a_framework(*leaves), {"a": ["50", "0/0", None], "b": [None, "10", None], "c": [None, "10", "10"]})

    assert [board.coverage(unit) for unit in range(3)] == [Fraction(6, 9), 1, Fraction(1, 10)]


def test_a_negative_figure_deducts_nothing_and_gives_nothing() -> None:
    rule = {"kind": "deduction", "indicator": "x", "points": 2}

    assert earned(rule, "-3", "0", "3", "9") == decimals("10", "10", "4", "0")


def test_reported_points_are_above_the_maximum_even_where_rounding_hides_it() -> None:
    framework = a_framework(a_criterion("a", 6, reported("x")), rounding={"component": 0, "total": 0})

    board = scored(framework, {"x": ["6.4", "6", "5.9"]})

    assert points(board, "a") == decimals("6", "6", "6")
    assert board.flags["points_exceed_max"].tolist() == [True, False, False]


def test_points_reported_above_the_maximum_stand_as_reported_and_are_flagged() -> None:
    groups = [a_criterion("g", 30, reported("g")), a_criterion("h", 70, reported("h"))]

    board = scored(a_framework(*groups), {"g": ["35", "30", None], "h": ["50", "70", "70"]})

    assert totals(board) == decimals("85", "100", "70")
    assert board.nodes["g"].exceeding.tolist() == [True, False, False]
    assert board.flags["points_exceed_max"].tolist() == [True, False, False]


def test_full_marks_that_rounding_lifts_do_not_exceed_the_maximum() -> None:
    half = a_criterion("g", "2.5", reported("g"))

    board = scored(a_framework(half, rounding={"component": 0, "total": 0}), {"g": ["2.5", "3.5"]})

    assert totals(board) == decimals("3", "4")
    assert board.exceeding.tolist() == [False, True]


def test_a_total_reported_above_the_maximum_is_flagged() -> None:
    framework = a_framework(a_criterion("g", 100, reported("g")), total={"rules": [reported("all")]})

    board = scored(framework, {"all": ["100.5", "100"]})

    assert board.exceeding.tolist() == [True, False]


@pytest.mark.parametrize("otherwise", ["full", "zero", "exclude"])
def test_a_group_for_other_levels_is_out_of_the_coverage_whatever_it_gives(otherwise: str) -> None:
    group = a_criterion("g", None, criteria=parts(), applies_to=["department"], otherwise=otherwise)

    board = scored(a_framework(group, a_criterion("h", 10, ratio("c"))), {c: ["50"] for c in "abc"})

    assert board.coverage(0) == 1


def test_a_view_sums_what_is_known_and_is_null_only_where_every_member_is() -> None:
    views = [
        {"code": "legal", "name": {"vi": "x"}, "groups": [{"code": "both", "name": {"vi": "x"}, "members": ["g", "h"]}]}
    ]
    framework = a_framework(a_criterion("g", 10, ratio("a")), a_criterion("h", 12, ratio("b")), views=views)
    board = scored(framework, {"a": ["50", None, None], "b": ["50", "50", None]})

    both = view(framework, board, "legal")["both"]

    assert both.points.tolist() == [1100, 600, 0]
    assert both.known.tolist() == [True, True, False]
    assert both.max == 22
    with pytest.raises(KeyError):
        view(framework, board, "unknown")


def test_an_indicator_that_nobody_has_and_a_cohort_without_units_are_no_special_case() -> None:
    framework = a_framework(a_criterion("g", None, criteria=parts()), a_criterion("h", 10, ratio("c")))

    assert totals(scored(framework, {"c": ["50"]})) == decimals("5")
    assert score(framework, "commune", {}, 0).size == 0
    assert score(framework, "commune", columns_of({"a": [], "b": [], "c": []}), 0).total.points.tolist() == []
