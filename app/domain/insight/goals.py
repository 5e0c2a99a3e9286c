"""What is to be reached: a class, a total or a rank, asked of a board whose rows are what one unit might be."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Protocol

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.framework import Framework
from app.domain.scoring.arithmetic import Mask
from app.domain.scoring.board import Board
from app.domain.scoring.ranking import Standing, exact_total, rank_and_classify


class Goal(Protocol):
    """What is to be reached. `points`: the rounded total that suffices, in units of its last decimal; None: any."""

    @property
    def points(self) -> int | None: ...

    def reached(self, board: Board) -> Mask:
        """The rows that reach it."""
        ...


@dataclass(frozen=True, slots=True)
class TotalGoal:
    points: int

    def reached(self, board: Board) -> Mask:
        enough: Mask = board.total.known & (board.total.points >= self.points)
        return enough


def total_goal(framework: Framework, total: Fraction) -> TotalGoal:
    """The rounded total itself is compared, so that 89.995 is reached where it rounds to 90.00."""
    return TotalGoal(ceil(total * 10**framework.rounding.total))


@dataclass(frozen=True, slots=True)
class BandGoal:
    """A class or a better one; `places` are the positions of these in the framework's bands."""

    points: int
    places: tuple[int, ...]

    def reached(self, board: Board) -> Mask:
        rows = [str(row) for row in range(board.size)]
        found: Mask = np.isin(rank_and_classify(board, rows, rows).band, self.places)
        return found


def band_goal(framework: Framework, code: str) -> BandGoal:
    least = next(band.min for band in framework.bands if band.code == code)
    places = tuple(place for place, band in enumerate(framework.bands) if band.min >= least)
    return BandGoal(-(-scaled(least) * 10**framework.rounding.total // SCALE), places)


@dataclass(frozen=True, slots=True)
class RankGoal:
    """A place among others whose totals stand: their total `key` is to be equalled, or passed where it is `strict`.

    `key` is in units of the total's last decimal; None where nobody stands in the way. `exact`: totals before rounding
    are compared.
    """

    key: Fraction | None
    strict: bool
    exact: bool

    @property
    def points(self) -> int | None:
        if self.key is None:
            return None
        return floor(self.key) + 1 if self.strict else ceil(self.key)

    def reached(self, board: Board) -> Mask:
        known, key = board.total.known, self.key
        if key is None:
            return known
        if not self.exact:
            enough: Mask = known & (board.total.points >= self.points)
            return enough
        totals = (exact_total(board, row) for row in range(board.size))
        above = np.array([total > key if self.strict else total >= key for total in totals], dtype=np.bool_)
        return known & above


def rank_goal(standing: Standing, row: int, names: Sequence[str], rank: int) -> RankGoal:
    """The place `rank` for the unit of a row, by the framework's own way with ties; `names` row by row."""
    board, ranking = standing.board, standing.board.framework.ranking
    exact = ranking.basis == "exact"
    rows = [each for each in np.flatnonzero(standing.ranked).tolist() if each != row]
    totals = {each: exact_total(board, each) if exact else Fraction(int(board.total.points[each])) for each in rows}
    order = sorted(rows, key=lambda each: (-totals[each], names[each], standing.codes[each]))
    if ranking.ties == "dense":
        order = [each for place, each in enumerate(order) if not place or totals[each] != totals[order[place - 1]]]
    if rank > len(order):
        return RankGoal(None, strict=False, exact=exact)
    other = order[rank - 1]
    behind = (names[row], standing.codes[row]) > (names[other], standing.codes[other])
    return RankGoal(totals[other], strict=ranking.ties == "ordinal" and behind, exact=exact)
