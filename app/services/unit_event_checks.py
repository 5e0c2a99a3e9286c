"""What keeps an event from being applied to the units that it names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.unit import FOR_EVER, MOST_SUCCESSORS, Unit
from app.domain.unit_change import TAKES_TO, UnitChange, UnitEventKind, applied
from app.domain.unit_trees import MOST_LEVELS
from app.errors import ErrorCode, Fault, Faults, Text
from app.services.unit_checks import TOO_DEEP, cycle_fault, rings_and_depths, trees_after
from app.services.unit_names import UnitSuggester
from app.services.units import REFUSED
from app.store import unit_events as events_store
from app.store.units import UNKNOWN

REQUIRED: dict[UnitEventKind, str | None] = {
    "merge": "to",
    "split": "to",
    "rename": "name",
    "move": "parent",
    "abolish": None,
}
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


def event_faults(session: Session, event: UnitChange, before: Mapping[str, Unit]) -> Faults:
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
        context = {"ending": ending, "after": after, "count": ending * after, "limit": MOST_SUCCESSIONS}
        faults.append(Fault(TOO_LARGE, context, pointer="/to"))
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
                fault = names.ended(BODY, code, valid_to, day, field)
                yield (
                    fault
                    if field == "parent"
                    else replace(fault, error_code=replace(fault.error_code, code=NOT_THEN.code))
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
    after = applied(event, before)
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
    sent = sorted((side, code) for side, code, _ in event.members)
    said = (event.kind, event.effective_on, event.name, event.parent, sent)
    for known, members in events_store.events_of(session, event.sources[0]):
        sides = sorted((each.side, each.unit) for each in members)
        if (known.kind, known.effective_on, known.name, known.parent, sides) == said:
            return [Fault(KNOWN, {"id": known.id}, pointer="")]
    return []
