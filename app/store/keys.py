"""Keys: a name, scopes, perhaps a subtree; of the secret only its hash is kept."""

from collections.abc import Sequence

from sqlalchemy import JSON, select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.tables import CodeText, Mapped, columns


class KeyRow(SQLModel, table=True):
    """A key as issued; a revoked one stays, so that its name in the trace keeps a meaning."""

    __tablename__ = "keys"
    name: Mapped[str] = Field(primary_key=True)
    hash: Mapped[str] = Field(unique=True)
    scopes: Mapped[list[str]] = Field(sa_type=JSON)
    unit: Mapped[str | None] = Field(sa_type=CodeText)
    created_at: Mapped[int] = Field(sa_type=BigInteger)
    revoked_at: Mapped[int | None] = Field(sa_type=BigInteger)


KEY = columns(KeyRow)


def find_key(session: Session, name: str) -> KeyRow | None:
    return session.get(KeyRow, name)


def find_key_by_hash(session: Session, hash: str) -> KeyRow | None:
    """The key of that hash, if it is in force."""
    query = select(KeyRow).where(KEY.hash == hash, KEY.revoked_at.is_(None))
    return session.execute(query).scalar_one_or_none()


def list_keys(session: Session, *, after: str | None, limit: int) -> Sequence[KeyRow]:
    """Keys by name, revoked ones included."""
    query = select(KeyRow).order_by(KEY.name).limit(limit)
    if after is not None:
        query = query.where(KEY.name > after)
    return session.execute(query).scalars().all()


def add_key(session: Session, key: KeyRow) -> None:
    session.add(key)
    session.flush()
