"""Undoing an import: an import of its own that takes the figures of another back."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.place import Place
from app.errors import Conflict, Fault, Text
from app.services.imports.records import get_import, in_both, new_record
from app.services.rights import Caller
from app.store import imports as store
from app.store import periods as periods_store
from app.store import undo as undo_store
from app.store.audit import record
from app.store.db import stamp
from app.store.imports import ImportRow

ALREADY = Text("Import {id} was undone by import {by} already.", "Lần nhập {id} đã được hoàn tác bởi lần nhập {by}.")
IS_UNDO = Text(
    "Import {id} is itself an undo; send the figures again instead.",
    "Lần nhập {id} là một lần hoàn tác; hãy gửi lại số liệu.",
)
NOT_APPLIED = Text(
    "Import {id} is {status}: it has stored nothing that could be taken back.",
    "Lần nhập {id} ở trạng thái {status}: chưa lưu gì để hoàn tác.",
)
LOCKED = Text(
    "Import {id} has figures of locked periods: {periods}. An administrator can open them again.",
    "Lần nhập {id} có số liệu thuộc kỳ đã khóa: {periods}. Quản trị viên có thể mở lại.",
)
CHANGED = Text(
    "{indicator} of {unit} in {period} was changed since and is left as it is.",
    "{indicator} của {unit} kỳ {period} đã thay đổi sau đó nên được giữ nguyên.",
)


def undo_import(session: Session, caller: Caller, id: int) -> ImportRow:
    """Take back what an import stored: each figure is again what it was; what changed since is left, with a warning."""
    undone = get_import(session, caller, id)
    if undone.status != "applied":
        raise Conflict("import_not_applied", NOT_APPLIED, id=id, status=undone.status)
    if undone.undoes is not None:
        raise Conflict("undo_not_undoable", IS_UNDO, id=id)
    if undone.undone_by is not None:
        raise Conflict("already_undone", ALREADY, id=id, by=undone.undone_by)
    locked = periods_store.locked_periods(session, undone.periods)
    if locked:
        raise Conflict("period_locked", LOCKED, id=id, periods=", ".join(sorted(locked)))
    known_at = stamp(session)
    left = undo_store.changed_since(session, undone)
    taken_back = undo_store.undo_revisions(session, undone, known_at)
    row = new_record(caller, known_at)
    row.status, row.undoes = "applied", id
    row.rows, row.updated, row.unchanged = taken_back + len(left), taken_back, len(left)
    row.warnings = [in_both(_changed(each)) for each in left]
    number = store.add_import(session, row)
    undone.undone_by = number
    record(session, "import.undone", f"import:{id}", after={"by": number, "taken_back": taken_back, "left": len(left)})
    return row


def _changed(key: Any) -> Fault:
    context = {"indicator": key.indicator, "unit": key.unit, "period": key.period}
    return Place().fault("changed_since", CHANGED, "", context)
