"""From a rule and its figures to points, unit by unit and before rounding: one function per kind of rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from app.domain.arithmetic import (
    LIMIT,
    SCALE,
    Figures,
    Ints,
    Line,
    Mask,
    Quotient,
    magnitude,
    scaled,
    sum_of,
    times,
    wide,
)
from app.domain.rules import Deduction, Ratio, Reported, Steps

PERCENT = 100 * SCALE
"""A hundred percent as figures are stored."""

OwnRule = Ratio | Steps | Reported | Deduction
"""Rules that read an indicator of their own; the others read the children."""


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator over the units of a cohort; every array has shape (units,), figures are int64 scaled by 10⁴.

    `has_counts`: numerator and denominator (not negative) are known. `has_value`: a percentage is stated, or the
    indicator is a number, a count or points. Entries that a mask does not vouch for are ignored.
    """

    numerator: Ints
    denominator: Ints
    value: Ints
    has_counts: Mask
    has_value: Mask


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule can read of a column: the figures, who has one (0/0 included), and whose denominator is zero."""

    figures: Figures
    known: Mask
    zero_denominator: Mask


@dataclass(frozen=True, slots=True)
class Child:
    """What a group's rule needs of one child: rounded points (0 where not known) and who has them."""

    points: Ints
    known: Mask
    excluded: Mask
    max: Decimal
    weight: Decimal


def read(column: Column, rule: OwnRule) -> Reading:
    """Counts where they are known, else the stated value; points reported by a source are always the stated ones."""
    nobody = np.zeros(column.has_value.shape, dtype=np.bool_)
    counted = nobody if isinstance(rule, Reported) else column.has_counts
    if not counted.any():
        stated = column.value if column.has_value.all() else np.where(column.has_value, column.value, 0)
        return Reading(Figures(stated, 1, 1), column.has_value, nobody)
    if counted.all():
        return _counts(column.numerator, column.denominator, counted, column.has_value)
    above = np.where(counted, column.numerator, np.where(column.has_value, column.value, 0))
    return _counts(above, np.where(counted, column.denominator, PERCENT), counted, column.has_value)


def _counts(numerator: Ints, denominator: Ints, counted: Mask, stated: Mask) -> Reading:
    zero = denominator == 0
    if zero.any():
        numerator, denominator = np.where(zero, 0, numerator), np.where(zero, 1, denominator)
    return Reading(Figures(numerator, denominator, PERCENT), counted | stated, zero)


def own_points(rule: OwnRule, top: Decimal, figures: Figures, decimals: int) -> Quotient:
    """Points of a rule that reads an indicator, in units of 10^-decimals. `top` is the criterion's max."""
    step = Fraction(10**decimals)
    if isinstance(rule, Steps):
        return _steps(rule, figures, step)
    return _line(rule, Fraction(top) * step, step).at(figures)


def _line(rule: Ratio | Reported | Deduction, top: Fraction, step: Fraction) -> Line:
    """DESIGN §2: max × clamp((rate − from)/(full_at − from)) | the points as given | max − points × value / per."""
    if isinstance(rule, Ratio):
        start, full = Fraction(rule.from_), Fraction(rule.full_at)
        slope = top / (full - start)
        return Line(slope / SCALE, -start * slope, low=Fraction(0), high=top)
    if isinstance(rule, Deduction):
        return Line(-Fraction(rule.points) * step / Fraction(rule.per) / SCALE, top, low=Fraction(0))
    return Line(step / SCALE)


def _steps(rule: Steps, figures: Figures, step: Fraction) -> Quotient:
    """The points of the highest step that the figure reaches; the comparison is exact, too."""
    ladder = sorted(rule.steps, key=lambda rung: rung.at_least)
    amounts = [Fraction(points) * step for points in (rule.otherwise, *(rung.points for rung in ladder))]
    common = lcm(*(amount.denominator for amount in amounts))
    highest = max(abs(scaled(rung.at_least)) for rung in ladder)
    above, below = figures.numerator, figures.denominator
    if max(figures.unit * magnitude(above), highest * magnitude(below)) >= LIMIT:
        above = wide(above)
        below = below if isinstance(below, int) else wide(below)
    above = figures.unit * above
    numerator: Ints = np.full(above.shape, int(amounts[0] * common), dtype=_dtype(amounts, common))
    for rung, amount in zip(ladder, amounts[1:], strict=True):
        numerator = np.where(above >= scaled(rung.at_least) * below, int(amount * common), numerator)
    return Quotient(numerator, common)


def _dtype(amounts: Sequence[Fraction], common: int) -> type:
    return np.int64 if max(abs(amount) for amount in amounts) * common < LIMIT else object


def sum_points(children: Sequence[Child], top: Decimal, factor: Fraction) -> Quotient:
    """Σ points, exactly; where children are excluded Σ points × max / Σ remaining max, so the rest bears the weight.

    `factor` turns the children's step of rounding into that of the result.
    """
    above: Ints = sum_of([child.points for child in children])
    if not any(child.excluded.any() for child in children):
        return Quotient(times(above, factor.numerator), factor.denominator)
    whole = sum(scaled(child.max) for child in children)
    gone = sum_of([np.where(child.excluded, scaled(child.max), 0) for child in children])
    remaining = np.where(gone == 0, scaled(top), whole - gone)
    below = times(np.where(remaining == 0, 1, remaining), factor.denominator)
    return Quotient(times(above, factor.numerator * scaled(top)), below)


def mean_points(children: Sequence[Child], top: Decimal, factor: Fraction) -> Quotient:
    """max × Σ wᵢ·(pᵢ/maxᵢ) / Σ wᵢ over the children with points (DESIGN §5)."""
    scored = [child for child in children if child.max]
    gains = [Fraction(child.weight) * Fraction(top) * factor / Fraction(child.max) * SCALE for child in scored]
    common = lcm(*(gain.denominator for gain in gains))
    parts = [times(child.points, int(gain * common)) for child, gain in zip(scored, gains, strict=True)]
    weights = sum_of([np.where(child.known, scaled(child.weight), 0) for child in scored])
    return Quotient(sum_of(parts), times(np.where(weights == 0, 1, weights), common))
