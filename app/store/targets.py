"""Targets: what an indicator should reach in a year, with every earlier belief kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, Index, SQLModel

from app.domain.targets import EVERYBODY, Target
from app.store.stated import StatedTable, all_standing, index_of_replaced
from app.store.tables import CodeText, Mapped, columns
from app.store.unit_tree import Subtree


class TargetRow(SQLModel, table=True):
    """A target of an indicator for a year, as believed between two instants (µs since 1970).

    `level` and `unit` are empty where the target holds for every level, and everywhere; else it holds for the units
    of the level, and for `unit` and those under it. `target` is scaled by 10⁴, `decimals` as it was written.
    """

    __tablename__ = "targets"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    indicator: Mapped[str] = Field(sa_type=CodeText)
    level: Mapped[str] = Field(sa_type=CodeText)
    year: Mapped[int]
    unit: Mapped[str] = Field(sa_type=CodeText)
    target: Mapped[int] = Field(sa_type=BigInteger)
    decimals: Mapped[int]
    legal_ref: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (
        Index("ix_targets_key", "year", "indicator", "level", "unit", "replaced_at", unique=True),
        index_of_replaced("targets"),
    )


TARGET = columns(TargetRow)
KEY = ("year", "indicator", "level", "unit")
TARGETS = StatedTable(TargetRow, Target, Target._fields, KEY)

Key = tuple[int, str, str, str]
"""Year, indicator, level, unit."""


@dataclass(frozen=True, slots=True)
class TargetFilter:
    """Which targets; what is None is not restricted.

    `within` is the subtree that the caller is kept to, `above` the units that stand over it: their targets, and those
    for everybody, are seen as well, for they hold within it.
    """

    year: int | None = None
    indicator: str | None = None
    level: str | None = None
    unit: str | None = None
    within: Subtree | None = None
    above: tuple[str, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on the table."""
        named = {name: getattr(self, name) for name in KEY}
        found: list[ColumnElement[bool]] = [
            getattr(TARGET, name) == value for name, value in named.items() if value is not None
        ]
        if self.within is not None:
            found.append(or_(TARGET.unit.in_([EVERYBODY, *self.above]), self.within.holds(TARGET.unit)))
        return found


def target_of(stated: Mapping[str, Any]) -> Target:
    """The target of JSON data."""
    return Target(**stated)


def standing_targets(
    session: Session, as_of: int | None, *, years: Collection[int], units: Collection[str]
) -> list[Target]:
    """Targets of these years that stood then for these units (and for everybody), by key."""
    found = all_standing(session, TARGETS, as_of, TARGET.year.in_(years))
    return [each for each in found if each.unit == EVERYBODY or each.unit in units]
