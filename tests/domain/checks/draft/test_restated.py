"""Changes against other observations of the period before than those that are printed."""

from typing import Any

import pytest

from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.references import reference_faults
from tests.support.drafts import QD766, counts, found, points, rates, told

HA_NOI = {"totals": ["62,28"], "total_before": "58,69", "total_change": "+1,29"}
"""Hà Nội, December 2024: the month before was published as 58.69, and later stated as 60.99."""


@pytest.mark.parametrize(
    ("parts", "restated", "ref", "rule"),
    [
        ({"scores": HA_NOI}, {"total": ["60,99"]}, "total", "change_wrong"),
        (
            {"scores": {"rank": "14/63", "rank_before": "28/63", "rank_change": "tăng 07 bậc"}},
            {"rank": ["21/63"]},
            "rank",
            "rank_change_wrong",
        ),
        ({"rows": [rates("70,63%", "65,38%", "-4,22%")]}, {"rows": {"1": {"rate": ["69,60%"]}}}, "1", "change_wrong"),
        ({"rows": [counts("3.863", "68", "-32")]}, {"rows": {"1": {"count": [100]}}}, "1", "change_wrong"),
    ],
)
def test_a_change_that_fits_another_observation_is_a_warning(
    parts: dict[str, Any], restated: dict[str, Any], ref: str, rule: str
) -> None:
    (plain,), (one,) = found(**parts), found(**parts, restated=restated)

    assert (plain.ref, plain.rule, plain.severity) == (ref, rule, "error")
    assert (one.ref, one.rule, one.severity) == (ref, rule, "warning")
    assert (one.stated, one.expected) == (plain.stated, plain.expected)
    for language in ("en", "vi"):
        assert "{" not in one.detail(language)


def test_a_change_that_fits_no_observation_stays_an_error() -> None:
    (one,) = found(scores=HA_NOI, restated={"total": ["61,99"]})

    assert one.severity == "error"


def test_a_change_against_the_figure_printed_is_right_whatever_else_was_known() -> None:
    scores = {**HA_NOI, "total_change": "+3,59"}

    assert told(scores=scores, restated={"total": ["60,99"]}) == []


def test_points_before_that_were_stated_otherwise_are_not_held_against_the_rates_printed() -> None:
    rows = [rates("96,91%", "100%", "+3,09%") | {"indicator": "on_time"}]
    scores = {"groups": {"progress": {"points": "20,0", "change": "+0,9"}}}

    assert told(rows=rows, scores=scores) == [("progress", "points_differ")]
    assert told(rows=rows, scores=scores, restated={"groups": {"progress": ["19,1"]}}) == []


def test_observations_that_cannot_be_read_are_found() -> None:
    assert told(scores=HA_NOI | {"total_change": "+3,59"}, restated={"total": ["60.99"]}) == [
        ("total", "number_invalid")
    ]


def test_observations_of_rows_and_groups_that_nothing_has_are_faults() -> None:
    restated = {"rows": {"9": {"rate": ["1%"]}}, "groups": {"gruppe": ["1"]}}
    draft = Draft.model_validate({"scores": {"groups": points(online="1")}, "restated": restated})

    faults = reference_faults(draft, QD766)

    assert [(fault.code, fault.pointer) for fault in faults] == [
        ("ref_unknown", "/restated/rows/9"),
        ("group_unknown", "/restated/groups/gruppe"),
    ]
