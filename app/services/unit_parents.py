"""Whether a unit exists when another one begins to stand under it."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.unit import SINCE_EVER, Unit, Version
from app.errors import ErrorCode, Fault
from app.services.unit_names import UnitSuggester
from app.store.units import load_units

NOT_YET = ErrorCode(
    "unit_not_active",
    "{code} exists from {valid_from} on; {child} cannot stand under it on {day}. Correct the day, or tell an event of "
    "the kind `move` for the day from which it does.",
    "{code} tồn tại từ ngày {valid_from} nên {child} không thể trực thuộc đơn vị này vào ngày {day}. Hãy sửa ngày, "
    "hoặc ghi sự kiện `move` cho ngày bắt đầu trực thuộc.",
)


class UnitParents:
    """The parents of units as these are stated; what a list says of a parent holds for its children in the list.

    A unit whose first day nobody has stated is taken to begin to stand there today, or on its last day.
    """

    def __init__(self, session: Session, before: Mapping[str, Unit], after: Mapping[str, Unit]) -> None:
        self.before, self.after = before, after
        named = {unit.last.parent for unit in after.values() if unit.last.parent is not None}
        self.known = {**load_units(session, named - after.keys()), **after}
        self.names = UnitSuggester(session)
        self.names.units.update(after)

    def faults(self, place: InputLocation, code: str) -> Iterator[Fault]:
        """`unit_ended` where the parent was no more, `unit_not_active` where it was not yet; not where that is old."""
        version, old = self.after[code].last, self.before.get(code)
        fault = self._fault(place, code, version)
        is_old = old is not None and old.last.parent == version.parent and self._fault(place, code, old.last)
        if fault and not is_old:
            yield fault

    def _fault(self, place: InputLocation, code: str, version: Version) -> Fault | None:
        parent = self.known.get(version.parent or "")
        if parent is None:
            return None
        is_dated = version.begins != SINCE_EVER
        day = version.begins if is_dated else min(version.ends, self.names.day)
        if parent.valid_to is not None and parent.valid_to < day:
            return self.names.ended(place, parent.code, parent.valid_to, day, "parent")
        if is_dated and parent.valid_from is not None and parent.valid_from > day:
            context = {"code": parent.code, "valid_from": parent.valid_from, "child": code, "day": day}
            return place.fault(NOT_YET, "parent", context, value=parent.code)
        return None
