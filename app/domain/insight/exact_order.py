"""Exact totals of different denominators, put in order by machine numbers.

A common denominator of many has hundreds of digits. What orders fractions is cheaper: their whole parts with as many
binary places as fit, and, where two agree in all of these, the fractions themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.scoring.arithmetic import Ints, magnitude, wide

BITS = 62
"""Of a machine number, so that nothing overflows on the way."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Fractions of shape (trials, columns): numerators, and denominators that are positive."""

    above: Ints
    below: Ints


def order_keys(parts: Sequence[Shares]) -> Ints:
    """Numbers that compare within each trial as the fractions do; the parts' columns one behind another."""
    places = BITS - max(magnitude((each.above // each.below).ravel()).bit_length() for each in parts) - 1
    found = [_expanded(each, places) for each in parts]
    keys, rest, below = (np.concatenate(each, axis=1) for each in zip(*found, strict=True))
    for trial in _undecided(keys, rest, below):
        keys[trial] = _decided(keys[trial], rest[trial], below[trial])
    return keys


def _expanded(shares: Shares, places: int) -> tuple[Ints, Ints, Ints]:
    """⌊fraction × 2^places⌋, what is left of the numerator then, and the denominators."""
    above, below = np.broadcast_arrays(shares.above, shares.below)
    step = BITS - magnitude(below.ravel()).bit_length()
    if above.dtype == object or below.dtype == object or step < 1:
        above, below = wide(above) << places, wide(below)
        keys = above // below
        return keys.astype(np.int64), above - keys * below, below
    keys, rest = np.divmod(above, below)
    while places > 0:
        keys, rest, places = keys << min(step, places), rest << min(step, places), places - step
        digit = rest // below
        keys, rest = keys + digit, rest - digit * below
    return keys, rest, below


def _undecided(keys: Ints, rest: Ints, below: Ints) -> list[int]:
    """The trials in which fractions that are not alike have the same key."""
    order = np.argsort(keys, axis=1)
    keys, rest, below = (np.take_along_axis(each, order, axis=1) for each in (keys, rest, below))
    left, right = slice(None, -1), slice(1, None)
    nothing = (rest[:, left] == 0) & (rest[:, right] == 0)
    alike = nothing | ((rest[:, left] == rest[:, right]) & (below[:, left] == below[:, right]))
    open_ = (keys[:, left] == keys[:, right]) & ~alike.astype(np.bool_)
    return [int(trial) for trial in np.flatnonzero(open_.any(axis=1))]


def _decided(keys: Ints, rest: Ints, below: Ints) -> Ints:
    """Keys of one trial with room between them, in which those that were the same are told apart."""
    different, place = np.unique(keys, return_inverse=True)
    decided: Ints = place.astype(np.int64) * (keys.size + 1)
    for number in np.flatnonzero(np.bincount(place, minlength=different.size) > 1):
        columns = np.flatnonzero(place == number)
        left = [Fraction(int(rest[column]), int(below[column])) for column in columns]
        order = {share: rank for rank, share in enumerate(sorted(set(left)))}
        decided[columns] += [order[share] for share in left]
    return decided
