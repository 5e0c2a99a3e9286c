"""What points rest on: by which way a board came to them, how finely they were printed, when they were looked up.

Source: docs/domain.md, Ranks and changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from app.domain.frameworks.framework import Criterion, Framework, rules_of
from app.domain.scoring.arithmetic import Ints, Mask
from app.domain.scoring.board import METHODS, Board
from app.domain.scoring.node_scores import NO_VALUE, SCORED, Codes, NodeScores

NEUTRAL, STATED, FIGURED, ADDED = range(4)
"""No figure gave the points; a source states them; a rule made them of a figure; they are the children's."""
NOT_PRINTED = -1
"""The decimals of what no source states; nobody prints fewer than none."""

_Reading = Callable[[Criterion | Framework, NodeScores], Ints]
"""A number of each unit about one node that is not added up."""


@dataclass(frozen=True, slots=True)
class Support:
    """What the points of a board rest on; every array has shape (units,).

    `derived`: the total adds up points that sources state, and misses none. `coarse`: these are printed less finely
    than totals are.
    `observed_at`: the latest look-up among the figures behind the total, 0 without any; `groups`, behind each group.
    """

    derived: Mask
    coarse: Mask
    observed_at: Ints
    groups: Mapping[str, Ints]


def support(board: Board, observed_at: Mapping[str, Ints], decimals: Mapping[str, Ints]) -> Support:
    """What a board rests on, given when each indicator's figures were looked up, and with how many decimals stated."""

    def looked_up(node: Criterion | Framework, scored: NodeScores) -> Ints:
        return _read(node, scored, observed_at, 0)

    def printed(node: Criterion | Framework, scored: NodeScores) -> Ints:
        found = _read(node, scored, decimals, NOT_PRINTED)
        return np.where(kind_of(scored) == STATED, found, NOT_PRINTED)

    finest = _most(board, board.framework, board.total, printed)
    groups = {top.code: _most(board, top, board.nodes[top.code], looked_up) for top in board.framework.criteria}
    below = [groups[top.code] for top in board.framework.criteria if board.nodes[top.code].max]
    added = kind_of(board.total) == ADDED
    coarse = added & (finest != NOT_PRINTED) & (finest < board.framework.rounding.total)
    stated = coarse | (added & (board.method == METHODS.index("reported")))
    total = _or_below(board.total, looked_up(board.framework, board.total), below)
    for each in board.adjustments:
        told = observed_at.get(each.adjustment.indicator)
        total = total if told is None else np.where(each.known, np.maximum(total, told), total)
    return Support(
        derived=stated & ~board.incomplete & ~board.flags["partial"],
        coarse=coarse,
        observed_at=total,
        groups=groups,
    )


def kind_of(node: NodeScores) -> Codes:
    """The way in which each unit came to the points of a node; what a policy gives goes with every way."""
    way = np.where(node.summed, np.int8(ADDED), np.where(node.reported, np.int8(STATED), np.int8(FIGURED)))
    return np.where(node.state == SCORED, way, np.int8(NEUTRAL))


def groups_differ(now: Board, before: Board, rows: Ints) -> dict[str, Mask]:
    """Of each top criterion, the units whose points were come by in another way before, there or anywhere below it.

    `rows`: where the units of the later board stand in the earlier one, under the same rules.
    """
    return {top.code: _differs(now, before, rows, top) for top in now.framework.criteria}


def total_differs(now: Board, before: Board, rows: Ints, groups: Mapping[str, Mask]) -> Mask:
    """The units whose total was come by in another way before, itself or any of the groups that it adds up."""
    found, added = _kinds_differ(now.total, before.total, rows)
    tops = [top.code for top in now.framework.criteria if now.nodes[top.code].max]
    counted = [groups[code] | _given_once(now, before, rows, code) for code in tops]
    return found | (added & np.logical_or.reduce(counted)) if counted else found


def _given_once(now: Board, before: Board, rows: Ints, code: str) -> Mask:
    """Who has points of a group on one side alone, and on the other figures of n of 0 that earned none.

    Where figures are absent instead, the total is incomplete, and that says more; one that is left out shares its
    weight among the others.
    """
    later, earlier = now.nodes[code], before.nodes[code]
    complete = ~now.incomplete & ~before.incomplete[rows] & ~later.excluded & ~earlier.excluded[rows]
    once: Mask = complete & (later.known != earlier.known[rows])
    return once


def _differs(now: Board, before: Board, rows: Ints, node: Criterion) -> Mask:
    found, added = _kinds_differ(now.nodes[node.code], before.nodes[node.code], rows)
    for child in node.criteria if added.any() else ():
        if now.nodes[child.code].max:
            found = found | (added & _differs(now, before, rows, child))
    return found


def _kinds_differ(now: NodeScores, before: NodeScores, rows: Ints) -> tuple[Mask, Mask]:
    """Who came to the points of one node in another way, and for whom they are the children's on both sides."""
    later, earlier = kind_of(now), kind_of(before)[rows]
    return (later != earlier) & (later != NEUTRAL) & (earlier != NEUTRAL), (later == ADDED) & (earlier == ADDED)


def _most(board: Board, node: Criterion | Framework, scored: NodeScores, reading: _Reading) -> Ints:
    """The largest number read off a node, or off the children where the points are theirs."""
    own = reading(node, scored)
    if not node.criteria or not scored.summed.any():
        return own
    children = ((child, board.nodes[child.code]) for child in node.criteria)
    below = [_most(board, child, each, reading) for child, each in children if each.max]
    return _or_below(scored, own, below)


def _or_below(scored: NodeScores, own: Ints, below: Sequence[Ints]) -> Ints:
    """The largest of the children's numbers where the points are theirs."""
    return np.where(scored.summed, reduce(np.maximum, below), own) if below else own


def _read(node: Criterion | Framework, scored: NodeScores, figures: Mapping[str, Ints], nothing: int) -> Ints:
    """What is told of the figure that each unit's rule read; `nothing` where it read none."""
    found = np.full(scored.points.shape, nothing, dtype=np.int64)
    for position, rule in enumerate(rules_of(node)):
        told = [figures[code] for code in rule.reads if code in figures]
        if told:
            read = (scored.rule == position) & (scored.state != NO_VALUE)
            found = np.where(read, reduce(np.maximum, told), found)
    return found
