"""Of two things that both changed, how many points each is answerable for: the scorer is asked, not a formula.

Two rows that no unit ever had, in each of which only one of the two has changed, are scored beside the unit as it was
and as it is. The share of the one is the mean of what it does first and of what it does second; the rest is the
other's.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.insight.contributions import Contribution, UnitBoard
from app.domain.scoring.board import Board

FIRST = 2
"""The first row of the board that is scored that no unit ever had."""


@dataclass(frozen=True, slots=True)
class PointsOfWays:
    """A board of four rows: before, now, and both ways on which only one of two things changed, the first one first.

    Such as the new numerator over the old denominator, and the other way round.
    """

    board: Board

    def shares(self, each: Contribution) -> tuple[Fraction | None, Fraction | None]:
        """What the first and the second thing did to the points of a criterion; None where that cannot be told.

        It can where the first two rows are what the unit has: its rule read these figures and nothing else.
        """
        rows = [UnitBoard(self.board, row) for row in range(4)]
        rules = {row.rule(each.node) for row in rows} | {each.before.rule, each.now.rule}
        before, now, first, second = (row.points(each.node) for row in rows)
        again = [(row.points(each.node), row.state(each.node)) for row in rows[:FIRST]]
        had = [(side.points, side.state) for side in (each.before, each.now) if side.measured]
        if again != had or len(rules) > 1 or before is None or now is None or first is None or second is None:
            return None, None
        one = ((first - before) + (now - second)) / 2
        return one, now - before - one
