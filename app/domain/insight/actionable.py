"""Where the points of one unit come from: each criterion with a figure of its own, and whether more could be done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.frameworks.rules import AnyRule, CombiningRule, Deduction, Piecewise, Ratio, Reported, Steps, Sum
from app.domain.scoring.board import Board
from app.domain.scoring.node_scores import NOT_APPLICABLE, SCORED, ZERO_DENOMINATOR, NodeScores
from app.domain.scoring.peers import comparing_rules

NotActionable = Literal[
    "reported", "not_counted", "missing", "zero_denominator", "not_applicable", "statistic", "rule", "others"
]
"""Why no further case would bring points: a source states them, the total does not rest on it, there is no figure,
there is nothing to be done (0/0), it is not meant for the level, it is a statistic without points, the rule does not
say how far its figure may go, or the points hang on the figures of other units."""
MAY_STILL_CHANGE: Final = frozenset({"reported", "not_counted", "missing", "rule", "others"})
"""Reasons that leave open what the points will be: nobody knows what a source will state, or others will do."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A criterion whose points rest on a figure of its own, for one unit; `rule` is the one that applied.

    `reason`: why nothing can be done; None where it can. `adds_up`: everything above it is a plain sum that leaves
    nothing out; `rises`: everything above it gives no less where the criterion earns more.
    """

    criterion: Criterion
    rule: AnyRule | None
    reason: NotActionable | None
    adds_up: bool = True
    rises: bool = True

    @property
    def indicator(self) -> str | None:
        """What the rule reads; where none applied, what the first one would."""
        rule = self.rule or next(iter(self.criterion.rules), None)
        return getattr(rule, "indicator", None)

    @property
    def reads(self) -> tuple[str, ...]:
        """Every indicator on which its points hang."""
        return () if self.rule is None else self.rule.reads


def leaves_of(board: Board, unit: int) -> list[Leaf]:
    """The criteria on which the total of a unit rests, in the framework's order."""
    framework, total = board.framework, board.ruled_total
    if total.summed[unit]:
        adds_up = not framework.total.adjustments  # which keep the total between 0 and its max
        return list(_below(board, unit, framework, total, adds_up=adds_up, rises=True))
    rule = _rule(framework, total, unit)
    reason: NotActionable = "reported" if isinstance(rule, Reported) else "not_counted"
    return [Leaf(top, None, reason) for top in framework.criteria]


def _below(
    board: Board, unit: int, node: Criterion | Framework, scored: NodeScores, *, adds_up: bool, rises: bool
) -> Iterator[Leaf]:
    rule, children = _rule(node, scored, unit), [(child, board.nodes[child.code]) for child in node.criteria]
    adds_up = adds_up and isinstance(rule, Sum) and not any(each.excluded[unit] for _, each in children)
    rises = rises and isinstance(rule, CombiningRule)
    for child, each in children:
        if (
            not child.criteria
            or each.state[unit] == NOT_APPLICABLE
            or (_rule(child, each, unit) and not each.summed[unit])
        ):
            own = _rule(child, each, unit)
            yield Leaf(child, own, _reason(each, own, unit, _compared(board)), adds_up, rises)
        else:
            yield from _below(board, unit, child, each, adds_up=adds_up, rises=rises)


def _rule(node: Criterion | Framework, scored: NodeScores, unit: int) -> AnyRule | None:
    index = int(scored.rule[unit])
    return rules_of(node)[index] if index >= 0 else None


def _compared(board: Board) -> set[str]:
    """The indicators by which units are compared: who moves such a figure moves the points of all."""
    return {rule.indicator for rule in comparing_rules(board.framework).values()}


def _reason(scored: NodeScores, rule: AnyRule | None, unit: int, compared: set[str]) -> NotActionable | None:
    state = int(scored.state[unit])
    if state == NOT_APPLICABLE:
        return "not_applicable"
    if not scored.max:
        return "statistic"
    if state != SCORED:
        return "zero_denominator" if state == ZERO_DENOMINATOR else "missing"
    if isinstance(rule, Reported):
        return "reported"
    if rule is not None and not compared.isdisjoint(rule.reads):
        return "others"
    return None if getattr(rule, "indicator", None) else "rule"


def trend(rule: AnyRule) -> int | None:
    """Whether a larger figure earns more (1), less (−1), or the same (0); None where it is now the one, now the other.

    >>> trend(Ratio(kind="ratio", indicator="x", **{"from": 60, "full_at": 20}))
    -1
    """
    if isinstance(rule, Ratio):
        return 1 if rule.full_at > rule.from_ else -1
    if isinstance(rule, Deduction):
        return _sign(-rule.points * rule.per)
    if isinstance(rule, Steps):
        ladder = sorted(rule.steps, key=lambda rung: rung.at_least)
        return _trend_of([rule.otherwise, *(rung.points for rung in ladder)])
    return _trend_of([knot.points for knot in rule.points]) if isinstance(rule, Piecewise) else None


def _trend_of(points: Sequence[Decimal]) -> int | None:
    signs = {_sign(after - before) for before, after in pairwise(points)} - {0}
    return None if len(signs) > 1 else next(iter(signs), 0)


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)
