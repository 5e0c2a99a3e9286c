"""Of two counts that both changed, how many points each of them is answerable for: the scorer is asked, not a formula.

The points of (n₁, d₀) and of (n₀, d₁), which no unit ever had, are scored beside those of (n₀, d₀) and (n₁, d₁). The
numerator's share is the mean of what it does first and of what it does second; the rest is the denominator's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.insight.contributions import Contribution, UnitBoard
from app.domain.scoring.board import Board
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score

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


def points_of_counts(
    before: UnitBoard, now: UnitBoard, columns: tuple[Mapping[str, IndicatorColumn], Mapping[str, IndicatorColumn]]
) -> PointsOfWays:
    """The points of every criterion that reads counts known on both sides; of others, of nothing."""
    earlier, later = columns
    both = {
        code: _ways(earlier[code], before.row, later[code], now.row)
        for code in earlier.keys() & later.keys()
        if earlier[code].has_counts[before.row] and later[code].has_counts[now.row]
    }
    return PointsOfWays(score(now.board.framework, now.board.level, both, 4))


def _ways(before: IndicatorColumn, then: int, now: IndicatorColumn, row: int) -> IndicatorColumn:
    above, below = (before.numerator[then], now.numerator[row]), (before.denominator[then], now.denominator[row])
    numerator = np.array([above[0], above[1], above[1], above[0]], dtype=np.int64)
    denominator = np.array([below[0], below[1], below[0], below[1]], dtype=np.int64)
    every, none = np.ones(4, dtype=np.bool_), np.zeros(4, dtype=np.bool_)
    return IndicatorColumn(numerator, denominator, numerator, every, none)
