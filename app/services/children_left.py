"""Units that still stand under one that ends: warned of, by whichever door it ends or they come there."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.unit import Unit
from app.errors import ErrorCode, Fault
from app.store.unit_tree import stays_under
from app.store.units import load_units

CHILDREN_LEFT = ErrorCode(
    "children_left",
    "{count} unit(s) still stand under {code}, which ends: {children}; move them (kind move) or end them too.",
    "Còn {count} đơn vị trực thuộc {code}, đơn vị này chấm dứt hoạt động: {children}; hãy chuyển (move) hoặc kết thúc "
    "các đơn vị đó.",
)
MOST_NAMED = 20
"""So many children are named; the others are counted."""
Places = Mapping[str, tuple[InputLocation, str]]
"""Where each unit stands in what was sent: the place, and the field."""


def children_left(
    session: Session, last_days: Mapping[str, date], after: Mapping[str, Unit], places: Places
) -> Iterator[Fault]:
    """`children_left` for units with these last days under which others stand longer; `after` are units as they change.

    One query, however many units end.
    """
    stored = ((row.parent, row.code, row.ends) for row in stays_under(session, last_days) if row.code not in after)
    stated = ((version.parent, unit.code, version.ends) for unit in after.values() for version in unit.versions)
    left: dict[str, set[str]] = {}
    for parent, code, ends in chain(stored, stated):
        if parent in last_days and ends > last_days[parent]:
            left.setdefault(parent, set()).add(code)
    for code in filter(left.__contains__, last_days):
        yield _fault(code, sorted(left[code]), places[code])


def left_by_statement(
    session: Session, before: Mapping[str, Unit], after: Mapping[str, Unit], places: Places
) -> Iterator[Fault]:
    """The same for units that were stated: those that end now, and those that now stay longer than the one above."""
    changed = {code: unit for code, unit in after.items() if before.get(code) != unit}
    ending = {
        code: unit.last.ends
        for code, unit in changed.items()
        if code in before and unit.last.ends < before[code].last.ends
    }
    yield from children_left(session, ending, after, places)
    parents = {unit.last.parent for unit in changed.values() if unit.last.parent is not None} - ending.keys()
    known = {**load_units(session, parents - after.keys()), **after}
    for code, unit in changed.items():
        above = known.get(unit.last.parent or "")
        if above is not None and above.code not in ending and unit.last.ends > above.last.ends:
            yield _fault(above.code, [code], places[code])


def _fault(code: str, children: list[str], place: tuple[InputLocation, str]) -> Fault:
    named = ", ".join(children[:MOST_NAMED]) + ("…" if len(children) > MOST_NAMED else "")
    context = {"code": code, "count": len(children), "children": named}
    return place[0].fault(CHILDREN_LEFT, place[1], context, value=code)
