"""Points by what a figure is among others: against a slow reading by fractions, and what is said of it."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.scoring.explain import Explained, explain
from tests.domain.scoring.test_explain import assert_true
from tests.support.cohorts import (
    Cell,
    a_criterion,
    a_framework,
    columns_of,
    decimals,
    exact_half_up,
    points,
    ratio,
    scored,
    slow_position,
    totals,
)
from tests.support.framework_documents import a_document, faults_of, found


def normalise(method: str, **overrides: Any) -> dict[str, Any]:
    return {"kind": "normalise", "indicator": "x", "method": method, **overrides}


def earned(
    rule: dict[str, Any], *cells: Cell, parents: str = "", ended: str = "", **overrides: Any
) -> list[Decimal | None]:
    framework = a_framework(a_criterion("one", 10, rule, **overrides))
    return points(scored(framework, {"x": list(cells)}, parents=parents, ended=ended), "one")


def test_the_least_earns_nothing_and_the_largest_all() -> None:
    assert earned(normalise("min_max"), "60", "95", "85") == decimals("0", "10", "7.14")


def test_counts_are_compared_as_exact_shares() -> None:
    assert earned(normalise("min_max"), "1/3", "2/3", "1/2") == decimals("0", "10", "5")


def test_less_is_better_where_the_bounds_say_so() -> None:
    assert earned(normalise("min_max", **{"from": 100, "full_at": 0}), "60", "95", "85") == decimals("10", "0", "2.86")


def test_deviations_from_the_mean_earn_points_between_minus_three_and_three() -> None:
    # mean 5, deviation 2
    assert earned(normalise("z"), "2", "4", "4", "4", "5", "5", "7", "9") == decimals(
        "2.5", "4.17", "4.17", "4.17", "5", "5", "6.67", "8.33"
    )


def test_a_percentile_counts_those_with_less_and_half_of_the_equal() -> None:
    assert earned(normalise("percentile"), "1", "2", "2", "3", "4") == decimals("0", "3.75", "3.75", "7.5", "10")


def test_stated_bounds_compare_with_nobody() -> None:
    assert earned(normalise("bounds", **{"from": 20, "full_at": 85}), "52.5", "90") == decimals("5", "10")


def test_a_unit_is_compared_with_those_under_the_same_unit() -> None:
    cells = ["10", "20", "30", "70", "80"]
    assert earned(normalise("min_max", over="parent"), *cells, parents="aaabb") == decimals("0", "5", "10", "0", "10")
    assert earned(normalise("percentile", over="parent"), *cells, parents="babab") == decimals(
        "0", "0", "5", "10", "10"
    )


def test_a_unit_that_ended_is_placed_among_the_others_and_moves_no_bound() -> None:
    assert earned(normalise("min_max"), "0", "50", "100", "200", ended="   x") == decimals("0", "5", "10", "10")
    assert earned(normalise("percentile"), "0", "100", "60", ended="  x") == decimals("0", "10", "5")


def test_who_has_no_figure_is_no_peer() -> None:
    assert earned(normalise("min_max"), "60", None, "80", "3/0") == decimals("0", None, "10", None)


@pytest.mark.parametrize("method", ["min_max", "z"])
def test_where_all_figures_are_the_same_the_denominator_is_zero(method: str) -> None:
    assert earned(normalise(method), "7", "7", missing={"zero_denominator": "full"}) == decimals("10", "10")


@pytest.mark.parametrize("method", ["min_max", "z", "percentile"])
def test_a_unit_alone_has_nobody_to_be_compared_with(method: str) -> None:
    assert earned(normalise(method), "7") == decimals(None)


def test_equal_figures_are_all_in_the_middle_of_a_percentile() -> None:
    assert earned(normalise("percentile"), "7", "7", "7") == decimals("5", "5", "5")


def test_the_figures_of_others_move_the_total() -> None:
    framework = a_framework(a_criterion("one", 60, normalise("min_max")), a_criterion("two", 40, ratio("y")))

    board = scored(framework, {"x": ["10", "20", "30"], "y": ["50", "50", "50"]})

    assert totals(board) == decimals("20", "50", "80")


Figures = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.sampled_from("ab")), min_size=1, max_size=9)


@pytest.mark.parametrize("over", ["ranked", "parent"])
@pytest.mark.parametrize("method", ["min_max", "z", "percentile"])
@given(figures=Figures)
def test_points_are_those_of_a_slow_reader(method: str, over: str, figures: list[tuple[int, int, str]]) -> None:
    parents = "".join(parent for _, _, parent in figures)
    cells = [f"{above}/{below}" for above, below, _ in figures]

    found = earned(normalise(method, over=over), *cells, parents=parents)

    for unit, (_, _, parent) in enumerate(figures):
        mine = [place for place in range(len(figures)) if over == "ranked" or parents[place] == parent]
        shares = [Fraction(100 * figures[place][0], figures[place][1]) for place in mine]
        position = slow_position(method, shares, mine.index(unit))
        low, high = (-3, 3) if method == "z" else (0, 100)
        share = None if position is None else min(max((position - low) / (high - low), Fraction(0)), Fraction(1))
        assert found[unit] == (None if share is None else exact_half_up(10 * share, 2))


@given(
    st.lists(st.integers(-(10**14), 10**14), min_size=2, max_size=4, unique=True),
    st.sampled_from(["min_max", "z", "percentile"]),
)
def test_the_largest_of_very_large_figures_earns_most(values: list[int], method: str) -> None:
    found = earned(normalise(method), *(f"{each / 10**4:.4f}" for each in values))

    assert found[values.index(max(values))] == max(each for each in found if each is not None)


def explained(
    method: str, *cells: Cell, kind: str = "ratio", peers_shown: bool = True, bounds: tuple[int, int] | None = None
) -> Explained:
    rule = normalise(method, **({} if bounds is None else {"from": bounds[0], "full_at": bounds[1]}))
    framework = a_framework(a_criterion("one", 10, rule, name={"vi": "Đúng hạn", "en": "On time"}))
    table = {"x": list(cells)}
    board = scored(framework, table)
    return explain(board, columns_of(table), 0, {}, {"x": kind}, peers_shown=peers_shown).criteria[0]


def test_the_extremes_are_shown_and_worked_with() -> None:
    node = explained("min_max", "17/20", "60", "95")

    assert node.arithmetic == "100 × (100 × 17 / 20 − 60) / (95 − 60) ≈ 71.4286; 71.4286 × 10 / 100 ≈ 7.14"
    told = "Đúng hạn: đạt 17/20 (85%), trong khoảng từ mức thấp nhất 60% đến mức cao nhất 95% của 3 đơn vị, "
    assert node.sentence == told + "được 7,14/10 điểm"
    assert [(each.role, each.value) for each in node.inputs[1:]] == list(
        zip(["least", "most", "compared"], decimals("60", "95", "3"), strict=True)
    )


def test_the_mean_and_the_deviation_are_shown() -> None:
    node = explained("z", "9", "2", "4", "4", "4", "5", "5", "7", kind="number")

    assert node.arithmetic == "(9 − 5) / 2 = 2; (2 − (-3)) × 10 / (3 − (-3)) ≈ 8.33"
    assert node.sentence == (
        "Đúng hạn: đạt 9, lệch 2 lần độ lệch chuẩn so với mức trung bình 5 của 8 đơn vị, được 8,33/10 điểm"
    )


def test_how_many_others_have_less_is_shown() -> None:
    node = explained("percentile", "80", "80", "70", "90", "60")

    assert node.arithmetic == "100 × (2 + 1 / 2) / 4 = 62.5; 62.5 × 10 / 100 = 6.25"
    assert node.sentence == "Đúng hạn: đạt 80%, cao hơn 2 và bằng 1 trong số 4 đơn vị khác, được 6,25/10 điểm"


def test_who_may_not_see_the_others_sees_the_points_and_no_figure_of_theirs() -> None:
    node = explained("min_max", "85", "60", "95", peers_shown=False)

    assert node.points == decimals("7.14")[0]
    assert [each.role for each in node.inputs] == ["figure"]
    assert node.arithmetic == "71.4286 × 10 / 100 ≈ 7.14"
    assert node.sentence == "Đúng hạn: đạt 85%, tính điểm so với các đơn vị khác, được 7,14/10 điểm"


def test_it_is_said_where_nobody_differs() -> None:
    node = explained("min_max", "85", "85")

    assert node.points is None
    assert node.sentence == "Đúng hạn: không có đơn vị nào khác có số liệu khác để so sánh, không có điểm"


def test_stated_bounds_are_told_as_those_of_a_ratio_are() -> None:
    node = explained("bounds", "50", bounds=(20, 80))

    assert node.arithmetic == "(50 − 20) × 10 / (80 − 20) = 5"
    assert [f"{each.role} {each.value}" for each in node.inputs[1:]] == ["least 20", "most 80"]
    assert node.sentence == "Đúng hạn: đạt 50%, tính điểm từ 20% đến đủ 10 điểm tại 80%: được 5 điểm"


@pytest.mark.parametrize("method", ["min_max", "z", "percentile"])
@pytest.mark.parametrize("first", ["1/3", "2/3", "5/7"])
def test_the_printed_equations_are_true(method: str, first: str) -> None:
    node = explained(method, first, "1/7", "6/7", "12/13")

    assert node.arithmetic is not None
    assert node.points is not None
    position, line = node.arithmetic.split("; ")
    shown = re.split("[=≈] ", position)[1].strip("()")
    assert_true(position, Decimal(shown), 4)
    assert_true(line, node.points, 2)


def a_comparing_document(**overrides: object) -> dict[str, Any]:
    whole = a_document()
    whole["criteria"][1]["rules"] = [
        {"kind": "normalise", "indicator": "late_dossiers", "method": "min_max", **overrides}
    ]
    return whole


def test_a_document_may_compare_units() -> None:
    assert faults_of(a_comparing_document(over="parent")) == []


def test_stated_bounds_are_needed_for_bounds_alone() -> None:
    (fault,) = faults_of(a_comparing_document(method="bounds", full_at=5))

    assert (fault.code, fault.pointer) == ("bounds_missing", "/criteria/1/rules/0")
    assert "`from`" in fault.detail("vi")


def test_an_unknown_method_is_named_with_those_there_are() -> None:
    assert found(a_comparing_document(method="minmax")) == {("value_not_allowed", "/criteria/1/rules/0/method")}


def test_the_deviations_of_a_flat_rule_are_named_as_they_are() -> None:
    (fault,) = faults_of(a_comparing_document(method="z", **{"from": 3}))

    assert fault.code == "ratio_flat"
    assert "both 3" in fault.detail("en")
