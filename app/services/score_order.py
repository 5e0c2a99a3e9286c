"""The order of a board: its units with the keys that they are sorted by, and that cursors are made of."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import Literal, NamedTuple, TypeVar, get_args

import numpy as np

from app.answers.scores import ScoreItem
from app.domain.figures import unscaled
from app.domain.vietnamese import sort_key as vietnamese_order
from app.services.score_filters import ALL, ItemFilter, require_known
from app.services.score_items import difference, shown_groups
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison

T = TypeVar("T")

BEYOND = 9
"""Decimals behind those of a total that tell exact totals apart in a cursor."""

Sort = Literal["rank", "code", "name", "total", "change", "-rank", "-code", "-name", "-total", "-change"]
SORTS: tuple[Sort, ...] = get_args(Sort)
GROUP = "group:"
SortKey = list[int | str | list[int]]
Sorted = tuple[SortKey, ScoreItem]
SortedRow = tuple[SortKey, int]
BoardRow = tuple[CohortComparison, int]
"""A board and one of its rows."""


class Sortable(NamedTuple):
    """What a unit of a board is sorted by, other than its place. `figure`: its total or change, where it goes by it."""

    code: str
    name: str
    figure: Decimal | None = None


def check_sort(sort: str, groups: Iterable[str]) -> None:
    """Invalid `value_not_allowed` for an order that a board with these groups does not come in."""
    by_group = (f"{sign}{GROUP}{group}" for group in groups for sign in ("", "-"))
    require_known("sort", sort, [*SORTS, *by_group])


def ordered_rows(compared: CohortComparison, sort: str, shown: ItemFilter = ALL) -> list[SortedRow]:
    """The rows of a board that are shown, in order with their sort keys: the item of a row costs far more."""
    members, bands = compared.now.members, [band.code for band in compared.now.framework.bands]
    figures = _figures(compared, sort.removeprefix("-"))
    facts = (Sortable(member.code, member.name, figure) for member, figure in zip(members, figures, strict=True))
    kept = [
        shown.keeps(member.code, member.name, bands[band] if band >= 0 else None)
        for member, band in zip(members, compared.now.standing.band.tolist(), strict=True)
    ]
    return _in_order(compress(zip(range(len(members)), facts, places(compared.now), strict=True), kept), sort)


def ordered_boards(boards: Sequence[CohortComparison], sort: str, shown: ItemFilter) -> list[tuple[SortKey, BoardRow]]:
    """The rows of several boards, one board after the other, with their sort keys."""
    return together([[(key, (each, row)) for key, row in ordered_rows(each, sort, shown)] for each in boards])


def together(boards: Sequence[Sequence[tuple[SortKey, T]]]) -> list[tuple[SortKey, T]]:
    """What several boards have in order, one board after the other; of one alone the keys are its own."""
    if len(boards) == 1:
        return list(boards[0])
    return [([number, *key], each) for number, keyed in enumerate(boards) for key, each in keyed]


def ordered_items(
    items: Sequence[ScoreItem], places: Sequence[Sequence[int]], sort: str, shown: ItemFilter = ALL
) -> list[Sorted]:
    """The items that are shown, whose places are given, in order with their sort keys."""
    name = sort.removeprefix("-")
    placed = (
        (each, Sortable(each["unit"]["code"], each["unit"]["name"], _figure(each, name)), place)
        for each, place in zip(items, places, strict=True)
        if shown.keeps(each["unit"]["code"], each["unit"]["name"], each["band"] and each["band"]["code"])
    )
    return _in_order(placed, sort)


def ordered_units(
    units: Mapping[str, tuple[str, int | None]], last: CohortComparison, sort: str, shown: ItemFilter
) -> list[tuple[SortKey, str]]:
    """Codes of the units that are shown, with their sort keys, by what they are in the `last` board.

    `units`: name and row there of each; those that are not in it come behind.
    """
    figures, placed = _figures(last, sort.removeprefix("-")), places(last.now)
    bands, standing = [band.code for band in last.now.framework.bands], last.now.standing.band.tolist()
    facts = [
        (code, Sortable(code, name, None if row is None else figures[row]), [2, 0] if row is None else placed[row])
        for code, (name, row) in units.items()
        if shown.keeps(code, name, None if row is None or standing[row] < 0 else bands[standing[row]])
    ]
    return _in_order(facts, sort)


def _figure(item: ScoreItem, name: str) -> Decimal | None:
    """What an item is sorted by, where that is a figure."""
    if name.startswith(GROUP):
        return item["groups"].get(name.removeprefix(GROUP))
    return {"total": item["total"], "change": item["change"]["total"]}.get(name)


def _figures(compared: CohortComparison, name: str) -> Sequence[Decimal | None]:
    """What every unit is sorted by, where that is a figure."""
    total, rounding, changes = compared.now.board.total, compared.now.framework.rounding, compared.changes
    rows = range(len(compared.now.members))
    if name == "total":
        return [unscaled(int(total.points[row]), rounding.total) if total.known[row] else None for row in rows]
    if name == "change" and changes is not None:
        return [difference(changes.total, row, rounding.total) for row in rows]
    group = shown_groups(compared.now, compared.view).get(name.removeprefix(GROUP)) if name.startswith(GROUP) else None
    if group is not None:
        return [unscaled(int(group.points[row]), rounding.component) if group.known[row] else None for row in rows]
    return [None] * len(rows)


def _in_order(units: Iterable[tuple[T, Sortable, Sequence[int]]], sort: str) -> list[tuple[SortKey, T]]:
    """Units with their sort keys, in order: names as Vietnamese dictionaries order them.

    Ties go by name and code. Units without what is sorted by come last, whichever the direction.
    """
    name, downwards = sort.removeprefix("-"), sort.startswith("-")
    keyed: list[tuple[SortKey, T]] = []
    for unit, fact, (last, points) in units:
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
