"""Leases of imports that run in the background.

A job's process renews its lease; one that has run out says that the process is gone. Whoever acts on that must hold the
write lock (`Database.writing`), for whoever holds it knows that the import is not being stored. It may still be staged,
by a snapshot: `store_import` looks for the lease under the lock, and stores nothing where it was taken away.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.answers.imports import Reason
from app.errors import Language
from app.store.db import DatabaseLimits, now, writes
from app.store.imports import IMPORT, ImportRow, add_import
from app.store.tables import Mapped, columns

SECOND = 1_000_000
"""µs."""


class ImportJob(SQLModel, table=True):
    """An import under way, and until when (µs since 1970) its process vouches for it. The row goes when it ends.

    `request_id` is that of the request that asked for it.
    """

    __tablename__ = "import_jobs"
    id: Mapped[int] = Field(primary_key=True, foreign_key="imports.id")
    lease_until: Mapped[int] = Field(sa_type=BigInteger)
    request_id: Mapped[str]


JOB = columns(ImportJob)


def _lease_until(session: Session) -> int:
    """Until when a process vouches for what it vouches for now (µs since 1970)."""
    limits: DatabaseLimits = session.info["limits"]
    return now(session) + limits.lease_s * SECOND


def add_job(session: Session, row: ImportRow, request_id: str) -> None:
    """Store the record of an import that is to run, with its first lease."""
    id = add_import(session, row)
    session.add(ImportJob(id=id, lease_until=_lease_until(session), request_id=request_id))
    session.flush()


def renew_leases(session: Session, ids: Collection[int]) -> None:
    session.execute(update(ImportJob).where(JOB.id.in_(ids)).values(lease_until=_lease_until(session)))


def expired_jobs(session: Session) -> Sequence[int]:
    """The jobs whose lease has run out."""
    return session.execute(select(JOB.id).where(JOB.lease_until < now(session)).order_by(JOB.id)).scalars().all()


def jobs_under_way(session: Session) -> int:
    """How many imports wait or run."""
    return session.execute(select(func.count()).select_from(ImportJob)).scalar_one()


class ListedJob(NamedTuple):
    """An import that was asked for in the background; `lease_until` as long as it waits or runs."""

    id: int | None
    status: str
    actor: str
    requested_at: int | None
    lease_until: int | None
    problem: Mapping[Language, Reason] | None


def list_jobs(session: Session, limit: int) -> Sequence[ListedJob]:
    """The imports that wait, run or have failed in the background, the newest first."""
    columns = (IMPORT.id, IMPORT.status, IMPORT.actor, IMPORT.requested_at, JOB.lease_until, IMPORT.problem)
    query = select(*columns).select_from(ImportRow).outerjoin(ImportJob, JOB.id == IMPORT.id)
    query = query.where(IMPORT.status.in_(("running", "failed"))).order_by(IMPORT.id.desc()).limit(limit)
    return [ListedJob(*row) for row in session.execute(query)]


def is_under_way(session: Session, id: int) -> bool:
    return session.execute(select(JOB.id).where(JOB.id == id)).first() is not None


def end_job(session: Session, id: int) -> str | None:
    """Take a job's lease away and return the id of its request; None where it was taken before, by another hand."""
    ended = delete(ImportJob).where(JOB.id == id).returning(JOB.request_id)
    return session.execute(ended).scalar_one_or_none()


def give_time_back(session: Session, since: int) -> None:
    """Lengthen the leases that were good at `since` (µs) by the time from then on.

    On SQLite nobody could renew while this transaction, if it writes, held the write lock. On PostgreSQL everybody
    could.
    """
    held = now(session) - since
    if held > 0 and writes(session) and session.get_bind().dialect.name == "sqlite":
        good = update(ImportJob).where(JOB.lease_until >= since)
        session.execute(good.values(lease_until=JOB.lease_until + held))
