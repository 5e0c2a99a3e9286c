"""Points as sources report them: against their maxima, against what components earn, and the total against its groups.

Reported points lose trailing zeros on their way (20 beside 11.8 is 20.0), so the finest decimal among the groups of a
source counts for all of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from app.domain.checks.stored.figures import (
    ZERO,
    Amount,
    CheckContext,
    ReportedGroup,
    StoredFigure,
    UnitFigures,
    half_unit,
    rounded,
    stated_amount,
)
from app.domain.checks.stored.finding import OUT_OF_REACH, Finding
from app.domain.figures import DECIMALS, SCALE, unscaled
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.reported_codes import ReportedCodes
from app.domain.frameworks.rules import AnyRule, Reported
from app.domain.frameworks.tree import compares_units, nodes_of
from app.domain.scoring.arithmetic import Ints
from app.domain.scoring.board import Board
from app.domain.scoring.node_scores import NodeScores
from app.domain.scoring.points import PERCENT, IndicatorColumn
from app.domain.scoring.score import score
from app.domain.vocabulary import Level

VARIANTS = (0, -1, 1)
"""Rates as stated, and the least and the most that rounding may have left so."""


def reported_groups(framework: Framework, codes: ReportedCodes) -> tuple[ReportedGroup, ...]:
    """Where the points of each top criterion are reported: by its rules, else under the usual code."""
    found = ((top, _reported(framework, top.rules, codes.of_group(top.code))) for top in framework.criteria)
    return tuple(
        ReportedGroup(top.code, code, Fraction(framework.max_of(top))) for top, code in found if code is not None
    )


def reported_total(framework: Framework, codes: ReportedCodes) -> ReportedGroup | None:
    """Where the total is reported, likewise; None where the framework names no such indicator."""
    indicator = _reported(framework, framework.total.rules, codes.total)
    return None if indicator is None else ReportedGroup(None, indicator, Fraction(framework.total_max))


def most_points(framework: Framework, codes: ReportedCodes) -> dict[str, Fraction]:
    """The most points that there can be under every indicator by which those of a criterion or the total are reported.

    Where several criteria take one, as those of other levels may, the largest.
    """
    total = reported_total(framework, codes)
    usual = [*reported_groups(framework, codes), *([total] if total else ())]
    found = [(each.indicator, each.max) for each in usual]
    found += _taken(framework.total.rules, framework.total_max)
    for node in nodes_of(framework):
        found += _taken(node.rules, framework.max_of(node))
    return dict(sorted(found))


def _taken(rules: Sequence[AnyRule], most: Decimal) -> list[tuple[str, Fraction]]:
    """The indicators that rules take points from, with the most that there can be."""
    return [(rule.indicator, Fraction(most)) for rule in rules if isinstance(rule, Reported)]


def _reported(framework: Framework, rules: Sequence[AnyRule], usual: str) -> str | None:
    """The indicator that the rules take points from, else the usual one where the framework describes it."""
    named = next((rule.indicator for rule in rules if isinstance(rule, Reported)), None)
    described = any(each.code == usual for each in framework.indicators)
    return named or (usual if described else None)


def earned(
    framework: Framework, level: Level, columns: Mapping[str, IndicatorColumn], decimals: Mapping[str, Ints], size: int
) -> list[dict[str, Amount]]:
    """What the figures of each unit earn in the groups that rest on its figures alone and miss none.

    `decimals` are those of the stated rates, arrays of shape (units,): other figures are exact. The slack says how far
    the points may lie from these because a rate without counts was rounded, the rounding of the points themselves
    included.
    """
    boards = _variants(framework, level, columns, decimals, size)
    tops = [top.code for top in framework.criteria if not compares_units(top)]
    component = framework.rounding.component
    return [
        {
            code: _amount([board.nodes[code] for board in boards], component, unit)
            for code in tops
            if _is_computed(boards[0], code, unit)
        }
        for unit in range(size)
    ]


def earned_total(
    framework: Framework,
    level: Level,
    columns: Mapping[str, IndicatorColumn],
    decimals: Mapping[str, Ints],
    size: int,
    codes: ReportedCodes,
) -> list[Amount | None]:
    """The total that the figures of each unit earn, like `earned`; None where a group does not rest on them alone."""
    if compares_units(framework):
        return [None] * size
    total = reported_total(framework, codes)
    stated = {each.indicator for each in (*reported_groups(framework, codes), *([total] if total else ()))}
    own = {code: column for code, column in columns.items() if code not in stated}
    boards = _variants(framework, level, own, decimals, size)
    places = framework.rounding.total
    return [
        _amount([board.ruled_total for board in boards], places, unit) if _is_whole(boards[0], unit) else None
        for unit in range(size)
    ]


def _variants(
    framework: Framework, level: Level, columns: Mapping[str, IndicatorColumn], decimals: Mapping[str, Ints], size: int
) -> list[Board]:
    """The board of the rates as stated, then with all of them at either end of their rounding."""
    rates = decimals.keys() & columns.keys()
    moved = ({code: _moved(columns[code], decimals[code], step) for code in rates} for step in VARIANTS)
    return [score(framework, level, {**columns, **each}, size) for each in moved]


def _moved(column: IndicatorColumn, decimals: Ints, step: int) -> IndicatorColumn:
    """The rates at one end of their rounding, between 0 and 100%; counts are exact and stay."""
    half = np.where(decimals < DECIMALS, 5 * 10 ** (DECIMALS - 1 - np.minimum(decimals, DECIMALS - 1)), 0)
    value = np.clip(column.value + step * half, 0, PERCENT) if step else column.value
    return IndicatorColumn(column.numerator, column.denominator, value, column.has_counts, column.has_value)


def _is_computed(board: Board, code: str, unit: int) -> bool:
    node = board.nodes[code]
    sound = node.known[unit] and node.complete[unit] and not node.excluded[unit]
    return bool(sound and node.computed[unit] and not node.reported[unit])


def _is_whole(board: Board, unit: int) -> bool:
    """Whether the total rests on figures alone and misses none."""
    codes = [top.code for top in board.framework.criteria]
    sound = all(_is_computed(board, code, unit) or board.nodes[code].excluded[unit] for code in codes)
    return bool(sound and board.total.known[unit])


def _amount(nodes: Sequence[NodeScores], decimals: int, unit: int) -> Amount:
    points = [Fraction(int(node.points[unit]), 10**decimals) for node in nodes]
    return Amount(points[0], max(abs(each - points[0]) for each in points), decimals)


def points_exceed_max(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """Reported points lie between 0 and the most that their criterion, or the total, can earn."""
    for indicator, most in terms.most_points.items():
        for source, figure in unit.figures.get(indicator, {}).items():
            stated = stated_amount(figure)
            if stated is not None and not 0 <= stated.value <= most:
                expected = unscaled(int(most * SCALE), DECIMALS)
                yield unit.found("points_exceed_max", (indicator, source), stated.shown, expected)


def points_differ(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """Reported points of a group are what its components earn, within what rounding accounts for."""
    for group in terms.groups:
        computed = unit.earned.get(group.code or "")
        for source, figure in unit.figures.get(group.indicator, {}).items():
            stated = stated_amount(figure)
            if computed is None or stated is None:
                continue
            if abs(stated.value - computed.value) > rounding(unit, terms.groups, source, stated, computed):
                place = group.indicator, source
                yield unit.found("points_differ", place, stated.shown, computed.shown, framework=terms.framework)


def _stated(unit: UnitFigures, group: ReportedGroup, source: str) -> Amount | None:
    return stated_amount(unit.figures.get(group.indicator, {}).get(source, StoredFigure()))


def rounding(
    unit: UnitFigures, groups: Sequence[ReportedGroup], source: str, stated: Amount, computed: Amount
) -> Fraction:
    """How far rounding alone may part points that a source reports from those that are computed.

    Half a unit of the last decimal, the finest that the source prints in these points and among `groups`, and what the
    rounding of rates leaves open.
    """
    return half_unit(max(stated.decimals, _finest(unit, groups, source))) + computed.slack


def _finest(unit: UnitFigures, groups: Iterable[ReportedGroup], source: str) -> int:
    """The finest decimal among the groups that a source reports."""
    stated = (_stated(unit, group, source) for group in groups)
    return max((amount.decimals for amount in stated if amount is not None), default=0)


class GroupSumRange(NamedTuple):
    """Σ groups: the least and the most it can be, groups without points holding 0 to their max, and the rounding."""

    low: Fraction
    high: Fraction
    tolerance: Fraction
    decimals: int


def reported_total_differs(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A reported total is Σ groups within n × half a unit: those its source reports, else those that are computed."""
    if terms.total is None:
        return
    for source, figure in unit.figures.get(terms.total.indicator, {}).items():
        total, groups = stated_amount(figure), _sum(unit, terms, source)
        if total is None or groups is None:
            continue
        coarser = total.slack if total.decimals < groups.decimals else ZERO
        tolerance = groups.tolerance + coarser
        if groups.low - tolerance <= total.value <= groups.high + tolerance:
            continue
        nearest = groups.low if total.value < groups.low else groups.high
        context = {"tolerance": _shortest(tolerance)}
        text = None if groups.low == groups.high else OUT_OF_REACH
        expected = rounded(nearest, groups.decimals)
        place = unit.code, terms.total.indicator, source
        yield Finding("reported_total_differs", *place, total.shown, expected, context, text)


def _sum(unit: UnitFigures, terms: CheckContext, source: str) -> GroupSumRange | None:
    """None where no group has points."""
    printed = _finest(unit, terms.groups, source)
    low = high = tolerance = ZERO
    decimals = -1
    for group in terms.groups:
        stated, computed = _stated(unit, group, source), unit.earned.get(group.code or "")
        points = stated or computed
        if points is None:
            high += group.max
            continue
        low, high = low + points.value, high + points.value
        places = printed if stated else points.decimals
        tolerance += half_unit(places) + (ZERO if stated else points.slack)
        decimals = max(decimals, places)
    return None if decimals < 0 else GroupSumRange(low, high, tolerance, decimals)


def _shortest(exact: Fraction) -> Decimal:
    """A tolerance without trailing zeros, at most four decimals."""
    return unscaled(int(exact * SCALE), DECIMALS)
