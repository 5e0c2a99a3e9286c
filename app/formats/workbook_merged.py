"""Which cells of a table belong to merged ones; what lies outside the table costs nothing, however large it is.

Runs in the child process of `workbook`: standard library only.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from app.formats.office_archive import OfficeRefused

MOST_RANGES = 10_000
MOST_CELLS = 100_000
"""Merged cells of a table that are named; each is to be mended by hand, so nobody needs more."""


class CellRange(NamedTuple):
    """Merged cells by their corners; rows count from 1, columns from 0."""

    first: int
    left: int
    last: int
    right: int


def merged_cells(
    ranges: Sequence[CellRange], rows: Sequence[int], width: int
) -> dict[int, list[tuple[int, CellRange]]]:
    """By row, the columns of a table that lie in a range; `rows` are those that hold something, in their order.

    Refused where ranges overlap, which no program writes, or hold more cells of the table than may be named.
    """
    _refuse_overlaps(ranges)
    found: dict[int, list[tuple[int, CellRange]]] = {}
    left = MOST_CELLS
    for each in ranges:
        inside = rows[bisect_left(rows, each.first) : bisect_right(rows, each.last)]
        columns = range(each.left, min(each.right + 1, width))
        left -= len(inside) * len(columns)
        if left < 0:
            raise OfficeRefused("too_large", what="merged", found=MOST_CELLS - left, limit=MOST_CELLS)
        for row in inside if columns else ():
            found.setdefault(row, []).extend((column, each) for column in columns)
    return found


def _refuse_overlaps(ranges: Iterable[CellRange]) -> None:
    """From above to below: of the ranges that reach into a row only the neighbours of a new one can touch it."""
    reaching: list[tuple[int, int, CellRange]] = []
    ends: list[tuple[int, int]] = []
    for each in sorted(ranges):
        while ends and ends[0][0] < each.first:
            del reaching[bisect_left(reaching, (heappop(ends)[1],))]
        for other in _neighbours(reaching, each):
            raise OfficeRefused("cells_merged_twice", one=corners(other), other=corners(each))
        insort(reaching, (each.left, each.right, each))
        heappush(ends, (each.last, each.left))


def _neighbours(reaching: Sequence[tuple[int, int, CellRange]], each: CellRange) -> Iterator[CellRange]:
    place = bisect_left(reaching, (each.left,))
    for left, right, other in reaching[max(place - 1, 0) : place + 1]:
        if left <= each.right and right >= each.left:
            yield other


def corners(each: CellRange) -> str:
    """
    >>> corners(CellRange(2, 0, 3, 27))
    'A2:AB3'
    """
    return f"{column_letters(each.left)}{each.first}:{column_letters(each.right)}{each.last}"


def column_letters(number: int) -> str:
    """The letters over a column, which is counted from 0.

    >>> column_letters(0), column_letters(16383)
    ('A', 'XFD')
    """
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
