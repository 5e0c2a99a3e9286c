"""How much of a total rests on figures: each criterion counts by its weight in the total (docs/domain.md, Totals)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from app.domain.figures import scaled
from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.frameworks.rules import WeightedMean
from app.domain.scoring.arithmetic import LIMIT, Ints, Mask, pick, sum_of, wide
from app.domain.scoring.node_scores import NOT_APPLICABLE, SCORED, ZERO_DENOMINATOR, NodeScores


@dataclass(frozen=True, slots=True)
class CoveredPoints:
    """Points of a node that rest on a figure, and all that could; both divided by `scale`, shape (units,).

    Neither is larger than `bound`. Both are 0 where the node is excluded or not meant for the level, whatever points it
    gives: nobody can supply a figure.
    """

    covered: Ints
    coverable: Ints
    scale: int
    bound: int

    def share(self, unit: int) -> Fraction:
        """0 where nothing can be covered."""
        covered, coverable = int(self.covered[unit]), int(self.coverable[unit])
        return Fraction(covered, coverable) if coverable else Fraction(0)

    def reach(self, least: Decimal) -> Mask:
        """The units whose share is at least so large."""
        part, whole = Fraction(least).as_integer_ratio()
        covered, coverable = self.covered, self.coverable
        if self.bound * whole >= LIMIT:
            covered, coverable = wide(covered), wide(coverable)
        enough: Mask = (covered * whole >= coverable * part) & ((coverable > 0) | (part == 0))
        return enough.astype(np.bool_)

    def times(self, factor: int) -> tuple[Ints, Ints]:
        if factor == 1:
            return self.covered, self.coverable
        if max(1, self.bound) * factor >= LIMIT:
            return wide(self.covered) * factor, wide(self.coverable) * factor
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
        return CoveredPoints(pick(mask, mine[0], others[0]), pick(mask, mine[1], others[1]), scale, bound)


def covered_points(
    nodes: Mapping[str, NodeScores], framework: Framework, node: Framework | Criterion, scored: NodeScores
) -> CoveredPoints:
    """What of a node is covered; one with a figure of its own, 0/0 being one, stands for everything below it."""
    top, state = scaled(scored.max), scored.state
    counts = ~scored.excluded & (state != NOT_APPLICABLE)
    own = counts & ((state == SCORED) | (state == ZERO_DENOMINATOR)) & ~scored.summed
    itself = CoveredPoints(own * top, counts * top, 1, top)
    if not node.criteria:
        return itself
    children = [nodes[child.code] for child in node.criteria]
    below = [covered_points(nodes, framework, child, each) for child, each in zip(node.criteria, children, strict=True)]
    means = [index for index, rule in enumerate(rules_of(node)) if isinstance(rule, WeightedMean)]
    averaged = np.isin(scored.rule, means)
    together = _added(below, [Fraction(1)] * len(below))
    if averaged.any():
        together = _added(below, _factors(scored.max, children, framework.weights_of(node))).where(averaged, together)
    nothing = CoveredPoints(counts * 0, counts * 0, 1, 0)
    return itself.where(own, together.where(counts & ~own, nothing))


def _factors(top: Decimal, children: Sequence[NodeScores], weights: Sequence[Decimal]) -> list[Fraction]:
    """What a point of each child is worth in a weighted mean: its share of the weights, spread over its own maximum."""
    whole = sum((weight for child, weight in zip(children, weights, strict=True) if child.max), Decimal(0))
    if not whole:
        return [Fraction(0)] * len(children)
    return [
        Fraction(top) * Fraction(weight) / (Fraction(child.max) * Fraction(whole)) if child.max else Fraction(0)
        for child, weight in zip(children, weights, strict=True)
    ]


def _added(parts: Sequence[CoveredPoints], factors: Sequence[Fraction]) -> CoveredPoints:
    """Σ factor × part, exactly."""
    worth = [factor / part.scale for part, factor in zip(parts, factors, strict=True)]
    scale = lcm(*(each.denominator for each in worth))
    multiples = [int(each * scale) for each in worth]
    bound = sum(part.bound * times for part, times in zip(parts, multiples, strict=True))
    amounts = [part.times(times) for part, times in zip(parts, multiples, strict=True)]
    covered, coverable = (sum_of([amount[at] for amount in amounts], bound) for at in (0, 1))
    return CoveredPoints(covered, coverable, scale, bound)
