"""Maxima, weights and limits that a document states for single levels: how it reads there, and what is wrong there."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.frameworks.check import canonical
from app.domain.frameworks.tree import levels_alike
from app.domain.vocabulary import LEVELS
from tests.support.cohorts import Cell, a_criterion, a_framework, ratio, scored, totals
from tests.support.framework_documents import a_document, faults_of

Document = dict[str, Any]


def by_level() -> Document:
    """The document with other weights, and another scale, for communes."""
    whole = a_document()
    speed, quality = whole["criteria"]
    speed["max_by_level"] = {"commune": 30}
    speed["criteria"][0]["max_by_level"] = {"commune": 20}
    quality["max_by_level"] = {"commune": 50}
    whole["total"]["max_by_level"] = {"commune": 80}
    whole["bands"][0] |= {"min_by_level": {"commune": 60}, "max_by_level": {"commune": 80}}
    return whole


def test_a_document_may_state_other_figures_for_a_level() -> None:
    assert faults_of(by_level()) == []


def test_a_framework_reads_otherwise_at_a_level_alone() -> None:
    framework = a_framework(
        a_criterion("one", 60, ratio("x"), max_by_level={"commune": 40}), a_criterion("two", 40, ratio("y"))
    )

    at_level = framework.at("commune")

    assert [framework.max_of(each) for each in framework.criteria] == [60, 40]
    assert [at_level.max_of(each) for each in at_level.criteria] == [40, 40]
    assert [each.total_max for each in (framework, at_level)] == [100, 80]
    assert framework.at("province") is framework
    assert levels_alike(framework, LEVELS) == [
        (framework, ["ministry", "province", "department", "district", "other"]),
        (at_level, ["commune"]),
    ]


def test_units_of_a_level_are_scored_weighted_and_classed_by_its_figures() -> None:
    bands = [{"code": code, "name": {"vi": code}, "min": least} for code, least in (("high", 80), ("low", 0))]
    bands[0]["min_by_level"] = {"commune": 50}
    framework = a_framework(
        a_criterion("one", 60, ratio("x"), max_by_level={"commune": 20}),
        a_criterion("two", 40, ratio("y"), max_by_level={"commune": 80}),
        bands=bands,
    )
    figures: dict[str, list[Cell]] = {"x": ["100"], "y": ["50"]}

    assert totals(scored(framework, figures, "province")) == [Decimal(80)]
    assert totals(scored(framework, figures, "commune")) == [Decimal(60)]
    assert scored(framework, figures, "commune").framework.bands[0].min == 50


@pytest.mark.parametrize(
    ("place", "value", "code", "pointer"),
    [
        ("criteria.1.max_by_level", {"commune": 55}, "weights_miss_total", "/total/max_by_level/commune"),
        (
            "criteria.0.criteria.0.max_by_level",
            {"commune": 25},
            "weights_miss_total",
            "/criteria/0/max_by_level/commune",
        ),
        ("criteria.1.max_by_level", {"commune": 0}, "number_not_positive", "/criteria/1/max_by_level/commune"),
        ("bands.0.min_by_level", {"commune": 90}, "band_out_of_range", "/bands/0/min_by_level/commune"),
        ("bands.0.max_by_level", {"commune": 70}, "bands_hole", "/bands/0/max_by_level/commune"),
        (
            "criteria.1.max_by_level",
            {"commune": Decimal("50.005")},
            "points_too_fine",
            "/criteria/1/max_by_level/commune",
        ),
    ],
)
def test_what_is_wrong_at_a_level_alone_says_so_and_where(place: str, value: object, code: str, pointer: str) -> None:
    whole = by_level()
    part: Any = whole
    *steps, last = place.split(".")
    for step in steps:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[last] = value

    found = {fault.code: fault for fault in faults_of(whole)}

    assert found[code].pointer == pointer
    assert found[code].detail("en").startswith("At the level “commune”: ")
    assert found[code].detail("vi").startswith("Đối với cấp xã: ")


def test_what_is_wrong_for_all_is_told_once() -> None:
    whole = by_level()
    whole["criteria"][1]["rules"][0]["indicator"] = "dosiers"

    (fault,) = faults_of(whole)

    assert fault.code == "indicator_unknown"
    assert "commune" not in fault.detail("en")


@pytest.mark.parametrize(
    ("value", "code", "pointer"),
    [
        ({"xa": 20}, "value_not_allowed", "/criteria/1/max_by_level/xa"),
        (20, "object_expected", "/criteria/1/max_by_level"),
        ({"commune": "hai mươi"}, "number_invalid", "/criteria/1/max_by_level/commune"),
    ],
)
def test_figures_by_level_are_read_like_any_others(value: object, code: str, pointer: str) -> None:
    whole = a_document()
    whole["criteria"][1]["max_by_level"] = value

    assert [(fault.code, fault.pointer) for fault in faults_of(whole)] == [(code, pointer)]


def test_a_document_that_states_nothing_by_level_keeps_its_bytes() -> None:
    assert b"by_level" not in canonical(a_framework(a_criterion("one", 100, ratio("x"))))


@given(
    maxima=st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=2, max_size=4),
    rates=st.lists(st.integers(0, 100), min_size=4, max_size=4),
    mean=st.booleans(),
)
def test_a_level_is_scored_as_by_a_document_of_its_own(
    maxima: list[tuple[int, int]], rates: list[int], mean: bool
) -> None:
    rules = [{"kind": "weighted_mean" if mean else "sum"}]
    figures: dict[str, list[Cell]] = {f"x{place}": [str(rate)] for place, rate in enumerate(rates)}

    def a_leaf(place: int, most: int, **own: Any) -> dict[str, Any]:
        return a_criterion(f"c{place}", most, ratio(f"x{place}"), **own)

    stated = [
        a_leaf(place, one, weight=one, max_by_level={"commune": other}, weight_by_level={"commune": one + other})
        for place, (one, other) in enumerate(maxima)
    ]
    plain = [a_leaf(place, other, weight=one + other) for place, (one, other) in enumerate(maxima)]

    found = scored(a_framework(*stated, total={"rules": rules}), figures, "commune")

    assert totals(found) == totals(scored(a_framework(*plain, total={"rules": rules}), figures, "commune"))
