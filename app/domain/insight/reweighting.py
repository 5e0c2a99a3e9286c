"""Totals under other weights of the groups: of each unit the total that the scorer would give it, before rounding.

A total that is added up, or averaged, is K × Σ (pᵍ/mᵍ)·wᵍ·fᵍ / Σ wᵍ·fᵍ over the groups that count in it, K being what
they can earn together and f one whole number a group, by which its weight is multiplied. With all factors alike it is
the total as it stands; with one of them 0 the weight of that group is shared out among the rest. Bonus and penalty
points do not hang on weights, and come behind.
Source: docs/domain.md, Points; docs/domain.md, Missing figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from app.domain.figures import SCALE
from app.domain.frameworks.framework import rules_of
from app.domain.frameworks.rules import Sum, WeightedMean
from app.domain.scoring.applicable import applicable_to
from app.domain.scoring.arithmetic import LIMIT, Ints, Mask, compact, half_up, magnitude, wide
from app.domain.scoring.board import Board


@dataclass(frozen=True, slots=True)
class Composition:
    """Units whose totals are made of the same groups by the same rule.

    `rows` of the board, shape (units,); `points` of the groups, shape (groups, units); `gains` and `weights`: what a
    point of each group is worth above the line, and what the group weighs below it, whole numbers of one scale.
    `bonus`: what is added to the total behind all rules, shape (units,), each `per_bonus` of the total's last decimal;
    with it a total stays between 0 and `top`, or where it was beyond that.
    """

    rows: Ints
    points: Ints
    gains: Sequence[int]
    weights: Sequence[int]
    bonus: Ints
    per_bonus: Fraction
    top: Fraction

    def totals(self, factors: Ints) -> tuple[Ints, Ints]:
        """Numerators of shape (trials, units), and denominators of shape (trials, 1), in units of the last decimal.

        `factors`: whole numbers of shape (groups, trials), not negative. A denominator is 0 where no group is left.
        """
        scale = lcm(self.per_bonus.denominator, self.top.denominator) if self.bonus.any() else 1
        gains, weights = np.array([self.gains, self.weights], dtype=object) * scale
        points = self.points
        if self._bound(scale) * magnitude(factors.ravel()) < LIMIT:
            gains, weights = gains.astype(np.int64), weights.astype(np.int64)
        else:
            factors, points = wide(factors), wide(points)
        below = (weights @ factors)[:, np.newaxis]
        return self._adjusted((factors.T * gains) @ points, below), below

    def _bound(self, scale: int) -> int:
        """Twice what no numerator and no denominator passes, where all factors are 1."""
        earned = sum(magnitude(points) * abs(gain) for points, gain in zip(self.points, self.gains, strict=True))
        added = magnitude(self.bonus) * self.per_bonus.numerator + self.top.numerator + 1
        return 2 * scale * (earned + sum(self.weights) * added)

    def _adjusted(self, above: Ints, below: Ints) -> Ints:
        """The numerators with what is added behind all rules; the denominators are multiples of what that needs."""
        if not self.bonus.any():
            return above
        part, whole = self.per_bonus.as_integer_ratio()
        most = self.top.numerator * (below // self.top.denominator)
        moved = np.minimum(np.maximum(above + self.bonus * part * (below // whole), 0), np.maximum(most, above))
        return np.where(self.bonus != 0, moved, above)

    def rounded(self, factors: Ints) -> Ints:
        """The totals as the framework rounds them, shape (trials, units); there must be a group left in each trial."""
        above, below = self.totals(factors)
        points = half_up(above, below)
        return compact(points.ravel()).reshape(points.shape)


def compositions(board: Board, rows: Ints) -> Iterator[Composition]:
    """These rows of a board, as far as their totals are added up or averaged; each row in one composition at most.

    Left out is whatever comes to another total than this arithmetic: the rules know more than it does.
    """
    tops = [board.nodes[top.code] for top in board.framework.criteria]
    summed, averaged = (_made_by(board, kind) for kind in (Sum, WeightedMean))
    rows = rows[(summed | averaged)[rows]]
    counted = [np.where(summed, ~top.excluded, top.known) for top in tops]
    if board.framework.total.share_of_applicable:
        applying = [applicable_to(board.nodes, top) for top in board.framework.criteria]
        counted = [np.where(summed, points, known) for points, known in zip(applying, counted, strict=True)]
    kinds, kind_of = np.unique(np.array([summed, *counted])[:, rows], axis=1, return_inverse=True)
    for number, (is_sum, *counts) in enumerate(kinds.T.tolist()):
        chosen = rows[kind_of.ravel() == number]
        gains, weights = _coefficients(board, counts, is_sum=is_sum)
        if not any(weights):
            continue
        found = _composition(board, chosen, gains, weights)
        as_it_stands = found.rounded(np.ones((len(tops), 1), dtype=np.int64))[0] == board.total.points[chosen]
        if as_it_stands.any():
            yield _composition(board, chosen[as_it_stands], gains, weights)


def _composition(board: Board, rows: Ints, gains: Sequence[int], weights: Sequence[int]) -> Composition:
    """These rows with what their totals are made of."""
    total, component = 10**board.framework.rounding.total, 10**board.framework.rounding.component
    points = np.array([board.nodes[top.code].points[rows] for top in board.framework.criteria])
    bonus = sum((each.points[rows] for each in board.adjustments), np.zeros(rows.size, dtype=np.int64))
    top = Fraction(board.framework.total_max) * total
    return Composition(rows, points, gains, weights, bonus, Fraction(total, component), top)


def _made_by(board: Board, kind: type[Sum | WeightedMean]) -> Mask:
    """The units whose total a rule of this kind has made."""
    rules = [place for place, rule in enumerate(rules_of(board.framework)) if isinstance(rule, kind)]
    return np.isin(board.total.rule, rules)


def _coefficients(board: Board, counts: Sequence[int], *, is_sum: bool) -> tuple[list[int], list[int]]:
    """The gains and weights of a composition, by which of the groups count in it.

    Where a total is the share of what applies, by how many points of each group do, scaled by 10⁴.
    """
    framework = board.framework
    maxima = [Fraction(framework.max_of(top)) for top in framework.criteria]
    is_share = is_sum and framework.total.share_of_applicable
    if is_share:
        maxima = [Fraction(points, SCALE) for points in counts]
    stated = maxima if is_sum else [Fraction(each) for each in framework.weights_of(framework)]
    counting = [bool(counted) and bool(is_sum or top) for counted, top in zip(counts, maxima, strict=True)]
    weights = [weight if counted else Fraction(0) for weight, counted in zip(stated, counting, strict=True)]
    whole = sum(maxima) if is_sum and all(counts) and not is_share else Fraction(framework.total_max)
    step = whole * Fraction(10**framework.rounding.total, 10**framework.rounding.component)
    shares = (
        [Fraction(1)] * len(maxima) if is_sum else [w / m if m else w * 0 for w, m in zip(weights, maxima, strict=True)]
    )
    gains = [step * share if counted else Fraction(0) for share, counted in zip(shares, counting, strict=True)]
    scale = lcm(*(each.denominator for each in (*gains, *weights)))
    whole_gains, whole_weights = ([int(each * scale) for each in found] for found in (gains, weights))
    divisor = gcd(*whole_gains, *whole_weights) or 1
    return [each // divisor for each in whole_gains], [each // divisor for each in whole_weights]
