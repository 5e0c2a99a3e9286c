"""What is answered reaches the goal on figures written anew, and one case fewer does not, whatever the rules."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Framework
from app.domain.frameworks.rules import Ratio
from app.domain.insight.goals import Goal, band_goal, total_goal
from app.domain.insight.levers import Growth, Lever
from app.domain.scoring.score import score
from tests.domain.scoring.test_score_oracle import FIGURE, frameworks, indicators
from tests.support.chance import ROUNDS
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, ratio
from tests.support.reach import GROWS, STANDS, Cells, reached, takes, written

QD766 = Framework.model_validate(yaml.safe_load(Path("app/frameworks/qd766@2026.yaml").read_text("utf-8")))


def small_cells(codes: set[str]) -> st.SearchStrategy[dict[str, Cell]]:
    count = st.integers(0, 12)
    cell = st.one_of(
        st.tuples(count, st.integers(1, 12)).map(lambda pair: f"{min(pair)}/{max(pair)}"),
        st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: f"{min(pair)}/{max(pair)}"),
        st.integers(0, 100).map(str),
        FIGURE,
        st.just("0/0"),
        st.none(),
    )
    return st.fixed_dictionaries(dict.fromkeys(sorted(codes), cell))


GROWTHS = st.one_of(st.just(STANDS), st.just(GROWS), st.integers(1, 30).map(lambda by: Growth(grows=True, by=by)))


def changed(cells: Cells, moves: Mapping[Lever, int]) -> dict[str, Cell]:
    return {**cells, **{lever.indicator: written(lever, steps) for lever, steps in moves.items()}}


def each_one_less(moves: Mapping[Lever, int]) -> Iterator[dict[Lever, int]]:
    for lever, steps in moves.items():
        yield {**moves, lever: steps - 1}


def hold_true(framework: Framework, cells: Cells, goal: Goal, growth: Growth) -> None:
    """The figures of the answer, written anew, reach the goal, and one step fewer does not."""
    found = takes(framework, cells, goal, growth)
    singles = [
        {each.lever: each.alone.steps} for each in found.leaves if each.lever and each.alone and each.alone.steps
    ]
    for moves in singles:
        assert reached(framework, changed(cells, moves), goal), moves
        assert not any(reached(framework, changed(cells, fewer), goal) for fewer in each_one_less(moves)), moves
    together = {each.lever: each.steps for each in found.steps}
    if found.least is not None:
        assert reached(framework, changed(cells, together), goal)
        assert found.reachable
    if found.least is not None and all(lever.proven for lever in together):
        assert not any(reached(framework, changed(cells, fewer), goal) for fewer in each_one_less(together))
    if found.least is not None and found.least.method == "exact":
        counted = [moves for moves in singles if all(lever.counted_in == "cases" for lever in moves)]
        assert sum(together.values()) <= min((sum(moves.values()) for moves in counted), default=10**18)


@given(st.data())
@settings(max_examples=60 * ROUNDS, deadline=None)
def test_what_is_answered_reaches_the_total_and_one_case_fewer_does_not(data: st.DataObject) -> None:
    framework = data.draw(frameworks())
    cells = data.draw(small_cells(indicators(framework)))
    total = data.draw(st.fractions(0, 100, max_denominator=1000))
    goal = total_goal(framework, total)
    assume(not reached(framework, cells, goal))

    hold_true(framework, cells, goal, data.draw(GROWTHS))


@given(st.data())
@settings(max_examples=10 * ROUNDS, deadline=None)
def test_what_is_answered_reaches_a_class_of_decision_766_and_one_case_fewer_does_not(data: st.DataObject) -> None:
    count = st.tuples(st.integers(0, 600), st.integers(1, 600)).map(lambda pair: f"{min(pair)}/{max(pair)}")
    leaves = [leaf for top in QD766.criteria for leaf in top.criteria]
    codes = [rule.indicator for leaf in leaves for rule in leaf.rules if isinstance(rule, Ratio)]
    cells = data.draw(st.fixed_dictionaries(dict.fromkeys(codes, count)))
    goal = band_goal(QD766, data.draw(st.sampled_from(["excellent", "good", "fair", "average"])))
    assume(not reached(QD766, cells, goal))

    hold_true(QD766, cells, goal, data.draw(GROWTHS))


@given(st.data())
@settings(max_examples=30 * ROUNDS, deadline=None)
def test_no_set_of_fewer_cases_reaches_the_total_than_the_exact_one(data: st.DataObject) -> None:
    rounding = {"component": data.draw(st.integers(0, 2)), "total": 2}
    tops = [a_criterion(code, data.draw(st.integers(1, 20)), ratio(code)) for code in "abc"]
    framework = a_framework(*tops, rounding=rounding)
    pairs = {code: data.draw(st.tuples(st.integers(0, 7), st.integers(0, 7))) for code in "abc"}
    cells = {code: f"{done}/{done + left or 1}" for code, (done, left) in pairs.items()}
    goal = total_goal(framework, data.draw(st.fractions(0, int(framework.total_max), max_denominator=100)))
    if reached(framework, cells, goal):
        goal = total_goal(framework, Fraction(framework.total_max))
    assume(not reached(framework, cells, goal))

    found = takes(framework, cells, goal)

    levers = list({each.lever for each in found.leaves if each.lever})
    choices = list(product(*(range(lever.most + 1) for lever in levers)))
    rows = [changed(cells, dict(zip(levers, steps, strict=True))) for steps in choices]
    board = score(framework, "commune", columns_of({code: [row[code] for row in rows] for code in cells}), len(rows))
    enough = [sum(steps) for steps, there in zip(choices, goal.reached(board), strict=True) if there]
    assert found.reachable == bool(enough)
    assert sum(each.steps for each in found.steps) == min(enough, default=0)
    assert found.least is None or found.least.method == "exact"
