"""Changes between two boards, and when there is none to speak of."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.domain.frameworks.framework import Framework
from app.domain.scoring.basis import support
from app.domain.scoring.changes import Changes, ComparedBoard, DifferenceArray, UnitsChanged, compare
from app.domain.scoring.ranking import rank_and_classify
from app.domain.scoring.score import score
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio, reported

VIEW = [{"code": "legal", "name": {"vi": "x"}, "groups": [{"code": "all", "name": {"vi": "x"}, "members": ["g", "h"]}]}]


def rules(**overrides: Any) -> Framework:
    total = {"rules": [{"kind": "sum", "optional": True}, reported("total")], "max": 100}
    leaves = [a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b"))]
    return a_framework(*leaves, total=total, views=VIEW, **overrides)


def standing(framework: Framework, codes: str, **table: list[Cell]) -> ComparedBoard:
    """A board whose figures were all printed with two decimals and looked up at one moment."""
    board = score(framework, "commune", columns_of(table), len(codes))
    told = ({code: np.full(len(codes), each) for code in table} for each in (1, 2))
    return ComparedBoard(rank_and_classify(board, list(codes), list(codes)), support(board, *told))


def test_points_and_groups_are_subtracted_and_a_better_place_is_positive() -> None:
    before = standing(rules(), "ABC", a=["50", "60", "70"], b=["50", "50", "50"])
    now = standing(rules(), "ABC", a=["90", "60", "65"], b=["50", "50", "49"])

    changes = compare(now, before)

    assert changes.total.points.tolist() == [2400, 0, -340]
    assert changes.rank.points.tolist() == [2, -1, -1]
    assert changes.groups["g"].points.tolist() == [2400, 0, -300]
    assert changes.groups["h"].points.tolist() == [0, 0, -40]
    assert changes.flags == {}


def test_twenty_two_to_eight_is_fourteen_up() -> None:
    codes = "ABCDEFGHIJKLMNOPQRSTUVW"
    ahead: list[Cell] = [str(90 - row) for row in range(23)]
    before = standing(rules(), codes, a=ahead, b=ahead)
    risen = [*ahead[:21], "83.5", ahead[22]]

    now = standing(rules(), codes, a=risen, b=risen)

    assert (before.standing.rank[21], now.standing.rank[21]) == (22, 8)
    assert compare(now, before).rank.points[21] == 14


def test_units_are_found_by_code_and_a_new_one_has_no_change() -> None:
    before = standing(rules(), "BA", a=["60", "50"], b=["50", "50"])
    now = standing(rules(), "ABC", a=["60", "60", "60"], b=["50", "50", "50"])

    changes = compare(now, before)

    assert changes.total.points.tolist() == [600, 0, 0]
    assert changes.total.known.tolist() == [True, True, False]


def test_another_set_of_ranked_units_empties_the_rank_alone() -> None:
    before = standing(rules(), "ABC", a=["50", "60", "70"], b=["50", "50", "50"])
    now = standing(rules(), "ABC", a=["50", "60", None], b=["50", "50", "50"])

    changes = compare(now, before)

    assert not changes.rank.known.any()
    assert changes.total.known.tolist() == [True, True, False]
    assert changes.flags["cohort_changed"].tolist() == [True, True, True]


def test_another_framework_version_empties_everything() -> None:
    before = standing(rules(version="1"), "AB", a=["50", "60"], b=["50", "50"])
    now = standing(rules(version="2"), "AB", a=["50", "60"], b=["50", "50"])

    changes = compare(now, before)

    for difference in (changes.total, changes.rank, *changes.groups.values()):
        assert not difference.known.any()
    assert list(changes.flags) == ["rules_changed"]
    assert list(changes.groups) == ["g", "h"]


def test_between_a_computed_and_a_reported_total_there_is_no_change() -> None:
    before = standing(rules(), "AB", a=[None, "60"], b=[None, "50"], total=["60", None])
    now = standing(rules(), "AB", a=["50", "60"], b=["50", "50"], total=[None, None])

    changes = compare(now, before)

    assert changes.total.known.tolist() == [False, True]
    assert changes.flags["method_changed"].tolist() == [True, False]
    assert changes.flags["basis_changed"].tolist() == [True, False]
    assert changes.groups["g"].known.tolist() == [False, True]


def test_the_groups_compared_follow_the_view() -> None:
    before = standing(rules(), "A", a=["50"], b=["50"])
    now = standing(rules(), "A", a=["60"], b=["60"])

    changes = compare(now, before, "legal")

    assert {code: group.points.tolist() for code, group in changes.groups.items()} == {"all": [1000]}


def test_a_board_of_nobody_compares_with_anything() -> None:
    before = standing(rules(), "", a=[], b=[])
    now = standing(rules(), "A", a=["60"], b=["60"])

    assert compare(now, before).total.known.tolist() == [False]
    assert compare(before, now).total.known.tolist() == []


def tree(**overrides: Any) -> Framework:
    """A group of two components, which a source may state as a whole, beside one that is stated always."""
    parts = [
        a_criterion("1", 30, reported("one", optional=True), ratio("a")),
        a_criterion("2", 30, ratio("b")),
        a_criterion("statistic", 0, reported("s", optional=True), ratio("b")),
    ]
    group = a_criterion("g", 60, reported("group", optional=True), criteria=parts)
    total = {"rules": [reported("total", optional=True)], "max": 100}
    return a_framework(group, a_criterion("h", 40, reported("c")), total=total, **overrides)


def both(before: Mapping[str, Cell], now: Mapping[str, Cell], rules: Framework, **changes: Any) -> Changes:
    """The changes of the one unit A between two boards."""
    earlier, later = (standing(rules, "A", **{code: [cell] for code, cell in each.items()}) for each in (before, now))
    return compare(later, earlier, **changes)


def told(changes: Changes) -> tuple[int | None, dict[str, int | None], list[str]]:
    """The change of the total, those of the groups, and the flags of the one unit."""
    one = {code: _points(each) for code, each in {"total": changes.total, **changes.groups}.items()}
    return one.pop("total"), one, sorted(changes.flags)


def _points(each: DifferenceArray) -> int | None:
    return int(each.points[0]) if each.known[0] else None


WHOLE: dict[str, Cell] = {"a": "50", "b": "50", "c": "20"}


def test_a_group_without_points_on_either_side_leaves_the_total_without_a_change() -> None:
    lacking: dict[str, Cell] = {"a": "60", "b": "50"}

    assert told(both(WHOLE, lacking, tree())) == (None, {"g": 300, "h": None}, ["cohort_changed", "method_changed"])
    assert told(both(lacking, WHOLE, tree())) == (
        None,
        {"g": -300, "h": None},
        ["before_incomplete", "cohort_changed", "method_changed"],
    )


def test_a_group_that_is_partial_on_either_side_has_no_change_nor_has_the_total() -> None:
    partial: dict[str, Cell] = {"a": "60", "c": "25"}

    assert told(both(WHOLE, partial, tree())) == (None, {"g": None, "h": 500}, ["cohort_changed"])
    assert told(both(partial, WHOLE, tree())) == (None, {"g": None, "h": -500}, ["before_incomplete", "cohort_changed"])


def test_a_stated_total_is_whole_beside_a_partial_group() -> None:
    before, now = {"a": "60", "c": "25", "total": "70"}, {**WHOLE, "total": "72.5"}

    assert told(both(before, now, tree())) == (250, {"g": None, "h": -500}, ["before_incomplete"])


def test_a_stated_total_and_a_sum_do_not_compare_although_all_of_it_is_reported() -> None:
    stated: dict[str, Cell] = {"group": "50", "c": "20", "total": "71"}

    assert told(both(stated, {"group": "51", "c": "20"}, tree())) == (
        None,
        {"g": 100, "h": 0},
        ["basis_changed"],
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"group": "30"}, {"a": "50", "b": "50"}),
        ({"group": "30"}, {"one": "15", "b": "50"}),
        ({"one": "15", "b": "50"}, {"a": "50", "b": "50"}),
    ],
    ids=["the group stated, then its components known", "stated, then added up", "a component stated, then computed"],
)
def test_a_group_on_another_basis_has_no_change_nor_has_the_total(
    before: dict[str, Cell], now: dict[str, Cell]
) -> None:
    total, groups, flags = told(both({**before, "c": "20"}, {**now, "c": "22"}, tree()))

    assert (total, groups) == (None, {"g": None, "h": 200})
    assert "basis_changed" in flags


def test_on_one_basis_a_mixed_total_compares() -> None:
    before: dict[str, Cell] = {"one": "15", "b": "50", "c": "20"}

    assert told(both(before, {**before, "one": "16"}, tree())) == (100, {"g": 100, "h": 0}, [])


def test_a_statistic_on_another_basis_changes_nothing() -> None:
    assert told(both(WHOLE, {**WHOLE, "s": "0"}, tree())) == (0, {"g": 0, "h": 0}, [])


TOP_STATISTIC = [
    {"code": "legal", "name": {"vi": "x"}, "groups": [{"code": "all", "name": {"vi": "x"}, "members": ["g", "t"]}]}
]


def with_statistic() -> Framework:
    return a_framework(
        a_criterion("g", 100, ratio("a")),
        a_criterion("t", 0, reported("t")),
        views=TOP_STATISTIC,
    )


def test_a_total_rests_on_the_figures_that_adjust_it_too() -> None:
    total = {"adjustments": [{"indicator": "faults", "points": -2}]}
    rules = a_framework(a_criterion("g", 100, ratio("a")), total=total)
    board = score(rules, "commune", columns_of({"a": ["50", "50"], "faults": ["1", None]}), 2)

    found = support(board, {"a": np.array([1, 1]), "faults": np.array([9, 9])}, {})

    assert found.observed_at.tolist() == [9, 1]


def test_a_statistic_stands_in_the_way_of_no_view_and_its_look_up_counts_for_nothing() -> None:
    assert told(both({"a": "50"}, {"a": "60"}, with_statistic(), view_code="legal"))[1] == {"all": 1000}
    board = score(with_statistic(), "commune", columns_of({"a": ["50"], "t": ["0"]}), 1)
    assert support(board, {"a": np.array([1]), "t": np.array([9])}, {}).observed_at.tolist() == [1]


def test_a_member_that_is_left_out_on_both_sides_stands_in_the_way_of_no_view() -> None:
    rules = a_framework(
        a_criterion("g", 60, ratio("a")),
        a_criterion("h", 40, ratio("b"), missing={"no_value": "exclude"}),
        views=VIEW,
    )

    assert told(both({"a": "50"}, {"a": "60"}, rules, view_code="legal"))[1] == {"all": 600}
    assert told(both({"a": "50"}, {"a": "60", "b": "10"}, rules, view_code="legal"))[1] == {"all": None}


def test_points_by_policy_go_with_every_basis() -> None:
    rules = a_framework(
        a_criterion("g", 60, ratio("a"), missing={"zero_denominator": "full"}), a_criterion("h", 40, ratio("b"))
    )

    changes = both({"a": "0/0", "b": "50"}, {"a": "1/2", "b": "50"}, rules)

    assert told(changes) == (-3000, {"g": -3000, "h": 0}, [])


def test_a_unit_that_an_event_made_another_body_has_no_change() -> None:
    changes = both(WHOLE, WHOLE, tree(), units=UnitsChanged(reformed=frozenset("A")))

    assert told(changes) == (None, {"g": None, "h": None}, ["unit_changed"])
    assert not changes.rank.known.any()


def test_a_unit_that_moved_keeps_its_changes_but_for_the_rank() -> None:
    before = standing(tree(), "AB", a=["50", "60"], b=["50", "50"], c=["20", "20"])

    changes = compare(before, before, units=UnitsChanged(moved=frozenset("A")))

    assert changes.total.known.tolist() == [True, True]
    assert changes.rank.known.tolist() == [False, True]
    assert changes.flags["cohort_changed"].tolist() == [True, False]


def test_the_group_of_a_view_has_no_change_unless_each_of_its_members_has_one() -> None:
    partial: dict[str, Cell] = {"a": "60", "c": "25"}
    rules = tree(views=VIEW)

    assert told(both(WHOLE, WHOLE, rules, view_code="legal"))[1] == {"all": 0}
    assert told(both(WHOLE, partial, rules, view_code="legal"))[1] == {"all": None}


def printed(
    figures: dict[str, Cell], decimals: dict[str, int], looked_up: dict[str, int] | None = None
) -> ComparedBoard:
    """The unit A, its figures printed with so many decimals and looked up at such moments."""
    board = score(tree(), "commune", columns_of({code: [cell] for code, cell in figures.items()}), 1)
    moments = {code: np.array([(looked_up or {}).get(code, 1)]) for code in figures}
    places = {code: np.array([decimals.get(code, 0)]) for code in figures}
    return ComparedBoard(rank_and_classify(board, ["A"], ["A"]), support(board, moments, places))


def test_a_sum_of_stated_groups_is_derived_and_has_no_change_where_all_are_printed_coarsely() -> None:
    stated: dict[str, Cell] = {"group": "50.4", "c": "20"}
    coarse, fine = printed(stated, {"group": 1}), printed(stated, {"group": 2})

    assert (coarse.support.derived.tolist(), coarse.support.coarse.tolist()) == ([True], [True])
    assert (fine.support.derived.tolist(), fine.support.coarse.tolist()) == ([True], [False])
    assert told(compare(coarse, coarse)) == (None, {"g": 0, "h": 0}, ["derived_total"])
    assert told(compare(fine, coarse)) == (None, {"g": 0, "h": 0}, ["derived_total"])
    assert told(compare(fine, fine)) == (0, {"g": 0, "h": 0}, [])


def test_a_sum_of_computed_and_stated_groups_is_derived_where_these_are_printed_coarsely() -> None:
    mixed: dict[str, Cell] = {"a": "50", "b": "50", "c": "20.4"}

    assert printed(mixed, {"c": 1}).support.derived.tolist() == [True]
    assert printed(mixed, {"c": 2}).support.derived.tolist() == [False]


def test_a_sum_that_misses_something_is_said_to_be_that_and_not_derived() -> None:
    assert printed({"group": "50.4"}, {"group": 1}).support.derived.tolist() == [False]
    assert printed({"a": "50", "c": "20.4"}, {"c": 1}).support.derived.tolist() == [False]


def test_what_is_stated_beneath_a_stated_total_makes_it_no_sum() -> None:
    stated: dict[str, Cell] = {"group": "50.4", "c": "20", "total": "70.41"}

    assert printed(stated, {"group": 1, "total": 2}).support.derived.tolist() == [False]


def test_the_look_up_of_a_total_is_the_latest_of_the_figures_it_rests_on() -> None:
    moments = {"a": 5, "b": 3, "c": 4, "s": 9, "group": 8, "total": 7}

    def latest(*codes: str) -> tuple[int, int]:
        figures: dict[str, Cell] = dict.fromkeys(codes, "20")
        found = printed(figures, {}, moments).support
        return int(found.observed_at[0]), int(found.groups["g"][0])

    assert latest("a", "b", "c") == (5, 5)
    assert latest("b", "c", "s") == (4, 3)
    assert latest("a", "b", "c", "group") == (8, 8)
    assert latest("a", "b", "c", "total") == (7, 5)
    assert latest("s") == (0, 0)


def test_between_two_moments_what_was_not_looked_up_again_has_no_change() -> None:
    first = printed(WHOLE, {"c": 2}, {"a": 1, "b": 1, "c": 1})
    again = printed({**WHOLE, "c": "22"}, {"c": 2}, {"a": 1, "b": 1, "c": 2})

    assert told(compare(first, first, same_period=True)) == (None, {"g": None, "h": None}, ["not_observed_again"])
    assert told(compare(again, first, same_period=True)) == (200, {"g": None, "h": 200}, [])
    assert not compare(first, first, same_period=True).rank.known.any()
