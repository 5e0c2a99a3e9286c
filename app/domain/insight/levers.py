"""How far one figure of one unit can be moved, case by case, and what it says then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from app.domain.figures import DECIMALS, SCALE, scaled, unscaled
from app.domain.frameworks.rules import AnyRule, Deduction, Piecewise, Ratio, Steps
from app.domain.insight.actionable import Leaf, trend
from app.domain.scoring.arithmetic import Ints
from app.domain.scoring.peers import ALONE, PeerKey, Positions
from app.domain.scoring.points import PERCENT, IndicatorColumn

Hold = Literal["denominator", "grow"]
CountedIn = Literal["cases", "percentage_points", "units"]
"""What a step is: a case; so many percentage points, of a rate without counts; or of the indicator's own unit."""
LARGEST = 10**11 * SCALE - 1
"""No figure is larger: fifteen digits, four of them after the point."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The denominator stands, or (`grows`) as many cases come in as are dealt with, or just `by`."""

    grows: bool = False
    by: int | None = None

    @property
    def hold(self) -> Hold:
        return "grow" if self.grows else "denominator"


@dataclass(frozen=True, slots=True)
class Lever:
    """A figure that can be moved by whole steps; figures are scaled by 10⁴, `step` is what one of them changes.

    `criteria`: those that read it. `sign`: whether it is to rise (1) or to fall (−1). `most`: the steps it can be moved
    by. `proven`: each step earns no less than the one before. `adds_up`: its points are added to the total as they are.
    """

    indicator: str
    criteria: tuple[str, ...]
    counted: bool
    numerator: int
    denominator: int
    value: int
    step: int
    sign: int
    most: int
    growth: Growth
    counted_in: CountedIn
    proven: bool
    adds_up: bool

    def column(self, steps: Ints) -> IndicatorColumn:
        """The figure after so many steps, a row for each number of them."""
        rows, moved = len(steps), steps * self.step
        counted = np.full(rows, self.counted)
        numerator, denominator, value = (np.full(rows, each) for each in (self.numerator, self.denominator, self.value))
        if not self.counted:
            return IndicatorColumn(numerator, denominator, value + self.sign * moved, counted, ~counted)
        numerator, denominator = self._counts(numerator, denominator, moved)
        return IndicatorColumn(numerator, denominator, value, counted, ~counted)

    def _counts(self, numerator: Ints, denominator: Ints, moved: Ints) -> tuple[Ints, Ints]:
        """Cases that come in and are to count are dealt with; those that are not to count stay out of the numerator."""
        if not self.growth.grows:
            return numerator + self.sign * moved, denominator
        arriving = moved if self.growth.by is None else np.where(moved > 0, self.growth.by * SCALE, 0)
        return numerator + (moved if self.sign > 0 else arriving - moved), denominator + arriving

    def after(self, steps: int) -> "Reading":
        column = self.column(np.array([steps], dtype=np.int64))
        if not self.counted:
            figure = Fraction(int(column.value[0]), SCALE)
            return Reading(figure if self.counted_in == "cases" else None, None, figure)
        above, below = int(column.numerator[0]), int(column.denominator[0])
        return Reading(Fraction(above, SCALE), Fraction(below, SCALE), Fraction(100 * above, below))

    def change(self, steps: int) -> Decimal:
        """What to do, as it is counted: further cases, negative where there must be fewer."""
        falls = self.sign < 0 and not (self.counted and self.growth.grows)
        return unscaled((-steps if falls else steps) * self.step, DECIMALS)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure: its counts where it has them, of a plain count just one; what it says, in percent or its own unit."""

    numerator: Fraction | None
    denominator: Fraction | None
    figure: Fraction


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one unit: a column of one row for each indicator; `decimals`: how finely a value was printed.

    `positions`: what they are among those of other units, of one row as well, where the framework compares them.
    """

    columns: Mapping[str, IndicatorColumn]
    kinds: Mapping[str, str]
    decimals: Mapping[str, int]
    positions: Mapping[PeerKey, Positions] = field(default_factory=lambda: ALONE)


def levers_of(
    leaves: Sequence[Leaf], figures: Figures, growth: Growth, adjusting: Collection[str] = ()
) -> dict[str, list[Lever]]:
    """The levers of each indicator that the criteria read: one where it is clear which way earns points, else both.

    `adjusting`: those that adjustments of the total read as well.
    """
    readers: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.reason is None and leaf.indicator is not None:
            for code in leaf.reads:
                readers.setdefault(code, []).append(leaf)
    own = {leaf.indicator for leaf in leaves}
    found = {
        code: _levers(code, those, figures, growth, alone=code not in adjusting)
        for code, those in readers.items()
        if code in own
    }
    return {code: levers for code, levers in found.items() if levers}


def _levers(code: str, leaves: Sequence[Leaf], figures: Figures, growth: Growth, *, alone: bool) -> list[Lever]:
    rules = [leaf.rule for leaf in leaves if leaf.rule is not None]
    trends = {trend(rule) if rule.reads[:1] == (code,) and alone else None for rule in rules} - {0}
    if (
        not figures.columns[code].has_counts[0]
        and figures.kinds.get(code) != "ratio"
        and not all(map(_is_bounded, rules))
    ):
        return []
    clear = None not in trends and len(trends) <= 1 and all(leaf.rises for leaf in leaves)
    signs = [next(iter(trends), None) or 1] if clear else [1, -1]
    return [_lever(code, leaves, sign, figures, growth, proven=clear) for sign in signs]


def _lever(code: str, leaves: Sequence[Leaf], sign: int, figures: Figures, growth: Growth, *, proven: bool) -> Lever:
    column, kind = figures.columns[code], figures.kinds.get(code)
    counted = bool(column.has_counts[0])
    above, below, value = (int(each[0]) for each in (column.numerator, column.denominator, column.value))
    whole = counted or kind == "count"
    step = SCALE if whole else 10 ** (DECIMALS - min(figures.decimals.get(code, 0), DECIMALS))
    top = PERCENT if kind == "ratio" else -(-_top(leaves, figures) // step) * step
    return Lever(
        indicator=code,
        criteria=tuple(leaf.criterion.code for leaf in leaves),
        counted=counted,
        numerator=above,
        denominator=below,
        value=value,
        step=step,
        sign=sign,
        most=_most_cases(above, below, sign, growth) if counted else max(0, top - value if sign > 0 else value) // step,
        growth=growth,
        counted_in="cases" if whole else "percentage_points" if kind == "ratio" else "units",
        proven=proven,
        adds_up=all(leaf.adds_up and len(leaf.reads) == 1 for leaf in leaves),
    )


def _most_cases(above: int, below: int, sign: int, growth: Growth) -> int:
    """No more than all cases count, and no fewer than none."""
    left = below - above if sign > 0 else above
    if left <= 0:
        return 0
    if growth.by is not None:
        return growth.by
    most: int = (LARGEST - max(above, below) if growth.grows else left) // SCALE
    return most


def _is_bounded(rule: AnyRule) -> bool:
    """Whether the rule says beyond which figure nothing changes any more."""
    return isinstance(rule, Ratio | Steps | Piecewise | Deduction)


def _top(leaves: Sequence[Leaf], figures: Figures) -> int:
    """The figure beyond which no rule of theirs gives more."""
    return max([0, *(top for leaf in leaves for top in _tops(leaf, figures))])


def _tops(leaf: Leaf, figures: Figures) -> list[int]:
    rule = leaf.rule
    if isinstance(rule, Ratio) and rule.of is not None:  # a hundredth of the other figure is one percent
        hundred = int(figures.columns[rule.of].value[0])
        return [-(-scaled(edge) * hundred // PERCENT) for edge in (rule.from_, rule.full_at)]
    if isinstance(rule, Ratio):
        return [scaled(rule.from_), scaled(rule.full_at)]
    if isinstance(rule, Piecewise):
        return [scaled(knot.at) for knot in rule.points]
    return [scaled(rung.at_least) for rung in rule.steps] if isinstance(rule, Steps) else []
