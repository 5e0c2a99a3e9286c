"""What each criterion of a unit brings into its total on two sides of a comparison: its points, and what one is worth.

A total that is added up, or a weighted mean, is straight in the points below it: one more point of a criterion is
always worth as much. So it comes apart into the criteria at the ends of such branches. A node whose points come in
another way, from a source or a figure of its own, say, is such an end itself, whatever stands below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import SCALE
from app.domain.frameworks.framework import Criterion, Framework, Name, rules_of
from app.domain.frameworks.rules import AnyRule, Reported, Sum, WeightedMean
from app.domain.scoring.applicable import applicable_points
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.board import Board
from app.domain.scoring.node_facts import TOTAL
from app.domain.scoring.node_scores import NodeScores, NodeState

TOTAL_CODE = "total"
ONE = Fraction(1)
MEASURED = (NodeState.SCORED, NodeState.ZERO_DENOMINATOR)
"""Where there was a figure."""


@dataclass(frozen=True, slots=True)
class UnitBoard:
    """One unit of a board: the row in which it stands."""

    board: Board
    row: int

    @property
    def total(self) -> Fraction | None:
        """As it is shown, with bonus and penalty points; None where there is none."""
        total, step = self.board.total, 10**self.board.framework.rounding.total
        return Fraction(int(total.points[self.row]), step) if total.known[self.row] else None

    @property
    def cut(self) -> Fraction:
        """What the ends of the scale take from the bonus and penalty points, to half a unit of the last decimal."""
        ruled, given = self.points(self.board.framework), sum(map(self.adjustment, range(len(self.board.adjustments))))
        if self.total is None or ruled is None:
            return Fraction(0)
        left = self.total - ruled - given
        return left if abs(left) * 10**self.board.framework.rounding.total > 1 else Fraction(0)

    def scores(self, node: Criterion | Framework) -> NodeScores:
        """Of the whole framework, the total as the rules leave it, before any bonus or penalty."""
        return self.board.ruled_total if isinstance(node, Framework) else self.board.nodes[node.code]

    def adjustment(self, index: int) -> Fraction:
        """Points of a bonus, below 0 of a penalty; 0 without a figure."""
        return Fraction(
            int(self.board.adjustments[index].points[self.row]), 10**self.board.framework.rounding.component
        )

    def decimals(self, node: Criterion | Framework) -> int:
        rounding = self.board.framework.rounding
        return rounding.total if isinstance(node, Framework) else rounding.component

    def points(self, node: Criterion | Framework) -> Fraction | None:
        """As they are shown, rounded; None where there are none."""
        scored = self.scores(node)
        return Fraction(int(scored.points[self.row]), 10 ** self.decimals(node)) if scored.known[self.row] else None

    def state(self, node: Criterion | Framework) -> NodeState:
        return NodeState(int(self.scores(node).state[self.row]))

    def rule(self, node: Criterion | Framework) -> AnyRule | None:
        """The rule that was chosen, whether it gave points or found no figure."""
        index = int(self.scores(node).rule[self.row])
        return rules_of(node)[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class NodeSide:
    """One criterion on one side. `worth`: of one of its points in the total, unrounded; the total itself has 1.

    `rests_on`: where its points are made of its children's, the criteria below with a figure.
    `measured`: its points rest on a figure, n of 0 being one where a policy says what that earns.
    """

    points: Fraction | None
    max: Fraction
    worth: Fraction
    state: NodeState
    rule: AnyRule | None
    rests_on: frozenset[str]

    @property
    def measured(self) -> bool:
        return self.points is not None and self.state in MEASURED

    @property
    def in_total(self) -> Fraction:
        """What its points come to in the total; 0 without any."""
        return (self.points or Fraction(0)) * self.worth

    @property
    def share(self) -> Fraction:
        """Of its max; of a statistic, which has none, the points themselves."""
        earned = self.points or Fraction(0)
        return earned / self.max if self.max else earned

    @property
    def weight(self) -> Fraction:
        """What its max comes to in the total, once others are left out and means taken."""
        return self.max * self.worth if self.max else self.worth


@dataclass(frozen=True, slots=True)
class Contribution:
    """A criterion that cannot be taken apart further, on both sides; the total itself where that one cannot be."""

    node: Criterion | Framework
    before: NodeSide
    now: NodeSide

    @property
    def code(self) -> str:
        return TOTAL_CODE if isinstance(self.node, Framework) else self.node.code

    @property
    def name(self) -> Name:
        return TOTAL if isinstance(self.node, Framework) else self.node.name

    @property
    def change(self) -> Fraction:
        """Now minus before, in points of the total."""
        return self.now.in_total - self.before.in_total


def contributions(before: UnitBoard, now: UnitBoard) -> list[Contribution]:
    """The criteria that make up the totals of one unit under the same rules, in the order of the framework.

    Of a total that a source states on both sides they are the groups, each point worth one: what such a total does not
    say of them, nobody knows.
    """
    framework = now.board.framework
    opened = _opened(before, framework), _opened(now, framework)
    if all(isinstance(side.rule(framework), Reported) for side in (before, now)):
        opened = [ONE] * len(framework.criteria), [ONE] * len(framework.criteria)
    return list(_within(before, now, framework, (ONE, ONE), opened))


_Worths = tuple[Sequence[Fraction] | None, Sequence[Fraction] | None]


def _within(
    before: UnitBoard, now: UnitBoard, node: Criterion | Framework, worth: tuple[Fraction, Fraction], opened: _Worths
) -> Iterator[Contribution]:
    then, later = opened
    if then is None or later is None:
        yield Contribution(node, _side(before, node, worth[0]), _side(now, node, worth[1]))
        return
    for child, *each in zip(node.criteria, then, later, strict=True):
        below = worth[0] * each[0], worth[1] * each[1]
        yield from _within(before, now, child, below, (_opened(before, child), _opened(now, child)))


def _side(unit: UnitBoard, node: Criterion | Framework, worth: Fraction) -> NodeSide:
    most, rests_on = Fraction(unit.scores(node).max), frozenset(_figures_below(unit, node))
    return NodeSide(unit.points(node), most, worth, unit.state(node), unit.rule(node), rests_on)


def _figures_below(unit: UnitBoard, node: Criterion | Framework) -> Iterator[str]:
    """The criteria with a figure of their own of which a node's points are made."""
    if not unit.scores(node).summed[unit.row]:
        return
    for child in node.criteria:
        yield from _figures_below(unit, child)
        if not unit.scores(child).summed[unit.row] and unit.state(child) in MEASURED:
            yield child.code


def _opened(unit: UnitBoard, node: Criterion | Framework) -> Sequence[Fraction] | None:
    """What a point of each child is worth in a node; None where its points are not the children's.

    That is not believed of the rule but seen: they have to come to the node's points, to the last decimal.
    """
    points, rule = unit.points(node), unit.rule(node)
    if points is None or unit.state(node) != NodeState.SCORED or not isinstance(rule, Sum | WeightedMean):
        return None
    worths = _in_sum(unit, node) if isinstance(rule, Sum) else _in_mean(unit, node)
    earned = [unit.points(child) or Fraction(0) for child in node.criteria]
    exact = sum((each * worth for each, worth in zip(earned, worths, strict=True)), Fraction(0))
    step = 10 ** unit.decimals(node)
    return worths if round_half_up(exact * step) == points * step else None


def _in_sum(unit: UnitBoard, node: Criterion | Framework) -> list[Fraction]:
    """1 each; where children are left out the others bear their weight (docs/domain.md, Missing figures).

    Under `share_of_applicable` all that applies bears it alike, whatever group it stands in (docs/domain.md, Totals).
    """
    framework = unit.board.framework
    if framework.total.share_of_applicable:
        applies = int(applicable_points(unit.board.nodes, framework)[unit.row]) if isinstance(node, Framework) else 0
        return [Fraction(framework.total_max) * SCALE / applies if applies else ONE] * len(node.criteria)
    children = [unit.scores(child) for child in node.criteria]
    left = sum((each.max for each in children if not each.excluded[unit.row]), Decimal(0))
    shared = any(each.excluded[unit.row] and each.max for each in children)
    return [Fraction(unit.scores(node).max) / Fraction(left) if shared and left else ONE] * len(children)


def _in_mean(unit: UnitBoard, node: Criterion | Framework) -> list[Fraction]:
    """max × wᵢ / (maxᵢ × Σ w) over the children with points (docs/domain.md, Points); 0 for a statistic."""
    children, weights = [unit.scores(child) for child in node.criteria], unit.board.framework.weights_of(node)
    pairs = list(zip(children, weights, strict=True))
    whole = sum((weight for child, weight in pairs if child.max and child.known[unit.row]), Decimal(0))
    if not whole:
        return [Fraction(0)] * len(children)
    share = Fraction(unit.scores(node).max) / Fraction(whole)
    return [share * Fraction(weight) / Fraction(child.max) if child.max else Fraction(0) for child, weight in pairs]
