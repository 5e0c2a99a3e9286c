"""Answers kept under the keys that clients chose, so that a request sent twice is carried out once."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Column, Field, LargeBinary, SQLModel

from app.store.db import CodeText, columns, now

KEPT = 30 * 24 * 3600 * 1_000_000
"""µs that an answer is kept: 30 days."""
LEASE = 15 * 60 * 1_000_000
"""µs after which a request that never ended is taken to have died with its process."""


class KeptAnswer(SQLModel, table=True):
    """A request under a caller's key, and its answer once there is one (`status` is 0 until then)."""

    __tablename__ = "kept_answers"
    caller: str = Field(sa_column=Column(CodeText, primary_key=True))
    key: str = Field(sa_column=Column(CodeText, primary_key=True))
    request: str
    began_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    status: int
    content_type: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    location: str | None = None


KEPT_ANSWER = columns(KeptAnswer)


def find_answer(session: Session, caller: str, key: str) -> KeptAnswer | None:
    """The answer that is kept under a key."""
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    answered = (KEPT_ANSWER.status != 0, KEPT_ANSWER.began_at >= now(session) - KEPT)
    return session.execute(select(KeptAnswer).where(*mine, *answered)).scalar()


def claim(session: Session, caller: str, key: str, request: str) -> KeptAnswer | None:
    """Begin a request under a key; what is already kept under it instead, if that still counts."""
    present = now(session)
    session.execute(delete(KeptAnswer).where(KEPT_ANSWER.began_at < present - KEPT))
    held = session.execute(select(KeptAnswer).where(KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)).scalar()
    if held is not None and (held.status or held.began_at > present - LEASE):
        return held
    if held is not None:
        session.delete(held)
        session.flush()
    empty = KeptAnswer(caller=caller, key=key, request=request, began_at=present, status=0, content_type="", body=b"")
    session.add(empty)
    session.flush()
    return None


def keep(
    session: Session, caller: str, key: str, status: int, content_type: str, body: bytes, location: str | None
) -> None:
    """The answer of a request that has ended; `location` is the header of that name, if it has one."""
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    answer = {"status": status, "content_type": content_type, "body": body, "location": location}
    session.execute(update(KeptAnswer).where(*mine).values(answer))


def forget(session: Session, caller: str, key: str) -> None:
    """Free a key whose request failed inside the service: it may be sent again."""
    session.execute(delete(KeptAnswer).where(KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key))
