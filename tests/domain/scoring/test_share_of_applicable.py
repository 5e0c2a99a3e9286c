"""A total that is the share earned of the points that apply: what is left out leaves its weight to the whole."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.check import canonical
from app.domain.frameworks.framework import Framework
from app.domain.scoring.explain import Explained, explain
from app.domain.scoring.score import score
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
    reported,
    scored,
    totals,
)

GONE = {"zero_denominator": "exclude"}


def leaf(code: str, most: object) -> dict[str, Any]:
    return a_criterion(code, most, ratio(code), missing=GONE)


def framework(**overrides: Any) -> Framework:
    groups = [
        a_criterion("a", 40, criteria=[leaf("a1", 24), leaf("a2", 16)], name={"vi": "Nhóm A", "en": "Group A"}),
        a_criterion("b", 60, criteria=[leaf("b1", 50), leaf("b2", 10)], name={"vi": "Nhóm B", "en": "Group B"}),
    ]
    total = {"share_of_applicable": True, **overrides.pop("total", {})}
    return a_framework(*groups, total=total, **overrides)


def explained(rules: Framework, **cells: Cell) -> Explained:
    columns = columns_of({code: [cell] for code, cell in cells.items()})
    return explain(score(rules, "commune", columns, 1), columns, 0, {}, {})


def test_68_points_32_of_84_that_apply_are_81_points_33() -> None:
    board = scored(framework(), {"a1": ["88"], "a2": ["0/0"], "b1": ["74.4"], "b2": ["100"]})

    assert points(board, "a") + points(board, "b") == decimals("21.12", "47.2")
    assert totals(board) == decimals("81.33")


def test_what_is_left_out_leaves_its_weight_to_the_whole_and_not_to_its_group() -> None:
    cells: dict[str, list[Cell]] = {"a1": ["100"], "a2": ["0/0"], "b1": ["50"], "b2": ["50"]}

    assert totals(scored(framework(), cells)) == decimals("64.29")  # (24 + 30) / 84
    assert totals(scored(framework(total={"share_of_applicable": False}), cells)) == decimals("70")


def test_a_missing_figure_still_applies() -> None:
    board = scored(
        framework(ranking={"incomplete": "ranked"}), {"a1": ["100"], "a2": [None], "b1": ["100"], "b2": ["0/0"]}
    )

    assert totals(board) == decimals("82.22")  # 74 / 90


def test_a_whole_group_may_be_left_out() -> None:
    board = scored(framework(), {"a1": ["0/0"], "a2": ["0/0"], "b1": ["50"], "b2": ["50"]})

    assert totals(board) == decimals("50")


def test_a_criterion_that_is_not_meant_for_the_level_does_not_apply() -> None:
    other = a_criterion("b", 60, ratio("b"), applies_to=["department"])
    rules = a_framework(a_criterion("a", 40, ratio("a")), other, total={"share_of_applicable": True})

    assert totals(scored(rules, {"a": ["50"], "b": ["50"]})) == decimals("50")


def test_a_total_that_a_source_states_stays_as_it_is() -> None:
    rules = framework(total={"rules": [reported("total", optional=True), {"kind": "sum"}]})

    assert totals(scored(rules, {"total": ["77"], "a1": ["0/0"], "a2": ["1"], "b1": ["1"], "b2": ["1"]})) == decimals(
        "77"
    )


def test_the_whole_of_what_applies_is_shown_worked_out_and_said() -> None:
    total = explained(framework(), a1="88", a2="0/0", b1="74.4", b2="100")

    assert total.arithmetic == "(21.12 + 47.2) × 100 / 84 ≈ 81.33"
    assert total.applicable == 84
    assert total.sentence == "Tổng điểm: đạt 68,32 điểm trên 84 điểm được áp dụng, quy đổi thành 81,33/100 điểm"
    assert total.criteria[0].sentence == (
        "Nhóm A: tổng các tiêu chí thành phần là 21,12 điểm trên 24 điểm được áp dụng"
    )
    assert total.criteria[1].sentence == "Nhóm B: tổng các tiêu chí thành phần là 47,2/60 điểm"


CELL = st.sampled_from([None, "0/0", "0", "33.3333", "2/3", "100"])


@given(st.data())
@settings(deadline=None)
def test_the_total_is_what_slow_fractions_make_of_the_points_that_apply(data: st.DataObject) -> None:
    places = {"component": data.draw(st.integers(0, 4)), "total": data.draw(st.integers(0, 4))}
    maxima = {"a1": 24, "a2": 16, "b1": 50, "b2": 10}
    cells = {code: data.draw(CELL) for code in maxima}
    rules = framework(rounding=places)

    total = explained(rules, **cells)

    figures = {code: {"2/3": Fraction(200, 3)}.get(str(cell)) for code, cell in cells.items()}
    earned = {
        code: exact_half_up((figures[code] or Fraction(str(cell))) * maxima[code] / 100, places["component"])
        for code, cell in cells.items()
        if cell not in (None, "0/0")
    }
    applies = sum(most for code, most in maxima.items() if cells[code] != "0/0")
    if not earned:
        assert total.points is None
        return
    exact = sum(earned.values(), Fraction(0)) * 100 / applies
    assert Fraction(total.points or 0) == exact_half_up(exact, places["total"])
    assert total.applicable == applies
    assert total.arithmetic is not None
    assert_true(total.arithmetic, total.points or Decimal(0), places["total"])


def test_a_framework_that_does_not_state_it_keeps_its_bytes() -> None:
    assert b"applicable" not in canonical(a_framework(a_criterion("a", 40, ratio("a"))))


@pytest.mark.parametrize("size", [4_000_000])
def test_large_maxima_stay_exact(size: int) -> None:
    tops = [a_criterion("a", size, ratio("a"), missing=GONE), a_criterion("b", 3, ratio("b"), missing=GONE)]
    rules = a_framework(*tops, total={"share_of_applicable": True}, rounding={"component": 6, "total": 6})

    assert totals(scored(rules, {"a": ["0/0"], "b": ["1/3"]})) == [Decimal("1333334.333333")]
