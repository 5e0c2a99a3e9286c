"""The layout of a framework itself: its criteria in order, with the indicators that their rules read."""

from typing import Any

from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import Level
from app.reports.rules.layouts import lines_of
from app.reports.rules.own_layout import own_layout
from tests.make import a_framework


def ratio(indicator: str, **more: Any) -> dict[str, Any]:
    return {"kind": "ratio", "indicator": indicator, **more}


def reported(indicator: str) -> dict[str, Any]:
    return {"kind": "reported", "indicator": indicator, "optional": True}


def a_criterion(code: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "name": {"vi": f"Tiêu chí {code}"}, "max": 10, "rules": list(rules), **more}


def rows(*criteria: dict[str, Any], level: Level = "commune", **more: Any) -> list[tuple[Any, ...]]:
    """The rows as (number, heading, depth, what they print)."""
    framework = Framework.model_validate(a_framework(criteria=list(criteria), **more))
    layout = own_layout(framework, level)
    return [
        (line.row.number, line.row.heading.vi, line.depth, line.row.group or line.row.indicator or line.row.kind)
        for line in lines_of(layout)
    ]


ENDS = ["total", "rank", "rank"]


def test_groups_stand_above_their_components_and_total_and_ranks_at_the_end() -> None:
    found = rows(
        a_criterion("openness", criteria=[a_criterion("1.1", ratio("a")), a_criterion("1.2b", ratio("b"))]),
        a_criterion("speed", criteria=[a_criterion("fast", ratio("c"))]),
    )

    assert found[:-3] == [
        ("1", "Tiêu chí openness", 0, "openness"),
        ("1.1", "Tiêu chí 1.1", 1, "a"),
        ("1.2b", "Tiêu chí 1.2b", 1, "b"),
        ("2", "Tiêu chí speed", 0, "speed"),
        ("2.1", "Tiêu chí fast", 1, "c"),
    ]
    assert [row[3] for row in found[-3:]] == ENDS


def test_an_indicator_below_a_group_goes_by_its_own_name() -> None:
    found = rows(a_criterion("speed", ratio("counter_on_time")))

    assert found[1] == (None, "Đúng hạn tại quầy", 1, "counter_on_time")


def test_a_component_of_several_indicators_stands_above_each_of_them_once() -> None:
    leaf = a_criterion("1.1", ratio("a", optional=True), ratio("b", optional=True), ratio("a", full_at=50))

    found = rows(a_criterion("speed", criteria=[leaf]))

    assert found[1:-3] == [("1.1", "Tiêu chí 1.1", 1, "heading"), (None, "a", 2, "a"), (None, "b", 2, "b")]


def test_points_that_a_source_reports_of_a_group_stand_in_its_row_alone() -> None:
    found = rows(a_criterion("speed", reported("speed_points")), total={"rules": [reported("total_points")]})

    assert [row[3] for row in found] == ["speed", *ENDS]


def test_what_does_not_concern_the_level_is_left_out() -> None:
    leaves = [
        a_criterion("1.1", ratio("a"), applies_to=["district"]),
        a_criterion("1.2", ratio("b", levels=["district"])),
    ]

    communes = rows(a_criterion("speed", criteria=leaves))
    districts = rows(a_criterion("speed", criteria=leaves), level="district")

    assert [row[3] for row in communes] == ["speed", "heading", *ENDS]
    assert [row[3] for row in districts] == ["speed", "a", "b", *ENDS]


def test_every_figure_that_earns_or_adjusts_points_has_a_row() -> None:
    adjustments = [
        {"indicator": "faults", "points": -2, "name": {"vi": "Lỗi kỹ thuật"}},
        {"indicator": "ideas", "points": 1},
    ]

    found = rows(
        a_criterion("staff", criteria=[a_criterion("1.1", ratio("posts", of="people"))]),
        total={"adjustments": adjustments},
    )

    assert [row[1:] for row in found[1:]] == [
        ("Tiêu chí 1.1", 1, found[1][3]),
        ("posts", 2, "posts"),
        ("people", 2, "people"),
        ("Tổng số điểm", 0, "total"),
        ("Lỗi kỹ thuật", 1, "faults"),
        ("ideas", 1, "ideas"),
        ("Thứ hạng", 0, "rank"),
        ("Thứ hạng do nguồn số liệu công bố", 0, "rank"),
    ]
