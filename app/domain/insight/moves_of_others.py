"""Of points by comparison, what the unit's own figure did and what those of the others: the scorer is asked.

The points of the new figure among the earlier figures of the others, and of the old one among the later, are scored
beside those that the unit had. Its own share is the mean of what it does first and of what it does second; the rest is
the others'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.frameworks.rules import Normalise
from app.domain.insight.contributions import UnitBoard
from app.domain.insight.ways import PointsOfWays
from app.domain.scoring.arithmetic import FigureArray, Ints
from app.domain.scoring.peers import Companions, PeerKey, Positions, comparing_rules, position_of
from app.domain.scoring.points import IndicatorColumn, RuleInput
from app.domain.scoring.score import score


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """A unit of a board with all who are compared there, and the columns that were scored."""

    unit: UnitBoard
    columns: Mapping[str, IndicatorColumn]
    companions: Companions

    def position(self, rule: Normalise, figure: IndicatorColumn, row: int) -> Positions:
        """Where the figure of another column's row would stand in the place of the unit's own."""
        column, own = self.columns[rule.indicator], self.unit.row
        pairs = zip(column.arrays, figure.arrays, strict=True)
        changed = IndicatorColumn(*(_put(each, own, other[row]) for each, other in pairs))
        return position_of(rule, changed, self.companions, own)


def points_of_ways(before: ComparedSide, now: ComparedSide) -> PointsOfWays:
    """The points of every criterion that compares units by an indicator known on both sides; of others, of nothing."""
    framework = now.unit.board.framework
    columns: dict[str, IndicatorColumn] = {}
    positions: dict[PeerKey, Positions] = {}
    for key, rule in comparing_rules(framework).items():
        if rule.indicator not in before.columns.keys() & now.columns.keys():
            continue
        old, new = before.columns[rule.indicator], now.columns[rule.indicator]
        then, row = before.unit.row, now.unit.row
        ways = [(before, old, then), (now, new, row), (before, new, row), (now, old, then)]
        columns[rule.indicator] = _stacked([(each, place) for _, each, place in ways])
        positions[key] = _joined([side.position(rule, each, place) for side, each, place in ways])
    return PointsOfWays(score(framework, now.unit.board.level, columns, 4, positions))


def _put(numbers: Ints, row: int, number: object) -> Ints:
    changed = numbers.copy()
    changed[row] = number
    return changed


def _stacked(rows: list[tuple[IndicatorColumn, int]]) -> IndicatorColumn:
    """One column of single rows of others."""
    columns = zip(*(column.arrays for column, _ in rows), strict=True)
    return IndicatorColumn(
        *(np.array([each[row] for each, (_, row) in zip(arrays, rows, strict=True)]) for arrays in columns)
    )


def _joined(found: list[Positions]) -> Positions:
    """Positions of one row each as one of many; the facts are told elsewhere."""
    figures = [each.reading.figures for each in found]
    above = np.array([int(each.numerator[0]) for each in figures], dtype=object)
    below = np.array([int(np.broadcast_to(each.denominator, 1)[0]) for each in figures], dtype=object)
    state = np.concatenate([each.reading.state for each in found])
    return Positions(RuleInput(FigureArray.of(above, below, figures[0].unit), state), {})
