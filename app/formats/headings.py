"""The rows at the head of a table: how many stand above it, and how several of them name its columns together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class HeadingRows:
    """How many rows are left out above the header, and of how many rows it is.

    `labels`: what is merged over several columns of a row below is a label in the first of them.
    """

    skipped: int = 0
    count: int = 1
    labels: bool = False


ONE_HEADING = HeadingRows()


def joined_headings(rows: Sequence[Sequence[str]]) -> list[str]:
    """The name of each column, from the uppermost row down; a heading above several columns is one of each of them.

    >>> joined_headings([["Đơn vị", "Đúng hạn", ""], ["", "Số", "Tỷ lệ"]])
    ['Đơn vị', 'Đúng hạn Số', 'Đúng hạn Tỷ lệ']
    """
    return [" ".join(filter(None, parts)) for parts in heading_parts(rows)]


def heading_parts(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The texts above each column, a row each, from the uppermost one down."""
    above = [""] * len(rows)
    for column in zip_longest(*rows, fillvalue=""):
        spread = (any(column[row + 1 :]) for row in range(len(rows)))
        cells = zip(column, above, spread, strict=True)
        above = [cell or (before if has_below else "") for cell, before, has_below in cells]
        yield above
