"""Locks of periods: figures of a locked period cannot be changed until it is opened again."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.tables import CodeText, Mapped, columns


class PeriodLock(SQLModel, table=True):
    """A locked period, since when, by whom and why."""

    __tablename__ = "period_locks"
    period: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    actor: Mapped[str]
    reason: Mapped[str | None]


class PeriodDue(SQLModel, table=True):
    """The day by which the figures of a period are to be in."""

    __tablename__ = "period_dues"
    period: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    due_on: Mapped[date]


LOCK = columns(PeriodLock)


def locked_periods(session: Session, periods: Collection[str]) -> set[str]:
    """Those of the periods that are locked."""
    return set(session.execute(select(LOCK.period).where(LOCK.period.in_(periods))).scalars())


def add_lock(session: Session, lock: PeriodLock) -> None:
    session.add(lock)
    session.flush()


def remove_lock(session: Session, period: str) -> None:
    session.execute(delete(PeriodLock).where(LOCK.period == period))


def find_due(session: Session, period: str) -> date | None:
    """The day by which the figures of a period are to be in, None where none was set."""
    due = session.get(PeriodDue, period)
    return None if due is None else due.due_on


def set_due(session: Session, period: str, due_on: date) -> None:
    session.merge(PeriodDue(period=period, due_on=due_on))
    session.flush()
