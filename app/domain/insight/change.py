"""Why a total changed: what each criterion's figures, its weight, and the coverage of figures did to it, exactly.

effect = (p₁/m₁)·w₁ − (p₀/m₀)·w₀, with w what the criterion's max is worth in the total
       = ((p₁/m₁ − p₀/m₀)·(w₀ + w₁) + (w₁ − w₀)·(p₀/m₀ + p₁/m₁)) / 2: its figures, and its weight.

Neither term depends on which of the two is thought to have changed first. Source: docs/domain.md, Ranks and changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.frameworks.framework import Adjustment, Name
from app.domain.frameworks.rules import Normalise
from app.domain.frameworks.tree import adjustment_name
from app.domain.insight.contributions import Contribution, UnitBoard, contributions
from app.domain.insight.counts_of_a_ratio import PointsOfCounts, points_of_counts
from app.domain.insight.moves_of_others import ComparedSide, points_of_ways
from app.domain.insight.ways import PointsOfWays
from app.domain.scoring.node_scores import NodeState
from app.domain.scoring.peers import Companions
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.policies import full_points

Columns = Mapping[str, IndicatorColumn]


@dataclass(frozen=True, slots=True)
class PartOfChange:
    """A criterion that counts on both sides. `figures` + `weight` is its effect on the total.

    `numerator` + `denominator` is `figures`: the shares of two counts, each the mean over both orders in which they may
    have changed; None where there are no counts on both sides. `others`: of `figures`, what the figures of other units
    did where points come by comparison, likewise; None where they do not. `saturated`: all points on both sides.
    """

    of: Contribution
    figures: Fraction
    weight: Fraction
    numerator: Fraction | None
    denominator: Fraction | None
    others: Fraction | None
    saturated: bool

    @property
    def effect(self) -> Fraction:
        return self.figures + self.weight


@dataclass(frozen=True, slots=True)
class AdjustmentChange:
    """A bonus, or a penalty with points below 0, on both sides; 0 without a figure."""

    of: Adjustment
    name: Name
    before: Fraction
    now: Fraction

    @property
    def effect(self) -> Fraction:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class TotalChange:
    """A change of a total, taken apart: Σ effects + Σ coverage + Σ adjustments + unexplained + rounding = total.

    `coverage`: criteria with a figure on one side alone, which tell of what is known and not of what was done.
    `unexplained`: of a total that a source states, what its groups do not account for; 0 of any other. `rounding`: what
    the roundings on the way to the totals make out, and `cut`, what adjustments cannot do beyond the ends of the scale.
    """

    total: Fraction
    parts: tuple[PartOfChange, ...]
    coverage: tuple[Contribution, ...]
    adjustments: tuple[AdjustmentChange, ...]
    unexplained: Fraction
    rounding: Fraction
    cut: Fraction


@dataclass(frozen=True, slots=True)
class _Shares:
    """Who did what to the points of a criterion: numerators and denominators, the unit itself and the others."""

    counts: PointsOfCounts
    units: PointsOfWays | None

    def of_others(self, each: Contribution) -> Fraction | None:
        """What the figures of other units did to the points; None where these do not hang on them, or none can tell."""
        if self.units is None or not isinstance(each.now.rule, Normalise):
            return None
        return self.units.shares(each)[1]


def total_change(
    before: UnitBoard,
    now: UnitBoard,
    columns: tuple[Columns, Columns],
    companions: tuple[Companions, Companions] | None = None,
) -> TotalChange | None:
    """The change of one unit's total under the same rules; `columns` are those that the boards were scored from.

    `companions`: who is compared on either side; None where they are not all among the columns. None where there is no
    total on both sides.
    """
    framework, earlier, later = now.board.framework, before.total, now.total
    if earlier is None or later is None:
        return None
    counted, stated = contributions(before, now), _is_stated(now) and _is_stated(before)
    sides = None if companions is None else tuple(map(ComparedSide, (before, now), columns, companions))
    shares = _Shares(points_of_counts(before, now, columns), None if sides is None else points_of_ways(*sides))
    parts = tuple(_part(each, shares, before) for each in counted if _on_both_sides(each))
    coverage = () if stated else tuple(filter(_is_coverage, counted))
    adjustments = tuple(
        AdjustmentChange(each, adjustment_name(framework, each), before.adjustment(index), now.adjustment(index))
        for index, each in enumerate(framework.total.adjustments)
    )
    known = [*(part.effect for part in parts), *(each.change for each in coverage)]
    rest = later - earlier - sum(known + [each.effect for each in adjustments], Fraction(0))
    unexplained, rounding = (rest, Fraction(0)) if stated else (Fraction(0), rest)
    return TotalChange(later - earlier, parts, coverage, adjustments, unexplained, rounding, now.cut - before.cut)


def _is_stated(unit: UnitBoard) -> bool:
    total = unit.board.ruled_total
    return bool(total.reported[unit.row] and not total.summed[unit.row])


def _on_both_sides(each: Contribution) -> bool:
    """Whether it was measured on both sides; or on none, the same policy giving it the same points twice.

    What cannot be taken apart and is made of others, the best of them, say, has to be made of figures of the same.
    """
    if each.before.measured or each.now.measured:
        return each.before.measured and each.now.measured and each.before.rests_on == each.now.rests_on
    return each.before.points is not None and each.before.points == each.now.points


def _is_coverage(each: Contribution) -> bool:
    """Whether it was measured on one side alone, even if it earned nothing there, or a policy gave it other points."""
    return not _on_both_sides(each) and (each.before.measured != each.now.measured or bool(each.change))


def _part(each: Contribution, shares: _Shares, unit: UnitBoard) -> PartOfChange:
    before, now = each.before, each.now
    weight = before.weight + now.weight
    told = *shares.counts.shares(each), shares.of_others(each)
    numerator, denominator, others = (
        None if points is None else points / (now.max or 1) * weight / 2 for points in told
    )
    return PartOfChange(
        each,
        figures=(now.share - before.share) * weight / 2,
        weight=(now.weight - before.weight) * (before.share + now.share) / 2,
        numerator=numerator,
        denominator=denominator,
        others=others,
        saturated=_saturated(each, unit),
    )


def _saturated(each: Contribution, unit: UnitBoard) -> bool:
    """Whether both figures earned all that can be had, so that neither could do more."""
    before, now = each.before, each.now
    if before.points != now.points or now.points is None or not now.max:
        return False
    places = unit.decimals(each.node)
    scored = before.state == now.state == NodeState.SCORED
    return scored and now.points * 10**places >= full_points(unit.scores(each.node).max, places)
