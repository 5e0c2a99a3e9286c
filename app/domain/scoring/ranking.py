"""Classes and ranks within a cohort, read from the totals of a board.

Sources: docs/domain.md, Classes; docs/domain.md, Ranks and changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.framework import Band
from app.domain.scoring.arithmetic import Ints, Mask, half_up
from app.domain.scoring.board import Board
from app.domain.scoring.node_scores import Codes
from app.domain.scoring.requirements import unmet

UNRANKED = 0
NOTHING_UNMET: Mapping[int, Mask] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of every unit of a board; arrays have shape (units,).

    `codes`: the unit of each row. `rank` from 1 and `tied`, the units on that rank, are 0 where a unit is not
    `ranked`. `band`: position in the framework's bands, −1 for a unit without a class. `reached`: that of its total
    alone, which is higher where the class requires points that the unit has not.
    """

    board: Board
    codes: tuple[str, ...]
    ranked: Mask
    rank: Ints
    tied: Ints
    band: Codes
    reached: Codes

    @property
    def limited(self) -> Mask:
        """Units in a lower class than that of their total."""
        return np.asarray(self.band != self.reached, dtype=np.bool_)


def rank_and_classify(board: Board, codes: Sequence[str], names: Sequence[str], ended: Mask | None = None) -> Standing:
    """Class and rank the units of a board, whose codes and names are given row by row; not those that have `ended`."""
    ranking, total = board.framework.ranking, board.total
    ranked = total.known & ~board.short
    if ranking.incomplete == "unranked":
        ranked = ranked & ~board.incomplete
    if ended is not None:
        ranked = ranked & ~ended
    rows = np.flatnonzero(ranked).tolist()
    keys = _exact_keys(board, rows) if ranking.basis == "exact" else total.points[rows].tolist()
    if ranking.ties == "ordinal":
        places = ordinal_ranks(keys, [(names[row], codes[row]) for row in rows])
    else:
        places = competition_ranks(keys, dense=ranking.ties == "dense")
    rank, tied = np.zeros((2, board.size), dtype=np.int64)
    rank[rows], tied[rows] = places
    bands, decimals, lacking = board.framework.bands, board.framework.rounding.total, unmet(board)
    reached = np.where(ranked, classify(bands, total.points, decimals), np.int8(-1))
    band = np.where(ranked, classify(bands, total.points, decimals, lacking), np.int8(-1)) if lacking else reached
    return Standing(board, tuple(codes), ranked, rank, tied, band, reached)


def competition_ranks(keys: Sequence[int | Fraction], *, dense: bool = False) -> tuple[list[int], list[int]]:
    """Ranks, best first, and how many share each: equal keys share a rank, the next rank is skipped unless `dense`.

    >>> competition_ranks([9000, 9500, 9000, 8500])
    ([2, 1, 2, 4], [2, 1, 2, 1])
    >>> competition_ranks([9000, 9500, 9000, 8500], dense=True)
    ([2, 1, 2, 3], [2, 1, 2, 1])
    """
    count: dict[int | Fraction, int] = {}
    for key in sorted(keys, reverse=True):
        count[key] = count.get(key, 0) + 1
    place, above = {}, 0
    for key, sharing in count.items():
        place[key] = above + 1
        above += 1 if dense else sharing
    return [place[key] for key in keys], [count[key] for key in keys]


def ordinal_ranks(keys: Sequence[int | Fraction], names: Sequence[tuple[str, str]]) -> tuple[list[int], list[int]]:
    """Ranks without ties: equal keys follow each other by the code points of the name, then by the unit's code.

    >>> ordinal_ranks([9000, 9000, 9500], [("Yên Sơn", "H60.2"), ("Hàm Yên", "H60.1"), ("Na Hang", "H60.3")])
    ([3, 2, 1], [1, 1, 1])
    """
    order = sorted(range(len(keys)), key=lambda row: (-keys[row], names[row]))
    place = {row: position for position, row in enumerate(order, start=1)}
    return [place[row] for row in range(len(keys))], [1] * len(keys)


def _exact_keys(board: Board, rows: Sequence[int]) -> list[int | Fraction]:
    """The totals before rounding; whole numbers where all have one denominator."""
    if isinstance(board.exact.denominator, int):
        return [int(board.exact.numerator[row]) for row in rows]
    return [exact_total(board, row) for row in rows]


def exact_total(board: Board, row: int) -> Fraction:
    """The total of a row before rounding, in units of its last decimal; it means something where the total is known."""
    below = board.exact.denominator
    return Fraction(int(board.exact.numerator[row]), below if isinstance(below, int) else int(below[row]))


def classify(bands: Sequence[Band], points: Ints, decimals: int, unmet: Mapping[int, Mask] = NOTHING_UNMET) -> Codes:
    """The position of each total's band: the one with the highest `min` that it reaches, −1 below all of them.

    `points` are scaled by 10^decimals: 89.995 has been rounded to 90.00 before it comes here. `unmet`: by position, the
    units that miss what a band requires, and so fall to the next lower one.
    """
    band = np.full(points.shape, -1, dtype=np.int8)
    for position, one in sorted(enumerate(bands), key=lambda pair: pair[1].min):
        least = -(-scaled(one.min) * 10**decimals // SCALE)
        reached = (points >= least).astype(np.bool_)
        band = np.where(reached & ~unmet[position] if position in unmet else reached, np.int8(position), band)
    return band


def mean(standing: Standing) -> int | None:
    """The mean total of the ranked units, half up, scaled like the totals; None where nobody is ranked."""
    points = standing.board.total.points[standing.ranked]
    if not points.size:
        return None
    whole = np.array([sum(int(one) for one in points)], dtype=object)
    return int(half_up(whole, int(points.size))[0])


def band_counts(standing: Standing) -> list[int]:
    """How many units stand in each of the framework's bands, in its order, empty bands included."""
    return [int((standing.band == position).sum()) for position in range(len(standing.board.framework.bands))]
