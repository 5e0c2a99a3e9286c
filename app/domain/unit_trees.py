"""The tree of units through time: rings and branches that are too deep, on whichever day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from app.domain.unit import Unit

Stay = tuple[str, str | None, date]
"""A unit, under whom it stands (None: nobody), and from which day on."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Who stands under whom from a day on. `moved` are the units whose parent is another one than the day before, with
    that one."""

    day: date
    parent_of: Mapping[str, str | None]
    moved: Mapping[str, str | None]


def stays(unit: Unit) -> list[Stay]:
    """Under whom a unit stands through time."""
    return [(unit.code, version.parent, version.begins) for version in unit.versions]


def trees(units: Iterable[Stay], since: date) -> Iterator[Tree]:
    """The tree of a day, and of each later day from which on units stand under another parent.

    A unit that has ended stays where it stood last. The tree is changed in place when the next one is asked for.
    """
    by_day: dict[date, dict[str, str | None]] = {since: {}}
    for code, parent, begins in sorted(units, key=lambda stay: stay[2]):
        by_day.setdefault(max(begins, since), {})[code] = parent
    parent_of: dict[str, str | None] = {}
    for day in sorted(by_day):
        new = by_day[day]
        moved = {code: parent_of.get(code) for code, parent in new.items() if parent_of.get(code) != parent}
        parent_of |= new
        if moved:
            yield Tree(day, parent_of, moved)


MOST_LEVELS = 500
"""How deep units may stand, the ones without a parent on the first level. Ministries and provinces, their departments
and districts, communes and their offices take four or five; what is a hundred times as deep is a slip of a program."""


@dataclass(frozen=True, slots=True)
class WaysUp:
    """What stands at and above some units: how deep each of these stands, after the one above it, and the rings."""

    level: dict[str, int]
    rings: list[list[str]]


def ways_up(parent_of: Mapping[str, str | None], starts: Iterable[str]) -> WaysUp:
    """The units at and above these in linear time, the ones without a parent on level 1; each ring once, upwards.

    >>> ways_up({"A": "B", "B": "C", "D": "B"}, ["A"]).level
    {'C': 1, 'B': 2, 'A': 3}
    >>> ways_up({"A": "B", "B": "A", "C": "A"}, ["A"]).rings
    [['A', 'B']]
    """
    level: dict[str, int] = {}
    rings: list[list[str]] = []
    for start in starts:
        way: dict[str, None] = {}
        above: str | None = start
        while above is not None and above not in level and above not in way:
            way[above] = None
            above = parent_of.get(above)
        if above in way:
            path = list(way)
            rings.append(path[path.index(above) :])
        reached = 0 if above is None else level.get(above, 0)
        level |= zip(reversed(way), count(reached + 1))
    return WaysUp(level, rings)


class Heights:
    """How many levels there are from a unit down to the lowest one below it, its own included; kept while units move.

    A move costs a step for each unit above the old and the new place, however many stand below what moves.
    """

    def __init__(self) -> None:
        self._height: dict[str, int] = {}
        self._below: defaultdict[str, dict[int, int]] = defaultdict(dict)
        """How many units of each height stand directly below a unit."""

    def of(self, code: str) -> int:
        return self._height.get(code, 1)

    def move(self, tree: Tree, upwards: Iterable[str]) -> None:
        """Take the moves of a day; `upwards` are all units at and above the old and new places, each before the one
        above it."""
        changed = set[str | None]()
        for code, left in tree.moved.items():
            changed |= {left, tree.parent_of[code]}
            self._count(left, self.of(code), -1)
            self._count(tree.parent_of[code], self.of(code), 1)
        for code in upwards:
            if code in changed and (new := 1 + max(self._below[code], default=0)) != (old := self.of(code)):
                above = tree.parent_of.get(code)
                changed.add(above)
                self._height[code] = new
                self._count(above, old, -1)
                self._count(above, new, 1)

    def _count(self, above: str | None, height: int, change: int) -> None:
        if above is None:
            return
        counts = self._below[above]
        counted = counts.get(height, 0) + change
        if counted:
            counts[height] = counted
        else:
            del counts[height]


LONGEST_WAY = 8
"""Steps of a ring that are named one by one."""


def cycle_path(ring: Sequence[str]) -> str:
    """A ring as a person follows it, from its first step back to it; a long one is cut in the middle.

    >>> cycle_path(["A", "B", "C"])
    'A → B → C → A'
    """
    steps = [*ring, ring[0]] if len(ring) <= LONGEST_WAY else [*ring[:4], "…", ring[-1], ring[0]]
    return " → ".join(step[:60] for step in steps)
