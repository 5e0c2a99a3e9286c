"""What is said aloud of a change: figures as rise and fall, weights and the ends of the scale as what they are."""

from decimal import Decimal

from app.domain.frameworks.framework import Framework
from app.domain.insight.change_sentences import ChangeWords, say_change
from tests.domain.insight.test_change import Cells, change
from tests.support.cohorts import a_criterion, a_framework, ratio


def said(framework: Framework, before: Cells, now: Cells) -> str:
    found = change(framework, before, now)
    words = ChangeWords(
        "Xã A", "2026-08", "2026-07", Decimal(50), Decimal(50) + Decimal(float(found.total)), 2, whole=True
    )
    return say_change(words, found, "vi").partition(". ")[2] + "."


def test_a_weight_that_moved_is_no_rise_of_a_criterion() -> None:
    gone = a_criterion("h", 40, ratio("b"), missing={"zero_denominator": "exclude"})
    framework = a_framework(a_criterion("g", 60, ratio("a")), gone)

    told = said(framework, {"a": "100", "b": "4/4"}, {"a": "100", "b": "0/0"})

    assert "Tăng:" not in told
    assert "Phần tăng 40 điểm là do trọng số chuyển sang tiêu chí khác (Tiêu chí g), không phải do số liệu" in told
    assert "Phần giảm 40 điểm là do chỉ có số liệu để chấm ở một trong hai kỳ (Tiêu chí h)" in told


def test_a_bonus_that_the_scale_cuts_is_said_to_be_cut() -> None:
    tops = [a_criterion("g", 60, ratio("a")), a_criterion("h", 40, ratio("b"))]
    framework = a_framework(
        *tops, total={"adjustments": [{"indicator": "prizes", "points": 5, "name": {"vi": "Khen"}}]}
    )

    told = said(framework, {"a": "100", "b": "90"}, {"a": "100", "b": "90", "prizes": "1"})

    assert "Phần tăng 5 điểm là do điểm cộng, điểm trừ (Khen)" in told
    assert "Phần giảm 1 điểm là do tổng điểm chạm mức cao nhất hoặc thấp nhất của thang điểm" in told


def test_a_rounding_of_less_than_a_unit_is_not_said_to_be_the_end_of_the_scale() -> None:
    framework = a_framework(
        a_criterion("g", 100, ratio("a")),
        rounding={"component": 2, "total": 0},
        total={"adjustments": [{"indicator": "prizes", "points": "1.4"}]},
    )

    assert "thang điểm" not in said(framework, {"a": "50.3"}, {"a": "50.3", "prizes": "1"})
