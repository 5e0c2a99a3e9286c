"""Codes and references: near ones are suggested, circles are refused."""

import pytest

from tests.support.framework_documents import a_document, an_indicator, faults_of, found, with_set


def test_near_codes_are_suggested() -> None:
    (fault,) = faults_of(with_set("criteria.1.rules.0.indicator", "on_tme")())

    assert (fault.suggestion, fault.value) == ("on_time", "on_tme")


def test_a_rule_may_name_an_indicator_that_only_the_service_has() -> None:
    assert faults_of(with_set("criteria.0.rules.1.indicator", "total_points")()) == []


def test_two_indicators_may_complement_each_other() -> None:
    assert faults_of(with_set("indicators.0.complement_of", "overdue")()) == []


def test_three_indicators_that_complement_each_other_in_a_circle_are_refused_once() -> None:
    whole = a_document()
    whole["indicators"][0]["complement_of"] = "third"
    whole["indicators"].append(an_indicator("third", complement_of="overdue"))

    (fault,) = faults_of(whole)

    assert (fault.code, fault.pointer) == ("cycle", "/indicators/0/complement_of")
    assert "on_time → third → overdue → on_time" in fault.detail("en")


@pytest.mark.parametrize("name", ["complement_of", "population"])
def test_an_indicator_cannot_refer_to_itself(name: str) -> None:
    assert found(with_set(f"indicators.0.{name}", "on_time")()) == {("cycle", f"/indicators/0/{name}")}


def test_a_view_cannot_be_a_member_of_itself() -> None:
    whole = a_document()
    whole["views"][0]["groups"][1]["members"] = ["quality", "legal"]

    assert found(whole) == {("cycle", "/views/0/groups/1/members/1")}


def test_groups_of_a_view_cannot_be_made_of_each_other() -> None:
    whole = a_document()
    whole["views"][0]["groups"] += [
        {"code": "left", "name": {"vi": "Trái"}, "members": ["right"]},
        {"code": "right", "name": {"vi": "Phải"}, "members": ["left"]},
    ]

    assert found(whole) == {("cycle", "/views/0/groups/2/members/0"), ("cycle", "/views/0/groups/3/members/0")}


def test_a_group_that_only_names_other_groups_beside_a_circle_is_told_apart() -> None:
    whole = a_document()
    whole["views"][0]["groups"] += [
        {"code": "both", "name": {"vi": "Cả hai"}, "members": ["plain", "ring", "rest"]},
        {"code": "ring", "name": {"vi": "Vòng"}, "members": ["plain", "both"]},
        {"code": "plain", "name": {"vi": "Thường"}, "members": ["elsewhere"]},
    ]

    assert ("cycle", "/views/0/groups/2/members/1") in found(whole)
    assert ("cycle", "/views/0/groups/3/members/1") in found(whole)
    assert ("member_unknown", "/views/0/groups/2/members/0") in found(whole)
    assert ("member_unknown", "/views/0/groups/2/members/2") in found(whole)


def test_a_changed_kind_is_one_fault_however_many_rules_rely_on_the_old_one() -> None:
    whole = a_document()
    whole["indicators"].append(an_indicator("total_points", "count"))
    whole["criteria"][0]["rules"][1]["indicator"] = "total_points"

    assert found(whole) == {("indicator_differs", "/indicators/5/kind")}
