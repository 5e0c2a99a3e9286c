"""What the rules of a node know of it before any policy speaks, and what all nodes of a cohort share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.domain.frameworks.framework import Missing
from app.domain.frameworks.rules import AnyRule
from app.domain.scoring.arithmetic import Ints, Mask, Quotient
from app.domain.scoring.masks import CohortMasks
from app.domain.scoring.node_scores import Codes, NodeScores
from app.domain.scoring.peers import PeerKey, Positions
from app.domain.scoring.points import IndicatorColumn
from app.domain.vocabulary import Level

NO_RULE = -1


class RuleResult(NamedTuple):
    """What the rules made of a node before any policy: points, how they came about, and which rule gave them."""

    points: Quotient
    state: Codes
    rule: Codes
    summed: Mask
    by_source: Mask
    exceeding: Mask


@dataclass(frozen=True, slots=True)
class ScoringContext:
    """What all nodes share."""

    level: Level
    columns: Mapping[str, IndicatorColumn]
    component: int
    masks: CohortMasks
    nothing: RuleResult
    """Of a node none of whose rules applies."""
    unreported: IndicatorColumn
    """The figures of an indicator that nobody has."""
    positions: Mapping[PeerKey, Positions]
    """What figures are among those of other units, by the way they are compared."""
    shares_within_groups: bool = True
    """Whether what is left out leaves its weight to its own group, and not to the whole."""

    def column(self, indicator: str) -> IndicatorColumn:
        return self.columns.get(indicator, self.unreported)


class Node(NamedTuple):
    """What a criterion and the total have in common."""

    max: Decimal
    rules: Sequence[AnyRule]
    missing: Missing
    decimals: int
    children: Sequence[NodeScores]
    weights: Sequence[Decimal]
    root: bool = False
    applicable: Ints | None = None
    """Of a total that is a share of what applies: the points that do, scaled by 10⁴."""

    @property
    def scored(self) -> Sequence[NodeScores]:
        """The children that count; a criterion with a max of 0 is a statistic."""
        return [child for child in self.children if child.max] or self.children
