"""The scores of one node of the tree over a cohort, and how each unit came by them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from app.domain.scoring.arithmetic import Ints, Mask

Codes = npt.NDArray[np.int8]
"""A small code per unit, shape (units,)."""


class NodeState(IntEnum):
    """How a node came by its points, or why it has none."""

    SCORED = 0
    NO_VALUE = 1
    ZERO_DENOMINATOR = 2
    EXCLUDED = 3
    """Every child is excluded."""
    NOT_APPLICABLE = 4
    """The criterion is not meant for units of this level."""


ABSENCES = {
    NodeState.NO_VALUE: "missing",
    NodeState.ZERO_DENOMINATOR: "zero_denominator",
    NodeState.NOT_APPLICABLE: "not_applicable",
}
"""The flag of a node without a figure to score."""
SCORED, NO_VALUE, ZERO_DENOMINATOR, EXCLUDED, NOT_APPLICABLE = (int(state) for state in NodeState)
"""The states as plain numbers: numpy compares codes with these in an eighth of the time that an enum takes."""


@dataclass(frozen=True, slots=True)
class NodeScores:
    """One node over the cohort; every array has shape (units,).

    `points` are scaled by 10^component (the total's by 10^total) and 0 where not `known`; none is larger than `bound`.
    `rule` is the position in the `rules_of` the node, −1 where none applied; `summed`: that rule combines children.
    `complete`: every scored component has a value or a policy for its absence. `reported`, `computed`: points below
    come from a source, from figures; both where they are mixed, neither where a policy gave them. `exceeding`: a source
    reports more than can be had. `covered`: everything below that counts has a figure; `asked`: something counts.
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
    covered: Mask
    asked: Mask

    @property
    def partial(self) -> Mask:
        """A sum of what is known, while something that counts is not."""
        return self.known & ~self.complete

    @property
    def zero_denominator(self) -> Mask:
        """Units of which the rule's figure is n of 0."""
        return np.equal(self.state, ZERO_DENOMINATOR)
