"""Points stated against the points that the printed rates earn."""

import pytest

from tests.support.cohorts import a_criterion, a_framework, ratio
from tests.support.drafts import a_row, found, points, told


@pytest.mark.parametrize("stated", ["18,26", "18,3", "18"])
def test_points_that_the_rates_earn_are_passed(stated: str) -> None:
    row = a_row(rate="91,3%", indicator="on_time")

    assert told(rows=[row], scores={"groups": points(progress=stated)}) == []


def test_points_of_a_group_with_a_component_missing_are_not_computed() -> None:
    row = a_row(rate="60,55%", indicator="published_on_time")

    assert told(rows=[row], scores={"groups": points(transparency="17")}) == []


def test_points_that_the_rules_of_any_level_give_are_right() -> None:
    rules = [ratio("rate", full_at=50, levels=["commune"]), ratio("rate", levels=["department"])]
    framework = a_framework(
        a_criterion("group", 100, *rules), indicators=[{"code": "rate", "kind": "ratio", "name": {"vi": "Tỷ lệ"}}]
    )
    row = a_row("1/4", indicator="rate")

    for stated, is_right in (("50", True), ("25", True), ("30", False)):
        scores = {"groups": points(group=stated)}
        assert (told(framework=framework, rows=[row], scores=scores) == []) is is_right


def test_points_of_the_period_before_are_those_now_less_their_change() -> None:
    row = a_row(rate="100%", before={"rate": "96,91%"}, indicator="on_time")
    groups = {"progress": {"points": "20,0", "change": "+0,9"}}

    (one,) = found(rows=[row], scores={"groups": groups})

    assert (one.ref, one.rule, one.stated, one.expected) == ("progress", "points_differ", "19,1", "19,38")


@pytest.mark.parametrize(("rate", "is_found"), [("83%", False), ("83,0%", True)])
def test_a_rate_printed_coarsely_earns_points_within_its_rounding(rate: str, is_found: bool) -> None:
    rows, scores = [a_row(rate=rate, indicator="on_time")], {"groups": points(progress="16,7")}

    assert (told(rows=rows, scores=scores) != []) is is_found


def test_points_of_the_period_before_carry_the_rounding_of_their_change() -> None:
    row = a_row(rate="100%", before={"rate": "95,95%"}, indicator="on_time")  # 19,19 points; 20,0 − 0,9 is 19,1 ± 0,1

    assert told(rows=[row], scores={"groups": {"progress": {"points": "20,0", "change": "+0,9"}}}) == []


def test_points_are_expected_with_the_decimals_of_the_framework() -> None:
    framework = a_framework(
        a_criterion("group", 20, ratio("rate")),
        indicators=[{"code": "rate", "kind": "ratio", "name": {"vi": "Tỷ lệ"}}],
        rounding={"component": 1, "total": 1},
    )

    (one,) = found(
        framework=framework, rows=[a_row(rate="90,0%", indicator="rate")], scores={"groups": points(group="17,0")}
    )

    assert (one.rule, one.stated, one.expected) == ("points_differ", "17,0", "18,0")
