"""Units: stating them one by one or in bulk, all or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain
from typing import cast

from sqlalchemy.orm import Session

from app.answers.faults import FaultBody
from app.answers.units import UnitOut, UnitsImported
from app.domain.unit import Unit, UnitDocument, completed, stated
from app.errors import FURTHER_WARNINGS, Fault, Faults, Forbidden, Invalid, Language, RefusalCode
from app.services.children_left import left_by_statement
from app.services.later_values import later_values, refuse_or_warn
from app.services.rights import Caller
from app.services.unit_checks import StatedUnit, check_units, subtree_check
from app.store import units as store
from app.store.audit import record
from app.store.changes import Changed, record_changes
from app.store.db import stamp
from app.store.rows import UnitRow

REFUSED = RefusalCode(
    "units_refused",
    "{count} thing(s) must be mended before the units can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận danh mục đơn vị; chưa có gì thay đổi.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class UnitsWritten:
    """What became of the units that were stated."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
    warnings: list[Fault]


def unit_described(row: UnitRow) -> UnitOut:
    """A unit as it is answered."""
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": row.parent,
        "identifiers": row.identifiers,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "successors": row.successors,
        "short_name": row.short_name,
        "kind": row.kind,
    }


def list_described(
    written: UnitsWritten, warnings: Iterable[Fault], language: Language, *, dry_run: bool
) -> UnitsImported:
    """What became of a list of units as it is answered; `warnings`: of the list and of what was written."""
    created, updated, unchanged = len(written.created), len(written.updated), len(written.unchanged)
    return {
        "status": "planned" if dry_run else "applied",
        "rows": created + updated + unchanged,  # a list with a unit twice is refused
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "rejected": 0,
        "errors": [],
        "warnings": [cast(FaultBody, each.body(language)) for each in warnings],
    }


def state_units(
    session: Session,
    caller: Caller,
    placed: Sequence[StatedUnit],
    unread: Faults | None = None,
    *,
    dry_run: bool = False,
    force: bool = False,
) -> UnitsWritten:
    """Take units as stated, all or none, parents in any order; Invalid names the faults in the order of the list.

    `unread` is what could not be read of the list. Units concerned are `placed` as they probably were meant. Raises
    Conflict `unit_has_later_values` unless it is forced.
    """
    unread = unread or Faults()
    before = store.load_units(session, [each.facts.code for each in placed])
    placed = _completed(placed, before)
    faults = Faults(merge(unread.named, check_units(session, caller, placed, before), key=item_of))
    faults.add_unnamed(unread.count - len(unread.named))
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)
    after = {each.facts.code: stated(before.get(each.facts.code), each.facts) for each in placed}
    places = {each.facts.code: (each.place, "") for each in placed}
    later = later_values(session, before, after.values(), places)
    warnings = refuse_or_warn(later, force=force)
    outcome = UnitsWritten(
        created=[code for code in after if code not in before],
        updated=[code for code, unit in after.items() if code in before and before[code] != unit],
        unchanged=[code for code, unit in after.items() if before.get(code) == unit],
        warnings=list(Faults(chain(left_by_statement(session, before, after, places), warnings), FURTHER_WARNINGS)),
    )
    if not dry_run:
        write_units(session, [after[code] for code in (*outcome.created, *outcome.updated)], before)
    return outcome


def unit_faults(session: Session, caller: Caller, placed: Sequence[StatedUnit]) -> Iterator[Fault]:
    """What `state_units` would refuse, in the order of the list."""
    before = store.load_units(session, [each.facts.code for each in placed])
    return check_units(session, caller, _completed(placed, before), before)


def _completed(placed: Sequence[StatedUnit], before: Mapping[str, Unit]) -> list[StatedUnit]:
    return [replace(each, facts=completed(before.get(each.facts.code), each.facts)) for each in placed]


def item_of(fault: Fault) -> int:
    """The number of the row or item that a fault stands at, so that faults come in the order of a list."""
    if fault.row is not None:
        return fault.row
    first = (fault.pointer or "").removeprefix("/items").removeprefix("/").partition("/")[0]
    return int(first) if first.isdecimal() else 0


def write_units(session: Session, units: Sequence[Unit], before: Mapping[str, Unit]) -> None:
    """Store changed units with one entry in the trace; a single unit is named in it, many are counted."""
    if not units:
        return
    store.replace_units(session, units, stamp(session))
    subject = f"unit:{units[0].code}" if len(units) == 1 else "units"
    old = {unit.code: described(before[unit.code]) for unit in units if unit.code in before}
    new = {unit.code: described(unit) for unit in units}
    record(session, "units.stated", subject, before=old or None, after=new)
    record_changes(session, "units", (Changed("stated", f"unit:{unit.code}", unit.code) for unit in units))


def described(unit: Unit) -> dict[str, object]:
    """A unit as plain JSON for the trace."""
    return {
        "versions": [
            [v.name, v.level, v.parent, str(v.begins), str(v.ends), v.short_name, v.kind] for v in unit.versions
        ],
        "identifiers": [list(each) for each in unit.identifiers],
        "successors": list(unit.successors),
    }


def put_unit(session: Session, caller: Caller, facts: UnitDocument, *, force: bool = False) -> UnitsWritten:
    """State one unit. Forbidden outside the key's subtree, at the root, or out of it."""
    return _state_unit(session, caller, facts, force=force)


def patch_unit(
    session: Session, caller: Caller, code: str, changes: Mapping[str, object], *, force: bool = False
) -> UnitsWritten:
    """Correct some facts of a unit, leaving the others."""
    unit = store.load_units(session, [code]).get(code)
    if unit is None:
        raise store.UNKNOWN.error(code=code)
    # what is stored is not read anew: a name may have been taken before a rule that would refuse it today
    stored = UnitDocument.model_construct(code=code, name=unit.last.name, level=unit.last.level)
    facts = stored.model_copy(update=changes)
    return _state_unit(session, caller, facts, force=force)


def _state_unit(session: Session, caller: Caller, facts: UnitDocument, *, force: bool) -> UnitsWritten:
    """State one unit. What the key may not do is Forbidden as a whole, where in a list it is the fault of a row."""
    before = store.load_units(session, [facts.code])
    placed = StatedUnit(completed(before.get(facts.code), facts))
    for fault in subtree_check(session, caller, [placed], before)(placed):
        raise Forbidden(fault.error_code, fault.context)
    return state_units(session, caller, [StatedUnit(facts)], force=force)
