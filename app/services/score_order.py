"""The order of a board: its units with the keys that they are sorted by, and that cursors are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar

import numpy as np

from app.answers.scores import ScoreItem
from app.domain.figures import unscaled
from app.domain.vietnamese import sort_key as vietnamese_order
from app.services.score_items import difference
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison

T = TypeVar("T")

BEYOND = 9
"""Decimals behind those of a total that tell exact totals apart in a cursor."""

Sort = Literal["rank", "code", "name", "total", "change", "-rank", "-code", "-name", "-total", "-change"]
SortKey = list[int | str | list[int]]
Sorted = tuple[SortKey, ScoreItem]
SortedRow = tuple[SortKey, int]
_SORTED_BY: Mapping[str, Callable[[ScoreItem], Decimal | None]] = {
    "total": lambda item: item["total"],
    "change": lambda item: item["change"]["total"],
}
"""The figures of an item that it may be sorted by."""


class Sortable(NamedTuple):
    """What a unit of a board is sorted by, other than its place. `figure`: its total or change, where it goes by it."""

    code: str
    name: str
    figure: Decimal | None = None


def ordered_rows(compared: CohortComparison, sort: Sort) -> list[SortedRow]:
    """Every row of a board with its sort key, in order: the item of a row costs far more than its key."""
    members = compared.now.members
    figures = _figures(compared, sort.removeprefix("-"))
    facts = (Sortable(member.code, member.name, figure) for member, figure in zip(members, figures, strict=True))
    return _in_order(range(len(members)), facts, places(compared.now), sort)


def ordered_items(items: Sequence[ScoreItem], places: Sequence[Sequence[int]], sort: Sort) -> list[Sorted]:
    """Items, whose places are given, with their sort keys, in the same order."""
    figure = _SORTED_BY.get(sort.removeprefix("-"))
    facts = (Sortable(each["unit"]["code"], each["unit"]["name"], figure(each) if figure else None) for each in items)
    return _in_order(items, facts, places, sort)


def _figures(compared: CohortComparison, name: str) -> Sequence[Decimal | None]:
    """What every unit is sorted by, where that is a figure."""
    total, rounding, changes = compared.now.board.total, compared.now.framework.rounding, compared.changes
    rows = range(len(compared.now.members))
    if name == "total":
        return [unscaled(int(total.points[row]), rounding.total) if total.known[row] else None for row in rows]
    if name == "change" and changes is not None:
        return [difference(changes.total, row, rounding.total) for row in rows]
    return [None] * len(rows)


def _in_order(
    units: Iterable[T], facts: Iterable[Sortable], places: Sequence[Sequence[int]], sort: Sort
) -> list[tuple[SortKey, T]]:
    """Units with their sort keys, in order: names as Vietnamese dictionaries order them.

    Ties go by name and code. Units without what is sorted by come last, whichever the direction.
    """
    name, downwards = sort.removeprefix("-"), sort.startswith("-")
    keyed: list[tuple[SortKey, T]] = []
    for unit, fact, (last, points) in zip(units, facts, places, strict=True):
        key: SortKey = [last, -points if downwards else points] if name == "rank" else _key(fact, name, downwards)
        keyed.append(([*key, fact.name, fact.code], unit))
    return sorted(keyed, key=lambda pair: pair[0])


def places(scored: ScoredCohort) -> list[list[int]]:
    """The place of every unit as a sort key, best first, those without a rank last.

    By the total that the rank follows from: a rank itself moves as soon as another unit joins, and pages with it.
    """
    known, ranked = scored.board.total.known.tolist(), scored.standing.ranked.tolist()
    totals = scored.board.total.points.tolist()
    if scored.framework.ranking.basis == "exact":
        above, below = np.broadcast_arrays(scored.board.exact.numerator, scored.board.exact.denominator)
        exact = zip(known, above.tolist(), below.tolist(), strict=True)
        totals = [part * 10**BEYOND // whole if is_known else 0 for is_known, part, whole in exact]
    facts = zip(known, ranked, totals, strict=True)
    return [[0 if is_ranked else 1, -points] if is_known else [1, 0] for is_known, is_ranked, points in facts]


def _key(fact: Sortable, name: str, downwards: bool) -> SortKey:
    if name in ("code", "name"):
        text = fact.code if name == "code" else vietnamese_order(fact.name)
        return [_turned(text) if downwards else text]
    figure = fact.figure
    if figure is None:
        return [1, 0]
    # of at most six decimals, a frozen one perhaps an int; whole numbers fit into a cursor
    whole = int(Decimal(figure).scaleb(6))
    return [0, -whole if downwards else whole]


def _turned(text: str) -> list[int]:
    """A text as numbers that sort the other way round; a longer text comes before its beginning."""
    return [*(-ord(letter) for letter in text), 1]
