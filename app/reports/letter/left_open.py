"""What a letter leaves open for a human to fill in, which its file marks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LEFT_OPEN = re.compile(r"…{2,}|(?<=/)…|(?<=[ /]) {5,6}(?=[ /])")
"""Words, or the symbol of a number; a number, a day or a month, but for the space that keeps it apart."""


class Piece(NamedTuple):
    """A piece of a line; `is_open`: it is to be filled in."""

    text: str
    is_open: bool


def pieces_of(text: str) -> Iterator[Piece]:
    """A line in its pieces, none of them empty.

    >>> [(piece.text, piece.is_open) for piece in pieces_of("Số:       /…")]
    [('Số: ', False), ('      ', True), ('/', False), ('…', True)]
    """
    end = 0
    for found in LEFT_OPEN.finditer(text):
        if end < found.start():
            yield Piece(text[end : found.start()], False)
        yield Piece(found[0], True)
        end = found.end()
    if end < len(text):
        yield Piece(text[end:], False)
