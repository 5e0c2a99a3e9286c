"""Events that change the map of units from a day on: mergers, splits, renamings, moves, abolitions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Literal

from sqlalchemy.orm import Session

from app.answers.unit_events import Lineage, UnitEventOut
from app.domain.input_location import InputLocation
from app.domain.unit import FOR_EVER, MOST_SUCCESSORS, SINCE_EVER, Unit, changed_from, ended
from app.domain.unit_trees import MOST_LEVELS
from app.errors import ErrorCode, Fault, Faults, Text
from app.services.children_left import children_left
from app.services.later_values import later_values, refuse_or_warn
from app.services.rights import Caller, outside_faults, refuse_foreign
from app.services.unit_checks import TOO_DEEP, cycle_fault, rings_and_depths, trees_after
from app.services.unit_names import UnitSuggester
from app.services.units import REFUSED, described
from app.store import unit_events as events_store
from app.store import unit_tree
from app.store import units as store
from app.store.audit import record
from app.store.db import stamp
from app.store.unit_events import UnitEvent, UnitEventMember
from app.store.units import UNKNOWN

Kind = Literal["merge", "split", "rename", "move", "abolish"]
REQUIRED: dict[Kind, str | None] = {"merge": "to", "split": "to", "rename": "name", "move": "parent", "abolish": None}
TAKES_TO: tuple[Kind, ...] = ("merge", "split")
"""Kinds with units after the event; the others change or end the units of `from` themselves."""

EVENT_REFUSED = replace(REFUSED, code="event_refused")
NEEDS = ErrorCode("field_missing", "An event of the kind {kind} needs {what}.", "Sự kiện {kind} phải có {what}.")
NEEDS_NONE = replace(NEEDS, code="field_unknown")
NEEDS_ONE = replace(NEEDS, code="name_ambiguous")
NO_TO = Text("no `to` (use merge or split)", "`to` để trống (nếu không, dùng merge hoặc split)")
NOTHING_AFTER = Text("neither `name` nor `parent`", "`name` và `parent` để trống")
ONE_TO_NAME = Text("a single unit to name", "đúng một đơn vị để đổi tên")
REPEATED = ErrorCode("unit_repeated", "{code} is named twice on one side.", "{code} được nêu hai lần ở cùng một vế.")
NOT_THEN = ErrorCode(
    "unit_not_active",
    "{code} exists from {valid_from} to {valid_to}; an event on {day} lies outside.",
    "{code} tồn tại từ {valid_from} đến {valid_to}; sự kiện ngày {day} nằm ngoài thời gian đó.",
)
CHANGED_LATER = ErrorCode(
    "event_out_of_order",
    "{code} has changed on {changed} and cannot end before that, on {day}.",
    "{code} đã thay đổi ngày {changed} nên không thể kết thúc trước đó, vào ngày {day}.",
)
SHARES_OVER = ErrorCode(
    "shares_exceed_whole",
    "The shares add up to {sum}; no more than 1, the whole, can be taken over.",
    "Tổng các tỷ lệ là {sum}; không thể tiếp nhận quá 1 (toàn bộ).",
)
SAME_UNITS = ErrorCode(
    "event_changes_nothing",
    "The units after the event are those before it; use rename or move for a unit that only changes.",
    "Các đơn vị trước và sau sự kiện giống hệt nhau; hãy dùng rename hoặc move nếu đơn vị chỉ thay đổi.",
)
TOO_LARGE = ErrorCode(
    "event_too_large",
    "{ending} unit(s) that end and {after} that follow each of them make {count} successions; an event has at most "
    "{limit}. Send an event for each group of units, with those alone that carry on their work.",
    "{ending} đơn vị kết thúc, mỗi đơn vị có {after} đơn vị kế tục, tổng cộng {count} lượt kế tục; một sự kiện có "
    "nhiều nhất {limit}. Hãy ghi riêng sự kiện cho từng nhóm đơn vị, chỉ nêu các đơn vị thực sự kế tục nhóm đó.",
)
TOO_MANY_SUCCESSORS = ErrorCode(
    "event_too_large",
    "{code} would have {count} successors; a unit has at most {limit}. Name those alone that carry on its work, or "
    "correct the successors that are stated for it.",
    "{code} sẽ có {count} đơn vị kế tục; một đơn vị có nhiều nhất {limit}. Hãy chỉ nêu các đơn vị thực sự kế tục, hoặc "
    "sửa danh sách đơn vị kế tục đã ghi.",
)
MOST_MEMBERS = 1_000
"""So many units stand on one side of an event."""
MOST_SUCCESSIONS = 5_000
"""So many pairs there are in an event of a unit that ends and one that follows it: each unit that ends keeps, and the
trace names, all that follow it."""

KNOWN = ErrorCode(
    "event_known", "This event is already recorded as number {id}.", "Sự kiện này đã được ghi nhận với số {id}."
)
DAY = timedelta(days=1)
BODY = InputLocation()


@dataclass(frozen=True)
class UnitChange:
    """A change on a day; `sources` are the units before it, `targets` those after with the share they take over."""

    kind: Kind
    effective_on: date
    sources: tuple[str, ...]
    targets: tuple[tuple[str, str | None], ...] = ()
    name: str | None = None
    parent: str | None = None
    legal_ref: str | None = None

    @cached_property
    def after(self) -> tuple[str, ...]:
        return tuple(unit for unit, _ in self.targets)

    @cached_property
    def vanishing(self) -> tuple[str, ...]:
        """The units that end the day before."""
        staying = frozenset(self.after)
        return () if self.kind in ("rename", "move") else tuple(code for code in self.sources if code not in staying)

    @property
    def changing(self) -> tuple[str, ...]:
        """The units that take the new name or parent."""
        return self.after if self.kind in TAKES_TO else self.sources

    @property
    def named(self) -> list[tuple[str, str]]:
        """Every unit that the event names, with the place where it stands."""
        places = [(f"from/{i}", code) for i, code in enumerate(self.sources)]
        places += [(f"to/{i}/unit", code) for i, code in enumerate(self.after)]
        return places + ([("parent", self.parent)] if self.parent else [])

    @property
    def members(self) -> list[tuple[str, str, str | None]]:
        """Side, unit and share of everybody concerned."""
        return [("from", code, None) for code in self.sources] + [("to", code, share) for code, share in self.targets]


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
    faults = _event_faults(session, event, before)
    if faults:
        raise EVENT_REFUSED.error(faults=faults, count=faults.count)
    changed = {code: unit for code, unit in _applied(event, before).items() if unit != before[code]}
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
            }
            for version in unit.versions
        ],
        "predecessors": events_store.predecessors(session, code),
        "successors": list(unit.successors),
        "events": [event_described(event, members) for event, members in events_store.events_of(session, code)],
    }


def _applied(event: UnitChange, before: Mapping[str, Unit]) -> dict[str, Unit]:
    """The units after the event."""
    changed = {code: ended(before[code], event.effective_on, event.after) for code in event.vanishing}
    if event.name or event.parent:
        for code in event.changing:
            changed[code] = changed_from(before[code], event.effective_on, name=event.name, parent=event.parent)
    return changed


def _event_faults(session: Session, event: UnitChange, before: Mapping[str, Unit]) -> Faults:
    """Everything that keeps the event from being applied."""
    faults = Faults(chain(_shape_faults(event), _side_faults(event), _unit_faults(session, event, before)))
    if not faults and event.parent:
        faults.extend(_tree_faults(session, event, before))
    return faults or Faults(_repeat_faults(session, event))


def _shape_faults(event: UnitChange) -> list[Fault]:
    """What the kind of event needs and what it cannot take."""
    faults = []

    def needs(error_code: ErrorCode, what: object, pointer: str) -> None:
        faults.append(Fault(error_code, {"kind": event.kind, "what": what}, pointer=pointer))

    need = REQUIRED[event.kind]
    given = {"to": event.after, "name": event.name, "parent": event.parent}
    if need is not None and not given[need]:
        needs(NEEDS, f"`{need}`", f"/{need}")
    if event.after and event.kind not in TAKES_TO:
        needs(NEEDS_NONE, NO_TO, "/to")
    if event.kind == "abolish" and (event.name or event.parent):
        needs(NEEDS_NONE, NOTHING_AFTER, "/name" if event.name else "/parent")
    if event.name and len(event.changing) > 1:
        needs(NEEDS_ONE, ONE_TO_NAME, "/name")
    for side, codes in (("from", event.sources), ("to", event.after)):
        twice = [code for code, times in Counter(codes).items() if times > 1]
        faults += [Fault(REPEATED, {"code": code}, pointer=f"/{side}", value=code) for code in twice]
    return faults


def _side_faults(event: UnitChange) -> list[Fault]:
    """What cannot be of the units on the two sides together."""
    faults = []
    taken_over = sum(Decimal(share) for _, share in event.targets if share is not None)
    if taken_over > 1:
        faults.append(Fault(SHARES_OVER, {"sum": taken_over}, pointer="/to", value=str(taken_over)))
    ending, after = len(event.vanishing), len(event.after)
    if ending * after > MOST_SUCCESSIONS:
        told = {"ending": ending, "after": after, "count": ending * after, "limit": MOST_SUCCESSIONS}
        faults.append(Fault(TOO_LARGE, told, pointer="/to"))
    if event.kind in TAKES_TO and set(event.sources) == set(event.after):
        faults.append(Fault(SAME_UNITS, pointer="/to"))
    return faults


def _unit_faults(session: Session, event: UnitChange, before: Mapping[str, Unit]) -> Iterator[Fault]:
    """Units that are not known, or do not exist on the day; those that have ended with those that carry on their work.

    Where it is the parent, that is `unit_ended`; on either side of the event it is `unit_not_active`.
    """
    vanishing, names, day = frozenset(event.vanishing), UnitSuggester(session), event.effective_on
    for field, code in event.named:
        if code not in before:
            yield BODY.fault(UNKNOWN, field, {"code": code}, value=code)
        elif fault := _own_fault(event, before[code], vanishes=code in vanishing):
            valid_to = before[code].valid_to
            if fault.code == NOT_THEN.code and valid_to is not None and valid_to < day:
                told = names.ended(BODY, code, valid_to, day, field)
                yield (
                    told
                    if field == "parent"
                    else replace(told, error_code=replace(told.error_code, code=NOT_THEN.code))
                )
            else:
                yield BODY.at(field, replace(fault, value=code))


def _own_fault(event: UnitChange, unit: Unit, *, vanishes: bool) -> Fault | None:
    """Whether the day lies in the unit's life. What vanishes lived the day before, has not changed since, and has no
    more successors than a unit may have."""
    day = event.effective_on
    begins, ends = unit.versions[0].begins, unit.last.ends
    context = {"code": unit.code, "day": day, "valid_from": unit.valid_from or "…", "valid_to": unit.valid_to or "…"}
    if begins >= day or (ends != FOR_EVER and ends + DAY < day) if vanishes else not begins <= day <= ends:
        return Fault(NOT_THEN, context)
    if vanishes and unit.last.begins >= day:
        return Fault(CHANGED_LATER, {**context, "changed": unit.last.begins})
    count = len({*unit.successors, *event.after}) if vanishes else 0
    if count > max(MOST_SUCCESSORS, len(unit.successors)):
        return Fault(TOO_MANY_SUCCESSORS, {"code": unit.code, "count": count, "limit": MOST_SUCCESSORS})
    return None


def _tree_faults(session: Session, event: UnitChange, before: Mapping[str, Unit]) -> list[Fault]:
    """A unit that would come to stand below itself, or deeper than there are levels, on the day or later."""
    after = _applied(event, before)
    through_time = trees_after(session, after.values(), event.effective_on)
    ring_of, deep = rings_and_depths(through_time, event.changing)
    for code in event.changing:
        if code in ring_of:
            return [cycle_fault(BODY, code, *ring_of[code], event.parent)]
    if not deep:
        return []
    context = {"code": min(deep), "limit": MOST_LEVELS}
    return [BODY.fault(TOO_DEEP, "parent", context, value=event.parent)]


def _repeat_faults(session: Session, event: UnitChange) -> list[Fault]:
    """The same event, sent a second time."""
    wanted = sorted((side, code) for side, code, _ in event.members)
    said = (event.kind, event.effective_on, event.name, event.parent, wanted)
    for known, members in events_store.events_of(session, event.sources[0]):
        sides = sorted((each.side, each.unit) for each in members)
        if (known.kind, known.effective_on, known.name, known.parent, sides) == said:
            return [Fault(KNOWN, {"id": known.id}, pointer="")]
    return []
