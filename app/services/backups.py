"""Databases copied whole, and held against what they were copied from and against themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.services.evaluation_checks import damaged
from app.store.audit import broken_links, count_entries
from app.store.copying import Contents, contents, copy_rows
from app.store.db import last_change


class CopyError(Exception):
    """What was written is not what was read; the transaction that wrote it must not commit."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a database holds, as it is told to whoever copied it. `trace` is the hash of the last entry of the audit."""

    rows: int
    entries: int
    trace: str


def copying(source: Session, target: Session) -> Iterator[int]:
    """Put all that the source holds in the place of what the target holds, and read it back.

    Yields how many rows were written, then read back, since the last time: twice as many as there are in the end.
    Raises CopyError where a table does not hold what was read. The source's snapshot is given back after half of that.
    """
    read: Contents = {}
    yield from copy_rows(source, target, read)
    source.rollback()  # its snapshot is not needed to read back, and would be in the way of whoever cleans up there
    written: Contents = {}
    yield from contents(target, written)
    differing = sorted(name for name in read if read[name] != written[name])
    if differing:
        raise CopyError(", ".join(differing))


def faults_in(session: Session) -> Iterator[str]:
    """Where a database is not as it was written: entries of the audit, evaluations."""
    for number, reason in broken_links(session):
        yield f"entry {number} of the audit {reason}"
    for id in damaged(session):
        yield f"evaluation {id} is not as it was frozen"


def holdings(session: Session, rows: int) -> Holdings:
    return Holdings(rows, count_entries(session), last_change(session).trace)
