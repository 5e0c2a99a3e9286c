"""Units whose figures are to change: what it takes them, and the figures written anew as somebody would import them."""

from collections.abc import Mapping

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Framework
from app.domain.insight.goals import Goal
from app.domain.insight.levers import Figures, Growth, Lever
from app.domain.insight.reach import UnitReach, reach
from app.domain.scoring.score import score
from tests.support.cohorts import Cell, columns_of, scored

Cells = Mapping[str, Cell]
STANDS, GROWS = Growth(), Growth(grows=True)


def takes(
    framework: Framework, cells: Cells, goal: Goal, growth: Growth = STANDS, kinds: Mapping[str, str] | None = None
) -> UnitReach:
    """What it takes one unit with these figures; indicators are ratios unless `kinds` say otherwise."""
    table = {code: [cell] for code, cell in cells.items()}
    decimals = {code: len(cell.partition(".")[2]) for code, cell in cells.items() if cell is not None}
    figures = Figures(columns_of(table), dict.fromkeys(cells, "ratio") | dict(kinds or {}), decimals)
    return reach(framework, scored(framework, table), 0, figures, goal, growth)


def written(lever: Lever, steps: int) -> str:
    """The figure after so many steps as somebody would write it."""
    after = lever.after(steps)
    if after.numerator is None or after.denominator is None:
        return f"{unscaled(int(after.figure * 10**4), 4):f}"
    return "/".join(f"{unscaled(int(count * 10**4), 4):f}" for count in (after.numerator, after.denominator))


def reached(framework: Framework, cells: Cells, goal: Goal) -> bool:
    board = score(framework, "commune", columns_of({code: [cell] for code, cell in cells.items()}), 1)
    return bool(goal.reached(board)[0])
