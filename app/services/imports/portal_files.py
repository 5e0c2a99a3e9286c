"""The national portal's saved answers as an import: all files of a request together, units made on demand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.domain.place import Place
from app.domain.portal.rows import Mapped, map_portal
from app.domain.portal.units import SCHEME, UnitFound
from app.domain.unit import Facts, Identifier
from app.errors import Fault, Invalid, Text
from app.formats.portal import PortalFile, answers_in, read_portal
from app.formats.strict_json import read_json
from app.services.imports.checks import Options
from app.services.imports.importing import import_values, in_both
from app.services.rights import Caller, Scope, require
from app.services.units import Placed, state_units
from app.store import units as store
from app.store.imports import ImportRow

SOURCE = "national_portal"

NO_PERIOD = Text(
    "The portal's answers do not say their period; give it as `period=`.",
    "Dữ liệu của Cổng không ghi kỳ; hãy khai báo `period=`.",
)


def import_portal(
    session: Session,
    caller: Caller,
    files: Sequence[BinaryIO],
    options: Options,
    *,
    create_units: bool,
    record: ImportRow | None = None,
) -> ImportRow:
    """Import saved answers; with `create_units` units that are not known are stated first (scope `units:write`).

    Invalid where the period is not given; else as `import_values`.
    """
    if options.period is None:
        raise Invalid("period_missing", NO_PERIOD, faults=[Fault("period_missing", NO_PERIOD, parameter="period")])
    mapped = map_portal(read_files(files))
    if create_units:
        require(caller, Scope.UNITS_WRITE)
        state_units(session, caller, to_state(session, mapped))
    options = replace(options, source=options.source or SOURCE, locale="en")
    row = import_values(session, caller, mapped.rows, options, record)
    row.warnings = [*(in_both(warning) for warning in mapped.warnings), *row.warnings]
    return row


def read_files(files: Sequence[BinaryIO]) -> list[PortalFile]:
    """Every answer of every file; pointers begin with the file's number where there are several."""
    found: list[PortalFile] = []
    for number, file in enumerate(files):
        before = f"/{number}" if len(files) > 1 else ""
        file.seek(0)
        found += [read_portal(answer, before + pointer) for pointer, answer in answers_in(read_json(file.read()))]
    return found


def to_state(session: Session, mapped: Mapped) -> list[Placed]:
    """The units that are new, and the known ones whose portal id is; names of known units stay as they are."""
    known = store.load_units(session, [unit.code for unit in mapped.units])
    placed = []
    for unit in mapped.units:
        ids = tuple(Identifier(scheme=SCHEME, value=value) for value in unit.portal_ids)
        held = known.get(unit.code)
        if held is None:
            placed.append(Placed(new_unit(unit, ids), Place(unit.pointer)))
        elif missing := [each for each in ids if (each.scheme, each.value) not in held.identifiers]:
            kept = [Identifier(scheme=scheme, value=value) for scheme, value in held.identifiers]
            facts = {"code": unit.code, "name": held.last.name, "level": held.last.level}
            placed.append(Placed(Facts(**facts, identifiers=(*kept, *missing)), Place(unit.pointer)))
    return placed


def new_unit(unit: UnitFound, ids: tuple[Identifier, ...]) -> Facts:
    return Facts(code=unit.code, name=unit.name, level=unit.level, parent=unit.parent, identifiers=ids)
