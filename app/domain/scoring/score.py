"""Scores of a cohort: every node of a framework's tree for every unit, in exact integers.

`score` walks the tree once, children first. At each node the first applicable rule is chosen unit by unit, its
points are rounded, and where a figure is absent or its denominator is zero the criterion's own policy decides.
Sources: docs/domain.md, Missing figures; docs/domain.md, Totals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from app.domain.figures import scaled
from app.domain.frameworks.framework import Criterion, Framework, Missing, rules_of
from app.domain.frameworks.rules import AnyRule, CombiningRule, Normalise, OwnRule, Ratio, Reported
from app.domain.scoring.adjustments import adjusted, adjustment_points
from app.domain.scoring.applicable import applicable_points
from app.domain.scoring.arithmetic import Mask, Quotient
from app.domain.scoring.board import Board
from app.domain.scoring.combined_points import combined_points
from app.domain.scoring.masks import CohortMasks
from app.domain.scoring.node_rules import NO_RULE, Node, RuleResult, ScoringContext
from app.domain.scoring.node_scores import (
    EXCLUDED,
    NO_VALUE,
    SCORED,
    ZERO_DENOMINATOR,
    Codes,
    NodeScores,
)
from app.domain.scoring.peers import ALONE, PeerKey, Positions, key_of
from app.domain.scoring.points import IndicatorColumn, RuleInput, own_points, share_of
from app.domain.scoring.policies import apply_policies, not_applicable
from app.domain.vocabulary import Level

REPORTED, COMPUTED, MIXED = range(3)
"""Positions in board.METHODS."""


def score(
    framework: Framework,
    level: Level,
    columns: Mapping[str, IndicatorColumn],
    size: int,
    positions: Mapping[PeerKey, Positions] = ALONE,
) -> Board:
    """The board of `size` units of one level; `columns` holds the known indicators, each with arrays of that size.

    `positions` of their figures among all who are compared; without them a rule that compares units has no figure.
    """
    framework = framework.at(level)
    cohort = _cohort(framework, level, columns, size, positions)
    nodes: dict[str, NodeScores] = {}
    tops = [_score(cohort, framework, top, nodes) for top in framework.criteria]
    weights, decimals = framework.weights_of(framework), framework.rounding.total
    applicable = applicable_points(nodes, framework) if framework.total.share_of_applicable else None
    root = Node(framework.total_max, rules_of(framework), Missing(), decimals, tops, weights, True, applicable)
    total, exact = _score_node(cohort, root)
    masks = cohort.masks
    absent = [masks.difference(masks.everybody, _settled(masks, top)) for top in root.scored]
    incomplete = masks.intersection(total.known, total.summed, masks.union(*absent))
    method = _method(masks, total)
    board = Board(framework, level, size, nodes, total, exact.within_edges(), incomplete, method, positions)
    parts = adjustment_points(cohort, framework)
    if not parts:
        return board
    after, exact = adjusted(framework, total, exact, parts)
    return replace(board, total=after, exact=exact.within_edges(), adjustments=parts, unadjusted=total)


def _cohort(
    framework: Framework,
    level: Level,
    columns: Mapping[str, IndicatorColumn],
    size: int,
    positions: Mapping[PeerKey, Positions],
) -> ScoringContext:
    masks, zeros = CohortMasks(size), np.zeros(size, dtype=np.int64)
    unknown, no_rule, nobody = masks.codes(NO_VALUE), masks.codes(NO_RULE), masks.nobody
    nothing = RuleResult(Quotient(zeros, 1, 0), unknown, no_rule, nobody, nobody, nobody)
    unreported = IndicatorColumn(zeros, zeros, zeros, nobody, nobody)
    decimals, within_groups = framework.rounding.component, not framework.total.share_of_applicable
    return ScoringContext(level, columns, decimals, masks, nothing, unreported, positions, within_groups)


def _score(
    cohort: ScoringContext, framework: Framework, criterion: Criterion, nodes: dict[str, NodeScores]
) -> NodeScores:
    """A criterion with everything under it, entered into `nodes` parents first."""
    below: dict[str, NodeScores] = {}
    children = [_score(cohort, framework, child, below) for child in criterion.criteria]
    top = framework.max_of(criterion)
    if criterion.applies_to is not None and cohort.level not in criterion.applies_to:
        node = not_applicable(cohort, top, criterion.otherwise)
    else:
        weights, decimals = framework.weights_of(criterion), cohort.component
        node, _ = _score_node(cohort, Node(top, rules_of(criterion), criterion.missing, decimals, children, weights))
    nodes[criterion.code] = node
    nodes.update(below)
    return node


def _score_node(cohort: ScoringContext, node: Node) -> tuple[NodeScores, Quotient]:
    """A node for every unit: choose its rule, take the points, and let the policies speak where there are none."""
    outcome = cohort.nothing
    for index, units in _chosen(cohort, node):
        outcome = _merge(cohort.masks, units, _apply(cohort, node, index), outcome)
    return apply_policies(cohort, node, outcome), outcome.points


def _chosen(cohort: ScoringContext, node: Node) -> Iterator[tuple[int, Mask]]:
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


def _available(cohort: ScoringContext, node: Node, rule: AnyRule) -> Mask:
    """Where an optional rule applies: it has its value; a sum misses no component, at the root has any group."""
    masks = cohort.masks
    if isinstance(rule, CombiningRule):
        if node.root:
            return masks.union(*(child.known for child in node.scored))
        return masks.intersection(*(child.complete for child in node.scored))
    column = cohort.column(rule.indicator)
    stated = masks.shared(column.has_value)
    if isinstance(rule, Ratio) and rule.of is not None:
        return masks.intersection(stated, masks.shared(cohort.column(rule.of).has_value))
    return stated if isinstance(rule, Reported) else masks.union(stated, masks.shared(column.has_counts))


def _read(cohort: ScoringContext, rule: OwnRule) -> RuleInput:
    """What a rule takes of its indicator: reported points as stated, else counts before a stated value."""
    column = cohort.column(rule.indicator)
    if isinstance(rule, Ratio) and rule.of is not None:
        return share_of(column, cohort.column(rule.of))
    if isinstance(rule, Normalise) and rule.compares:
        found = cohort.positions.get(key_of(rule))
        return cohort.unreported.stated if found is None else found.reading
    return column.stated if isinstance(rule, Reported) else column.best


def _apply(cohort: ScoringContext, node: Node, index: int) -> RuleResult:
    """One rule for all units, whether they use it or not."""
    masks, rule = cohort.masks, node.rules[index]
    if isinstance(rule, CombiningRule):
        points, state = combined_points(rule, node, cohort), _group_state(masks, node)
        return RuleResult(points, state, masks.codes(index), masks.everybody, masks.nobody, masks.nobody)
    reading, by_source = _read(cohort, rule), isinstance(rule, Reported)
    earned = own_points(rule, node.max, reading.figures, node.decimals)
    source, above = masks.nobody, masks.nobody
    if by_source:
        source, above = masks.everybody, masks.shared(reading.figures.numerator > scaled(node.max))
    return RuleResult(earned, reading.state, masks.codes(index), masks.nobody, source, above)


def _group_state(masks: CohortMasks, node: Node) -> Codes:
    """Excluded where all children are; where none has points, n of 0 if each that counts is, else without a value."""
    known = masks.union(*(child.known for child in node.scored))
    if known is masks.everybody:
        return masks.codes(SCORED)
    settled = masks.intersection(*(_settled(masks, child) for child in node.scored))
    gone = masks.intersection(*(child.excluded for child in node.scored))
    state = masks.where(settled, masks.codes(ZERO_DENOMINATOR), masks.codes(NO_VALUE))
    return masks.where(gone, masks.codes(EXCLUDED), masks.where(known, masks.codes(SCORED), state))


def _settled(masks: CohortMasks, node: NodeScores) -> Mask:
    """Who has points, is left out, or has n of 0: that is known, whatever it earns."""
    told = masks.union(node.known, node.excluded)
    return told if told is masks.everybody else masks.union(told, masks.shared(node.zero_denominator))


def _merge(masks: CohortMasks, units: Mask, outcome: RuleResult, others: RuleResult) -> RuleResult:
    """One outcome for some units, the other one for the rest."""
    if units is masks.everybody:
        return outcome
    return RuleResult(
        outcome.points.where(units, others.points),
        masks.where(units, outcome.state, others.state),
        masks.where(units, outcome.rule, others.rule),
        masks.union(masks.intersection(units, outcome.summed), masks.difference(others.summed, units)),
        masks.union(masks.intersection(units, outcome.by_source), masks.difference(others.by_source, units)),
        masks.union(masks.intersection(units, outcome.exceeding), masks.difference(others.exceeding, units)),
    )


def _method(masks: CohortMasks, total: NodeScores) -> Codes:
    """Computed where no source reports any of the points, reported where nothing else was read, else mixed.

    Points that a policy gives count for neither; a total of nothing else follows from the rules, so it is computed.
    """
    by_rules = masks.difference(total.known, masks.difference(total.reported, total.computed))
    computed = masks.where(total.reported, masks.codes(MIXED), masks.codes(COMPUTED))
    return masks.where(by_rules, computed, masks.codes(REPORTED))
