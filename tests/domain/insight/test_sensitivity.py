"""Places under drawn weights, against a slow reading: one unit and one draw at a time, by fractions, and the scorer."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Framework
from app.domain.insight import sensitivity as module
from app.domain.insight.draws import STEPS, drawn_factors, step_of
from app.domain.insight.margins import class_margins, rank_margins
from app.domain.insight.reweighting import compositions
from app.domain.insight.sensitivity import Sensitivity, sensitivity
from app.domain.scoring.ranking import Standing, competition_ranks, ordinal_ranks, rank_and_classify
from app.domain.scoring.score import score
from tests.support.chance import ROUNDS
from tests.support.cohorts import a_criterion, a_framework, columns_of, exact_half_up, reported

GROUPS = ("a", "b", "c")
MAXIMA = (20, 50, 30)
TENTH = Fraction(1, 10)
Row = Sequence[str | None]


def a_standing(rows: Sequence[Row], framework: Framework | None = None, names: Sequence[str] = ()) -> Standing:
    """A board of units by the points of their three groups, and by a reported total where a fourth cell has one."""
    framework = framework or by_groups()
    columns = columns_of({f"{group}_points": [row[place] for row in rows] for place, group in enumerate(GROUPS)})
    if any(len(row) > len(GROUPS) for row in rows):
        columns |= columns_of({"total_points": [row[3] if len(row) > 3 else None for row in rows]})
    codes = [f"H60.{number:03d}" for number in range(len(rows))]
    return rank_and_classify(score(framework, "commune", columns, len(rows)), codes, names or codes)


def by_groups(*, weights: Sequence[int] | None = None, gone: str | None = None, **overrides: Any) -> Framework:
    """Three groups of reported points, added up, or averaged by weights; `gone`: one that does not apply."""
    criteria = []
    for place, (group, top) in enumerate(zip(GROUPS, MAXIMA, strict=True)):
        own = {"weight": weights[place]} if weights else {}
        away = {"applies_to": ["province"]} if gone == group else {}
        excluded = {"missing": {"no_value": "exclude"}} if group == "c" else {}
        criteria.append(a_criterion(group, top, reported(f"{group}_points"), **own, **away, **excluded))
    total: dict[str, Any] = {"rules": [{"kind": "weighted_mean"}], "max": 100} if weights else {}
    return a_framework(*criteria, **{"total": total, **overrides})


def with_reported_totals() -> Framework:
    return by_groups(total={"rules": [reported("total_points", optional=True), {"kind": "sum"}]})


CELLS = st.tuples(
    *(st.integers(0, 10 * top).map(lambda tenths: f"{tenths // 10}.{tenths % 10}") for top in MAXIMA[:2]),
    st.none() | st.integers(0, 300).map(lambda tenths: f"{tenths // 10}.{tenths % 10}"),
)
BEYOND = st.tuples(*(st.integers(0, 2 * top).map(str) for top in MAXIMA))
BOARDS = st.lists(CELLS, min_size=1, max_size=7)
SPREADS = st.integers(0, 9999).map(lambda part: Fraction(part, 10_000))
MADE = st.sampled_from([None, (1, 2, 3), (20, 50, 30)])
TIES = st.sampled_from(["competition", "dense", "ordinal"])
BASES = st.sampled_from(["rounded", "exact"])


def drawn_weights(seed: str, draw: int, weights: Sequence[int], spread: Fraction) -> list[Fraction]:
    """The weights of a draw, as docs/what-if.md says how to draw them."""
    found = []
    for group, weight in zip(GROUPS, weights, strict=True):
        number = int(hashlib.sha256(f"{seed}\n{draw}\n{group}".encode()).hexdigest()[:6], 16)
        u = spread * (2 * Fraction(number, 16_777_215) - 1)
        found.append(weight * (1 + u))
    return found


def slow_total(cells: Row, weights: Sequence[Fraction]) -> Fraction:
    """Of 100 points; what is excluded leaves both sums."""
    known = zip(cells[:3], MAXIMA, weights, strict=True)
    parts = [(Fraction(cell), top, weight) for cell, top, weight in known if cell is not None]
    earned = sum((points / top * weight for points, top, weight in parts), Fraction(0))
    return 100 * earned / sum((weight for _, _, weight in parts), Fraction(0))


@settings(max_examples=60 * ROUNDS, deadline=None)
@given(rows=BOARDS, spread=SPREADS, weights=MADE, ties=TIES, basis=BASES, seed=st.text(max_size=3))
def test_every_draw_gives_the_totals_and_ranks_of_a_slow_reading(
    rows: list[Row], spread: Fraction, weights: Sequence[int] | None, ties: str, basis: str, seed: str
) -> None:
    ranking = {"ties": ties, "basis": basis, "incomplete": "ranked"}
    names = [f"Xã {len(rows) - number}" for number in range(len(rows))]
    standing = a_standing(rows, by_groups(weights=weights, ranking=ranking), names)

    found = sensitivity(standing, names, spread, 1, seed)

    exact = [slow_total(row, drawn_weights(seed, 1, weights or MAXIMA, spread)) for row in rows]
    keys = exact if basis == "exact" else [exact_half_up(each, 2) for each in exact]
    if ties == "ordinal":
        places, _ = ordinal_ranks(keys, list(zip(names, standing.codes, strict=True)))
    else:
        places, _ = competition_ranks(keys, dense=ties == "dense")
    by_row = dict(zip(found.rows.tolist(), found.ranks.T.tolist(), strict=True))
    assert by_row == {row: [place] * 3 for row, place in enumerate(places)}


@settings(max_examples=40 * ROUNDS, deadline=None)
@given(
    rows=st.lists(st.tuples(BEYOND, st.integers(0, 3), st.just(0) | st.integers(0, 60)), min_size=1, max_size=7),
    spread=SPREADS,
    rounding=st.sampled_from([{}, {"total": 0}, {"total": 3, "component": 1}]),
    basis=BASES,
)
def test_bonus_and_penalty_points_come_behind_whatever_the_weights_are(
    rows: list[tuple[Row, int, int]], spread: Fraction, rounding: dict[str, int], basis: str
) -> None:
    """Of bonus 3.25 a case and penalty 1.5; points above the maximum are what a source may report."""
    adjustments = [{"indicator": "bonuses", "points": "3.25"}, {"indicator": "penalties", "points": "-1.5"}]
    ranking = {"basis": basis, "incomplete": "ranked"}
    framework = by_groups(total={"adjustments": adjustments, "max": 100}, ranking=ranking, rounding=rounding)
    columns = columns_of(
        {f"{group}_points": [cells[place] for cells, _, _ in rows] for place, group in enumerate(GROUPS)}
        | {"bonuses": [str(count) for _, count, _ in rows], "penalties": [str(count) for _, _, count in rows]}
    )
    codes = [f"H60.{number}" for number in range(len(rows))]
    board = score(framework, "commune", columns, len(rows))

    found = sensitivity(rank_and_classify(board, codes, codes), codes, spread, 1, "")

    weights = drawn_weights("", 1, MAXIMA, spread)
    component, decimals = rounding.get("component", 2), rounding.get("total", 2)
    exact = []
    for cells, bonuses, penalties in rows:
        amounts = [exact_half_up(each, component) for each in (bonuses * Fraction(13, 4), penalties * Fraction(3, 2))]
        total, more = slow_total(cells, weights), amounts[0] - amounts[1]
        exact.append(min(max(Fraction(100), total), max(Fraction(0), total + more)) if more else total)
    keys = exact if basis == "exact" else [exact_half_up(each, decimals) for each in exact]
    assert sorted(found.rows.tolist()) == list(range(len(rows)))
    places, _ = competition_ranks(keys)
    assert found.ranks[0].tolist() == [places[row] for row in found.rows]


@settings(max_examples=40 * ROUNDS, deadline=None)
@given(rows=BOARDS, weights=MADE, ties=TIES, basis=BASES)
def test_without_a_spread_every_draw_is_the_board(
    rows: list[Row], weights: Sequence[int] | None, ties: str, basis: str
) -> None:
    standing = a_standing(rows, by_groups(weights=weights, ranking={"ties": ties, "basis": basis}))

    found = sensitivity(standing, standing.codes, Fraction(0), 3, "x")

    assert set(found.rows.tolist()) == set(np.flatnonzero(standing.ranked).tolist())
    assert (found.ranks == standing.rank[found.rows]).all()
    assert [found.classes[standing.band[row], place] for place, row in enumerate(found.rows)] == [3] * found.rows.size
    assert found.moved == 0


def test_an_index_without_classes_has_places_alone() -> None:
    standing = a_standing([("9.9", "50", "30"), ("10", "50", "30")], by_groups(bands=[]))

    found = sensitivity(standing, standing.codes, TENTH, 20, "")

    assert found.classes.shape == (0, 2)
    assert found.ranks[1].tolist() == [2, 1]


def test_a_class_that_requires_points_is_as_hard_to_reach_in_every_draw() -> None:
    bands = [
        {"code": "high", "name": {"vi": "Cao"}, "min": 50, "requires": [{"criterion": "a", "min": 10}]},
        {"code": "low", "name": {"vi": "Thấp"}, "min": 0},
    ]
    standing = a_standing([("9.9", "50", "30"), ("10", "50", "30")], by_groups(bands=bands))

    found = sensitivity(standing, standing.codes, TENTH, 20, "")

    assert found.classes.tolist() == [[0, 20], [20, 0]]


@settings(max_examples=40 * ROUNDS, deadline=None)
@given(rows=BOARDS, gone=st.sampled_from(GROUPS), weights=MADE)
def test_without_a_group_ranks_are_those_of_a_framework_that_leaves_it_out(
    rows: list[Row], gone: str, weights: Sequence[int] | None
) -> None:
    standing = a_standing(rows, by_groups(weights=weights))
    other = a_standing(rows, by_groups(weights=weights, gone=gone))

    found = sensitivity(standing, standing.codes, TENTH, 1, "")

    assert found.without[gone].tolist() == other.rank[found.rows].tolist()


def test_reported_totals_keep_their_places_and_take_no_part() -> None:
    rows = [("10", "40", "30"), ("1", "1", "1", "79"), ("20", "20", "30"), ("20", "50", "30")]
    standing = a_standing(rows, with_reported_totals())

    found = sensitivity(standing, standing.codes, Fraction(0), 5, "")

    assert standing.rank.tolist() == [2, 3, 4, 1]
    assert dict(zip(found.rows.tolist(), found.ranks[1].tolist(), strict=True)) == {0: 2, 2: 4, 3: 1}


def test_exact_ranks_stand_between_reported_totals_as_well() -> None:
    rows = [("10", "40", "30"), ("1", "1", "1", "79"), ("20", "20", "30")]
    framework = by_groups(
        total={"rules": [reported("total_points", optional=True), {"kind": "sum"}]}, ranking={"basis": "exact"}
    )
    standing = a_standing(rows, framework)

    found = sensitivity(standing, standing.codes, Fraction(0), 2, "")

    assert dict(zip(found.rows.tolist(), found.ranks[0].tolist(), strict=True)) == {0: 1, 2: 3}


@pytest.mark.parametrize(
    "more",
    [{"total": {"max": 120}}, {"total": {"max": 120}, "ranking": {"incomplete": "ranked"}}, {"rounding": {"total": 0}}],
)
def test_totals_that_are_added_up_take_part_however_they_are_stated(more: dict[str, Any]) -> None:
    criteria = [a_criterion(g, top, reported(f"{g}_points")) for g, top in zip(GROUPS, MAXIMA, strict=True)]
    rows = [("10.5", "40", "30"), ("20", "33.25", None), ("11", "31", "30")]
    standing = a_standing(rows, a_framework(*criteria, **more))

    found = sensitivity(standing, standing.codes, Fraction(0), 1, "")

    assert sorted(found.rows.tolist()) == np.flatnonzero(standing.ranked).tolist()


def test_a_total_whose_stated_maximum_is_shared_out_takes_part() -> None:
    standing = a_standing([("10", "40", None), ("20", "20", "30")], by_groups(total={"max": 120}))

    assert sorted(sensitivity(standing, standing.codes, Fraction(0), 1, "").rows.tolist()) == [0, 1]


@settings(max_examples=40 * ROUNDS, deadline=None)
@given(rows=BOARDS, spread=SPREADS)
def test_a_share_of_what_applies_weighs_the_groups_by_that(rows: list[Row], spread: Fraction) -> None:
    away = {"missing": {"no_value": "exclude"}}
    parts = [a_criterion("c1", 30, reported("c_points"), **away), a_criterion("b1", 50, reported("b_points"))]
    criteria = [a_criterion("a", 20, reported("a_points")), a_criterion("b", None, criteria=parts)]
    standing = a_standing(rows, a_framework(*criteria, total={"share_of_applicable": True, "max": 100}))

    found = sensitivity(standing, standing.codes, spread, 1, "")

    a, b, _ = (1 + spread * (2 * Fraction(step_of("", 1, group), STEPS) - 1) for group in GROUPS)
    keys = []
    for row in rows:
        points, applying = sum((Fraction(cell) for cell in row[1:3] if cell), Fraction(0)), 80 if row[2] else 50
        keys.append(exact_half_up(100 * (Fraction(row[0] or 0) * a + points * b) / (20 * a + applying * b), 2))
    places, _ = competition_ranks(keys)
    assert found.ranks[0].tolist() == [places[row] for row in found.rows]
    assert found.rows.size == len(rows)


def test_a_unit_of_one_group_alone_has_no_rank_without_it() -> None:
    criteria = [
        a_criterion(group, 50, reported(f"{group}_points"), missing={"no_value": "exclude"}) for group in GROUPS[:2]
    ]
    board = score(
        a_framework(*criteria), "commune", columns_of({"a_points": ["40", "30"], "b_points": [None, "20"]}), 2
    )
    standing = rank_and_classify(board, ["H60.0", "H60.1"], ["A", "B"])

    found = sensitivity(standing, ["A", "B"], TENTH, 1, "")

    assert dict(zip(found.rows.tolist(), found.without["a"].tolist(), strict=True)) == {0: 0, 1: 1}


@pytest.mark.parametrize(("draws", "places"), [(20, [0, 9, 18]), (21, [1, 10, 19]), (1, [0, 0, 0])])
def test_quantiles_are_the_nearest_ranks_and_shares_count_draws(draws: int, places: list[int]) -> None:
    rows = [("20", "10", "10"), ("0", "25", "15"), ("10", "20", "10")]
    standing = a_standing(rows)

    found = sensitivity(standing, standing.codes, Fraction(1, 2), draws, "hạt giống")

    singles = [sensitivity_of_draw(standing, draw) for draw in range(1, draws + 1)]
    of_row = [sorted(each[row] for each in singles) for row in found.rows]
    assert found.ranks.T.tolist() == [[ranks[place] for place in places] for ranks in of_row]
    assert found.classes.sum(axis=0).tolist() == [draws] * 3
    assert found.moved == sum(abs(each[row] - int(standing.rank[row])) for each in singles for row in found.rows)


def sensitivity_of_draw(standing: Standing, draw: int) -> list[int]:
    """The ranks in one draw of that test, by the slow reading."""
    weights = drawn_weights("hạt giống", draw, MAXIMA, Fraction(1, 2))
    rows = [("20", "10", "10"), ("0", "25", "15"), ("10", "20", "10")]
    places, _ = competition_ranks([exact_half_up(slow_total(row, weights), 2) for row in rows])
    return places


def test_the_same_seed_draws_the_same_however_many_draws_are_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"{n % 20}", f"{n * 7 % 50}", f"{n * 13 % 30}") for n in range(40)]
    standing = a_standing(rows)

    def drawn(seed: str) -> tuple[list[Any], ...]:
        found: Sensitivity = sensitivity(standing, standing.codes, TENTH, 150, seed)
        return found.rows.tolist(), found.ranks.tolist(), found.classes.tolist(), [found.moved]

    first = drawn("một")
    monkeypatch.setattr(module, "TOGETHER", 7)
    monkeypatch.setattr(module, "UNITS_TOGETHER", 3)
    assert drawn("một") == first
    assert drawn("hai") != first


def test_what_int64_cannot_hold_is_worked_out_by_whole_numbers_without_end() -> None:
    rows = [("10", "40", "30"), ("20", "31", "28")]
    standing = a_standing(rows)
    [part] = compositions(standing.board, np.flatnonzero(standing.ranked))
    huge = drawn_factors("", [1], GROUPS, Fraction(1, 10**15 + 37))

    above, below = part.totals(huge)

    exact = [slow_total(row, drawn_weights("", 1, MAXIMA, Fraction(1, 10**15 + 37))) for row in rows]
    assert above.dtype == object
    assert part.rounded(huge).tolist() == [[int(exact_half_up(each, 2) * 100) for each in exact]]
    assert [Fraction(int(each), int(below[0, 0])) / 100 for each in above[0]] == exact


def test_a_deviation_is_the_first_three_bytes_of_the_digest() -> None:
    assert step_of("2026", 17, "payment") == int(hashlib.sha256(b"2026\n17\npayment").hexdigest()[:6], 16)
    assert STEPS == 16_777_215


def test_margins_are_points_to_the_next_places_and_to_the_edges_of_the_class() -> None:
    standing = a_standing([("20", "40", "30"), ("20", "35", "30"), ("20", "35", "30"), ("0", "10", "10")])

    above, below = rank_margins(standing)

    assert above == {0: None, 1: 500, 2: 500, 3: 6500}
    assert below == {0: 500, 1: 6500, 2: 6500, 3: None}
    bands = standing.board.framework.bands
    edges = [class_margins(bands, band, Decimal(total)) for band, total in ((0, 90), (1, 85), (4, 20), (-1, 0))]
    assert edges == [(None, 0), (5, 5), (30, None), (None, None)]
    assert [*class_margins(bands, 1, Decimal(93))] == [0, 13]  # the class above requires what the unit lacks
