"""The scores of a cohort as they stand once computed: nodes, total, groups and the views of a framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.domain.figures import scaled
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.scoring.arithmetic import Ints, Mask, Quotient, magnitude, pick, sum_of
from app.domain.vocabulary import Level

Codes = npt.NDArray[np.int8]
"""A small code per unit, shape (units,)."""

METHODS = ("reported", "computed", "mixed")
"""Where the points below a total come from; `Board.method` holds positions in this tuple."""


class NodeState(IntEnum):
    """How a node came by its points, or why it has none."""

    SCORED = 0
    NO_VALUE = 1
    ZERO_DENOMINATOR = 2
    EXCLUDED = 3
    """Every child is excluded."""
    NOT_APPLICABLE = 4
    """The criterion is not meant for units of this level."""


SCORED, NO_VALUE, ZERO_DENOMINATOR, EXCLUDED, NOT_APPLICABLE = (int(state) for state in NodeState)
"""The states as plain numbers: numpy compares codes with these in an eighth of the time that an enum takes."""


@dataclass(frozen=True, slots=True)
class NodeScores:
    """One node over the cohort; every array has shape (units,).

    `points` are scaled by 10^component (the total's by 10^total) and 0 where not `known`; none is larger than `bound`.
    `rule` is the position in the `rules_of` the node, −1 where none applied; `summed`: that rule combines children.
    `complete`: every scored component has a value or a policy for its absence. `reported`, `computed`: points below
    come from a source, from figures; both where they are mixed. `exceeding`: a source reports more than can be had.
    """

    max: Decimal
    points: Ints
    bound: int
    known: Mask
    excluded: Mask
    rule: Codes
    state: Codes
    summed: Mask
    complete: Mask
    reported: Mask
    computed: Mask
    exceeding: Mask

    @property
    def partial(self) -> Mask:
        """A sum of what is known, while something that counts is not."""
        return self.known & ~self.complete

    @property
    def zero_denominator(self) -> Mask:
        """Units of which the rule's figure is n of 0."""
        return np.equal(self.state, ZERO_DENOMINATOR)


@dataclass(frozen=True)
class Board:
    """The scores of a cohort of one level under one framework version.

    `exact` is the total before rounding, in units of its last decimal; it means something where the total is known.
    `incomplete`: the total was added up although a group has no points, and cannot be compared. `method`: positions in
    METHODS.
    """

    framework: Framework
    level: Level
    size: int
    nodes: Mapping[str, NodeScores]
    total: NodeScores
    exact: Quotient
    incomplete: Mask
    method: Codes

    @property
    def flags(self) -> Mapping[str, Mask]:
        """The units that carry each flag."""
        return {"incomplete": self.incomplete, "partial": self.partial, "points_exceed_max": self.exceeding}

    @cached_property
    def partial(self) -> Mask:
        """Units with a group that is the sum of what is known, while something that counts in it is not."""
        tops = (self.nodes[top.code] for top in self.framework.criteria)
        anywhere: Mask = np.logical_or.reduce([top.partial for top in tops])
        return anywhere

    @cached_property
    def exceeding(self) -> Mask:
        """Units of which a source reports more points than the most there can be, of a criterion or in total."""
        nodes = (self.total, *self.nodes.values())
        anywhere: Mask = np.logical_or.reduce([node.exceeding for node in nodes])
        return anywhere

    def coverage(self, unit: int) -> Fraction:
        """The share of the points that rests on figures or reported points; 1 where the total is reported."""
        covered, coverable = (int(points[unit]) for points in self._coverage)
        return Fraction(covered, coverable) if coverable else Fraction(0)

    @cached_property
    def _coverage(self) -> tuple[Ints, Ints]:
        """For the whole cohort at once, when the first unit is asked about: not every reader of a board does."""
        return _covered(self.nodes, self.framework, self.total)


def _covered(nodes: Mapping[str, NodeScores], node: Framework | Criterion, scored: NodeScores) -> tuple[Ints, Ints]:
    """Points of the leaves with a figure and of all leaves below a node, scaled by 10⁴; 0 and 0 where it is excluded.

    So they are where it is not meant for the level, whatever points it gives: nobody can supply a figure. A node with
    a figure of its own stands for its leaves.
    """
    top, state = scaled(scored.max), scored.state
    counts = ~scored.excluded & (state != NOT_APPLICABLE)
    own = ((state == SCORED) | (state == ZERO_DENOMINATOR)) & ~scored.summed
    covered, coverable = (own & counts) * top, counts * top
    if not node.criteria:
        return covered, coverable
    below = [_covered(nodes, child, nodes[child.code]) for child in node.criteria]
    bound = sum(scaled(nodes[child.code].max) for child in node.criteria)
    shared = counts & ~own
    return (
        pick(shared, sum_of([points for points, _ in below], bound), covered),
        pick(shared, sum_of([points for _, points in below], bound), coverable),
    )


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """A group as a board shows it: points scaled by 10^component, and who has any; shape (units,)."""

    max: Decimal
    points: Ints
    known: Mask


def groups(board: Board) -> dict[str, GroupPoints]:
    """The framework's top criteria, in its order."""
    tops = ((top.code, board.nodes[top.code]) for top in board.framework.criteria)
    return {code: GroupPoints(node.max, node.points, node.known) for code, node in tops}


def view(framework: Framework, board: Board, code: str) -> dict[str, GroupPoints]:
    """The groups of another official view: each the sum of its known members, null where none is known.

    Raises KeyError where the framework has no view of that code.
    """
    found = {one.code: one for one in framework.views}[code]
    tops = groups(board)
    return {group.code: _together([tops[member] for member in group.members]) for group in found.groups}


def _together(members: Sequence[GroupPoints]) -> GroupPoints:
    return GroupPoints(
        sum((member.max for member in members), Decimal(0)),
        sum_of([member.points for member in members], sum(magnitude(member.points) for member in members)),
        np.logical_or.reduce([member.known for member in members]),
    )
