"""What a unit would have to do to reach a class, a total or a rank: alone by each figure, and by the fewest cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from app.domain.frameworks.framework import Criterion, Framework
from app.domain.insight.actionable import MAY_STILL_CHANGE, Leaf, NotActionable, leaves_of
from app.domain.insight.goals import Goal
from app.domain.insight.least_set import LeastSet, least_set
from app.domain.insight.levers import Figures, Growth, Lever, levers_of
from app.domain.insight.single import Reach, one_a_figure, reaches
from app.domain.insight.variants import Variants
from app.domain.scoring.board import Board


@dataclass(frozen=True, slots=True)
class LeafReach:
    """A criterion and what its figure alone could do; no lever where nothing can be done, for the `reason`."""

    leaf: Leaf
    reason: NotActionable | None
    lever: Lever | None = None
    alone: Reach | None = None


@dataclass(frozen=True, slots=True)
class SetStep:
    """A figure's part in the least set; `leaves`: the criteria that read it."""

    lever: Lever
    steps: int
    leaves: Sequence[Leaf]


@dataclass(frozen=True, slots=True)
class UnitReach:
    """`most`: the total with every figure at its best; `total`: with the set; both in units of its last decimal.

    `reachable`: whether every figure at its best reaches the goal. Where it does not, that is only `certain` if it is
    clear which way each figure earns more, else another combination might; and if the `open` ones could not make up
    for it, the criteria whose points may change otherwise than by the unit's cases. `best`: a board of one row, every
    figure being at its best.
    """

    leaves: Sequence[LeafReach]
    most: int
    reachable: bool
    certain: bool = True
    open: Sequence[Leaf] = ()
    best: Board | None = None
    least: LeastSet | None = None
    steps: Sequence[SetStep] = field(default=())
    total: int | None = None


def reach(
    framework: Framework, board: Board, row: int, figures: Figures, goal: Goal | None, growth: Growth
) -> UnitReach:
    """What it takes a unit of a board; without a goal (it is reached, or not known) only what could still be gained."""
    leaves = leaves_of(board, row)
    adjusting = {each.indicator for each in framework.total.adjustments}
    levers = levers_of(leaves, figures, growth, adjusting)
    variants = Variants(framework, board.level, figures, [each for those in levers.values() for each in those], goal)
    nothing: NotActionable = "rule" if _points(variants.now(), 0) == _points(board, row) else "others"
    if nothing == "others" or not variants.levers:
        told = [LeafReach(leaf, leaf.reason or nothing) for leaf in leaves]
        left, most = _open(board, row, told), _points(board, row)
        return UnitReach(told, most, False, _is_too_far(board, row, most, left, goal), left)
    alone = reaches(variants)
    best = {variants.levers[place].indicator: place for place in one_a_figure(variants, alone)}
    told = [_told(leaf, variants, alone, best) for leaf in leaves]
    steps = np.array([[reach.best if place in best.values() else 0 for place, reach in enumerate(alone)]])
    top = variants.board(steps)
    most, reachable = max(_points(board, row), _points(top, 0)), bool(variants.reached(top)[0])
    if not reachable:
        alike = len(best) == 1 and all(each.exact for each in alone)
        certain, left = alike or all(lever.proven for lever in variants.levers), _open(board, row, told)
        return UnitReach(told, most, reachable, certain and _is_too_far(board, row, most, left, goal), left, top)
    found = least_set(variants, alone)
    if found is None:
        return UnitReach(told, most, reachable)
    parts = [
        SetStep(
            lever, int(moved), [leaf for leaf in leaves if leaf.indicator == lever.indicator and leaf.reason is None]
        )
        for lever, moved in zip(variants.levers, found.steps, strict=True)
        if moved
    ]
    total = _points(variants.board(found.steps[None, :]), 0)
    return UnitReach(told, most, reachable, best=top, least=found, steps=parts, total=total)


def _open(board: Board, row: int, told: Sequence[LeafReach]) -> list[Leaf]:
    """The criteria without all points whose points may change otherwise than by the unit's cases."""
    return [
        each.leaf for each in told if each.reason in MAY_STILL_CHANGE and _left(board, row, each.leaf.criterion) > 0
    ]


def _left(board: Board, row: int, criterion: Criterion) -> Fraction:
    """The points that a criterion does not have yet."""
    node = board.nodes[criterion.code]
    return Fraction(node.max) - Fraction(int(node.points[row]), 10**board.framework.rounding.component)


def _is_too_far(board: Board, row: int, most: int, left: Sequence[Leaf], goal: Goal | None) -> bool:
    """Whether the goal is missed even with all points of the criteria that are `left` open, on top of `most`."""
    if not left:
        return True
    adds_up = bool(board.ruled_total.summed[row]) and all(leaf.adds_up for leaf in left)
    if goal is None or goal.points is None or not adds_up:
        return False
    more = sum((_left(board, row, leaf.criterion) for leaf in left), Fraction(0))
    return bool(most + more * 10**board.framework.rounding.total < goal.points)


def _points(board: Board, row: int) -> int:
    return int(board.total.points[row])


def _told(leaf: Leaf, variants: Variants, alone: Sequence[Reach], best: Mapping[str, int]) -> LeafReach:
    place = None if leaf.reason is not None else best.get(leaf.indicator or "")
    if place is None:
        return LeafReach(leaf, leaf.reason or "rule")
    return LeafReach(leaf, None, variants.levers[place], alone[place])
