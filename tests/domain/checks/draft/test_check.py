"""The rules over a draft: a bad example of each, the order of findings, and refs that lead nowhere."""

from typing import Any

import pytest

from app.domain.checks.draft.check import CHECKS
from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.finding import WARNINGS
from app.domain.checks.draft.references import reference_faults
from tests.support.drafts import QD766, SIX, a_row, found, points, rates, told

BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "number_invalid": ("1", {"rows": [a_row(rate="65.38%")]}),
    "number_ambiguous": ("1", {"rows": [a_row(count="855,589")]}),
    "number_too_precise": ("1", {"rows": [a_row(rate="65,38461%")]}),
    "number_too_large": ("1", {"rows": [a_row(count="123456789012")]}),
    "date_invalid": ("head", {"moments": [{"ref": "head", "text": "ngày 30/02/2024"}]}),
    "against_not_earlier": ("against", {"against": "2024-02"}),
    "rate_out_of_range": ("1", {"rows": [a_row(rate="1000%")]}),
    "numerator_exceeds_denominator": ("1", {"rows": [a_row(count="105/104")]}),
    "change_unit_wrong": (
        "total",
        {"scores": {"totals": ["86,02"], "total_before": "81,96", "total_change": "+4,06%"}},
    ),
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
    "rank_cohorts_differ": (
        "rank",
        {"scores": {"rank": "14/34", "rank_before": "28/63", "rank_change": "tăng 14 bậc"}},
    ),
    "counts_do_not_add_up": (
        "late",
        {"lists": [{"ref": "late", "stated_sum": "462", "items": [{"name": "A", "count": "427"}]}]},
    ),
    "list_length_wrong": ("late", {"lists": [{"ref": "late", "stated_units": "07", "items": [{"name": "A"}]}]}),
    "unit_repeated": (
        "late",
        {
            "lists": [
                {"ref": "late", "items": [{"name": "Sở Xây dựng"}, {"name": "UBND xã A"}, {"name": "sở  Xây dựng"}]}
            ]
        },
    ),
    "decimals_differ": (
        "late",
        {
            "lists": [
                {
                    "ref": "late",
                    "items": [{"name": n, "rate": r} for n, r in zip("ABC", ("45,2%", "46,1%", "47,35%"), strict=True)],
                }
            ]
        },
    ),
    "classes_do_not_add_up": ("all", {"classes": [{"ref": "all", "stated_of": "17", "counts": {"good": "02"}}]}),
    "moment_outside_period": ("head", {"moments": [{"ref": "head", "text": "29/01/2024"}]}),
    "bands_hole": ("top", {"bands": [{"ref": "top", "min": "90", "max": "100"}, {"ref": "low", "min": "0"}]}),
    "bands_overlap": ("low", {"bands": [{"ref": "top", "min": "90"}, {"ref": "low", "min": "0", "max": "91"}]}),
}
"""For every rule the ref that it names, and parts of a draft in which it finds that one thing."""


PASSED: dict[str, dict[str, Any]] = {
    "number_invalid": {"rows": [a_row("(bốn hồ sơ)", "đạt 65,38%", change="bằng kỳ trước")]},
    "against_not_earlier": {"against": "2023-12"},
    "change_unit_wrong": {
        "rows": [rates("60,05%", "61,74%", "+1,69 điểm %")],
        "scores": {"totals": ["86,02"], "total_before": "81,96", "total_change": "(tăng 4,06 điểm)"},
    },
    "rank_cohorts_differ": {"scores": {"rank": "14/63", "rank_before": "28/63", "rank_change": "tăng 14 bậc"}},
    "rate_differs_from_counts": {"rows": [a_row("11.287"), a_row("5.781", "51,22%", ref="2", base="1")]},
    "unit_repeated": {"lists": [{"ref": "late", "items": [{"name": "Xã Tân Lập"}, {"name": "Phường Tân Lập"}]}]},
    "decimals_differ": {
        "rows": [
            a_row("20", "1,11%", part_of="w", ref="a"),
            a_row("717", "39,9%", part_of="w", ref="b"),
            a_row("1.060", "58,99%", part_of="w", ref="c"),
        ]
    },
}
"""What looks like a slip of these rules and is none."""


@pytest.mark.parametrize("rule", PASSED)
def test_what_only_looks_like_a_slip_is_passed_in_silence(rule: str) -> None:
    assert told(**PASSED[rule]) == []


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


def test_a_figure_found_invalid_takes_no_part_in_further_rules() -> None:
    rows = [
        a_row("1731/1731", "1000%", ref="1", before={"count": "1764/1764", "rate": "100%"}, change="0%", part_of="w"),
        a_row("0", "0%", ref="2", part_of="w"),
    ]
    scores = {"groups": points(**SIX, digitization="201"), "totals": ["86,8"]}

    assert told(rows=rows, scores=scores) == [("1", "rate_out_of_range"), ("digitization", "points_exceed_max")]


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
