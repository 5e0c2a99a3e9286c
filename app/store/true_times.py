"""What was written while the instants of the database lay ahead of the clock, and when that really was.

A clock that ran ahead leaves instants in its future. Later writes go on behind them (`db.stamp`), so that order holds;
a reader who names the true time would not see them until the clock has passed those instants. So each of these writes
notes the time of the clock, which a moment that is asked for is read by (ADR 4).
"""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.db import last_change, no_writer_can_change, now, stamp
from app.store.tables import Mapped, columns

LEAD = 1_000_000
"""µs by which instants may lead the clock without a word: clocks of several machines, writes within a microsecond."""


class TrueTime(SQLModel, table=True):
    """A write and the time of the clock at it, which never falls; `ahead_from` is the first instant that was ahead."""

    __tablename__ = "true_times"
    known_at: Mapped[int] = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    clock: Mapped[int] = Field(sa_type=BigInteger)
    ahead_from: Mapped[int] = Field(sa_type=BigInteger)


TRUE_TIME = columns(TrueTime)


def note_true_time(session: Session) -> None:
    """Note the time of the clock, where what this transaction writes becomes known at an instant ahead of it."""
    present, known = now(session), stamp(session)
    if known <= present + LEAD:
        return
    last = _newest(session)
    if last is not None and last.known_at == known:
        return
    ahead_from = _ahead_from(session, last, present, known)
    session.add(TrueTime(known_at=known, clock=max(present, last.clock if last else 0), ahead_from=ahead_from))
    session.flush()


def lead(session: Session) -> int:
    """µs by which the last write is ahead of the clock; 0 where it is not worth a word."""
    ahead = last_change(session).known_at - now(session)
    return ahead if ahead > LEAD else 0


def is_printed_ahead(session: Session, moment: int) -> bool:
    """Whether a moment in the future is one that writes of a clock that ran ahead may carry."""
    last = last_change(session).known_at
    return moment <= last and moment >= _ahead_from(session, _newest(session), now(session), last)


def known_by(session: Session, moment: int) -> int | None:
    """The instant up to which everything was known at a moment; None where a writer at work may still add to that.

    Then wait for the writer; a moment that has been waited for is asked for once more.
    """
    if not no_writer_can_change(session, moment) or (lead(session) and _is_open(session, moment)):
        session.rollback()
        return None
    return instant_of(session, moment)


def instant_of(session: Session, moment: int) -> int:
    """The instant up to which everything was known at a moment: that of the last write that had happened by then."""
    within = select(func.max(TRUE_TIME.known_at)).where(TRUE_TIME.clock <= moment, TRUE_TIME.ahead_from > moment)
    return max(moment, session.execute(within).scalar() or 0)


def _is_open(session: Session, moment: int) -> bool:
    """Whether the next write, of a clock that is behind, may still count as known at a moment."""
    last = _newest(session)
    if last is not None and moment < last.clock:
        return False
    return moment < _ahead_from(session, last, now(session), moment + 1)


def _newest(session: Session) -> TrueTime | None:
    return session.execute(select(TrueTime).order_by(TRUE_TIME.known_at.desc()).limit(1)).scalar_one_or_none()


def _ahead_from(session: Session, last: TrueTime | None, present: int, otherwise: int) -> int:
    """The first instant ahead of the clock: the one noted last, or that of the oldest entry of the trace."""
    if last is not None and present < last.ahead_from:
        return last.ahead_from
    first = session.execute(text("SELECT min(at) FROM audit WHERE at > :present"), {"present": present}).scalar()
    return otherwise if first is None else int(first)
