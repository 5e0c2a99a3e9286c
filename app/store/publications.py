"""Publications: which unit had to publish what by when, and when it did, with every earlier belief kept."""

from datetime import date

from sqlmodel import BigInteger, Column, Field, Index, SQLModel

from app.store.db import CodeText, columns


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
