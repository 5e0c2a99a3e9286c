"""The trace: one entry a write, in the transaction of the write, chained by hash.

A write that changes nothing (the same unit again, a lock that holds already) leaves no entry.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import JSON, ColumnElement, String, and_, cast, func, literal, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.db import CLOCK, ClockRow, fetched, stamp
from app.store.tables import Mapped, columns
from app.store.true_times import note_true_time
from app.store.unit_events import MEMBER

GENESIS = "0" * 64
SERVICE = "chiso"
"""The actor of what the service does by itself."""


class AuditEntry(SQLModel, table=True):
    """Who did what to which thing and when, and how it was before and after."""

    __tablename__ = "audit"
    id: Mapped[int] = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: Mapped[int] = Field(sa_type=BigInteger)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = Field(index=True)
    request_id: Mapped[str | None]
    before: Mapped[Any] = Field(nullable=True, sa_type=JSON(none_as_null=True))
    after: Mapped[Any] = Field(nullable=True, sa_type=JSON(none_as_null=True))
    previous: Mapped[str]
    hash: Mapped[str]


ENTRY = columns(AuditEntry)


def record(session: Session, action: str, subject: str, *, before: object = None, after: object = None) -> None:
    """Add the entry of this write; who and in which request stands in the session's own notes.

    `before` and `after` are plain JSON values: text, whole numbers, lists, mappings; exact figures as text.
    """
    newest = select(ENTRY.id, ENTRY.hash).order_by(ENTRY.id.desc()).limit(1)
    last = session.execute(newest).one_or_none()
    entry = AuditEntry(
        id=last.id + 1 if last else 1,
        at=stamp(session),
        actor=session.info.get("actor", SERVICE),
        action=action,
        subject=subject,
        request_id=session.info.get("request_id"),
        before=before,
        after=after,
        previous=last.hash if last else GENESIS,
        hash="",
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.flush()
    session.execute(update(ClockRow).values(trace=entry.hash))
    note_true_time(session)


def digest(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says, the hash of the one before included."""
    said = {name: value for name, value in entry.model_dump().items() if name != "hash"}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def last_actor(session: Session, subject: str) -> str | None:
    """Who wrote last about a subject; None where nobody has."""
    newest = select(ENTRY.actor).where(ENTRY.subject == subject).order_by(ENTRY.id.desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def list_entries(
    session: Session,
    *,
    filters: Mapping[str, str],
    since: int | None,
    until: int | None,
    before: int | None,
    limit: int | None,
    unit: str | None = None,
) -> Iterator[AuditEntry]:
    """Entries newest first, at most `limit` (None: all), those older than number `before`.

    `filters` are by actor, action, subject.
    `unit` keeps the entries about the unit itself, whether it was stated alone, among others, or by an event.
    """
    query = select(AuditEntry)
    for name, value in filters.items():
        query = query.where(getattr(AuditEntry, name) == value)
    if unit is not None:
        query = query.where(_about(unit))
    if since is not None:
        query = query.where(ENTRY.at >= since)
    if until is not None:
        query = query.where(ENTRY.at <= until)
    if before is not None:
        query = query.where(ENTRY.id < before)
    return (entry for (entry,) in fetched(session, query.order_by(ENTRY.id.desc()), limit))


def _about(unit: str) -> ColumnElement[bool]:
    """Condition: the entry states this unit, states many and this among them, or is an event that names it."""
    events = select(literal("unit_event:") + cast(MEMBER.event, String)).where(MEMBER.unit == unit)
    among = and_(ENTRY.subject == "units", ENTRY.after[unit].as_string().is_not(None))
    return or_(ENTRY.subject == f"unit:{unit}", ENTRY.subject.in_(events), among)


def broken_links(session: Session) -> Iterator[tuple[int, str]]:
    """Entries whose hash does not follow from what they say or from the entry before: (number, what is wrong).

    The last entry must be the one that the clock row names, so that entries cut off the end are missed as well.
    """
    previous, expected = GENESIS, 1
    for entry in session.execute(select(AuditEntry).order_by(ENTRY.id)).yield_per(1000).scalars():
        if entry.id != expected:
            yield entry.id, f"stands where entry {expected} should be"
        elif entry.previous != previous:
            yield entry.id, "does not follow the entry before it"
        if entry.hash != digest(entry):
            yield entry.id, "was changed after it was written"
        previous, expected = entry.hash, entry.id + 1
    if session.execute(select(CLOCK.trace)).scalar_one() != ("" if expected == 1 else previous):
        yield expected, "and perhaps others behind it are missing: the end of the trace was cut off"


def count_entries(session: Session) -> int:
    return session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()
