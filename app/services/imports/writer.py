"""Checked rows written to where they are to go, chunk by chunk: merged against what stands, and written."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from operator import itemgetter

from sqlalchemy.orm import Session

from app.domain.intake.import_row import ImportedRow
from app.domain.intake.merge import (
    Act,
    FigureKey,
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
from app.domain.unit_code import branch_of
from app.errors import Conflict, RefusalCode
from app.services.imports.absences import StatedScopes
from app.services.imports.row_checks import ImportOptions
from app.services.imports.targets import Target
from app.store import values as values_store
from app.store.bulk_values import Row, load_standing
from app.store.cache import depend_on
from app.store.db import keep_alive
from app.store.imports import ImportRow
from app.store.period_values import revisions_then
from app.store.staged_values import StagedRows
from app.store.topics import of_figures
from app.store.values import Clocks

PLAN_CHANGED = RefusalCode(
    "plan_changed",
    "What the import would do is no longer what the plan was made for; make a new dry run.",
    "Dữ liệu đã thay đổi so với lúc lập kế hoạch nhập; hãy chạy thử lại.",
    Conflict,
)


_place = itemgetter(*map(ImportedRow._fields.index, ("period", "unit")))


class ImportWriter:
    """The writing side of an import. A dry run, which has no target, weighs and writes nothing."""

    def __init__(self, session: Session, options: ImportOptions, row: ImportRow, target: Target | None) -> None:
        self.session, self.options, self.row, self.target = session, options, row, target
        self.planned = options.dry_run or options.plan is not None
        with of_figures(session, ()):  # of which the import rests on what was asked for is said block by block
            self.stored_periods = frozenset(values_store.all_periods(session))
        self._begin_anew()

    def forget(self) -> None:
        """Begin anew: what was merged is dropped, what was written undone."""
        self._begin_anew()
        if self.target is not None:
            self.target.forget()

    def _begin_anew(self) -> None:
        self.acts: Counter[Act] = Counter()
        self.retracted, self.scopes = 0, StatedScopes()
        self.periods: set[str] = set()
        self.futile = False
        self.plan = hashlib.sha256()

    def write(self, lines: Sequence[ImportedRow], *, whole: bool) -> None:
        """Weigh and write lines. Lines of one figure must come in one call, else all that was taken is to be forgotten.

        `whole`: they do; else several of a figure are a reason to forget. Nothing more is written where that is certain
        already: of a new period nothing is read again, so what another block wrote of the figure would be met blindly.
        """
        if self.futile:
            self.keep_alive()
            return
        if self.options.complete:
            self.scopes.note(lines)
        depend_on(self.session, {(period, branch_of(unit)) for period, unit in set(map(_place, lines))})
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

    def retract(self, lines: Sequence[ImportedRow]) -> None:
        """Write lines that retract what stands. They are no rows of the file, and counted apart."""
        acts, self.acts = self.acts, Counter()
        self.write(lines, whole=True)
        self.retracted, self.acts = self.retracted + self.acts.total(), acts

    def keep_alive(self) -> None:
        """Show the database that the import is at work, where it only reads on to name every fault.

        PostgreSQL ends a transaction that writes and says nothing for as long as a lease lasts.
        """
        keep_alive(self.session)

    def _in_stored_periods(self, lines: Sequence[ImportedRow]) -> Sequence[ImportedRow]:
        """The lines of periods that had figures before the import: mostly all of them, or none."""
        if self.stored_periods.issuperset(map(period_of, lines)):
            return lines
        return [line for line in lines if line.period in self.stored_periods]

    def finish(self) -> None:
        """Settle what was planned. Conflict `plan_changed` where the world moved since the plan was made."""
        assert not self.futile
        plan = self.plan.hexdigest()
        if self.options.plan is not None and self.options.plan != plan:
            self.forget()
            raise PLAN_CHANGED.error()
        self.row.plan = plan if self.planned else None
        self.row.periods = sorted(self.periods)

    def _stamp(self) -> tuple[int, int]:
        return (self.row.known_at, 0) if self.target is None else self.target.begin()

    def _create(self, lines: Sequence[ImportedRow]) -> None:
        """Lines of periods that had no figures before the import: there is nothing to weigh them against."""
        if not are_sorted(lines):  # some of them are of one figure
            self._merge(lines)
            return
        rows = new_revisions(lines, *self._stamp())
        self.acts["created"] += len(rows)
        self.acts["unchanged"] += len(lines) - len(rows)
        self._write(StagedRows([], rows, []), rows)

    def _merge(self, lines: Sequence[ImportedRow]) -> None:
        """Lines against what stands; the past is read only for observations older than those that stand."""
        rows = self._standing(self._in_stored_periods(lines))
        # A plan names every line.
        lines_to_merge, standing = (lines, by_key(rows)) if self.planned else changed_rows(lines, rows)
        late = late_keys(lines_to_merge, standing)
        past = values_store.load_observations(self.session, late) if late else {}
        merged = merge(lines_to_merge, standing, past, *self._stamp(), planned=self.planned)
        self.acts["unchanged"] += len(lines) - len(lines_to_merge)
        self._note(merged, standing)

    def _standing(self, lines: Sequence[ImportedRow]) -> list[Row]:
        """The revisions that stand of the figures of lines, or stood then, and more of the same units."""
        hypothesis = self.options.hypothesis
        if hypothesis is None or hypothesis.as_of is None:
            return load_standing(self.session, map(bare_key, lines))
        units = sorted({line.unit for line in lines})
        return revisions_then(self.session, str(self.options.period), units, Clocks(hypothesis.as_of)) if units else []

    def _note(self, merged: MergeResult, standing: Collection[FigureKey]) -> None:
        self.acts += merged.acts
        self.futile |= merged.twice
        if self.planned:
            self.plan.update(merged.plan.encode())
        created, replaced = list[Row](), list[Row]()
        for key, stored in merged.current.items():
            (replaced if key in standing else created).append(key + stored)
        self._write(StagedRows(merged.past, created, replaced), merged.added)

    def _write(self, rows: StagedRows, added: Sequence[Row]) -> None:
        if self.target is None or self.futile or not added:
            return
        self.periods.update(map(itemgetter(0), added))
        self.target.write(rows, added)
