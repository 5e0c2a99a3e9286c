"""Import profiles that offices have stated, with every earlier belief kept."""

from typing import NamedTuple

from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.domain.intake.profiles import ImportProfile
from app.store.stated import StatedTable
from app.store.tables import CodeText, Mapped, columns


class ImportProfileRow(SQLModel, table=True):
    """How files are laid out, as believed between two instants (µs since 1970).

    `unit` is the subtree of the key that stated it first, None for one of the whole service. `document` is JSON data.
    """

    __tablename__ = "import_profiles"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    name: Mapped[str] = Field(sa_type=CodeText)
    unit: Mapped[str | None]
    document: Mapped[ImportProfile] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_import_profiles_key", "name", "replaced_at", unique=True),)


class StatedImportProfile(NamedTuple):
    """How files are laid out, and whose profile that is."""

    name: str
    unit: str | None
    document: ImportProfile


IMPORT_PROFILE = columns(ImportProfileRow)
IMPORT_PROFILES = StatedTable(ImportProfileRow, StatedImportProfile, StatedImportProfile._fields, ("name",))
