"""Classes and ranks: band edges, ties three ways, and who takes part."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.scoring.ranking import Standing, band_counts, competition_ranks, mean, ordinal_ranks, rank_and_classify
from app.domain.scoring.score import score
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio, reported


def standing(*totals: Cell, names: list[str] | None = None, **ranking: Any) -> Standing:
    """Units with these totals as reported, rounded to two decimals, ranked under these rules."""
    framework = a_framework(
        a_criterion("g", 100, ratio("nothing")),
        total={"rules": [reported("t", optional=True), {"kind": "sum"}], "max": 100},
        ranking=ranking,
    )
    size = len(totals)
    codes = [f"H60.{row:02}" for row in range(size)]
    return rank_and_classify(score(framework, "commune", columns_of({"t": list(totals)}), size), codes, names or codes)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.995", "excellent"),
        ("89.9949", "good"),
        ("80", "good"),
        ("79.99", "fair"),
        ("70", "fair"),
        ("50", "average"),
        ("49.995", "average"),
        ("49.99", "weak"),
        ("0", "weak"),
    ],
)
def test_a_band_reaches_from_its_least_total_up_to_the_next(total: str, band: str) -> None:
    placed = standing(total)

    assert placed.board.framework.bands[placed.band[0]].code == band


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    placed = standing("80", "90", "80", "70.004", "70")

    assert placed.rank.tolist() == [2, 1, 2, 4, 4]
    assert placed.tied.tolist() == [2, 1, 2, 2, 2]


def test_dense_ranks_skip_nothing() -> None:
    assert standing("80", "90", "80", "70", ties="dense").rank.tolist() == [2, 1, 2, 3]


def test_ordinal_ranks_follow_the_code_points_of_the_name_and_then_the_code() -> None:
    # by code points Đ (U+0110) comes after Z
    placed = standing("80", "80", "80", "80", names=["Đồng Tâm", "Zơ", "An Hòa", "An Hòa"], ties="ordinal")

    assert placed.rank.tolist() == [4, 3, 1, 2]
    assert placed.tied.tolist() == [1, 1, 1, 1]


def test_ranks_rest_on_the_rounded_total_unless_the_framework_says_exact() -> None:
    totals = ("70.004", "70", "70.0001")

    assert standing(*totals).rank.tolist() == [1, 1, 1]
    assert standing(*totals, basis="exact").rank.tolist() == [1, 3, 2]


def test_exact_ranks_tell_apart_fractions_that_no_decimals_could() -> None:
    total = {"rules": [{"kind": "weighted_mean"}], "max": 100}
    leaves = [a_criterion(code, 3, ratio(code), weight=weight) for code, weight in (("a", 1), ("b", 2))]
    framework = a_framework(*leaves, total=total, ranking={"basis": "exact"}, rounding={"component": 2, "total": 0})
    board = score(framework, "commune", columns_of({"a": ["50", "51", "50", None], "b": ["50", "50", "50", "50"]}), 4)

    placed = rank_and_classify(board, list("ABCD"), list("ABCD"))

    assert board.total.points.tolist() == [50, 50, 50, 50]
    assert placed.rank.tolist() == [2, 1, 2, 0]


def test_a_unit_without_a_total_has_neither_rank_nor_class() -> None:
    placed = standing("80", None, "90")

    assert placed.rank.tolist() == [2, 0, 1]
    assert (placed.tied.tolist(), placed.band.tolist()) == ([1, 0, 1], [1, -1, 0])


@pytest.mark.parametrize(("incomplete", "ranks", "bands"), [("unranked", [0, 1], [-1, 0]), ("ranked", [2, 1], [4, 0])])
def test_an_incomplete_total_is_ranked_only_where_the_framework_wants_it(
    incomplete: str, ranks: list[int], bands: list[int]
) -> None:
    leaves = [a_criterion(code, 50, ratio(code)) for code in "ab"]
    framework = a_framework(*leaves, ranking={"incomplete": incomplete})
    board = score(framework, "commune", columns_of({"a": ["90", "90"], "b": [None, "90"]}), 2)

    placed = rank_and_classify(board, ["A", "B"], ["A", "B"])

    assert (placed.rank.tolist(), placed.band.tolist()) == (ranks, bands)


def test_the_mean_of_the_ranked_is_rounded_half_up_and_empty_bands_are_counted() -> None:
    placed = standing("90", "90.01", None)

    assert mean(placed) == 9001
    assert band_counts(placed) == [2, 0, 0, 0, 0]
    assert mean(standing(None)) is None


@given(st.lists(st.integers(0, 20), max_size=30))
@settings(max_examples=100, deadline=None)
def test_ranks_are_what_counting_the_better_ones_gives(keys: list[int]) -> None:
    ranks, tied = competition_ranks(keys)

    assert ranks == [1 + sum(other > key for other in keys) for key in keys]
    assert tied == [keys.count(key) for key in keys]
    assert competition_ranks(keys, dense=True)[0] == [1 + len({other for other in keys if other > key}) for key in keys]
    assert sorted(ordinal_ranks(keys, [(str(row), "") for row in range(len(keys))])[0]) == list(range(1, len(keys) + 1))


def test_one_unit_is_first_of_one_and_no_units_are_no_error() -> None:
    assert (standing("12").rank.tolist(), standing("12").tied.tolist()) == ([1], [1])
    assert standing().rank.dtype == np.int64
