"""Of two counts that both changed, how many points each of them is answerable for: the scorer is asked, not a formula.

The points of (n₁, d₀) and of (n₀, d₁), which no unit ever had, are scored beside those of (n₀, d₀) and (n₁, d₁). The
numerator's share is the mean of what it does first and of what it does second; the rest is the denominator's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.frameworks.rules import Ratio
from app.domain.frameworks.tree import rules_within
from app.domain.insight.contributions import Contribution, UnitBoard
from app.domain.insight.ways import PointsOfWays
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score


@dataclass(frozen=True, slots=True)
class PointsOfCounts:
    """Of the criteria that read counts, and of those that divide one indicator by another, by both their codes."""

    counted: PointsOfWays
    divided: Mapping[tuple[str, ...], PointsOfWays]

    def shares(self, each: Contribution) -> tuple[Fraction | None, Fraction | None]:
        """What the numerator and the denominator did to the points of a criterion; None where that cannot be told."""
        rule = each.now.rule
        of_two = isinstance(rule, Ratio) and rule.of is not None
        found = self.divided.get(rule.reads) if rule is not None and of_two else self.counted
        return (None, None) if found is None else found.shares(each)


def points_of_counts(
    before: UnitBoard, now: UnitBoard, columns: tuple[Mapping[str, IndicatorColumn], Mapping[str, IndicatorColumn]]
) -> PointsOfCounts:
    """The points of every criterion that reads counts known on both sides; of others, of nothing."""
    earlier, later = columns
    known = {code: ((earlier[code], before.row), (later[code], now.row)) for code in earlier.keys() & later.keys()}
    counted = {
        code: _counts(*sides) for code, sides in known.items() if all(column.has_counts[row] for column, row in sides)
    }
    framework = now.board.framework
    rules = (rule for rule in rules_within(framework) if isinstance(rule, Ratio) and rule.of is not None)
    pairs = {rule.reads for rule in rules if known.keys() >= set(rule.reads)}
    divided = {
        (part, whole): {part: _values(*known[part], (0, 1, 1, 0)), whole: _values(*known[whole], (0, 1, 0, 1))}
        for part, whole in pairs
    }
    return PointsOfCounts(
        PointsOfWays(score(framework, now.board.level, counted, 4)),
        {pair: PointsOfWays(score(framework, now.board.level, each, 4)) for pair, each in divided.items()},
    )


_Side = tuple[IndicatorColumn, int]
"""A column and the row of the unit in it."""


def _counts(before: _Side, now: _Side) -> IndicatorColumn:
    """Old and new counts on all four ways."""
    (earlier, then), (later, row) = before, now
    above, below = (earlier.numerator[then], later.numerator[row]), (earlier.denominator[then], later.denominator[row])
    numerator = np.array([above[0], above[1], above[1], above[0]], dtype=np.int64)
    denominator = np.array([below[0], below[1], below[0], below[1]], dtype=np.int64)
    every, none = np.ones(4, dtype=np.bool_), np.zeros(4, dtype=np.bool_)
    return IndicatorColumn(numerator, denominator, numerator, every, none)


def _values(before: _Side, now: _Side, ways: tuple[int, ...]) -> IndicatorColumn:
    """The old value (0) or the new one (1) on each way, as both are stated."""
    sides = [(column.value[row], column.has_value[row]) for column, row in (before, now)]
    value = np.array([sides[way][0] for way in ways], dtype=np.int64)
    stated = np.array([sides[way][1] for way in ways], dtype=np.bool_)
    return IndicatorColumn(value * 0, value * 0, value, np.zeros(4, dtype=np.bool_), stated)
