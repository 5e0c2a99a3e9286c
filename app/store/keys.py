"""Keys: a name, scopes, perhaps a subtree; of secrets only their hashes are kept."""

from collections.abc import Iterator, Mapping

from sqlalchemy import JSON, and_, cast, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.db import fetched, now
from app.store.tables import CodeText, Mapped, columns


class KeyRow(SQLModel, table=True):
    """A key as issued; a revoked one stays, so that its name in the trace keeps a meaning.

    `networks`: those that it works from; none: from anywhere. Until `previous_until` (µs, as all times) its former
    secret works as well. `last_used_at` is noted now and then, outside the versions of the data.
    """

    __tablename__ = "keys"
    name: Mapped[str] = Field(primary_key=True)
    hash: Mapped[str] = Field(unique=True)
    scopes: Mapped[list[str]] = Field(sa_type=JSON)
    unit: Mapped[str | None] = Field(sa_type=CodeText)
    created_at: Mapped[int] = Field(sa_type=BigInteger)
    revoked_at: Mapped[int | None] = Field(sa_type=BigInteger)
    expires_at: Mapped[int | None] = Field(default=None, sa_type=BigInteger)
    networks: Mapped[list[str]] = Field(default=[], sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    previous_hash: Mapped[str | None] = Field(default=None, unique=True)
    previous_until: Mapped[int | None] = Field(default=None, sa_type=BigInteger)
    last_used_at: Mapped[int | None] = Field(default=None, sa_type=BigInteger)


KEY = columns(KeyRow)
BY_NAME = cast(KEY.name, CodeText)
"""Names in the order of their code points, on both databases."""


def find_key(session: Session, name: str) -> KeyRow | None:
    return session.get(KeyRow, name)


def find_key_by_hash(session: Session, hash: str) -> KeyRow | None:
    """The key with a secret of that hash, if both are in force."""
    present = now(session)
    former = and_(KEY.previous_hash == hash, KEY.previous_until > present)
    in_force = or_(KEY.expires_at.is_(None), KEY.expires_at > present)
    query = select(KeyRow).where(or_(KEY.hash == hash, former), KEY.revoked_at.is_(None), in_force)
    return session.execute(query).scalar_one_or_none()


def list_keys(session: Session, *, after: str | None, limit: int | None) -> Iterator[KeyRow]:
    """At most `limit` (None: all) keys by name behind the name `after`, revoked ones included."""
    query = select(KeyRow).order_by(BY_NAME)
    if after is not None:
        query = query.where(after < BY_NAME)
    return (key for (key,) in fetched(session, query, limit))


def note_uses(session: Session, uses: Mapping[str, int]) -> None:
    """Note when keys were used last."""
    for name, used_at in sorted(uses.items()):
        later = or_(KEY.last_used_at.is_(None), KEY.last_used_at < used_at)
        session.execute(update(KeyRow).where(KEY.name == name, later).values(last_used_at=used_at))


def add_key(session: Session, key: KeyRow) -> None:
    session.add(key)
    session.flush()
