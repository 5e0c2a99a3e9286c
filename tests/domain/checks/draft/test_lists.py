"""Lists, classes and the days in heads."""

import pytest

from tests.support.drafts import told


def test_a_list_may_leave_counts_out_but_not_exceed_its_sum() -> None:
    items = [{"name": "A", "count": "427"}, {"name": "B"}]

    assert told(lists=[{"ref": "late", "stated_sum": "462", "items": items}]) == []
    assert told(lists=[{"ref": "late", "stated_sum": "426", "items": items}]) == [("late", "counts_do_not_add_up")]


def test_classes_printed_as_n_of_d_agree_with_the_size_of_the_cohort() -> None:
    counts = {"good": "02/17", "fair": "04/17", "average": "11/17", "weak": "Không có"}

    assert told(classes=[{"ref": "all", "stated_of": "17", "counts": counts}]) == []
    assert told(classes=[{"ref": "all", "counts": {**counts, "weak": "1/17"}}]) == [("all", "classes_do_not_add_up")]
    assert told(classes=[{"ref": "all", "stated_of": "18", "counts": counts}]) == [("all", "classes_do_not_add_up")]


@pytest.mark.parametrize(
    "text", ["29/02/2024", "ngày 05 tháng 3 năm 2024", "Tăng so với ngày 31/01/2024", "2024-02-29"]
)
def test_moments_in_or_after_the_period_or_closing_the_one_before_are_passed(text: str) -> None:
    assert told(moments=[{"ref": "head", "text": text}]) == []


def test_a_year_before_is_closed_at_its_end_or_soon_after() -> None:
    year = {"period": "2024-02", "against": "2023-02"}

    assert told(moments=[{"ref": "head", "text": "05/3/2023"}], **year) == []
    assert told(moments=[{"ref": "head", "text": "29/01/2024"}], **year) == [("head", "moment_outside_period")]


def test_a_moment_on_the_first_day_of_the_period_lies_in_it() -> None:
    assert told(moments=[{"ref": "head", "text": "01/02/2024"}], against="2022-02") == []
