"""What missing figures cost: coverage by weight, ranks that need enough of it, and what 0/0 and policies count for."""

from fractions import Fraction
from typing import Any

import pytest

from app.domain.scoring.board import METHODS
from app.domain.scoring.ranking import rank_and_classify
from tests.support.cohorts import a_criterion, a_framework, decimals, points, ratio, reported, scored, totals


def parts() -> list[dict[str, Any]]:
    return [a_criterion("1.1", 6, ratio("a")), a_criterion("1.2", 4, ratio("b"))]


def test_what_a_weighted_mean_lacks_counts_by_its_weight() -> None:
    light, heavy = a_criterion("light", 50, ratio("a"), weight=1), a_criterion("heavy", 5, ratio("b"), weight=9)
    group = a_criterion("g", 60, {"kind": "weighted_mean"}, criteria=[light, heavy])
    framework = a_framework(group, a_criterion("h", 40, ratio("c")))

    board = scored(framework, {"a": ["99", None, "99"], "b": [None, "50", "0/0"], "c": ["50", "50", "50"]})

    assert [board.coverage(unit) for unit in range(3)] == [Fraction(46, 100), Fraction(94, 100), 1]


def test_a_unit_that_lacks_the_heavy_figure_of_a_mean_is_not_ranked_before_complete_ones() -> None:
    leaves = [a_criterion("light", 10, ratio("a"), weight=1), a_criterion("heavy", 10, ratio("b"), weight=9)]
    rules = [{"kind": "weighted_mean"}]
    rest = a_criterion("group", 100, *rules, criteria=leaves)

    board = scored(a_framework(rest), {"a": ["99", "50"], "b": [None, "80"]})

    assert totals(board) == decimals("99", "77")
    assert rank_and_classify(board, ["A", "B"], ["A", "B"]).rank.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("ranking", "ranked"),
    [
        ({}, [True, False, False]),
        ({"min_coverage": "0.9"}, [True, True, False]),
        ({"min_coverage": "0.9001"}, [True, False, False]),
        ({"incomplete": "ranked"}, [True, True, True]),
        ({"incomplete": "ranked", "min_coverage": "0.6"}, [True, True, True]),
        ({"incomplete": "ranked", "min_coverage": "0.6001"}, [True, True, False]),
    ],
)
def test_a_total_of_too_few_figures_is_shown_and_neither_classed_nor_ranked(
    ranking: dict[str, str], ranked: list[bool]
) -> None:
    leaves = [a_criterion("a", 60, ratio("a")), a_criterion("b", 30, ratio("b")), a_criterion("c", 10, ratio("c"))]
    framework = a_framework(a_criterion("g", 100, criteria=leaves), ranking=ranking)

    board = scored(framework, {"a": ["50", "50", "50"], "b": ["50", "50", None], "c": ["50", None, None]})
    placed = rank_and_classify(board, list("ABC"), list("ABC"))

    assert totals(board) == decimals("50", "45", "30")
    assert (placed.ranked.tolist(), (placed.band >= 0).tolist()) == (ranked, ranked)
    assert board.flags["partial"].tolist() == [False, True, True]


@pytest.mark.parametrize(("ranking", "ranks"), [({}, [1, 2]), ({"min_coverage": 1}, [1, 0])])
def test_an_absence_that_a_policy_speaks_for_unranks_where_the_framework_asks_for_figures(
    ranking: dict[str, int], ranks: list[int]
) -> None:
    leaves = [a_criterion("a", 60, ratio("a")), a_criterion("b", 40, ratio("b"), missing={"no_value": "zero"})]

    board = scored(a_framework(*leaves, ranking=ranking), {"a": ["50", "50"], "b": ["50", None]})

    assert board.partial.tolist() == [False, False]
    assert board.coverage(1) == Fraction(3, 5)
    assert board.flags["partial"].tolist() == [False, ranks[1] == 0]
    assert rank_and_classify(board, ["A", "B"], ["A", "B"]).rank.tolist() == ranks


def test_a_total_that_rests_on_no_figure_is_not_ranked() -> None:
    leaf = a_criterion("a", 60, ratio("a"), applies_to=["department"], otherwise="full")

    board = scored(a_framework(leaf), {"a": ["50"]})

    assert totals(board) == decimals("60")
    assert board.coverage(0) == 0
    assert not rank_and_classify(board, ["A"], ["A"]).ranked[0]


def test_a_group_of_which_every_figure_is_n_of_0_is_known_by_its_policy() -> None:
    tops = [
        a_criterion(policy, 10, missing={"zero_denominator": policy}, criteria=parts())
        for policy in ("none", "zero", "full")
    ]
    for number, top in enumerate(tops):
        top["criteria"] = [{**leaf, "code": f"{leaf['code']}.{number}"} for leaf in top["criteria"]]
    framework = a_framework(*tops, a_criterion("h", 10, ratio("c")))

    board = scored(framework, {"a": ["0/0", "0/0", "50"], "b": ["0/0", None, "50"], "c": ["50", "50", "50"]})
    placed = rank_and_classify(board, list("ABC"), list("ABC"))

    assert points(board, "none") == decimals(None, None, "5")
    assert points(board, "zero") == decimals("0", None, "5")
    assert points(board, "full") == decimals("10", None, "5")
    assert board.incomplete.tolist() == [False, True, False]
    assert board.coverage(0) == 1
    assert placed.rank.tolist() == [2, 0, 1]


def test_points_of_a_policy_are_neutral_for_the_method() -> None:
    leaves = [
        a_criterion("said", 10, reported("said")),
        a_criterion("zero", 10, ratio("a"), missing={"no_value": "zero"}),
        a_criterion("full", 10, ratio("b"), applies_to=["department"], otherwise="full"),
    ]

    board = scored(a_framework(*leaves), {"said": ["5", None, "5"], "a": [None, None, "50"], "b": [None, None, None]})

    assert [METHODS[code] for code in board.method] == ["reported", "computed", "mixed"]


def test_a_total_by_its_own_rate_is_covered_whatever_its_groups_are() -> None:
    leaf = a_criterion("a", 100, ratio("a"))
    framework = a_framework(leaf, total={"max": 100, "rules": [ratio("rate")]})

    board = scored(framework, {"a": [None, None], "rate": ["70", None]})

    assert [board.coverage(unit) for unit in range(2)] == [1, 0]
    assert rank_and_classify(board, ["A", "B"], ["A", "B"]).ranked.tolist() == [True, False]


def test_shares_of_many_depths_are_exact_where_int64_is_too_small() -> None:
    shares, node = Fraction(1), a_criterion("last", "0.0007", ratio("x"), weight="0.0007")
    for depth, weight in enumerate(["99999999999.9999", "0.0003", "123456789.0123", "0.0011", "7777777.7777"]):
        known = a_criterion(f"known{depth}", "0.0013", ratio("y"), weight=weight)
        shares *= Fraction(node["weight"]) / (Fraction(weight) + Fraction(node["weight"]))
        rules = {"rules": [{"kind": "weighted_mean"}]}
        node = a_criterion(f"mean{depth}", "17.0009", criteria=[known, node], weight="0.0007", **rules)
    framework = a_framework(node, ranking={"min_coverage": "0.9999"})

    board = scored(framework, {"x": [None, "50"], "y": ["50", "50"]})

    assert [board.coverage(unit) for unit in range(2)] == [1 - shares, 1]
    assert board.short.tolist() == [1 - shares < Fraction(9999, 10000), False]
