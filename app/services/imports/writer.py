"""Checked rows written into the store, chunk by chunk: merged against what stands, and written."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter

import orjson
from sqlalchemy.orm import Session, SessionTransaction

from app.domain.intake.import_row import ImportedRow
from app.domain.intake.merge import (
    Act,
    MergeResult,
    are_sorted,
    bare_key,
    by_key,
    changed_rows,
    late_keys,
    merge,
    new_revisions,
    period_of,
)
from app.errors import Conflict, RefusalCode
from app.services.imports.row_checks import ImportOptions
from app.store import imports as store
from app.store import values as values_store
from app.store.bulk_values import Row, add_current, load_standing, write_current, write_past
from app.store.db import stamp, stir
from app.store.imports import ImportRow

PLAN_CHANGED = RefusalCode(
    "plan_changed",
    "What the import would do is no longer what the plan was made for; make a new dry run.",
    "Dữ liệu đã thay đổi so với lúc lập kế hoạch nhập; hãy chạy thử lại.",
    Conflict,
)


class ImportWriter:
    """The writing side of an import. A dry run weighs and writes nothing.

    The instant is taken when the first chunk has been checked, for small files when all has. Readers who name an
    instant that is not yet past wait for a writer that is at work, so none of them sees half of it.
    """

    def __init__(self, session: Session, options: ImportOptions, row: ImportRow) -> None:
        self.session, self.options, self.row = session, options, row
        self.planned = options.dry_run or options.plan is not None
        self.stored_periods = frozenset(values_store.all_periods(session))
        self.begun = False
        self.savepoint: SessionTransaction | None = None
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was merged is dropped, what was written undone."""
        self.acts: Counter[Act] = Counter()
        self.periods: set[str] = set()
        self.furthest: tuple[str, ...] = ()
        self.futile = False
        self.plan, self.digest = hashlib.sha256(), hashlib.sha256()
        if self.savepoint is not None:
            self.savepoint.rollback()
            self.savepoint = None

    def write(self, lines: Sequence[ImportedRow], *, whole: bool) -> None:
        """Weigh and write lines. Lines of one figure must come in one call, else all that was taken is to be forgotten.

        `whole`: they do; else several of a figure are a reason to forget. Nothing more is written where that is certain
        already: of a new period nothing is read again, so what another block wrote of the figure would be met blindly.
        """
        if self.futile:
            self.stir()
            return
        self._begin()
        if not are_sorted(lines):
            lines = sorted(lines, key=bare_key)
            self.futile = not (whole or are_sorted(lines))
            if self.futile:
                return
        if self.planned:
            self._merge(lines)
            return
        known = self._in_stored_periods(lines)
        if len(known) < len(lines):
            self._create([line for line in lines if line.period not in self.stored_periods])
        self._merge(known)

    def stir(self) -> None:
        """Show the database that the import is at work, where it only reads on to name every fault.

        PostgreSQL ends a transaction that writes and says nothing for as long as a lease lasts.
        """
        stir(self.session)

    def _in_stored_periods(self, lines: Sequence[ImportedRow]) -> Sequence[ImportedRow]:
        """The lines of periods that had figures before the import: mostly all of them, or none."""
        if self.stored_periods.issuperset(map(period_of, lines)):
            return lines
        return [line for line in lines if line.period in self.stored_periods]

    def finish(self) -> None:
        """Settle the import's record. Conflict `plan_changed` where the world moved since the plan was made."""
        assert not self.futile
        self._begin()
        plan = self.plan.hexdigest()
        if self.options.plan is not None and self.options.plan != plan:
            self.forget()
            raise PLAN_CHANGED.error()
        self.row.plan, self.row.digest = plan if self.planned else None, self.digest.hexdigest()
        self.row.periods = sorted(self.periods)
        if self.savepoint is not None:
            self.savepoint.commit()

    def _begin(self) -> None:
        """Take the instant and the number of the import; what follows can be undone without them."""
        if self.options.dry_run:
            return
        if not self.begun:
            self.row.known_at, self.begun = stamp(self.session), True
            store.add_import(self.session, self.row)
        if self.savepoint is None:
            self.savepoint = self.session.begin_nested()

    def _create(self, lines: Sequence[ImportedRow]) -> None:
        """Lines of periods that had no figures before the import: there is nothing to weigh them against.

        Those whose keys are beyond every key so far, as in a file in the order of the keys, are not there for certain.
        """
        if not lines:
            return
        first, last = bare_key(lines[0]), bare_key(lines[-1])
        beyond, self.furthest = first > self.furthest, max(last, self.furthest)
        if not are_sorted(lines):  # some of them are of one figure
            self._merge(lines)
            return
        rows = new_revisions(lines, self.row.known_at, self.row.id or 0)
        self.acts["created"] += len(rows)
        self.acts["unchanged"] += len(lines) - len(rows)
        self._write(rows, [], rows, add_current if beyond else write_current)

    def _merge(self, lines: Sequence[ImportedRow]) -> None:
        """Lines against what stands; the past is read only for observations older than those that stand."""
        rows = load_standing(self.session, map(bare_key, self._in_stored_periods(lines)))
        # A plan names every line.
        lines_to_merge, standing = (lines, by_key(rows)) if self.planned else changed_rows(lines, rows)
        late = late_keys(lines_to_merge, standing)
        past = values_store.load_observations(self.session, late) if late else {}
        merged = merge(lines_to_merge, standing, past, self.row.known_at, self.row.id or 0, planned=self.planned)
        self.acts["unchanged"] += len(lines) - len(lines_to_merge)
        self._note(merged)

    def _note(self, merged: MergeResult) -> None:
        self.acts += merged.acts
        self.futile |= merged.twice
        if self.planned:
            self.plan.update(merged.plan.encode())
        self._write([key + stored for key, stored in merged.current.items()], merged.past, merged.added)

    def _write(
        self,
        current: list[Row],
        past: list[Row],
        added: Collection[Row],
        write: Callable[[Session, list[Row]], None] = write_current,
    ) -> None:
        if self.options.dry_run or self.futile or not added:
            return
        self.digest.update(orjson.dumps(added))
        self.periods.update(map(itemgetter(0), added))
        write_past(self.session, past)
        write(self.session, current)
