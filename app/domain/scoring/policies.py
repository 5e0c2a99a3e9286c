"""What a node earns where its rules gave no points, and what its points rest on then.

Source: docs/domain.md, Missing figures.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from app.domain.figures import SCALE, scaled
from app.domain.frameworks.framework import policy_for
from app.domain.scoring.arithmetic import Ints, Mask, kept, round_half_up
from app.domain.scoring.masks import CohortMasks
from app.domain.scoring.node_rules import NO_RULE, Node, RuleResult, ScoringContext
from app.domain.scoring.node_scores import (
    EXCLUDED,
    NO_VALUE,
    NOT_APPLICABLE,
    SCORED,
    ZERO_DENOMINATOR,
    Codes,
    NodeScores,
)


def not_applicable(cohort: ScoringContext, top: Decimal, otherwise: str) -> NodeScores:
    """All points, none, or out of the reckoning, for the whole cohort and whatever figures it has."""
    masks, gone = cohort.masks, otherwise == "exclude"
    points = full_points(top, cohort.component) if otherwise == "full" else 0
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
        computed=masks.nobody,
        exceeding=masks.nobody,
        covered=masks.everybody,
        asked=masks.nobody,
    )


def full_points(top: Decimal, decimals: int) -> int:
    """All points of a criterion, rounded like any others."""
    return round_half_up(Fraction(scaled(top) * 10**decimals, SCALE))


def apply_policies(cohort: ScoringContext, node: Node, outcome: RuleResult) -> NodeScores:
    """The node with its policies applied, and what its points rest on."""
    masks = cohort.masks
    scored = masks.shared(outcome.state == SCORED)
    points, bound, known, excluded = _with_policies(cohort, node, outcome, scored)
    reported = masks.intersection(outcome.by_source, scored)
    read = masks.difference(_read(masks, outcome.state, scored), outcome.summed)
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
        computed=masks.difference(scored, reported),
        exceeding=masks.intersection(outcome.exceeding, scored),
        covered=masks.union(read, excluded),
        asked=masks.difference(masks.everybody, excluded),
    )
    return _with_children(masks, node, leaf, scored) if node.children else leaf


def _read(masks: CohortMasks, state: Codes, scored: Mask) -> Mask:
    """Who has a figure, n of 0 being one."""
    return scored if scored is masks.everybody else masks.union(scored, masks.shared(state == ZERO_DENOMINATOR))


def _whole(cohort: ScoringContext, node: Node, state: Codes, scored: Mask) -> Mask:
    """Who has a value, 0/0 being one; everybody where a policy other than `none` speaks for an absent one."""
    if scored is cohort.masks.everybody or policy_for(node.missing.no_value, cohort.level) != "none":
        return cohort.masks.everybody
    return cohort.masks.shared(state != NO_VALUE)


def _with_children(masks: CohortMasks, node: Node, own: NodeScores, scored: Mask) -> NodeScores:
    """A group whose points, for some units, are its children's: then so is what they rest on."""
    added = masks.intersection(own.summed, scored)
    complete = masks.intersection(own.summed, *(child.complete for child in node.scored))
    reported = masks.intersection(added, masks.union(*(child.reported for child in node.children)))
    computed = masks.intersection(added, masks.union(*(child.computed for child in node.children)))
    below = masks.intersection(*(child.covered for child in node.scored))
    asked = masks.union(masks.difference(own.covered, own.excluded), *(child.asked for child in node.scored))
    return replace(
        own,
        covered=masks.union(own.covered, below),
        asked=masks.difference(asked, own.excluded),
        complete=masks.union(complete, masks.difference(own.complete, added)),
        reported=masks.union(reported, own.reported),
        computed=masks.union(computed, masks.difference(own.computed, added)),
    )


def _with_policies(
    cohort: ScoringContext, node: Node, outcome: RuleResult, scored: Mask
) -> tuple[Ints, int, Mask, Mask]:
    """Points, their bound, known and excluded, once absent figures and zero denominators have got what they earn."""
    masks, points, state = cohort.masks, outcome.points.rounded(), outcome.state
    bound = outcome.points.ceiling(points)
    if scored is masks.everybody:
        return points, bound, scored, masks.nobody
    points, known, excluded = kept(scored, points), scored, masks.shared(state == EXCLUDED)
    policies = ((NO_VALUE, node.missing.no_value), (ZERO_DENOMINATOR, node.missing.zero_denominator))
    for absence, stated in policies:
        policy = policy_for(stated, cohort.level)
        units = masks.nobody if policy == "none" else masks.shared(state == absence)
        if policy == "full":
            full = full_points(node.max, node.decimals)
            points, bound = np.where(units, full, points), max(bound, full)
        known = masks.union(known, units) if policy in ("full", "zero") else known
        excluded = masks.union(excluded, units) if policy == "exclude" else excluded
    return points, bound, known, excluded
