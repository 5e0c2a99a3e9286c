"""Exact arithmetic over a cohort: scaled integers in numpy arrays, quotients rounded half up, no binary fraction.

Figures are integers scaled by 10⁴, points integers scaled by 10 to the declared decimals. Everything is worked out
in int64 where a bound on the operands proves that nothing can overflow, and by the same lines over Python integers
(object dtype) where it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
"""Integers of shape (units,): int64, or object where int64 could overflow."""
Mask = npt.NDArray[np.bool_]
"""Yes or no per unit, shape (units,)."""

DECIMALS = 4
SCALE = 10**DECIMALS
LIMIT = 2**62
"""A quarter of what int64 can tell apart: what stays under it may still be added to its like."""


def scaled(figure: Decimal) -> int:
    """A figure with at most four decimals as an integer scaled by 10⁴.

    >>> scaled(Decimal("16.5"))
    165000
    """
    return int(figure.scaleb(DECIMALS))


def unscaled(number: int, decimals: int) -> Decimal:
    """The exact decimal behind a scaled integer, without trailing zeros.

    >>> unscaled(1650, 2), unscaled(200000, 4)
    (Decimal('16.5'), Decimal('20'))
    """
    exact = Decimal(number).scaleb(-decimals)
    whole = exact.to_integral_value()
    return whole if exact == whole else exact.normalize()


def magnitude(numbers: Ints | int) -> int:
    """The largest absolute value, as a Python integer; 0 of nothing."""
    if isinstance(numbers, int):
        return abs(numbers)
    return max(abs(int(numbers.min())), abs(int(numbers.max()))) if numbers.size else 0


def wide(numbers: Ints) -> Ints:
    """The same numbers as Python integers, which no product overflows."""
    return numbers.astype(object)


def compact(numbers: Ints) -> Ints:
    """Back to int64 where every number fits with room to spare."""
    return numbers.astype(np.int64) if numbers.dtype == object and magnitude(numbers) < LIMIT else numbers


def sum_of(parts: Sequence[Ints]) -> Ints:
    """Σ parts, unit by unit; there is at least one part."""
    if sum(magnitude(part) for part in parts) >= LIMIT:
        parts = [wide(part) for part in parts]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def times(numbers: Ints, factor: int) -> Ints:
    """The numbers times a constant."""
    if factor == 1:
        return numbers
    return numbers * factor if magnitude(numbers) * abs(factor) < LIMIT else wide(numbers) * factor


def half_up(numerator: Ints, denominator: Ints | int) -> Ints:
    """Divide and round half up, exactly; `denominator` is positive. The caller keeps the doubles inside the dtype.

    >>> half_up(np.array([5, 15, 14, 0]), 10).tolist()
    [1, 2, 1, 0]
    """
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, slots=True)
class Quotient:
    """Points before rounding: numerator / denominator in units of the last declared decimal, denominator positive."""

    numerator: Ints
    denominator: Ints | int

    def rounded(self) -> Ints:
        """Half up, as int64 where the result fits."""
        if isinstance(self.denominator, int) and self.denominator == 1:
            return compact(self.numerator)
        if 2 * magnitude(self.numerator) + 2 * magnitude(self.denominator) < LIMIT:
            return half_up(self.numerator, self.denominator)
        below = self.denominator
        return compact(half_up(wide(self.numerator), below if isinstance(below, int) else wide(below)))

    def where(self, mask: Mask, other: "Quotient") -> "Quotient":
        """This quotient for the units of `mask`, the other one elsewhere."""
        return Quotient(
            np.where(mask, self.numerator, other.numerator), np.where(mask, self.denominator, other.denominator)
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What one indicator says, unit by unit: `unit` × numerator / denominator, scaled by 10⁴; denominator positive."""

    numerator: Ints
    denominator: Ints | int
    unit: int

    def reduced(self) -> "Figures":
        """Without the scale that whole counts have in common, the numbers being too large for int64 with it."""
        if isinstance(self.denominator, int):
            return self
        numerator, denominator = self.numerator // SCALE, self.denominator // SCALE
        whole = np.array_equal(numerator * SCALE, self.numerator)
        if whole and np.array_equal(denominator * SCALE, self.denominator):
            return Figures(numerator, denominator, self.unit)
        return self


@dataclass(frozen=True, slots=True)
class Line:
    """Points as a straight line over a figure: offset + slope × figure, not under `low` nor over `high`.

    All in units of the last declared decimal; the figure as it is stored, scaled by 10⁴.
    """

    slope: Fraction
    offset: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None

    def at(self, figures: Figures) -> Quotient:
        """The points of every unit, exactly."""
        edges = [edge for edge in (self.offset, self.low, self.high) if edge is not None]
        slope = self.slope * figures.unit
        common = lcm(slope.denominator, *(edge.denominator for edge in edges))
        factor = max(abs(int(edge * common)) for edge in edges)
        bound = _bound(int(abs(slope * common)), factor, common, figures)
        if bound >= LIMIT:
            figures = figures.reduced()
            bound = _bound(int(abs(slope * common)), factor, common, figures)
        if bound >= LIMIT:
            below = figures.denominator
            figures = Figures(wide(figures.numerator), below if isinstance(below, int) else wide(below), figures.unit)
        return self._over(int(slope * common), common, figures)

    def _over(self, slope: int, common: int, figures: Figures) -> Quotient:
        """The line with whole coefficients: everything multiplied by `common` and by the figure's denominator."""
        below = figures.denominator
        numerator = figures.numerator if slope == 1 else slope * figures.numerator
        if self.offset:
            numerator = numerator + int(self.offset * common) * below
        if self.low is not None:
            numerator = np.maximum(numerator, int(self.low * common) * below)
        if self.high is not None:
            numerator = np.minimum(numerator, int(self.high * common) * below)
        return Quotient(numerator, below if common == 1 else common * below)


def _bound(slope: int, edge: int, common: int, figures: Figures) -> int:
    """What no step of a line, nor of rounding it, can pass."""
    above, below = magnitude(figures.numerator), magnitude(figures.denominator)
    return 2 * (slope * above + (edge + common) * below)
