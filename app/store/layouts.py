"""Layouts that an office has stated, with every earlier belief kept."""

from typing import NamedTuple

from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.answers.layouts import LayoutDocument
from app.store.stated import StatedTable
from app.store.tables import CodeText, Mapped, columns


class LayoutRow(SQLModel, table=True):
    """The rows of a comparison or letter, as believed between two instants (µs since 1970).

    `document` is JSON data, as it was stated. It is only read as a whole.
    """

    __tablename__ = "layouts"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    code: Mapped[str] = Field(sa_type=CodeText)
    document: Mapped[LayoutDocument] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_layouts_key", "code", "replaced_at", unique=True),)


class StatedLayout(NamedTuple):
    """The rows of a comparison or letter."""

    code: str
    document: LayoutDocument


LAYOUT = columns(LayoutRow)
LAYOUTS = StatedTable(LayoutRow, StatedLayout, StatedLayout._fields, ("code",))
