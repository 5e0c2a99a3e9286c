"""Bonus and penalty points: what is added to a total, and taken off it, behind all rules (docs/domain.md, Totals)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.framework import Adjustment, Framework
from app.domain.scoring.arithmetic import (
    LIMIT,
    Ints,
    LinearPoints,
    Mask,
    Quotient,
    magnitude,
    sum_of,
    wide,
)
from app.domain.scoring.node_rules import ScoringContext
from app.domain.scoring.node_scores import SCORED, NodeScores


@dataclass(frozen=True, slots=True)
class AdjustmentPoints:
    """One adjustment over a cohort; arrays have shape (units,).

    `points`, below 0 for a penalty, are scaled by 10^component and 0 where not `known`: where there is no figure.
    """

    adjustment: Adjustment
    points: Ints
    known: Mask


def adjustment_points(cohort: ScoringContext, framework: Framework) -> tuple[AdjustmentPoints, ...]:
    """What each adjustment of a framework adds or takes off, rounded like a component."""
    return tuple(_points(cohort, each) for each in framework.total.adjustments)


def _points(cohort: ScoringContext, adjustment: Adjustment) -> AdjustmentPoints:
    """± min(|points| × value / per, at_most); a penalty is rounded as the bonus of the same size is."""
    step, per, size = 10**cohort.component, scaled(adjustment.per), abs(scaled(adjustment.points))
    most = None if adjustment.at_most is None else scaled(adjustment.at_most) * step * per
    reading = cohort.column(adjustment.indicator).best
    line = LinearPoints(size * step, 0, SCALE * per, low=0, high=most)
    known = cohort.masks.shared(reading.state == SCORED)
    points = np.where(known, line.at(reading.figures).rounded(), 0)
    return AdjustmentPoints(adjustment, -points if adjustment.points < 0 else points, known)


def adjusted(
    framework: Framework, total: NodeScores, exact: Quotient, parts: Sequence[AdjustmentPoints]
) -> tuple[NodeScores, Quotient]:
    """The total with its adjustments, between 0 and its max, and the same before it is rounded."""
    bounds = sum(magnitude(each.points) for each in parts)
    change = sum_of([each.points for each in parts], bounds)
    touched = total.known & (change != 0).astype(np.bool_)
    if not touched.any():
        return total, exact
    moved = _within_scale(framework, exact.within_edges(), change, bounds)
    points = np.where(touched, moved.rounded(), total.points)
    return replace(total, points=points, bound=max(total.bound, magnitude(points))), moved.where(touched, exact)


def _within_scale(framework: Framework, exact: Quotient, change: Ints, bound: int) -> Quotient:
    """exact + change, kept between 0 and the max of the total, or what it was where a source states more than that."""
    step, component = 10**framework.rounding.total, 10**framework.rounding.component
    top = scaled(framework.total_max) * step // SCALE
    limit = max(1, exact.bound) * (component * max(1, top) + max(1, bound) * step)
    above, below = exact.numerator, exact.denominator
    if limit >= LIMIT:
        above, change, below = wide(above), wide(change), below if isinstance(below, int) else wide(below)
    above, below = above * component, below * component
    most = np.maximum(above, top * below)
    moved = above + change * (step * below // component)
    return Quotient(np.minimum(np.maximum(moved, 0), most), below, limit)
