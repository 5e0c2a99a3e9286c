"""Scores of a cohort: every node of a framework's tree for every unit, in exact integers.

`score` walks the tree once, children first. At each node the first applicable rule is chosen unit by unit, its
points are rounded, and where a figure is absent or its denominator is zero the criterion's own policy decides.
Sources: docs/domain.md, Missing figures; docs/domain.md, Totals.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.framework import Criterion, Framework, Missing, policy_for, rules_of
from app.domain.frameworks.rules import AnyRule, Reported, Sum, WeightedMean
from app.domain.scoring.arithmetic import Ints, Mask, Quotient, pick, round_half_up
from app.domain.scoring.board import (
    EXCLUDED,
    NO_VALUE,
    NOT_APPLICABLE,
    SCORED,
    ZERO_DENOMINATOR,
    Board,
    Codes,
    NodeScores,
)
from app.domain.scoring.masks import CohortMasks
from app.domain.scoring.points import IndicatorColumn, mean_points, own_points, sum_points
from app.domain.vocabulary import Level

NO_RULE = -1
REPORTED, COMPUTED, MIXED = range(3)
"""Positions in board.METHODS."""


class _RuleResult(NamedTuple):
    """What the rules made of a node before any policy: points, how they came about, and which rule gave them."""

    points: Quotient
    state: Codes
    rule: Codes
    summed: Mask
    by_source: Mask


@dataclass(frozen=True, slots=True)
class _ScoringContext:
    """What all nodes share."""

    level: Level
    columns: Mapping[str, IndicatorColumn]
    component: int
    masks: CohortMasks
    nothing: _RuleResult
    """Of a node none of whose rules applies."""
    unreported: IndicatorColumn
    """The figures of an indicator that nobody has."""

    def column(self, indicator: str) -> IndicatorColumn:
        return self.columns.get(indicator, self.unreported)


class _Node(NamedTuple):
    """What a criterion and the total have in common."""

    max: Decimal
    rules: Sequence[AnyRule]
    missing: Missing
    decimals: int
    children: Sequence[NodeScores]
    weights: Sequence[Decimal]
    root: bool = False

    @property
    def scored(self) -> Sequence[NodeScores]:
        """The children that count; a criterion with a max of 0 is a statistic."""
        return [child for child in self.children if child.max] or self.children


def score(framework: Framework, level: Level, columns: Mapping[str, IndicatorColumn], size: int) -> Board:
    """The board of `size` units of one level; `columns` holds the known indicators, each with arrays of that size."""
    cohort = _cohort(framework, level, columns, size)
    nodes: dict[str, NodeScores] = {}
    tops = [_score(cohort, framework, top, nodes) for top in framework.criteria]
    weights, decimals = framework.weights_of(framework), framework.rounding.total
    root = _Node(framework.total_max, rules_of(framework), Missing(), decimals, tops, weights, root=True)
    total, exact = _score_node(cohort, root)
    masks = cohort.masks
    absent = [masks.difference(masks.everybody, masks.union(top.known, top.excluded)) for top in root.scored]
    incomplete = masks.intersection(total.known, total.summed, masks.union(*absent))
    return Board(framework, level, size, nodes, total, exact.within_edges(), incomplete, _method(masks, total))


def _cohort(framework: Framework, level: Level, columns: Mapping[str, IndicatorColumn], size: int) -> _ScoringContext:
    masks, zeros = CohortMasks(size), np.zeros(size, dtype=np.int64)
    unknown, no_rule, nobody = masks.codes(NO_VALUE), masks.codes(NO_RULE), masks.nobody
    nothing = _RuleResult(Quotient(zeros, 1, 0), unknown, no_rule, nobody, nobody)
    unreported = IndicatorColumn(zeros, zeros, zeros, nobody, nobody)
    return _ScoringContext(level, columns, framework.rounding.component, masks, nothing, unreported)


def _score(
    cohort: _ScoringContext, framework: Framework, criterion: Criterion, nodes: dict[str, NodeScores]
) -> NodeScores:
    """A criterion with everything under it, entered into `nodes` parents first."""
    below: dict[str, NodeScores] = {}
    children = [_score(cohort, framework, child, below) for child in criterion.criteria]
    top = framework.max_of(criterion)
    if criterion.applies_to is not None and cohort.level not in criterion.applies_to:
        node = _not_applicable(cohort, top, criterion.otherwise)
    else:
        weights, decimals = framework.weights_of(criterion), cohort.component
        node, _ = _score_node(cohort, _Node(top, rules_of(criterion), criterion.missing, decimals, children, weights))
    nodes[criterion.code] = node
    nodes.update(below)
    return node


def _not_applicable(cohort: _ScoringContext, top: Decimal, otherwise: str) -> NodeScores:
    """All points, none, or out of the reckoning, for the whole cohort and whatever figures it has."""
    masks, gone = cohort.masks, otherwise == "exclude"
    points = _full(top, cohort.component) if otherwise == "full" else 0
    return NodeScores(
        max=top,
        points=np.full(masks.size, points, dtype=np.int64),
        bound=points,
        known=masks.nobody if gone else masks.everybody,
        excluded=masks.everybody if gone else masks.nobody,
        rule=masks.codes(NO_RULE),
        state=masks.codes(NOT_APPLICABLE),
        summed=masks.nobody,
        complete=masks.everybody,
        reported=masks.nobody,
        computed=masks.nobody if gone else masks.everybody,
        exceeding=masks.nobody,
    )


def _full(top: Decimal, decimals: int) -> int:
    """All points of a criterion, rounded like any others."""
    return round_half_up(Fraction(scaled(top) * 10**decimals, SCALE))


def _score_node(cohort: _ScoringContext, node: _Node) -> tuple[NodeScores, Quotient]:
    """A node for every unit: choose its rule, take the points, and let the policies speak where there are none."""
    outcome = cohort.nothing
    for index, units in _chosen(cohort, node):
        outcome = _merge(cohort.masks, units, _apply(cohort, node, index), outcome)
    return _apply_policies(cohort, node, outcome), outcome.points


def _chosen(cohort: _ScoringContext, node: _Node) -> Iterator[tuple[int, Mask]]:
    """The rules that some unit uses, with their units: for each unit the first that applies."""
    masks, left = cohort.masks, cohort.masks.everybody
    for index, rule in enumerate(node.rules):
        if not rule.applies_to(cohort.level):
            continue
        takes = masks.intersection(left, _available(cohort, node, rule)) if rule.optional else left
        if takes is not masks.nobody:
            yield index, takes
        left = masks.difference(left, takes)
        if left is masks.nobody:
            return


def _available(cohort: _ScoringContext, node: _Node, rule: AnyRule) -> Mask:
    """Where an optional rule applies: it has its value; a sum misses no component, at the root has any group."""
    masks = cohort.masks
    if isinstance(rule, Sum | WeightedMean):
        if node.root:
            return masks.union(*(child.known for child in node.scored))
        return masks.intersection(*(child.complete for child in node.scored))
    column = cohort.column(rule.indicator)
    stated = masks.shared(column.has_value)
    return stated if isinstance(rule, Reported) else masks.union(stated, masks.shared(column.has_counts))


def _apply(cohort: _ScoringContext, node: _Node, index: int) -> _RuleResult:
    """One rule for all units, whether they use it or not."""
    masks, rule = cohort.masks, node.rules[index]
    if isinstance(rule, Sum | WeightedMean):
        points, state = _group_points(cohort, node, rule), _group_state(masks, node)
        return _RuleResult(points, state, masks.codes(index), masks.everybody, masks.nobody)
    column, by_source = cohort.column(rule.indicator), isinstance(rule, Reported)
    reading = column.stated if by_source else column.best
    earned = own_points(rule, node.max, reading.figures, node.decimals)
    source = masks.everybody if by_source else masks.nobody
    return _RuleResult(earned, reading.state, masks.codes(index), masks.nobody, source)


def _group_points(cohort: _ScoringContext, node: _Node, rule: Sum | WeightedMean) -> Quotient:
    factor = Fraction(10**node.decimals, 10**cohort.component)
    if isinstance(rule, Sum):
        return sum_points(node.children, node.max, factor)
    return mean_points(node.children, node.weights, node.max, factor)


def _group_state(masks: CohortMasks, node: _Node) -> Codes:
    """Excluded where all children are, without a value where nothing is known."""
    known = masks.union(*(child.known for child in node.scored))
    gone = masks.intersection(*(child.excluded for child in node.scored))
    state = masks.where(known, masks.codes(SCORED), masks.codes(NO_VALUE))
    return masks.where(gone, masks.codes(EXCLUDED), state)


def _merge(masks: CohortMasks, units: Mask, outcome: _RuleResult, others: _RuleResult) -> _RuleResult:
    """One outcome for some units, the other one for the rest."""
    if units is masks.everybody:
        return outcome
    return _RuleResult(
        outcome.points.where(units, others.points),
        masks.where(units, outcome.state, others.state),
        masks.where(units, outcome.rule, others.rule),
        masks.union(masks.intersection(units, outcome.summed), masks.difference(others.summed, units)),
        masks.union(masks.intersection(units, outcome.by_source), masks.difference(others.by_source, units)),
    )


def _apply_policies(cohort: _ScoringContext, node: _Node, outcome: _RuleResult) -> NodeScores:
    """The node with its policies applied, and what its points rest on."""
    masks = cohort.masks
    scored = masks.shared(outcome.state == SCORED)
    points, bound, known, excluded = _with_policies(cohort, node, outcome, scored)
    reported = masks.intersection(outcome.by_source, scored)
    leaf = NodeScores(
        max=node.max,
        points=points,
        bound=bound,
        known=known,
        excluded=excluded,
        rule=outcome.rule,
        state=outcome.state,
        summed=outcome.summed,
        complete=_whole(cohort, node, outcome.state, scored),
        reported=reported,
        computed=masks.difference(known, reported),
        exceeding=_exceeding(masks, node, points, reported),
    )
    return _with_children(masks, node, leaf, scored) if node.children else leaf


def _exceeding(masks: CohortMasks, node: _Node, points: Ints, reported: Mask) -> Mask:
    """Whose points, as a source reports them, are more than all of them; every other rule stays below the max."""
    return (
        reported if reported is masks.nobody else masks.intersection(reported, points > _full(node.max, node.decimals))
    )


def _whole(cohort: _ScoringContext, node: _Node, state: Codes, scored: Mask) -> Mask:
    """Who has a value, 0/0 being one; everybody where a policy other than `none` speaks for an absent one."""
    if scored is cohort.masks.everybody or policy_for(node.missing.no_value, cohort.level) != "none":
        return cohort.masks.everybody
    return cohort.masks.shared(state != NO_VALUE)


def _with_children(masks: CohortMasks, node: _Node, own: NodeScores, scored: Mask) -> NodeScores:
    """A group whose points, for some units, are its children's: then so is what they rest on."""
    added = masks.intersection(own.summed, scored)
    complete = masks.intersection(own.summed, *(child.complete for child in node.scored))
    reported = masks.intersection(added, masks.union(*(child.reported for child in node.children)))
    computed = masks.intersection(added, masks.union(*(child.computed for child in node.children)))
    return replace(
        own,
        complete=masks.union(complete, masks.difference(own.complete, added)),
        reported=masks.union(reported, own.reported),
        computed=masks.union(computed, masks.difference(own.computed, added)),
    )


def _with_policies(
    cohort: _ScoringContext, node: _Node, outcome: _RuleResult, scored: Mask
) -> tuple[Ints, int, Mask, Mask]:
    """Points, their bound, known and excluded, once absent figures and zero denominators have got what they earn."""
    masks, points, state = cohort.masks, outcome.points.rounded(), outcome.state
    bound = outcome.points.ceiling(points)
    if scored is masks.everybody:
        return points, bound, scored, masks.nobody
    points, known, excluded = pick(scored, points, 0), scored, masks.shared(state == EXCLUDED)
    policies = ((NO_VALUE, node.missing.no_value), (ZERO_DENOMINATOR, node.missing.zero_denominator))
    for absence, stated in policies:
        policy = policy_for(stated, cohort.level)
        units = masks.nobody if policy == "none" else masks.shared(state == absence)
        if policy == "full":
            full = _full(node.max, node.decimals)
            points, bound = np.where(units, full, points), max(bound, full)
        known = masks.union(known, units) if policy in ("full", "zero") else known
        excluded = masks.union(excluded, units) if policy == "exclude" else excluded
    return points, bound, known, excluded


def _method(masks: CohortMasks, total: NodeScores) -> Codes:
    """Reported where nothing was computed below the total, computed where nothing was reported, else mixed."""
    computed = masks.where(total.reported, masks.codes(MIXED), masks.codes(COMPUTED))
    return masks.where(total.computed, computed, masks.codes(REPORTED))
