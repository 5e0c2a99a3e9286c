"""Which figures a cohort still owes: the criteria that wait for one, unit by unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.frameworks.rules import CombiningRule
from app.domain.scoring.arithmetic import Mask
from app.domain.scoring.board import Board
from app.domain.scoring.node_scores import EXCLUDED, NOT_APPLICABLE, SCORED, ZERO_DENOMINATOR, NodeScores
from app.domain.vocabulary import Level

TOTAL = "total"
"""What the root is called where it waits for a figure of its own."""


@dataclass(frozen=True, slots=True)
class ExpectedFigures:
    """Of whom a criterion needs a figure, and who has given one; masks of shape (units,)."""

    needed: Mask
    present: Mask

    @property
    def missing(self) -> Mask:
        return self.needed & ~self.present


def expectations(board: Board) -> Mapping[str, ExpectedFigures]:
    """By criterion, in the order of the framework: its leaves, or a node above them that takes a figure of its own.

    Points reported for a group, or for the total, stand for all its leaves. A criterion that does not apply to the
    unit, or that a policy leaves out, needs nothing.
    """
    nobody = np.zeros(board.size, dtype=np.bool_)
    return dict(_expected(board, board.framework, board.total, ExpectedFigures(~nobody, nobody)))


def _expected(
    board: Board, node: Framework | Criterion, scored: NodeScores, above: ExpectedFigures
) -> Iterator[tuple[str, ExpectedFigures]]:
    state = scored.state
    own = ((state == SCORED) | (state == ZERO_DENOMINATOR)) & ~scored.summed
    gone = scored.excluded | (state == EXCLUDED) | (state == NOT_APPLICABLE)
    here = ExpectedFigures(above.needed & ~gone, above.present | own)
    if not node.criteria or stands_alone(node, board.level):
        yield TOTAL if isinstance(node, Framework) else node.code, here
        return
    for child in node.criteria:
        yield from _expected(board, child, board.nodes[child.code], here)


def stands_alone(node: Framework | Criterion, level: Level) -> bool:
    """Whether units of the level get the node's points from a figure of its own and never from its children."""
    for rule in rules_of(node):
        if rule.applies_to(level):
            if isinstance(rule, CombiningRule):
                return False
            if not rule.optional:
                return True
    return not node.criteria
