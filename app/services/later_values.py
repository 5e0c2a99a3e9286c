"""Figures that a change of units would leave without the board they stand on: told before, or named if it is forced."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from app.domain.period import read_period
from app.domain.place import Place
from app.domain.unit import Unit, leaves
from app.errors import Conflict, Fault, Text
from app.store import values as store

STORED = Text(
    "{count} figure(s) are stored for periods in which their units would not stand any more where they stand now; "
    "nothing was changed. Correct the day, take the figures back, or send `force=true` to leave them without a board.",
    "Đã lưu {count} số liệu thuộc các kỳ mà đơn vị sẽ không còn ở vị trí hiện nay; chưa có gì thay đổi. Hãy sửa ngày, "
    "rút số liệu, hoặc gửi `force=true` nếu chấp nhận các số liệu này không còn trong bảng xếp hạng.",
)
OF_UNIT = Text(
    "{code} has {count} figure(s) of periods in which it would not stand any more where it stands now: {figures}.",
    "{code} có {count} số liệu thuộc các kỳ mà đơn vị sẽ không còn ở vị trí hiện nay: {figures}.",
)
MOST_UNITS = 1000
MOST_FIGURES = 10
"""So many units are named, and so many figures of each; the others are counted."""


def later_values(
    session: Session, before: Mapping[str, Unit], after: Collection[Unit], places: Mapping[str, tuple[Place, str]]
) -> list[Fault]:
    """`unit_has_later_values`: units that a change takes out of periods of which they have figures; three queries.

    They end before, begin after, or stand under another parent or on another level all that time. `places` (with a
    field) by code.
    """
    changed = {unit.code: unit for unit in after if unit.code in before and _life(unit) != _life(before[unit.code])}
    counts = store.count_by_period(session, changed)
    left = {
        code: [period for period in sorted(periods) if leaves(before[code], changed[code], read_period(period))]
        for code, periods in counts.items()
    }
    left = {code: periods for code, periods in sorted(left.items()) if periods}
    named = store.figures_of(session, dict(list(left.items())[:MOST_UNITS]), limit=MOST_FIGURES)
    return [
        _fault(code, sum(counts[code][period] for period in periods), named.get(code, ()), places[code])
        for code, periods in left.items()
    ]


def refuse_or_warn(faults: Sequence[Fault], *, force: bool) -> list[Fault]:
    """The faults as warnings where the change is forced; else Conflict `unit_has_later_values` that names them."""
    told = list(faults[:MOST_UNITS])
    if faults and not force:
        count = sum(int(str(fault.context["count"])) for fault in faults)
        raise Conflict("unit_has_later_values", STORED, faults=told, count=count)
    return told


def _life(unit: Unit) -> list[object]:
    """When a unit stands under whom, and on which level."""
    return [(version.begins, version.ends, version.parent, version.level) for version in unit.versions]


def _fault(code: str, count: int, figures: Sequence[str], place: tuple[Place, str]) -> Fault:
    more = "…" if count > len(figures) else ""
    context = {"code": code, "count": count, "figures": ", ".join(figures) + more}
    return place[0].fault("unit_has_later_values", OF_UNIT, place[1], context, value=code)
