"""Exactness over whole cohorts: figures that leave int64, arrays that are only read, units that stay apart."""

from decimal import Decimal

import numpy as np
import pytest

from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score
from tests.support.cohorts import (
    a_column,
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


@pytest.mark.parametrize("places", [0, 2, 6])
def test_figures_as_large_as_can_be_stored_are_scored_exactly(places: int) -> None:
    large = 9 * 10**14
    cells = [f"{large - 1}/{large}", f"1/{large}", f"{large}/{large}", "50"]
    rounding = {"component": places, "total": places}

    amounts = earned(ratio("x", full_at="33.3333"), *cells, max="99.9999", rounding=rounding)

    top = round(Decimal("99.9999"), places)
    assert amounts[0] == amounts[2] == amounts[3] == top
    assert amounts[1] == 0
    # 0.0001 × 9·10¹⁴ is the finest a value can be; six more decimals leave int64
    assert earned(reported("x"), str(large), "0.0001", rounding=rounding)[0] == large


def test_a_sum_that_leaves_int64_is_exact_too() -> None:
    leaves = [a_criterion(code, 10, reported(code)) for code in ("a", "b", "c")]
    framework = a_framework(*leaves, rounding={"component": 4, "total": 4})

    assert totals(scored(framework, {code: ["900000000000000"] for code in "abc"})) == [Decimal(2700000000000000)]


def test_coefficients_that_leave_int64_over_figures_that_do_not() -> None:
    tiny = a_criterion("tiny", "0.0001", ratio("x", optional=True), weight=2)
    odd = a_criterion("odd", "7.1627", ratio("y"), weight=2)
    total = {"rules": [{"kind": "weighted_mean"}], "max": 100}
    framework = a_framework(tiny, odd, total=total, rounding={"component": 0, "total": 4})

    board = scored(framework, {"x": [None, "0", None], "y": [None, None, "100"]})

    assert points(board, "tiny") == decimals(None, "0", None)
    assert totals(board) == decimals(None, "0", "97.7285")


def test_ordinary_figures_stay_in_int64() -> None:
    framework = a_framework(*(a_criterion(c, 22, ratio(c)) for c in "ab"), rounding={"component": 6, "total": 6})

    board = scored(framework, {c: ["98765432/987654321", "60.55"] for c in "ab"})

    assert {board.nodes["a"].points.dtype, board.total.points.dtype} == {np.dtype(np.int64)}


def test_figures_that_a_mask_does_not_vouch_for_are_ignored() -> None:
    column = a_column("50", "1/2")
    rubbish = IndicatorColumn(
        column.numerator + 7, column.denominator * 0 + 3, column.value + 9, column.has_counts & False, column.has_value
    )
    framework = a_framework(a_criterion("one", 10, ratio("x")))

    board = score(framework, "commune", {"x": rubbish}, 2)

    assert board.nodes["one"].known.tolist() == [True, False]
    assert board.nodes["one"].points.tolist() == [500, 0]


def test_scoring_leaves_its_input_alone() -> None:
    columns = columns_of({"x": ["1/2", "0/0", None, "75"]})
    before = [array.copy() for array in (columns["x"].numerator, columns["x"].denominator, columns["x"].value)]

    score(a_framework(a_criterion("one", 10, ratio("x"))), "commune", columns, 4)

    after = (columns["x"].numerator, columns["x"].denominator, columns["x"].value)
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


def test_thirteen_thousand_units_each_get_their_own_points() -> None:
    size = 13_000
    numbers = np.arange(size, dtype=np.int64)
    nobody = np.zeros(size, dtype=np.bool_)
    column = IndicatorColumn(numbers * 10_000, np.full(size, size * 10_000), numbers * 0, ~nobody, nobody)

    board = score(a_framework(a_criterion("one", 100, ratio("x"))), "commune", {"x": column}, size)

    assert board.total.points.tolist() == [(2 * 10_000 * n + size) // (2 * size) for n in range(size)]
