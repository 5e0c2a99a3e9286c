"""What changed between two boards: total, groups and rank, and when such a difference would not be true.

Source: docs/domain.md, Ranks and changes.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.scoring.arithmetic import LIMIT, Ints, Mask, magnitude, wide
from app.domain.scoring.basis import ADDED, Support, groups_differ, kind_of, total_differs
from app.domain.scoring.board import Board, GroupPoints, groups, view
from app.domain.scoring.node_scores import NodeScores
from app.domain.scoring.ranking import Standing

_Amounts = tuple[Ints, Mask]
"""Numbers of shape (units,), and who has one."""


@dataclass(frozen=True, slots=True)
class DifferenceArray:
    """Now minus before, scaled like what it compares; 0 where not `known`. Shape (units,)."""

    points: Ints
    known: Mask


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of every unit of the later board. A rank's is positive where the place improved: 22 → 8 is +14.

    `flags`: the units that carry each flag that says why a change is not given, or what to know before citing it; a
    flag of nobody is left out.
    """

    total: DifferenceArray
    rank: DifferenceArray
    groups: Mapping[str, DifferenceArray]
    flags: Mapping[str, Mask]


@dataclass(frozen=True, slots=True)
class UnitsChanged:
    """The units that an event made another body between the two boards, and those that it only put elsewhere."""

    reformed: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComparedBoard:
    """One side of a comparison: a board with its places, and what its points rest on."""

    standing: Standing
    support: Support

    @property
    def board(self) -> Board:
        return self.standing.board


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two sides; where the units of the later one stand in the earlier, and for whom the comparison holds.

    `comparable`: the unit was there, under the same version of the rules, and is the same body.
    """

    now: ComparedBoard
    before: ComparedBoard
    rows: Ints
    there: Mask
    reformed: Mask
    moved: Mask
    same_period: bool

    @property
    def same_rules(self) -> bool:
        return self.now.board.framework.id == self.before.board.framework.id

    @property
    def comparable(self) -> Mask:
        return self.there & ~self.reformed if self.same_rules else np.zeros_like(self.there)

    def earlier(self, amounts: _Amounts) -> _Amounts:
        """Amounts of the earlier board in the order of the later one."""
        return (amounts[0][self.rows], self.was(amounts[1])) if amounts[1].size else (self.rows * 0, self.there)

    def was(self, units: Mask) -> Mask:
        """Who was among some units of the earlier board."""
        return units[self.rows] & self.there if units.size else self.there

    def again(self, now: Ints, before: Ints) -> Mask:
        """Whose figures were looked up anew; between two periods everybody's are others."""
        if not self.same_period or not before.size:
            return np.ones_like(self.there)
        fresh: Mask = now > before[self.rows]
        return fresh


def compare(
    now: ComparedBoard,
    before: ComparedBoard,
    view_code: str | None = None,
    units: UnitsChanged = UnitsChanged(),
    *,
    same_period: bool = False,
) -> Changes:
    """The changes since `before`, unit by unit; a unit that was not there has none.

    Only like is compared with like: the same body under the same version of the rules, whole on both sides, come by in
    the same way, exact; ranks, among the same units. Between two moments of one period (`same_period`) a unit that was
    not looked up again has no change.
    """
    pair = _pair(now, before, units, same_period)
    same_cohort = _ranked(now.standing) == _ranked(before.standing)
    again = pair.again(now.support.observed_at, before.support.observed_at)
    comparable = pair.comparable & again
    both, (basis, basis_of_groups) = _both_known(pair), _bases_changed(pair)
    whole = _whole_total(now.board) & pair.was(_whole_total(before.board))
    exact = ~(now.support.coarse | pair.was(before.support.coarse))
    total = _minus(_total(now), pair.earlier(_total(before)), comparable & whole & exact & ~basis)
    rank = _minus(pair.earlier(_rank(before)), _rank(now), comparable & ~pair.moved & same_cohort)
    method = before.board.method[pair.rows] != now.board.method if before.board.size else pair.there
    flags = {
        "rules_changed": np.full(now.board.size, not pair.same_rules),
        "unit_changed": pair.reformed,
        "cohort_changed": pair.moved | (not same_cohort),
        "before_incomplete": pair.comparable & pair.was(~_whole(before.board)),
        "method_changed": both & method,
        "basis_changed": both & basis,
        "derived_total": both & ~exact & ~basis,
        "not_observed_again": pair.comparable & ~again,
    }
    found = {code: who for code, who in flags.items() if who.any()}
    return Changes(total, rank, _groups(pair, view_code, basis_of_groups), found)


def _pair(now: ComparedBoard, before: ComparedBoard, units: UnitsChanged, same_period: bool) -> _Pair:
    codes = now.standing.codes
    place = {code: row for row, code in enumerate(before.standing.codes)}
    rows = np.array([place.get(code, 0) for code in codes], dtype=np.int64)
    there, reformed, moved = (_among(codes, chosen) for chosen in (place, units.reformed, units.moved))
    return _Pair(now, before, rows, there, reformed, moved, same_period)


def _among(codes: Sequence[str], chosen: Container[str]) -> Mask:
    if not chosen:
        return np.zeros(len(codes), dtype=np.bool_)
    return np.array([code in chosen for code in codes], dtype=np.bool_)


def _both_known(pair: _Pair) -> Mask:
    """Who has a total on both sides that the same rules gave."""
    return pair.comparable & pair.now.board.total.known & pair.was(pair.before.board.total.known)


def _bases_changed(pair: _Pair) -> tuple[Mask, Mapping[str, Mask]]:
    """Whose total, and whose groups, were come by in another way; nobody's where nothing can be compared."""
    now, before = pair.now.board, pair.before.board
    if not pair.comparable.any():
        return np.zeros_like(pair.there), {}
    groups_changed = groups_differ(now, before, pair.rows)
    return total_differs(now, before, pair.rows, groups_changed), groups_changed


def _whole(board: Board) -> Mask:
    """Whose board misses nothing that counts."""
    whole: Mask = ~(board.incomplete | board.flags["partial"])
    return whole


def _whole_total(board: Board) -> Mask:
    """Whose total misses nothing; one that a source states is whole, whatever is known of the groups."""
    whole: Mask = ~board.incomplete & ~(board.flags["partial"] & (kind_of(board.total) == ADDED))
    return whole


def _groups(pair: _Pair, view_code: str | None, bases: Mapping[str, Mask]) -> dict[str, DifferenceArray]:
    """The changes of the groups or of the view's; groups of other rules need not even have the same codes."""
    now, before = pair.now.board, pair.before.board
    shown, nothing = _shown(now, view_code), np.zeros(now.size, dtype=np.int64)
    if not pair.comparable.any():
        return {code: DifferenceArray(nothing, pair.comparable) for code in shown}
    past, alike = _shown(before, view_code), _comparable_groups(pair, bases)
    members = _members(now, view_code)
    return {
        code: _minus(
            (group.points, group.known),
            pair.earlier((past[code].points, past[code].known)),
            np.logical_and.reduce([pair.comparable, *(alike[member] for member in members[code])]),
        )
        for code, group in shown.items()
    }


def _comparable_groups(pair: _Pair, bases: Mapping[str, Mask]) -> dict[str, Mask]:
    """Of each top criterion, who has it whole on both sides, come by in the same way and looked up anew.

    One that is left out on both sides, or has no points to give, stands in nobody's way.
    """
    found = {}
    for top in pair.now.board.framework.criteria:
        now, before = pair.now.board.nodes[top.code], pair.before.board.nodes[top.code]
        again = pair.again(pair.now.support.groups[top.code], pair.before.support.groups[top.code])
        whole = _complete(now) & pair.was(_complete(before))
        found[top.code] = (whole & ~bases[top.code] & again) | (now.excluded & pair.was(before.excluded))
        if not now.max:
            found[top.code] = pair.there
    return found


def _complete(node: NodeScores) -> Mask:
    whole: Mask = node.known & node.complete
    return whole


def _members(board: Board, view_code: str | None) -> dict[str, tuple[str, ...]]:
    """The top criteria that each group shown consists of."""
    if view_code is None:
        return {top.code: (top.code,) for top in board.framework.criteria}
    found = {one.code: one for one in board.framework.views}[view_code]
    return {group.code: tuple(group.members) for group in found.groups}


def _shown(board: Board, view_code: str | None) -> dict[str, GroupPoints]:
    return groups(board) if view_code is None else view(board.framework, board, view_code)


def _total(side: ComparedBoard) -> _Amounts:
    return side.board.total.points, side.board.total.known


def _rank(side: ComparedBoard) -> _Amounts:
    return side.standing.rank, side.standing.ranked


def _ranked(standing: Standing) -> set[str]:
    return {code for code, ranked in zip(standing.codes, standing.ranked, strict=True) if ranked}


def _minus(later: _Amounts, earlier: _Amounts, comparable: Mask) -> DifferenceArray:
    known = later[1] & earlier[1] & comparable
    first, second = later[0], earlier[0]
    if magnitude(first) + magnitude(second) >= LIMIT:
        first, second = wide(first), wide(second)
    return DifferenceArray(np.where(known, first - second, 0), known)
