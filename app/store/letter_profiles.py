"""Letter profiles: what the letters of an office always say, with every earlier belief kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Column, Field, Index, SQLModel

from app.store.db import FOREVER, CodeText, columns, stands_at
from app.store.unit_tree import Subtree
from app.store.unit_versions import UNSYNCED


class LetterProfileRow(SQLModel, table=True):
    """What the letters of a unit always say, as believed between two instants (µs since 1970).

    `profile` is JSON data: the fields that were stated, empty ones included. It is only read as a whole.
    """

    __tablename__ = "letter_profiles"
    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(sa_column=Column(CodeText, nullable=False))
    profile: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    known_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    replaced_at: int = Field(sa_column=Column(BigInteger, nullable=False))

    __table_args__ = (Index("ix_letter_profiles_key", "unit", "replaced_at", unique=True),)


PROFILE = columns(LetterProfileRow)

Profile = dict[str, Any]


def find_profile(session: Session, unit: str, as_of: int | None = None) -> Profile | None:
    """What stood for the unit then (µs; None: now)."""
    query = select(PROFILE.profile).where(PROFILE.unit == unit, stands_at(PROFILE, as_of))
    return session.execute(query).scalar_one_or_none()


def list_profiles(
    session: Session, within: Subtree | None, as_of: int | None, *, after: str | None, limit: int | None
) -> Sequence[tuple[str, Profile]]:
    """At most `limit` profiles (unit, profile) that stood then, by unit, behind the unit `after`; one query.

    `within` is the subtree that the caller is kept to.
    """
    query = select(PROFILE.unit, PROFILE.profile).where(stands_at(PROFILE, as_of))
    if within is not None:
        query = query.where(within.holds(PROFILE.unit))
    if after is not None:
        query = query.where(PROFILE.unit > after)
    return [(unit, profile) for unit, profile in session.execute(query.order_by(PROFILE.unit).limit(limit))]


def replace_profile(session: Session, unit: str, profile: Profile | None, known_at: int) -> None:
    """Let what stood for the unit stand no more, and this from now on; None: nothing."""
    ending = update(LetterProfileRow).where(PROFILE.unit == unit, stands_at(PROFILE, None))
    session.execute(ending.values(replaced_at=known_at), execution_options=UNSYNCED)
    if profile is None:
        return
    row = {"unit": unit, "profile": profile, "known_at": known_at, "replaced_at": FOREVER}
    session.execute(insert(PROFILE.id.table), [row])
