"""The tree of units through time: rings and branches that are too deep, on whichever day."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.unit import Unit

Stay = tuple[str, str | None, date]
"""A unit, under whom it stands (None: nobody), and from which day on."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Who stands under whom from a day on. `moved` are the units whose parent is not that of the day before."""

    day: date
    parent_of: Mapping[str, str | None]
    moved: Collection[str]


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
        moved = [code for code, parent in new.items() if parent is not None and parent_of.get(code) != parent]
        parent_of |= new
        if moved:
            yield Tree(day, parent_of, moved)


def cycles(parent_of: Mapping[str, str | None], starts: Collection[str] | None = None) -> list[list[str]]:
    """The units that stand below themselves: each ring once, from unit to parent; in linear time.

    Only what stands at or above `starts` is looked at where these are given.

    >>> cycles({"A": "B", "B": "A", "C": "A", "D": None})
    [['A', 'B']]
    """
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in parent_of if starts is None else starts:
        way: dict[str, None] = {}
        above: str | None = start
        while above is not None and above not in seen:
            seen.add(above)
            way[above] = None
            above = parent_of.get(above)
        if above in way:
            path = list(way)
            found.append(path[path.index(above) :])
    return found


MOST_LEVELS = 500
"""How deep units may stand, the ones without a parent on the first level. Ministries and provinces, their departments
and districts, communes and their offices take four or five; what is a hundred times as deep is a slip of a program."""


def levels(parent_of: Mapping[str, str | None], starts: Iterable[str]) -> dict[str, int]:
    """How deep these units and those above them stand, the ones without a parent on level 1; in linear time.

    >>> levels({"A": "B", "B": "C", "D": "B"}, ["A"])
    {'C': 1, 'B': 2, 'A': 3}
    """
    level: dict[str, int] = {}
    for start in starts:
        way: dict[str, None] = {}
        above: str | None = start
        while above is not None and above not in level and above not in way:  # rings are told of elsewhere
            way[above] = None
            above = parent_of.get(above)
        reached = 0 if above is None else level.get(above, 0)
        level |= {code: reached + steps for steps, code in enumerate(reversed(way), 1)}
    return level


LONGEST_WAY = 8
"""Steps of a ring that are named one by one."""


def cycle_path(ring: Sequence[str]) -> str:
    """A ring as a person follows it, from its first step back to it; a long one is cut in the middle.

    >>> cycle_path(["A", "B", "C"])
    'A → B → C → A'
    """
    steps = [*ring, ring[0]] if len(ring) <= LONGEST_WAY else [*ring[:4], "…", ring[-1], ring[0]]
    return " → ".join(step[:60] for step in steps)
