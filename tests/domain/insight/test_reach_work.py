"""What it takes is answered with a bounded amount of work, however many cases and criteria there are."""

from fractions import Fraction

import pytest

from app.domain.frameworks.framework import Framework
from app.domain.insight.goals import total_goal
from app.domain.insight.levers import Growth
from tests.support.cohorts import a_criterion, a_framework, ratio
from tests.support.reach import GROWS, STANDS, takes
from tests.support.work import counted_work


def many(leaves: int, kind: str = "sum") -> Framework:
    tops = [a_criterion(f"c{n}", "0.5", ratio(f"i{n}"), weight=1) for n in range(leaves)]
    return a_framework(*tops, total={"rules": [{"kind": kind}], "max": 100})


def work(framework: Framework, cases: int, growth: Growth = STANDS) -> int:
    """Calls that it takes to answer for a unit with a third of so many cases done in each criterion."""
    cells = {f"i{n}": f"{cases // 3 + n}/{cases}" for n in range(len(framework.criteria))}
    halfway = Fraction(len(framework.criteria), 3) if framework.total.rules[0].kind == "sum" else Fraction(66)
    with counted_work() as counted:
        found = takes(framework, cells, total_goal(framework, halfway), growth)
    assert found.least is not None
    return counted.count


@pytest.mark.parametrize("growth", [STANDS, GROWS])
def test_a_million_times_the_cases_take_a_few_times_the_work(growth: Growth) -> None:
    framework = many(6)

    assert work(framework, 10**9, growth) < 5 * work(framework, 10**3, growth)


@pytest.mark.parametrize("kind", ["sum", "weighted_mean"])
def test_twice_the_criteria_take_less_than_four_times_the_work(kind: str) -> None:
    assert work(many(40, kind), 10**6) < 3.5 * work(many(20, kind), 10**6)
