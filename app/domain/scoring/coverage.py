"""How much of a total rests on figures: each criterion counts by its weight in the total (docs/domain.md, Totals)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from app.domain.figures import scaled
from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.frameworks.rules import MeanRule, WeighingRule
from app.domain.scoring.arithmetic import LIMIT, Ints, Mask, sum_of, wide
from app.domain.scoring.node_scores import NOT_APPLICABLE, SCORED, ZERO_DENOMINATOR, NodeScores


@dataclass(frozen=True, slots=True)
class CoveredPoints:
    """Points of a node that rest on a figure, and all that could; both divided by `scale`, shape (units,).

    Neither is larger than `bound`; what everybody could cover alike is one number. Both are 0 where the node is
    excluded or not meant for the level, whatever points it gives: nobody can supply a figure.
    """

    covered: Ints
    coverable: Ints | int
    scale: int
    bound: int

    def share(self, unit: int) -> Fraction:
        """0 where nothing can be covered."""
        covered, coverable = int(self.covered[unit]), self.coverable
        coverable = coverable if isinstance(coverable, int) else int(coverable[unit])
        return Fraction(covered, coverable) if coverable else Fraction(0)

    def reach(self, least: Decimal) -> Mask:
        """The units whose share is at least so large."""
        part, whole = Fraction(least).as_integer_ratio()
        covered, coverable = self.covered, self.coverable
        if self.bound * whole >= LIMIT:
            covered, coverable = wide(covered), _wide(coverable)
        enough: Mask = (covered * whole >= coverable * part) & ((coverable > 0) | (part == 0))
        return enough.astype(np.bool_)

    def times(self, factor: int) -> tuple[Ints, Ints | int]:
        if factor == 1:
            return self.covered, self.coverable
        if max(1, self.bound) * factor >= LIMIT:
            return wide(self.covered) * factor, _wide(self.coverable) * factor
        return self.covered * factor, self.coverable * factor

    def where(self, mask: Mask, other: "CoveredPoints") -> "CoveredPoints":
        """These points for the units of `mask`, the other ones elsewhere, uncopied where all are of one kind."""
        if mask.all():
            return self
        if not mask.any():
            return other
        scale = lcm(self.scale, other.scale)
        mine, others = self.times(scale // self.scale), other.times(scale // other.scale)
        bound = max(self.bound * (scale // self.scale), other.bound * (scale // other.scale))
        coverable = mine[1] if mine[1] is others[1] else np.where(mask, mine[1], others[1])
        return CoveredPoints(np.where(mask, mine[0], others[0]), coverable, scale, bound)


def covered_points(
    nodes: Mapping[str, NodeScores], framework: Framework, node: Framework | Criterion, scored: NodeScores
) -> CoveredPoints:
    """What of a node is covered; one with a figure of its own, 0/0 being one, stands for everything below it."""
    top, state = scaled(scored.max), scored.state
    if not node.criteria:  # there `asked` says who counts, and `covered` who of them has a figure
        own, counts = scored.covered & scored.asked, scored.asked
        return CoveredPoints(own * top, top if counts.all() else counts * top, 1, top)
    counts = ~scored.excluded & (state != NOT_APPLICABLE)
    own = counts & ((state == SCORED) | (state == ZERO_DENOMINATOR)) & ~scored.summed
    children = [nodes[child.code] for child in node.criteria]
    below = [covered_points(nodes, framework, child, each) for child, each in zip(node.criteria, children, strict=True)]
    together = _added(below, [Fraction(1)] * len(below))
    for index, rule in enumerate(rules_of(node)):
        averaged = scored.rule == index if isinstance(rule, MeanRule) else None
        if averaged is not None and averaged.any():
            weights = framework.weights_of(node) if isinstance(rule, WeighingRule) else [Decimal(1)] * len(below)
            together = _added(below, _factors(scored.max, children, weights)).where(averaged, together)
    if counts.all() and not own.any():
        return together
    itself = CoveredPoints(own * top, top if counts.all() else counts * top, 1, top)
    return itself.where(own, together.where(counts & ~own, CoveredPoints(own * 0, 0, 1, 0)))


def _factors(top: Decimal, children: Sequence[NodeScores], weights: Sequence[Decimal]) -> list[Fraction]:
    """What a point of each child is worth in a mean: its share of the weights, spread over its own maximum."""
    whole = sum((weight for child, weight in zip(children, weights, strict=True) if child.max), Decimal(0))
    if not whole:
        return [Fraction(0)] * len(children)
    return [
        Fraction(top) * Fraction(weight) / (Fraction(child.max) * Fraction(whole)) if child.max else Fraction(0)
        for child, weight in zip(children, weights, strict=True)
    ]


def _added(parts: Sequence[CoveredPoints], factors: Sequence[Fraction]) -> CoveredPoints:
    """Σ factor × part, exactly."""
    paired = list(zip(parts, factors, strict=True))
    scale = lcm(*(part.scale * factor.denominator for part, factor in paired))
    multiples = [scale // part.scale * factor.numerator // factor.denominator for part, factor in paired]
    bound = sum(part.bound * times for part, times in zip(parts, multiples, strict=True))
    amounts = [part.times(times) for part, times in zip(parts, multiples, strict=True)]
    covered = sum_of([part for part, _ in amounts], bound)
    alike = sum(whole for _, whole in amounts if isinstance(whole, int))
    others = [whole for _, whole in amounts if not isinstance(whole, int)]
    return CoveredPoints(covered, sum_of(others, bound) + alike if others else alike, scale, bound)


def _wide(numbers: Ints | int) -> Ints | int:
    return numbers if isinstance(numbers, int) else wide(numbers)
