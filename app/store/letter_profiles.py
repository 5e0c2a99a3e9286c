"""Letter profiles: what the letters of an office always say, with every earlier belief kept."""

from typing import NamedTuple

from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.answers.letter_profiles import LetterProfile
from app.store.stated import StatedTable, find_standing
from app.store.tables import CodeText, Mapped, columns


class LetterProfileRow(SQLModel, table=True):
    """What the letters of a unit always say, as believed between two instants (µs since 1970).

    `profile` is JSON data: the fields that were stated, empty ones included. It is only read as a whole.
    """

    __tablename__ = "letter_profiles"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    unit: Mapped[str] = Field(sa_type=CodeText)
    profile: Mapped[LetterProfile] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_letter_profiles_key", "unit", "replaced_at", unique=True),)


class StatedProfile(NamedTuple):
    """What the letters of a unit always say."""

    unit: str
    profile: LetterProfile


PROFILE = columns(LetterProfileRow)
PROFILES = StatedTable(LetterProfileRow, StatedProfile, StatedProfile._fields, ("unit",))


def find_profile(session: Session, unit: str, as_of: int | None) -> LetterProfile | None:
    """What stood for the unit then (µs; None: stands now)."""
    found = find_standing(session, PROFILES, as_of, PROFILE.unit == unit)
    return None if found is None else found.record.profile
