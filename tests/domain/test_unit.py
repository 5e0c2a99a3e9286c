"""A unit in time: dated versions without gaps, whatever is stated and whatever happens to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.unit import (
    FOR_EVER,
    SINCE_EVER,
    Unit,
    UnitDocument,
    Version,
    changed_from,
    completed,
    ended,
    stated,
)
from app.domain.unit_trees import cycle_path, ways_up

REFORM = date(2025, 7, 1)
EVE = date(2025, 6, 30)


def facts(**overrides: object) -> UnitDocument:
    return UnitDocument.model_validate({"code": "H60", "name": "Tuyên Quang", "level": "province", **overrides})


def a_unit(**overrides: object) -> Unit:
    return stated(None, facts(**overrides))


def spans(unit: Unit) -> list[tuple[str, date, date]]:
    return [(version.name, version.begins, version.ends) for version in unit.versions]


def test_a_new_unit_is_one_version_over_its_whole_life() -> None:
    unit = a_unit(valid_from="2004-01-01", valid_to="2025-06-30")

    assert spans(unit) == [("Tuyên Quang", date(2004, 1, 1), EVE)]
    assert (unit.valid_from, unit.valid_to) == (date(2004, 1, 1), EVE)


def test_a_unit_without_dates_exists_for_ever() -> None:
    unit = a_unit()

    assert (unit.valid_from, unit.valid_to) == (None, None)


def test_a_change_begins_a_version_on_its_day_and_ends_the_one_before_on_the_eve() -> None:
    unit = changed_from(a_unit(), REFORM, name="Tuyên Quang mới")

    assert spans(unit) == [("Tuyên Quang", SINCE_EVER, EVE), ("Tuyên Quang mới", REFORM, FOR_EVER)]


def test_a_change_to_what_stands_already_makes_no_version() -> None:
    unit = a_unit()

    assert changed_from(unit, REFORM, name="Tuyên Quang") == unit


def test_a_second_change_on_the_same_day_joins_the_version_of_the_day() -> None:
    unit = changed_from(changed_from(a_unit(), REFORM, name="Tuyên Quang mới"), REFORM, parent="VN")

    assert [(v.name, v.parent, v.begins) for v in unit.versions] == [
        ("Tuyên Quang", None, SINCE_EVER),
        ("Tuyên Quang mới", "VN", REFORM),
    ]


def test_events_told_in_any_order_give_the_same_unit() -> None:
    """The renaming is the older of the two: what the move carried on from it is renamed as well."""
    renamed_first = changed_from(changed_from(a_unit(), date(2024, 1, 1), name="B"), REFORM, parent="VN")
    moved_first = changed_from(changed_from(a_unit(), REFORM, parent="VN"), date(2024, 1, 1), name="B")

    assert moved_first == renamed_first


def test_an_older_renaming_does_not_reach_past_a_later_one() -> None:
    unit = changed_from(changed_from(a_unit(), REFORM, name="C"), date(2024, 1, 1), name="B")

    assert [name for name, _, _ in spans(unit)] == ["Tuyên Quang", "B", "C"]


def test_an_ended_unit_names_its_successors_once() -> None:
    unit = ended(ended(a_unit(), REFORM, ["H19"]), REFORM, ["H19", "H55"])

    assert unit.valid_to == EVE
    assert unit.successors == ("H19", "H55")


def test_stating_a_unit_again_corrects_the_last_version_and_keeps_the_dated_ones() -> None:
    renamed = changed_from(a_unit(), REFORM, name="Tuyên Quang mới")

    unit = stated(renamed, facts(name="Tỉnh Tuyên Quang"))

    assert spans(unit) == [("Tuyên Quang", SINCE_EVER, EVE), ("Tỉnh Tuyên Quang", REFORM, FOR_EVER)]


def test_a_life_that_ends_before_the_last_version_begins_drops_that_version() -> None:
    renamed = changed_from(a_unit(), REFORM, name="Tuyên Quang mới")

    unit = stated(renamed, facts(name="Tuyên Quang cũ", valid_to="2024-12-31"))

    assert spans(unit) == [("Tuyên Quang cũ", SINCE_EVER, date(2024, 12, 31))]


def test_a_life_that_begins_after_the_first_version_ended_drops_that_version() -> None:
    renamed = changed_from(a_unit(), REFORM, name="Tuyên Quang mới")

    unit = stated(renamed, facts(name="Tuyên Quang mới", valid_from="2026-01-01"))

    assert spans(unit) == [("Tuyên Quang mới", date(2026, 1, 1), FOR_EVER)]


def test_a_longer_life_stretches_the_first_and_the_last_version() -> None:
    old = Unit("H60", (Version("A", "province", None, date(2020, 1, 1), EVE), Version("B", "province", None, REFORM)))

    unit = stated(old, facts(name="B", valid_from="2004-01-01", valid_to="2030-12-31"))

    assert spans(unit) == [("A", date(2004, 1, 1), EVE), ("B", REFORM, date(2030, 12, 31))]


def test_facts_that_are_left_out_stay_as_they_are_known() -> None:
    unit = a_unit(parent="VN", valid_from="2004-01-01", identifiers=[{"scheme": "gso", "value": "08"}])

    kept = completed(unit, facts(name="Tỉnh Tuyên Quang"))

    assert (kept.name, kept.parent, kept.valid_from) == ("Tỉnh Tuyên Quang", "VN", date(2004, 1, 1))
    assert stated(unit, kept).identifiers == (("gso", "08"),)


def test_facts_that_are_stated_as_empty_are_emptied() -> None:
    unit = a_unit(parent="VN")

    assert completed(unit, facts(parent=None)).parent is None


@pytest.mark.parametrize("day", [20250701, "20250701", "1719792000", 0, "2025-07-01T00:00:00", "2025-02-30", True])
def test_a_day_is_written_with_hyphens_or_refused(day: object) -> None:
    """Pydantic alone would take numbers for seconds since 1970."""
    with pytest.raises(ValidationError):
        facts(valid_from=day)


@pytest.mark.parametrize("code", ["h60", "H60.", ".H60", "H60..1", "H60\nH61", "Đ60", "H" * 36, ""])
def test_a_code_has_the_form_of_the_law(code: str) -> None:
    with pytest.raises(ValidationError):
        facts(code=code)


@pytest.mark.parametrize("name", ["", "   ", "Xã\x00", "Xã\tA", "a" * 301])
def test_a_name_that_no_letter_could_print_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        facts(name=name)


def test_a_name_is_kept_composed_and_without_space_around_it() -> None:
    assert facts(name="  Bi\u0300nh Tha\u0300nh ").name == "Bình Thành"


def test_a_long_chain_without_a_circle_is_walked_in_linear_time() -> None:
    chain: dict[str, str | None] = {f"U{n}": f"U{n + 1}" for n in range(50_000)}

    assert ways_up(chain, chain).rings == []


def test_only_the_units_on_a_ring_are_named_and_each_ring_once() -> None:
    parent_of = {"X": "A", "A": "B", "B": "C", "C": "A", "S": "S"}
    found = ways_up(parent_of, parent_of).rings

    assert found == [["A", "B", "C"], ["S"]]


def test_a_long_ring_is_told_in_a_few_steps() -> None:
    ring = [f"U{n}" for n in range(4000)]

    assert cycle_path(ring) == "U0 → U1 → U2 → U3 → … → U3999 → U0"


DAYS = st.integers(0, 400).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
CHANGES = st.lists(st.tuples(DAYS, st.sampled_from(["name", "parent"]), st.sampled_from("ABC")), max_size=8)


def assert_without_gaps(unit: Unit) -> None:
    for version in unit.versions:
        assert version.begins <= version.ends
    for before, after in zip(unit.versions, unit.versions[1:], strict=False):
        assert after.begins == before.ends + timedelta(days=1)


def at(unit: Unit, day: date) -> Version:
    return next(version for version in unit.versions if version.begins <= day <= version.ends)


@settings(max_examples=150, deadline=None)
@given(CHANGES, DAYS, DAYS)
def test_versions_stay_in_order_and_without_gaps_under_any_changes(
    changes: list[tuple[date, str, str]], one: date, other: date
) -> None:
    unit = a_unit()

    for day, field, new in changes:
        eve = day - timedelta(days=1)
        before = at(unit, eve)
        unit = changed_from(unit, day, name=new) if field == "name" else changed_from(unit, day, parent=new)
        assert_without_gaps(unit)
        assert getattr(at(unit, day), field) == new
        assert (at(unit, eve).name, at(unit, eve).parent) == (before.name, before.parent)
    begins, ends = sorted((one, other))
    cut = stated(unit, facts(name="Z", valid_from=begins.isoformat(), valid_to=ends.isoformat()))

    assert_without_gaps(cut)
    assert (cut.valid_from, cut.valid_to, cut.last.name) == (begins, ends, "Z")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(DAYS, st.sampled_from("BCD")), max_size=6, unique_by=lambda change: change[0]))
def test_renamings_told_in_order_each_hold_from_their_day_to_the_next(changes: list[tuple[date, str]]) -> None:
    unit = a_unit()

    for day, name in sorted(changes):
        unit = changed_from(unit, day, name=name)

    for day, name in changes:
        assert at(unit, day).name == name
