"""Totals, groups, changes and ranks within the rounding of their figures."""

from typing import Any

import pytest

from tests.support.cohorts import a_criterion, a_framework, reported
from tests.support.drafts import SIX, points, told


@pytest.mark.parametrize(("total", "is_found"), [("66,45", False), ("66,44", True), ("88,95", False), ("88,96", True)])
def test_an_absent_group_may_hold_nothing_up_to_its_max(total: str, is_found: bool) -> None:
    scores = {"groups": points(**SIX), "totals": [total]}  # 66,7 without the 22 points of digitization, ±0,25

    assert told(scores=scores) == ([("total", "total_differs_from_groups")] if is_found else [])


@pytest.mark.parametrize(("total", "is_found"), [("86,5", False), ("87,1", False), ("86,49", True), ("87,11", True)])
def test_six_groups_at_one_decimal_may_be_off_by_three_tenths(total: str, is_found: bool) -> None:
    scores = {"groups": points(**SIX, digitization="20,1"), "totals": [total]}

    assert told(scores=scores) == ([("total", "total_differs_from_groups")] if is_found else [])


def test_a_total_printed_coarser_than_the_groups_was_rounded_once_more() -> None:
    groups = points(transparency="13,23", progress="18,26", online="7,16", payment="8,31", satisfaction="18")

    assert told(scores={"groups": {**groups, "digitization": {"points": "16,80"}}, "totals": ["81,8"]}) == []


@pytest.mark.parametrize(("change", "is_found"), [("+4,06", False), ("+3,9", False), ("+3,89", True), ("5,1", False)])
def test_changes_of_six_groups_may_be_off_by_six_tenths(change: str, is_found: bool) -> None:
    groups = dict(zip((*SIX, "digitization"), ("+3,8", "+0,9", "-0,3", "+0,1", "0", "0"), strict=True))
    scores = {"groups": {code: {"change": each} for code, each in groups.items()}, "total_change": change}

    assert told(scores=scores) == ([("total", "changes_do_not_add_up")] if is_found else [])


def test_groups_of_a_view_add_up_too() -> None:
    legal = points(transparency="15", progress="18", online_services="20", satisfaction="17", digitization="19")

    assert told(scores={"groups": legal, "totals": ["89"]}) == []
    assert told(scores={"groups": legal, "totals": ["92"]}) == [("total", "total_differs_from_groups")]


def test_the_change_of_the_total_must_fit_one_of_the_totals() -> None:
    scores = {"totals": ["86,0", "86,02"], "total_before": "81,96", "total_change": "+4,06"}

    assert told(scores=scores) == []
    assert told(scores={**scores, "total_change": "-4,06"}) == [("total", "change_wrong")]


@pytest.mark.parametrize(
    "total", [{"adjustments": [{"indicator": "faults", "points": -2}]}, {"share_of_applicable": True}]
)
def test_groups_are_not_added_up_where_the_total_is_more_than_their_sum(total: dict[str, Any]) -> None:
    tops = [a_criterion("left", 50, reported("left_points")), a_criterion("right", 50, reported("right_points"))]

    scores = {"groups": points(left="40", right="30"), "totals": ["68"]}

    assert told(framework=a_framework(*tops, total=total), scores=scores) == []
    assert told(framework=a_framework(*tops), scores=scores) == [("total", "total_differs_from_groups")]


def test_groups_of_a_weighted_mean_are_not_added_up() -> None:
    mean = {"rules": [{"kind": "weighted_mean"}]}
    framework = a_framework(
        a_criterion("left", 100, reported("left_points")),
        a_criterion("right", 100, reported("right_points")),
        total=mean,
    )

    scores = {"groups": points(left="80", right="60"), "totals": ["70"]}

    assert told(framework=framework, scores=scores) == []


@pytest.mark.parametrize(
    ("rank_before", "rank", "change"),
    [("22/23", "08/23", "+14"), ("21", "28", "giảm 07 bậc"), ("14/63", "14/63", "bằng kỳ trước"), ("22", "8", "14")],
)
def test_a_move_up_is_positive(rank_before: str, rank: str, change: str) -> None:
    assert told(scores={"rank": rank, "rank_before": rank_before, "rank_change": change}) == []


def test_the_change_of_an_absent_group_may_go_either_way() -> None:
    scores = {"groups": {"online": {"change": "+1,0"}}, "total_change": "-50"}

    assert told(scores=scores) == []


def test_changes_that_are_all_whole_were_printed_like_the_points() -> None:
    groups = {code: {"points": stated, "change": "0"} for code, stated in {**SIX, "digitization": "20,1"}.items()}
    scores = {"groups": groups, "total_change": "+0,7"}

    assert told(scores=scores) == [("total", "changes_do_not_add_up")]


@pytest.mark.parametrize("stated", ["-1", "18,1", "13/12"])
def test_points_lie_between_nothing_and_the_most_that_is_printed_or_can_be_had(stated: str) -> None:
    assert told(scores={"groups": points(transparency=stated)}) == [("transparency", "points_exceed_max")]
