"""The units that saved answers name: ids joined to codes, and what is said of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.portal.answers import PortalFile, PortalUnit
from app.domain.unit_names import OFFICES, UnitKind, kind_of
from app.domain.vietnamese import nfc
from app.domain.vocabulary import Level
from app.errors import ErrorCode, Fault

MOST_NAMED = 20
SCHEME = "dvcqg"
"""The scheme of the portal's own ids: UUIDs, and the numbers of the older interface."""

LEVELS: dict[str, Level] = {
    "PROVINCE": "province",
    "PROVINCIAL_DEPARTMENT": "department",
    "COMMUNE_PEOPLE_COMMITTEE": "commune",
}
NAMED: dict[Level, frozenset[UnitKind]] = {
    "commune": frozenset({"commune", "ward", "township", "special_zone"}),
    "district": frozenset({"district", "urban_district", "town", "city"}),
    "department": frozenset(OFFICES),
}
"""The kinds that names tell, where an answer does not say what its units are."""

ID_AMBIGUOUS = ErrorCode(
    "portal_id_ambiguous",
    "The portal's id {id} stands beside the codes {codes}; the files do not belong together.",
    "Mã định danh {id} của Cổng đi kèm nhiều mã đơn vị {codes}; các tệp không khớp nhau.",
)
NAME_MISSING = ErrorCode(
    "field_missing",
    "Without a code or an id of the portal nobody knows which unit this is.",
    "Không có mã đơn vị hay mã định danh của Cổng thì không biết đây là đơn vị nào.",
)


@dataclass(frozen=True, slots=True)
class DescribedUnit:
    """A unit with a code, as the answers of one request describe it; `pointer` is where it was first named."""

    code: str
    name: str
    level: Level
    parent: str | None
    portal_ids: tuple[str, ...]
    pointer: str


class PortalUnits:
    """What the answers of one request say about units, taken together."""

    def __init__(self, files: Sequence[PortalFile]) -> None:
        self.files = files
        self.codes: dict[str, dict[str, None]] = {}
        for unit in (unit for file in files for unit in file.units):
            if unit.id and unit.code:
                self.codes.setdefault(unit.id, {})[unit.code] = None

    def named(self, unit: PortalUnit) -> str | None:
        """The unit as a row names it: its code, from whichever file has it, else `dvcqg:` and the portal's id."""
        if unit.code or not unit.id:
            return unit.code
        codes = self.codes.get(unit.id)
        return next(iter(codes)) if codes else f"{SCHEME}:{unit.id}"

    def faults_of(self, unit: PortalUnit) -> Sequence[Fault]:
        """Why none of a unit's figures can be taken: its names cannot be read, it has none (`field_missing`), or its
        id stands beside two codes (`portal_id_ambiguous`)."""
        if unit.faults:
            return unit.faults
        if self.named(unit) is None:
            return [Fault(NAME_MISSING, pointer=unit.named_at)]
        codes = self.codes.get(unit.id or "", {})
        if len(codes) < 2:
            return ()
        context = {"id": unit.id, "codes": ", ".join(sorted(islice(codes, MOST_NAMED)))}
        return [Fault(ID_AMBIGUOUS, context, pointer=unit.named_at, value=unit.id)]

    def found(self) -> list[DescribedUnit]:
        """The units whose code is known and certain, each once, in the order in which the answers name them."""
        mentions: dict[str, list[tuple[PortalUnit, str | None]]] = {}
        for file in self.files:
            root = next((self.named(unit) for unit in file.units if unit.is_root), None)
            for unit in file.units:
                code = self.named(unit)
                if code and not code.startswith(f"{SCHEME}:") and not self.faults_of(unit):
                    mentions.setdefault(code, []).append((unit, root))
        return [_found(code, units) for code, units in mentions.items()]


def _found(code: str, mentions: list[tuple[PortalUnit, str | None]]) -> DescribedUnit:
    units = [unit for unit, _ in mentions]
    name = next((unit.name for unit in units if unit.name), code)
    return DescribedUnit(
        code=code,
        name=name,
        level=level_of(code, name, next((unit.kind for unit in units if unit.kind), None)),
        parent=_parent(code, [root for _, root in mentions]),
        portal_ids=tuple(dict.fromkeys(unit.id for unit in units if unit.id)),
        pointer=units[0].pointer,
    )


def level_of(code: str, name: str, kind: str | None) -> Level:
    """What a unit is: as the answer says; else by its code (QĐ 20/2020: G ministries, H provinces) and its name.

    >>> level_of("H21.227", "UBND xã Vân Canh", None), level_of("H20", "UBND tỉnh Đồng Tháp", None)
    ('commune', 'province')
    """
    if kind in LEVELS:
        return LEVELS[kind]
    if "." not in code:
        return "ministry" if code.startswith("G") else "province" if code.startswith("H") else "other"
    found = kind_of(nfc(name))
    return next((level for level, kinds in NAMED.items() if found in kinds), "other")


def _parent(code: str, roots: list[str | None]) -> str | None:
    """The root of the answer that names the unit; where none has one, what the code begins with (a convention)."""
    if "." not in code:
        return None
    said = next((root for root in roots if root and root != code and not root.startswith(f"{SCHEME}:")), None)
    return said or code.rpartition(".")[0]
