"""Stored figures that a change of units would leave without a cohort: the change is refused, or warns if forced."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.period import read_period
from app.domain.unit import Unit, leaves_board, leaves_tree, parent_in
from app.errors import FURTHER_WARNINGS, MOST_FAULTS, Conflict, ErrorCode, Fault, Faults, RefusalCode
from app.store import figure_counts
from app.store.unit_tree import ever_below
from app.store.units import load_units

STORED = RefusalCode(
    "unit_has_later_values",
    "{count} figure(s) are stored for periods in which their units would not stand any more where they stand now; "
    "nothing was changed. Correct the day, take the figures back, or send `force=true` to leave them without a board.",
    "Đã lưu {count} số liệu thuộc các kỳ mà đơn vị sẽ không còn ở vị trí hiện nay; chưa có gì thay đổi. Hãy sửa ngày, "
    "rút số liệu, hoặc gửi `force=true` nếu chấp nhận các số liệu này không còn trong bảng xếp hạng.",
    Conflict,
)
OF_UNIT = ErrorCode(
    "unit_has_later_values",
    "{code} has {count} figure(s) of periods in which it would not stand any more where it stands now: {figures}.",
    "{code} có {count} số liệu thuộc các kỳ mà đơn vị sẽ không còn ở vị trí hiện nay: {figures}.",
)
OF_UNIT_BELOW = ErrorCode(
    "unit_has_later_values",
    "{code} has {count} figure(s) of periods in which {above}, under which it stands, would not stand any more where "
    "it stands now: {figures}.",
    "{code} có {count} số liệu thuộc các kỳ mà đơn vị cấp trên {above} sẽ không còn ở vị trí hiện nay: {figures}.",
)
MOST_FIGURES = 10
"""So many figures of a unit are named; the others are counted."""


def later_values(
    session: Session,
    before: Mapping[str, Unit],
    after: Collection[Unit],
    places: Mapping[str, tuple[InputLocation, str]],
) -> list[Fault]:
    """`unit_has_later_values`: units that a change takes off boards of periods of which they have figures.

    They end before, begin after, or stand under another parent or on another level all that time; or a unit above
    them ends, begins or moves, and they go with it. `places` (with a field) by code of a changed unit. The number of
    queries does not depend on how many units change or stand below them.
    """
    changed = {unit.code: unit for unit in after if unit.code in before and _life(unit) != _life(before[unit.code])}
    below = ever_below(session, [code for code, unit in changed.items() if _stand(unit) != _stand(before[code])])
    counts = figure_counts.count_by_period(session, changed.keys() | below)
    known = {**(load_units(session, below) if counts else {}), **before}
    cause_of = _causes(known, changed)
    left: dict[str, dict[str, str]] = {}
    for code in sorted(counts):
        causes = {period: cause for period in sorted(counts[code]) if (cause := cause_of(code, period)) is not None}
        if causes:
            left[code] = causes
    named = figure_counts.figures_of(session, dict(list(left.items())[:MOST_FAULTS]), limit=MOST_FIGURES)
    return [
        _fault(
            code, next(iter(causes.values())), sum(map(counts[code].__getitem__, causes)), named.get(code, ()), places
        )
        for code, causes in left.items()
    ]


def _causes(known: Mapping[str, Unit], changed: Mapping[str, Unit]) -> Callable[[str, str], str | None]:
    """Finds the changed unit, it itself or one above, that takes a unit off a board of a period; None: none does."""
    period_of = cache(read_period)
    found: dict[tuple[str | None, str], str | None] = {}

    def tree_cause(code: str | None, period: str) -> str | None:
        way = []  # upwards in a loop, since a tree may be thousands of units deep
        while code is not None and code in known and (code, period) not in found:
            way.append(code)
            found[code, period] = None  # a ring ends here
            if code in changed and leaves_tree(known[code], changed[code], period_of(period)):
                found[code, period] = code
                break
            code = parent_in(known[code], period_of(period))
        reached = found.get((code, period))
        found.update({(each, period): reached for each in way})
        return reached

    def cause(code: str, period: str) -> str | None:
        if code in changed and leaves_board(known[code], changed[code], period_of(period)):
            return code
        return tree_cause(code, period)

    return cause


def refuse_or_warn(faults: Sequence[Fault], *, force: bool) -> list[Fault]:
    """The faults as warnings where the change is forced; else Conflict `unit_has_later_values` that names them."""
    if faults and not force:
        count = sum(int(str(fault.context["count"])) for fault in faults)
        raise STORED.error(faults=Faults(faults), count=count)
    return list(Faults(faults, FURTHER_WARNINGS))


def _stand(unit: Unit) -> list[object]:
    """When a unit stands under whom."""
    return [(version.begins, version.ends, version.parent) for version in unit.versions]


def _life(unit: Unit) -> list[object]:
    """When a unit stands under whom, and on which level."""
    return [(version.begins, version.ends, version.parent, version.level) for version in unit.versions]


def _fault(
    code: str, cause: str, count: int, figures: Sequence[str], places: Mapping[str, tuple[InputLocation, str]]
) -> Fault:
    place, field = places[cause]
    more = "…" if count > len(figures) else ""
    context = {"code": code, "above": cause, "count": count, "figures": ", ".join(figures) + more}
    error_code = OF_UNIT if cause == code else OF_UNIT_BELOW
    return place.fault(error_code, field, context, value=code)
