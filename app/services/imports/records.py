"""Imports as they are kept and answered: what became of each, in the language of who asks."""

from collections.abc import Iterator
from typing import cast

from sqlalchemy.orm import Session

from app.answers.faults import FaultBody
from app.answers.imports import ImportEnd, ImportOut, ImportRecord, ImportState, RowsTaken
from app.domain.instant import to_datetime
from app.domain.intake.merge import ACTS
from app.errors import LANGUAGES, ErrorCode, Fault, Language
from app.metrics.series import DRY_RUNS, IMPORTED, IMPORTS
from app.services.rights import Caller, Scope, subtree_of
from app.store import imports as store
from app.store.imports import ImportRow, ListedImport

FEW = 20
"""Findings that a list of imports names; where there are more, it says how many."""

IN_RECORD_ERRORS = ErrorCode(
    "further_errors",
    "{count} things must be mended; GET /v1/imports/{id} names them.",
    "Có {count} chỗ cần sửa; xem từng chỗ tại GET /v1/imports/{id}.",
)
IN_RECORD_WARNINGS = ErrorCode(
    "further_warnings",
    "{count} warnings; GET /v1/imports/{id} names them.",
    "Có {count} cảnh báo; xem tại GET /v1/imports/{id}.",
)


def new_record(caller: Caller, known_at: int) -> ImportRow:
    """The record of an import of which nothing is known yet."""
    return ImportRow(
        status="planned",
        rows=0,
        created=0,
        updated=0,
        unchanged=0,
        rejected=0,
        retracted=0,
        errors=[],
        warnings=[],
        actor=caller.name,
        unit=caller.unit,
        known_at=known_at,
        digest="",
        plan=None,
        periods=[],
    )


def in_both(fault: Fault) -> dict[Language, FaultBody]:
    """A fault as it is kept: in both languages, for a reader who comes later."""
    return {language: cast(FaultBody, fault.body(language)) for language in LANGUAGES}


def count_outcome(outcome: str, *, dry_run: bool = False) -> None:
    """Count an import that has ended; those that were only tried stand apart."""
    (DRY_RUNS if dry_run else IMPORTS).labels(outcome).inc()


def count_record(row: ImportRow, *, dry_run: bool = False) -> None:
    """Count an import that has ended; its figures where they were stored."""
    count_outcome(row.status, dry_run=dry_run)
    if row.status == "applied":
        for outcome in (*ACTS, "rejected", "retracted"):
            IMPORTED.labels(outcome).inc(getattr(row, outcome))


def described(row: ImportRow, language: Language) -> ImportOut:
    """An import that has ended, as it is answered."""
    return {
        "id": row.id,
        "status": cast(ImportEnd, row.status),
        **_rows_taken(row, language),
        "retracted": row.retracted,
        "plan": row.plan if row.status == "planned" else None,
        "undoes": row.undoes,
    }


def record_described(row: ImportRow, language: Language, progress: int | None) -> ImportRecord:
    """An import as it is kept; `progress`: the rows read so far, where that is known."""
    assert row.id is not None
    return {
        "id": row.id,
        "status": cast(ImportState, row.status),
        **_rows_taken(row, language),
        "retracted": row.retracted,
        "plan": None,
        "undoes": row.undoes,
        "actor": row.actor,
        "known_at": to_datetime(row.known_at) if row.status == "applied" else None,
        "requested_at": None if row.requested_at is None else to_datetime(row.requested_at),
        "progress": progress,
        "profile": row.profile,
        "problem": None if row.problem is None else row.problem[language],
    }


def _rows_taken(row: ImportRow, language: Language) -> RowsTaken:
    return {
        "rows": row.rows,
        "created": row.created,
        "updated": row.updated,
        "unchanged": row.unchanged,
        "rejected": row.rejected,
        "errors": [fault[language] for fault in row.errors],
        "warnings": [fault[language] for fault in row.warnings],
    }


def get_import(session: Session, caller: Caller, id: int) -> ImportRow:
    """An import; for a subtree key one that others made is NotFound, unless it wrote for the subtree alone."""
    row, within = store.get_import(session, id), subtree_of(session, caller)
    if within is not None and row.unit != within.root and not store.is_within(session, id, within):
        raise store.UNKNOWN.error(id=id)
    return row


def get_record(session: Session, caller: Caller, id: int) -> ImportRow:
    """An import to be read: who only writes values reads its own, so that it can follow what it sent."""
    row = get_import(session, caller, id)
    if not caller.has(Scope.VALUES_READ) and row.actor != caller.name:
        raise store.UNKNOWN.error(id=id)
    return row


def list_records(session: Session, caller: Caller, *, before: int | None, limit: int | None) -> Iterator[ImportRow]:
    """Imports newest first, at most `limit` (None: all) older than `before`. For a subtree key: its own.

    Of more than `FEW` errors or warnings of one import only their number is given.
    """
    within = subtree_of(session, caller)
    rows = store.list_imports(session, within=within, before=before, limit=limit, few=FEW)
    return map(_listed, rows)


def _listed(found: ListedImport) -> ImportRow:
    row = found.row
    if found.errors > FEW:
        row.errors = [in_both(Fault(IN_RECORD_ERRORS, {"count": found.errors, "id": row.id}))]
    if found.warnings > FEW:
        row.warnings = [in_both(Fault(IN_RECORD_WARNINGS, {"count": found.warnings, "id": row.id}))]
    return row
