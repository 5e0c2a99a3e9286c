"""Answers kept under the keys that clients chose, so that a request sent twice is carried out once."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, and_, delete, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, LargeBinary, SQLModel

from app.store.db import now
from app.store.tables import CodeText, Mapped, columns

KEPT = 30 * 24 * 3600 * 1_000_000
"""µs that an answer is kept: 30 days."""
LEASE = 15 * 60 * 1_000_000
"""µs after which a request that never ended is taken to have died with its process."""
EXPIRED_AT_ONCE = 20
"""Answers past their time that a claim deletes: more than it adds, and few, since each may be a megabyte."""
INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class KeptAnswer(SQLModel, table=True):
    """A request under a caller's key, and its answer once there is one (`status` is 0 until then)."""

    __tablename__ = "kept_answers"
    caller: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    key: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    request: Mapped[str]
    began_at: Mapped[int] = Field(index=True, sa_type=BigInteger)
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = Field(sa_type=JSON)
    body: Mapped[bytes] = Field(sa_type=LargeBinary)


KEPT_ANSWER = columns(KeptAnswer)


def find_response(session: Session, caller: str, key: str) -> KeptAnswer | None:
    """What counts under a key: an answer that is kept, or a request that began and has not ended."""
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    present = now(session)
    answered = and_(KEPT_ANSWER.status != 0, KEPT_ANSWER.began_at >= present - KEPT)
    running = and_(KEPT_ANSWER.status == 0, KEPT_ANSWER.began_at > present - LEASE)
    return session.execute(select(KeptAnswer).where(*mine, or_(answered, running))).scalar()


def claim(session: Session, caller: str, key: str, request: str) -> bool:
    """Begin a request under a key; False where something counts under it already."""
    present = now(session)
    _delete_expired(session, present)
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    died = and_(KEPT_ANSWER.status == 0, KEPT_ANSWER.began_at <= present - LEASE)
    session.execute(delete(KeptAnswer).where(*mine, or_(died, KEPT_ANSWER.began_at < present - KEPT)))
    empty = {"caller": caller, "key": key, "request": request, "began_at": present}
    insert = INSERTS[session.get_bind().dialect.name](KeptAnswer).values(**empty, status=0, headers=[], body=b"")
    begun = session.execute(insert.on_conflict_do_nothing().returning(KEPT_ANSWER.key))
    return begun.scalar() is not None


def _delete_expired(session: Session, present: int) -> None:
    """Delete the oldest answers that are past their time, a few: everybody who writes waits for this."""
    name = (KEPT_ANSWER.caller, KEPT_ANSWER.key)
    expired = select(*name).where(KEPT_ANSWER.began_at < present - KEPT).order_by(KEPT_ANSWER.began_at)
    few = expired.limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)  # another process may be at the same ones
    names = session.execute(few).all()
    if names:
        session.execute(delete(KeptAnswer).where(tuple_(*name).in_([tuple(each) for each in names])))


def keep(session: Session, caller: str, key: str, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
    """The answer of a request that has ended."""
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    answer = {"status": status, "headers": [list(each) for each in headers], "body": body}
    session.execute(update(KeptAnswer).where(*mine).values(answer))


def forget(session: Session, caller: str, key: str) -> None:
    """Free a key whose request failed inside the service: it may be sent again."""
    session.execute(delete(KeptAnswer).where(KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key))
