"""Lists of units as they arrive: JSON, NDJSON, CSV or a workbook; every row that cannot be read is named."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from pydantic import ValidationError

from app.domain.place import Place
from app.domain.shape import shape_fault
from app.domain.suggest import nearest
from app.domain.unit import Facts
from app.errors import Fault, Invalid, Text
from app.formats.rows_in import Kind, RecordsIn, TableIn, read_rows_in
from app.services.units import REFUSED, Placed

COLUMNS = tuple(name for name in Facts.model_fields if name not in ("identifiers", "successors"))
TITLES = {
    "Mã": "code",
    "Tên": "name",
    "Cấp": "level",
    "Đơn vị cấp trên": "parent",
    "Từ ngày": "valid_from",
    "Đến ngày": "valid_to",
}
"""The heads of our own exports, which can be sent back."""

COLUMN_UNKNOWN = Text("There is no column `{name}`; known are {known}.", "Không có cột `{name}`; các cột: {known}.")
COLUMN_REPEATED = Text("The column `{name}` occurs twice.", "Cột `{name}` xuất hiện hai lần.")
COLUMN_MISSING = Text("The column `{name}` is missing.", "Thiếu cột `{name}`.")

Row = tuple[object, Place]


def read_unit_list(file: BinaryIO, kind: Kind, charset: str | None = None) -> list[Placed]:
    """Units with their places; Invalid names every row and field that cannot be read."""
    with read_rows_in(file, kind, charset) as opened:
        placed, faults = _collect(_records(opened) if isinstance(opened, RecordsIn) else _table(opened))
    if faults:
        raise Invalid("units_refused", REFUSED, faults=faults, count=len(faults))
    return placed


def _records(opened: RecordsIn) -> Iterator[Row]:
    for place, item in opened.items:
        yield item, Place(place) if isinstance(place, str) else Place(row=place)


def _table(table: TableIn) -> Iterator[Row]:
    names = [TITLES.get(name, name) for name in table.header]
    faults = _header_faults(names, table.header_row)
    if faults:
        raise Invalid("units_refused", REFUSED, faults=faults, count=len(faults))
    for number, cells in table.rows:
        if isinstance(cells, Fault):
            yield cells, Place(row=number)
            continue
        broken = next((cell for cell in cells if isinstance(cell, Fault)), None)
        yield broken or {n: _said(cell) for n, cell in zip(names, cells, strict=True)}, Place(row=number)


def _said(cell: object) -> object:
    """A cell as the field of a unit takes it: days as text, numbers as they are shown, nothing for a blank."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return None if cell is None else str(cell).strip() or None


def _header_faults(names: list[str], row: int) -> list[Fault]:
    faults = []
    for name in names:
        if name not in COLUMNS:
            context = {"name": name[:60], "known": ", ".join(COLUMNS)}
            near = nearest(name, COLUMNS)
            faults.append(Fault("column_unknown", COLUMN_UNKNOWN, context, row=row, column=name[:60], suggestion=near))
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(Fault("column_repeated", COLUMN_REPEATED, {"name": name[:60]}, row=row, column=name[:60]))
    for name in ("code", "name", "level"):
        if name not in names:
            faults.append(Fault("column_missing", COLUMN_MISSING, {"name": name}, row=row, column=name))
    return faults


def _collect(rows: Iterator[Row]) -> tuple[list[Placed], list[Fault]]:
    placed: list[Placed] = []
    faults: list[Fault] = []
    for raw, place in rows:
        if isinstance(raw, Fault):
            faults.append(raw)
            continue
        try:
            facts = Facts.model_validate(raw)
        except ValidationError as error:
            faults += [_at(place, each) for each in error.errors()]
            continue
        placed.append(Placed(facts, place))
    return placed, faults


def _at(place: Place, found: Mapping[str, Any]) -> Fault:
    fault = shape_fault(found, ())
    field = "/".join(str(step) for step in found["loc"])
    return place.at(field, fault)
