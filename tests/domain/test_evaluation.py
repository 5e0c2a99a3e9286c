"""Evaluations: the transition table, the one spelling under the digest, and naming what differs."""

import json
from decimal import Decimal
from hashlib import sha256
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.evaluation import (
    ALLOWED,
    NAMES,
    EvaluationScope,
    Status,
    ValueDifference,
    advance,
    canonical,
    changed,
    differences,
    numbers,
)
from app.errors import Conflict
from app.formats.strict_json import write_json


def digest(content: object) -> str:
    return sha256(canonical(content)).hexdigest()


WAYS = {
    ("draft", "published"),
    ("draft", "withdrawn"),
    ("published", "superseded"),
    ("published", "withdrawn"),
}


@pytest.mark.parametrize(("current", "requested"), list(product(Status, Status)))
def test_a_state_leads_where_the_table_says_and_nowhere_else(current: Status, requested: Status) -> None:
    if (current, requested) in WAYS:
        assert advance(current, requested) == requested
        return
    with pytest.raises(Conflict) as refusal:
        advance(current, requested)

    assert refusal.value.code == "transition_not_allowed"
    for way in ALLOWED[current]:
        assert NAMES[way].en in refusal.value.detail("en")
        assert NAMES[way].vi in refusal.value.detail("vi")


def test_a_refusal_names_the_ways() -> None:
    with pytest.raises(Conflict) as refusal:
        advance(Status.DRAFT, Status.SUPERSEDED)

    assert refusal.value.detail("en").endswith("it can become published or withdrawn.")
    assert refusal.value.detail("vi").endswith("chỉ có thể chuyển thành đã công bố hoặc đã thu hồi.")


def test_a_scope_knows_neither_the_order_of_its_levels_nor_the_version_of_its_rules() -> None:
    one = EvaluationScope("qd766", "2024-Q2", "H19", ("department", "commune"))
    other = EvaluationScope("qd766", "2024-Q2", "H19", ("commune", "department"))

    assert one.key == other.key == "qd766 2024-Q2 H19 department+commune"
    assert (
        EvaluationScope("qd766", "2024-Q2", None, ("commune",)).key
        != EvaluationScope("qd766", "2024-Q2", "H19", ("commune",)).key
    )


def test_equal_figures_have_one_spelling_however_they_came() -> None:
    assert canonical({"b": Decimal("20.00"), "a": [Decimal("81.770")]}) == canonical({"a": [Decimal("81.77")], "b": 20})
    assert canonical("Tuyên Quang") == '"Tuyên Quang"'.encode()


@pytest.mark.parametrize("value", [{1}, b"x", object()])
def test_what_has_no_exact_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical([value])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(-(10**9), 10**9, allow_nan=False, places=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz", max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_storing_and_reading_back_changes_no_digest(value: Any) -> None:
    assert digest(json.loads(write_json(value), parse_float=Decimal)) == digest(value)


def a_result(**units: Any) -> dict[str, Any]:
    """A board of communes with the totals given."""
    items = [
        {"unit": {"code": code, "name": f"Xã {code}"}, "total": total, "band": None if total is None else {"code": "x"}}
        for code, total in units.items()
    ]
    return {"commune": {"cohort": {"size": len(units)}, "items": items}}


def told(found: list[ValueDifference]) -> list[tuple[Any, ...]]:
    return [(*each.place, each.before, each.after) for each in found]


def test_every_number_that_differs_is_named_once() -> None:
    before, after = a_result(A=Decimal("81.77"), B=70), a_result(A=Decimal("81.8"), B=70)

    assert told(differences(numbers(before), numbers(after))) == [
        ("commune", "A", "total", Decimal("81.77"), Decimal("81.8"))
    ]


def test_a_unit_that_only_one_side_has_is_one_difference() -> None:
    found = differences(numbers(a_result(A=1)), numbers(a_result(A=1, B=2)))

    assert told(found) == [("commune", None, "cohort.size", 1, 2), ("commune", "B", "unit.name", None, "Xã B")]


def test_a_figure_that_vanished_differs_from_one_that_is_nought() -> None:
    found = differences(numbers(a_result(A=0)), numbers(a_result(A=None)))

    assert told(found) == [("commune", "A", "band.code", "x", None), ("commune", "A", "total", 0, None)]


def test_equal_sides_differ_in_nothing() -> None:
    assert changed({("a", None, "x"): Decimal("20")}, {("a", None, "x"): 20}) == []
