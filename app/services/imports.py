"""Imports: rows in, revisions out; all or none, every fault named, counts that add up.

An import is read, checked against what is known, weighed against the revisions that stand, and written, in this
order and in bulk; nothing is written before everything is weighed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from app.domain.line import Line, Reading, rate_warning, read_line
from app.domain.line_figures import Kind
from app.domain.place import Place
from app.domain.weighing import ACTS, Act, Key, Weighed, digest_of, weigh
from app.errors import Conflict, Fault, Invalid, Language, NotFound, Text
from app.services.import_checks import Checks, Options
from app.services.rights import Caller
from app.store import frameworks as frameworks_store
from app.store import imports as store
from app.store import values as values_store
from app.store.audit import record
from app.store.db import now, stamp
from app.store.imports import ImportRow

REJECTED = Text(
    "{count} thing(s) must be mended; nothing of the {rows} figures was stored.",
    "Có {count} chỗ cần sửa; chưa lưu số nào trong {rows} số liệu.",
)
PLAN_CHANGED = Text(
    "What the import would do is no longer what the plan was made for; make a new dry run.",
    "Dữ liệu đã thay đổi so với lúc lập kế hoạch nhập; hãy chạy thử lại.",
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines that may be stored, what is wrong with the others, and how many rows those are."""

    good: list[Line]
    faults: list[Fault]
    rejected: int


def import_values(
    session: Session, caller: Caller, rows: Iterable[tuple[Place, object]], options: Options
) -> ImportRow:
    """Take long rows and return the import's record (not stored, without `id`, for a dry run).

    Invalid `import_rejected` with every fault where one row is faulty and `skip` was not asked for; Conflict
    `plan_changed` where `plan` was given and the world moved.
    """
    chosen = sort_out(session, caller, rows, options)
    total = len(chosen.good) + chosen.rejected
    if chosen.faults and not options.skip:
        if not options.dry_run:
            counts = {**_counts(total, {}, total), "id": None}
            count = len(chosen.faults)
            raise Invalid("import_rejected", REJECTED, faults=chosen.faults, extra=counts, count=count, rows=total)
        return _record(caller, "rejected", _counts(total, {}, total), chosen.faults, [], now(session))
    return _take(session, caller, chosen, options)


def _take(session: Session, caller: Caller, chosen: Sorted, options: Options) -> ImportRow:
    """Weigh the good lines and write what follows from them."""
    warnings = [warning for line in chosen.good if (warning := rate_warning(line))]
    known_at = now(session) if options.dry_run else stamp(session)
    row = _record(caller, "planned", _counts(0, {}, 0), chosen.faults, warnings, known_at)
    id = 0 if options.dry_run else store.add_import(session, row)
    weighed = _weigh(session, chosen.good, known_at, id)
    if options.plan is not None and options.plan != weighed.plan:
        raise Conflict("plan_changed", PLAN_CHANGED)
    for name, count in _counts(len(chosen.good) + chosen.rejected, weighed.acts, chosen.rejected).items():
        setattr(row, name, count)
    row.plan, row.digest = weighed.plan, digest_of(weighed.added)
    if not options.dry_run:
        row.status = "applied"
        values_store.add_revisions(session, list(weighed.current.items()), weighed.past)
        after = {**_counts(row.rows, weighed.acts, row.rejected), "digest": row.digest}
        record(session, "import.applied", f"import:{id}", after=after)
    return row


def _weigh(session: Session, lines: list[Line], known_at: int, import_id: int) -> Weighed:
    """The lines against what stands; the past is read only for observations older than those that stand."""
    keys = {Key(line.period, line.unit, line.indicator, line.source) for line in lines}
    standing = values_store.load_revisions(session, keys)
    late = {
        key
        for line in lines
        if line.observed_at is not None
        and (key := Key(line.period, line.unit, line.indicator, line.source)) in standing
        and line.observed_at < standing[key].observed_at
    }
    past = values_store.load_observations(session, late) if late else {}
    return weigh(lines, standing, past, known_at, import_id)


def sort_out(session: Session, caller: Caller, rows: Iterable[tuple[Place, object]], options: Options) -> Sorted:
    """Read every row and check it against what is known."""
    kinds = indicator_kinds(session)
    reading = Reading(kinds, options.period, options.source or "manual", options.locale)
    lines: list[Line] = []
    faults: list[Fault] = []
    rejected = 0
    for place, raw in rows:
        read = read_line(raw, place, reading)
        if isinstance(read, Line):
            lines.append(read)
        else:
            faults += read
            rejected += 1
    checks = Checks(session, caller, options, lines)
    good = []
    for line in lines:
        found = checks.faults_of(line)
        if found:
            faults += found
            rejected += 1
        else:
            good.append(checks.resolved(line))
    return Sorted(good, faults, rejected)


def indicator_kinds(session: Session) -> Mapping[str, Kind]:
    """The kind of every known indicator."""
    return cast(Mapping[str, Kind], frameworks_store.indicator_kinds(session))


def _counts(rows: int, acts: Mapping[Act, int], rejected: int) -> dict[str, int]:
    return {"rows": rows, **{name: acts.get(name, 0) for name in ACTS}, "rejected": rejected}


def _record(
    caller: Caller, status: str, counts: Mapping[str, int], faults: list[Fault], warnings: list[Fault], known_at: int
) -> ImportRow:
    return ImportRow(
        status=status,
        **counts,
        errors=[in_both(fault) for fault in faults],
        warnings=[in_both(fault) for fault in warnings],
        actor=caller.name,
        unit=caller.unit,
        known_at=known_at,
        digest="",
        plan=None,
    )


def in_both(fault: Fault) -> dict[str, object]:
    """A fault as it is kept: in both languages, for a reader who comes later."""
    return {"en": fault.body("en"), "vi": fault.body("vi")}


def described(row: ImportRow, language: Language) -> dict[str, object]:
    """An import as it is answered."""
    return {
        "id": row.id,
        "status": row.status,
        "rows": row.rows,
        "created": row.created,
        "updated": row.updated,
        "unchanged": row.unchanged,
        "rejected": row.rejected,
        "errors": [fault[language] for fault in row.errors],
        "warnings": [fault[language] for fault in row.warnings],
        "plan": row.plan if row.status == "planned" else None,
        "undoes": row.undoes,
    }


def get_import(session: Session, caller: Caller, id: int) -> ImportRow:
    """An import; another subtree's is NotFound."""
    row = store.get_import(session, id)
    if caller.unit is not None and row.unit != caller.unit:
        raise NotFound("import_unknown", store.UNKNOWN, id=id)
    return row
