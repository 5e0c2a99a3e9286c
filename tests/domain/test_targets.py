"""Which target holds for a unit, and what may be written as one."""

from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.intake.row_figures import IndicatorKind
from app.domain.targets import Target, Targets, read_target
from app.domain.vocabulary import LEVELS, Level
from app.errors import Fault

PARENTS = {"H60": None, "H60.1": "H60", "H60.1.2": "H60.1", "H19": None}


def a_target(unit: str = "", level: str = "", target: int = 50) -> Target:
    return Target("online_dossiers", level, 2024, unit, target * 10_000, 0, None)


def holding(stated: list[Target], unit: str, level: Level) -> Target | None:
    return Targets(stated, PARENTS).holding("online_dossiers", unit, level)


@pytest.mark.parametrize(
    ("unit", "level", "stated_for"),
    [
        ("H60.1.2", "commune", ("H60.1.2", "")),
        ("H60.1", "district", ("H60", "district")),
        ("H60", "province", ("H60", "")),
        ("H19", "province", ("", "province")),
        ("H19", "district", ("", "")),
    ],
)
def test_the_nearest_unit_comes_first_and_there_the_own_level(
    unit: str, level: Level, stated_for: tuple[str, str]
) -> None:
    places = [("", ""), ("", "province"), ("H60", ""), ("H60", "district"), ("H60", "commune"), ("H60.1.2", "")]

    found = holding([a_target(*place) for place in places], unit, level)

    assert found is not None
    assert (found.unit, found.level) == stated_for


def test_a_target_of_a_level_is_for_that_level_alone() -> None:
    assert holding([a_target("H60", "commune")], "H60.1", "district") is None


def test_a_target_of_another_unit_does_not_hold() -> None:
    assert holding([a_target("H19"), a_target("H60.1")], "H60", "province") is None


def test_a_target_of_another_indicator_does_not_hold() -> None:
    assert Targets([a_target()], PARENTS).holding("paid_dossiers", "H60", "province") is None


def test_a_tree_that_runs_in_a_circle_is_walked_once() -> None:
    targets = Targets([a_target()], {"A": "B", "B": "A"})

    assert targets.holding("online_dossiers", "A", "other") == a_target()


@given(
    st.lists(st.tuples(st.sampled_from(["", *PARENTS]), st.sampled_from(["", *LEVELS])), max_size=8, unique=True),
    st.sampled_from(sorted(PARENTS)),
    st.sampled_from(LEVELS),
)
@settings(deadline=None, max_examples=60)
def test_what_holds_was_stated_at_or_above_the_unit_for_its_level_or_all(
    places: list[tuple[str, str]], unit: str, level: Level
) -> None:
    found = holding([a_target(*place) for place in places], unit, level)

    fitting = {place for place in places if (place[0] == "" or f"{unit}.".startswith(f"{place[0]}."))}
    fitting = {place for place in fitting if place[1] in ("", level)}
    assert (found is not None) == bool(fitting)
    if found is not None:
        nearest = max(fitting, key=lambda place: (len(place[0]), place[1] != ""))
        assert (found.unit, found.level) == nearest


@pytest.mark.parametrize(
    ("written", "kind", "code"),
    [
        (Decimal("80.12345"), "ratio", "number_too_precise"),
        (Decimal("100.0001"), "ratio", "rate_out_of_range"),
        (-1, "ratio", "rate_out_of_range"),
        (-1, "count", "number_out_of_range"),
        (10**11, "count", "number_too_large"),
        ("1.234", "number", "number_ambiguous"),
        ("855,589", "count", "number_ambiguous"),
        ("1e-1", "number", "number_invalid"),
        ("9/8", "ratio", "number_invalid"),
        ("-", "ratio", "number_invalid"),
        ("80,5 %", "points", "percent_not_expected"),
        (True, "ratio", "number_invalid"),
        ([], "number", "number_invalid"),
        (Decimal("NaN"), "number", "number_invalid"),
    ],
)
def test_a_target_that_cannot_be_is_refused(written: object, kind: str, code: str) -> None:
    found = read_target(written, cast(IndicatorKind, kind))

    assert isinstance(found, Fault)
    assert found.code == code


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        (0, "ratio", (0, 0)),
        (100, "ratio", (1_000_000, 0)),
        (Decimal("80.50"), "ratio", (805_000, 2)),
        (Decimal("80.00000"), "ratio", (800_000, 4)),
        (Decimal("1E+2"), "count", (1_000_000, 0)),
        ("-2.5", "number", (-25_000, 1)),
        ("80,50", "ratio", (805_000, 2)),
        ("80,5 %", "ratio", (805_000, 1)),
        ("1.746,5", "number", (17_465_000, 1)),
        ("01.005", "number", (10_050, 3)),
    ],
)
def test_a_target_is_kept_exactly_with_its_decimals(written: object, kind: str, read: tuple[int, int]) -> None:
    assert read_target(written, cast(IndicatorKind, kind)) == read
