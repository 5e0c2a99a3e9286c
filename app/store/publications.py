"""Publications: which unit had to publish what by when, and when it did, with every earlier belief kept."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Column, Field, Index, SQLModel

from app.store.db import CodeText, columns, stands_at


class PublicationRow(SQLModel, table=True):
    """What a unit has to publish about a period, as believed between two instants (µs since 1970).

    `subject` is a code, such as `results`; `published_on` is empty until it is out.
    """

    __tablename__ = "publications"
    id: int | None = Field(default=None, primary_key=True)
    period: str = Field(sa_column=Column(CodeText, nullable=False))
    subject: str = Field(sa_column=Column(CodeText, nullable=False))
    unit: str = Field(sa_column=Column(CodeText, nullable=False))
    due_on: date | None
    published_on: date | None
    url: str | None
    note: str | None
    legal_ref: str | None
    known_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    replaced_at: int = Field(sa_column=Column(BigInteger, nullable=False))

    __table_args__ = (Index("ix_publications_key", "period", "subject", "unit", "replaced_at", unique=True),)


PUBLICATION = columns(PublicationRow)
STATED = ("period", "subject", "unit", "due_on", "published_on", "url", "note", "legal_ref")


def standing_publications(session: Session, as_of: int | None, *, period: str) -> list[dict[str, Any]]:
    """What was to be published about the period, as it stood then, by key, as JSON data; one query."""
    query = select(*(PUBLICATION[name] for name in STATED)).where(
        stands_at(PUBLICATION, as_of), PUBLICATION.period == period
    )
    rows = session.execute(query.order_by(PUBLICATION.subject, PUBLICATION.unit)).mappings()
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows
    ]
