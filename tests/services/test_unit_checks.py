"""What is wrong with the trees of units through time."""

from datetime import date

from app.domain.unit_trees import MOST_LEVELS, trees
from app.services.unit_checks import rings_and_depths

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
