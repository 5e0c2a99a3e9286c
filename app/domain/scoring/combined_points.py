"""From the points of children to those of the node above, unit by unit: one function per kind of rule."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import exp, floor, lcm, log

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.rules import Best, CombiningRule, GeometricMean, Sum, WeightedMean
from app.domain.frameworks.weights import whole_weights
from app.domain.scoring.arithmetic import LIMIT, Ints, Quotient, compact, magnitude, round_half_up, sum_of, wide
from app.domain.scoring.node_rules import Node, ScoringContext
from app.domain.scoring.node_scores import NodeScores

LOGARITHM_ERRS = 2**-46
"""What exp of a mean of logarithms may be off by at most, as a share of itself, for each number that goes into it: no
share and no maximum is finer than 10^15, so that its logarithm is under 35, in units of 2^-52."""


def combined_points(rule: CombiningRule, node: Node, cohort: ScoringContext) -> Quotient:
    """The points of a node that is scored by its children, whose points have the decimals of a component."""
    factor = Fraction(10**node.decimals, 10**cohort.component)
    if isinstance(rule, Sum):
        if node.applicable is None and cohort.shares_within_groups:
            return sum_points(node.children, node.max, factor)
        return share_points(node.children, node.max, factor, node.applicable)
    scored = [(child, weight) for child, weight in zip(node.children, node.weights, strict=True) if child.max]
    children, weights = [child for child, _ in scored], [weight for _, weight in scored]
    if isinstance(rule, GeometricMean):
        return geometric_points(children, weights, Fraction(node.max) * 10**node.decimals, 10**cohort.component)
    if isinstance(rule, WeightedMean):
        return mean_points(children, weights, node.max, factor)
    return extreme_points(children, node.max, factor, best=isinstance(rule, Best))


def sum_points(children: Sequence[NodeScores], top: Decimal, factor: Fraction) -> Quotient:
    """Σ points, exactly; where children are excluded Σ points × max / Σ remaining max, so the rest bears the weight.

    `factor` turns the children's step of rounding into that of the result.
    """
    bound = sum(child.bound for child in children)
    above = sum_of([child.points for child in children], bound)
    if not any(child.excluded.any() for child in children):
        return _over(above, bound, factor.numerator, factor.denominator, 1)
    maxima = [scaled(child.max) for child in children]
    gone = sum_of([np.where(child.excluded, max, 0) for child, max in zip(children, maxima, strict=True)], sum(maxima))
    remaining = np.where(gone == 0, scaled(top), sum(maxima) - gone)
    below = np.where(remaining == 0, 1, remaining)
    return _over(above, bound, factor.numerator * scaled(top), below, factor.denominator)


def share_points(children: Sequence[NodeScores], top: Decimal, factor: Fraction, applicable: Ints | None) -> Quotient:
    """Σ points × max / the points that apply; Σ points alone below the total (docs/domain.md, Totals)."""
    bound = sum(child.bound for child in children)
    above = sum_of([child.points for child in children], bound)
    if applicable is None:
        return _over(above, bound, factor.numerator, factor.denominator, 1)
    below = np.where(applicable == 0, 1, applicable)
    return _over(above, bound, factor.numerator * scaled(top), below, factor.denominator)


def mean_points(children: Sequence[NodeScores], weights: Sequence[Decimal], top: Decimal, factor: Fraction) -> Quotient:
    """max × Σ wᵢ·(pᵢ/maxᵢ) / Σ wᵢ over the children with points (docs/domain.md, Points)."""
    gains = [Fraction(weight) * Fraction(top) * factor * SCALE for weight in weights]
    shares, common, bound = _shares(children, gains)
    above = sum_of(shares, bound)
    known = [np.where(child.known, scaled(weight), 0) for child, weight in zip(children, weights, strict=True)]
    total = sum_of(known, sum(map(scaled, weights)))
    return _over(above, bound, 1, np.where(total == 0, 1, total), common)


def extreme_points(children: Sequence[NodeScores], top: Decimal, factor: Fraction, *, best: bool) -> Quotient:
    """max × the largest, or the smallest, pᵢ/maxᵢ among the children with points (docs/domain.md, Points)."""
    shares, common, bound = _shares(children, [Fraction(top) * factor] * len(children))
    found, known = shares[0], children[0].known
    for share, child in zip(shares[1:], children[1:], strict=True):
        better = (share > found) if best else (share < found)
        found = np.where(child.known & (better.astype(np.bool_) | ~known), share, found)
        known = known | child.known
    return Quotient(found, common, max(bound, common))


def _shares(children: Sequence[NodeScores], gains: Sequence[Fraction]) -> tuple[list[Ints], int, int]:
    """gain × pᵢ/maxᵢ of each child as whole numbers over one denominator, and what their sum does not pass."""
    worth = [gain / Fraction(child.max) for child, gain in zip(children, gains, strict=True)]
    common = lcm(*(each.denominator for each in worth))
    factors = [int(each * common) for each in worth]
    bound = sum(max(1, child.bound) * times for child, times in zip(children, factors, strict=True))
    points = [wide(child.points) if bound >= LIMIT else child.points for child in children]
    return [each * times for each, times in zip(points, factors, strict=True)], common, bound


def geometric_points(children: Sequence[NodeScores], weights: Sequence[Decimal], top: Fraction, step: int) -> Quotient:
    """max × Π (pᵢ/maxᵢ)^(wᵢ/Σw) over the children with points, half up; `top`: max in units of the last decimal.

    Source: docs/domain.md, Points. A root is seldom a fraction, so this is rounded here and not later.
    """
    parts = whole_weights(weights)
    maxima = [Fraction(child.max) * step for child in children]
    columns = [child.points.tolist() for child in children]
    masks = [child.known.tolist() for child in children]
    made: dict[tuple[int | None, ...], int] = {}
    points: list[int] = []
    for unit in range(len(columns[0])):
        shown = tuple(column[unit] if mask[unit] else None for column, mask in zip(columns, masks, strict=True))
        if shown not in made:
            terms = zip(shown, maxima, parts, strict=True)
            made[shown] = rounded_mean(top, [(Fraction(max(0, p)) / most, k) for p, most, k in terms if p is not None])
        points.append(made[shown])
    found = compact(np.array(points, dtype=object))
    return Quotient(found, 1, max(1, magnitude(found)))


def rounded_mean(top: Fraction, shares: Sequence[tuple[Fraction, int]]) -> int:
    """top × (Π shareᵢ^kᵢ)^(1/Σk), half up: the largest m with (m − ½)^Σk ≤ top^Σk × Π shareᵢ^kᵢ.

    Whole numbers decide, but for the many that lie farther from the middle of two points than logarithms can err: a
    power of a thousand takes a hundred times as long as they do.

    >>> rounded_mean(Fraction(1000), [(Fraction(1, 2), 1), (Fraction(1, 8), 1)])
    250
    """
    if not shares or any(share == 0 for share, _ in shares):
        return 0
    degree = sum(k for _, k in shares)
    if all(share == shares[0][0] for share, _ in shares):
        return round_half_up(top * shares[0][0])
    guess = exp(log(top) + sum(k * log(share) for share, k in shares) / degree)
    if abs(guess - floor(guess) - 0.5) > guess * (len(shares) + 8) * LOGARITHM_ERRS:
        return floor(guess + 0.5)
    power = reduce(lambda product, each: product * each[0] ** each[1], shares, Fraction(2 * top) ** degree)
    m = floor(guess)
    while (2 * m + 1) ** degree <= power:
        m += 1
    while m > 0 and (2 * m - 1) ** degree > power:
        m -= 1
    return m


def _over(above: Ints, bound: int, gain: int, below: Ints | int, common: int) -> Quotient:
    """(above × gain) / (below × common), wide where that is needed."""
    limit = max(max(1, bound) * abs(gain), max(1, magnitude(below)) * common)
    if limit >= LIMIT:
        above, below = wide(above), below if isinstance(below, int) else wide(below)
    return Quotient(above if gain == 1 else above * gain, below if common == 1 else below * common, limit)
