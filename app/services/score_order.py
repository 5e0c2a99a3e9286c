"""The order of a board: its units with the keys that they are sorted by, and that cursors are made of."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar

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


class Sortable(NamedTuple):
    """What a unit of a board is sorted by, other than its place."""

    code: str
    name: str
    total: Decimal | None
    change: Decimal | None


def ordered_rows(compared: CohortComparison, sort: Sort) -> list[SortedRow]:
    """Every row of a board with its sort key, in order: the item of a row costs far more than its key."""
    return _in_order(range(len(compared.now.members)), _facts(compared), places(compared.now), sort)


def ordered_items(items: Sequence[ScoreItem], places: Sequence[Sequence[int]], sort: Sort) -> list[Sorted]:
    """Items, whose places are given, with their sort keys, in the same order."""
    facts = (
        Sortable(each["unit"]["code"], each["unit"]["name"], each["total"], each["change"]["total"]) for each in items
    )
    return _in_order(items, facts, places, sort)


def _facts(compared: CohortComparison) -> Iterator[Sortable]:
    scored, changes = compared.now, compared.changes
    total, rounding = scored.board.total, scored.framework.rounding
    for row, member in enumerate(scored.members):
        points = unscaled(int(total.points[row]), rounding.total) if total.known[row] else None
        change = None if changes is None else difference(changes.total, row, rounding.total)
        yield Sortable(member.code, member.name, points, change)


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


def _key(fact: Sortable, name: str, downwards: bool) -> SortKey:
    if name in ("code", "name"):
        text = fact.code if name == "code" else vietnamese_order(fact.name)
        return [_turned(text) if downwards else text]
    figure = fact.change if name == "change" else fact.total
    if figure is None:
        return [1, 0]
    # of at most six decimals, a frozen one perhaps an int; whole numbers fit into a cursor
    whole = int(Decimal(figure).scaleb(6))
    return [0, -whole if downwards else whole]


def _turned(text: str) -> list[int]:
    """A text as numbers that sort the other way round; a longer text comes before its beginning."""
    return [*(-ord(letter) for letter in text), 1]
