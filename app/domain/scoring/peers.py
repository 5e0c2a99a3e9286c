"""What a figure is among those of other units: the scale on which a rule `normalise` gives points.

Source: docs/domain.md, Comparisons. Positions are worked out once for a cohort, from all who are compared in it; they
go along where some of its units are ranked by themselves, so that nobody's points hang on who looks at them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from types import MappingProxyType
from typing import Literal

import numpy as np

from app.domain.figures import SCALE
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.rules import Normalise
from app.domain.frameworks.tree import rules_within
from app.domain.scoring.arithmetic import LIMIT, FigureArray, Ints, Mask, compact, half_up, kept, wide
from app.domain.scoring.node_scores import SCORED, ZERO_DENOMINATOR
from app.domain.scoring.points import PERCENT, IndicatorColumn, RuleInput

PeerKey = tuple[str, str, str]
"""Of a rule: the indicator, the method, and over whom."""
PeerFact = Literal["least", "most", "mean", "deviation", "compared", "lower", "equal", "others"]
"""The least and the largest figure, the mean and the standard deviation of so many units that are compared; of so many
other units, how many have less, and how many the same."""


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each unit's figure stands among its peers'; every array has shape (units,).

    `reading`: on the scale of the method, n of 0 where no figure differs. `facts`: what it follows from.
    """

    reading: RuleInput
    facts: Mapping[PeerFact, FigureArray]

    def of(self, rows: Sequence[int] | Ints) -> "Positions":
        """Those of some units, or of one many times."""
        picked = np.asarray(rows, dtype=np.int64)
        reading = RuleInput(self.reading.figures.of_rows(picked), self.reading.state[picked])
        return Positions(reading, {name: each.of_rows(picked) for name, each in self.facts.items()})


@dataclass(frozen=True, slots=True)
class Companions:
    """Who is compared in a cohort: the unit above each of its units, and who ended within the period, which are not."""

    parents: Sequence[str | None]
    ended: Mask


ALONE: Mapping[PeerKey, Positions] = MappingProxyType({})
"""Of units whose peers are not at hand."""


def key_of(rule: Normalise) -> PeerKey:
    return rule.indicator, rule.method, rule.over


def comparing_rules(framework: Framework) -> dict[PeerKey, Normalise]:
    """The rules by which points hang on other units' figures, one for each way to compare them."""
    rules = (rule for rule in rules_within(framework) if isinstance(rule, Normalise) and rule.compares)
    return {key_of(rule): rule for rule in rules}


def positions(
    framework: Framework, columns: Mapping[str, IndicatorColumn], companions: Companions
) -> dict[PeerKey, Positions]:
    """Where each unit of a cohort stands, for every rule of the framework that compares units."""
    found: dict[PeerKey, Positions] = {}
    for key, rule in comparing_rules(framework).items():
        if rule.indicator in columns:
            found[key] = _positions(rule, columns[rule.indicator].best, companions)
    return found


def position_of(rule: Normalise, column: IndicatorColumn, companions: Companions, row: int) -> Positions:
    """Where one unit stands among its peers, whose figures the column holds."""
    return _positions(rule, column.best, companions).of([row])


def _positions(rule: Normalise, own: RuleInput, companions: Companions) -> Positions:
    counted = (own.state == SCORED) & ~companions.ended
    circle = _Circle.of(_order(own.figures), counted, companions.parents if rule.over == "parent" else None)
    if rule.method == "percentile":
        figures, differs, facts = _share_of_others(circle)
    else:
        figures, differs, facts = (_between_extremes if rule.method == "min_max" else _deviations)(own.figures, circle)
    state = np.where(differs | (own.state != SCORED), own.state, np.int8(ZERO_DENOMINATOR))
    return Positions(RuleInput(figures, state), facts)


def _order(figures: FigureArray) -> Ints:
    """0 for the least figure, 1 for the next larger one, exactly.

    Two fractions with denominators of at most D differ by at least 1/D², which twice as many bits tell apart.
    """
    keys = figures.numerator
    if not isinstance(figures.denominator, int):
        keys = (wide(keys) << 2 * figures.below.bit_length()) // wide(figures.denominator)
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Circle:
    """The figures that each unit is compared with.

    `rows`: the units that are compared, those of one circle together, by their figures; `start`, `end`: where there
    each unit's circle lies; `keys`: the number of its circle, and within it the place of its figure among all.
    `own`: 1 for a unit that is compared itself.
    """

    rows: Ints
    start: Ints
    end: Ints
    keys: Ints
    own: Ints

    @classmethod
    def of(cls, order: Ints, counted: Mask, parents: Sequence[str | None] | None) -> "_Circle":
        width = int(order.max(initial=0)) + 1
        group = np.zeros(order.size, dtype=np.int64)
        if parents is not None:
            group = np.unique([parent or "" for parent in parents], return_inverse=True)[1].astype(np.int64)
        keys = group * width + order
        rows = np.flatnonzero(counted)
        rows = rows[np.argsort(keys[rows], kind="stable")]
        start = np.searchsorted(keys[rows], group * width)
        return cls(rows, start, np.searchsorted(keys[rows], (group + 1) * width), keys, counted.astype(np.int64))

    @property
    def size(self) -> Ints:
        return self.end - self.start

    def least(self, figures: Ints) -> Ints:
        """The figure of the first unit of each circle; anything where there is none."""
        return _taken(figures, self.rows, self.start)

    def most(self, figures: Ints) -> Ints:
        return _taken(figures, self.rows, self.end - 1)

    def sums(self, figures: Ints) -> Ints:
        """Σ over each unit's circle, as Python integers."""
        total: Ints = np.concatenate([[0], np.cumsum(wide(figures)[self.rows])]).astype(object)
        found: Ints = total[self.end] - total[self.start]
        return found


def _taken(figures: Ints, rows: Ints, places: Ints) -> Ints:
    if not rows.size:
        return figures
    taken: Ints = figures[rows[np.clip(places, 0, rows.size - 1)]]
    return taken


_Method = tuple[FigureArray, Mask, dict[PeerFact, FigureArray]]
"""The position of each unit, whether figures differ so that there is one, and what it follows from."""


def _between_extremes(figures: FigureArray, circle: _Circle) -> _Method:
    """(figure − least) / (largest − least), as an exact share."""
    figures = figures if 2 * max(1, figures.above) * figures.below**3 < LIMIT else figures.wide()
    above, below = figures.numerator, figures.denominator
    low, high = circle.least(above), circle.most(above)
    low_below, high_below = (1, 1) if isinstance(below, int) else (circle.least(below), circle.most(below))
    way = (above * low_below - low * below) * high_below
    whole = (high * low_below - low * high_below) * below
    differs = ((circle.size > 0) & (whole > 0)).astype(np.bool_)
    share = FigureArray.of(kept(differs, way), np.where(differs, whole, 1), PERCENT)
    least, most = FigureArray.of(low, low_below, figures.unit), FigureArray.of(high, high_below, figures.unit)
    return share, differs, {"least": least, "most": most, "compared": _counts(circle.size)}


def _share_of_others(circle: _Circle) -> _Method:
    """(lower + equal / 2) / others, as an exact share."""
    compared = circle.keys[circle.rows]
    before = np.searchsorted(compared, circle.keys, side="left")
    equal = np.searchsorted(compared, circle.keys, side="right") - before - circle.own
    lower, others = before - circle.start, circle.size - circle.own
    differs = others > 0
    share = FigureArray.of(kept(differs, 2 * lower + equal), np.where(differs, 2 * others, 1), PERCENT)
    return share, differs, {"lower": _counts(lower), "equal": _counts(equal), "others": _counts(others)}


def _deviations(figures: FigureArray, circle: _Circle) -> _Method:
    """(figure − mean) / standard deviation of all who are compared.

    Mean and deviation are those of figures to four decimals, and themselves rounded half up to four; what follows from
    them is exact.
    """
    own = figures.numerator
    if not isinstance(figures.denominator, int):
        own = half_up(wide(own) * figures.unit, wide(figures.denominator))
    count, total, squares = np.maximum(circle.size, 1).astype(object), circle.sums(own), circle.sums(wide(own) ** 2)
    mean = half_up(total, count)
    spread = (count * squares - total**2).tolist()  # n² × the variance
    roots = [(isqrt(4 * each // n**2) + 1) // 2 for each, n in zip(spread, count.tolist(), strict=True)]
    deviation = np.array(roots, dtype=object)
    below = figures.denominator if isinstance(figures.denominator, int) else wide(figures.denominator)
    differs = (deviation > 0).astype(np.bool_)
    away = kept(differs, (wide(figures.numerator) * figures.unit - mean * below) * SCALE)
    facts: dict[PeerFact, FigureArray] = {
        "mean": FigureArray.of(compact(mean), 1, 1),
        "deviation": FigureArray.of(compact(deviation), 1, 1),
        "compared": _counts(circle.size),
    }
    position = FigureArray.of(compact(away), compact(np.where(differs, deviation * below, 1)), 1)
    return position, differs, facts


def _counts(numbers: Ints) -> FigureArray:
    return FigureArray.of(numbers * SCALE, 1, 1)
