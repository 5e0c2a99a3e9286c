"""Imports: rows in, revisions out; all or none, every fault named, counts that add up.

An import is read, checked against what is known, merged against the revisions that stand and written, chunk by chunk
in one transaction: a fault found late takes back what was written before it.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.domain.intake.import_row import RowReadOptions
from app.domain.intake.merge import ACTS, Act
from app.errors import AppError, Fault, Faults, Invalid, RefusalCode
from app.services.imports.absences import WITHHELD, AbsenceLog, check_under, retractions_of
from app.services.imports.fault_log import as_warnings
from app.services.imports.limits import USUAL, ImportLimits
from app.services.imports.pipeline import ImportPass, PassResult, Rows
from app.services.imports.records import in_both, new_record
from app.services.imports.refusals import NOTHING
from app.services.imports.repeated_figures import SeenKeys
from app.services.imports.row_checks import ImportOptions, RowChecker
from app.services.imports.targets import StoreTarget, Target
from app.services.imports.writer import ImportWriter
from app.services.rights import Caller
from app.store.db import now
from app.store.frameworks import indicator_kinds
from app.store.imports import ImportRow

REJECTED = RefusalCode(
    "import_rejected",
    "{count} thing(s) must be mended; nothing of the {rows} figures was stored.",
    "Có {count} chỗ cần sửa; chưa lưu số liệu nào trong {rows} số liệu.",
    Invalid,
)


def import_values(
    session: Session,
    caller: Caller,
    rows: Rows,
    options: ImportOptions,
    record: ImportRow | None = None,
    *,
    target: Target | None = None,
    noted: Sequence[Fault] = (),
    limits: ImportLimits = USUAL,
) -> ImportRow:
    """Take long rows and return the import's record (not stored, without `id`, for a dry run).

    `rows` is read chunk by chunk, and a second time where figures stand in it more than once: iterating over it again
    must give the same rows, as a list does or a file that is opened anew. The first 1,000 faults are named; what is
    beyond is counted in a last entry `further_errors`. `record` is given where it stands in the store already, `target`
    where the figures go elsewhere than into the store, `noted` are warnings about the file as a whole, `limits` how
    much of it is held at once.
    Invalid `import_rejected` with the faults where one row is faulty and `skip` was not asked for; Conflict
    `plan_changed` where `plan` was given and the world moved.
    """
    record = record or new_record(caller, now(session))
    target = None if options.dry_run else target or StoreTarget(session, record)
    writer = ImportWriter(session, options, record, target)
    check_under(session, caller, options.under)
    tally, seen = _read(session, caller, rows, options, writer, limits)
    noted = [*noted, *tally.totals.warnings(), *tally.unfilled.warnings()]
    record.errors = [in_both(fault) for fault in tally.errors.listed()]
    record.warnings = [in_both(fault) for fault in as_warnings(noted)]
    if tally.errors.count and not options.skip:
        writer.forget()
        return _refused(record, tally, options)
    absent = _retract_absent(session, caller, options, writer, tally, seen) if options.complete else Faults()
    writer.finish()
    warnings = as_warnings(noted).followed_by(absent).followed_by(tally.warnings.listed())
    record.warnings, record.retracted = [in_both(fault) for fault in warnings], writer.retracted
    _count(record, tally, writer.acts)
    if target is not None:
        record.status = "applied"
        target.finish()
    return record


def _read(
    session: Session, caller: Caller, rows: Rows, options: ImportOptions, writer: ImportWriter, limits: ImportLimits
) -> tuple[PassResult, SeenKeys]:
    """Everything that the file holds, taken, and what its rows are of.

    It is read twice where figures stand in it more than once, or where it is known at its end only that some are to be
    left out.
    """
    source, kinds = options.source or "manual", indicator_kinds(session)
    if options.hypothesis is not None:
        kinds = {**kinds, **options.hypothesis.kinds}
    reading = RowReadOptions(kinds, options.period, source, options.locale, options.fractions, now(session))
    checks = RowChecker(session, caller, options, limits)
    first = ImportPass(reading, checks, writer, frozenset(), skip=options.skip, limits=limits)
    tally = first.run(rows)
    repeated = first.seen.repeated()
    unclear = first.fractional.refused() if options.skip else frozenset()
    if not repeated and not unclear:
        return tally, first.seen
    writer.forget()
    second = ImportPass(reading, checks, writer, repeated, skip=options.skip, unclear=unclear, limits=limits)
    return second.run(rows), first.seen


def _retract_absent(
    session: Session, caller: Caller, options: ImportOptions, writer: ImportWriter, tally: PassResult, seen: SeenKeys
) -> Faults:
    """Retract what stands and is absent from a complete file; what is to be said of it."""
    if tally.untold:
        return as_warnings([Fault(WITHHELD, {"count": tally.untold})])
    log, kept = AbsenceLog(), writer.acts["updated"] + writer.acts["unchanged"]
    stored = writer.stored_periods
    for lines in retractions_of(session, caller, options.under, writer.scopes, stored, seen):
        writer.retract(lines)
        log.add(lines)
    return log.warnings(kept)


def _refused(record: ImportRow, tally: PassResult, options: ImportOptions) -> ImportRow:
    """The answer to a dry run of a faulty file; a faulty file that was meant is Invalid."""
    tally.rejected = tally.rows
    _count(record, tally, {})
    if options.dry_run:
        record.status = "rejected"
        return record
    raise rejected_whole(tally.errors.listed(), tally.rows)


def rejected_whole(faults: Faults, rows: int) -> AppError:
    """The refusal of a file of so many rows, of which nothing is stored."""
    counts = {**NOTHING, "rows": rows, "rejected": rows, "id": None}
    return REJECTED.error(faults=faults, extra=counts, count=faults.count, rows=rows)


def _count(record: ImportRow, tally: PassResult, acts: Mapping[Act, int]) -> None:
    record.rows, record.rejected = tally.rows, tally.rejected
    for act in ACTS:
        setattr(record, act, acts.get(act, 0))
