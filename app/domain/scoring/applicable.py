"""How many points apply to each unit: the maxima of what is not left out of its reckoning (docs/domain.md, Totals)."""

from collections.abc import Mapping

import numpy as np

from app.domain.figures import scaled
from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.frameworks.rules import Sum
from app.domain.scoring.arithmetic import Ints, sum_of
from app.domain.scoring.node_scores import NodeScores


def applicable_points(nodes: Mapping[str, NodeScores], framework: Framework) -> Ints:
    """The points that apply to each unit in all, scaled by 10⁴, shape (units,)."""
    return _added(nodes, framework.criteria)


def applicable_to(nodes: Mapping[str, NodeScores], node: Criterion) -> Ints:
    """The points of one criterion that apply: of its children where it adds them up, else all or none of its own."""
    scored = nodes[node.code]
    own = np.where(scored.excluded, 0, scaled(scored.max))
    sums = [index for index, rule in enumerate(rules_of(node)) if isinstance(rule, Sum)]
    adds = scored.summed & np.isin(scored.rule, sums) & ~scored.excluded
    return np.where(adds, _added(nodes, node.criteria), own) if adds.any() else own


def _added(nodes: Mapping[str, NodeScores], criteria: tuple[Criterion, ...]) -> Ints:
    return sum_of(
        [applicable_to(nodes, each) for each in criteria], sum(scaled(nodes[each.code].max) for each in criteria)
    )
