"""The order of a board: its items with the keys that they are sorted by, and that cursors are made of."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from app.answers.scores import ScoreItem
from app.domain.vietnamese import sort_key as vietnamese_order
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison, items

BEYOND = 9
"""Decimals behind those of a total that tell exact totals apart in a cursor."""

Sort = Literal["rank", "code", "name", "total", "change", "-rank", "-code", "-name", "-total", "-change"]
SortKey = list[int | str | list[int]]
SortedItem = tuple[SortKey, ScoreItem]


def ordered(compared: CohortComparison, sort: Sort) -> list[SortedItem]:
    """Every item with its sort key, in order."""
    return in_order(items(compared), places(compared.now), sort)


def in_order(items: Sequence[ScoreItem], places: Sequence[Sequence[int]], sort: Sort) -> list[SortedItem]:
    """Items, whose places are given, with their sort keys and in order: names as Vietnamese dictionaries order them.

    Ties go by name and code. Units without what is sorted by come last, whichever the direction.
    """
    name, downwards = sort.removeprefix("-"), sort.startswith("-")
    keyed: list[SortedItem] = []
    for item, (last, points) in zip(items, places, strict=True):
        key: SortKey = [last, -points if downwards else points] if name == "rank" else _key(item, name, downwards)
        keyed.append(([*key, item["unit"]["name"], item["unit"]["code"]], item))
    return sorted(keyed, key=lambda pair: pair[0])


def places(scored: ScoredCohort) -> list[list[int]]:
    """The place of every unit as a sort key, best first, those without a rank last."""
    return [_place(scored, row) for row in range(len(scored.members))]


def _place(scored: ScoredCohort, row: int) -> list[int]:
    """By the total that the rank follows from: a rank itself moves as soon as another unit joins, and pages with it."""
    if not scored.board.total.known[row]:
        return [1, 0]
    total = int(scored.board.total.points[row])
    if scored.framework.ranking.basis == "exact":
        above, below = scored.board.exact.numerator, scored.board.exact.denominator
        total = int(above[row]) * 10**BEYOND // (below if isinstance(below, int) else int(below[row]))
    return [0 if scored.standing.ranked[row] else 1, -total]


def _key(item: ScoreItem, name: str, downwards: bool) -> SortKey:
    if name in ("code", "name"):
        text = item["unit"]["code"] if name == "code" else vietnamese_order(item["unit"]["name"])
        return [_turned(text) if downwards else text]
    figure = item["change"]["total"] if name == "change" else item["total"]
    if figure is None:
        return [1, 0]
    # of at most six decimals, a frozen one perhaps an int; whole numbers fit into a cursor
    whole = int(Decimal(figure).scaleb(6))
    return [0, -whole if downwards else whole]


def _turned(text: str) -> list[int]:
    """A text as numbers that sort the other way round; a longer text comes before its beginning."""
    return [*(-ord(letter) for letter in text), 1]
