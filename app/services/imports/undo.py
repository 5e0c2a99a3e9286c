"""Undoing an import: an import of its own that takes the figures of another back."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.intake.merge import FigureKey
from app.errors import Conflict, ErrorCode, Fault, Forbidden, RefusalCode
from app.services.imports.fault_log import as_warnings
from app.services.imports.records import get_import, in_both, new_record
from app.services.rights import Caller, outside
from app.store import imports as store
from app.store import periods as periods_store
from app.store import undo as undo_store
from app.store.audit import record
from app.store.changes import record_change, record_values
from app.store.db import now, stamp
from app.store.imports import ImportRow

ALREADY = RefusalCode(
    "already_undone",
    "Import {id} was undone by import {by} already.",
    "Lần nhập {id} đã được hoàn tác bởi lần nhập {by}.",
    Conflict,
)
IS_UNDO = RefusalCode(
    "undo_not_undoable",
    "Import {id} is itself an undo; send the figures again instead.",
    "Lần nhập {id} là một lần hoàn tác; hãy gửi lại số liệu.",
    Conflict,
)
NOT_APPLIED = RefusalCode(
    "import_not_applied",
    "Import {id} is {status}: it has stored nothing that could be taken back.",
    "Lần nhập {id} ở trạng thái {status}: chưa lưu gì để hoàn tác.",
    Conflict,
)
LOCKED = RefusalCode(
    "period_locked",
    "Import {id} has figures of locked periods: {periods}. An administrator can open them again.",
    "Lần nhập {id} có số liệu thuộc kỳ đã khóa: {periods}. Quản trị viên có thể mở lại.",
    Conflict,
)
CHANGED = ErrorCode(
    "changed_since",
    "{source}: {indicator} of {unit} in {period} was changed since and is left as it is.",
    "{source}: {indicator} của {unit} kỳ {period} đã thay đổi sau đó nên được giữ nguyên.",
)

LEFT = RefusalCode(
    "unit_forbidden",
    "Import {id} has figures of {codes}, outside {unit} today; the key {name} may write only for {unit} and the units "
    "under it. Send its own figures again, or let a key of the whole service undo the import.",
    "Lần nhập {id} có số liệu của {codes}, nay nằm ngoài {unit}; khóa {name} chỉ được ghi cho {unit} và các đơn vị "
    "trực thuộc. Hãy gửi lại số liệu của đơn vị mình, hoặc dùng khóa của toàn hệ thống để hoàn tác.",
    Forbidden,
)
MOST_NAMED = 20
"""So many units are named."""


def undo_import(session: Session, caller: Caller, id: int) -> ImportRow:
    """Take back what an import stored: each figure is again what it was; what changed since is left, with a warning."""
    undone, units = _undoable(session, caller, id)
    known_at = stamp(session)
    left, places = undo_store.changed_since(session, undone), undo_store.periods_and_units(session, undone)
    taken_back = undo_store.undo_revisions(session, undone, units, known_at)
    row = _record(caller, id, known_at, taken_back, left)
    row.status = "applied"
    number = store.add_import(session, row)
    store.add_units(session, number, units)
    undone.undone_by = number
    record(session, "import.undone", f"import:{id}", after={"by": number, "taken_back": taken_back, "left": len(left)})
    record_values(session, "undone", f"import:{number}", places)
    for done, action in ((row, "applied"), (undone, "undone")):
        record_change(session, "imports", action, f"import:{done.id}", unit=done.unit)
    return row


def plan_undo(session: Session, caller: Caller, id: int) -> ImportRow:
    """What `undo_import` would do now, or its refusal; the session need not write."""
    undone, _ = _undoable(session, caller, id)
    left = undo_store.changed_since(session, undone)
    return _record(caller, id, now(session), undo_store.count_undoable(session, undone), left)


def _undoable(session: Session, caller: Caller, id: int) -> tuple[ImportRow, set[str]]:
    """An import that the caller may take back, with the units of its figures."""
    undone, units = get_import(session, caller, id), store.units_of(session, id)
    _require_own(session, caller, id, units)
    if undone.status != "applied":
        raise NOT_APPLIED.error(id=id, status=undone.status)
    if undone.undoes is not None:
        raise IS_UNDO.error(id=id)
    if undone.undone_by is not None:
        raise ALREADY.error(id=id, by=undone.undone_by)
    locked = periods_store.locked_periods(session, undone.periods)
    if locked:
        raise LOCKED.error(id=id, periods=", ".join(sorted(locked)))
    return undone, units


def _record(caller: Caller, id: int, known_at: int, taken_back: int, left: Sequence[FigureKey]) -> ImportRow:
    """The record of an undo: so many figures are taken back, and those are left."""
    row = new_record(caller, known_at)
    row.undoes = id
    row.rows, row.updated, row.unchanged = taken_back + len(left), taken_back, len(left)
    row.warnings = [in_both(fault) for fault in as_warnings(map(_changed, left))]
    return row


def _require_own(session: Session, caller: Caller, id: int, units: Collection[str]) -> None:
    """Raise Forbidden where figures of the import are of units that have left the caller's subtree since."""
    foreign = sorted(outside(session, caller, units))
    if foreign:
        codes = ", ".join(foreign[:MOST_NAMED]) + ("…" if len(foreign) > MOST_NAMED else "")
        raise LEFT.error(id=id, name=caller.name, unit=caller.unit, codes=codes)


def _changed(key: FigureKey) -> Fault:
    context = {"indicator": key.indicator, "unit": key.unit, "period": key.period, "source": key.source}
    return InputLocation().fault(CHANGED, "", context)
