"""The parts of an answer about what it would take: criteria, the least set of cases, figures to supply."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.answers.common import NameOut
from app.answers.score_reach import CriterionReach, FigureMove, FigureToSupply, LeastCases, NextStep
from app.domain.figures import DECIMALS, plain, unscaled
from app.domain.frameworks.framework import Framework, Name
from app.domain.frameworks.rules import Steps
from app.domain.insight.actionable import Leaf
from app.domain.insight.levers import Lever
from app.domain.insight.reach import LeafReach, UnitReach
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.board import Board


def points_out(units: int, decimals: int) -> Decimal:
    return unscaled(units, decimals)


def criteria_out(board: Board, row: int, found: UnitReach, *, reached: bool) -> list[CriterionReach]:
    return [_criterion(board, row, each, reached=reached) for each in found.leaves]


def _criterion(board: Board, row: int, found: LeafReach, *, reached: bool) -> CriterionReach:
    code, rounding = found.leaf.criterion.code, board.framework.rounding
    node, alone = board.nodes[code], found.alone
    steps = 0 if reached else None if alone is None else alone.steps
    return {
        "criterion": code,
        "name": _name(found.leaf.criterion.name),
        "points": points_out(int(node.points[row]), rounding.component) if node.known[row] else None,
        "max": plain(node.max),
        "gain_possible": points_out(alone.gain if alone else 0, rounding.total),
        "feasible": found.lever is not None and steps is not None,
        "least": alone is not None and alone.exact,
        "next": _next(found),
        "not_actionable": found.reason,
        **_move(found.leaf.indicator, found.lever, steps),
    }


def _name(name: Name) -> NameOut:
    return {"vi": name.vi, "en": name.en}


def _move(indicator: str | None, lever: Lever | None, steps: int | None) -> FigureMove:
    before, after = lever and lever.after(0), lever and steps is not None and lever.after(steps)
    return {
        "indicator": indicator,
        "figure": _figure(before.figure) if before else None,
        "needed": _figure(after.figure) if after else None,
        "numerator_from": _figure(before.numerator) if before else None,
        "numerator_to": _figure(after.numerator) if after else None,
        "denominator_from": _figure(before.denominator) if before else None,
        "denominator_to": _figure(after.denominator) if after else None,
        "more": plain(lever.change(steps)) if lever and steps is not None else None,
        "counted_in": lever.counted_in if lever else None,
    }


def _figure(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else unscaled(round_half_up(exact * 10**DECIMALS), DECIMALS)


def _next(found: LeafReach) -> NextStep | None:
    """The next threshold at which the points change, upwards or, where less is better, downwards."""
    rule, lever = found.leaf.rule, found.lever
    if not isinstance(rule, Steps) or lever is None:
        return None
    figure = lever.after(0).figure
    ladder = sorted(rule.steps, key=lambda rung: rung.at_least)
    above = [rung for rung in ladder if rung.at_least > figure]
    below = [rung for rung in ladder if rung.at_least <= figure]
    if lever.sign > 0:
        return (
            {"at_least": plain(above[0].at_least), "below": None, "points": plain(above[0].points)} if above else None
        )
    if not below:
        return None
    points = below[-2].points if len(below) > 1 else rule.otherwise
    return {"at_least": None, "below": plain(below[-1].at_least), "points": plain(points)}


def least_out(found: UnitReach, decimals: int, *, reached: bool, total: int) -> LeastCases | None:
    if reached:
        return {"cases": 0, "exact": True, "method": "exact", "total": points_out(total, decimals), "steps": []}
    if found.least is None or found.total is None:
        return None
    return {
        "cases": sum(each.steps for each in found.steps),
        "exact": found.least.method == "exact",
        "method": found.least.method,
        "total": points_out(found.total, decimals),
        "steps": [
            {
                "criteria": [leaf.criterion.code for leaf in each.leaves],
                **_move(each.lever.indicator, each.lever, each.steps),
            }
            for each in found.steps
        ],
    }


def supply_out(framework: Framework, absent: Sequence[Leaf]) -> list[FigureToSupply]:
    return [
        {
            "criterion": leaf.criterion.code,
            "name": _name(leaf.criterion.name),
            "indicator": leaf.indicator,
            "max": plain(framework.max_of(leaf.criterion)),
        }
        for leaf in absent
    ]
