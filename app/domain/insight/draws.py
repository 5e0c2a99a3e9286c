"""Weights drawn by chance that anybody can draw again: by SHA-256 of a text, not by a generator of one library."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256

import numpy as np

from app.domain.scoring.arithmetic import LIMIT, Ints

STEPS = 2**24 - 1
"""The number of equal steps from the least deviation to the greatest."""


def step_of(seed: str, draw: int, group: str) -> int:
    """Which step a group's weight takes in a draw, from 0 to `STEPS`; draws are numbered from 1.

    The first three bytes, as one number, of the SHA-256 of seed, draw and group, in UTF-8, a line break between them.

    >>> step_of("", 1, "payment") == int(sha256(b"\\n1\\npayment").hexdigest()[:6], 16)
    True
    """
    return int.from_bytes(sha256(f"{seed}\n{draw}\n{group}".encode()).digest()[:3], "big")


def drawn_factors(seed: str, draws: Iterable[int], groups: Sequence[str], spread: Fraction) -> Ints:
    """What the weight of each group is multiplied by in each draw, all by one common scale: shape (groups, draws).

    The weight times 1 + u, u being spread × (2·step − STEPS) / STEPS, which lies between −spread and +spread.
    """
    part, whole = spread.as_integer_ratio()
    numbers = list(draws)
    wanted = np.int64 if whole * STEPS * 2 < LIMIT else object
    steps = np.array([[step_of(seed, draw, group) for draw in numbers] for group in groups], dtype=wanted)
    return whole * STEPS + part * (2 * steps - STEPS)
