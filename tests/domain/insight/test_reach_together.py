"""What only several figures together can reach: where the worst of them counts, or one alone is rounded away."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.insight.goals import band_goal, total_goal
from app.domain.scoring.score import score
from tests.support.chance import ROUNDS
from tests.support.cohorts import a_criterion, a_framework, columns_of, ratio
from tests.support.reach import reached, takes, written

CELLS = {"a": "50/100", "b": "50/100"}


def two(kind: str, **total: Any) -> Any:
    tops = [a_criterion(code, 100, ratio(code), weight=1) for code in "ab"]
    return a_framework(*tops, total={"rules": [{"kind": kind}], "max": 100, **total})


def test_the_worst_of_two_rises_when_both_do() -> None:
    framework = two("worst")

    found = takes(framework, CELLS, total_goal(framework, Fraction(80)))

    assert (found.reachable, found.most, found.total) == (True, 10_000, 8_000)
    assert [(each.lever.indicator, each.steps) for each in found.steps] == [("a", 30), ("b", 30)]


def test_a_geometric_mean_leaves_nothing_when_no_part_is_nothing_any_more() -> None:
    framework = two("geometric_mean")

    found = takes(framework, {"a": "0/10", "b": "0/10"}, total_goal(framework, Fraction(50)))

    assert (found.reachable, found.most) == (True, 10_000)
    assert sum(each.steps for each in found.steps) == 10


def test_points_that_are_rounded_away_one_by_one_come_together() -> None:
    tops = [
        a_criterion("a", "0.2", ratio("a")),
        a_criterion("b", "0.2", ratio("b")),
        a_criterion("c", "4.2", ratio("c")),
    ]
    framework = a_framework(*tops, rounding={"component": 2, "total": 0}, total={})

    found = takes(framework, {"a": "0/5", "b": "0/5", "c": "9/9"}, total_goal(framework, Fraction(5)))

    assert (found.reachable, found.most) == (True, 5)
    assert found.least is not None


def test_a_class_that_asks_for_one_criterion_is_reached_by_that_though_the_total_is_full() -> None:
    bands = [
        {"code": "x", "name": {"vi": "X"}, "min": 90, "requires": [{"criterion": "a", "min": 45}]},
        {"code": "y", "name": {"vi": "Y"}, "min": 0},
    ]
    total = {"adjustments": [{"indicator": "bonus", "points": 20}]}
    tops = [a_criterion("a", 50, ratio("a")), a_criterion("b", 50, ratio("b"))]
    framework = a_framework(*tops, bands=bands, total=total)

    found = takes(framework, {"a": "80/100", "b": "90/100", "bonus": "1"}, band_goal(framework, "x"))

    assert found.reachable
    assert [(each.lever.indicator, each.steps) for each in found.steps] == [("a", 10)]


def test_a_set_orders_no_work_that_does_nothing() -> None:
    best = a_criterion("g", 40, {"kind": "best"}, criteria=[a_criterion(code, 40, ratio(code)) for code in "ab"])
    framework = a_framework(best, a_criterion("c", 60, ratio("c")))

    found = takes(framework, {"a": "30/40", "b": "10/40", "c": "20/60"}, total_goal(framework, Fraction(95)))

    assert [each.lever.indicator for each in found.steps] == ["a", "c"]
    assert sum(each.steps for each in found.steps) == 45


def test_where_a_figure_earns_now_more_and_now_less_nothing_found_is_not_called_impossible() -> None:
    zigzag = {
        "kind": "piecewise",
        "indicator": "a",
        "points": [{"at": x, "points": p} for x, p in ((0, 9), (50, 0), (100, 8))],
    }
    framework = a_framework(a_criterion("a", 10, zigzag), a_criterion("b", 90, ratio("b")))
    goal = total_goal(framework, Fraction(100))

    assert (takes(framework, CELLS, goal).reachable, takes(framework, CELLS, goal).certain) == (False, False)
    assert takes(two("worst"), CELLS, total_goal(two("worst"), Fraction(101))).certain


@settings(max_examples=30 * ROUNDS, deadline=None)
@given(
    kind=st.sampled_from(["worst", "geometric_mean", "best", "sum"]),
    counts=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4),
    target=st.integers(1, 100),
)
def test_what_all_figures_at_their_best_reach_is_said_to_be_reachable(
    kind: str, counts: list[tuple[int, int]], target: int
) -> None:
    codes = "abcd"[: len(counts)]
    tops = [a_criterion(code, 100, ratio(code), weight=1) for code in codes]
    most = 100 * len(codes) if kind == "sum" else 100
    framework = a_framework(*tops, total={"rules": [{"kind": kind}], "max": most})
    cells = {code: f"{done}/{done + left + 1}" for code, (done, left) in zip(codes, counts, strict=True)}
    goal = total_goal(framework, Fraction(target * most, 100))
    if goal.reached(score(framework, "commune", columns_of({code: [cell] for code, cell in cells.items()}), 1))[0]:
        return

    found = takes(framework, cells, goal)

    assert found.reachable
    assert found.least is not None
    assert found.total is not None
    assert found.total * 100 >= target * most * 100


PAIR = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda pair: f"{pair[0]}/{sum(pair)}")
KIND = st.sampled_from(["best", "worst", "geometric_mean", "sum"])


@settings(max_examples=60 * ROUNDS, deadline=None)
@given(
    kinds=st.tuples(KIND, KIND),
    cells=st.fixed_dictionaries({f"{group}{leaf}": PAIR for group in "xy" for leaf in "ab"}),
    target=st.integers(20, 100),
)
def test_of_a_set_no_figure_can_do_less(kinds: tuple[str, str], cells: dict[str, str], target: int) -> None:
    groups = [
        a_criterion(group, 50, {"kind": kind}, criteria=[a_leaf(f"{group}{leaf}", kind) for leaf in "ab"])
        for group, kind in zip("xy", kinds, strict=True)
    ]
    framework = a_framework(*groups)
    goal = total_goal(framework, Fraction(target))
    if reached(framework, cells, goal):
        return

    found = takes(framework, cells, goal)

    together = {each.lever: each.steps for each in found.steps}
    assert found.reachable
    for lever, steps in together.items():
        fewer = {each.indicator: written(each, moved) for each, moved in {**together, lever: steps - 1}.items()}
        assert not reached(framework, {**cells, **fewer}, goal)


def a_leaf(code: str, kind: str) -> dict[str, Any]:
    return a_criterion(code, 25 if kind == "sum" else 50, ratio(code), weight=1)
