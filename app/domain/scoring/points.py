"""From a rule and its figures to points, unit by unit and before rounding: one function per kind of rule."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.rules import Deduction, Normalise, OwnRule, Piecewise, Ratio, Reported, Steps
from app.domain.scoring.arithmetic import (
    LIMIT,
    FigureArray,
    Ints,
    LinearPoints,
    Mask,
    Quotient,
    constant,
    kept,
)
from app.domain.scoring.node_scores import ZERO_DENOMINATOR, Codes

PERCENT = 100 * SCALE
"""A hundred percent as figures are stored."""


@dataclass(frozen=True, slots=True)
class RuleInput:
    """What a rule reads, and each unit's state: SCORED, NO_VALUE or ZERO_DENOMINATOR; any fraction where not SCORED."""

    figures: FigureArray
    state: Codes


@dataclass(frozen=True, slots=True)
class IndicatorColumn:
    """One indicator over the units of a cohort; every array has shape (units,), figures are int64 scaled by 10⁴.

    `has_counts`: numerator and denominator (not negative) are known. `has_value`: a percentage is stated, or the
    indicator is a number, a count or points. Entries that a mask does not vouch for are ignored. The arrays are read
    once, when the column is made, however many rules and boards use them: they must not change afterwards.
    """

    numerator: Ints
    denominator: Ints
    value: Ints
    has_counts: Mask
    has_value: Mask
    best: RuleInput = field(init=False, repr=False, compare=False)
    """Counts where they are known, else the stated value."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "best", self._counted() if self.has_counts.any() else self.stated)

    @property
    def arrays(self) -> tuple[Ints | Mask, ...]:
        """All of them, in the order in which a column is made of them."""
        return self.numerator, self.denominator, self.value, self.has_counts, self.has_value

    @property
    def stated(self) -> RuleInput:
        """The value as the source states it, whatever the counts say."""
        return RuleInput(FigureArray.of(kept(self.has_value, self.value), 1, 1), codes(self.has_value))

    def _counted(self) -> RuleInput:
        counted = self.has_counts
        zero, stated = counted & (self.denominator == 0), self.has_value & ~counted
        above, below = self.numerator, np.maximum(self.denominator, 1)
        if stated.any():
            above = kept(counted, above) + kept(stated, self.value)
            below = np.maximum(kept(counted, below) + stated * PERCENT, 1)
        state = codes(counted | self.has_value) + zero * np.int8(ZERO_DENOMINATOR)
        return RuleInput(FigureArray.of(above, below, PERCENT), state)


def codes(known: Mask) -> Codes:
    """The state of units that have a value or not; SCORED is 0 and NO_VALUE is 1, as a mask counts."""
    return (~known).view(np.int8)


def share_of(part: IndicatorColumn, whole: IndicatorColumn) -> RuleInput:
    """The value of one indicator for each hundred of another's, as both are stated; without either there is none."""
    both = part.has_value & whole.has_value
    zero = both & (whole.value == 0)
    above, below = part.value * np.sign(whole.value), np.abs(whole.value)
    divided = both & ~zero
    figures = FigureArray.of(kept(divided, above), np.maximum(kept(divided, below), 1), PERCENT)
    return RuleInput(figures, codes(both) + zero * np.int8(ZERO_DENOMINATOR))


def own_points(rule: OwnRule, top: Decimal, figures: FigureArray, decimals: int) -> Quotient:
    """Points of a rule that reads an indicator, in units of 10^-decimals. `top` is the criterion's max."""
    step = 10**decimals
    if isinstance(rule, Steps):
        return _steps(rule, figures, step)
    if isinstance(rule, Piecewise):
        return _pieces(rule, figures, step)
    return _line(rule, scaled(top), step).at(figures)


def _line(rule: Ratio | Normalise | Reported | Deduction, top: int, step: int) -> LinearPoints:
    """max × clamp((rate − from)/(full_at − from)) | the points as given | clamp(max − points × value / per).

    Source: docs/domain.md, Points. Of a rule that compares units the rate is the position among them.
    """
    if isinstance(rule, Ratio | Normalise):
        start, full = scaled(rule.from_), scaled(rule.full_at)
        sign = 1 if full > start else -1
        slope, common = sign * top * step, SCALE * abs(full - start)
        return LinearPoints(slope, -start * slope, common, low=0, high=top * step * abs(full - start))
    if isinstance(rule, Deduction):
        per = scaled(rule.per)
        whole = top * step * per
        return LinearPoints(-scaled(rule.points) * step, whole, SCALE * per, low=0, high=whole)
    return LinearPoints(step, 0, SCALE)


def _steps(rule: Steps, figures: FigureArray, step: int) -> Quotient:
    """The points of the highest step that the figure reaches; the comparison is exact, too."""
    ladder = sorted(rule.steps, key=lambda rung: rung.at_least)
    amounts = [scaled(points) * step for points in (rule.otherwise, *(rung.points for rung in ladder))]
    bound = max(SCALE, *map(abs, amounts))
    numerator: Ints = np.full(figures.numerator.shape, amounts[0], dtype=np.int64 if bound < LIMIT else object)
    reached = figures.reach([scaled(rung.at_least) for rung in ladder])
    for units, amount in zip(reached, amounts[1:], strict=True):
        numerator = np.where(units, constant(amount, bound), numerator)
    return Quotient(numerator, SCALE, bound)


def _pieces(rule: Piecewise, figures: FigureArray, step: int) -> Quotient:
    """p₀ + (p₁ − p₀) × (figure − x₀) / (x₁ − x₀) between two knots, else the points of the outermost one."""
    knots = [(scaled(knot.at), scaled(knot.points)) for knot in rule.points]
    lines = [LinearPoints(0, step * knots[0][1], SCALE)]
    for (start, low), (end, high) in pairwise(knots):
        slope, width = step * (high - low), end - start
        lines.append(LinearPoints(slope, step * low * width - start * slope, SCALE * width))
    lines.append(LinearPoints(0, step * knots[-1][1], SCALE))
    found = lines[0].at(figures)
    for line, units in zip(lines[1:], figures.reach([at for at, _ in knots]), strict=True):
        if units.any():
            found = line.at(figures).where(units, found)
    return found
