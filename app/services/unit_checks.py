"""What units may be stated: rows that hold together, parents that exist, identifiers and codes of one's own."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.suggest import Suggester
from app.domain.unit import SINCE_EVER, Unit, UnitDocument, stated
from app.domain.unit_code import codes_above
from app.domain.unit_trees import MOST_LEVELS, Heights, Tree, cycle_path, stays, trees, ways_up
from app.errors import ErrorCode, Fault
from app.services.rights import OUTSIDE, Caller, outside
from app.services.unit_parents import UnitParents
from app.store import unit_tree
from app.store import units as store

PARENT_UNKNOWN = ErrorCode(
    "unit_unknown", "There is no unit {parent} to stand above {code}.", "Không có đơn vị cấp trên {parent} của {code}."
)
CYCLE = ErrorCode(
    "parent_cycle", "{code} would stand below itself: {path}.", "{code} trở thành cấp dưới của chính nó: {path}."
)
CYCLE_FROM = ErrorCode(
    "parent_cycle",
    "From {day} on {code} would stand below itself: {path}. Correct the day, or move those above it as well.",
    "Từ ngày {day}, {code} trở thành cấp dưới của chính nó: {path}. Hãy sửa ngày, hoặc chuyển cả các đơn vị cấp trên.",
)
TOO_DEEP = ErrorCode(
    "hierarchy_too_deep",
    "{code}, or a unit below it, would stand deeper than {limit} levels; see which `parent` above it is mistaken.",
    "{code} hoặc đơn vị trực thuộc sẽ nằm sâu hơn {limit} cấp; hãy kiểm tra `parent` của các đơn vị cấp trên.",
)
REVERSED = ErrorCode(
    "validity_reversed",
    "{code} ends on {valid_to}, before it begins on {valid_from}.",
    "{code} kết thúc ngày {valid_to}, trước ngày bắt đầu {valid_from}.",
)
TAKEN = ErrorCode(
    "identifier_taken",
    "The identifier {scheme}:{value} already belongs to {owner}.",
    "Mã {scheme}:{value} đã thuộc về đơn vị {owner}.",
)
OWN_SUCCESSOR = ErrorCode(
    "successor_itself",
    "{code} cannot carry on its own work; name in `successors` the units that came after it.",
    "{code} không thể kế thừa chính mình; hãy ghi trong `successors` các đơn vị tiếp nhận nhiệm vụ.",
)
TWICE = ErrorCode("duplicate_row", "{code} occurs more than once.", "{code} xuất hiện nhiều lần.")
ROOT = ErrorCode(
    "unit_forbidden",
    "The key {name} may not create a unit at the root or move one out of {unit}.",
    "Khóa {name} không được tạo đơn vị gốc hoặc đưa đơn vị ra ngoài {unit}.",
)
UNOWNED = ErrorCode(
    "unit_forbidden",
    "The key {name} may take new codes only below those of {unit} and of the units under it, as {unit}.01 is; {code} "
    "is not one.",
    "Khóa {name} chỉ được dùng mã mới nằm dưới mã của {unit} và các đơn vị trực thuộc, ví dụ {unit}.01; mã {code} "
    "không thuộc phạm vi này.",
)

FIRST_TOO_DEEP = MOST_LEVELS + 1

ONLY = InputLocation()
"""The place of a record that is the whole body."""


Spot = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """A unit as stated, and where it stands in what was sent.

    `unread` are the spots of its fields that could not be read: faults there follow from that, and are left out.
    """

    facts: UnitDocument
    place: InputLocation = ONLY
    unread: frozenset[Spot] = frozenset()


Check = Callable[[StatedUnit], Iterator[Fault]]


def spot_of(fault: Fault) -> Spot:
    """Where a fault stands."""
    return fault.pointer, fault.row, fault.column


def check_units(
    session: Session, caller: Caller, placed: Sequence[StatedUnit], before: Mapping[str, Unit]
) -> Iterator[Fault]:
    """The faults of the units as stated, against each other and against what is known, in the order of the list."""
    after = {each.facts.code: stated(before.get(each.facts.code), each.facts) for each in placed}
    parents = UnitParents(session, before, after)
    checks = (
        _row_check(placed),
        _parent_check(session, after),
        lambda each: parents.faults(each.place, each.facts.code),
        _identifier_check(session, placed),
        subtree_check(session, caller, placed, before),
    )
    for each in placed:
        for check in checks:
            yield from (fault for fault in check(each) if spot_of(fault) not in each.unread)


def _row_check(placed: Sequence[StatedUnit]) -> Check:
    """Codes that occur twice, lives that end before they begin, and units that would succeed themselves."""
    counted = Counter(each.facts.code for each in placed)

    def check(each: StatedUnit) -> Iterator[Fault]:
        facts = each.facts
        if counted[facts.code] > 1:
            yield each.place.fault(TWICE, "code", {"code": facts.code}, value=facts.code)
        if facts.valid_from and facts.valid_to and facts.valid_to < facts.valid_from:
            dates = {"code": facts.code, "valid_from": facts.valid_from, "valid_to": facts.valid_to}
            value = facts.valid_to.isoformat()
            yield each.place.fault(REVERSED, "valid_to", dates, value=value)
        if facts.code in facts.successors:
            yield each.place.fault(OWN_SUCCESSOR, "successors", {"code": facts.code}, value=facts.code)

    return check


def _parent_check(session: Session, after: Mapping[str, Unit]) -> Check:
    """Parents that do not exist, rings, and units too deep; the whole tree is read, for a ring may close anywhere.

    A ring is reported once, at the first of its units that the list names; a branch that is too deep where it is.
    """
    if all(version.parent is None for unit in after.values() for version in unit.versions):
        return _nothing
    known = {**unit_tree.parents(session), **dict.fromkeys(after)}
    suggest = Suggester(known)
    since = min(unit.versions[0].begins for unit in after.values())
    ring_of, deep = rings_and_depths(trees_after(session, after.values(), since), after.keys())
    reported: set[int] = set()

    def check(each: StatedUnit) -> Iterator[Fault]:
        code, parent = each.facts.code, each.facts.parent
        ring, day = ring_of.get(code, (None, SINCE_EVER))
        if parent is not None and parent not in known:
            names = {"code": code, "parent": parent}
            yield each.place.fault(PARENT_UNKNOWN, "parent", names, value=parent, suggestion=suggest(parent))
        elif ring is not None and id(ring) not in reported:
            reported.add(id(ring))
            yield cycle_fault(each.place, code, ring, day, parent)
        elif code in deep:
            context = {"code": code, "limit": MOST_LEVELS}
            yield each.place.fault(TOO_DEEP, "parent", context, value=parent)

    return check


def trees_after(session: Session, changed: Collection[Unit], since: date) -> Iterator[Tree]:
    """The tree of a day, and of each later day that changes it, with some units as they would be."""
    codes = {unit.code for unit in changed}
    others = (stay for stay in unit_tree.stays(session) if stay[0] not in codes)
    return trees(chain(others, *map(stays, changed)), since)


def rings_and_depths(
    through_time: Iterator[Tree], named: Collection[str]
) -> tuple[dict[str, tuple[list[str], date]], set[str]]:
    """The ring that each unit of one stands on, with the day it closes; or the named units that reach too deep.

    Of the first day on which anything is wrong with a named unit. Only the ways up from what moves on a day are walked,
    so that the work stays in proportion to the units, on however many days they begin. Where there are rings, depths
    are not asked.
    """
    names, heights = frozenset(named), Heights()
    for tree in through_time:
        left = (above for above in tree.moved.values() if above is not None)
        ways = ways_up(tree.parent_of, chain(tree.moved, left))
        ring_of = {code: (ring, tree.day) for ring in ways.rings for code in ring}
        if not names.isdisjoint(ring_of):
            return ring_of, set()
        heights.move(tree, reversed(ways.level))
        # The whole tree is walked in vain only where a branch moves that was stored before any was refused.
        is_deep = any(ways.level[code] <= FIRST_TOO_DEEP < ways.level[code] + heights.of(code) for code in tree.moved)
        if is_deep and (deep := _named_too_deep(tree.parent_of, names)):
            return {}, deep
    return {}, set()


def cycle_fault(place: InputLocation, code: str, ring: Sequence[str], day: date, parent: str | None) -> Fault:
    """`parent_cycle`, as it is followed from a unit of the ring."""
    begin = ring.index(code)
    context = {"code": code, "path": cycle_path([*ring[begin:], *ring[:begin]]), "day": day}
    if day == SINCE_EVER:
        return place.fault(CYCLE, "parent", context, value=parent)
    return place.fault(CYCLE_FROM, "parent", context, value=parent)


def _named_too_deep(parent_of: Mapping[str, str | None], named: Collection[str]) -> set[str]:
    """The named units that reach too deep, themselves or by what stands below them; the whole tree is walked."""
    first_too_deep = [code for code, level in ways_up(parent_of, parent_of).level.items() if level == FIRST_TOO_DEEP]
    return _named_above(first_too_deep, parent_of, named)


def _named_above(codes: Sequence[str], parent_of: Mapping[str, str | None], named: Collection[str]) -> set[str]:
    """The nearest named units at or above these, of which each stands on one of the first levels."""
    found, passed = set[str](), set[str]()
    for code in codes:
        above: str | None = code
        while above is not None and above not in named and above not in passed:  # others pass there, or a ring closes
            passed.add(above)
            above = parent_of.get(above)
        if above is not None and above in named:
            found.add(above)
    return found


def _nothing(_: StatedUnit) -> Iterator[Fault]:
    yield from ()


def _identifier_check(session: Session, placed: Sequence[StatedUnit]) -> Check:
    """Identifiers that belong to another unit, or to two units of the list."""
    restated = {each.facts.code for each in placed}
    wanted = {(name["scheme"], name["value"]) for each in placed for name in each.facts.identifiers}
    owners = {n: owner for n, owner in store.identified(session, wanted).items() if owner not in restated}

    def check(each: StatedUnit) -> Iterator[Fault]:
        for name in each.facts.identifiers:
            owner = owners.setdefault((name["scheme"], name["value"]), each.facts.code)
            if owner != each.facts.code:
                value = f"{name['scheme']}:{name['value']}"
                context = {"scheme": name["scheme"], "value": name["value"], "owner": owner}
                yield each.place.fault(TAKEN, "identifiers", context, value=value)

    return check


def subtree_check(session: Session, caller: Caller, placed: Sequence[StatedUnit], before: Mapping[str, Unit]) -> Check:
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

    def check(each: StatedUnit) -> Iterator[Fault]:
        code, parent = each.facts.code, each.facts.parent
        context = {"name": caller.name, "unit": caller.unit, "code": code}
        if code in foreign:
            yield each.place.fault(OUTSIDE, "code", context, value=code)
        elif code == caller.unit:
            if parent != before[code].last.parent:
                yield each.place.fault(ROOT, "parent", context, value=parent)
        elif parent is None or parent in foreign_parents:
            yield each.place.fault(ROOT, "parent", context, value=parent)
        elif code in unowned:
            yield each.place.fault(UNOWNED, "code", context, value=code)
        for heir in foreign_heirs.intersection(each.facts.successors):
            about = {**context, "code": heir}
            yield each.place.fault(OUTSIDE, "successors", about, value=heir)

    return check


def _new_heirs(placed: Sequence[StatedUnit], before: Mapping[str, Unit]) -> set[str]:
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
