"""The engine against a slow and independent reading of docs/domain.md: one unit at a time, by fractions, no arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Criterion, Framework
from app.domain.frameworks.rules import (
    Best,
    CombiningRule,
    Deduction,
    GeometricMean,
    Normalise,
    Piecewise,
    Ratio,
    Reported,
    Steps,
    Sum,
    Worst,
)
from app.domain.scoring.ranking import rank_and_classify
from tests.support.cohorts import Cell, a_criterion, a_framework, exact_half_up, scored, slow_position

Cells = Mapping[str, Cell]
Around = Sequence[tuple[Cell, bool]]
"""Figures of units, and whether each stands under the same unit as the one that is looked at."""


@dataclass(frozen=True)
class Answer:
    """What one node of one unit should come to; what is covered, on the scale of the node's own points."""

    points: Fraction | None
    excluded: bool = False
    zero: bool = False
    complete: bool = True
    covered: Fraction = Fraction(0)
    coverable: Fraction = Fraction(0)
    reported: bool = False
    computed: bool = False
    exact: Fraction | None = None


def figure(cell: Cell, stated_only: bool) -> Fraction | str | None:
    """The figure of an indicator, "0/0" for a zero denominator, None where there is none."""
    if cell is None:
        return None
    counts, _, value = cell.partition("=")
    if "/" in counts and not stated_only:
        above, below = (Fraction(part) for part in counts.split("/"))
        return 100 * above / below if below else "0/0"
    stated = value if "/" in counts else counts
    return Fraction(stated) if stated else None


def of_rule(rule: Any, top: Fraction, x: Fraction) -> Fraction:
    if isinstance(rule, Ratio | Normalise):
        start, full = Fraction(rule.from_), Fraction(rule.full_at)
        return top * min(Fraction(1), max(Fraction(0), (x - start) / (full - start)))
    if isinstance(rule, Steps):
        reached = [rung for rung in rule.steps if x >= rung.at_least]
        return Fraction(max(reached, key=lambda rung: rung.at_least).points if reached else rule.otherwise)
    if isinstance(rule, Deduction):
        return min(top, max(Fraction(0), top - Fraction(rule.points) * x / Fraction(rule.per)))
    if isinstance(rule, Piecewise):
        return on_the_line([(Fraction(knot.at), Fraction(knot.points)) for knot in rule.points], x)
    return x


def rounded_root(top: Fraction, shares: list[tuple[Fraction, Fraction]], places: int) -> Fraction:
    """top × Π share^(weight / Σ weights) half up, found by halving: no logarithm, no float."""
    unit = lcm(*(weight.denominator for _, weight in shares))
    parts = [int(weight * unit) for _, weight in shares]
    degree = sum(parts)
    power = top**degree
    for (share, _), part in zip(shares, parts, strict=True):
        power *= max(share, Fraction(0)) ** part
    low, high = 0, int(top * 10**places * max(1, *(share for share, _ in shares))) + 2
    while high - low > 1:  # `low` is reached, `high` is not
        middle = (low + high) // 2
        reached = Fraction(2 * middle - 1, 2 * 10**places) ** degree <= power
        low, high = (middle, high) if reached else (low, middle)
    return Fraction(low, 10**places)


def on_the_line(knots: list[tuple[Fraction, Fraction]], x: Fraction) -> Fraction:
    """Where a line through the knots stands over x: the mean of its neighbours by how near they are."""
    if not knots[0][0] < x < knots[-1][0]:
        return knots[0][1] if x <= knots[0][0] else knots[-1][1]
    place = next(at for at in range(1, len(knots)) if x <= knots[at][0])
    (left, low), (right, high) = knots[place - 1 : place + 1]
    return (low * (right - x) + high * (x - left)) / (right - left)


class Oracle:
    """One unit by itself; `around` of each indicator: the figures of all who are compared with it, its own first."""

    def __init__(self, framework: Framework, level: str, cells: Cells, around: Mapping[str, Around]) -> None:
        self.framework, self.level, self.cells, self.around = framework, level, cells, around
        self.answers: dict[str, Answer] = {}

    def max_of(self, node: Criterion) -> Fraction:
        return Fraction(self.framework.max_of(node))

    def total(self) -> Answer:
        for top in self.framework.criteria:
            self.node(top)
        tops = list(self.framework.criteria)
        rules = [*self.framework.total.rules, Sum(kind="sum")]
        return self.by_rules(rules, tops, Fraction(self.framework.total_max), {}, self.framework.rounding.total, True)

    def node(self, node: Criterion) -> Answer:
        for child in node.criteria:
            self.node(child)
        top = self.max_of(node)
        if node.applies_to is not None and self.level not in node.applies_to:
            given = {"full": self.rounded(top), "zero": Fraction(0), "exclude": None}[node.otherwise]
            gone = node.otherwise == "exclude"
            answer = Answer(given, gone)
        else:
            rules = [*node.rules, *([Sum(kind="sum")] if node.criteria else [])]
            policies = {"no_value": node.missing.no_value, "zero_denominator": node.missing.zero_denominator}
            answer = self.by_rules(rules, list(node.criteria), top, policies, self.framework.rounding.component, False)
        self.answers[node.code] = answer
        return answer

    def rounded(self, amount: Fraction) -> Fraction:
        return exact_half_up(amount, self.framework.rounding.component)

    def policy(self, policies: Mapping[str, Any], absence: str) -> str:
        stated = policies.get(absence, "none")
        return str(stated if isinstance(stated, str) else stated.get(self.level, stated.get("default", "none")))

    def by_rules(
        self, rules: list[Any], children: list[Criterion], top: Fraction, policies: Any, places: int, root: bool
    ) -> Answer:
        scored = [child for child in children if self.max_of(child)] or children
        below = [self.answers[child.code] for child in scored]
        for rule in rules:
            if rule.levels is not None and self.level not in rule.levels:
                continue
            if isinstance(rule, CombiningRule):
                enough = any(a.points is not None for a in below) if root else all(a.complete for a in below)
                if rule.optional and not enough:
                    continue
                return self.together(rule, children, below, top, policies, places)
            x = self.read(rule)
            if x is None and rule.optional:
                continue
            if x is None:
                return self.absent("no_value", children, top, policies)
            if isinstance(x, str):
                return self.absent("zero_denominator", children, top, policies)
            amount, source = of_rule(rule, top, x), isinstance(rule, Reported)
            return Answer(
                exact_half_up(amount, places),
                covered=top,
                coverable=top,
                reported=source,
                computed=not source,
                exact=amount,
            )
        return self.absent("no_value", children, top, policies)

    def read(self, rule: Any) -> Fraction | str | None:
        """The figure that a rule takes of its indicators."""
        if isinstance(rule, Normalise) and rule.method != "bounds":
            own = figure(self.cells.get(rule.indicator), False)
            return self.position(rule) if isinstance(own, Fraction) else own
        if getattr(rule, "of", None) is None:
            return figure(self.cells.get(rule.indicator), isinstance(rule, Reported))
        part, whole = figure(self.cells.get(rule.indicator), True), figure(self.cells.get(rule.of), True)
        if not isinstance(part, Fraction) or not isinstance(whole, Fraction):
            return None
        return 100 * part / whole if whole else "0/0"

    def position(self, rule: Normalise) -> Fraction | str:
        """Where the own figure stands among those of the others, of which some are under the same unit."""
        found = [
            (figure(cell, False), alike)
            for cell, alike in self.around[rule.indicator]
            if alike or rule.over == "ranked"
        ]
        figures = [each for each, _ in found if isinstance(each, Fraction)]
        position = slow_position(rule.method, figures, 0)
        return "0/0" if position is None else position

    def absent(self, absence: str, children: list[Criterion], top: Fraction, policies: Any) -> Answer:
        policy = self.policy(policies, absence)
        points = {"full": self.rounded(top), "zero": Fraction(0)}.get(policy)
        gone, there = policy == "exclude", absence == "zero_denominator"
        covered, coverable = (top, top) if there else self.leaves(children, top)
        if gone:
            covered = coverable = Fraction(0)
        return Answer(points, gone, there, there or policy != "none", covered, coverable)

    def leaves(self, children: list[Criterion], top: Fraction, rule: Any = None) -> tuple[Fraction, Fraction]:
        """What is covered of a node without a figure of its own, and what could be."""
        if not children:
            return Fraction(0), top
        worth = {child.code: Fraction(1) for child in children}
        if not isinstance(rule, Sum) and rule is not None:
            even = isinstance(rule, Best | Worst)
            weights = {child.code: Fraction(1 if even else child.weight or 0) for child in children}
            whole = sum(weights.values())
            worth = {child.code: top * weights[child.code] / whole / self.max_of(child) for child in children}
        pairs = [(self.answers[child.code], worth[child.code]) for child in children]
        covered = sum((answer.covered * each for answer, each in pairs), Fraction(0))
        return covered, sum((answer.coverable * each for answer, each in pairs), Fraction(0))

    def together(
        self, rule: Any, children: list[Criterion], below: list[Answer], top: Fraction, policies: Any, places: int
    ) -> Answer:
        covered, coverable = self.leaves(children, top, rule)
        if all(answer.excluded for answer in below):
            return Answer(None, True)
        if all(answer.points is None for answer in below):
            zero = all(answer.excluded or answer.zero for answer in below)
            nothing = self.absent("zero_denominator" if zero else "no_value", children, top, policies)
            if nothing.excluded:
                covered = coverable = Fraction(0)
            whole = nothing.complete or all(answer.complete for answer in below)
            return Answer(nothing.points, nothing.excluded, zero, whole, covered, coverable)
        pairs = [(child, self.answers[child.code]) for child in children]
        known = [(child, a.points) for child, a in pairs if a.points is not None]
        if isinstance(rule, Sum):
            amount = sum((points for _, points in known), Fraction(0))
            if any(a.excluded for _, a in pairs):
                amount = amount * top / sum((self.max_of(child) for child, a in pairs if not a.excluded), Fraction(0))
        elif isinstance(rule, Best | Worst):
            choose = max if isinstance(rule, Best) else min
            amount = top * choose(points / self.max_of(child) for child, points in known)
        elif isinstance(rule, GeometricMean):
            pairs_of = [(points / self.max_of(child), Fraction(child.weight or 0)) for child, points in known]
            amount = rounded_root(top, pairs_of, places)
        else:
            weights = {child.code: Fraction(child.weight or 0) for child, _ in known}
            shares = (weights[child.code] * points / self.max_of(child) for child, points in known)
            amount = top * sum(shares, Fraction(0)) / sum(weights.values())
        return Answer(
            exact_half_up(amount, places),
            complete=all(answer.complete for answer in below),
            covered=covered,
            coverable=coverable,
            reported=any(a.reported for _, a in pairs),
            computed=any(a.computed for _, a in pairs),
            exact=amount,
        )

    def places(self) -> tuple[bool, bool]:
        """Whether the total lacks a whole group, and whether it is classed and ranked."""
        total, ranking = self.total(), self.framework.ranking
        tops = [self.answers[top.code] for top in self.framework.criteria]
        added = total.points is not None and not self.takes_own_total()
        lacks = added and any(top.points is None and not top.excluded and not top.zero for top in tops)
        share = total.covered / total.coverable if total.coverable else Fraction(0)
        least = Fraction(1 if ranking.incomplete == "unranked" else 0)
        if ranking.min_coverage is not None:
            least = Fraction(ranking.min_coverage)
        enough = share >= least
        if ranking.min_coverage is None and total.coverable:  # what a policy speaks for is not missing
            enough = enough or not any(top.points is not None and not top.complete for top in tops)
        enough = enough and not (lacks and ranking.incomplete == "unranked")
        return lacks, total.points is not None and enough

    def takes_own_total(self) -> bool:
        """Whether the total is a figure of its own and no combination of the groups."""
        for rule in self.framework.total.rules:
            if not isinstance(rule, CombiningRule):
                return figure(self.cells.get(rule.indicator), isinstance(rule, Reported)) is not None
            if not rule.optional or any(self.answers[top.code].points is not None for top in self.framework.criteria):
                return False
        return False


POLICY = st.sampled_from(["none", "zero", "full", "exclude"])
COMBINING = st.sampled_from(["sum", "weighted_mean", "geometric_mean", "best", "worst"])
FIGURE = st.one_of(
    st.integers(0, 120).map(str),
    st.decimals(0, 120, places=4).map(lambda d: format(d, "f")),
    st.sampled_from(["12.5", "0.125", "89.995", "900000000000000"]),
)
COUNT = st.one_of(st.integers(0, 40), st.integers(0, 9 * 10**14)).map(str)
CELL = st.one_of(
    st.none(),
    FIGURE,
    st.tuples(COUNT, COUNT).map("/".join),
    st.just("0/0"),
    st.tuples(st.integers(0, 8), st.just(8), FIGURE).map(lambda t: f"{t[0]}/{t[1]}={t[2]}"),
)
MAXIMUM = st.one_of(st.integers(1, 30).map(str), st.decimals("0.0001", 30, places=4).map(lambda d: format(d, "f")))


@st.composite
def own_rules(draw: st.DrawFn, indicator: str, comparing: bool) -> dict[str, Any]:
    kinds = ["ratio", "ratio", "steps", "piecewise", "reported", "deduction"]
    kind = draw(st.sampled_from([*kinds, *(["normalise"] * 3 if comparing else [])]))
    rule: dict[str, Any] = {"kind": kind, "indicator": indicator, "optional": draw(st.booleans())}
    if kind == "normalise":
        rule |= {
            "method": draw(st.sampled_from(["min_max", "z", "percentile", "bounds"])),
            "from": "50",
            "full_at": "-1",
        }
        rule |= {"over": draw(st.sampled_from(["ranked", "parent"]))}
    if kind == "ratio":
        start, full = draw(st.sampled_from([("0", "100"), ("0", "80"), ("50", "100"), ("60", "20"), ("0", "33.3333")]))
        rule |= {"from": start, "full_at": full}
        rule |= {"of": draw(st.sampled_from(["whole", "shared"]))} if draw(st.integers(0, 3)) == 0 else {}
    if kind == "steps":
        rule["steps"] = [
            {"at_least": least, "points": draw(MAXIMUM)} for least in draw(st.permutations(["90", "50.5", "12.5"]))
        ]
    if kind == "piecewise":
        at = draw(st.lists(st.sampled_from(["-3.5", "0", "12.5", "33.3333", "90", "100"]), min_size=2, unique=True))
        rule["points"] = [{"at": one, "points": draw(MAXIMUM)} for one in sorted(at, key=float)]
    if kind == "deduction":
        rule |= {"per": draw(st.sampled_from(["1", "3", "0.25"])), "points": draw(st.sampled_from(["0.5", "2"]))}
    return rule


@st.composite
def leaves(draw: st.DrawFn, code: str, comparing: bool) -> dict[str, Any]:
    rules = [draw(own_rules(f"i_{code}", comparing))]
    rules += [draw(own_rules("shared", comparing))] if draw(st.booleans()) else []
    if draw(st.integers(0, 5)) == 0:
        rules[0]["levels"] = ["department"]
    scope = {"applies_to": ["department"], "otherwise": draw(st.sampled_from(["full", "zero", "exclude"]))}
    return a_criterion(
        code,
        draw(MAXIMUM),
        *rules,
        weight=draw(st.sampled_from(["0.25", "1", "3"])),
        missing={"no_value": draw(POLICY), "zero_denominator": {"default": draw(POLICY), "commune": draw(POLICY)}},
        **(scope if draw(st.integers(0, 5)) == 0 else {}),
    )


@st.composite
def frameworks(draw: st.DrawFn, comparing: bool = False) -> Framework:
    tops = []
    for g in "abc"[: draw(st.integers(1, 3))]:
        children = [draw(leaves(f"{g}_{n}", comparing)) for n in range(draw(st.integers(0, 3)))]
        if not children:
            tops.append(draw(leaves(g, comparing)))
            continue
        adding = {
            "kind": draw(st.sampled_from(["sum", "weighted_mean", "geometric_mean", "best", "worst"])),
            "optional": draw(st.booleans()),
        }
        rules: list[dict[str, Any]] = draw(
            st.sampled_from([[adding], [adding, {"kind": "reported", "indicator": "shared"}], []])
        )
        policy = {"no_value": draw(POLICY), "zero_denominator": draw(POLICY)}
        stated = draw(st.one_of(st.none(), MAXIMUM))
        tops.append(a_criterion(g, stated, *rules, criteria=children, missing=policy, weight="2"))
    total = draw(
        st.sampled_from(
            [
                {},
                {"rules": [{"kind": "weighted_mean"}], "max": 100},
                {"rules": [{"kind": draw(st.sampled_from(["geometric_mean", "best", "worst"]))}], "max": 100},
                {"rules": [{"kind": "reported", "indicator": "total", "optional": True}, {"kind": "sum"}]},
                {"rules": [{"kind": "sum", "optional": True}, {"kind": "reported", "indicator": "total"}]},
            ]
        )
    )
    steps = {"component": draw(st.integers(0, 6)), "total": draw(st.integers(0, 6))}
    ranking = {"incomplete": draw(st.sampled_from(["ranked", "unranked"]))}
    least = draw(st.sampled_from([None, "0", "0.5", "0.9", "0.3333", "1"]))
    ranking |= {} if least is None else {"min_coverage": least}
    return a_framework(*tops, total=total, rounding=steps, ranking=ranking)


def indicators(framework: Framework) -> set[str]:
    nodes = [*framework.criteria, *(child for top in framework.criteria for child in top.criteria)]
    own = {code for node in nodes for rule in node.rules for code in rule.reads}
    return own | {"total", "shared"}


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_every_node_of_every_unit_is_what_slow_fractions_make_of_the_rules(data: st.DataObject) -> None:
    framework = data.draw(frameworks(comparing=True))
    size = data.draw(st.integers(1, 5))
    parents = data.draw(st.lists(st.sampled_from("ab"), min_size=size, max_size=size))
    table = {code: data.draw(st.lists(CELL, min_size=size, max_size=size)) for code in sorted(indicators(framework))}

    board = scored(framework, table, parents="".join(parents))
    units = [str(unit) for unit in range(size)]
    standing = rank_and_classify(board, units, units)

    for unit in range(size):
        order = [unit, *(other for other in range(size) if other != unit)]
        around = {
            code: [(cells[other], parents[other] == parents[unit]) for other in order] for code, cells in table.items()
        }
        oracle = Oracle(framework, "commune", {code: cells[unit] for code, cells in table.items()}, around)
        total = oracle.total()
        for code, expected in oracle.answers.items():
            node = board.nodes[code]
            got = Fraction(int(node.points[unit]), 10**framework.rounding.component) if node.known[unit] else None
            assert (code, got, bool(node.excluded[unit])) == (code, expected.points, expected.excluded)
            assert (code, bool(node.complete[unit])) == (code, expected.complete)
        got = Fraction(int(board.total.points[unit]), 10**framework.rounding.total) if board.total.known[unit] else None
        assert got == total.points
        assert board.coverage(unit) == (total.covered / total.coverable if total.coverable else 0)
        assert (bool(board.incomplete[unit]), bool(standing.ranked[unit])) == oracle.places()
        if total.points is not None:
            method = ("computed", "computed", "reported", "mixed")[total.computed + 2 * total.reported]
            assert ("reported", "computed", "mixed")[board.method[unit]] == method
            below = board.exact.denominator
            exact = Fraction(int(board.exact.numerator[unit]), below if isinstance(below, int) else int(below[unit]))
            assert exact / 10**framework.rounding.total == total.exact
