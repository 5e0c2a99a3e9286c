"""Figures that would lose their board, told up to a bound."""

import pytest

from app.errors import MOST_FAULTS, Conflict, ErrorCode, Fault
from app.services.later_values import refuse_or_warn

MANY = [
    Fault(ErrorCode("unit_has_later_values", "", ""), {"count": 2}, pointer=f"/{n}") for n in range(MOST_FAULTS + 5)
]


def test_units_beyond_those_that_are_named_are_counted_in_a_warning() -> None:
    *named, last = refuse_or_warn(MANY, force=True)

    assert named == MANY[:MOST_FAULTS]
    assert (last.code, last.context["count"]) == ("further_warnings", 5)


def test_and_in_a_refusal_with_all_their_figures() -> None:
    with pytest.raises(Conflict) as refused:
        refuse_or_warn(MANY, force=False)

    *named, last = refused.value.faults
    assert (len(named), last.code, last.context["count"]) == (MOST_FAULTS, "further_errors", 5)
    assert refused.value.context["count"] == 2 * len(MANY)
