"""Classes that demand points in single criteria: who falls, how far, and what is said of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.frameworks.check import canonical
from app.domain.frameworks.framework import Framework
from app.domain.scoring.board import Board
from app.domain.scoring.ranking import Standing, rank_and_classify
from app.domain.scoring.requirements import sentence_of_limit
from tests.support.cohorts import Cell, a_criterion, a_framework, ratio, reported, scored
from tests.support.framework_documents import a_document, faults_of, found, with_set

SPEED = {"vi": "Tiến độ", "en": "Speed"}
BANDS = (("excellent", 90), ("good", 80), ("fair", 70), ("weak", 0))


def framework(requires: dict[str, list[tuple[str, object]]], **overrides: Any) -> Framework:
    bands = [
        {
            "code": code,
            "name": {"vi": code.title()},
            "min": least,
            "requires": [{"criterion": of, "min": most} for of, most in requires.get(code, [])],
        }
        for code, least in BANDS
    ]
    leaf = a_criterion(
        "a1", 40, ratio("a"), missing={"zero_denominator": "exclude"}, name={"vi": "Tiến độ", "en": "Speed"}
    )
    tops = [a_criterion("a", 40, criteria=[leaf]), a_criterion("b", 60, ratio("b"))]
    return a_framework(*tops, bands=bands, **overrides)


def standing(rules: Framework, **cells: list[Cell]) -> Standing:
    board: Board = scored(rules, cells)
    codes = [str(unit) for unit in range(board.size)]
    return rank_and_classify(board, codes, codes)


def classes(found: Standing) -> list[str]:
    return [found.board.framework.bands[place].code for place in found.band.tolist()]


def test_a_unit_short_of_a_required_criterion_falls_to_the_next_class() -> None:
    rules = framework({"excellent": [("a1", 36)]})

    placed = standing(rules, a=["90", "80", "80"], b=["100", "100", "80"])

    assert classes(placed) == ["excellent", "good", "good"]
    assert placed.limited.tolist() == [False, True, False]
    assert placed.rank.tolist() == [1, 2, 3]


def test_it_falls_past_every_class_of_which_it_misses_something() -> None:
    rules = framework({"excellent": [("a", 38)], "good": [("a", 36), ("b", 10)], "fair": [("b", 60)]})

    assert classes(standing(rules, a=["80"], b=["99.9"])) == ["weak"]
    assert classes(standing(rules, a=["80"], b=["100"])) == ["fair"]


def test_points_count_as_they_are_shown() -> None:
    rules = framework({"excellent": [("a1", 36)]})

    assert classes(standing(rules, a=["89.99", "89.98"], b=["100", "100"])) == ["excellent", "good"]


def test_what_is_left_out_is_not_demanded_and_what_is_missing_is_not_met() -> None:
    total = {"rules": [reported("total", optional=True), {"kind": "sum"}]}
    rules = framework({"excellent": [("a1", 36)]}, total=total)

    placed = standing(rules, a=["0/0", None], b=["100", "100"], total=["95", "95"])

    assert classes(placed) == ["excellent", "good"]


def test_the_sentence_names_the_criterion_that_fell_short() -> None:
    rules = framework({"excellent": [("b", 1), ("a1", "36.5")]})
    board = standing(rules, a=["80", None], b=["100", "100"]).board
    excellent, good = rules.bands[:2]

    assert sentence_of_limit(board, 0, good, excellent, "vi") == (
        "xếp loại “Good”, không xếp “Excellent” vì Tiến độ được 32 điểm, dưới mức yêu cầu 36,5 điểm"
    )
    assert sentence_of_limit(board, 1, good, excellent, "vi") == (
        "xếp loại “Good”, không xếp “Excellent” vì Tiến độ chưa có điểm, trong khi yêu cầu ít nhất 36,5 điểm"
    )
    assert sentence_of_limit(board, 0, good, excellent, "en") == (
        "classed “Good” and not “Excellent”: Speed has 32 of at least 36.5 points"
    )


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=6), st.data())
def test_everybody_stands_in_the_highest_class_of_which_the_total_and_all_criteria_suffice(
    rates: list[tuple[int, int]], data: st.DataObject
) -> None:
    least = st.integers(0, 40)
    requires: dict[str, list[tuple[str, object]]] = {
        code: [("a1", data.draw(least)), ("b", data.draw(least))]
        for code in ("excellent", "good", "fair")
        if data.draw(st.booleans())
    }

    placed = standing(framework(requires), a=[str(a) for a, _ in rates], b=[str(b) for _, b in rates])

    for (a, b), code in zip(rates, classes(placed), strict=True):
        points = {"a1": 0.4 * a, "b": 0.6 * b}
        tenths = {name: round(10 * each) for name, each in points.items()}
        fits = [
            one
            for one, bound in BANDS
            if sum(tenths.values()) >= 10 * bound
            and all(tenths[of] >= 10 * int(str(most)) for of, most in requires.get(one, []))
        ]
        assert code == fits[0]


def test_bands_that_require_nothing_keep_their_bytes() -> None:
    assert b"requires" not in canonical(framework({}))


def a_requirement(**fields: object) -> dict[str, Any]:
    return with_set("bands.0.requires", [{"criterion": "1.1", "min": 20, **fields}])()


def test_a_component_may_be_required() -> None:
    assert faults_of(a_requirement()) == []


@pytest.mark.parametrize("least", [-1, "30.5"])
def test_no_more_can_be_required_than_there_is(least: object) -> None:
    assert found(a_requirement(min=least)) == {("points_out_of_range", "/bands/0/requires/0/min")}


def test_an_unknown_criterion_is_named_with_the_nearest() -> None:
    (fault,) = faults_of(a_requirement(criterion="qualitty"))

    assert (fault.code, fault.suggestion) == ("criterion_unknown", "quality")


def test_the_lowest_class_requires_nothing() -> None:
    whole = a_document()
    whole["bands"][1]["requires"] = [{"criterion": "quality", "min": 1}]
    (fault,) = faults_of(whole)

    assert fault.code == "lowest_band_requires"
    assert "mức xếp loại thấp nhất" in fault.detail("vi")
