"""Targets: what an indicator should reach in a year, with every earlier belief kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, Index, SQLModel

from app.domain.targets import EVERYBODY, Target
from app.store.db import FOREVER, stands_at
from app.store.tables import CodeText, Mapped, columns, columns_named, table_of
from app.store.unit_tree import Subtree
from app.store.unit_versions import UNSYNCED, batches


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

    __table_args__ = (Index("ix_targets_key", "year", "indicator", "level", "unit", "replaced_at", unique=True),)


TARGET = columns(TargetRow)
STATED = Target._fields
KEY = ("year", "indicator", "level", "unit")

Key = tuple[int, str, str, str]
"""Year, indicator, level, unit."""


def _standing(as_of: int | None) -> ColumnElement[bool]:
    """Condition: what stood then (None: stands now)."""
    return stands_at(TARGET.known_at, TARGET.replaced_at, as_of)


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


def standing_targets(
    session: Session, as_of: int | None, *, years: Collection[int], units: Collection[str]
) -> list[dict[str, Any]]:
    """Targets of these years that stood then for these units (and for everybody), by key, as JSON data."""
    query = select(*columns_named(TARGET, STATED)).where(_standing(as_of), TARGET.year.in_(years))
    rows = session.execute(query.order_by(*columns_named(TARGET, KEY))).mappings()
    return [dict(row) for row in rows if row["unit"] == EVERYBODY or row["unit"] in units]


def list_targets(
    session: Session, wanted: TargetFilter, as_of: int | None, *, after: Sequence[Any] | None, limit: int | None
) -> list[Target]:
    """At most `limit` targets that stood then, in the order of the keys, from behind the key `after`; one query."""
    key = columns_named(TARGET, KEY)
    query = select(*columns_named(TARGET, STATED)).where(_standing(as_of), *wanted.conditions())
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return [Target(*row) for row in session.execute(query.order_by(*key).limit(limit))]


def load_targets(session: Session, keys: Collection[Key]) -> dict[Key, tuple[int, Target]]:
    """What stands now for these keys: the number of its row, and the target."""
    key = tuple_(*columns_named(TARGET, KEY))
    found: dict[Key, tuple[int, Target]] = {}
    for batch in batches(sorted(keys)):
        query = select(TARGET.id, *columns_named(TARGET, STATED)).where(_standing(None), key.in_(batch))
        for id, *stated in session.execute(query):
            target = Target(*stated)
            found[key_of(target)] = (id, target)
    return found


def key_of(target: Target) -> Key:
    """What a target is told apart by."""
    return (target.year, target.indicator, target.level, target.unit)


def replace_targets(session: Session, ended: Collection[int], stated: Sequence[Target], known_at: int) -> None:
    """Let the rows of these numbers stand no more, and the stated targets from now on; in bulk."""
    for batch in batches(sorted(ended)):
        closing = update(TargetRow).where(TARGET.id.in_(batch)).values(replaced_at=known_at)
        session.execute(closing, execution_options=UNSYNCED)
    if stated:
        rows = [{**each._asdict(), "known_at": known_at, "replaced_at": FOREVER} for each in stated]
        session.execute(insert(table_of(TargetRow)), rows)


def last_change(session: Session) -> list[int | None]:
    """The instants at which something was last stated and last replaced (µs since 1970)."""
    replaced = select(func.max(TARGET.replaced_at)).where(TARGET.replaced_at < FOREVER).scalar_subquery()
    return list(session.execute(select(func.max(TARGET.known_at), replaced)).one())
