"""What a total lacks, by name: the criteria that wait for a figure, or the group above them where it has none."""

from collections.abc import Iterator, Sequence

from app.domain.frameworks.framework import Criterion, Framework, Name
from app.domain.scoring.board import Board
from app.domain.scoring.sentences import name_in
from app.errors import Language, Text

MOST_NAMED = 3
_AND = Text(" and ", " và ")
_MORE = Text("{names} and {count} more", "{names} và {count} tiêu chí khác")


def absent_below(board: Board, node: Framework | Criterion, unit: int) -> Iterator[Name]:
    """Names of what lacks a figure below a node, in the order of the framework; n of 0 is a figure."""
    for child in node.criteria:
        scored = board.nodes[child.code]
        if not scored.max or scored.covered[unit]:
            continue
        if _has_figure(board, child, unit):
            yield from absent_below(board, child, unit)
        else:
            yield child.name


def _has_figure(board: Board, node: Criterion, unit: int) -> bool:
    """Whether anything is known of a node, by a figure of its own or below it."""
    scored = board.nodes[node.code]
    if scored.covered[unit] or not node.criteria:
        return bool(scored.covered[unit] and scored.asked[unit])
    return any(_has_figure(board, child, unit) for child in node.criteria)


def say_names(names: Sequence[Name], language: Language) -> str:
    """The first few of them, and how many more there are.

    >>> say_names([Name(vi=code) for code in "ABCDE"], "vi"), say_names([Name(vi="A"), Name(vi="B")], "en")
    ('A, B, C và 2 tiêu chí khác', 'A and B')
    """
    told = [name_in(name, language) for name in names]
    if len(told) > MOST_NAMED:
        return _MORE.render(language, {"names": ", ".join(told[:MOST_NAMED]), "count": len(told) - MOST_NAMED})
    return _AND.render(language, {}).join(part for part in (", ".join(told[:-1]), *told[-1:]) if part)
