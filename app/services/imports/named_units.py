"""Units that a file names in words, where it was asked for: `resolve=names`."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.suggest import LONGEST
from app.domain.unit_names import parts_of
from app.domain.vietnamese import fold
from app.domain.words import Words
from app.errors import ErrorCode, Fault
from app.services.unit_names import spellings
from app.store import unit_tree
from app.store.unit_versions import UnitMoment

MOST_NAMED = 5

NAME_AMBIGUOUS = ErrorCode(
    "unit_name_ambiguous",
    "{count} units are called `{said}`: {codes}. Write the code of the one that is meant, or say by `under=` below "
    "which unit it stands.",
    "Có {count} đơn vị mang tên `{said}`: {codes}. Hãy ghi mã của đơn vị cần chọn, hoặc dùng `under=` để giới hạn đơn "
    "vị cấp trên.",
)


class NamedUnits:
    """The units below one (all units) that exist on a day, by their names; loaded once, in one query."""

    def __init__(self, session: Session, under: str | None, day: date) -> None:
        units = unit_tree.tree(session, under, UnitMoment(day=day))
        self.whole, self.own = Words[str](), Words[str]()
        """Names without the word for the kind of unit: `Trung Môn` of the `UBND xã Trung Môn`."""
        for unit in units:
            if unit.code != under:
                for spelling in spellings(fold(unit.name)):
                    self.whole.add(spelling, unit.name, unit.code)
                self.own.add(fold(parts_of(unit.name).own), unit.name, unit.code)

    def bearers(self, name: str) -> set[str]:
        """The units that bear a name: the whole one, else their own."""
        return (self.whole.meanings(name) or self.own.meanings(name)) if len(name) <= LONGEST else set()

    def codes(self, names: Iterable[str]) -> dict[str, str]:
        """The codes of those names that one unit alone bears."""
        found = {name: self.bearers(name) for name in names}
        return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}

    def ambiguous(self, place: InputLocation, said: str) -> Fault | None:
        """`unit_name_ambiguous` of a name that several bear."""
        codes = sorted(self.bearers(said))
        if len(codes) < 2:
            return None
        listed = ", ".join(codes[:MOST_NAMED]) + ", …" * (len(codes) > MOST_NAMED)
        context = {"count": len(codes), "said": said[:100], "codes": listed}
        return place.fault(NAME_AMBIGUOUS, "unit", context, value=said)
