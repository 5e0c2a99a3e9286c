"""Whose doing a new place is: the unit's own, whose total changed, or that of the others."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from app.domain.scoring.board import Board
from app.domain.scoring.ranking import Standing, competition_ranks, exact_total, ordinal_ranks


def rank_of_old_total(now: Standing, row: int, before: Standing, before_row: int, names: Sequence[str]) -> int:
    """The place that a ranked unit would have today with the total it had before, by the framework's own ties.

    From there to its place today it moved itself; from its place before to there the others moved it.
    """
    board, rows = now.board, np.flatnonzero(now.ranked).tolist()
    ranking, place = board.framework.ranking, rows.index(row)
    key = exact_total if ranking.basis == "exact" else _rounded
    keys = [key(board, each) for each in rows]
    keys[place] = key(before.board, before_row)
    if ranking.ties == "ordinal":
        return ordinal_ranks(keys, [(names[each], now.codes[each]) for each in rows])[0][place]
    return competition_ranks(keys, dense=ranking.ties == "dense")[0][place]


def _rounded(board: Board, row: int) -> int | Fraction:
    return int(board.total.points[row])
