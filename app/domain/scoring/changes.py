"""What changed between two boards: total, groups and rank, and when such a difference would not be true.

Source: docs/domain.md, Ranks and changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.scoring.arithmetic import LIMIT, Ints, Mask, magnitude, wide
from app.domain.scoring.board import GroupPoints, groups, view
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

    `flags`: the units that carry `rules_changed`, `cohort_changed`, `method_changed`; a flag of nobody is left out.
    """

    total: DifferenceArray
    rank: DifferenceArray
    groups: Mapping[str, DifferenceArray]
    flags: Mapping[str, Mask]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Where the units of the later board stand in the earlier one, and for whom the comparison holds."""

    rows: Ints
    there: Mask
    comparable: Mask

    def of(self, amounts: _Amounts) -> _Amounts:
        """The earlier amounts in the order of the later board."""
        if not amounts[1].size:
            return np.zeros(self.rows.shape, dtype=np.int64), self.there
        return amounts[0][self.rows], amounts[1][self.rows] & self.there


def compare(now: Standing, before: Standing, view_code: str | None = None) -> Changes:
    """The changes since `before`, unit by unit; a unit that was not there has none.

    Another framework version makes points and ranks incomparable, another set of ranked units the ranks alone.
    """
    earlier = _earlier(now, before)
    same_cohort = _ranked(now) == _ranked(before)
    total = _minus(_total(now), earlier.of(_total(before)), earlier.comparable)
    rank = _minus(earlier.of(_rank(before)), _rank(now), earlier.comparable & same_cohort)
    flags = {
        "rules_changed": np.full(now.board.size, now.board.framework.id != before.board.framework.id),
        "cohort_changed": np.full(now.board.size, not same_cohort),
        "method_changed": total.known & (earlier.of((before.board.method, before.ranked))[0] != now.board.method),
    }
    return Changes(
        total, rank, _groups(now, before, earlier, view_code), {code: who for code, who in flags.items() if who.any()}
    )


def _earlier(now: Standing, before: Standing) -> _Earlier:
    place = {code: row for row, code in enumerate(before.codes)}
    there = np.array([code in place for code in now.codes], dtype=np.bool_)
    rows = np.array([place.get(code, 0) for code in now.codes], dtype=np.int64)
    return _Earlier(rows, there, there & (now.board.framework.id == before.board.framework.id))


def _groups(now: Standing, before: Standing, earlier: _Earlier, view_code: str | None) -> dict[str, DifferenceArray]:
    """The changes of the groups or of the view's; groups of other rules need not even have the same codes."""
    shown, nothing = _shown(now, view_code), np.zeros(now.board.size, dtype=np.int64)
    if not earlier.comparable.any():
        return {code: DifferenceArray(nothing, earlier.comparable) for code in shown}
    past = _shown(before, view_code)
    return {
        code: _minus((group.points, group.known), earlier.of((past[code].points, past[code].known)), earlier.comparable)
        for code, group in shown.items()
    }


def _shown(standing: Standing, view_code: str | None) -> dict[str, GroupPoints]:
    if view_code is None:
        return groups(standing.board)
    return view(standing.board.framework, standing.board, view_code)


def _total(standing: Standing) -> _Amounts:
    return standing.board.total.points, standing.board.total.known


def _rank(standing: Standing) -> _Amounts:
    return standing.rank, standing.ranked


def _ranked(standing: Standing) -> set[str]:
    return {code for code, ranked in zip(standing.codes, standing.ranked, strict=True) if ranked}


def _minus(later: _Amounts, earlier: _Amounts, comparable: Mask) -> DifferenceArray:
    known = later[1] & earlier[1] & comparable
    first, second = later[0], earlier[0]
    if magnitude(first) + magnitude(second) >= LIMIT:
        first, second = wide(first), wide(second)
    return DifferenceArray(np.where(known, first - second, 0), known)
