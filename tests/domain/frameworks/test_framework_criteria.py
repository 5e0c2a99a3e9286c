"""The tree: weights that add up, and a rule for every unit that a criterion applies to."""

import pytest

from tests.support.framework_documents import a_document, faults_of, found, with_set, without

MEAN = {"kind": "weighted_mean"}


def test_a_leaf_without_a_rule_names_the_levels_that_it_leaves_out() -> None:
    (fault,) = faults_of(with_set("criteria.1.rules.0.levels", ["department", "other"])())

    assert "ministry, province, district, commune" in fault.detail("en")
    assert "cấp huyện; cấp xã" in fault.detail("vi")
    assert "“quality” (Tiêu chí quality)" in fault.detail("vi")


def test_a_leaf_needs_rules_only_for_the_levels_that_it_or_its_group_applies_to() -> None:
    whole = a_document()
    whole["criteria"][0]["applies_to"] = ["commune"]
    whole["criteria"][0]["criteria"][0]["rules"][0]["levels"] = ["commune"]

    assert faults_of(whole) == []


def test_a_leaf_without_any_rule_is_refused() -> None:
    assert found(without("criteria.1", "rules")()) == {("rule_missing", "/criteria/1")}


def test_a_policy_by_level_may_leave_out_what_the_criterion_does_not_apply_to() -> None:
    whole = a_document()
    whole["criteria"][1]["applies_to"] = ["commune", "district"]
    whole["criteria"][1]["missing"] = {"no_value": {"commune": "full", "district": "zero"}}

    assert faults_of(whole) == []


def test_a_group_under_a_weighted_mean_need_not_add_up() -> None:
    whole = a_document()
    group = whole["criteria"][0]
    group["rules"] = [MEAN]
    for leaf in group["criteria"]:
        leaf |= {"max": 40, "weight": 1}

    assert faults_of(whole) == []


def test_a_weight_of_zero_is_refused() -> None:
    whole = a_document()
    whole["criteria"][0]["rules"] = [MEAN]
    whole["criteria"][0]["criteria"][0]["weight"] = 1
    whole["criteria"][0]["criteria"][1]["weight"] = 0

    assert found(whole) == {("number_not_positive", "/criteria/0/criteria/1/weight")}


@pytest.mark.parametrize("name", ["per", "points"])
def test_a_deduction_takes_something_for_something(name: str) -> None:
    rule = {"kind": "deduction", "indicator": "late_dossiers", "per": 1, "points": 1, name: 0}

    assert found(with_set("criteria.1.rules.0", rule)()) == {("number_not_positive", f"/criteria/1/rules/0/{name}")}


def test_a_group_may_be_scored_by_its_own_rate() -> None:
    rule = {"kind": "ratio", "indicator": "on_time", "levels": ["department"]}

    assert faults_of(with_set("criteria.0.rules", [rule])()) == []


def test_a_default_policy_stands_for_all_levels_that_are_not_named() -> None:
    missing = {"zero_denominator": {"default": "zero", "commune": "full"}}

    assert faults_of(with_set("criteria.1.missing", missing)()) == []
