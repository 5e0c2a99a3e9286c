"""Answers kept under the keys that clients chose, so that a request sent twice is carried out once."""

from collections.abc import Sequence

from sqlalchemy import JSON, delete, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, LargeBinary, SQLModel

from app.store.db import now
from app.store.tables import INSERTS, CodeText, Mapped, columns

KEPT = 30 * 24 * 3600 * 1_000_000
"""µs that an answer is kept: 30 days."""
EXPIRED_AT_ONCE = 20
"""Answers past their time that go with each new one: more than it adds, and few, since each may be a megabyte."""
Headers = Sequence[tuple[str, str]]


class KeptAnswer(SQLModel, table=True):
    """The answer to a request under a caller's key, kept in the transaction of what it tells of."""

    __tablename__ = "kept_answers"
    caller: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    key: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    request: Mapped[str]
    kept_at: Mapped[int] = Field(index=True, sa_type=BigInteger)
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = Field(sa_type=JSON)
    body: Mapped[bytes] = Field(sa_type=LargeBinary)


KEPT_ANSWER = columns(KeptAnswer)


def find_response(session: Session, caller: str, key: str) -> KeptAnswer | None:
    """The answer that is kept under a key."""
    mine = (KEPT_ANSWER.caller == caller, KEPT_ANSWER.key == key)
    return session.execute(select(KeptAnswer).where(*mine, KEPT_ANSWER.kept_at >= now(session) - KEPT)).scalar()


def keep(session: Session, name: tuple[str, str], request: str, status: int, headers: Headers, body: bytes) -> bool:
    """Keep the answer of a request under a caller's key; False where one is kept under it already, by whomever.

    Of two transactions that keep under one key the second waits for the first, and must not commit after it.
    """
    present = now(session)
    _delete_expired(session, present)
    mine = {"caller": name[0], "key": name[1]}
    answer = {
        "request": request,
        "kept_at": present,
        "status": status,
        "headers": list(map(list, headers)),
        "body": body,
    }
    insert = INSERTS[session.get_bind().dialect.name](KeptAnswer).values(**mine, **answer)
    expired = KEPT_ANSWER.kept_at < present - KEPT
    replacing = insert.on_conflict_do_update(index_elements=list(mine), set_=answer, where=expired)
    return session.execute(replacing.returning(KEPT_ANSWER.key)).scalar() is not None


def _delete_expired(session: Session, present: int) -> None:
    """Delete the oldest answers that are past their time, a few: everybody who writes waits for this."""
    name = (KEPT_ANSWER.caller, KEPT_ANSWER.key)
    expired = select(*name).where(KEPT_ANSWER.kept_at < present - KEPT).order_by(KEPT_ANSWER.kept_at)
    few = expired.limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)  # another process may be at the same ones
    names = session.execute(few).all()
    if names:
        session.execute(delete(KeptAnswer).where(tuple_(*name).in_([tuple(each) for each in names])))
