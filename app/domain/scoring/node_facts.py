"""What there is to say about one node of one unit: its rule, the figures it read, and what its children brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.figures import DECIMALS, SCALE, derived_rate, unscaled
from app.domain.frameworks.framework import Criterion, Framework, Name
from app.domain.frameworks.rules import AnyRule, Normalise, Ratio, Reported
from app.domain.scoring.applicable import applicable_points, applicable_to
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.arithmetic_text import UnitFigure
from app.domain.scoring.board import Board
from app.domain.scoring.combined_text import SumTerm
from app.domain.scoring.node_scores import SCORED, NodeScores, NodeState
from app.domain.scoring.peers import PeerFact, key_of
from app.domain.scoring.points import IndicatorColumn

TOTAL = Name(vi="Tổng điểm", en="Total")
"""What the root is called: the framework's own name takes thirty words in a sentence about points."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure was found, and when."""

    source: str
    observed_at: datetime | None


InputRole = Literal["figure", "least", "most", "mean", "deviation", "compared", "lower", "equal", "others"]
"""Whether an input is the unit's own figure, or one of the facts that it is compared with."""


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that the node's rule read; what is not known is None. `value` of bare counts is what they make."""

    indicator: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    source: str | None
    observed_at: datetime | None
    role: InputRole = "figure"


@dataclass(frozen=True, slots=True)
class PeerPosition:
    """What one unit's figure is among its peers': where it stands on the scale of the method, and the facts behind.

    `exact` is None where no other figure differs from it; no facts where they are not the reader's to see.
    """

    exact: Fraction | None
    facts: Mapping[PeerFact, Fraction]

    def inputs(self, indicator: str) -> tuple[Input, ...]:
        """The facts as further figures that the rule read, half up to four decimals."""
        told = ((name, unscaled(round_half_up(fact * SCALE), DECIMALS)) for name, fact in self.facts.items())
        return tuple(Input(indicator, None, None, shown, None, None, name) for name, shown in told)


def stated_bounds(rule: AnyRule | None) -> tuple[Input, ...]:
    """The bounds between which a document places a figure, as further figures that the rule read."""
    if not isinstance(rule, Normalise) or rule.compares:
        return ()
    low, high = sorted((rule.from_, rule.full_at))
    told: tuple[tuple[Decimal, InputRole], ...] = ((low, "least"), (high, "most"))
    return tuple(Input(rule.indicator, None, None, bound, None, None, role) for bound, role in told)


@dataclass(frozen=True, slots=True)
class UnitCase:
    """One unit of a board, with the figures it was scored from."""

    board: Board
    columns: Mapping[str, IndicatorColumn]
    origins: Mapping[str, Origin]
    kinds: Mapping[str, str]
    unit: int
    peers_shown: bool = True
    """Whether the reader may see the figures of the units that it is compared with."""

    def input(self, indicator: str) -> Input:
        origin = self.origins.get(indicator)
        numerator, denominator, value = (
            None if figure is None else unscaled(figure, DECIMALS) for figure in self._figures(indicator)
        )
        source, observed_at = (origin.source, origin.observed_at) if origin else (None, None)
        return Input(indicator, numerator, denominator, value, source, observed_at)

    def _figures(self, indicator: str) -> tuple[int | None, int | None, int | None]:
        """Numerator, denominator and value ×10⁴; where only counts are known, the value that a list of values shows."""
        column, unit = self.columns.get(indicator), self.unit
        numerator = denominator = None
        if column is not None and column.has_counts[unit]:
            numerator, denominator = int(column.numerator[unit]), int(column.denominator[unit])
        if column is not None and column.has_value[unit]:
            return numerator, denominator, int(column.value[unit])
        return numerator, denominator, derived_rate(numerator, denominator)

    def position(self, rule: AnyRule | None) -> PeerPosition | None:
        """What a figure is among others, where the rule compares units and the unit has one."""
        if not isinstance(rule, Normalise) or key_of(rule) not in self.board.positions:
            return None
        found, unit = self.board.positions[key_of(rule)], self.unit
        state = self.columns[rule.indicator].best.state[unit]
        if state != SCORED:
            return None
        exact = found.reading.figures.exact(unit) if found.reading.state[unit] == SCORED else None
        facts = found.facts if self.peers_shown else {}
        return PeerPosition(exact, {name: each.exact(unit) for name, each in facts.items()})

    def applicable(self, node: Criterion | Framework) -> Decimal | None:
        """The points of a node that apply to the unit, where the framework's total is a share of these."""
        if not self.board.framework.total.share_of_applicable:
            return None
        nodes = self.board.nodes
        found = applicable_points(nodes, node) if isinstance(node, Framework) else applicable_to(nodes, node)
        return unscaled(int(found[self.unit]), DECIMALS)

    def points(self, node: NodeScores, decimals: int) -> Decimal | None:
        return unscaled(int(node.points[self.unit]), decimals) if node.known[self.unit] else None


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What there is to say about one node."""

    node: Criterion | Framework
    scored: NodeScores
    state: NodeState
    rule: AnyRule | None
    inputs: tuple[Input, ...]
    parts: Sequence[SumTerm]
    points: Decimal | None
    absent: Sequence[Name]
    applicable: Decimal | None = None
    """Points that apply to the unit, where the total is a share of these."""
    position: PeerPosition | None = None
    """What the figure is among those of other units, where the rule compares them."""

    @property
    def name(self) -> Name:
        return TOTAL if isinstance(self.node, Framework) else self.node.name

    @property
    def reading(self) -> UnitFigure:
        """The figure as the rule took it: counts before a stated value, but reported points as stated."""
        if not self.inputs:
            return UnitFigure(None, None, None)
        read = self.inputs[0]
        if isinstance(self.rule, Ratio) and self.rule.of is not None:
            return UnitFigure(read.value, self.inputs[1].value, None)
        if isinstance(self.rule, Reported):
            return UnitFigure(None, None, read.value)
        return UnitFigure(read.numerator, read.denominator, read.value)
