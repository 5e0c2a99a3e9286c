"""Where an import's revisions go: into the store at once, or onto a stage from which they are stored later."""

import hashlib
from collections.abc import Collection, Sequence
from operator import itemgetter
from secrets import randbits
from typing import BinaryIO, Protocol

import orjson
from sqlalchemy.orm import Session, SessionTransaction

from app.domain.intake.merge import ACTS, FigureKey
from app.domain.unit_code import branch_of
from app.store import imports as store
from app.store.audit import record as trace
from app.store.bulk_values import Row, add_current, write_current, write_past
from app.store.changes import record_change, record_staged_values, record_values
from app.store.db import stamp
from app.store.imports import ImportRow
from app.store.staged_values import StagedRows, empty_stage, stage_places, stage_rows, store_staged
from app.store.topics import FigurePlace

KEY_LENGTH = len(FigureKey._fields)
PERIOD_AND_UNIT = itemgetter(*map(FigureKey._fields.index, ("period", "unit")))
BEYOND_ALL_INSTANTS = 2**62
"""µs: a hundred thousand years."""


class Target(Protocol):
    """Takes what an import adds, block by block. Where a key occurs in two blocks, all is forgotten before the end."""

    def begin(self) -> tuple[int, int]:
        """The instant and the number of the import, as its revisions are to carry them."""

    def forget(self) -> None:
        """Begin anew: what was written is undone."""

    def write(self, rows: StagedRows, added: Sequence[Row]) -> None:
        """Take a block; `added` are the revisions in it that the import brings."""

    def finish(self) -> None:
        """Settle what is known when all is written and the record has its counts."""


class StoreTarget:
    """Writes into the store, in the session's transaction.

    The instant is taken when the first chunk has been checked, for small files when all has. Readers who name an
    instant that is not yet past wait for a writer that is at work, so none of them sees half of it.
    """

    def __init__(self, session: Session, row: ImportRow) -> None:
        self.session, self.row = session, row
        self.begun = False
        self.savepoint: SessionTransaction | None = None
        self.forget()

    def begin(self) -> tuple[int, int]:
        """What is written can be undone without the instant and the number."""
        if not self.begun:
            self.row.known_at, self.begun = stamp(self.session), True
            store.add_import(self.session, self.row)
        if self.savepoint is None:
            self.savepoint = self.session.begin_nested()
        return self.row.known_at, self.row.id or 0

    def forget(self) -> None:
        self.digest = hashlib.sha256()
        self.units = set[str]()
        self.furthest: Row = ()
        if self.savepoint is not None:
            self.savepoint.rollback()
            self.savepoint = None

    def write(self, rows: StagedRows, added: Sequence[Row]) -> None:
        """Keys beyond every key so far, as in a file in the order of the keys, are not there for certain."""
        self.digest.update(orjson.dumps(added))
        places = set(map(PERIOD_AND_UNIT, added))
        self.units.update(unit for _, unit in places)
        record_values(self.session, "imported", f"import:{self.row.id}", places)
        write_past(self.session, rows.past)
        current = [*rows.created, *rows.replaced]
        if not current:
            return
        beyond = not rows.replaced and min(current)[:KEY_LENGTH] > self.furthest
        (add_current if beyond else write_current)(self.session, current)
        self.furthest = max(self.furthest, max(current)[:KEY_LENGTH])

    def finish(self) -> None:
        self.begin()
        self.row.digest = self.digest.hexdigest()
        if self.savepoint is not None:
            self.savepoint.commit()
        settle(self.session, self.row, self.units)


class StageTarget:
    """Writes beside the store, for another transaction of the same connection to store it.

    The number of the import is known by then, its instant is not: `unsettled` stands for it, a number by chance that
    nobody can have written into a note. `digested` is an empty file for what the digest is taken of.
    """

    def __init__(self, session: Session, id: int, digested: BinaryIO) -> None:
        self.session, self.id, self.digested = session, id, digested
        self.unsettled = BEYOND_ALL_INSTANTS + randbits(61)
        self.forget()

    def begin(self) -> tuple[int, int]:
        return self.unsettled, self.id

    def forget(self) -> None:
        self.places, self.units = set[FigurePlace](), set[str]()
        self.digested.seek(0)
        self.digested.truncate()
        empty_stage(self.session)

    def write(self, rows: StagedRows, added: Sequence[Row]) -> None:
        self.places.update((row[0], branch_of(row[1])) for row in added)
        places = set(map(PERIOD_AND_UNIT, added))
        self.units.update(unit for _, unit in places)
        self.digested.write(orjson.dumps(added) + b"\n")
        stage_rows(self.session, rows)
        stage_places(self.session, places)

    def finish(self) -> None:
        """Nothing is settled before it is stored."""

    def store(self, session: Session, row: ImportRow) -> None:
        """Store what was staged as the figures of this import, whose record has its counts. The session writes."""
        row.known_at = stamp(session)
        store_staged(session, self.places, unsettled=self.unsettled, known_at=row.known_at)
        digest, unsettled, known_at = hashlib.sha256(), b"%d" % self.unsettled, b"%d" % row.known_at
        self.digested.seek(0)
        for block in self.digested:
            digest.update(block[:-1].replace(unsettled, known_at))
        row.digest = digest.hexdigest()
        record_staged_values(session, "imported", f"import:{row.id}")
        settle(session, row, self.units)


def settle(session: Session, row: ImportRow, units: Collection[str]) -> None:
    """Note of an import that is stored whose figures it has written, and enter it in the trace."""
    store.add_units(session, row.id or 0, units)
    counts = {name: getattr(row, name) for name in ("rows", *ACTS, "rejected", "retracted")}
    trace(session, "import.applied", f"import:{row.id}", after={**counts, "digest": row.digest})
    record_change(session, "imports", "applied", f"import:{row.id}", unit=row.unit)
