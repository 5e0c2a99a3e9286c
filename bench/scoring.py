"""Scoring 13,000 units × 23 components against the bare formula over the same figures, points for points the same."""

from collections.abc import Callable
from math import gcd
from time import process_time

import numpy as np

from app.api.freed_memory import keep_for_arrays
from app.domain.figures import SCALE
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.rules import Ratio
from app.domain.scoring.arithmetic import Ints
from app.domain.scoring.board import Board
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score
from bench.table import Row, ratio, show

UNITS, GROUPS, COMPONENTS = 13_000, 6, 23


def a_framework() -> Framework:
    """Six groups with 23 ratios of counts, as many as Decision 766 has."""
    leaves = [
        {
            "code": f"{n % GROUPS + 1}.{n // GROUPS + 1}",
            "name": {"vi": f"Tiêu chí {n}"},
            "max": n % 6 + 1,
            "rules": [{"kind": "ratio", "indicator": f"rate_{n}", "full_at": (100, 80, 90)[n % 3]}],
        }
        for n in range(COMPONENTS)
    ]
    criteria = [
        {"code": f"group_{g}", "name": {"vi": f"Nhóm {g}"}, "criteria": leaves[g::GROUPS]} for g in range(GROUPS)
    ]
    head = {"code": "bench", "version": "1", "name": {"vi": "Đo"}, "valid_from": "2026-01-01"}
    return Framework.model_validate({**head, "criteria": criteria})


def counts(seed: int, absent: float = 0) -> dict[str, IndicatorColumn]:
    """Random counts for every component; a share of them absent, and as many over a zero denominator."""
    random = np.random.default_rng(seed)
    shape, nobody = (COMPONENTS, UNITS), np.zeros(UNITS, dtype=np.bool_)
    denominator = random.integers(1, 100_000, shape) * SCALE
    numerator = random.integers(0, 100_000, shape) * SCALE % (denominator + SCALE)
    denominator[random.random(shape) < absent] = 0
    known = random.random(shape) >= absent
    return {
        f"rate_{n}": IndicatorColumn(numerator[n], denominator[n], numerator[n] * 0, known[n], nobody)
        for n in range(COMPONENTS)
    }


def coefficients(framework: Framework) -> list[list[tuple[str, int, int, int]]]:
    """Of every component, group by group: its indicator, a and b of points = a·n / (b·d) in hundredths, its max."""
    found: list[list[tuple[str, int, int, int]]] = []
    for group in framework.criteria:
        found.append([])
        for leaf in group.criteria:
            rule, top = leaf.rules[0], int(framework.max_of(leaf))
            assert isinstance(rule, Ratio)
            a, b = 100 * 100 * top, int(rule.full_at)
            found[-1].append((rule.indicator, a // gcd(a, b), b // gcd(a, b), 100 * top))
    return found


def bare(groups: list[list[tuple[str, int, int, int]]], columns: dict[str, IndicatorColumn]) -> Ints:
    """The formula and nothing else (docs/domain.md, Points): round components half up, stop at the max, add up."""
    total: Ints = np.zeros(UNITS, dtype=np.int64)
    for group in groups:
        points: Ints = np.zeros(UNITS, dtype=np.int64)
        for indicator, a, b, top in group:
            n, d = columns[indicator].numerator, columns[indicator].denominator
            d = d if b == 1 else b * d
            points += np.minimum((2 * a * n + d) // (2 * d), top)
        total += points
    return total


def shown(framework: Framework, columns: dict[str, IndicatorColumn]) -> Board:
    """All that a board costs from its raw arrays on: figures read, points, and the coverage that is shown with them."""
    read = {
        code: IndicatorColumn(one.numerator, one.denominator, one.value, one.has_counts, one.has_value)
        for code, one in columns.items()
    }
    board = score(framework, "commune", read, UNITS)
    board.coverage(0)
    return board


def rows() -> list[Row]:
    """How many times as long as the bare formula a whole board takes, memory being kept as the service keeps it."""
    keep_for_arrays()
    framework, whole, holes = a_framework(), counts(766), counts(766, absent=0.05)
    groups = coefficients(framework)
    assert np.array_equal(bare(groups, whole), score(framework, "commune", whole, UNITS).total.points)

    def row(name: str, goal: float, work: Callable[[], object]) -> Row:
        return Row(name, ratio(work, lambda: bare(groups, whole), process_time), goal)

    return [
        row("score", 2.0, lambda: score(framework, "commune", whole, UNITS)),
        row("score, 1 in 10 absent or 0/0", 3.0, lambda: score(framework, "commune", holes, UNITS)),
        row("score, the same with reading and coverage", 4.0, lambda: shown(framework, holes)),
    ]


if __name__ == "__main__":
    show(rows())
