"""Every way a framework document can be wrong is refused, with a sentence in both languages; all faults at once."""

import time
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.contract_vocabulary import declared
from app.domain.frameworks.check import canonical, document, read_framework
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.shape_codes import VALUE_INVALID
from app.formats.strict_json import read_json
from tests.support.error_codes import modules
from tests.support.framework_documents import (
    Document,
    a_document,
    a_leaf,
    an_indicator,
    faults_of,
    found,
    with_set,
    without,
)


def deep() -> Document:
    whole = a_document()
    for _ in range(500):
        whole["criteria"] = [{"code": "nested", "name": {"vi": "x"}, "criteria": whole["criteria"]}]
    return whole


def within_itself() -> Document:
    whole = a_document()
    whole["criteria"][0]["criteria"].append(whole["criteria"][0])
    return whole


def huge() -> Document:
    shared: object = [0] * 1000
    for _ in range(10):
        shared = [shared] * 1000
    return {**a_document(), "sources": shared}


def fine_weights() -> Document:
    whole = a_document()
    whole["criteria"][0]["rules"] = [{"kind": "geometric_mean"}]
    for leaf, weight in zip(whole["criteria"][0]["criteria"], ("33.3333", "66.6667"), strict=True):
        leaf["weight"] = weight
    return whole


SUM, MEAN = {"kind": "sum"}, {"kind": "weighted_mean"}

STEPS = {
    "kind": "steps",
    "indicator": "on_time",
    "steps": [{"at_least": 90, "points": 60}, {"at_least": 50, "points": 9}],
}

KNOTS = [{"at": 50, "points": 0}, {"at": 90, "points": 60}]
LINE = {"kind": "piecewise", "indicator": "on_time", "points": KNOTS}


def over(code: str) -> dict[str, Any]:
    """A rule that divides one count by the count of that code."""
    return {"kind": "ratio", "indicator": "late_dossiers", "of": code}


# code, and a word where it has several sentences → (a document that shows it, where it must point)
BROKEN: dict[str, tuple[Callable[[], Document], str]] = {
    "document_too_deep": (deep, "/criteria" + "/0/criteria" * 31 + "/0"),
    "document_too_large": (huge, ""),
    "cycle:object": (within_itself, "/criteria/0/criteria/2"),
    "name_too_long": (with_set("n" * 1001, 1), ""),
    "field_unknown": (with_set("bands.1.colour", "red"), "/bands/1/colour"),
    "color_invalid": (with_set("bands.1.color", "red"), "/bands/1/color"),
    "field_missing": (without("bands.1", "min"), "/bands/1/min"),
    "value_not_allowed": (with_set("indicators.0.kind", "percent"), "/indicators/0/kind"),
    "code_invalid": (with_set("bands.1.code", "Yếu"), "/bands/1/code"),
    "version_invalid": (with_set("version", "năm 2026"), "/version"),
    "text_expected": (with_set("version", 2026), "/version"),
    "text_empty": (with_set("name.vi", "  "), "/name/vi"),
    "text_too_long": (with_set("name.vi", "x" * 501), "/name/vi"),
    "number_ambiguous": (with_set("bands.0.min", "1.234"), "/bands/0/min"),
    "text_invalid": (with_set("bands.1.name.vi", "Y\u200bếu"), "/bands/1/name/vi"),
    "number_invalid": (with_set("bands.0.min", "80,5"), "/bands/0/min"),
    "number_too_precise": (with_set("bands.0.min", Decimal("80.00001")), "/bands/0/min"),
    "number_too_large": (with_set("criteria.1.max", 10**20), "/criteria/1/max"),
    "number_out_of_range": (with_set("rounding", {"total": 9}), "/rounding/total"),
    "number_out_of_range:share": (with_set("ranking", {"min_coverage": 90}), "/ranking/min_coverage"),
    "true_or_false_expected": (with_set("bands.0.closed", "yes"), "/bands/0/closed"),
    "date_invalid": (with_set("valid_from", "31/01/2026"), "/valid_from"),
    "list_expected": (with_set("sources", "manual"), "/sources"),
    "list_empty": (with_set("views.0.groups", []), "/views/0/groups"),
    "object_expected": (with_set("bands.1.name", "Yếu"), "/bands/1/name"),
    "ratio_flat": (with_set("criteria.1.rules.0.from", 100), "/criteria/1/rules/0"),
    "bounds_missing": (
        with_set("criteria.1.rules.0", {"kind": "normalise", "indicator": "late_dossiers", "method": "bounds"}),
        "/criteria/1/rules/0",
    ),
    "ratio_of_itself": (with_set("criteria.1.rules.0", over("late_dossiers")), "/criteria/1/rules/0/of"),
    "adjustment_of_nothing": (
        with_set("total.adjustments", [{"indicator": "dossiers", "points": 0}]),
        "/total/adjustments/0/points",
    ),
    "code_duplicate": (with_set("bands.1.code", "good"), "/bands/1/code"),
    "source_duplicate": (with_set("sources.2", "manual"), "/sources/2"),
    "indicator_unknown": (
        with_set("criteria.0.criteria.0.rules.0.indicator", "on_tme"),
        "/criteria/0/criteria/0/rules/0/indicator",
    ),
    "indicator_differs": (with_set("indicators.4", an_indicator("total_points", "count")), "/indicators/4/kind"),
    "indicator_kind_wrong": (with_set("criteria.0.rules.1.indicator", "on_time"), "/criteria/0/rules/1/indicator"),
    "complement_kind_differs": (with_set("indicators.1.complement_of", "dossiers"), "/indicators/1/complement_of"),
    "cycle": (with_set("indicators.2.population", "late_dossiers"), "/indicators/2/population"),
    "bands_hole": (with_set("bands.1.max", 79), "/bands/1/max"),
    "bands_hole:at_max": (with_set("bands.0.closed", False), "/bands/0/max"),
    "bands_overlap": (with_set("bands.1.max", 81), "/bands/1/max"),
    "band_duplicate": (with_set("bands.0.min", 0), "/bands/1/min"),
    "band_out_of_range": (with_set("bands.0.max", 120), "/bands/0/max"),
    "band_empty": (with_set("bands.0.max", 70), "/bands/0/max"),
    "weights_miss_total": (with_set("criteria.0.criteria.1.max", 12), "/criteria/0/max"),
    "weights_miss_total:total": (with_set("criteria.1.max", 50), "/total/max"),
    "max_missing": (with_set("criteria.1.max", None), "/criteria/1"),
    "number_not_positive": (with_set("criteria.1.max", 0), "/criteria/1/max"),
    "weight_missing": (with_set("total.rules.0", MEAN), "/criteria/0"),
    "weights_too_fine": (fine_weights, "/criteria/0"),
    "share_of_a_mean": (
        with_set("total", {"rules": [{"kind": "best"}], "share_of_applicable": True}),
        "/total/share_of_applicable",
    ),
    "rule_missing": (with_set("criteria.1.rules.0.levels", ["department", "other"]), "/criteria/1"),
    "rule_unreachable": (with_set("criteria.1.rules.1", STEPS), "/criteria/1/rules/1"),
    "rule_needs_children": (with_set("criteria.1.rules.0", SUM), "/criteria/1/rules/0"),
    "step_duplicate": (
        with_set(
            "criteria.1.rules.0", {**STEPS, "steps": [{"at_least": 9, "points": 1}, {"at_least": "9.0", "points": 2}]}
        ),
        "/criteria/1/rules/0/steps/1/at_least",
    ),
    "knots_too_few": (
        with_set("criteria.1.rules.0", {**LINE, "points": KNOTS[:1]}),
        "/criteria/1/rules/0/points",
    ),
    "knots_not_rising": (
        with_set("criteria.1.rules.0", {**LINE, "points": [*KNOTS, {"at": "90.0", "points": 50}]}),
        "/criteria/1/rules/0/points/2/at",
    ),
    "points_out_of_range": (
        with_set("criteria.1.rules.0", {**STEPS, "otherwise": 61}),
        "/criteria/1/rules/0/otherwise",
    ),
    "points_too_fine": (
        with_set("criteria.1.rules.0", {**STEPS, "otherwise": Decimal("0.125")}),
        "/criteria/1/rules/0/otherwise",
    ),
    "levels_empty": (with_set("criteria.1.applies_to", []), "/criteria/1/applies_to"),
    "policy_missing": (
        with_set("criteria.1.missing", {"zero_denominator": {"commune": "full"}}),
        "/criteria/1/missing/zero_denominator",
    ),
    "criterion_unknown": (
        with_set("bands.0.requires", [{"criterion": "qualty", "min": 1}]),
        "/bands/0/requires/0/criterion",
    ),
    "lowest_band_requires": (
        with_set("bands.1.requires", [{"criterion": "quality", "min": 1}]),
        "/bands/1/requires",
    ),
    "validity_reversed": (with_set("valid_to", "2025-12-31"), "/valid_to"),
    "member_unknown": (with_set("views.0.groups.1.members.1", "1.1"), "/views/0/groups/1/members/1"),
    "member_missing": (with_set("views.0.groups.1.members", ["speed"]), "/views/0/groups"),
    "member_duplicate": (with_set("views.0.groups.1.members.1", "speed"), "/views/0/groups/1/members/1"),
}


def test_the_document_that_the_examples_start_from_has_no_fault() -> None:
    assert faults_of(a_document()) == []


@pytest.mark.parametrize("key", BROKEN)
def test_a_broken_document_is_refused_at_its_place_in_both_languages(key: str) -> None:
    build, pointer = BROKEN[key]

    faults = [fault for fault in faults_of(build()) if fault.pointer == pointer]

    assert [fault.code for fault in faults] == [key.partition(":")[0]]
    english, vietnamese = faults[0].detail("en"), faults[0].detail("vi")
    assert english != vietnamese
    assert "{" not in english + vietnamese
    assert len(english) > 30


def test_every_sentence_has_a_document_that_shows_it() -> None:
    checks = [module for module in modules() if module.startswith("app.domain.frameworks.")]

    shown = {fault.error_code for build, _ in BROKEN.values() for fault in faults_of(build())}

    # `value_invalid` stands by for kinds of pydantic errors that no document is known to cause
    assert {code for module in checks for code in declared(module)} - shown == {VALUE_INVALID}


def test_a_document_that_was_stored_before_its_texts_were_looked_at_is_still_read() -> None:
    framework = Framework.model_validate({**a_document(), "name": {"vi": "Chỉ\u200b số"}})

    assert framework.name.vi == "Chỉ\u200b số"


def test_several_faults_of_one_document_are_all_named() -> None:
    whole = a_document()
    whole["bands"][0]["closed"] = False
    whole["criteria"][0]["criteria"][1]["max"] = 12
    whole["criteria"][1]["rules"][0]["indicator"] = "dosiers"
    whole["views"][0]["groups"][1]["members"] = ["qualty"]
    whole["naem"] = whole.pop("name")
    whole["indicators"][0]["kind"] = "ratoi"

    assert found(whole) == {
        ("field_unknown", "/naem"),
        ("value_not_allowed", "/indicators/0/kind"),
        ("bands_hole", "/bands/0/max"),
        ("weights_miss_total", "/criteria/0/max"),
        ("indicator_unknown", "/criteria/1/rules/0/indicator"),
        ("member_unknown", "/views/0/groups/1/members/0"),
    }


def test_a_misspelt_field_is_one_fault_and_does_not_hide_what_stands_in_it() -> None:
    whole = a_document()
    whole["criteria"][1]["ruels"] = [{"kind": "ratio", "indicator": "dossiers", "full_att": 50, "from": "x"}]
    del whole["criteria"][1]["rules"]

    faults = {(fault.code, fault.pointer, fault.suggestion) for fault in faults_of(whole)}

    assert faults == {
        ("field_unknown", "/criteria/1/ruels", "rules"),
        ("field_unknown", "/criteria/1/ruels/0/full_att", "full_at"),
        ("number_invalid", "/criteria/1/ruels/0/from", None),
    }


def test_a_misspelt_required_field_is_not_also_reported_missing() -> None:
    whole = a_document()
    whole["bands"][1]["mim"] = whole["bands"][1].pop("min")

    assert found(whole) == {("field_unknown", "/bands/1/mim")}


@pytest.mark.parametrize("key", ["true_or_false_expected", "value_not_allowed", "number_too_large", "field_missing"])
def test_what_cannot_be_read_raises_no_further_faults_elsewhere(key: str) -> None:
    build, pointer = BROKEN[key]

    assert found(build()) == {(key, pointer)}


def test_the_internal_name_of_a_field_is_no_field() -> None:
    assert ("field_unknown", "/criteria/1/rules/0/from_") in found(with_set("criteria.1.rules.0.from_", 5)())


@pytest.mark.parametrize("whole", [None, [], "qd766", 7, {}, {"criteria": 5, "bands": {}, "views": [[]], "total": "x"}])
def test_what_is_no_framework_at_all_is_refused_without_a_crash(whole: object) -> None:
    assert faults_of(whole)


def test_braces_in_a_document_do_not_break_a_sentence() -> None:
    whole = a_document()
    whole["bands"][0] |= {"closed": False, "name": {"vi": "{where} {0}"}}

    assert "{where} {0}" in faults_of(whole)[0].detail("vi")


def test_five_thousand_criteria_are_checked_in_moments() -> None:
    whole = a_document()
    whole["criteria"] = [a_leaf(f"c{number}", 1, f"unknown_{number}") for number in range(5000)]
    whole["total"] = {"max": 5000}
    started = time.perf_counter()

    faults = faults_of(whole)

    assert faults[-1].code == "further_errors"
    assert int(str(faults[-1].context["count"])) > 4000
    assert time.perf_counter() - started < 20


def test_the_same_framework_written_otherwise_has_the_same_bytes() -> None:
    plain, other = a_document(), a_document()
    other["bands"][0]["min"] = Decimal("80.00")
    other["criteria"][1]["max"] = "60"
    other["rounding"] = {"total": 2}
    plain["criteria"][1]["missing"] = {"no_value": {"default": "zero", "commune": "full"}}
    other["criteria"][1]["missing"] = {"no_value": {"commune": "full", "default": "zero"}}
    other["criteria"][1]["rules"][0] |= {"full_at": 100, "from": 0, "levels": None}
    other = dict(reversed(other.items()))

    first, second = read_framework(plain)[0], read_framework(other)[0]

    assert first is not None
    assert second is not None
    assert canonical(first) == canonical(second)
    assert b'"min":80,' in canonical(second) or b'"min":80}' in canonical(second)


def test_another_target_is_another_document() -> None:
    first, second = read_framework(a_document())[0], read_framework(with_set("criteria.1.rules.0.full_at", 90)())[0]

    assert first is not None
    assert second is not None
    assert canonical(first) != canonical(second)


def test_a_framework_comes_back_from_its_canonical_bytes() -> None:
    framework, _ = read_framework(a_document())
    assert framework is not None

    again, faults = read_framework(read_json(canonical(framework)))

    assert not faults
    assert again == framework


def test_the_document_of_a_framework_is_read_again_and_speaks_its_fields() -> None:
    framework, _ = read_framework(a_document())
    assert framework is not None

    written: Any = document(framework)

    assert written["criteria"][1]["rules"][0]["from"] == Decimal(0)
    assert written["valid_from"] == "2026-01-01"
    assert read_framework(written)[0] == framework


MISCHIEF: st.SearchStrategy[object] = st.sampled_from(
    [None, True, -1, 0, "", "x", "10,5", [], {}, [[]], {"kind": "sum"}, Decimal("0.00001"), 10**40]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_in_any_place_is_read_or_refused_with_its_faults(data: st.DataObject) -> None:
    whole = deepcopy(a_document())
    target: Any = whole
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else list(range(len(target)))))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            break
        target = target[key]
    target[key] = data.draw(MISCHIEF)

    for fault in faults_of(whole):
        assert fault.pointer is not None
        assert fault.detail("en")
        assert fault.detail("vi")


def test_an_adjustment_is_named_by_its_indicator() -> None:
    (fault,) = faults_of(with_set("total.adjustments", [{"indicator": "dossiers", "points": 0}])())

    assert fault.detail("en").startswith("“dossiers” (/total/adjustments/0): ")
