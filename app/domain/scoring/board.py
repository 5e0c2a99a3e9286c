"""The scores of a cohort as they stand once computed: nodes, total, groups and the views of a framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from app.domain.frameworks.framework import Framework
from app.domain.scoring.adjustments import AdjustmentPoints
from app.domain.scoring.arithmetic import Ints, Mask, Quotient, magnitude, sum_of
from app.domain.scoring.coverage import CoveredPoints, covered_points
from app.domain.scoring.node_scores import Codes, NodeScores
from app.domain.scoring.peers import ALONE, PeerKey, Positions
from app.domain.vocabulary import Level

METHODS = ("reported", "computed", "mixed")
"""Where the points below a total come from; `Board.method` holds positions in this tuple."""


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
    positions: Mapping[PeerKey, Positions] = field(default_factory=lambda: ALONE)
    """What figures are among those of other units, where the framework compares them."""
    adjustments: Sequence[AdjustmentPoints] = ()
    unadjusted: NodeScores | None = None
    """The total before its adjustments, where the framework has any."""

    @property
    def ruled_total(self) -> NodeScores:
        """The total as the rules leave it, before any adjustment."""
        return self.total if self.unadjusted is None else self.unadjusted

    @cached_property
    def adjusted(self) -> Mask:
        """Units whose total is not what the rules leave, but that with a bonus or a penalty."""
        return np.asarray(self.total.known & (self.total.points != self.ruled_total.points), dtype=np.bool_)

    @cached_property
    def flags(self) -> Mapping[str, Mask]:
        """The units that carry each flag; a total of too few figures is partial where nothing else says it."""
        partial = self.partial | (self.short & ~self.incomplete)
        return {"incomplete": self.incomplete, "partial": partial, "points_exceed_max": self.exceeding} | (
            {"adjusted": self.adjusted} if self.adjustments else {}
        )

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

    @property
    def short(self) -> Mask:
        """Units whose total rests on fewer figures than the framework asks for to class and rank it.

        Where it does not say how many, an absence that one of its policies speaks for is none.
        """
        ranking = self.framework.ranking
        least = ranking.least_coverage
        if least == 1:
            lacking: Mask = self.total.known & ~(self.total.covered & self.total.asked)
            return lacking if ranking.min_coverage is not None else lacking & (self.partial | ~self.total.asked)
        return self.total.known & ~self._coverage.reach(least) if least else np.zeros(self.size, dtype=np.bool_)

    def coverage(self, unit: int) -> Fraction:
        """The share of the points that rests on figures or reported points; 1 where the total is reported."""
        return self._coverage.share(unit)

    @cached_property
    def _coverage(self) -> CoveredPoints:
        """For the whole cohort at once, when the first unit is asked about: not every reader of a board does."""
        return covered_points(self.nodes, self.framework, self.framework, self.total)


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
