"""The rules over a draft: a bad example of each, the good one beside it, and what must be passed in silence."""

from typing import Any

import pytest

from app.domain.period import read_period
from app.domain.quality import CHECKS, check
from app.domain.quality_draft import Draft
from app.domain.quality_finding import WARNINGS, Finding
from app.domain.quality_proof import Rules, reference_faults
from tests.support.cohorts import a_criterion, a_framework, ratio, reported
from tests.support.published import shipped

QD766 = shipped("qd766@2026")
SIX = {"transparency": "11,8", "progress": "20", "online": "6,9", "payment": "10", "satisfaction": "18"}


def found(framework: Any = QD766, period: str = "2024-02", against: str = "2024-01", **parts: Any) -> list[Finding]:
    """What is found in a draft of these parts."""
    draft = Draft.model_validate(parts)
    return check(draft, Rules(framework, framework, read_period(period), read_period(against)))


def told(**parts: Any) -> list[tuple[str, str]]:
    return [(each.ref, each.rule) for each in found(**parts)]


def a_row(count: str = "", rate: str = "", **overrides: Any) -> dict[str, Any]:
    """A row with figures of this period; the period before and the rest by name."""
    return {"ref": "1", "now": {"count": count, "rate": rate}, **overrides}


def rates(before: str, now: str, change: str) -> dict[str, Any]:
    return a_row(rate=now, before={"rate": before}, change=change)


def counts(before: str, now: str, change: str) -> dict[str, Any]:
    return a_row(count=now, before={"count": before}, change=change)


def points(**groups: str) -> dict[str, Any]:
    return {code: {"points": stated} for code, stated in groups.items()}


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "number_invalid": ("1", {"rows": [a_row(rate="65.38%")]}),
    "number_ambiguous": ("1", {"rows": [a_row(count="855,589")]}),
    "number_too_precise": ("1", {"rows": [a_row(rate="65,38461%")]}),
    "number_too_large": ("1", {"rows": [a_row(count="123456789012")]}),
    "date_invalid": ("head", {"moments": [{"ref": "head", "text": "ngày 30/02/2024"}]}),
    "rate_out_of_range": ("1", {"rows": [a_row(rate="1000%")]}),
    "numerator_exceeds_denominator": ("1", {"rows": [a_row(count="105/104")]}),
    "points_exceed_max": ("online", {"scores": {"groups": points(online="12,1")}}),
    "rank_exceeds_cohort": ("rank", {"scores": {"rank": "24/23"}}),
    "rate_differs_from_counts": ("1", {"rows": [a_row("68/104", "65,39%")]}),
    "complements_not_100": (
        "1",
        {"rows": [a_row(rate="70,63%", part_of="1"), a_row(rate="29,17%", part_of="1", ref="b")]},
    ),
    "change_wrong": ("1", {"rows": [rates("70,63%", "65,38%", "-525%")]}),
    "exceeds_population": ("2", {"rows": [a_row("104"), a_row("173", ref="2", base="1")]}),
    "figures_disagree": ("2", {"rows": [a_row(rate="100%"), a_row(rate="91,40%", ref="2", same_as="1")]}),
    "total_differs_from_groups": (
        "total",
        {"scores": {"groups": points(**SIX, digitization="20,1"), "totals": ["86,2"]}},
    ),
    "totals_disagree": ("total", {"scores": {"totals": ["86,02", "86,2"]}}),
    "changes_do_not_add_up": (
        "total",
        {"scores": {"groups": {code: {"change": "+0,5"} for code in (*SIX, "digitization")}, "total_change": "+3,7"}},
    ),
    "previous_total_differs": (
        "total",
        {
            "scores": {
                "groups": {code: {"points": p, "change": "0,1"} for code, p in {**SIX, "digitization": "20,1"}.items()},
                "total_before": "85,8",
            }
        },
    ),
    "points_differ": (
        "progress",
        {"rows": [a_row(rate="91,3%", indicator="on_time")], "scores": {"groups": points(progress="18,1")}},
    ),
    "rank_change_wrong": ("rank", {"scores": {"rank": "08/23", "rank_before": "22/23", "rank_change": "-14"}}),
    "counts_do_not_add_up": (
        "late",
        {"lists": [{"ref": "late", "stated_sum": "462", "items": [{"name": "A", "count": "427"}]}]},
    ),
    "list_length_wrong": ("late", {"lists": [{"ref": "late", "stated_units": "07", "items": [{"name": "A"}]}]}),
    "classes_do_not_add_up": ("all", {"classes": [{"ref": "all", "stated_of": "17", "counts": {"good": "02"}}]}),
    "moment_outside_period": ("head", {"moments": [{"ref": "head", "text": "29/01/2024"}]}),
    "bands_hole": ("top", {"bands": [{"ref": "top", "min": "90", "max": "100"}, {"ref": "low", "min": "0"}]}),
    "bands_overlap": ("low", {"bands": [{"ref": "top", "min": "90"}, {"ref": "low", "min": "0", "max": "91"}]}),
}
"""For every rule the ref that it names, and parts of a draft in which it finds that one thing."""


def test_every_rule_has_a_bad_example() -> None:
    assert list(BAD) == list(CHECKS)
    assert CHECKS.keys() >= WARNINGS


@pytest.mark.parametrize("rule", CHECKS)
def test_each_rule_finds_its_bad_example_and_no_other_rule_does(rule: str) -> None:
    ref, parts = BAD[rule]

    assert told(**parts) == [(ref, rule)]


@pytest.mark.parametrize("rule", CHECKS)
def test_every_finding_says_in_both_languages_what_was_printed(rule: str) -> None:
    (one,) = found(**BAD[rule][1])

    assert one.stated
    for language in ("en", "vi"):
        assert rule.startswith("bands") or one.stated in one.detail(language)
        assert "{" not in one.detail(language)
    assert one.detail("en") != one.detail("vi")


@pytest.mark.parametrize(
    "row",
    [
        rates("70,63%", "65,38%", "-5,25%"),
        rates("70,63%", "65,38%", "−5,25 %"),
        rates("70,63%", "65,38%", "giảm 5,25%"),
        rates("98,63%", "100%", "1,37%"),
        rates("99,3%", "100%", "+ 0,7 %"),
        rates("100%", "100%", "0%"),
        rates("100%", "100%", "bằng kỳ trước"),
        rates("100%", "", "-"),
        rates("1,789%", "1,89%", "+0,1%"),
        counts("3.863", "68", "-3.795"),
        counts("100", "150", "+50%"),
        counts("50/100", "60/100", "+10%"),
        counts("0", "5", "+100%"),
    ],
)
def test_changes_that_say_what_the_figures_say_are_passed(row: dict[str, Any]) -> None:
    assert told(rows=[row]) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (rates("1,79%", "1,89%", "-0,13%"), "+0,10%"),
        (rates("1,37%", "0", "1,37%"), "-1,37%"),
        (rates("13,9%", "9,8%", "-1,2%"), "-4,1%"),
        (rates("0,2%", "0%", "+0,2%"), "-0,2%"),
        (counts("3.863", "68", "-3.794"), "-3.795"),
        (counts("100", "150", "+60%"), "+50%"),
        (counts("50/100", "60/100", "+11%"), "+10%"),
    ],
)
def test_a_wrong_change_is_shown_as_it_should_be_printed(row: dict[str, Any], expected: str) -> None:
    (one,) = found(rows=[row])

    assert (one.rule, one.expected) == ("change_wrong", expected)


def test_shares_printed_without_a_whole_are_shares_of_their_sum() -> None:
    rows = [a_row("3.863", "70,63%", part_of="all", ref="a"), a_row("1.591", "29,37%", part_of="all", ref="b")]

    assert [(each.ref, each.expected) for each in found(rows=rows)] == [("a", "70,83%"), ("b", "29,17%")]


def test_nothing_of_nothing_has_no_shares() -> None:
    rows = [a_row("0", "0%", part_of="all"), a_row("0", "0%", part_of="all")]

    assert told(rows=rows) == []


def test_a_figure_found_invalid_takes_no_part_in_further_rules() -> None:
    rows = [
        a_row("1731/1731", "1000%", ref="1", before={"count": "1764/1764", "rate": "100%"}, change="0%", part_of="w"),
        a_row("0", "0%", ref="2", part_of="w"),
    ]
    scores = {"groups": points(**SIX, digitization="201"), "totals": ["86,8"]}

    assert told(rows=rows, scores=scores) == [("1", "rate_out_of_range"), ("digitization", "points_exceed_max")]


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


def test_a_list_may_leave_counts_out_but_not_exceed_its_sum() -> None:
    items = [{"name": "A", "count": "427"}, {"name": "B"}]

    assert told(lists=[{"ref": "late", "stated_sum": "462", "items": items}]) == []
    assert told(lists=[{"ref": "late", "stated_sum": "426", "items": items}]) == [("late", "counts_do_not_add_up")]


def test_classes_printed_as_n_of_d_agree_with_the_size_of_the_cohort() -> None:
    counts = {"good": "02/17", "fair": "04/17", "average": "11/17", "weak": "Không có"}

    assert told(classes=[{"ref": "all", "stated_of": "17", "counts": counts}]) == []
    assert told(classes=[{"ref": "all", "counts": {**counts, "weak": "1/17"}}]) == [("all", "classes_do_not_add_up")]
    assert told(classes=[{"ref": "all", "stated_of": "18", "counts": counts}]) == [("all", "classes_do_not_add_up")]


def test_the_whole_of_several_shares_is_held_against_the_population() -> None:
    shares = [a_row(count, ref=count, part_of="w", base="all") for count in ("20", "717", "1.060")]

    assert told(rows=[a_row("1.746/1.746", ref="all"), *shares]) == [("w", "exceeds_population")]
    assert told(rows=[a_row("1.797", ref="all"), *shares]) == []


@pytest.mark.parametrize(
    "text", ["29/02/2024", "ngày 05 tháng 3 năm 2024", "Tăng so với ngày 31/01/2024", "2024-02-29"]
)
def test_moments_in_or_after_the_period_or_closing_the_one_before_are_passed(text: str) -> None:
    assert told(moments=[{"ref": "head", "text": text}]) == []


def test_a_year_before_is_closed_at_its_end_or_soon_after() -> None:
    year = {"period": "2024-02", "against": "2023-02"}

    assert told(moments=[{"ref": "head", "text": "05/3/2023"}], **year) == []
    assert told(moments=[{"ref": "head", "text": "29/01/2024"}], **year) == [("head", "moment_outside_period")]


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


def test_findings_come_as_the_draft_is_read() -> None:
    every = {name: BAD[name][1] for name in ("classes_do_not_add_up", "counts_do_not_add_up", "totals_disagree")}
    merged = {part: value for parts in every.values() for part, value in parts.items()}
    rows = [rates("1%", "2%", "-1%"), a_row(rate="1000%", ref="2"), rates("1%", "2%", "-1%") | {"ref": "3"}]

    assert [ref for ref, _ in told(rows=rows, **merged)] == ["1", "2", "3", "total", "late", "all"]


def test_refs_and_groups_that_nothing_has_are_faults() -> None:
    draft = Draft.model_validate(
        {
            "rows": [a_row("1", base="9", same_as=["1", "8"])],
            "scores": {"groups": points(online="1", gruppe="2")},
        }
    )

    faults = reference_faults(draft, QD766)

    assert [(fault.code, fault.pointer) for fault in faults] == [
        ("ref_unknown", "/rows/0/base"),
        ("ref_unknown", "/rows/0/same_as"),
        ("group_unknown", "/scores/groups/gruppe"),
    ]


def test_groups_of_two_groupings_are_a_fault() -> None:
    draft = Draft.model_validate({"scores": {"groups": points(online="1", online_services="2")}})

    assert [fault.code for fault in reference_faults(draft, QD766)] == ["groups_mixed"]
