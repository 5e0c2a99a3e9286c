"""Weights as the whole numbers that they are to each other."""

from collections.abc import Sequence
from decimal import Decimal
from math import gcd

from app.domain.figures import scaled


def whole_weights(weights: Sequence[Decimal]) -> list[int]:
    """The smallest whole numbers in the proportion of the weights.

    >>> whole_weights([Decimal("0.5"), Decimal("0.25"), Decimal("0.25")])
    [2, 1, 1]
    """
    parts = [scaled(weight) for weight in weights]
    common = gcd(*parts) or 1
    return [part // common for part in parts]
