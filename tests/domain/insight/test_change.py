"""Why a total changed: criteria, their weights, what is known on one side alone, and what roundings make out."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Framework
from app.domain.frameworks.rules import Sum, WeightedMean
from app.domain.insight.change import TotalChange, total_change
from app.domain.insight.contributions import UnitBoard
from app.domain.scoring.node_scores import NodeState
from app.domain.scoring.score import score
from tests.domain.scoring.test_score_oracle import CELL, frameworks, indicators
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio, reported

Cells = Mapping[str, Cell]


def change(framework: Framework, before: Cells, now: Cells) -> Any:
    """The change of the one unit that has these figures."""
    found = change_if_any(framework, before, now)
    assert found is not None
    return found


def change_if_any(framework: Framework, before: Cells, now: Cells) -> TotalChange | None:
    columns = columns_of({k: [v] for k, v in before.items()}), columns_of({k: [v] for k, v in now.items()})
    earlier, later = (UnitBoard(score(framework, "commune", each, 1), 0) for each in columns)
    return total_change(earlier, later, columns)


def parts(found: TotalChange) -> dict[str, Any]:
    return {part.of.code: part for part in found.parts}


def came(found: TotalChange) -> dict[str, Any]:
    return {each.code: each.change for each in found.coverage}


def summed(found: TotalChange) -> Fraction:
    effects = [part.figures + part.weight for part in found.parts]
    adjusted = [each.effect for each in found.adjustments]
    return sum([*effects, *adjusted, *came(found).values(), found.unexplained, found.rounding], Fraction(0))


def two(**overrides: Any) -> Framework:
    """Two leaves of 60 and 40 points."""
    return a_framework(a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b"), **overrides))


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_the_parts_add_up_to_the_change_of_the_total_whatever_the_rules_and_figures(data: st.DataObject) -> None:
    framework = data.draw(frameworks())
    names = sorted(indicators(framework))
    before, now = ({code: data.draw(CELL) for code in names} for _ in range(2))
    columns = [columns_of({code: [cell] for code, cell in side.items()}) for side in (before, now)]
    boards = [score(framework, "commune", each, 1) for each in columns]
    found = total_change(UnitBoard(boards[0], 0), UnitBoard(boards[1], 0), (columns[0], columns[1]))
    assume(found is not None and all(each.total.known[0] for each in boards))
    assert found is not None

    totals = [Fraction(int(each.total.points[0]), 10**framework.rounding.total) for each in boards]
    assert found.total == totals[1] - totals[0]
    assert summed(found) == found.total
    for part in found.parts:
        assert part.figures + part.weight == part.of.change
        assert (part.numerator is None) == (part.denominator is None)
        if part.numerator is not None and part.denominator is not None:
            assert part.numerator + part.denominator == part.figures
        if part.saturated:
            assert part.figures == 0
        straight = isinstance(part.of.before.rule, Sum | WeightedMean) and part.of.before.rule == part.of.now.rule
        assert not (straight and part.of.before.state == part.of.now.state == NodeState.SCORED)
    for each in found.coverage:
        assert not (each.before.measured and each.now.measured and each.before.rests_on == each.now.rests_on)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_where_points_are_added_up_the_roundings_make_out_nothing(data: st.DataObject) -> None:
    places = data.draw(st.integers(0, 6))
    leaves = [a_criterion(code, data.draw(st.integers(1, 30)), ratio(code)) for code in "abcd"]
    groups = [a_criterion("g", None, criteria=leaves[:2]), a_criterion("h", None, criteria=leaves[2:])]
    framework = a_framework(*groups, rounding={"component": places, "total": 6})
    counted = st.tuples(st.integers(0, 40), st.integers(1, 40)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    before, now = ({code: data.draw(counted) for code in "abcd"} for _ in range(2))

    found = change(framework, before, now)

    assert (found.rounding, found.unexplained, found.coverage) == (0, 0, ())
    assert [part.of.code for part in found.parts] == list("abcd")
    assert all(part.weight == 0 and part.numerator is not None for part in found.parts)


def test_a_criterion_brings_what_its_points_changed() -> None:
    found = change(two(), {"a": "50", "b": "80"}, {"a": "60", "b": "75"})

    assert (found.total, found.rounding, found.coverage) == (4, 0, ())
    assert {code: (each.figures, each.weight) for code, each in parts(found).items()} == {"g": (6, 0), "h": (-2, 0)}
    assert {(part.numerator, part.denominator) for part in found.parts} == {(None, None)}


def test_a_numerator_and_a_denominator_share_by_the_mean_of_both_orders() -> None:
    found = change(two(), {"a": "40/80", "b": "1/2"}, {"a": "60/100", "b": "1/2"})

    # 30 → 36; 60/80 earns 45 and 40/100 earns 24
    part = parts(found)["g"]
    assert part.numerator == Fraction((45 - 30) + (36 - 24), 2)
    assert part.denominator == Fraction((24 - 30) + (36 - 45), 2)
    assert parts(found)["h"].numerator == 0


def test_a_cap_is_the_scorers_and_a_criterion_with_all_points_on_both_sides_is_saturated() -> None:
    framework = a_framework(a_criterion("g", 10, ratio("a", full_at=80)), a_criterion("h", 10, ratio("b")))

    found = change(framework, {"a": "81/100", "b": "1/1"}, {"a": "99/100", "b": "0/1"})

    assert (parts(found)["g"].saturated, parts(found)["g"].effect) == (True, 0)
    assert (parts(found)["h"].saturated, parts(found)["h"].effect) == (False, -10)


def test_a_weight_that_others_leave_counts_as_weight_and_what_was_left_out_as_coverage() -> None:
    framework = two(missing={"no_value": "exclude"})

    found = change(framework, {"a": "50", "b": "80"}, {"a": "50", "b": None})

    # 30 + 32 = 62, then 30 × 100 / 60 = 50
    assert found.total == -12
    assert (parts(found)["g"].figures, parts(found)["g"].weight) == (0, 20)
    assert came(found) == {"h": -32}


def test_a_weight_and_a_figure_that_change_at_once_share_what_they_do_together() -> None:
    framework = two(missing={"no_value": "exclude"})

    found = change(framework, {"a": "50", "b": "80"}, {"a": "60", "b": None})

    part = parts(found)["g"]
    assert (part.figures, part.weight) == (Fraction(60 + 100, 2) / 10, Fraction(40) * Fraction(11, 20))


def test_a_figure_of_one_side_is_coverage_and_nobodys_performance() -> None:
    found = change(two(), {"a": "50", "b": None}, {"a": "50", "b": "80"})

    assert (found.total, came(found), list(parts(found))) == (32, {"h": 32}, ["g"])


def test_a_figure_that_a_policy_spoke_for_before_is_coverage_too() -> None:
    found = change(two(missing={"no_value": "full"}), {"a": "50", "b": None}, {"a": "50", "b": "80"})

    assert (found.total, came(found)) == (-8, {"h": -8})


@pytest.mark.parametrize(("policy", "effect", "coverage"), [("full", -8, {}), ("zero", 32, {}), ("none", 0, {"h": 32})])
def test_nothing_of_nothing_is_a_figure_where_a_policy_says_what_it_earns(
    policy: str, effect: int, coverage: dict[str, int]
) -> None:
    framework = two(missing={"zero_denominator": policy})

    found = change(framework, {"a": "50", "b": "0/0"}, {"a": "50", "b": "8/10"})

    assert came(found) == coverage
    assert sum(part.effect for part in found.parts) == effect


def test_a_figure_of_one_side_that_earned_nothing_is_coverage_of_nothing() -> None:
    found = change(two(), {"a": "50", "b": "0/0"}, {"a": "50", "b": "0/9"})

    assert (found.total, came(found), list(parts(found))) == (0, {"h": 0}, ["g"])


def test_what_lacks_a_figure_on_both_sides_is_in_no_list() -> None:
    found = change(two(), {"a": "50", "b": None}, {"a": "50", "b": "0/0"})

    assert (came(found), list(parts(found))) == ({}, ["g"])


def test_two_indicators_that_are_divided_share_as_two_counts_do() -> None:
    framework = a_framework(a_criterion("g", 60, ratio("a", of="c")), a_criterion("h", 40, ratio("c", full_at=200)))

    found = change(framework, {"a": "40", "c": "80"}, {"a": "60", "c": "100"})

    part = parts(found)["g"]
    assert part.numerator == Fraction((45 - 30) + (36 - 24), 2)
    assert part.denominator == Fraction((24 - 30) + (36 - 45), 2)
    assert parts(found)["h"].numerator is None


def test_a_policy_that_gives_the_same_points_twice_is_a_part_without_figures() -> None:
    found = change(two(missing={"no_value": "full"}), {"a": "50", "b": None}, {"a": "60", "b": None})

    part = parts(found)["h"]
    assert (part.effect, part.numerator, part.saturated) == (0, None, False)


def test_a_weighted_mean_makes_a_point_worth_its_weight() -> None:
    leaves = [a_criterion("x", 10, ratio("x"), weight=1), a_criterion("y", 20, ratio("y"), weight=3)]
    framework = a_framework(a_criterion("g", 50, {"kind": "weighted_mean"}, criteria=leaves), rounding={"component": 2})

    found = change(framework, {"x": "50", "y": "10"}, {"x": "90", "y": "10"})

    assert parts(found)["x"].figures == Fraction(4, 10) * 50 / 4
    assert found.rounding == 0


def test_rounding_on_the_way_is_told_apart() -> None:
    leaves = [a_criterion(code, 1, ratio(code), weight=1) for code in "xyz"]
    framework = a_framework(a_criterion("g", 10, {"kind": "weighted_mean"}, criteria=leaves))

    found = change(framework, {"x": "0", "y": "0", "z": "0"}, {"x": "100", "y": "0", "z": "0"})

    assert found.total == Fraction("3.33")
    assert (parts(found)["x"].figures, found.rounding) == (Fraction(10, 3), Fraction("3.33") - Fraction(10, 3))


def test_a_group_that_a_source_states_is_a_part_itself() -> None:
    rules = [{"kind": "sum", "optional": True}, reported("g", optional=True)]
    framework = a_framework(a_criterion("g", 10, *rules, criteria=[a_criterion("1", 10, ratio("x"))]))

    found = change(framework, {"g": "5.5"}, {"g": "7"})

    assert {code: part.effect for code, part in parts(found).items()} == {"g": Fraction("1.5")}


def test_a_stated_total_is_its_groups_and_what_they_do_not_explain() -> None:
    total = {"rules": [reported("total", optional=True), {"kind": "sum"}], "max": 100}
    leaves = [a_criterion("g", 60, reported("a")), a_criterion("h", 40, reported("b"))]
    framework = a_framework(*leaves, total=total)

    found = change(framework, {"a": "50", "b": "30", "total": "81"}, {"a": "52", "b": "29", "total": "82.5"})

    assert {code: part.effect for code, part in parts(found).items()} == {"g": 2, "h": -1}
    assert (found.total, found.unexplained, found.rounding) == (Fraction("1.5"), Fraction("0.5"), 0)


def test_a_group_that_a_stated_total_shows_on_one_side_explains_nothing() -> None:
    total = {"rules": [reported("total", optional=True), {"kind": "sum"}], "max": 100}
    leaves = [a_criterion("g", 60, reported("a")), a_criterion("h", 40, reported("b"))]

    found = change(a_framework(*leaves, total=total), {"a": "50", "total": "81"}, {"a": "52", "b": "9", "total": "82"})

    assert (list(parts(found)), found.coverage, found.unexplained) == (["g"], (), -1)


def test_a_total_of_a_figure_of_its_own_is_one_part() -> None:
    framework = a_framework(a_criterion("g", 60, ratio("a")), total={"rules": [ratio("b")], "max": 60})

    found = change(framework, {"a": "50", "b": "1/2"}, {"a": "50", "b": "2/2"})

    assert {code: (part.figures, part.numerator) for code, part in parts(found).items()} == {"total": (30, 30)}


def test_a_total_that_its_groups_do_not_come_to_is_one_part() -> None:
    columns = columns_of({"a": ["50", "60"], "b": ["50", "50"]})
    board = score(two(), "commune", columns, 2)
    more = replace(board, total=replace(board.total, points=board.total.points + 100))

    found = total_change(UnitBoard(more, 0), UnitBoard(more, 1), (columns, columns))

    assert found is not None
    assert {code: part.effect for code, part in parts(found).items()} == {"total": 6}


def test_one_figure_in_two_criteria_is_told_of_each() -> None:
    framework = a_framework(a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("a", full_at=50)))

    found = change(framework, {"a": "1/4"}, {"a": "2/4"})

    assert {code: part.numerator for code, part in parts(found).items()} == {"g": 15, "h": 20}


def test_a_rule_that_takes_another_figure_has_no_counts_to_compare() -> None:
    framework = a_framework(a_criterion("g", 60, ratio("a", optional=True), ratio("b")))

    found = change(framework, {"a": None, "b": "1/4"}, {"a": "2/4", "b": "1/4"})

    assert [(part.figures, part.numerator) for part in found.parts] == [(15, None)]


def test_a_statistic_is_shown_and_does_nothing() -> None:
    found = change(
        a_framework(a_criterion("g", 60, ratio("a")), a_criterion("s", 0, ratio("b"))),
        *({"a": "50", "b": one} for one in ("10", "90")),
    )

    assert parts(found)["s"].effect == 0
    assert parts(found)["s"].of.now.state == NodeState.SCORED


def test_of_a_share_of_what_applies_every_point_is_worth_as_much() -> None:
    leaves = [
        a_criterion(code, most, ratio(code), missing={"no_value": "exclude"}) for code, most in (("x", 30), ("y", 20))
    ]
    tops = [a_criterion("g", 50, criteria=leaves), a_criterion("h", 50, ratio("b"))]
    framework = a_framework(*tops, total={"share_of_applicable": True})

    found = change(framework, {"x": "50", "y": None, "b": "40"}, {"x": "60", "y": None, "b": "30"})

    assert {code: part.effect for code, part in parts(found).items()} == {
        "x": Fraction(3 * 100, 80),
        "h": Fraction(-5 * 100, 80),
    }
    assert found.total + 0 == sum(part.effect for part in found.parts) + found.rounding


@pytest.mark.parametrize(("kind", "new"), [("best", "90"), ("worst", "10"), ("geometric_mean", "90")])
def test_a_group_that_cannot_be_taken_apart_and_gets_another_figure_is_coverage(kind: str, new: str) -> None:
    leaves = [a_criterion(code, 50, ratio(code), weight=1) for code in "xy"]
    framework = a_framework(a_criterion("g", 50, {"kind": kind}, criteria=leaves), a_criterion("h", 50, ratio("b")))

    grown = change(framework, {"x": None, "y": "50", "b": "40"}, {"x": new, "y": "50", "b": "40"})
    done = change(framework, {"x": "60", "y": "50", "b": "40"}, {"x": "90", "y": "80", "b": "40"})

    assert (list(came(grown)), list(parts(grown))) == (["g"], ["h"])
    assert (list(came(done)), list(parts(done))) == ([], ["g", "h"])


def test_within_groups_a_share_of_what_applies_moves_no_weight() -> None:
    leaves = [
        a_criterion("x", 20, ratio("x"), missing={"zero_denominator": "exclude"}),
        a_criterion("y", 30, ratio("y")),
    ]
    tops = [a_criterion("g", None, criteria=leaves), a_criterion("h", 50, ratio("b"))]
    framework = a_framework(*tops, total={"share_of_applicable": True})

    found = change(framework, {"x": "0/0", "y": "1/2", "b": "1/2"}, {"x": "4/5", "y": "1/2", "b": "1/2"})

    # 40 of 80 before; 16 + 15 + 25 of 100 now
    assert (found.total, came(found)) == (6, {"x": 16})
    assert {code: part.weight for code, part in parts(found).items()} == {
        "y": 15 - Fraction(15 * 100, 80),
        "h": 25 - Fraction(25 * 100, 80),
    }


def test_a_penalty_stands_by_itself_and_leaves_the_criteria_to_theirs() -> None:
    total = {"adjustments": [{"indicator": "breaches", "points": -2, "at_most": 5, "name": {"vi": "Vi phạm"}}]}
    framework = a_framework(a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b")), total=total)

    found = change(framework, {"a": "50", "b": "80"}, {"a": "60", "b": "80", "breaches": "1"})

    assert (found.total, found.rounding) == (4, 0)
    assert {code: part.effect for code, part in parts(found).items()} == {"g": 6, "h": 0}
    assert [(each.name.vi, each.before, each.now, each.effect) for each in found.adjustments] == [
        ("Vi phạm", 0, -2, -2)
    ]


def test_a_bonus_beyond_the_end_of_the_scale_is_told_with_the_roundings() -> None:
    total = {"adjustments": [{"indicator": "prizes", "points": 5}]}
    framework = a_framework(a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b")), total=total)

    found = change(framework, {"a": "100", "b": "90"}, {"a": "100", "b": "90", "prizes": "1"})

    assert (found.total, found.adjustments[0].effect, found.rounding) == (4, 5, -1)


def test_without_a_total_on_both_sides_there_is_no_change() -> None:
    assert change_if_any(two(), {"a": None, "b": None}, {"a": "1", "b": "1"}) is None
