"""How benches measure and print: ratios against a limit that runs beside them on the same machine, never seconds."""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROUNDS = 40


class Row(NamedTuple):
    """One line of the table: how many times as long as its limit the work took, and what is aimed at."""

    name: str
    ratio: float
    goal: float


def ratio(work: Callable[[], object], limit: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """The median over several rounds in which the two take turns, after one to warm up.

    What only computes is measured by `process_time`: on a busy machine the clock on the wall counts the turns of
    others too, and more of them against the longer of the two.
    """
    rounds = [_seconds(work, clock) / _seconds(limit, clock) for _ in range(ROUNDS + 1)]
    return median(rounds[1:])


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def show(rows: Sequence[Row]) -> None:
    width = max(len(row.name) for row in rows)
    print(f"{'bench':{width}} {'ratio':>6} {'goal':>6}")
    for row in rows:
        print(f"{row.name:{width}} {row.ratio:6.2f} {row.goal:6.2f}")
