"""Publications: which unit had to publish what by when, and when it did, with every earlier belief kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, Index, SQLModel

from app.store.stated import StatedTable, all_standing, day_of, index_of_replaced
from app.store.tables import CodeText, Mapped, columns
from app.store.unit_tree import Subtree, below
from app.store.unit_versions import UnitMoment


class PublicationRow(SQLModel, table=True):
    """What a unit has to publish about a period, as believed between two instants (µs since 1970).

    `subject` is a code, such as `results`; `published_on` is empty until it is out.
    """

    __tablename__ = "publications"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    period: Mapped[str] = Field(sa_type=CodeText)
    subject: Mapped[str] = Field(sa_type=CodeText)
    unit: Mapped[str] = Field(sa_type=CodeText)
    due_on: Mapped[date | None]
    published_on: Mapped[date | None]
    url: Mapped[str | None]
    note: Mapped[str | None]
    legal_ref: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (
        Index("ix_publications_key", "period", "subject", "unit", "replaced_at", unique=True),
        index_of_replaced("publications"),
    )


class Publication(NamedTuple):
    """What a unit has to publish about a period, and when it did."""

    period: str
    subject: str
    unit: str
    due_on: date | None = None
    published_on: date | None = None
    url: str | None = None
    note: str | None = None
    legal_ref: str | None = None


PUBLICATION = columns(PublicationRow)
KEY = ("period", "subject", "unit")
PUBLICATIONS = StatedTable(PublicationRow, Publication, Publication._fields, KEY)

Key = tuple[str, str, str]
"""Period, subject, unit."""


class PublicationFacts(TypedDict, total=False):
    """What can be said of a publication."""

    due_on: date | None
    published_on: date | None
    url: str | None
    note: str | None
    legal_ref: str | None


@dataclass(frozen=True, slots=True)
class PublicationFilter:
    """Which publications; what is None is not restricted. `within` is the subtree that the caller is kept to."""

    period: str | None = None
    subject: str | None = None
    unit: str | None = None
    under: str | None = None
    within: Subtree | None = None

    def conditions(self, as_of: int | None) -> list[ColumnElement[bool]]:
        """Conditions on the table."""
        found: list[ColumnElement[bool]] = []
        for name in KEY:
            if getattr(self, name) is not None:
                found.append(getattr(PUBLICATION, name) == getattr(self, name))
        if self.under is not None:
            found.append(PUBLICATION.unit.in_(below(self.under, UnitMoment(as_of))))
        if self.within is not None:
            found.append(self.within.holds(PUBLICATION.unit))
        return found


def publication_of(stated: Mapping[str, Any]) -> Publication:
    """The publication of JSON data."""
    days = {name: day_of(stated[name]) for name in ("due_on", "published_on")}
    return Publication(**{**stated, **days})


def standing_publications(session: Session, as_of: int | None, *, period: str) -> list[Publication]:
    """What was to be published about the period, as it stood then, by key."""
    return all_standing(session, PUBLICATIONS, as_of, PUBLICATION.period == period)
