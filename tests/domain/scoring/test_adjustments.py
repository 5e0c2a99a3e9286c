"""Bonus and penalty points behind the rules of the total: limited, clamped, and shown line by line."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.check import canonical
from app.domain.frameworks.framework import Framework
from app.domain.scoring.explain import Explained, explain
from app.domain.scoring.ranking import rank_and_classify
from app.domain.scoring.score import score
from tests.domain.scoring.test_explain import assert_true
from tests.support.cohorts import (
    Cell,
    a_criterion,
    a_framework,
    columns_of,
    decimals,
    exact_half_up,
    ratio,
    reported,
    scored,
    totals,
)
from tests.support.framework_documents import faults_of, found, with_set

PENALTY = {
    "indicator": "faults",
    "points": -2,
    "at_most": 5,
    "name": {"vi": "Lỗi kỹ thuật", "en": "Technical faults"},
    "legal_ref": "Quyết định 1",
}
BONUS = {"indicator": "ideas", "points": 1, "per": 2, "at_most": 3, "name": {"vi": "Sáng kiến"}}


def framework(*adjustments: dict[str, Any], **overrides: Any) -> Framework:
    tops = [a_criterion("a", 60, ratio("a")), a_criterion("b", 40, ratio("b"))]
    return a_framework(*tops, total={"adjustments": list(adjustments), **overrides.pop("total", {})}, **overrides)


def table(faults: list[Cell], ideas: list[Cell] | None = None, rate: Cell = "50") -> dict[str, list[Cell]]:
    size = len(faults)
    return {"a": [rate] * size, "b": [rate] * size, "faults": faults, "ideas": ideas or [None] * size}


def explained(rules: Framework, **cells: Cell) -> Explained:
    columns = columns_of({code: [cell] for code, cell in cells.items()})
    return explain(score(rules, "commune", columns, 1), columns, 0, {}, {})


def test_a_penalty_is_taken_off_for_each_case_up_to_its_limit() -> None:
    assert totals(scored(framework(PENALTY), table(["0", "1", "2", "3"]))) == decimals("50", "48", "46", "45")


def test_a_bonus_is_added_in_proportion() -> None:
    board = scored(framework(PENALTY, BONUS), table(["1", "1"], ["3", "100"]))

    assert totals(board) == decimals("49.5", "51")


def test_without_a_figure_nothing_is_adjusted_and_nothing_is_missing() -> None:
    board = scored(framework(PENALTY), table([None, "1"]))

    assert totals(board) == decimals("50", "48")
    assert [board.coverage(unit) for unit in (0, 1)] == [1, 1]
    assert board.flags["adjusted"].tolist() == [False, True]


def test_the_total_stays_between_nothing_and_its_maximum() -> None:
    rules = framework({**PENALTY, "at_most": None}, {**BONUS, "at_most": None})

    board = scored(rules, table(["99", None], [None, "999"]))

    assert totals(board) == decimals("0", "100")


def test_class_and_rank_read_the_adjusted_total() -> None:
    board = scored(framework(PENALTY), table(["1", "0"], rate="90"))

    standing = rank_and_classify(board, ["x", "y"], ["x", "y"])

    assert standing.rank.tolist() == [2, 1]
    assert [board.framework.bands[place].code for place in standing.band] == ["good", "excellent"]


def test_groups_stay_as_they_are_and_a_reported_total_is_adjusted_too() -> None:
    rules = framework(PENALTY, total={"rules": [reported("total", optional=True), {"kind": "sum"}]})

    board = scored(rules, {"total": ["81.77"], "faults": ["1"]})

    assert totals(board) == decimals("79.77")
    assert board.ruled_total.points.tolist() == [8177]


def test_a_unit_without_a_total_gets_none_by_a_bonus() -> None:
    assert totals(scored(framework(BONUS), {"ideas": ["4"]})) == decimals(None)


def test_a_bonus_lowers_no_total_that_a_source_states_above_the_maximum() -> None:
    rules = framework(BONUS, PENALTY, total={"rules": [reported("stated")]})
    figures: dict[str, list[Cell]] = {
        "stated": ["102", "102", "102"],
        "ideas": [None, "4", None],
        "faults": [None, None, "1"],
    }

    assert totals(scored(rules, figures)) == decimals("102", "102", "100")


def test_a_penalty_of_half_a_cent_is_rounded_as_a_bonus_of_its_size_is() -> None:
    board = scored(framework({**PENALTY, "per": 400}, {**BONUS, "per": 200}), table(["1"], ["1"]))

    assert [each.points.tolist() for each in board.adjustments] == [[-1], [1]]


def test_each_adjustment_is_a_line_of_its_own_and_the_sentence_tells_them_all() -> None:
    total = explained(framework(PENALTY, BONUS), a="50", b="50", faults="3", ideas="1")

    penalty, bonus = total.adjustments
    assert (penalty.points, penalty.arithmetic, penalty.legal_ref) == (Decimal(-5), "min(2 × 3, 5) = 5", "Quyết định 1")
    assert (bonus.points, bonus.arithmetic) == (Decimal("0.5"), "1 × 1 / 2 = 0.5")
    assert (penalty.sentence, bonus.sentence) == ("Lỗi kỹ thuật: trừ 5 điểm", "Sáng kiến: cộng 0,5 điểm")
    assert (total.points, total.unadjusted) == (Decimal("45.5"), Decimal(50))
    assert total.arithmetic == "30 + 20 = 50; 50 − 5 + 0.5 = 45.5"
    assert total.sentence == (
        "Tổng điểm: tổng các tiêu chí thành phần là 50/100 điểm; điều chỉnh: trừ 5 điểm (Lỗi kỹ thuật), cộng 0,5 điểm "
        "(Sáng kiến); tổng điểm sau điều chỉnh là 45,5/100 điểm"
    )


def test_an_adjustment_without_a_figure_says_so_and_leaves_the_total_as_it_was() -> None:
    total = explained(framework(PENALTY), a="50", b="50")

    assert total.adjustments[0].points is None
    assert total.adjustments[0].sentence == "Lỗi kỹ thuật: chưa có số liệu nên không điều chỉnh"
    assert (total.arithmetic, total.unadjusted) == ("30 + 20 = 50", Decimal(50))


FIGURE = st.one_of(
    st.none(), st.decimals(-3, 40, places=4).map(str), st.sampled_from(["1/3", "0/0", "900000000000000"])
)
AMOUNT = st.decimals("0.0001", 9, places=4).map(str)


@given(st.data())
@settings(deadline=None)
def test_the_total_is_what_slow_fractions_make_of_its_adjustments(data: st.DataObject) -> None:
    stated = [
        {
            "indicator": code,
            "points": data.draw(st.sampled_from(["", "-"])) + data.draw(AMOUNT),
            "per": data.draw(AMOUNT),
            "at_most": data.draw(st.one_of(st.none(), AMOUNT)),
        }
        for code in ("x", "y")
    ]
    places = {"component": data.draw(st.integers(0, 4)), "total": data.draw(st.integers(0, 4))}
    rules = framework(*stated, rounding=places)
    cells = {code: data.draw(FIGURE) for code in ("x", "y")} | {
        "a": "1/3",
        "b": data.draw(st.sampled_from(["7", "99.5"])),
    }

    total = explained(rules, **cells)

    board = scored(rules, {code: [cell] for code, cell in cells.items()})
    below = sum((Fraction(int(board.nodes[c].points[0]), 10 ** places["component"]) for c in "ab"), Fraction(0))
    parts = [expected(each, cells[str(each["indicator"])], places["component"]) for each in stated]
    moved = sum((part for part in parts if part is not None), Fraction(0))
    exact = min(max(below + moved, Fraction(0)), Fraction(100)) if moved else below
    assert totals(board) == [Decimal(str(float(0)))] or Fraction(totals(board)[0] or 0) == exact_half_up(
        exact, places["total"]
    )
    assert [None if line.points is None else Fraction(line.points) for line in total.adjustments] == parts
    for line in total.adjustments:
        if line.arithmetic is not None and line.points is not None:
            assert_true(line.arithmetic, abs(line.points), places["component"])


def expected(stated: dict[str, Any], cell: Cell, places: int) -> Fraction | None:
    if cell is None or cell == "0/0":
        return None
    figure = Fraction(100, 3) if cell == "1/3" else Fraction(cell)
    points = Fraction(stated["points"])
    size = max(abs(points) * figure / Fraction(stated["per"]), Fraction(0))
    size = size if stated["at_most"] is None else min(size, Fraction(stated["at_most"]))
    return exact_half_up(size, places) * (-1 if points < 0 else 1)


def test_a_framework_without_adjustments_keeps_its_bytes() -> None:
    assert b"adjustments" not in canonical(framework())


@pytest.mark.parametrize("name", ["per", "at_most"])
def test_what_limits_an_adjustment_is_above_nothing(name: str) -> None:
    adjustment = {"indicator": "dossiers", "points": 1, name: 0}

    assert found(with_set("total.adjustments", [adjustment])()) == {
        ("number_not_positive", f"/total/adjustments/0/{name}")
    }


def test_an_unknown_indicator_of_an_adjustment_is_named_with_the_nearest() -> None:
    (fault,) = faults_of(with_set("total.adjustments", [{"indicator": "dosiers", "points": 1}])())

    assert (fault.code, fault.pointer) == ("indicator_unknown", "/total/adjustments/0/indicator")
    assert fault.suggestion == "dossiers"
