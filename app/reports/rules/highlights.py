"""What stands out on a board: who is lowest, who is just under a class, what is missing to those above.

Totals are those of ranked units. Source: docs/reports.md.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

FIRST = 10
"""Units at the top whose mean others are held against."""
NEAR = Decimal("0.02")
"""A total this share of the most points under a class, at most, is just under it."""


class LowestTotals(NamedTuple):
    """Places of the lowest totals in their sequence, the lowest first; `tied`: how many others share the last one."""

    places: list[int]
    tied: int


class ShortOf(NamedTuple):
    """What is missing to an edge or a target: the place of the unit in its sequence, and the gap."""

    place: int
    gap: Decimal


class FirstMean(NamedTuple):
    """The mean of the best totals, and of how many."""

    of: int
    mean: Decimal


def lowest(totals: Sequence[Decimal], most: int) -> LowestTotals:
    """The lowest totals; equal ones in the order given.

    >>> lowest([Decimal(90), Decimal(60), Decimal(60), Decimal(50)], 2)
    LowestTotals(places=[3, 1], tied=1)
    """
    places = sorted(range(len(totals)), key=lambda place: totals[place])
    taken, beyond = places[:most], places[most:]
    tied = sum(totals[place] == totals[taken[-1]] for place in beyond) if taken else 0
    return LowestTotals(taken, tied)


def short_of(totals: Sequence[Decimal], edge: Decimal, least: Decimal) -> list[ShortOf]:
    """Who is under an edge, and has at least so many points; the nearest first.

    >>> short_of([Decimal("79.5"), Decimal(80), Decimal("78.9"), Decimal("69.9")], Decimal(80), Decimal(78))
    [ShortOf(place=0, gap=Decimal('0.5')), ShortOf(place=2, gap=Decimal('1.1'))]
    """
    found = [ShortOf(place, edge - total) for place, total in enumerate(totals) if least <= total < edge]
    return sorted(found, key=lambda each: each.gap)


def edges(least: Sequence[Decimal], most: Decimal) -> list[tuple[Decimal, Decimal]]:
    """The edges between classes from the highest down, each with the least total that is just under it.

    `least`: the least total of each class in any order; the lowest class has no edge. `most`: the most points.

    >>> edges([Decimal(0), Decimal(50), Decimal(51)], Decimal(100))
    [(Decimal('51'), Decimal('50')), (Decimal('50'), Decimal('48.00'))]
    """
    ordered = sorted(set(least), reverse=True)
    return [(edge, max(below, edge - NEAR * most)) for edge, below in pairwise(ordered)]


def next_above(totals: Sequence[Decimal], own: Decimal) -> Decimal | None:
    """The smallest total above a unit's own; None for the first.

    >>> next_above([Decimal(90), Decimal(85), Decimal(80)], Decimal(80)), next_above([Decimal(90)], Decimal(90))
    (Decimal('85'), None)
    """
    return min((total for total in totals if total > own), default=None)


def mean_of_first(totals: Sequence[Decimal], decimals: int) -> FirstMean | None:
    """The mean of the ten best totals, half up, or of all where there are fewer; None of nobody.

    >>> mean_of_first([Decimal(90), Decimal(85)], 2), mean_of_first([], 2)
    (FirstMean(of=2, mean=Decimal('87.50')), None)
    """
    best = sorted(totals, reverse=True)[:FIRST]
    if not best:
        return None
    mean = sum(best, Decimal(0)) / len(best)
    return FirstMean(len(best), mean.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
