"""Keys of fractions compare as the fractions do, however near these are, and however large."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.insight.exact_order import Shares, order_keys

Pairs = st.lists(st.tuples(st.integers(-20, 10_000), st.integers(1, 97)), min_size=1, max_size=6)


def keys_of(pairs: list[tuple[int, int]], *, of_machine: bool = True) -> list[int]:
    """Each fraction a part of its own, as if it had a denominator of its own."""
    dtype = np.int64 if of_machine else object
    parts = [Shares(np.array([[above]], dtype=dtype), np.array([[below]], dtype=dtype)) for above, below in pairs]
    found: list[int] = order_keys(parts)[0].tolist()
    return found


def assert_ordered(pairs: list[tuple[int, int]], keys: list[int]) -> None:
    fractions = [Fraction(*pair) for pair in pairs]
    for one, first in zip(fractions, keys, strict=True):
        for other, second in zip(fractions, keys, strict=True):
            assert (one < other) == (first < second)


@given(Pairs, st.booleans())
def test_keys_order_small_fractions(pairs: list[tuple[int, int]], of_machine: bool) -> None:
    assert_ordered(pairs, keys_of(pairs, of_machine=of_machine))


@given(Pairs, st.integers(2**60, 2**61), st.integers(0, 3))
def test_keys_tell_apart_what_agrees_in_all_places_that_fit(
    pairs: list[tuple[int, int]], large: int, more: int
) -> None:
    near = [(above * large + (more if place % 2 else 0), below * large) for place, (above, below) in enumerate(pairs)]
    near += [(above * (large + 1) + 1, below * (large + 1)) for above, below in pairs]

    assert_ordered(near, keys_of(near, of_machine=False))


def test_equal_fractions_of_different_denominators_have_one_key() -> None:
    third, same = 10**17 // 3 * 3, 10**17 // 3
    pairs = [(same, third), (1, 3), (same + 1, third), (2, 6), (8_000, 1), (16_000, 2)]

    assert_ordered(pairs, keys_of(pairs))


def test_each_trial_is_ordered_by_itself() -> None:
    above, below = np.array([[1, 2], [5, 1]]), np.array([[3], [7]])

    keys = order_keys([Shares(above, below), Shares(np.array([[1], [1]]), np.array([[2], [2]]))])

    assert np.argsort(keys, axis=1).tolist() == [[0, 2, 1], [1, 2, 0]]
