"""When two sources say the same, and when reported points are what the components earn."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from app.answers.report_reconciliation import State
from app.domain.checks.stored.figures import Amount, StoredFigure
from app.domain.checks.stored.points import earned_total
from app.domain.figures import DECIMALS
from app.domain.vocabulary import Level
from app.reports.rules.reconciliation import computable, figures_of, gap, points_state, size, state_of
from app.services.frameworks import reported_codes
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio, reported
from tests.support.published import shipped


def figure(text: str) -> StoredFigure:
    """`n/d` or a value with the decimals it is written with."""
    if "/" in text:
        numerator, denominator = (int(part) * 10_000 for part in text.split("/"))
        return StoredFigure(numerator, denominator)
    exact = Decimal(text)
    return StoredFigure(value=int(exact * 10_000), decimals=-int(exact.as_tuple().exponent))


def state(here: str, there: str, between: str | None = None, tolerance: str = "0", kind: str = "ratio") -> str:
    value_gap = None if between is None else Decimal(between)
    return state_of(figure(here), figure(there), kind, value_gap, Decimal(tolerance)).value


@pytest.mark.parametrize(
    ("here", "there", "between", "expected"),
    [
        ("68/104", "68/104", "0", "match"),
        ("1/3", "2/6", "0.00", "differs"),
        ("98.83", "98.8", "-0.03", "match"),
        ("98.85", "98.8", "-0.05", "match"),
        ("98.86", "98.8", "-0.06", "differs"),
        ("25775/26080", "98.83", "0", "match"),
        ("25775/26080", "98.84", "0.01", "differs"),
        ("100", "99.99", "-0.01", "differs"),
        ("0/0", "0/0", None, "match"),
        ("0/0", "50", None, "differs"),
        ("1000", "1000", "0", "match"),
        ("1000", "100", "-900", "differs"),
    ],
    ids=[
        "equal counts",
        "other counts of the same rate",
        "rounded from the other",
        "half a unit away",
        "further than half a unit",
        "the rate of the counts",
        "not the rate of the counts",
        "a whole number is exact",
        "nothing of nothing twice",
        "nothing of nothing is no rate",
        "equally impossible",
        "an impossible rate",
    ],
)
def test_figures_match_where_rounding_can_make_them_equal(
    here: str, there: str, between: str | None, expected: str
) -> None:
    assert state(here, there, between) == expected


def test_a_tolerance_takes_in_its_border_and_needs_to_be_above_nought() -> None:
    assert state("85.99", "91.40", "5.41", "5.41") == "within_tolerance"
    assert state("85.99", "91.40", "5.41", "5.40") == "differs"
    assert state("462", "463", "1", "1", kind="count") == "within_tolerance"
    assert state("1/3", "2/6", "0", "0.0001") == "within_tolerance"


def test_who_says_nothing_is_not_said_to_differ() -> None:
    assert state_of(None, figure("5"), "count", None, Decimal(9)) is State.ONLY_THERE
    assert state_of(figure("0"), None, "count", None, Decimal(9)) is State.ONLY_HERE
    assert gap(None, Decimal(5)) is None


def test_what_differs_is_ordered_by_the_size_of_its_gap_whichever_its_sign() -> None:
    gaps: dict[str, tuple[Decimal | None, Decimal | None]] = {
        "narrow": (Decimal(1), None),
        "wide": (Decimal(-9), None),
        "of counts": (Decimal(1), Decimal(4)),
        "unknown": (None, None),
    }

    assert sorted(gaps, key=lambda name: size(State.DIFFERS, *gaps[name])) == ["wide", "of counts", "narrow", "unknown"]
    assert size(State.MATCH, *gaps["wide"]) > size(State.DIFFERS, *gaps["unknown"])


@pytest.mark.parametrize(
    ("tolerance", "expected"), [("0", "differs"), ("0.04", "within_tolerance"), ("0.03", "differs")]
)
def test_points_match_up_to_the_rounding_and_lie_near_up_to_the_tolerance(tolerance: str, expected: str) -> None:
    stated, computed = Amount(Fraction("18.3"), Fraction("0.05"), 1), Amount(Fraction("18.26"), Fraction(0), 2)

    assert points_state(stated, computed, Fraction("0.04"), Decimal(tolerance)) is State.MATCH
    assert points_state(stated, computed, Fraction("0.03"), Decimal(tolerance)).value == expected


def test_a_framework_that_takes_reported_points_computes_nothing() -> None:
    assert not computable(shipped("qd766@2022"), "commune")
    assert computable(shipped("qd766@2026"), "commune")
    assert [computable(shipped("dongnai@2024"), level) for level in _levels("department", "district")] == [True, False]


def _levels(*levels: Level) -> tuple[Level, ...]:
    return levels


def test_the_figures_of_a_group_are_those_of_its_components() -> None:
    payment = next(top for top in shipped("qd766@2026").criteria if top.code == "payment")

    assert figures_of(payment) == {"fee_procedures_integrated", "fee_procedures_used", "paid_dossiers"}


def totals(table: Mapping[str, list[Cell]], **overrides: object) -> list[Amount | None]:
    """What units earn in two groups, `a` of 60 points that may be reported, and `b` of 40."""
    described = [
        {"code": code, "kind": kind, "name": {"vi": code}}
        for code, kind in {"x": "ratio", "y": "ratio", "a_points": "points", "total_points": "points"}.items()
    ]
    either = [ratio("x", optional=True), reported("a_points", optional=True)]
    framework = a_framework(
        a_criterion("a", 60, *either), a_criterion("b", 40, ratio("y")), indicators=described, **overrides
    )
    columns = columns_of(table)
    size = len(next(iter(table.values())))
    whole = {code: np.full(size, DECIMALS) for code in columns}
    return earned_total(framework, "commune", columns, whole, size, reported_codes())


def test_a_total_is_computed_where_no_group_has_to_be_taken_as_reported() -> None:
    table: dict[str, list[Cell]] = {
        "x": ["1/2", None, "1/2"],
        "y": ["1/4", "1/4", None],
        "a_points": ["59", "30", "59"],
        "total_points": ["99", "99", "99"],
    }
    of_source = {"rules": [reported("total_points", optional=True), {"kind": "sum"}]}

    assert totals(table) == [Amount(Fraction(40), Fraction(0), 2), None, None]
    assert totals(table, total=of_source) == totals(table)


def test_equal_rates_of_different_numerators_do_not_match() -> None:
    here, there = (StoredFigure(numerator=count * 10_000, value=100, decimals=2) for count in (2, 9))

    assert state_of(here, there, "ratio", Decimal("0.00"), Decimal(0)) is State.DIFFERS
    assert state_of(here, here, "ratio", Decimal("0.00"), Decimal(0)) is State.MATCH
