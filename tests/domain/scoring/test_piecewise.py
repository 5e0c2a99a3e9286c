"""Points along straight lines between given points: exact everywhere, constant outside."""

import pytest

from app.domain.scoring.explain import Explained
from tests.domain.scoring.test_explain import assert_true, only
from tests.support.cohorts import Cell, decimals, earned
from tests.support.framework_documents import faults_of, found, with_set

LINE: dict[str, object] = {
    "kind": "piecewise",
    "indicator": "x",
    "points": [{"at": 50, "points": 0}, {"at": 80, "points": 15}, {"at": 95, "points": 22}],
}
FALLING: dict[str, object] = {
    "kind": "piecewise",
    "indicator": "x",
    "points": [{"at": 0, "points": 22}, {"at": 3, "points": 12}, {"at": 10, "points": 0}],
}


def explained(cell: Cell, rule: dict[str, object] = LINE) -> Explained:
    return only(rule, cell)


def test_points_lie_on_the_line_between_two_knots() -> None:
    assert earned(LINE, "50", "65", "80", "90", "95", max=22) == decimals("0", "7.5", "15", "19.67", "22")


def test_outside_of_all_knots_the_outermost_points_stand() -> None:
    assert earned(LINE, "0", "49.9999", "95.0001", "100", max=22) == decimals("0", "0", "22", "22")


def test_lines_may_fall_so_that_less_is_better() -> None:
    assert earned(FALLING, "0", "1", "3", "6.5", "12", max=22) == decimals("22", "18.67", "12", "6", "0")


def test_counts_are_read_before_the_rounded_rate() -> None:
    assert earned(LINE, "2/3=66.67", max=22) == decimals("8.33")


def test_a_tie_at_half_a_cent_goes_up() -> None:
    assert earned(LINE, "50.01", max=22) == decimals("0.01")


@pytest.mark.parametrize("rule", [LINE, FALLING])
@pytest.mark.parametrize("cell", ["0", "1", "3", "50", "65.4321", "2/3", "80", "90", "95", "99"])
def test_the_printed_equation_is_true(cell: str, rule: dict[str, object]) -> None:
    node = explained(cell, rule)

    assert node.arithmetic is not None
    assert node.points is not None
    assert_true(node.arithmetic, node.points, 2)


def test_the_sentence_names_the_points_on_either_side() -> None:
    node = explained("90")

    assert node.arithmetic == "15 + (90 − 80) × 7 / (95 − 80) ≈ 19.67"
    assert node.sentence == "Số hóa hồ sơ: 90% nằm giữa mức 80% (15 điểm) và mức 95% (22 điểm), được 19,67/22 điểm"
    assert node.sentence_en == (
        "Digitization: 90% lies between 80% (15 points) and 95% (22 points): 19.67 of 22 points"
    )


def test_outside_the_sentence_names_the_end_of_the_line() -> None:
    assert explained("40").sentence == "Số hóa hồ sơ: 40% thấp hơn mức bắt đầu 50%, được 0/22 điểm"
    assert explained("96").sentence == "Số hóa hồ sơ: 96% đạt mức 95% trở lên, điểm không thay đổi nữa, được 22/22 điểm"
    assert explained("96").arithmetic == "96 ≥ 95 → 22"


def a_line(*knots: tuple[object, object]) -> dict[str, object]:
    return {"kind": "piecewise", "indicator": "on_time", "points": [{"at": at, "points": p} for at, p in knots]}


def test_points_beyond_the_maximum_are_refused() -> None:
    whole = with_set("criteria.1.rules.0", a_line((0, 0), (90, 61)))()

    assert found(whole) == {("points_out_of_range", "/criteria/1/rules/0/points/1/points")}


def test_points_finer_than_the_rounding_are_refused() -> None:
    whole = with_set("criteria.1.rules.0", a_line((0, "0.125"), (90, 60)))()

    assert found(whole) == {("points_too_fine", "/criteria/1/rules/0/points/0/points")}


def test_a_line_needs_two_points() -> None:
    assert found(with_set("criteria.1.rules.0", a_line((0, 0)))()) == {("knots_too_few", "/criteria/1/rules/0/points")}


def test_falling_figures_are_named_in_vietnamese() -> None:
    (fault,) = faults_of(with_set("criteria.1.rules.0", a_line((90, 60), (50, 0)))())

    assert fault.detail("vi").startswith("“quality” (Tiêu chí quality): `at` là 50 đứng sau 90;")
