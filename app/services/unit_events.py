"""Events that change the map of units from a day on: mergers, splits, renamings, moves, abolitions."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.answers.unit_events import Lineage, UnitEventOut
from app.domain.unit import FOR_EVER, SINCE_EVER
from app.domain.unit_change import UnitChange, applied
from app.errors import Fault
from app.services.children_left import children_left
from app.services.later_values import later_values, refuse_or_warn
from app.services.rights import Caller, outside_faults, refuse_foreign
from app.services.unit_event_checks import BODY, EVENT_REFUSED, event_faults
from app.services.units import described
from app.store import unit_events as events_store
from app.store import unit_tree
from app.store import units as store
from app.store.audit import record
from app.store.changes import Changed, record_changes
from app.store.db import stamp
from app.store.unit_events import UnitEvent, UnitEventMember
from app.store.units import UNKNOWN


def add_event(
    session: Session, caller: Caller, event: UnitChange, *, force: bool = False
) -> tuple[UnitEventOut, list[Fault]]:
    """Apply an event to the units it names and keep it; returns it as it is kept, and what it leaves to be done.

    Units of `from` that are not among `to` end the day before and name those as successors; a new name or parent
    begins on the day. Every named unit must exist on the day. Invalid `event_refused` names every fault; Conflict
    `unit_has_later_values` the figures that would lose their board, unless it is forced.
    """
    before = store.load_units(session, {code for _, code in event.named})
    refuse_foreign(outside_faults(session, caller, [(BODY, field, code) for field, code in event.named]))
    faults = event_faults(session, event, before)
    if faults:
        raise EVENT_REFUSED.error(faults=faults, count=faults.count)
    changed = {code: unit for code, unit in applied(event, before).items() if unit != before[code]}
    places = {code: (BODY, field) for field, code in reversed(event.named)}
    last_days = dict.fromkeys(event.vanishing, event.effective_on - timedelta(days=1))
    left = refuse_or_warn(later_values(session, before, changed.values(), places), force=force)
    store.replace_units(session, list(changed.values()), stamp(session))
    row = UnitEvent(
        kind=event.kind,
        effective_on=event.effective_on,
        name=event.name,
        parent=event.parent,
        legal_ref=event.legal_ref,
        known_at=stamp(session),
    )
    id = events_store.add_event(session, row, event.members)
    old = {"units": {code: described(before[code]) for code in changed}}
    new = {"units": {code: described(unit) for code, unit in changed.items()}}
    told_of = {"kind": event.kind, "effective_on": str(event.effective_on), "members": [list(m) for m in event.members]}
    record(
        session,
        "unit_event.added",
        f"unit_event:{id}",
        before=old,
        after={**told_of, "legal_ref": event.legal_ref, **new},
    )
    concerned = sorted({*changed, *(code for _, code in event.named)})
    record_changes(session, "units", (Changed(event.kind, f"unit_event:{id}", code) for code in concerned))
    members = [UnitEventMember(event=id, side=side, unit=unit, share=s) for side, unit, s in event.members]
    return event_described(row, members), [*children_left(session, last_days, changed, places), *left]


def event_described(event: UnitEvent, members: Sequence[UnitEventMember]) -> UnitEventOut:
    """A stored event as it is answered, the units of each side by code."""
    assert event.id is not None
    by_code = sorted(members, key=lambda each: each.unit)
    return {
        "id": event.id,
        "kind": event.kind,
        "effective_on": event.effective_on,
        "from": [each.unit for each in by_code if each.side == "from"],
        "to": [
            {"unit": each.unit, "share": None if each.share is None else Decimal(each.share)}
            for each in by_code
            if each.side == "to"
        ],
        "name": event.name,
        "parent": event.parent,
        "legal_ref": event.legal_ref,
    }


def lineage(session: Session, code: str) -> Lineage:
    """Where a unit stands and what it came from and went into; NotFound for an unknown code."""
    unit = store.load_units(session, [code]).get(code)
    if unit is None:
        raise UNKNOWN.error(code=code)
    return {
        "code": code,
        "ancestors": unit_tree.ancestors(session, code),
        "versions": [
            {
                "name": version.name,
                "level": version.level,
                "parent": version.parent,
                "valid_from": None if version.begins == SINCE_EVER else version.begins,
                "valid_to": None if version.ends == FOR_EVER else version.ends,
                "short_name": version.short_name,
                "kind": version.kind,
            }
            for version in unit.versions
        ],
        "predecessors": events_store.predecessors(session, code),
        "successors": list(unit.successors),
        "events": [event_described(event, members) for event, members in events_store.events_of(session, code)],
    }
