"""Letter profiles: what the letters of an office always say, with every earlier belief kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.store.db import FOREVER, stands_at
from app.store.tables import CodeText, Mapped, columns, table_of
from app.store.unit_tree import Subtree
from app.store.unit_versions import UNSYNCED


class LetterProfileRow(SQLModel, table=True):
    """What the letters of a unit always say, as believed between two instants (µs since 1970).

    `profile` is JSON data: the fields that were stated, empty ones included. It is only read as a whole.
    """

    __tablename__ = "letter_profiles"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    unit: Mapped[str] = Field(sa_type=CodeText)
    profile: Mapped[dict[str, Any]] = Field(sa_type=JSON)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (Index("ix_letter_profiles_key", "unit", "replaced_at", unique=True),)


PROFILE = columns(LetterProfileRow)

Profile = dict[str, Any]


def _standing(as_of: int | None) -> ColumnElement[bool]:
    """Condition: what stood then (None: stands now)."""
    return stands_at(PROFILE.known_at, PROFILE.replaced_at, as_of)


def find_profile(session: Session, unit: str, as_of: int | None = None) -> Profile | None:
    """What stood for the unit then (µs; None: now)."""
    query = select(PROFILE.profile).where(PROFILE.unit == unit, _standing(as_of))
    return session.execute(query).scalar_one_or_none()


def list_profiles(
    session: Session, within: Subtree | None, as_of: int | None, *, after: str | None, limit: int | None
) -> Sequence[tuple[str, Profile]]:
    """At most `limit` profiles (unit, profile) that stood then, by unit, behind the unit `after`; one query.

    `within` is the subtree that the caller is kept to.
    """
    query = select(PROFILE.unit, PROFILE.profile).where(_standing(as_of))
    if within is not None:
        query = query.where(within.holds(PROFILE.unit))
    if after is not None:
        query = query.where(PROFILE.unit > after)
    return [(unit, profile) for unit, profile in session.execute(query.order_by(PROFILE.unit).limit(limit))]


def replace_profile(session: Session, unit: str, profile: Profile | None, known_at: int) -> None:
    """Let what stood for the unit stand no more, and this from now on; None: nothing."""
    ending = update(LetterProfileRow).where(PROFILE.unit == unit, _standing(None))
    session.execute(ending.values(replaced_at=known_at), execution_options=UNSYNCED)
    if profile is None:
        return
    row = {"unit": unit, "profile": profile, "known_at": known_at, "replaced_at": FOREVER}
    session.execute(insert(table_of(LetterProfileRow)), [row])
