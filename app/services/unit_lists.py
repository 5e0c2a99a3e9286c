"""Lists of units as they arrive: JSON, NDJSON, CSV or a workbook; every row that cannot be read is named."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import BinaryIO

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.day import read_printed_day
from app.domain.input_location import InputLocation
from app.domain.odd_texts import oddities
from app.domain.suggest import nearest
from app.domain.unit import UnitDocument
from app.domain.unit_code import plain_code
from app.domain.unit_names import KINDS, WRITTEN
from app.domain.validation_faults import shape_fault
from app.domain.vietnamese import fold
from app.domain.vocabulary import LEVELS
from app.errors import FURTHER_WARNINGS, Fault, Faults
from app.formats.row_readers import FileKind, RecordInput, TableInput, read_rows_in
from app.formats.workbook import ExtractedSheet
from app.services.declared_bodies import declaration_located
from app.services.table_records import TableFields
from app.services.unit_checks import StatedUnit, spot_of
from app.services.units import REFUSED

REQUIRED = ("code", "name", "level")
COLUMNS = tuple(name for name in UnitDocument.model_fields if name not in ("identifiers", "successors"))
TITLES = {
    "Mã": "code",
    "Tên": "name",
    "Cấp": "level",
    "Đơn vị cấp trên": "parent",
    "Từ ngày": "valid_from",
    "Đến ngày": "valid_to",
    "Tên ngắn": "short_name",
    "Loại đơn vị": "kind",
}
"""The heads of our own exports, which can be sent back."""
FIELDS = TableFields(COLUMNS, TITLES, required=REQUIRED, never_null=REQUIRED)
LEVEL_NAMES = {
    "bo": "ministry",
    "tinh": "province",
    "thanh pho": "province",
    "so": "department",
    "huyen": "district",
    "quan": "district",
    "xa": "commune",
    "phuong": "commune",
    "dac khu": "commune",
}
"""Levels as lists of units name them, folded; only ever used to suggest the one that was meant."""

Row = tuple[object, InputLocation]


@dataclass(slots=True)
class ParsedUnitList:
    """Units with their places; those that cannot be read as they probably were meant, so that others can be held
    against them, and what is wrong with them."""

    placed: list[StatedUnit] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    warnings: Faults = field(default_factory=partial(Faults, further=FURTHER_WARNINGS))

    def add(self, raw: object, place: InputLocation) -> None:
        """One row; where it cannot be read, every fault of it."""
        if isinstance(raw, Fault):
            self.faults.add(raw)
            return
        try:
            facts = UnitDocument.model_validate(raw)
            self.placed.append(StatedUnit(facts, place))
            for field, kept in (("name", facts.name), ("short_name", facts.short_name)):
                sent = raw.get(field) if isinstance(raw, Mapping) else None
                self.warnings.extend(place.at(field, each) for each in oddities(sent, kept or ""))
        except ValidationError as error:
            if self.faults.is_full:  # nobody will read these: the list is refused in any case
                self.faults.add_unnamed(error.error_count())
            else:
                self.add_broken(raw, place, error.errors(include_url=False))

    def add_broken(self, raw: object, place: InputLocation, found: Sequence[ErrorDetails]) -> None:
        """A row with all that is wrong with it."""
        faults = [_at(place, each, raw) for each in found]
        self.faults.extend(faults)
        meant = _readable_facts(raw, {step for each in found for step in each["loc"][:1]})
        self.placed += [StatedUnit(meant, place, frozenset(map(spot_of, faults)))] if meant else []


def read_opening(file: BinaryIO | ExtractedSheet, kind: FileKind, charset: str | None = None) -> None:
    """Read a file as far as its first row. Raises as `read_unit_list`."""
    with declaration_located(), read_rows_in(file, kind, charset) as opened:
        next(_records(opened) if isinstance(opened, RecordInput) else _table(opened), None)


def read_unit_list(file: BinaryIO | ExtractedSheet, kind: FileKind, charset: str | None = None) -> ParsedUnitList:
    """What a file says of units. Raises Invalid where the columns of a table are not those of units."""
    listed = ParsedUnitList()
    with declaration_located(), read_rows_in(file, kind, charset) as opened:
        for raw, place in _records(opened) if isinstance(opened, RecordInput) else _table(opened):
            listed.add(raw, place)
    return listed


def _records(opened: RecordInput) -> Iterator[Row]:
    for place, item in opened.items:
        yield item, InputLocation(place) if isinstance(place, str) else InputLocation(row=place)


def _table(table: TableInput) -> Iterator[Row]:
    names = FIELDS.heads(table)
    faults = FIELDS.header_faults(names, table.header_row)
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)
    for number, record in FIELDS.records(table, names):
        yield record, InputLocation(row=number)


def _readable_facts(raw: object, broken: Collection[object]) -> UnitDocument | None:
    """What can be held against other rows: the fields that can be read, under the code that was probably meant.

    None where there is no such code.
    """
    if not isinstance(raw, Mapping):
        return None
    code = plain_code(raw["code"]) if "code" in broken and isinstance(raw.get("code"), str) else raw.get("code")
    said = {name: value for name, value in raw.items() if name not in broken}
    try:
        return UnitDocument.model_validate({"name": "…", "level": "other", **said, "code": code})
    except ValidationError:
        return None


def _at(place: InputLocation, found: ErrorDetails, raw: object) -> Fault:
    """A finding at its place, with the value as it was written and what was probably meant."""
    name = "/".join(str(step) for step in found["loc"])
    # a validator is given the text without what surrounds it
    value = raw[name] if isinstance(raw, Mapping) and name in raw else found["input"]
    is_written = found["type"] != "missing" and isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    fault = replace(shape_fault(found, ()), value=str(value)) if is_written else shape_fault(found, ())
    return place.at(name, replace(fault, suggestion=_suggested(fault, name)))


def _suggested(fault: Fault, name: str) -> str | None:
    """What a field was probably to say, None where nothing is near."""
    written = fault.value or ""
    if fault.code == "field_unknown":
        return nearest(name, tuple(UnitDocument.model_fields))
    if fault.code == "date_invalid":
        day = read_printed_day(written)
        return None if isinstance(day, Fault) else day.isoformat()
    if name == "level":
        return LEVEL_NAMES.get(fold(written)) or nearest(written, LEVELS)
    if name == "kind":
        return WRITTEN.get(written.casefold()) or nearest(written, KINDS)
    return plain_code(written) if fault.code == "format_invalid" and name in ("code", "parent") else None
