"""Targets: what an indicator should reach in a year, with every earlier belief kept."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Column, Field, Index, SQLModel

from app.store.db import CodeText, columns, stands_at


class TargetRow(SQLModel, table=True):
    """A target of an indicator for a year, as believed between two instants (µs since 1970).

    `level` and `unit` are empty where the target holds for every level, and everywhere; else it holds for the units
    of the level, and for `unit` and those under it. `target` is scaled by 10⁴, `decimals` as it was written.
    """

    __tablename__ = "targets"
    id: int | None = Field(default=None, primary_key=True)
    indicator: str = Field(sa_column=Column(CodeText, nullable=False))
    level: str = Field(sa_column=Column(CodeText, nullable=False))
    year: int
    unit: str = Field(sa_column=Column(CodeText, nullable=False))
    target: int = Field(sa_column=Column(BigInteger, nullable=False))
    decimals: int
    legal_ref: str | None
    known_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    replaced_at: int = Field(sa_column=Column(BigInteger, nullable=False))

    __table_args__ = (Index("ix_targets_key", "year", "indicator", "level", "unit", "replaced_at", unique=True),)


TARGET = columns(TargetRow)
STATED = ("indicator", "level", "year", "unit", "target", "decimals", "legal_ref")


def standing_targets(
    session: Session, as_of: int | None, *, years: Collection[int], units: Collection[str]
) -> list[dict[str, Any]]:
    """Targets of these years that stood then for these units (and for everybody), by key, as JSON data; one query."""
    wanted = (stands_at(TARGET, as_of), TARGET.year.in_(years), TARGET.unit.in_({"", *units}))
    query = select(*(TARGET[name] for name in STATED)).where(*wanted)
    rows = session.execute(query.order_by(TARGET.year, TARGET.indicator, TARGET.level, TARGET.unit))
    return [dict(row) for row in rows.mappings()]
