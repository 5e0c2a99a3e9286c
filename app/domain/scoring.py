"""Scores of a cohort: every node of a framework's tree for every unit, in exact integers (DESIGN §5, "Scoring").

`score` walks the tree once, children first. At each node the first applicable rule is chosen unit by unit, its
points are rounded, and where a figure is absent or its denominator is zero the criterion's own policy decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from app.domain.arithmetic import Ints, Mask, Quotient, half_up, scaled
from app.domain.board import Board, Codes, Scored, State
from app.domain.framework import Criterion, Framework, Missing, Policies
from app.domain.points import Child, Column, Reading, mean_points, own_points, read, sum_points
from app.domain.rules import AnyRule, Level, Policy, Reported, Sum, WeightedMean


@dataclass(frozen=True, slots=True)
class _Cohort:
    level: Level
    columns: Mapping[str, Column]
    size: int
    component: int

    def column(self, indicator: str) -> Column:
        nothing, nobody = np.zeros(self.size, dtype=np.int64), self.nobody
        return self.columns.get(indicator) or Column(nothing, nothing, nothing, nobody, nobody)

    @property
    def nobody(self) -> Mask:
        return np.zeros(self.size, dtype=np.bool_)

    @property
    def everybody(self) -> Mask:
        return np.ones(self.size, dtype=np.bool_)

    def codes(self, code: int) -> Codes:
        return np.full(self.size, code, dtype=np.int8)


@dataclass(frozen=True, slots=True)
class _Node:
    """What a criterion and the total have in common."""

    max: Decimal
    rules: Sequence[AnyRule]
    missing: Missing
    decimals: int
    children: Sequence[tuple[Scored, Decimal]]
    """Each with its weight."""
    root: bool = False

    @property
    def scored(self) -> list[Scored]:
        """The children that count; a criterion with a max of 0 is a statistic."""
        return [child for child, _ in self.children if child.max] or [child for child, _ in self.children]


@dataclass(frozen=True, slots=True)
class _Outcome:
    points: Quotient
    state: Codes


def rules_of(node: Criterion | Framework) -> tuple[AnyRule, ...]:
    """The rules in the order they are tried; behind those that are written, a group and the total are a sum."""
    default = (Sum(kind="sum"),) if node.criteria else ()
    return (node.total.rules if isinstance(node, Framework) else node.rules) + default


def policy_for(policies: Policies, level: Level) -> Policy:
    """The policy of a level: its own, else the default, else `none`."""
    if isinstance(policies, str):
        return policies
    return policies.get(level, policies.get("default", "none"))


def score(framework: Framework, level: Level, columns: Mapping[str, Column], size: int) -> Board:
    """The board of `size` units of one level; `columns` holds the known indicators, each with arrays of that size."""
    cohort = _Cohort(level, columns, size, framework.rounding.component)
    nodes: dict[str, Scored] = {}
    children = [(_score(cohort, framework, top, nodes), _weight(framework, top)) for top in framework.criteria]
    root = _Node(framework.total_max, rules_of(framework), Missing(), framework.rounding.total, children, root=True)
    total, exact = _grade(cohort, root)
    absent = _any([~(top.known | top.excluded) for top in root.scored], cohort)
    incomplete = total.known & total.summed & absent
    return Board(framework, level, size, nodes, total, exact, incomplete, _method(total))


def _score(cohort: _Cohort, framework: Framework, criterion: Criterion, nodes: dict[str, Scored]) -> Scored:
    """A criterion with everything under it, entered into `nodes` parents first."""
    own: dict[str, Scored] = {}
    children = [(_score(cohort, framework, child, own), _weight(framework, child)) for child in criterion.criteria]
    top = framework.max_of(criterion)
    if criterion.applies_to is not None and cohort.level not in criterion.applies_to:
        scored_node = _not_applicable(cohort, top, criterion.otherwise)
    else:
        node = _Node(top, rules_of(criterion), criterion.missing, cohort.component, children)
        scored_node, _ = _grade(cohort, node)
    nodes[criterion.code] = scored_node
    nodes.update(own)
    return scored_node


def _weight(framework: Framework, criterion: Criterion) -> Decimal:
    """A criterion's weight in a mean; its max where none is stated."""
    return framework.max_of(criterion) if criterion.weight is None else criterion.weight


def _not_applicable(cohort: _Cohort, top: Decimal, otherwise: str) -> Scored:
    """All points, none, or out of the reckoning, for the whole cohort and whatever figures it has."""
    excluded = cohort.everybody if otherwise == "exclude" else cohort.nobody
    full = _full(top, cohort.component) if otherwise == "full" else 0
    nothing = np.zeros(cohort.size, dtype=np.int64)
    return Scored(
        max=top,
        points=nothing + full,
        known=~excluded,
        excluded=excluded,
        rule=cohort.codes(-1),
        state=cohort.codes(State.NOT_APPLICABLE),
        summed=cohort.nobody,
        complete=cohort.everybody,
        reported=cohort.nobody,
        computed=~excluded,
        covered=nothing,
        coverable=np.where(excluded, 0, scaled(top)),
    )


def _full(top: Decimal, decimals: int) -> int:
    """All points of a criterion, rounded like any others."""
    return int(half_up(np.array([scaled(top) * 10**decimals], dtype=object), scaled(Decimal(1)))[0])


def _grade(cohort: _Cohort, node: _Node) -> tuple[Scored, Quotient]:
    """A node for every unit: choose its rule, take the points, and let the policies speak where there are none."""
    rule = cohort.codes(-1)
    outcome = _Outcome(Quotient(np.zeros(cohort.size, dtype=np.int64), 1), cohort.codes(State.NO_VALUE))
    summed = reported = cohort.nobody
    for index, units in _chosen(cohort, node):
        outcome = _merge(units, _apply(cohort, node, node.rules[index]), outcome)
        rule = np.where(units, np.int8(index), rule)
        summed = summed | units if isinstance(node.rules[index], Sum | WeightedMean) else summed
        reported = reported | units if isinstance(node.rules[index], Reported) else reported
    return _settle(cohort, node, outcome, rule, summed, reported), outcome.points


def _chosen(cohort: _Cohort, node: _Node) -> Iterator[tuple[int, Mask]]:
    """The rules that some unit uses, with their units: for each unit the first that applies."""
    left = cohort.everybody
    for index, rule in enumerate(node.rules):
        if not rule.applies_to(cohort.level):
            continue
        takes = left & _available(cohort, node, rule) if rule.optional else left
        if takes.any():
            yield index, takes
        left = left & ~takes
        if not left.any():
            return


def _available(cohort: _Cohort, node: _Node, rule: AnyRule) -> Mask:
    """Where an optional rule applies: it has its value; a sum misses no component, at the root has any group."""
    if isinstance(rule, Sum | WeightedMean):
        if node.root:
            return _any([child.known for child in node.scored], cohort)
        return _all([child.complete for child in node.scored], cohort)
    column = cohort.column(rule.indicator)
    return column.has_value if isinstance(rule, Reported) else column.has_counts | column.has_value


def _apply(cohort: _Cohort, node: _Node, rule: AnyRule) -> _Outcome:
    """One rule for all units, whether they use it or not."""
    if isinstance(rule, Sum | WeightedMean):
        return _group(cohort, node, rule)
    reading = read(cohort.column(rule.indicator), rule)
    return _Outcome(own_points(rule, node.max, reading.figures, node.decimals), _own_state(reading))


def _own_state(reading: Reading) -> Codes:
    state = np.where(reading.known, np.int8(State.SCORED), np.int8(State.NO_VALUE))
    return np.where(reading.zero_denominator, np.int8(State.ZERO_DENOMINATOR), state)


def _group(cohort: _Cohort, node: _Node, rule: Sum | WeightedMean) -> _Outcome:
    """The children together; excluded where all of them are, without a value where nothing is known."""
    children = [Child(child.points, child.known, child.excluded, child.max, weight) for child, weight in node.children]
    factor = Fraction(10**node.decimals, 10**cohort.component)
    points = (sum_points if isinstance(rule, Sum) else mean_points)(children, node.max, factor)
    known = _any([child.known for child in node.scored], cohort)
    gone = _all([child.excluded for child in node.scored], cohort)
    state = np.where(known, np.int8(State.SCORED), np.int8(State.NO_VALUE))
    return _Outcome(points, np.where(gone, np.int8(State.EXCLUDED), state))


def _merge(units: Mask, outcome: _Outcome, others: _Outcome) -> _Outcome:
    if units.all():
        return outcome
    return _Outcome(outcome.points.where(units, others.points), np.where(units, outcome.state, others.state))


def _settle(cohort: _Cohort, node: _Node, outcome: _Outcome, rule: Codes, summed: Mask, by_source: Mask) -> Scored:
    """The node with its policies applied, and what its points rest on."""
    state = outcome.state
    points, known, excluded = _with_policies(cohort, node, outcome)
    absent, added = np.equal(state, State.NO_VALUE), summed & np.equal(state, State.SCORED)
    whole = ~absent if policy_for(node.missing.no_value, cohort.level) == "none" else cohort.everybody
    if node.children:
        below = _all([child.complete for child in node.scored], cohort)
        whole = np.where(added, below, whole | (summed & below))
    reported = by_source & np.equal(state, State.SCORED)
    covered, coverable = _coverage(node, ~(summed | absent | excluded), excluded)
    return Scored(
        max=node.max,
        points=points,
        known=known,
        excluded=excluded,
        rule=rule,
        state=state,
        summed=summed,
        complete=whole,
        reported=reported | (added & _any([child.reported for child, _ in node.children], cohort)),
        computed=np.where(added, _any([child.computed for child, _ in node.children], cohort), known & ~reported),
        covered=covered,
        coverable=coverable,
    )


def _with_policies(cohort: _Cohort, node: _Node, outcome: _Outcome) -> tuple[Ints, Mask, Mask]:
    """Points, known and excluded, once the criterion has said what an absent figure and a zero denominator earn."""
    state = outcome.state
    points, known, excluded = outcome.points.rounded(), np.equal(state, State.SCORED), np.equal(state, State.EXCLUDED)
    if known.all():
        return points, known, excluded
    points = np.where(known, points, 0)
    policies = {State.NO_VALUE: node.missing.no_value, State.ZERO_DENOMINATOR: node.missing.zero_denominator}
    for absence, stated in policies.items():
        units, policy = np.equal(state, absence), policy_for(stated, cohort.level)
        if policy == "full":
            points = np.where(units, _full(node.max, node.decimals), points)
        known = known | units if policy in ("full", "zero") else known
        excluded = excluded | units if policy == "exclude" else excluded
    return points, known, excluded


def _coverage(node: _Node, own: Mask, excluded: Mask) -> tuple[Ints, Ints]:
    """Points of the leaves with a figure and of all leaves. A node with a figure of its own stands for its leaves."""
    top = scaled(node.max)
    if not node.children:
        return np.where(own, top, 0), np.where(excluded, 0, top)
    covered: Ints = np.add.reduce([child.covered for child, _ in node.children])
    coverable: Ints = np.add.reduce([child.coverable for child, _ in node.children])
    return (
        np.where(excluded, 0, np.where(own, top, covered)),
        np.where(excluded, 0, np.where(own, top, coverable)),
    )


def _any(masks: Sequence[Mask], cohort: _Cohort) -> Mask:
    found: Mask = np.logical_or.reduce([cohort.nobody, *masks])
    return found


def _all(masks: Sequence[Mask], cohort: _Cohort) -> Mask:
    without_exception: Mask = np.logical_and.reduce([cohort.everybody, *masks])
    return without_exception


def _method(total: Scored) -> Codes:
    """Reported where nothing was computed below the total, computed where nothing was reported, else mixed."""
    return np.where(total.computed, np.where(total.reported, np.int8(2), np.int8(1)), np.int8(0))
