"""The national portal's saved answers as an import: all files of a request together, units made on demand."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.orm import Session

from app.domain.characters import as_kept, trimmed
from app.domain.input_location import InputLocation, UnreadableFigure
from app.domain.odd_texts import oddities
from app.domain.portal.indicators import PortalIndicators
from app.domain.portal.rows import MappedRows, map_portal, without
from app.domain.portal.units import SCHEME, DescribedUnit
from app.domain.unit import Identifier, Unit, UnitDocument
from app.domain.validation_faults import shape_fault
from app.errors import ErrorCode, Fault, Faults, Invalid, RefusalCode
from app.formats.documents import read_yaml
from app.formats.portal import PortalFileRecord, answers_in, read_portal
from app.formats.strict_json import read_json
from app.services.imports.importing import import_values, rejected_whole
from app.services.imports.row_checks import ImportOptions, split
from app.services.imports.targets import Target
from app.services.rights import Caller, Scope, require
from app.services.unit_checks import StatedUnit
from app.services.units import state_units, unit_faults
from app.store import units as store
from app.store.db import writes
from app.store.imports import ImportRow

SOURCE = "national_portal"
IDENTIFIER = TypeAdapter(Identifier)
PORTAL_INDICATORS = Path(__file__).parents[2] / "portal_indicators.yaml"

NO_PERIOD = RefusalCode(
    "period_missing",
    "The portal's answers do not say their period; give it as `period=`.",
    "Dữ liệu của Cổng không ghi kỳ; hãy khai báo `period=`.",
    Invalid,
)
NOT_MADE = ErrorCode(
    "unit_unknown",
    "There is no unit {code}; with `create_units=true` it is made from what the file says of it.",
    "Không có đơn vị {code}; thêm `create_units=true` để tạo đơn vị theo thông tin trong tệp.",
)
NO_CODE = ErrorCode(
    "unit_unknown",
    "No unit is known as {name}, and none can be made, because the files hold no code for it. Send an answer with "
    "codes along, such as service-results, or link the id to its unit with PATCH /v1/units/… (`identifiers`).",
    "Chưa có đơn vị nào mang mã định danh {name} và không thể tạo, vì các tệp không ghi mã đơn vị. Hãy gửi kèm kết "
    "quả có mã đơn vị (ví dụ service-results), hoặc gắn mã định danh bằng PATCH /v1/units/… (`identifiers`).",
)


class UnitsToState(Exception):  # noqa: N818 - nothing is wrong with the import
    """Units have to be written before the figures of the file are checked, and the session only reads."""


@lru_cache(maxsize=1)
def portal_indicators() -> PortalIndicators:
    """Under which indicators the portal's figures are kept."""
    return PortalIndicators.model_validate(read_yaml(PORTAL_INDICATORS.read_bytes()))


def import_portal(
    session: Session,
    caller: Caller,
    files: Sequence[BinaryIO],
    options: ImportOptions,
    *,
    create_units: bool,
    record: ImportRow | None = None,
    target: Target | None = None,
) -> ImportRow:
    """Import saved answers; with `create_units` units that are not known are stated first (scope `units:write`).

    Invalid where the period is not given; else as `import_values`. Raises UnitsToState where there are some to be
    stated and the session cannot.
    """
    mapped = _mapped(files, options)
    refused: dict[str, list[Fault]] = {}
    odd: list[Fault] = []
    if create_units:
        require(caller, Scope.UNITS_WRITE)
        odd = name_warnings(session, mapped.units)
        refused = state_found(session, caller, mapped.units)
    rows = without(mapped.rows, unknown_units(session, mapped) | refused)
    options = replace(options, source=options.source or SOURCE, locale="en", fractions="no")
    return import_values(session, caller, rows, options, record, target=target, noted=[*mapped.warnings, *odd])


def refuse_unread(files: Sequence[BinaryIO], options: ImportOptions) -> None:
    """Refuse files that hold no figure that can be read, without a session; those that do are read again.

    Invalid as `import_portal`. What is refused row by row, with `skip` or a dry run, is left to it.
    """
    mapped = _mapped(files, options)
    if any(isinstance(raw, dict) for _, raw in mapped.rows) or options.skip or options.dry_run:
        return
    faults = Faults(fault for _, raw in mapped.rows if isinstance(raw, UnreadableFigure) for fault in raw.faults)
    if faults:
        raise rejected_whole(faults, len(mapped.rows))


def _mapped(files: Sequence[BinaryIO], options: ImportOptions) -> MappedRows:
    if options.period is None:
        raise NO_PERIOD.error(faults=[Fault(NO_PERIOD, parameter="period")])
    return map_portal(read_files(files), portal_indicators())


def state_found(session: Session, caller: Caller, found: Sequence[DescribedUnit]) -> dict[str, list[Fault]]:
    """State the units of a file that can be; why others cannot, by their codes.

    What stands below one that cannot be stated cannot be either, and needs no reason of its own.
    """
    placed, refused = to_state(session, found)
    if placed and not writes(session):
        raise UnitsToState
    unread = set(refused)
    code_at = {each.place.pointer: each.facts.code for each in placed}
    for fault in unit_faults(session, caller, placed):
        reasons = refused.setdefault(code_at[fault.pointer or ""], [])
        reasons += [] if fault.context.get("parent") in unread else [fault]
    for code in _below(refused, placed):
        refused.setdefault(code, [])
    state_units(session, caller, [each for each in placed if each.facts.code not in refused])
    return refused


def name_warnings(session: Session, found: Sequence[DescribedUnit]) -> list[Fault]:
    """What is odd about the names of units that are not known yet: other letters, an old font, lost letters."""
    known = store.lives(session, {unit.code for unit in found})
    new = (unit for unit in found if unit.code not in known)
    kept = ((unit, as_kept(trimmed(unit.name), is_name=True)) for unit in new)
    return [replace(odd, pointer=unit.pointer) for unit, name in kept for odd in oddities(unit.name, name)]


def _below(roots: Collection[str], placed: Sequence[StatedUnit]) -> set[str]:
    """The units that stand below one of the roots, as they are stated."""
    children: dict[str, list[str]] = {}
    for each in placed:
        children.setdefault(each.facts.parent or "", []).append(each.facts.code)
    found, left = set[str](), list(roots)
    while left:
        new = set(children.get(left.pop(), ())) - found
        found |= new
        left += new
    return found


def unknown_units(session: Session, mapped: MappedRows) -> dict[str, list[Fault]]:
    """Units that the rows name and nobody knows, each with the way out."""
    named = {str(raw["unit"]) for _, raw in mapped.rows if isinstance(raw, dict) and raw.get("unit")}
    ids = {name for name in named if ":" in name}
    identified = store.identified(session, {split(name) for name in ids})
    linked = {f"{scheme}:{value}" for scheme, value in identified}
    known = store.lives(session, named - ids).keys() | linked
    return {name: [_unknown(name)] for name in sorted(named - known)}


def _unknown(name: str) -> Fault:
    if ":" in name:
        return Fault(NO_CODE, {"name": name}, value=name)
    return Fault(NOT_MADE, {"code": name}, value=name, suggestion="create_units=true")


def read_files(files: Sequence[BinaryIO]) -> list[PortalFileRecord]:
    """Every answer of every file; pointers begin with the file's number where there are several."""
    found: list[PortalFileRecord] = []
    for number, file in enumerate(files):
        before = f"/{number}" if len(files) > 1 else ""
        file.seek(0)
        found += [read_portal(answer, before + pointer) for pointer, answer in answers_in(read_json(file.read()))]
    return found


def to_state(session: Session, found: Sequence[DescribedUnit]) -> tuple[list[StatedUnit], dict[str, list[Fault]]]:
    """The units that are new, and the known ones whose portal id is; what cannot be a unit's, by its code."""
    known = store.load_units(session, [unit.code for unit in found])
    placed, refused = list[StatedUnit](), dict[str, list[Fault]]()
    for unit in found:
        try:
            facts = facts_of(unit, known.get(unit.code))
        except ValidationError as error:
            refused[unit.code] = [unfit(unit, each) for each in error.errors()]
            continue
        if facts is not None:
            placed.append(StatedUnit(facts, InputLocation(unit.pointer, pointers={})))
    return placed, refused


def facts_of(unit: DescribedUnit, stored: Unit | None) -> UnitDocument | None:
    """What a file says that is new of a unit, None where it is all known; the name of a known unit stays as it is."""
    ids = tuple(IDENTIFIER.validate_python({"scheme": SCHEME, "value": value}) for value in unit.portal_ids)
    if stored is None:
        return UnitDocument(code=unit.code, name=unit.name, level=unit.level, parent=unit.parent, identifiers=ids)
    missing = [each for each in ids if (each["scheme"], each["value"]) not in stored.identifiers]
    kept = [Identifier(scheme=scheme, value=value) for scheme, value in stored.identifiers]
    code, name, level, both = unit.code, stored.last.name, stored.last.level, (*kept, *missing)
    return UnitDocument.model_construct(code=code, name=name, level=level, identifiers=both) if missing else None


def unfit(unit: DescribedUnit, found: ErrorDetails) -> Fault:
    """What of a file's words cannot be a unit's code, name or identifier."""
    return replace(shape_fault(found, ()), pointer=unit.pointer, value=str(found["input"]))
