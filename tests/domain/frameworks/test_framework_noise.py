"""A broken part is told once: what would follow from it is not, and what stands beside it still is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.domain.frameworks.check import canonical, document, read_framework
from tests.support.framework_documents import Document, a_document, a_leaf, faults_of, found, with_set

OTHER_RULE = {"kind": "ratio", "indicator": "dossiers"}


def a_mean(**rule: object) -> Document:
    """Two criteria of 40 points each under a mean of 40."""
    whole = a_document()
    group = whole["criteria"][0]
    group["rules"] = [{"kind": "weighted_mean", **rule}]
    for leaf in group["criteria"]:
        leaf |= {"max": 40, "weight": 1}
    return whole


def both(first: Callable[[], Document], path: str, value: object) -> Callable[[], Document]:
    """A broken document with one thing more."""

    def build() -> Document:
        whole: Any = first()
        target = whole
        *steps, last = path.split(".")
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if isinstance(target, list) and int(last) == len(target):
            target.append(value)
        else:
            target[int(last) if isinstance(target, list) else last] = value
        return dict(whole)

    return build


def without_indicators(name: str) -> Document:
    whole = a_document()
    whole[name] = whole.pop("indicators")
    return whole


# what is broken → (a document, code and place of its only fault)
BROKEN: dict[str, tuple[Callable[[], Document], tuple[str, str]]] = {
    "the kind of a group's rule": (
        lambda: a_mean(kind="trung_binh"),
        ("value_not_allowed", "/criteria/0/rules/0/kind"),
    ),
    "the kind of the total's rule": (
        both(with_set("criteria.1.max", 50), "total.rules.0.kind", "trung_binh"),
        ("value_not_allowed", "/total/rules/0/kind"),
    ),
    "a field of an earlier rule": (
        both(with_set("criteria.1.rules.1", OTHER_RULE), "criteria.1.rules.0.zzz", ["commune"]),
        ("field_unknown", "/criteria/1/rules/0/zzz"),
    ),
    "the flag of an earlier rule": (
        both(with_set("criteria.1.rules.1", OTHER_RULE), "criteria.1.rules.0.optional", "x"),
        ("true_or_false_expected", "/criteria/1/rules/0/optional"),
    ),
    "a level of an earlier rule": (
        both(with_set("criteria.1.rules.1", OTHER_RULE), "criteria.1.rules.0.levels", ["zzzzzzz"]),
        ("value_not_allowed", "/criteria/1/rules/0/levels/0"),
    ),
    "a level of the only rule": (
        with_set("criteria.1.rules.0.levels", ["zzzzzzz"]),
        ("value_not_allowed", "/criteria/1/rules/0/levels/0"),
    ),
    "a rule that is no object": (
        with_set("criteria.1.rules.0", "ratio"),
        ("object_expected", "/criteria/1/rules/0"),
    ),
    "a level that a criterion is for": (
        both(with_set("criteria.1.applies_to", ["zzzzzzz", "commune"]), "criteria.1.rules.0.levels", ["district"]),
        ("value_not_allowed", "/criteria/1/applies_to/0"),
    ),
    "a level of a policy": (
        with_set("criteria.1.missing", {"no_value": {"zzzzzzz": "zero"}}),
        ("value_not_allowed", "/criteria/1/missing/no_value/zzzzzzz"),
    ),
    "a component that is no object": (
        with_set("criteria.0.criteria.1", 10),
        ("object_expected", "/criteria/0/criteria/1"),
    ),
    "the components of a group": (
        both(with_set("criteria.0.rules", [{"kind": "sum"}]), "criteria.0.criteria", "1.1"),
        ("list_expected", "/criteria/0/criteria"),
    ),
    "the name of the components": (
        lambda: with_set("criteria.0", {"zzzzzzz": [], "code": "speed", "name": {"vi": "x"}, "max": 40})(),
        ("field_unknown", "/criteria/0/zzzzzzz"),
    ),
    "the weight of a component": (
        lambda: _renamed(a_mean(), "weight", "zzzzzzz"),
        ("field_unknown", "/criteria/0/criteria/0/zzzzzzz"),
    ),
    "the total": (both(with_set("total", "100"), "criteria.1.max", 50), ("object_expected", "/total")),
    "the end of a band": (
        both(with_set("bands.1.max", 70), "bands.1.zzzzzzz", True),
        ("field_unknown", "/bands/1/zzzzzzz"),
    ),
    "a band that is no object": (with_set("bands.1", "weak"), ("object_expected", "/bands/1")),
    "the decimals of totals": (
        both(
            both(with_set("rounding", {"total": "x"}), "bands.1.max", Decimal("79.9")),
            "bands.1.closed",
            True,
        ),
        ("number_out_of_range", "/rounding/total"),
    ),
    "the code of an indicator": (
        with_set("indicators.2", {"code": "Hồ sơ", "kind": "count", "name": {"vi": "x"}}),
        ("code_invalid", "/indicators/2/code"),
    ),
    "an indicator that is no object": (with_set("indicators.4", "speed_points"), ("object_expected", "/indicators/4")),
    "the name of the indicators": (lambda: without_indicators("zzzzzzzzzz"), ("field_unknown", "/zzzzzzzzzz")),
    "a member of a view": (
        with_set("views.0.groups.1.members", ["qualty"]),
        ("member_unknown", "/views/0/groups/1/members/0"),
    ),
    "a group of a view": (with_set("views.0.groups.1", "rest"), ("object_expected", "/views/0/groups/1")),
}


def _renamed(whole: Document, field: str, name: str) -> Document:
    leaf = whole["criteria"][0]["criteria"][0]
    leaf[name] = leaf.pop(field)
    return whole


@pytest.mark.parametrize("part", BROKEN)
def test_nothing_is_concluded_from_a_broken_part(part: str) -> None:
    build, expected = BROKEN[part]

    assert found(build()) == {expected}


def test_what_follows_from_readable_parts_is_told_beside_a_broken_one() -> None:
    whole = both(with_set("criteria.1.rules.1", OTHER_RULE), "criteria.0.rules.1.zzz", 1)()

    assert found(whole) == {
        ("field_unknown", "/criteria/0/rules/1/zzz"),
        ("rule_unreachable", "/criteria/1/rules/1"),
    }


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("criteria.1.applies_to", ["communes"], "“communes” is not allowed for “applies_to/0”"),
        ("criteria.1.rules.0.levels", ["communes"], "“communes” is not allowed for “levels/0”"),
        ("criteria.1.missing", {"no_value": {"communes": "zero"}}, "“communes” is not allowed for “no_value”"),
        ("criteria.1.missing", {"no_value": {"commune": "zer"}}, "“zer” is not allowed for “commune”"),
        ("sources.1", "Thủ công", "“Thủ công” is no valid code for “sources/1”"),
        ("sources.1", 5, "“sources/1” must be text"),
        ("criteria.1", 5, "“criteria/1” must be an object"),
        ("criteria.1.rules.0.kind", "rato", "“rato” is not allowed for “kind”"),
    ],
)
def test_a_fault_names_its_field_and_never_a_bare_position(path: str, value: object, said: str) -> None:
    details = [fault.detail("en") for fault in faults_of(with_set(path, value)())]

    assert any(said in detail for detail in details), details


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("criteria.1.max", Decimal("60.005"), "/criteria/1/max"),
        ("rounding", {"component": 0}, "/criteria/1/max"),
        ("rounding", {"total": 0}, "/total/max"),
    ],
)
def test_points_finer_than_their_rounding_are_refused_with_the_way_out(path: str, value: object, place: str) -> None:
    whole = a_document()
    whole["criteria"][1]["max"] = Decimal("60.5")
    whole["total"]["max"] = Decimal("100.5")
    target = whole if "." not in path else whole["criteria"][1]
    target[path.rpartition(".")[2]] = value

    [fault] = [fault for fault in faults_of(whole) if fault.code == "points_too_fine"]

    assert fault.pointer == place
    assert "rounding." in fault.detail("en")
    assert "rounding." in fault.detail("vi")


def test_a_total_that_its_criteria_make_finer_than_its_rounding_is_refused() -> None:
    whole = a_document() | {"rounding": {"total": 0}, "total": {}, "bands": [], "views": []}
    whole["criteria"] = [a_leaf("a", None, "on_time") | {"max": Decimal("60.5")}]

    assert found(whole) == {("points_too_fine", "/total")}


@pytest.mark.parametrize("stated", [0, 1, "0.9", Decimal("0.3333")])
def test_a_share_from_0_to_1_may_be_asked_for(stated: object) -> None:
    framework, faults = read_framework(with_set("ranking", {"min_coverage": stated})())

    assert not faults
    assert framework is not None
    assert framework.ranking.least_coverage == Decimal(str(stated))
    assert b'"min_coverage":' in canonical(framework)


@pytest.mark.parametrize(
    ("stated", "code"),
    [(Decimal("1.0001"), "number_out_of_range"), (-1, "number_out_of_range"), ("90%", "number_invalid")],
)
def test_any_other_share_is_refused(stated: object, code: str) -> None:
    assert found(with_set("ranking", {"min_coverage": stated})()) == {(code, "/ranking/min_coverage")}


def test_a_document_that_states_no_share_keeps_its_bytes() -> None:
    framework, _ = read_framework(with_set("ranking", {"ties": "dense"})())
    assert framework is not None

    assert b'"ranking":{"basis":"rounded","incomplete":"unranked","ties":"dense"}' in canonical(framework)
    assert "min_coverage" not in str(document(framework))
