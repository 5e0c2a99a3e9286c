"""Events that change units: who merged into whom, was divided, renamed, moved or ended, and by which law."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.tables import CodeText, Mapped, columns, table_of


class UnitEvent(SQLModel, table=True):
    """A merger, split, renaming, move or abolition, with its legal reference."""

    __tablename__ = "unit_events"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    name: Mapped[str | None]
    parent: Mapped[str | None] = Field(sa_type=CodeText)
    legal_ref: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)


class UnitEventMember(SQLModel, table=True):
    """A unit on one side of an event; `share` of what it takes over, as written."""

    __tablename__ = "unit_event_members"
    event: Mapped[int] = Field(primary_key=True, foreign_key="unit_events.id")
    side: Mapped[str] = Field(primary_key=True)
    unit: Mapped[str] = Field(primary_key=True, index=True, sa_type=CodeText)
    share: Mapped[str | None]


class NamedInEvent(NamedTuple):
    """A unit as an event names it."""

    unit: str
    side: str
    kind: str
    effective_on: date


EVENT = columns(UnitEvent)
MEMBER = columns(UnitEventMember)


def add_event(session: Session, event: UnitEvent, members: Sequence[tuple[str, str, str | None]]) -> int:
    """Store an event with its members (side, unit, share) and return its number."""
    session.add(event)
    session.flush()
    assert event.id is not None
    rows = [{"event": event.id, "side": side, "unit": unit, "share": share} for side, unit, share in members]
    session.execute(insert(table_of(UnitEventMember)), rows)
    return event.id


def events_of(session: Session, code: str) -> list[tuple[UnitEvent, list[UnitEventMember]]]:
    """Events that name the unit on either side, by date, each with all its members."""
    named = select(MEMBER.event).where(MEMBER.unit == code)
    events = select(UnitEvent).where(EVENT.id.in_(named)).order_by(EVENT.effective_on, EVENT.id)
    members = select(UnitEventMember).where(MEMBER.event.in_(named)).order_by(MEMBER.unit)
    members_of: defaultdict[int | None, list[UnitEventMember]] = defaultdict(list)
    for member in session.execute(members).scalars():
        members_of[member.event].append(member)
    return [(event, members_of[event.id]) for event in session.execute(events).scalars()]


def predecessors(session: Session, code: str) -> list[str]:
    """Units that went into this one: the `from` side of mergers and splits that name it on the `to` side."""
    came = select(MEMBER.event).where(MEMBER.unit == code, MEMBER.side == "to")
    query = select(MEMBER.unit).where(MEMBER.event.in_(came), MEMBER.side == "from", MEMBER.unit != code)
    return list(session.execute(query.distinct().order_by(MEMBER.unit)).scalars())


def named_between(
    session: Session, after: date, until: date, as_of: int | None, *, unit: str | None = None
) -> list[NamedInEvent]:
    """The units that events name, which take effect behind one day and not behind another; one query.

    `as_of`: as far as they were known then. `unit`: only where they name that one.
    """
    query = (
        select(MEMBER.unit, MEMBER.side, EVENT.kind, EVENT.effective_on)
        .join(table_of(UnitEvent), EVENT.id == MEMBER.event)
        .where(EVENT.effective_on > after, EVENT.effective_on <= until)
    )
    if as_of is not None:
        query = query.where(EVENT.known_at <= as_of)
    if unit is not None:
        query = query.where(MEMBER.unit == unit)
    return [NamedInEvent(*row) for row in session.execute(query)]
