"""Changes between two boards, and when there is none to speak of."""

from typing import Any

from app.domain.frameworks.framework import Framework
from app.domain.scoring.changes import compare
from app.domain.scoring.ranking import Standing, rank_and_classify
from app.domain.scoring.score import score
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio, reported

VIEW = [{"code": "legal", "name": {"vi": "x"}, "groups": [{"code": "all", "name": {"vi": "x"}, "members": ["g", "h"]}]}]


def rules(**overrides: Any) -> Framework:
    total = {"rules": [{"kind": "sum", "optional": True}, reported("total")], "max": 100}
    leaves = [a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b"))]
    return a_framework(*leaves, total=total, views=VIEW, **overrides)


def standing(framework: Framework, codes: str, **table: list[Cell]) -> Standing:
    columns = columns_of(table)
    return rank_and_classify(score(framework, "commune", columns, len(codes)), list(codes), list(codes))


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

    assert (before.rank[21], now.rank[21]) == (22, 8)
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
    assert changes.total.known.tolist() == [True, True, True]
    assert changes.flags["cohort_changed"].tolist() == [True, True, True]


def test_another_framework_version_empties_everything() -> None:
    before = standing(rules(version="1"), "AB", a=["50", "60"], b=["50", "50"])
    now = standing(rules(version="2"), "AB", a=["50", "60"], b=["50", "50"])

    changes = compare(now, before)

    for difference in (changes.total, changes.rank, *changes.groups.values()):
        assert not difference.known.any()
    assert list(changes.flags) == ["rules_changed"]
    assert list(changes.groups) == ["g", "h"]


def test_between_a_computed_and_a_reported_total_the_change_is_given_with_a_flag() -> None:
    before = standing(rules(), "AB", a=[None, "60"], b=[None, "50"], total=["60", None])
    now = standing(rules(), "AB", a=["50", "60"], b=["50", "50"], total=[None, None])

    changes = compare(now, before)

    assert changes.total.points.tolist() == [-1000, 0]
    assert changes.flags["method_changed"].tolist() == [True, False]
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
