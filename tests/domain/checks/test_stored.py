"""Findings: a bad example of each rule is found, the good one beside it passes in silence."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from app.domain.checks.stored.checks import ACROSS, CHECKS, findings_of
from app.domain.checks.stored.figures import JUMP_FACTOR, JUMP_LEAST, JUMP_POINTS, CheckContext, UnitFigures
from app.domain.checks.stored.finding import SENTENCES, WARNINGS, FindingRule, plain
from app.domain.vietnamese_labels import SOURCES
from app.errors import Language
from tests.support.unit_figures import BINH_THANH, TERMS, TUYEN_QUANG, amount, held, only, points, rules

Example = tuple[UnitFigures, tuple[str | None, str | None]]
MONTH = {"on_time": "812/945", "dossiers_received": "945", "overdue_dossiers": "133", "average_days": "3.04"} | {
    "petitions_on_time": "3/4",
    "petition_satisfaction": "4/4",
}
"""A month of a commune, all its figures in balance."""
BAD: dict[FindingRule, Example] = {
    "balance_differs": (held(MONTH | {"overdue_dossiers": "123"}), ("945", "935")),
    "denominator_below_population": (held({"on_time": "50/50", "dossiers_received": "412"}), ("50", "412")),
    "figures_repeated": (held(MONTH, before=MONTH), ("6", None)),
    "rate_of_nothing": (held({"petitions_on_time": "0/0", "petition_satisfaction": "0"}), ("0", None)),
    "complements_not_100": (held({"dossier_sync": "70.63", "unsynced_dossiers": "29.17"}), ("99.80", "100")),
    "exceeds_population": (held({"dossier_sync": "68/173", "dossiers_received": "104"}), ("173", "104")),
    "jump": (held({"dossier_sync": "95"}, before={"dossier_sync": "64.9"}), ("95", "64.9")),
    "numerator_exceeds_denominator": (held({"dossier_sync": "5/4"}), ("5", "4")),
    "points_differ": (held({"payment_points": "8.3"}, earned={"payment": amount("6.67")}), ("8.3", "6.67")),
    "points_exceed_max": (held({"payment_points": "10.1"}), ("10.1", "10")),
    "rank_exceeds_cohort": (held({"reported_rank": "64", "reported_rank_of": "63"}), ("64", "63")),
    "rate_differs_from_counts": (held({"dossier_sync": "3863/5454=70.63"}), ("70.63", "70.83")),
    "rate_out_of_range": (held({"dossier_sync": "1000"}), ("1000", None)),
    "reported_total_differs": (held(points(BINH_THANH, "86.02")), ("86.02", "86.8")),
    "sources_disagree": (
        held({"dossier_sync": {"provincial_system": "25775/26081", "national_portal": "25775/26080"}}),
        ("25775/26081", "25775/26080"),
    ),
}
GOOD: dict[FindingRule, UnitFigures] = {
    "balance_differs": held(MONTH),
    "denominator_below_population": held({"on_time": "350/350", "dossiers_received": "412"}),
    "figures_repeated": held(MONTH, before=MONTH | {"average_days": "3.1"}),
    "rate_of_nothing": held({"petitions_on_time": "0/0", "petition_satisfaction": "0/0"}),
    "complements_not_100": held({"dossier_sync": "98.83", "unsynced_dossiers": "305/26080"}),
    "exceeds_population": held({"dossier_sync": "68/104", "overdue_dossiers": "104", "dossiers_received": "104"}),
    "jump": held({"dossier_sync": "95"}, before={"dossier_sync": "65"}),
    "numerator_exceeds_denominator": held({"dossier_sync": "4/4"}),
    "points_differ": held({"payment_points": "6.7"}, earned={"payment": amount("6.67")}),
    "points_exceed_max": held({"payment_points": "10", "transparency_points": "0"}),
    "rank_exceeds_cohort": held({"reported_rank": "63", "reported_rank_of": "63"}),
    "rate_differs_from_counts": held({"dossier_sync": "25775/26080=98.83"}),
    "rate_out_of_range": held({"dossier_sync": "100", "average_days": "120"}),
    "reported_total_differs": held(points(TUYEN_QUANG, "81.77")),
    "sources_disagree": held({"dossier_sync": {"provincial_system": "25775/26080", "national_portal": "98.83"}}),
}


OF_ABSENT_UNITS = {"value_of_ended_unit"}
"""Rules about units that did not exist in the period, and so have nothing that could be held against it."""


def test_every_rule_has_a_sentence_a_bad_example_and_a_good_one() -> None:
    assert set(CHECKS) == set(BAD) == set(GOOD)
    assert set(CHECKS) | set(ACROSS) | OF_ABSENT_UNITS == set(SENTENCES) == set(get_args(FindingRule))


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_bad_figure_is_found_by_its_rule_and_by_no_other(rule: FindingRule) -> None:
    subject, (stated, expected) = BAD[rule]

    found = only(subject)

    assert (found.rule, plain(found.stated), plain(found.expected)) == (rule, stated, expected)
    assert found.severity == ("warning" if rule in WARNINGS else "error")


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_good_figure_passes_in_silence(rule: FindingRule) -> None:
    assert rules(GOOD[rule]) == []


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_finding_says_which_source_states_what(rule: FindingRule, language: Language) -> None:
    found = only(BAD[rule][0])

    detail = found.detail(language)

    assert (SOURCES[found.source] if language == "vi" else found.source) in detail
    assert "{" not in detail
    assert isinstance(found.stated, tuple) or str(found.stated).replace(".", "," if language == "vi" else ".") in (
        detail.replace("1,000", "1000").replace("1.000", "1000")
    )


def test_figures_are_written_as_the_language_writes_them() -> None:
    found = only(BAD["rate_differs_from_counts"][0])

    assert "70.63%, but 3,863/5,454 is 70.83%" in found.detail("en")
    assert "70,63%, nhưng 3.863/5.454 là 70,83%" in found.detail("vi")


@pytest.mark.parametrize(("total", "silent"), [("82.1", True), ("82.11", False), ("81.5", True), ("81.49", False)])
def test_six_groups_at_one_decimal_leave_three_tenths_to_rounding(total: str, silent: bool) -> None:
    assert (rules(held(points(TUYEN_QUANG, total))) == []) is silent


def test_a_total_printed_more_coarsely_than_its_groups_keeps_its_own_rounding() -> None:
    exact = {code: f"{Decimal(each):.2f}" for code, each in TUYEN_QUANG.items()} | {"transparency": "13.16"}

    assert rules(held(points(exact, "81.84"))) == ["reported_total_differs"]
    assert rules(held(points(exact, "81.8"))) == []


@pytest.mark.parametrize(("total", "expected"), [("85.1", "85"), ("62", "65"), ("70", None)])
def test_a_group_without_points_may_hold_anything_up_to_its_max(total: str, expected: str | None) -> None:
    known = {code: each for code, each in TUYEN_QUANG.items() if code != "progress"} | {"digitization": "18.30"}
    subject = held(points(known, total))

    found = findings_of(subject, TERMS)

    assert [plain(each.expected) for each in found] == ([] if expected is None else [f"{expected}.00"])


def test_a_group_that_is_not_reported_counts_as_its_components_earn() -> None:
    reported = {code: each for code, each in TUYEN_QUANG.items() if code != "progress"}

    assert rules(held(points(reported, "81.77"), earned={"progress": amount("18.26")})) == []
    assert rules(held(points(reported, "83.77"), earned={"progress": amount("18.26")})) == ["reported_total_differs"]


def test_a_total_without_any_group_is_taken_as_it_is() -> None:
    assert rules(held({"total_points": "67.7"})) == []


def test_whole_points_beside_points_with_a_decimal_have_that_decimal() -> None:
    subject = {"satisfaction_points": "18", "payment_points": "8.3"}

    assert rules(held(subject, earned={"satisfaction": amount("17.96")})) == []
    assert rules(held(subject, earned={"satisfaction": amount("17.9")})) == ["points_differ"]


def test_points_below_zero_are_no_points() -> None:
    assert rules(held({"payment_points": "-0.1"})) == ["points_exceed_max"]


def test_a_total_above_the_scale_is_found() -> None:
    assert rules(held({"total_points": "100.01"})) == ["points_exceed_max"]


def test_a_rank_of_nobody_knows_how_many_is_taken_as_it_is() -> None:
    assert rules(held({"reported_rank": "64"})) == []
    assert rules(held({"reported_rank": "0", "reported_rank_of": "63"})) == ["rank_exceeds_cohort"]


def test_what_is_impossible_by_itself_is_compared_with_nothing() -> None:
    subject = held({"dossier_sync": "5/4=70", "unsynced_dossiers": "20"}, before={"dossier_sync": "5"})

    assert rules(subject) == ["numerator_exceeds_denominator"]


def test_complements_of_different_sources_are_not_added_up() -> None:
    subject = held({"dossier_sync": "70", "unsynced_dossiers": {"provincial_system": "29"}})

    assert rules(subject) == []


def test_two_complements_that_name_each_other_are_found_once() -> None:
    terms = CheckContext(TERMS.kinds, {"unsynced_dossiers": "dossier_sync", "dossier_sync": "unsynced_dossiers"}, {})

    assert rules(BAD["complements_not_100"][0], terms) == ["complements_not_100"]


@pytest.mark.parametrize(("numerator", "found"), [("105/=90", ["exceeds_population"]), ("104/=90", [])])
def test_a_part_without_its_whole_is_not_more_than_the_population(numerator: str, found: list[str]) -> None:
    assert rules(held({"dossier_sync": numerator, "dossiers_received": "104"})) == found


def test_a_part_without_its_whole_is_no_limit_to_what_is_counted() -> None:
    terms = replace(TERMS, populations={"dossier_sync": "on_time"})

    assert rules(held({"dossier_sync": "68/173", "on_time": "5/=90"}), terms) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0/=5", "0"), ("0/=0.01", "0.00"), ("0/=0", None), ("0/=100", None), ("1/=5", None), ("1/=0.0", None)],
)
def test_none_without_a_whole_is_no_share_but_that_of_none_or_of_nothing(text: str, expected: str | None) -> None:
    found = findings_of(held({"dossier_sync": text}), TERMS)

    assert [(each.rule, plain(each.expected)) for each in found] == (
        [] if expected is None else [("rate_differs_from_counts", expected)]
    )


@pytest.mark.parametrize(("language", "said"), [("en", "5%, but 0 is counted beside it"), ("vi", "5%, nhưng tử số")])
def test_none_beside_a_rate_is_told_without_a_whole(language: Language, said: str) -> None:
    assert said in only(held({"dossier_sync": "0/=5"})).detail(language)


def test_nothing_of_nothing_has_no_rate_to_be_wrong() -> None:
    assert rules(held({"dossier_sync": "0/0", "unsynced_dossiers": "0/0"}, before={"dossier_sync": "100"})) == []


@pytest.mark.parametrize(("now", "then"), [("0", "20"), ("20", "0"), ("501", "100"), ("100", "501")])
def test_a_count_jumps_by_more_than_its_factor_either_way(now: str, then: str) -> None:
    assert JUMP_FACTOR == 5
    assert rules(held({"overdue_dossiers": now}, before={"overdue_dossiers": then})) == ["jump"]


@pytest.mark.parametrize(("now", "then"), [("0", "19"), ("19", "0"), ("3", "16"), ("500", "100"), ("0", "0")])
def test_a_count_that_moves_by_less_does_not_jump(now: str, then: str) -> None:
    assert rules(held({"overdue_dossiers": now}, before={"overdue_dossiers": then})) == []


@pytest.mark.parametrize(("now", "found"), [("0/19", False), ("0/20", True)])
def test_a_rate_of_a_few_things_does_not_jump(now: str, found: bool) -> None:
    assert JUMP_LEAST == 20
    assert (rules(held({"dossier_sync": now}, before={"dossier_sync": "19/19"})) == ["jump"]) is found


def test_dossiers_in_time_may_be_shares_of_those_resolved() -> None:
    assert rules(held({"on_time": "600/650", "overdue_dossiers": "50", "dossiers_received": "700"})) == []


def test_the_balances_of_a_dossier_count_hold_where_its_parts_are_stated() -> None:
    parts = {"dossiers_received": "700", "dossiers_resolved": "650", "dossiers_pending": "50"}

    assert rules(held(parts)) == []
    assert rules(held(parts | {"dossiers_pending": "40"})) == ["balance_differs"]
    assert rules(held({code: text for code, text in parts.items() if code != "dossiers_pending"})) == []


def test_the_denominator_of_synced_dossiers_is_all_that_were_received() -> None:
    subject = held({"dossier_sync": "349383/349383", "dossiers_received": "405424"})

    assert rules(subject) == ["denominator_below_population"]


@pytest.mark.parametrize("same", [{"petition_satisfaction": "0/0"}, {"dossier_sync": "945/945"}, {"average_days": "0"}])
def test_figures_that_say_nothing_may_be_those_of_the_period_before(same: dict[str, str]) -> None:
    few = {**same, "on_time": "812/945", "petitions_on_time": "3/4", "dossiers_received": "945"}

    assert rules(held(few, before=few)) == []


def test_a_rate_may_fall_by_thirty_points_and_no_more() -> None:
    assert JUMP_POINTS == 30
    assert rules(held({"dossier_sync": "1/3"}, before={"dossier_sync": "63.33"})) == []
    assert rules(held({"dossier_sync": "1/3"}, before={"dossier_sync": "63.34"})) == ["jump"]


@pytest.mark.parametrize(
    ("one", "two", "agree"),
    [
        ("60.55", "60.6", True),
        ("60.55", "60.5", True),
        ("60.55", "60.56", False),
        ("18", "17.6", False),
        ("18", "18.0", True),
        ("3863/5454", "70.83", True),
        ("3863/5454", "70.63", False),
        ("1/2", "2/4", False),
        ("0/0", "100", True),
        ("2/=0.01", "2/=0.01", True),
        ("2/=0.01", "9/=0.01", False),
        ("2/=0.01", "9/90000", False),
        ("9/90000", "2/=0.01", False),
        ("2/=0.01", "2/=0.02", False),
        ("2/=0.01", "0.01", True),
    ],
)
def test_sources_agree_where_rounding_can_make_them_equal(one: str, two: str, agree: bool) -> None:
    subject = held({"dossier_sync": {"national_portal": one, "provincial_system": two}})

    assert rules(subject) == ([] if agree else ["sources_disagree"])


@pytest.mark.parametrize("whole", ["9/=0.01", "9/90000"])
def test_counts_without_their_whole_are_told_where_they_differ(whole: str) -> None:
    found = only(held({"dossier_sync": {"national_portal": whole, "provincial_system": "2/=0.01"}}))

    assert (plain(found.stated), plain(found.expected)) == ("2", "9")
    assert found.detail("en").startswith("provincial_system counts 2 in the numerator, national_portal counts 9;")
    assert "ghi tử số 2, Cổng Dịch vụ công quốc gia ghi tử số 9;" in found.detail("vi")


def test_the_source_that_is_preferred_stands_and_every_other_is_held_against_it() -> None:
    subject = held({"average_days": {"aaa": "3", "provincial_system": "4", "national_portal": "3.5"}})

    found = findings_of(subject, TERMS)

    assert [(each.source, plain(each.stated), plain(each.expected)) for each in found] == [
        ("aaa", "3", "3.5"),
        ("provincial_system", "4", "3.5"),
    ]


def test_findings_come_by_rule_indicator_and_source() -> None:
    both = {"national_portal": "1/2=51", "provincial_system": "1/2=52"}

    keys = [each.key for each in findings_of(held({"unsynced_dossiers": both, "dossier_sync": both}), TERMS)]

    assert keys == sorted(keys)
    assert len(keys) == len({tuple(key) for key in keys}) == 6


def test_the_rate_of_an_indicator_that_a_framework_makes_a_share_is_no_count() -> None:
    shares = replace(TERMS, kinds={**TERMS.kinds, "overdue_dossiers": "ratio", "dossiers_received": "ratio"})
    odd = [
        held({"on_time": "812/945", "overdue_dossiers": "14.1"}),
        held({"dossier_sync": "50/60", "dossiers_received": "71.8"}),
        held({"on_time": "0", "dossiers_received": "0"}),
    ]

    assert [rules(each) for each in odd] == [["balance_differs"], ["denominator_below_population"], ["rate_of_nothing"]]
    assert [rules(each, shares) for each in odd] == [[], [], []]
