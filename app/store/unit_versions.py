"""The tables of units: dated versions, and identifiers; and which version is meant, a `UnitMoment`.

A row of `unit_versions` says what was believed from `known_at` until `forgotten_at` about a unit between `begins`
and `ends`. A change forgets all rows of the unit and writes its new list of versions; nothing else is updated, so
any past belief can be read again. `last` marks the version that the unit ends with; versions have no gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, Index, SQLColumnExpression, and_, or_, true
from sqlmodel import BigInteger, Field, SQLModel

from app.domain.period import Period
from app.store.db import FOREVER
from app.store.tables import CodeText, Mapped, columns


class UnitVersion(SQLModel, table=True):
    """What a unit was between two dates, as believed between two instants."""

    __tablename__ = "unit_versions"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    code: Mapped[str] = Field(sa_type=CodeText)
    name: Mapped[str]
    level: Mapped[str]
    parent: Mapped[str | None] = Field(sa_type=CodeText)
    begins: Mapped[date]
    ends: Mapped[date]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    last: Mapped[bool]
    name_folded: Mapped[str]
    name_order: Mapped[str] = Field(sa_type=CodeText)
    identifiers: Mapped[list[dict[str, str]]] = Field(sa_type=JSON)
    successors: Mapped[list[str]] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    forgotten_at: Mapped[int] = Field(sa_type=BigInteger)
    short_name: Mapped[str | None]
    kind: Mapped[str | None]

    __table_args__ = (
        Index("ix_unit_versions_code", "code", "begins", "forgotten_at", unique=True),
        Index("ix_unit_versions_parent", "parent", "level", "code"),
        Index("ix_unit_versions_level", "level", "code"),
    )


class UnitIdentifier(SQLModel, table=True):
    """A name for a unit in another register: statistics office, portal, demonstration."""

    __tablename__ = "unit_identifiers"
    scheme: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    value: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    unit: Mapped[str] = Field(index=True, sa_type=CodeText)


BATCH = 5000
UNSYNCED = {"synchronize_session": False}

U = columns(UnitVersion)
IDENTIFIER = columns(UnitIdentifier)
DATED = (U.code, U.name, U.level, U.parent, U.begins, U.ends, U.short_name, U.kind)
"""The columns of a `DatedUnit`."""


@dataclass(frozen=True, slots=True)
class UnitMoment:
    """Which belief about which time: known at `as_of` (µs; None is now), in force on `day` or in `period`.

    `nearest_to` a day a unit that has ended before is still its last version, one that begins later its first one.
    Without a day or period the last version of each unit stands for it, whether it still exists or not.
    """

    as_of: int | None = None
    day: date | None = None
    period: Period | None = None
    nearest_to: date | SQLColumnExpression[date] | None = None

    def believed(self, version: type[UnitVersion] = U) -> ColumnElement[bool]:
        """Condition on unit_versions: what was believed at `as_of`, of any time."""
        if self.as_of is None:
            return version.forgotten_at == FOREVER
        return and_(version.known_at <= self.as_of, version.forgotten_at > self.as_of)

    def holds(self, version: type[UnitVersion] = U) -> ColumnElement[bool]:
        """Condition on unit_versions that leaves one row a unit."""
        believed = self.believed(version)
        stands: SQLColumnExpression[bool]
        if self.period is not None:
            first, final = self.period.starts_on, self.period.ends_on
            stands = and_(version.begins <= final, version.ends >= first, or_(version.ends >= final, version.last))
        elif self.day is not None:
            stands = and_(version.begins <= self.day, version.ends >= self.day)
        elif self.nearest_to is not None:
            begun = and_(version.begins <= self.nearest_to, or_(version.ends >= self.nearest_to, version.last))
            stands = or_(begun, and_(version.begins > self.nearest_to, version.begins == version.valid_from))
        else:
            stands = version.last
        return and_(believed, stands)

    def remains(self, version: type[UnitVersion] = U) -> ColumnElement[bool]:
        """Condition on unit_versions that leaves out what was over before the last day of a long period."""
        if self.period is None or not self.period.outlasts_a_month:
            return true()
        return version.ends >= self.period.ends_on


NOW = UnitMoment()


def batches(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Slices that fit into one statement's parameters."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
