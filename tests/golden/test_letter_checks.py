"""The four letters, figure by figure in their own words: every defect is found, and nothing else.

The defects are those of docs/domain.md, What letters get wrong.
"""

import json
from pathlib import Path

import pytest

from app.domain.checks.draft.check import check
from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.finding import LetterFinding
from app.domain.checks.draft.references import reference_faults
from tests.support.drafts import rules_of
from tests.support.published import shipped

LETTERS = Path(__file__).parent

BINH_THANH = {
    ("1.1", "rate_out_of_range", "1000%", None),
    ("1.2a", "change_wrong", "-525%", "-5,25%"),
    ("1.2a", "rate_differs_from_counts", "70,63%", "70,83%"),
    ("1.2", "complements_not_100", "99,80%", "100%"),
    ("3.1", "change_wrong", "-0,13%", "+0,10%"),
    ("3.5a", "change_wrong", "-1,37%", "+1,37%"),
    ("3.5b", "change_wrong", "1,37%", "-1,37%"),
    ("3.6", "change_wrong", "-1,2%", "-4,1%"),
    ("4.2", "exceeds_population", "2.740", "104"),
    ("6.3", "number_ambiguous", "855,589", None),
    ("6.4", "exceeds_population", "173", "104"),
    ("II.4", "figures_disagree", "91,40%", "99,29%"),
    ("II.4", "figures_disagree", "91,40%", "100%"),
    ("progress", "points_differ", "19,1", "19,38"),
    ("total", "totals_disagree", "Đạt 86,2/100 điểm", "đạt 86,02/100 điểm"),
    ("total", "total_differs_from_groups", "đạt 86,02/100 điểm", "86,8"),
    ("total", "total_differs_from_groups", "Đạt 86,2/100 điểm", "86,8"),
    ("total", "previous_total_differs", "Đạt 81,96/100 điểm", "82,3"),
    ("II", "moment_outside_period", "29/01/2024", "01/02/2024"),
}


def findings(letter: str) -> list[LetterFinding]:
    """What is found in a letter that is held against the framework it names."""
    draft = Draft.model_validate(json.loads((LETTERS / f"letter_{letter}.json").read_text("utf-8")))
    framework = shipped(draft.framework or "qd766@2022")
    assert list(reference_faults(draft, framework)) == []
    return check(draft, rules_of(framework, draft.period, draft.against))


def test_every_defect_of_binh_thanh_is_found_by_its_rule_and_nothing_else() -> None:
    found = [(each.ref, each.rule, each.stated, each.expected) for each in findings("binh_thanh_2024-02")]

    assert set(found) == BINH_THANH
    assert len(found) == len(BINH_THANH)


def test_the_lists_of_tuyen_quang_in_january_are_passed_in_silence() -> None:
    assert findings("tuyen_quang_2024-01") == []


def test_tuyen_quang_in_july_counts_more_online_procedures_than_there_are() -> None:
    found = [(each.ref, each.rule, each.stated, each.expected) for each in findings("tuyen_quang_2024-07")]

    assert found == [("1.3", "exceeds_population", "1.797", "1.746")]


def test_dong_nai_leaves_exactly_a_hundred_points_without_a_class() -> None:
    found = [(each.ref, each.rule, each.stated) for each in findings("dong_nai_2024-Q2")]

    assert found == [("excellent", "bands_hole", "100")]


def test_what_follows_from_roundings_alone_is_a_warning() -> None:
    severities = {each.rule: each.severity for each in findings("binh_thanh_2024-02")}

    assert {rule for rule, severity in severities.items() if severity == "warning"} == {
        "points_differ",
        "previous_total_differs",
    }


@pytest.mark.parametrize("letter", ["tuyen_quang_2024-07", "binh_thanh_2024-02", "dong_nai_2024-Q2"])
def test_details_say_what_was_stated_and_what_follows_in_both_languages(letter: str) -> None:
    for each in findings(letter):
        for language in ("en", "vi"):
            detail = each.detail(language)
            assert "{" not in detail
            assert detail.endswith(".")
            assert each.expected is None or each.expected in detail
        assert each.detail("en") != each.detail("vi")
