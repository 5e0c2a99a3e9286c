"""Scoring 13,000 units × 23 components against the bare formula: half up per component, added up, nothing else."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from app.domain.arithmetic import SCALE, Ints
from app.domain.framework import Framework
from app.domain.points import Column
from app.domain.scoring import score

UNITS, GROUPS, COMPONENTS, ROUNDS, GOAL = 13_000, 6, 23, 40, 2.0


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


def counts(seed: int, absent: float = 0) -> dict[str, Column]:
    """Random counts for every component; a share of them absent or over a zero denominator."""
    random = np.random.default_rng(seed)
    shape, nobody = (COMPONENTS, UNITS), np.zeros(UNITS, dtype=np.bool_)
    denominator = random.integers(1, 100_000, shape) * SCALE
    numerator = random.integers(0, 100_000, shape) * SCALE % (denominator + SCALE)
    denominator[random.random(shape) < absent] = 0
    known = random.random(shape) >= absent
    return {
        f"rate_{n}": Column(numerator[n], denominator[n], numerator[n] * 0, known[n], nobody) for n in range(COMPONENTS)
    }


def bare(columns: dict[str, Column]) -> Ints:
    """The formula alone, for figures of which nothing is absent."""
    total: Ints = np.zeros(UNITS, dtype=np.int64)
    for n, column in enumerate(columns.values()):
        total = total + (200 * (n % 6 + 1) * column.numerator + column.denominator) // (2 * column.denominator)
    return total


def fastest(work: Callable[[], object]) -> float:
    """The shortest of several rounds: the one that the machine disturbed least."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def ratios() -> dict[str, float]:
    """How many times as long as the bare formula a whole board takes, by name of the case."""
    framework, whole, holes = a_framework(), counts(766), counts(766, absent=0.05)
    limit = fastest(lambda: bare(whole))
    return {
        "score, all figures known": fastest(lambda: score(framework, "commune", whole, UNITS)) / limit,
        "score, 1 in 10 absent or 0/0": fastest(lambda: score(framework, "commune", holes, UNITS)) / limit,
    }


def main() -> None:
    print(f"{'bench':32} {'ratio':>6} {'goal':>6}")
    for name, ratio in ratios().items():
        print(f"{name:32} {ratio:6.2f} {GOAL:6.2f}")


if __name__ == "__main__":
    main()
