"""What is wrong with the trees of units through time."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.domain.unit_trees import MOST_LEVELS, Stay, trees
from app.services.unit_checks import rings_and_depths
from tests.support.work import counted_work

SINCE = date(2020, 1, 1)


def test_a_ring_among_others_neither_stops_the_look_nor_is_told() -> None:
    """Rings may be stored from before they were refused; what stands far below one is no fault of another unit."""
    chain = {f"C{n}": f"C{n - 1}" if n else "A" for n in range(MOST_LEVELS + 10)}
    parents = {"A": "B", "B": "A", **chain, "Z": "H60", "H60": None}
    stays = [(code, parent, SINCE) for code, parent in parents.items()]

    assert rings_and_depths(trees(stays, SINCE), {"Z"}) == ({}, set())


def test_of_a_branch_that_is_too_deep_the_nearest_stated_units_are_named() -> None:
    chain = {f"C{n}": f"C{n - 1}" if n else None for n in range(MOST_LEVELS + 10)}
    stays = [(code, parent, SINCE) for code, parent in chain.items()]

    assert rings_and_depths(trees(stays, SINCE), {"C3", "C7"}) == ({}, {"C7"})


def a_large_office(units: int, moves: int) -> list[Stay]:
    """An office with many units below it, that moves to and fro between two others, a day each."""
    offices: list[Stay] = [("A", None, SINCE), ("B", None, SINCE)]
    below: list[Stay] = [(f"U{n}", "OFFICE", SINCE) for n in range(units)]
    moved: list[Stay] = [("OFFICE", "AB"[n % 2], SINCE + timedelta(days=n)) for n in range(moves)]
    return offices + below + moved


def a_chain(units: int) -> list[Stay]:
    """Units on one another, as deep as they may stand."""
    return [(f"C{n}", f"C{n - 1}" if n else None, SINCE) for n in range(units)]


def day_by_day(units: int, parent: str) -> list[Stay]:
    """Units that begin under another one, a day each."""
    return [(f"N{n}", parent, SINCE + timedelta(days=n)) for n in range(units)]


TREES: dict[str, Callable[[int], list[Stay]]] = {
    "a large office that moves": lambda size: a_large_office(5 * size, size // 2),
    "a large office that moves beside a deep chain": lambda size: [
        *a_chain(MOST_LEVELS - 1),
        *a_large_office(5 * size, size // 2),
    ],
    "units that begin day by day": lambda size: [*a_chain(5), *day_by_day(10 * size, "C0")],
    "units that begin day by day beside a deep chain": lambda size: [
        *a_chain(MOST_LEVELS - 1),
        *day_by_day(5 * size, "C0"),
    ],
    "units that begin day by day below a deep chain": lambda size: [
        *a_chain(MOST_LEVELS - 1),
        *day_by_day(size, f"C{MOST_LEVELS - 2}"),
    ],
    "a deep chain that moves": lambda size: [
        *a_chain(MOST_LEVELS - 5)[1:],
        ("A", None, SINCE),
        ("B", None, SINCE),
        *(("C0", "AB"[n % 2], SINCE + timedelta(days=n)) for n in range(size)),
    ],
}


@pytest.mark.parametrize("tree", TREES)
def test_twice_the_units_and_days_are_at_most_twice_the_work(tree: str) -> None:
    costs = []
    for size in (100, 200):
        stays = TREES[tree](size)
        with counted_work() as work:
            found = rings_and_depths(trees(stays, SINCE), [code for code, _, _ in stays])
        assert found == ({}, set())
        costs.append(work.count)

    assert costs[1] < 2.2 * costs[0]


@pytest.mark.parametrize("moves", [1, 3, 90, 500])
def test_a_branch_that_is_too_deep_is_found_however_often_others_moved_before(moves: int) -> None:
    chain = a_chain(MOST_LEVELS)
    last = SINCE + timedelta(days=moves)
    fits = [*chain, *a_large_office(5, moves), ("OFFICE", f"C{MOST_LEVELS - 3}", last)]
    too_deep = [*chain, *a_large_office(5, moves), ("OFFICE", f"C{MOST_LEVELS - 2}", last)]

    assert rings_and_depths(trees(fits, SINCE), {"OFFICE"}) == ({}, set())
    assert rings_and_depths(trees(too_deep, SINCE), {"OFFICE"}) == ({}, {"OFFICE"})
