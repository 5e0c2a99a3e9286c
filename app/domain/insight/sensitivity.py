"""How sure a rank is: the places that units take while the weights of the groups are drawn anew, again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.frameworks.framework import Framework
from app.domain.insight.draws import drawn_factors
from app.domain.insight.exact_order import Shares, order_keys
from app.domain.insight.reweighting import Composition, compositions
from app.domain.scoring.arithmetic import Ints, Mask, compact
from app.domain.scoring.ranking import Standing, classify
from app.domain.scoring.requirements import unmet

TOGETHER = 64
"""Draws that are worked out at a time."""
UNITS_TOGETHER = 256
MOST_SHORT = 2**15
"""Ranks below it take two bytes each."""
QUANTILES = (Fraction(1, 20), Fraction(1, 2), Fraction(19, 20))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What came of all draws for the units that take part, in the order of `rows`, rows of the board.

    `ranks` of shape (quantiles, units): the ⌈q·n⌉-th smallest of a unit's ranks. `classes` of shape (bands, units): in
    how many draws a unit was in each. `without`, by group: the rank if its weight is shared out among the rest, 0 for
    units that then have no total. `moved`: Σ |rank − rank now| over all draws and units.
    """

    rows: Ints
    draws: int
    ranks: Ints
    classes: Ints
    without: dict[str, Ints]
    moved: int

    @property
    def mean_move(self) -> Fraction | None:
        """None where nobody takes part."""
        return Fraction(self.moved, self.draws * self.rows.size) if self.rows.size else None


@dataclass(frozen=True, slots=True)
class Field:
    """All who are ranked, one column each, in the order of names that ties go by; `frozen`: those that take no part.

    Their totals stay what they are, so that places are those of the whole board.
    """

    standing: Standing
    columns: Ints
    parts: Sequence[Composition]
    frozen: Mask

    @classmethod
    def of(cls, standing: Standing, names: Sequence[str]) -> "Field":
        ranked = np.flatnonzero(standing.ranked)
        by_name = sorted(ranked.tolist(), key=lambda row: (names[row], standing.codes[row]))
        columns = np.array(by_name, dtype=np.int64)
        parts = list(compositions(standing.board, ranked))
        taking_part = np.concatenate([part.rows for part in parts]) if parts else columns[:0]
        return cls(standing, columns, parts, ~np.isin(columns, taking_part))

    def places_in(self, rows: Ints) -> Ints:
        """The columns of these rows of the board."""
        column = np.zeros(self.standing.board.size, dtype=np.int64)
        column[self.columns] = np.arange(self.columns.size)
        return column[rows]

    def points(self, factors: Ints) -> tuple[Ints, Mask]:
        """The rounded totals, shape (trials, columns), and the columns that have one in each trial."""
        stand = self.standing.board.total.points[self.columns]
        found = np.broadcast_to(stand, (factors.shape[1], stand.size)).copy()
        known = np.ones(stand.size, dtype=np.bool_)
        for part in self.parts:
            columns = self.places_in(part.rows)
            known[columns] = bool((part.totals(factors[:, :1])[1] != 0).all())
            if known[columns].all():
                rounded = part.rounded(factors)
                found = found.astype(object) if rounded.dtype == object else found
                found[:, columns] = rounded
        return found, known

    def keys(self, points: Ints, factors: Ints, known: Mask) -> Ints:
        """What ranks go by: the rounded totals or, where the framework says so, numbers ordered as the exact ones."""
        if self.standing.board.framework.ranking.basis == "rounded":
            return points
        parts = [part for part in self.parts if known[self.places_in(part.rows)].all()]
        totals = [Shares(*part.totals(factors)) for part in parts]
        if len(totals) == 1 and not self.frozen.any():
            above = totals[0].above
            return _placed(points.shape, self.places_in(parts[0].rows), compact(above.ravel()).reshape(above.shape))
        places = [self.places_in(part.rows) for part in parts]
        if self.frozen.any():
            totals.append(self._exact_frozen(len(points)))
            places.append(np.flatnonzero(self.frozen))
        return _placed(points.shape, np.concatenate(places), order_keys(totals)) if totals else points

    def _exact_frozen(self, trials: int) -> Shares:
        """The exact totals of those that take no part, the same in every trial."""
        exact, rows = self.standing.board.exact, self.columns[self.frozen]
        above, below = np.broadcast_arrays(exact.numerator, exact.denominator)
        return Shares(*(np.broadcast_to(each[rows], (trials, rows.size)) for each in (above, below)))


def _placed(shape: tuple[int, ...], columns: Ints, numbers: Ints) -> Ints:
    """Numbers in their columns; 0 in the others."""
    placed = np.zeros(shape, dtype=numbers.dtype)
    placed[:, columns] = numbers
    return placed


def sensitivity(standing: Standing, names: Sequence[str], spread: Fraction, draws: int, seed: str) -> Sensitivity:
    """The places of a board's units in so many draws; `names` row by row, as ties may go by them.

    The same arguments give the same result, however many draws are worked out at a time.
    """
    field, framework = Field.of(standing, names), standing.board.framework
    groups = [top.code for top in framework.criteria]
    taking_part = np.flatnonzero(~field.frozen)
    rows = field.columns[taking_part]
    now, lacking = standing.rank[rows], {place: units[rows] for place, units in unmet(standing.board).items()}
    ranks = np.zeros((draws, rows.size), dtype=np.int16 if field.columns.size < MOST_SHORT else np.int32)
    classes = np.zeros((len(framework.bands), rows.size), dtype=np.int64)
    for first in range(0, draws, TOGETHER) if rows.size else ():
        numbers = range(first + 1, min(first + TOGETHER, draws) + 1)
        points, places = _trials(field, drawn_factors(seed, numbers, groups, spread))
        ranks[first : first + len(numbers)] = places[:, taking_part]
        band = classify(framework.bands, points[:, taking_part], framework.rounding.total, lacking)
        for place in range(len(classes)):
            classes[place] += (band == place).sum(axis=0)
    without = {group: _without(field, place)[taking_part] for place, group in enumerate(groups)}
    moved = int(sum(np.abs(each - now).sum() for each in ranks))
    return Sensitivity(rows, draws, _quantiles(ranks), classes, without, moved)


def _trials(field: Field, factors: Ints) -> tuple[Ints, Ints]:
    """Rounded totals and ranks of all columns; rank 0 where a column has no total."""
    points, known = field.points(factors)
    ranks = np.zeros(points.shape, dtype=np.int64)
    ranks[:, known] = ranks_of(field.standing.board.framework, field.keys(points, factors, known)[:, known])
    return points, ranks


def _without(field: Field, place: int) -> Ints:
    """The ranks of all columns if the weight of one group is shared out among the rest."""
    factors = np.ones((len(field.standing.board.framework.criteria), 1), dtype=np.int64)
    factors[place] = 0
    _, ranks = _trials(field, factors)
    of_all: Ints = ranks[0]
    return of_all


def ranks_of(framework: Framework, keys: Ints) -> Ints:
    """Ranks, best first, for each row of keys by itself; columns stand in the order that ties may go by."""
    rank = {"competition": _competition, "dense": _dense, "ordinal": _ordinal}[framework.ranking.ties]
    return np.array(list(map(rank, keys)), dtype=np.int64).reshape(keys.shape)


def _competition(keys: Ints) -> Ints:
    better: Ints = keys.size - np.searchsorted(np.sort(keys), keys, side="right")
    return better + 1


def _dense(keys: Ints) -> Ints:
    different = np.unique(keys)
    better: Ints = different.size - np.searchsorted(different, keys, side="right")
    return better + 1


def _ordinal(keys: Ints) -> Ints:
    ranks = np.empty(keys.size, dtype=np.int64)
    best_first = np.argsort(-keys, kind="stable")
    ranks[best_first] = np.arange(1, keys.size + 1)
    return ranks


def _quantiles(ranks: Ints) -> Ints:
    """Of each column the ⌈q·n⌉-th smallest, a few columns at a time: a copy of all of them is never held."""
    draws, units = ranks.shape
    at = [-(-quantile.numerator * draws // quantile.denominator) - 1 for quantile in QUANTILES]
    found = np.zeros((len(at), units), dtype=np.int64)
    for first in range(0, units, UNITS_TOGETHER):
        some = slice(first, first + UNITS_TOGETHER)
        found[:, some] = np.partition(ranks[:, some], sorted(set(at)), axis=0)[at]
    return found
