"""How far a unit is from its neighbours and from the edges of its class, in points."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from app.domain.figures import plain
from app.domain.frameworks.framework import Band
from app.domain.scoring.ranking import Standing

Distances = dict[int, int | None]
"""By row of a board; scaled like its totals."""


def rank_margins(standing: Standing) -> tuple[Distances, Distances]:
    """Of every ranked row the points to the next better place, and to the next worse one; None at either end."""
    points: dict[int, int] = {}
    rows = [row for row, ranked in enumerate(standing.ranked.tolist()) if ranked]
    rank, totals = standing.rank.tolist(), standing.board.total.points.tolist()
    for row in rows:
        points[rank[row]] = totals[row]
    places = sorted(points)
    better = {place: next_better for next_better, place in pairwise(places)}
    worse = dict(pairwise(places))
    above = {row: points[better[rank[row]]] - totals[row] if rank[row] in better else None for row in rows}
    below = {row: totals[row] - points[worse[rank[row]]] if rank[row] in worse else None for row in rows}
    return above, below


def class_margins(bands: Sequence[Band], band: int, total: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The points to the next class above, and those above the least of its own where a class is below.

    None are lacking to a class that is out of reach for what it requires in single criteria alone.

    `band`: position of the class that the total has, −1 for none.
    """
    if band < 0:
        return None, None
    own = bands[band].min
    higher = [each.min for each in bands if each.min > own]
    lower = any(each.min < own for each in bands)
    return plain(max(min(higher) - total, Decimal(0))) if higher else None, plain(total - own) if lower else None
