"""What one unit might be: the real rules over many changes of its figures at a time, a row for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.frameworks.framework import Framework
from app.domain.insight.goals import Goal
from app.domain.insight.levers import Figures, Lever
from app.domain.scoring.arithmetic import Ints, Mask
from app.domain.scoring.board import Board
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score
from app.domain.vocabulary import Level

ROWS = 2048
"""How many changes are scored at a time at most, where there is a choice."""
Test = Callable[[Ints, Ints], Mask]
"""Whether each of some searches (by their positions) passes at a step."""


@dataclass(frozen=True, slots=True)
class Variants:
    """A unit under a framework, its levers, and what it is to reach; nothing where it has, or nobody can say."""

    framework: Framework
    level: Level
    figures: Figures
    levers: Sequence[Lever]
    goal: Goal | None

    def board(self, steps: Ints) -> Board:
        """Scores with the levers moved by `steps`, an array of shape (rows, levers); at most one lever a figure."""
        rows = np.zeros(len(steps), dtype=np.int64)
        columns = {code: _picked(rows, column) for code, column in self.figures.columns.items()}
        for place, lever in enumerate(self.levers):
            moved = steps[:, place]
            if moved.any():
                columns[lever.indicator] = _merged(moved > 0, lever.column(moved), columns[lever.indicator])
        positions = {key: each.of(rows) for key, each in self.figures.positions.items()}
        return score(self.framework, self.level, columns, len(steps), positions)

    def alone(self, lever: Ints, steps: Ints) -> Board:
        """Scores where in each row one lever is moved, and no other."""
        moved = np.zeros((len(lever), len(self.levers)), dtype=np.int64)
        moved[np.arange(len(lever)), lever] = steps
        return self.board(moved)

    def reached(self, board: Board) -> Mask:
        return np.zeros(board.size, dtype=np.bool_) if self.goal is None else self.goal.reached(board)

    def own_points(self, lever: Ints, steps: Ints) -> Ints:
        """Σ points of the criteria that read each of these levers when it is moved so far.

        They hang on no other figure, so many levers are moved in one row.
        """
        row = _earlier_alike(lever)
        moved = np.zeros((int(row.max()) + 1, len(self.levers)), dtype=np.int64)
        moved[row, lever] = steps
        nodes = self.board(moved).nodes
        points = [np.sum([nodes[code].points for code in each.criteria], axis=0) for each in self.levers]
        return np.stack(points, axis=1)[row, lever]

    def now(self) -> Board:
        return self.board(np.zeros((1, len(self.levers)), dtype=np.int64))


def _earlier_alike(numbers: Ints) -> Ints:
    """Of each number, how many before it are the same.

    >>> _earlier_alike(np.array([7, 5, 7, 7, 5])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    found = np.empty_like(numbers)
    found[order] = np.arange(len(numbers)) - np.searchsorted(ordered, ordered)
    return found


def _picked(rows: Ints, column: IndicatorColumn) -> IndicatorColumn:
    return IndicatorColumn(*(each[rows] for each in column.arrays))


def _merged(mask: Mask, inside: IndicatorColumn, outside: IndicatorColumn) -> IndicatorColumn:
    """One column for some rows, the other for the rest; where a figure may rise or fall, each way has its own rows."""
    if mask.all():
        return inside
    pairs = zip(inside.arrays, outside.arrays, strict=True)
    return IndicatorColumn(*(np.where(mask, one, other) for one, other in pairs))


def least_passing(low: Ints, high: Ints, test: Test) -> Ints:
    """Of each search the step that passes while the one before does not; `high` passes, `low` does not.

    It is the least that passes where passing once means passing ever after. Each round looks at many steps of every
    search, so that a thousand million take few rounds.
    """
    low, high = low.copy(), high.copy()
    while (left := np.flatnonzero(high - low > 1)).size:
        ways = max(1, min(31, ROWS // left.size))
        begin, width = low[left, None], (high - low)[left, None]
        cuts = begin + width * np.arange(1, ways + 1) // (ways + 1)
        passed = test(np.repeat(left, ways), cuts.ravel()).reshape(cuts.shape)
        edges = np.hstack([begin, cuts, high[left, None]])
        first = np.where(passed.any(axis=1), passed.argmax(axis=1), ways)
        row = np.arange(left.size)
        low[left], high[left] = edges[row, first], edges[row, first + 1]
    return high
