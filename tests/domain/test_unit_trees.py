"""The tree of units from day to day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.unit_trees import Heights, Stay, trees, ways_up

SINCE = date(2020, 1, 1)
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5)), max_size=30)


@given(MOVES)
def test_heights_are_kept_as_they_would_be_found_anew(moves: list[tuple[int, int, int]]) -> None:
    """Each unit stands under one of a smaller number, or under none."""
    stays: list[Stay] = [
        (f"U{unit}", f"U{above}" if above < unit else None, SINCE + timedelta(days=day)) for unit, above, day in moves
    ]
    heights = Heights()

    for tree in trees(stays, SINCE):
        places = [*tree.moved, *(above for above in tree.moved.values() if above is not None)]
        heights.move(tree, reversed(ways_up(tree.parent_of, places).level))

        level = ways_up(tree.parent_of, tree.parent_of).level
        for code in tree.parent_of:
            below = [each for each in level if code in ways_up(tree.parent_of, [each]).level]
            assert heights.of(code) == max(level[each] for each in below) - level[code] + 1
