"""Units: stating them one by one or in bulk, all or none."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from typing import Any

from sqlalchemy.orm import Session

from app.domain.place import Place
from app.domain.suggest import Suggester
from app.domain.unit import MOST_LEVELS, Facts, Unit, codes_above, completed, rings, stated, too_deep, way_round
from app.errors import Fault, Faults, Forbidden, Invalid, NotFound, Text
from app.services.later_values import later_values, refuse_or_warn
from app.services.rights import OUTSIDE, Caller, outside
from app.services.unit_parents import UnitParents
from app.store import unit_tree
from app.store import units as store
from app.store.audit import record
from app.store.db import stamp

REFUSED = Text(
    "{count} thing(s) must be mended before the units can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận danh mục đơn vị; chưa có gì thay đổi.",
)
PARENT_UNKNOWN = Text(
    "There is no unit {parent} to stand above {code}.", "Không có đơn vị cấp trên {parent} của {code}."
)
CYCLE = Text("{code} would stand below itself: {path}.", "{code} trở thành cấp dưới của chính nó: {path}.")
TOO_DEEP = Text(
    "{code}, or a unit below it, would stand deeper than {limit} levels; name the unit directly above as `parent`.",
    "{code} hoặc đơn vị trực thuộc sẽ nằm sâu hơn {limit} cấp; hãy ghi đơn vị cấp trên trực tiếp ở `parent`.",
)
REVERSED = Text(
    "{code} ends on {valid_to}, before it begins on {valid_from}.",
    "{code} kết thúc ngày {valid_to}, trước ngày bắt đầu {valid_from}.",
)
TAKEN = Text(
    "The identifier {scheme}:{value} already belongs to {owner}.",
    "Mã {scheme}:{value} đã thuộc về đơn vị {owner}.",
)
TWICE = Text("{code} occurs more than once.", "{code} xuất hiện nhiều lần.")
ROOT = Text(
    "The key {name} may not create a unit at the root or move one out of {unit}.",
    "Khóa {name} không được tạo đơn vị gốc hoặc đưa đơn vị ra ngoài {unit}.",
)
UNOWNED = Text(
    "The key {name} may take new codes only below those of {unit} and of the units under it, as {unit}.01 is; {code} "
    "is not one.",
    "Khóa {name} chỉ được dùng mã mới nằm dưới mã của {unit} và các đơn vị trực thuộc, ví dụ {unit}.01; mã {code} "
    "không thuộc phạm vi này.",
)

ONLY = Place()
"""The place of a record that is the whole body."""


Spot = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit as stated, and where it stands in what was sent.

    `unread` are the spots of its fields that could not be read: what is found there follows from that, and is not told.
    """

    facts: Facts
    place: Place = ONLY
    unread: frozenset[Spot] = frozenset()


Check = Callable[[Placed], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the units that were stated."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
    warnings: list[Fault]


def state_units(
    session: Session,
    caller: Caller,
    placed: Sequence[Placed],
    unread: Faults | None = None,
    *,
    dry_run: bool = False,
    force: bool = False,
) -> Outcome:
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
        raise Invalid("units_refused", REFUSED, faults=faults, count=faults.count)
    after = {each.facts.code: stated(before.get(each.facts.code), each.facts) for each in placed}
    places = {each.facts.code: (each.place, "") for each in placed}
    later = later_values(session, before, after.values(), places)
    outcome = Outcome(
        created=[code for code in after if code not in before],
        updated=[code for code, unit in after.items() if code in before and before[code] != unit],
        unchanged=[code for code, unit in after.items() if before.get(code) == unit],
        warnings=refuse_or_warn(later, force=force),
    )
    if not dry_run:
        write_units(session, [after[code] for code in (*outcome.created, *outcome.updated)], before)
    return outcome


def unit_faults(session: Session, caller: Caller, placed: Sequence[Placed]) -> Iterator[Fault]:
    """What `state_units` would refuse, in the order of the list."""
    before = store.load_units(session, [each.facts.code for each in placed])
    return check_units(session, caller, _completed(placed, before), before)


def _completed(placed: Sequence[Placed], before: Mapping[str, Unit]) -> list[Placed]:
    return [replace(each, facts=completed(before.get(each.facts.code), each.facts)) for each in placed]


def spot_of(fault: Fault) -> Spot:
    """Where a fault stands."""
    return fault.pointer, fault.row, fault.column


def item_of(fault: Fault) -> int:
    """The number of the row or item that a fault stands at, so that faults can be told in the order of a list."""
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


def described(unit: Unit) -> dict[str, object]:
    """A unit as plain JSON for the trace."""
    return {
        "versions": [[v.name, v.level, v.parent, str(v.begins), str(v.ends)] for v in unit.versions],
        "identifiers": [list(each) for each in unit.identifiers],
        "successors": list(unit.successors),
    }


def check_units(
    session: Session, caller: Caller, placed: Sequence[Placed], before: Mapping[str, Unit]
) -> Iterator[Fault]:
    """The faults of the units as stated, against each other and against what is known, in the order of the list."""
    checks = (
        _row_check(placed),
        _parent_check(session, placed),
        _parent_life_check(session, placed, before),
        _identifier_check(session, placed),
        _subtree_check(session, caller, placed, before),
    )
    for each in placed:
        for check in checks:
            yield from (fault for fault in check(each) if spot_of(fault) not in each.unread)


def _row_check(placed: Sequence[Placed]) -> Check:
    """Codes that occur twice, and lives that end before they begin."""
    counted = Counter(each.facts.code for each in placed)

    def check(each: Placed) -> Iterator[Fault]:
        facts = each.facts
        if counted[facts.code] > 1:
            yield each.place.fault("duplicate_row", TWICE, "code", {"code": facts.code}, value=facts.code)
        if facts.valid_from and facts.valid_to and facts.valid_to < facts.valid_from:
            dates = {"code": facts.code, "valid_from": facts.valid_from, "valid_to": facts.valid_to}
            value = facts.valid_to.isoformat()
            yield each.place.fault("validity_reversed", REVERSED, "valid_to", dates, value=value)

    return check


def _parent_check(session: Session, placed: Sequence[Placed]) -> Check:
    """Parents that do not exist, rings, and units too deep; the whole tree is read, for a ring may close anywhere.

    A ring is told once, at the first of its units that the list names; a branch that is too deep is told where it is.
    """
    below = {each.facts.code for each in placed if each.facts.parent is not None}
    if not below:
        return _nothing
    parent_of = {**unit_tree.parents(session), **{each.facts.code: each.facts.parent for each in placed}}
    suggest, ring_of = Suggester(parent_of), {code: ring for ring in rings(parent_of) for code in ring}
    deep = set() if ring_of else _stated_above(too_deep(parent_of), parent_of, {each.facts.code for each in placed})
    told: set[int] = set()

    def check(each: Placed) -> Iterator[Fault]:
        code, parent = each.facts.code, each.facts.parent
        ring = ring_of.get(code)
        if parent is not None and parent not in parent_of:
            names = {"code": code, "parent": parent}
            yield each.place.fault(
                "unit_unknown", PARENT_UNKNOWN, "parent", names, value=parent, suggestion=suggest(parent)
            )
        elif ring is not None and id(ring) not in told:
            told.add(id(ring))
            begin = ring.index(code)
            names = {"code": code, "path": way_round([*ring[begin:], *ring[:begin]])}
            yield each.place.fault("parent_cycle", CYCLE, "parent", names, value=parent)
        elif code in deep:
            context = {"code": code, "limit": MOST_LEVELS}
            yield each.place.fault("hierarchy_too_deep", TOO_DEEP, "parent", context, value=parent)

    return check


def _stated_above(codes: Sequence[str], parent_of: Mapping[str, str | None], stated: Collection[str]) -> set[str]:
    """The nearest stated units at or above these, of which each stands on one of the first levels."""
    found = set()
    for code in codes:
        above: str | None = code
        while above is not None and above not in stated:
            above = parent_of.get(above)
        found |= {above} if above is not None else set()
    return found


def _parent_life_check(session: Session, placed: Sequence[Placed], before: Mapping[str, Unit]) -> Check:
    """Parents that exist no more, or not yet, when the unit begins to stand under them."""
    after = {each.facts.code: stated(before.get(each.facts.code), each.facts) for each in placed}
    parents = UnitParents(session, before, after)
    return lambda each: parents.faults(each.place, each.facts.code)


def _nothing(_: Placed) -> Iterator[Fault]:
    yield from ()


def _identifier_check(session: Session, placed: Sequence[Placed]) -> Check:
    """Identifiers that belong to another unit, or to two units of the list."""
    restated = {each.facts.code for each in placed}
    wanted = {(name.scheme, name.value) for each in placed for name in each.facts.identifiers}
    owners = {n: owner for n, owner in store.identified(session, wanted).items() if owner not in restated}

    def check(each: Placed) -> Iterator[Fault]:
        for name in each.facts.identifiers:
            owner = owners.setdefault((name.scheme, name.value), each.facts.code)
            if owner != each.facts.code:
                context = {"scheme": name.scheme, "value": name.value, "owner": owner}
                value = f"{name.scheme}:{name.value}"
                yield each.place.fault("identifier_taken", TAKEN, "identifiers", context, value=value)

    return check


def _subtree_check(session: Session, caller: Caller, placed: Sequence[Placed], before: Mapping[str, Unit]) -> Check:
    """A subtree key writes below its unit only: neither a foreign unit, nor a root, nor a move out."""
    if caller.unit is None:
        return _nothing
    known = {each.facts.code for each in placed if each.facts.code in before}
    foreign = outside(session, caller, known)
    new = {each.facts.code for each in placed} - known
    above = {each.facts.parent for each in placed if each.facts.parent is not None}
    foreign_parents = outside(session, caller, above) - new
    foreign_heirs = outside(session, caller, _new_heirs(placed, before)) - new
    unowned = _unowned(session, caller, new)

    def check(each: Placed) -> Iterator[Fault]:
        code, parent = each.facts.code, each.facts.parent
        context = {"name": caller.name, "unit": caller.unit, "code": code}
        if code in foreign:
            yield each.place.fault("unit_forbidden", OUTSIDE, "code", context, value=code)
        elif code == caller.unit:
            if parent != before[code].last.parent:
                yield each.place.fault("unit_forbidden", ROOT, "parent", context, value=parent)
        elif parent is None or parent in foreign_parents:
            yield each.place.fault("unit_forbidden", ROOT, "parent", context, value=parent)
        elif code in unowned:
            yield each.place.fault("unit_forbidden", UNOWNED, "code", context, value=code)
        for heir in foreign_heirs.intersection(each.facts.successors):
            told = {**context, "code": heir}
            yield each.place.fault("unit_forbidden", OUTSIDE, "successors", told, value=heir)

    return check


def _new_heirs(placed: Sequence[Placed], before: Mapping[str, Unit]) -> set[str]:
    """The successors that were not named before."""
    held = {code: set(unit.successors) for code, unit in before.items()}
    return {heir for each in placed for heir in set(each.facts.successors) - held.get(each.facts.code, set())}


def _unowned(session: Session, caller: Caller, new: Collection[str]) -> set[str]:
    """Those of the new codes that do not lie below the code of a unit of the caller's subtree.

    The nearest code above that is a unit's says whose a free code is: `H60.200.1` is for whoever writes for `H60.200`.
    """
    above = {code: codes_above(code) for code in new}
    known = store.lives(session, {each for codes in above.values() for each in codes}).keys() | set(new)
    nearest = {code: next((each for each in codes if each in known), None) for code, codes in above.items()}
    foreign = outside(session, caller, {each for each in nearest.values() if each is not None}) - set(new)
    return {code for code, each in nearest.items() if each is None or each in foreign}


def put_unit(session: Session, caller: Caller, facts: Facts, *, force: bool = False) -> Outcome:
    """State one unit. Forbidden outside the key's subtree, at the root, or out of it."""
    return _state_unit(session, caller, facts, force=force)


def patch_unit(
    session: Session, caller: Caller, code: str, changes: Mapping[str, Any], *, force: bool = False
) -> Outcome:
    """Correct some facts of a unit, leaving the others."""
    unit = store.load_units(session, [code]).get(code)
    if unit is None:
        raise NotFound("unit_unknown", store.UNKNOWN, code=code)
    held = {"name": unit.last.name, "level": unit.last.level}
    # what is held is not read anew: a name may have been taken before a rule that would refuse it today
    return _state_unit(session, caller, Facts.model_construct(**{**held, **changes, "code": code}), force=force)


def _state_unit(session: Session, caller: Caller, facts: Facts, *, force: bool) -> Outcome:
    """State one unit. What the key may not do is Forbidden as a whole, where in a list it is the fault of a row."""
    before = store.load_units(session, [facts.code])
    placed = Placed(completed(before.get(facts.code), facts))
    for fault in _subtree_check(session, caller, [placed], before)(placed):
        context: dict[str, Any] = dict(fault.context)
        raise Forbidden(fault.code, fault.text, **context)
    return state_units(session, caller, [Placed(facts)], force=force)
