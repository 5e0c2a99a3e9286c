"""Exact arithmetic over a cohort: scaled integers in numpy arrays, quotients rounded half up, no binary fraction.

Figures are integers scaled by 10⁴, points integers scaled by 10 to the declared decimals. Everything is worked out
in int64 where a bound on the operands proves that nothing can overflow, and by the same lines over Python integers
(object dtype) where it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.figures import SCALE

Ints = npt.NDArray[Any]
"""Integers of shape (units,): int64, or object where int64 could overflow."""
Mask = npt.NDArray[np.bool_]
"""Yes or no per unit, shape (units,)."""

LIMIT = 2**62
"""A quarter of what int64 can tell apart: what stays under it may still be added to its like."""


def extremes(numbers: Ints) -> tuple[int, int]:
    """The least and the largest, as Python integers; 0 and 0 of nothing."""
    if not numbers.size:
        return 0, 0
    return int(np.minimum.reduce(numbers)), int(np.maximum.reduce(numbers))


def magnitude(numbers: Ints | int) -> int:
    """The largest absolute value, as a Python integer; 0 of nothing."""
    if isinstance(numbers, int):
        return abs(numbers)
    least, most = extremes(numbers)
    return max(-least, most)


def wide(numbers: Ints) -> Ints:
    """The same numbers as Python integers, which no product overflows."""
    return numbers.astype(object)


def constant(number: Ints | int, bound: int) -> Ints:
    """A number as an array that goes with any other; `bound` says whether int64 can hold it."""
    return np.array(number, dtype=np.int64 if bound < LIMIT else object) if isinstance(number, int) else number


def compact(numbers: Ints) -> Ints:
    """Back to int64 where every number fits with room to spare."""
    return numbers.astype(np.int64) if numbers.dtype == object and magnitude(numbers) < LIMIT else numbers


def pick(mask: Mask, inside: Ints, outside: Ints | int) -> Ints:
    """`inside` for the units of the mask, `outside` for the others; nothing is copied where all of them are inside."""
    return inside if mask.all() else np.where(mask, inside, outside)


def kept(mask: Mask, numbers: Ints) -> Ints:
    """The numbers of the units of the mask, 0 for the others; a product, since to choose one by one takes far longer.

    >>> kept(np.array([True, False]), np.array([7, 8])).tolist()
    [7, 0]
    """
    return numbers if mask.all() else numbers * mask


def sum_of(parts: Sequence[Ints], bound: int) -> Ints:
    """Σ parts, unit by unit; there is at least one part, and `bound` limits the sum of their absolute values."""
    parts = parts if bound < LIMIT else [wide(part) for part in parts]
    if len(parts) == 1:
        return parts[0]
    total = parts[0] + parts[1]
    for part in parts[2:]:
        total += part
    return total


def half_up(numerator: Ints, denominator: Ints | int) -> Ints:
    """Divide and round half up, exactly; `denominator` is positive. The caller keeps the sum inside the dtype.

    This is (2·n + d) // (2·d) without its two doublings: half of an odd denominator is half a unit short of d/2, and
    between the two there is no whole number for n to make a difference.

    >>> half_up(np.array([5, 15, 14, 0]), 10).tolist(), half_up(np.array([1, 2, 4, -2]), 3).tolist()
    ([1, 2, 1, 0], [0, 1, 1, -1])
    """
    points = numerator + (denominator >> 1)
    points //= denominator
    return points


@dataclass(frozen=True, slots=True)
class PointsRange:
    """What points may not pass: low / scale and high / scale, in units of the last declared decimal.

    `never_under`: no point lies under `low` to begin with, which saves looking at each of them.
    """

    scale: int
    low: int | None = None
    high: int | None = None
    never_under: bool = False

    def rounded(self) -> tuple[int | None, int | None]:
        doubled = 2 * self.scale
        low = None if self.low is None else (2 * self.low + self.scale) // doubled
        return low, None if self.high is None else (2 * self.high + self.scale) // doubled

    def keep(self, points: Ints) -> Ints:
        """Rounded points, kept between the rounded edges: rounding keeps the order of things. Changes `points`."""
        low, high = self.rounded()
        if low is not None and not self.never_under:
            np.maximum(points, low, out=points)
        if high is not None:
            np.minimum(points, high, out=points)
        return points


@dataclass(frozen=True, slots=True)
class Quotient:
    """Points before rounding: numerator / denominator in units of the last declared decimal, denominator positive.

    The points are these within `edges`. `bound`: neither numerator nor denominator is larger.
    """

    numerator: Ints
    denominator: Ints | int
    bound: int
    edges: PointsRange | None = None

    def rounded(self) -> Ints:
        """Half up, as int64 where the result fits."""
        above, below = self.numerator, self.denominator
        if isinstance(below, int) and below == 1 and self.edges is None:
            return compact(above)
        if self.bound < LIMIT:
            points = half_up(above, below)
        else:
            points = half_up(wide(above), below if isinstance(below, int) else wide(below))
        return compact(points if self.edges is None else self.edges.keep(points))

    def ceiling(self, points: Ints) -> int:
        """What none of the rounded points passes."""
        low, high = (None, None) if self.edges is None else self.edges.rounded()
        if low is not None and high is not None:
            return max(abs(low), abs(high))
        return self.bound if isinstance(self.denominator, int) and self.denominator == 1 else magnitude(points)

    def within_edges(self) -> "Quotient":
        """The same points with the edges worked into the numerator."""
        if self.edges is None:
            return self
        scale, low, high = self.edges.scale, self.edges.low, self.edges.high
        bound = self.bound * max(scale, abs(low or 0), abs(high or 0))
        above, below = self.numerator, self.denominator
        if bound >= LIMIT:
            above, below = wide(above), below if isinstance(below, int) else wide(below)
        above = above * scale
        above = above if low is None else np.maximum(above, low * below)
        above = above if high is None else np.minimum(above, high * below)
        return Quotient(above, below * scale, bound)

    def where(self, mask: Mask, other: "Quotient") -> "Quotient":
        """This quotient for the units of `mask`, the other one elsewhere."""
        mine, others = self.within_edges(), other.within_edges()
        bound = max(mine.bound, others.bound)
        below, others_below = constant(mine.denominator, bound), constant(others.denominator, bound)
        return Quotient(np.where(mask, mine.numerator, others.numerator), np.where(mask, below, others_below), bound)


def round_half_up(amount: Fraction) -> int:
    """One number, half up.

    >>> round_half_up(Fraction(5, 2)), round_half_up(Fraction(-5, 2))
    (3, -2)
    """
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@dataclass(frozen=True, slots=True)
class FigureArray:
    """What one indicator says, unit by unit: `unit` × numerator / denominator, scaled by 10⁴; denominator positive.

    `least`, `above`, `below`: the least numerator, the largest absolute one, and the largest denominator.
    """

    numerator: Ints
    denominator: Ints | int
    unit: int
    least: int
    above: int
    below: int

    @classmethod
    def of(cls, numerator: Ints, denominator: Ints | int, unit: int) -> "FigureArray":
        least, most = extremes(numerator)
        below = denominator if isinstance(denominator, int) else int(np.maximum.reduce(denominator, initial=1))
        return cls(numerator, denominator, unit, least, max(-least, most), below)

    def reduced(self) -> "FigureArray":
        """Without the scale that whole counts have in common, the numbers being too large for int64 with it."""
        if isinstance(self.denominator, int):
            return self
        numerator, denominator = self.numerator // SCALE, self.denominator // SCALE
        whole = np.array_equal(numerator * SCALE, self.numerator)
        if whole and np.array_equal(denominator * SCALE, self.denominator):
            return FigureArray.of(numerator, denominator, self.unit)
        return self

    def reach(self, thresholds: Sequence[int]) -> list[Mask]:
        """Of each threshold, scaled by 10⁴, the units whose figure is at least as large; the comparison is exact."""
        highest = max(map(abs, thresholds))
        figures = self if self.unit * self.above + highest * self.below < LIMIT else self.wide()
        above = figures.unit * figures.numerator
        return [(above >= least * figures.denominator).astype(np.bool_) for least in thresholds]

    def of_rows(self, rows: Ints) -> "FigureArray":
        """Those of some units, or of one many times."""
        below = self.denominator if isinstance(self.denominator, int) else self.denominator[rows]
        return FigureArray.of(self.numerator[rows], below, self.unit)

    def exact(self, unit: int) -> Fraction:
        """The figure of one unit, in its own unit of measure."""
        below = self.denominator if isinstance(self.denominator, int) else int(self.denominator[unit])
        return Fraction(self.unit * int(self.numerator[unit]), below * SCALE)

    def wide(self) -> "FigureArray":
        below = self.denominator if isinstance(self.denominator, int) else wide(self.denominator)
        return replace(self, numerator=wide(self.numerator), denominator=below)


@dataclass(frozen=True, slots=True)
class LinearPoints:
    """Points as a straight line over a figure: (offset + slope × figure) / common, within edges of the same scale.

    In units of the last declared decimal, the figure as it is stored, scaled by 10⁴; `common` is positive.
    """

    slope: int
    offset: int
    common: int
    low: int | None = None
    high: int | None = None

    def at(self, figures: FigureArray) -> Quotient:
        """The points of every unit, exactly; constant factors are taken out so that ordinary figures stay in int64."""
        divisor = gcd(self.slope * figures.unit, self.offset, self.common)
        slope, offset, common = self.slope * figures.unit // divisor, self.offset // divisor, self.common // divisor
        bound = _bound(slope, offset, common, figures)
        if bound >= LIMIT:
            figures = figures.reduced()
            bound = _bound(slope, offset, common, figures)
        if bound >= LIMIT:
            figures = figures.wide()
        below = figures.denominator
        numerator = figures.numerator if slope == 1 else slope * figures.numerator
        if offset:
            numerator = numerator + offset * below
        return Quotient(numerator, below if common == 1 else common * below, bound, self._edges(figures))

    def _edges(self, figures: FigureArray) -> PointsRange | None:
        if self.low is None and self.high is None:
            return None
        return PointsRange(
            self.common, self.low, self.high, self.low == 0 <= min(self.slope, self.offset, figures.least)
        )


def _bound(slope: int, offset: int, common: int, figures: FigureArray) -> int:
    """What neither numerator nor denominator of a line passes, nor any of its whole coefficients."""
    return abs(slope) * max(1, figures.above) + max(abs(offset), common) * max(1, figures.below)
