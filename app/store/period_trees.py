"""Which values are of units that stood below a unit, or at a level, in the tree of each value's own period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    Subquery,
    column,
    false,
    select,
    tuple_,
    values,
)

from app.store.tables import CodeText
from app.store.unit_tree import below
from app.store.unit_versions import U, UnitMoment

Condition = ColumnElement[bool]
Code = SQLColumnExpression[str]
Placed = Callable[[Code, Code], list[Condition]]
"""The conditions on a column of periods and one of units."""

PeriodTrees = tuple[tuple[tuple[str, ...], date], ...]
"""Codes of periods in which every unit stood alike, and a day on which it did."""


@dataclass(frozen=True, slots=True)
class Place:
    """Below which unit, at which level, as believed at an instant (None: now)."""

    under: str | None
    level: str | None
    as_of: int | None

    def holds(self, trees: PeriodTrees) -> Placed:
        """A value is of one of the periods and of a unit that stood there in its tree.

        A unit that had ended counts where it stood last, one that was to come where it stood first. However many
        trees there are, the statement has one list of periods and one walk down the tree.
        """
        if not trees:
            return lambda _period, _unit: [false()]
        if len(trees) == 1:
            return self._in_one(*trees[0])
        return self._in_each(trees)

    def _in_one(self, periods: tuple[str, ...], day: date) -> Placed:
        moment = UnitMoment(self.as_of, nearest_to=day)
        units: list[Select[Any]] = [] if self.under is None else [below(self.under, moment)]
        if self.level is not None:
            units.append(select(U.code).where(moment.holds(), U.level == self.level))
        return lambda period, unit: [period.in_(periods), *(unit.in_(each) for each in units)]

    def _in_each(self, trees: PeriodTrees) -> Placed:
        rows = [(code, day) for codes, day in trees for code in codes]
        of = values(column("period", CodeText), column("day", Date), name="trees").data(rows).cte("period_trees")
        days = select(of.c.day).distinct().subquery()
        placed = [] if self.under is None else [self._below(self.under, days)]
        if self.level is not None:
            standing = UnitMoment(self.as_of, nearest_to=days.c.day).holds()
            placed.append(select(days.c.day, U.code).where(standing, U.level == self.level).cte("at_level"))

        def conditions(period: Code, unit: Code) -> list[Condition]:
            day = select(of.c.day).where(of.c.period == period).scalar_subquery()
            found: list[Condition] = [period.in_(select(of.c.period))]
            for each in placed:
                # the unit alone once more: an index leads to it, not to a day that is looked up for every value
                found += [unit.in_(select(each.c.code)), tuple_(day, unit).in_(select(each.c.day, each.c.code))]
            return found

        return conditions

    def _below(self, root: str, days: Subquery) -> CTE:
        """Every unit under `root` on each of the days, in one recursive query."""
        first = UnitMoment(self.as_of, nearest_to=days.c.day).holds()
        tree = select(days.c.day, U.code).where(U.parent == root, first).cte("below", recursive=True)
        further = UnitMoment(self.as_of, nearest_to=tree.c.day).holds()
        return tree.union(select(tree.c.day, U.code).where(U.parent == tree.c.code, further))
