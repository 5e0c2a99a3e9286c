"""Means other than the weighted one: the geometric mean, exact to the declared decimals, the best and the worst."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Framework
from app.domain.scoring.combined_points import rounded_mean
from app.domain.scoring.explain import Explained, explain
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, decimals, points, ratio, scored
from tests.support.framework_documents import a_document, faults_of, found

FIGURES = {"a": ["100", "25", "0", None, None], "b": ["100", "100", "100", "49", None]}


def a_group(kind: str, *, top: object = 10, weights: tuple[object, object] = (1, 1), **overrides: Any) -> Framework:
    leaves = [
        a_criterion(code, most, ratio(code), weight=weight)
        for code, most, weight in zip("ab", (20, 5), weights, strict=True)
    ]
    group = a_criterion("group", top, {"kind": kind}, name={"vi": "Ba chiều", "en": "Three sides"}, criteria=leaves)
    return a_framework(group, **overrides)


def earned(framework: Framework) -> list[Decimal | None]:
    return points(scored(framework, dict(FIGURES)), "group")


def explained(kind: str, a: Cell, b: Cell, **options: Any) -> Explained:
    cells: dict[str, list[Cell]] = {"a": [a], "b": [b]}
    return explain(scored(a_group(kind, **options), cells), columns_of(cells), 0, {}, {}).criteria[0]


def test_the_geometric_mean_multiplies_shares_of_the_maxima() -> None:
    assert earned(a_group("geometric_mean")) == decimals("10", "5", "0", "4.9", None)


def test_weights_are_exponents() -> None:
    framework = a_group("geometric_mean", weights=("0.5", "1"))

    assert earned(framework)[1] == Decimal("6.30")  # 10 × 0.25^(1/3) = 6.2996…


def test_the_best_and_the_worst_are_chosen_by_their_share_and_not_by_their_points() -> None:
    assert earned(a_group("best")) == decimals("10", "10", "10", "4.9", None)
    assert earned(a_group("worst")) == decimals("10", "2.5", "0", "4.9", None)


def test_a_root_that_comes_to_half_a_step_goes_up_and_what_lies_below_it_does_not() -> None:
    half = Fraction(1, 4)  # 10 × √(1/4 × 1/100) = 0.5

    assert rounded_mean(Fraction(10), [(half, 1), (Fraction(1, 100), 1)]) == 1
    assert rounded_mean(Fraction(10), [(half, 1), (Fraction(1, 100) - Fraction(1, 10**60), 1)]) == 0


@given(
    st.lists(st.tuples(st.fractions(0, 1, max_denominator=10**6), st.integers(1, 9)), min_size=1, max_size=4),
    st.integers(1, 10**8),
)
@settings(deadline=None)
def test_no_other_whole_number_is_nearer_to_the_root(shares: list[tuple[Fraction, int]], top: int) -> None:
    found, degree = rounded_mean(Fraction(top), shares), sum(k for _, k in shares)
    power = Fraction(top) ** degree
    for share, k in shares:
        power *= share**k

    assert (found + Fraction(1, 2)) ** degree > power
    assert found == 0 or (found - Fraction(1, 2)) ** degree <= power


@pytest.mark.parametrize(
    ("kind", "arithmetic", "sentence"),
    [
        (
            "geometric_mean",
            "10 × (5 / 20)^(1 / 2) × (2.45 / 5)^(1 / 2) = 3.5",
            "Ba chiều: trung bình nhân của các tiêu chí thành phần là 3,5/10 điểm",
        ),
        (
            "best",
            "10 × max(5 / 20, 2.45 / 5) = 4.9",
            "Ba chiều: tính theo tiêu chí thành phần cao nhất, được 4,9/10 điểm",
        ),
        (
            "worst",
            "10 × min(5 / 20, 2.45 / 5) = 2.5",
            "Ba chiều: tính theo tiêu chí thành phần thấp nhất, được 2,5/10 điểm",
        ),
    ],
)
def test_the_arithmetic_and_the_sentence_say_what_was_done(kind: str, arithmetic: str, sentence: str) -> None:
    node = explained(kind, "25", "49")

    assert (node.arithmetic, node.sentence) == (arithmetic, sentence)


def test_a_root_that_was_rounded_says_so() -> None:
    assert explained("geometric_mean", "50", "100").arithmetic == "10 × (10 / 20)^(1 / 2) × (5 / 5)^(1 / 2) ≈ 7.07"


@pytest.mark.parametrize(("kind", "covered"), [("best", "1/2"), ("worst", "1/2"), ("geometric_mean", "3/4")])
def test_what_is_missing_counts_by_its_weight_and_alike_where_there_is_none(kind: str, covered: str) -> None:
    board = scored(a_group(kind, weights=(1, 3)), dict(FIGURES))

    assert board.coverage(3) == Fraction(covered)
    assert board.nodes["group"].partial.tolist() == [False, False, False, True, False]


def test_the_total_may_be_a_geometric_mean_too() -> None:
    tops = [a_criterion(code, 50, ratio(code), weight=1) for code in "ab"]
    framework = a_framework(*tops, total={"rules": [{"kind": "geometric_mean"}], "max": 100})

    assert scored(framework, {"a": ["64"], "b": ["25"]}).total.points.tolist() == [4000]


def a_mean(kind: str, *weights: object) -> dict[str, Any]:
    whole = a_document()
    group = whole["criteria"][0]
    group["rules"] = [{"kind": kind}]
    for leaf, weight in zip(group["criteria"], weights, strict=False):
        leaf |= {"max": 30, "weight": weight}
    return whole


@pytest.mark.parametrize("kind", ["geometric_mean", "best", "worst"])
def test_the_maxima_of_what_is_compared_need_not_add_up(kind: str) -> None:
    assert faults_of(a_mean(kind, 1, 2)) == []


def test_only_a_geometric_mean_needs_weights() -> None:
    assert found(a_mean("geometric_mean")) == {
        ("weight_missing", "/criteria/0/criteria/0"),
        ("weight_missing", "/criteria/0/criteria/1"),
    }
    best = a_mean("best", 1, 2)
    for leaf in best["criteria"][0]["criteria"]:
        del leaf["weight"]
    assert faults_of(best) == []


def test_weights_of_very_many_parts_are_refused_with_the_way_out() -> None:
    (fault,) = faults_of(a_mean("geometric_mean", "33.3333", "66.6667"))

    assert fault.code == "weights_too_fine"
    assert "hãy làm tròn trọng số" in fault.detail("vi")
