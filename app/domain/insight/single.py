"""What each lever alone can do: how much it brings, and how little of it reaches the goal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.insight.levers import Lever
from app.domain.insight.variants import Variants, least_passing
from app.domain.scoring.arithmetic import Ints
from app.domain.scoring.board import Board

GRID = 16_384
"""How many steps of all levers together are tried where more of a figure may earn less."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A lever by itself. `gain`: what it can bring to the total, in units of its last decimal.

    `own_gain`: to the criteria that read it, which may help the total where others move as well: where the worst of
    several counts, say, or little is rounded away. `best`: the step that brings most. `steps`: the least that reaches
    the goal, None where none does; `exact`: none of fewer steps does, for certain.
    """

    gain: int
    own_gain: int
    best: int
    steps: int | None
    exact: bool


def reaches(variants: Variants) -> list[Reach]:
    """Each lever by itself, in the order of the levers, for a unit that has not reached the goal."""
    levers = variants.levers
    grids = [_grid(lever.most, proven=lever.proven, share=GRID // len(levers)) for lever in levers]
    owner = np.repeat(np.arange(len(levers)), [len(grid) for grid in grids])
    tried = np.concatenate(grids) if grids else np.zeros(0, dtype=np.int64)
    board = variants.alone(owner, tried)
    passed, now = variants.reached(board), variants.now()
    found: list[tuple[int, int, int]] = []
    low, high = (np.zeros(len(levers), dtype=np.int64) for _ in range(2))
    for place, (lever, grid) in enumerate(zip(levers, grids, strict=True)):
        mine = np.flatnonzero(owner == place)
        good = np.flatnonzero(passed[mine])
        if good.size:
            high[place] = grid[good[0]]
            low[place] = grid[good[0] - 1] if good[0] else 0
        found.append(_most(_gains(board, now, mine, lever), grid.tolist()))
    steps = least_passing(low, high, lambda who, step: variants.reached(variants.alone(who, step)))
    return [
        Reach(*most, int(step) or None, lever.proven or lever.most <= GRID // len(levers))
        for lever, most, step in zip(levers, found, steps, strict=True)
    ]


def _gains(board: Board, now: Board, rows: Ints, lever: Lever) -> list[tuple[int, int]]:
    """What each row brings the total, and the criteria that read the lever."""
    total = board.total.points[rows] - now.total.points[0]
    own = sum(board.nodes[code].points[rows] - now.nodes[code].points[0] for code in lever.criteria)
    return list(zip(total.tolist(), np.asarray(own).tolist(), strict=True))


def _most(gains: Sequence[tuple[int, int]], steps: Sequence[int]) -> tuple[int, int, int]:
    """The greatest gains of both kinds, and the first step that brings them; 0 each where nothing brings any."""
    (total, own), step = max(zip(gains, steps, strict=True), key=lambda each: each[0], default=((0, 0), 0))
    return (max(0, total), max(0, own), step) if max(total, own) > 0 else (0, 0, 0)


def one_a_figure(variants: Variants, reaches: Sequence[Reach]) -> list[int]:
    """The positions of the levers with one for each figure: where it can rise or fall, the way that reaches more."""
    best: dict[str, int] = {}
    for place, lever in enumerate(variants.levers):
        other = best.get(lever.indicator)
        if other is None or _merit(reaches[place]) > _merit(reaches[other]):
            best[lever.indicator] = place
    return sorted(best.values())


def _merit(reach: Reach) -> tuple[bool, int, int, int]:
    return reach.steps is not None, -(reach.steps or 0), reach.gain, reach.own_gain


def _grid(most: int, *, proven: bool, share: int) -> Ints:
    """Steps to try, rising: the last where it brings most for certain, else all of them, else some evenly apart."""
    if proven or not most:
        return np.array([most] if most else [], dtype=np.int64)
    count = min(most, max(1, share))
    return np.array([most * part // count for part in range(1, count + 1)], dtype=np.int64)
