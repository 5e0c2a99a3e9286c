"""Lists of units as they arrive: a JSON array or CSV; every row that cannot be read is named."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.domain.place import Place
from app.domain.shape import shape_fault
from app.domain.suggest import nearest
from app.domain.unit import Facts
from app.errors import Fault, Invalid, Text, UnsupportedMedia
from app.formats.csv_rows import iter_csv
from app.formats.strict_json import read_json
from app.services.units import REFUSED, Placed

FIELDS = tuple(Facts.model_fields)
CSV_FIELDS = tuple(name for name in FIELDS if name not in ("identifiers", "successors"))

NOT_LIST = Text("A JSON array of units is expected.", "Nội dung phải là một mảng JSON các đơn vị.")
KIND = Text("Send units as application/json or text/csv.", "Gửi danh mục đơn vị dạng application/json hoặc text/csv.")
COLUMN_UNKNOWN = Text("There is no column `{name}`; known are {known}.", "Không có cột `{name}`; các cột: {known}.")
COLUMN_REPEATED = Text("The column `{name}` occurs twice.", "Cột `{name}` xuất hiện hai lần.")
COLUMN_MISSING = Text("The column `{name}` is missing.", "Thiếu cột `{name}`.")


def read_unit_list(body: bytes, content_type: str) -> list[Placed]:
    """Units with their places; Invalid names every row and field that cannot be read."""
    kind, _, parameters = content_type.partition(";")
    if kind.strip().lower() == "application/json":
        placed, faults = _collect(_json_rows(body))
    elif kind.strip().lower() == "text/csv":
        placed, faults = _collect(_csv_rows(body, _charset(parameters)))
    else:
        raise UnsupportedMedia("content_type_unsupported", KIND)
    if faults:
        raise Invalid("units_refused", REFUSED, faults=faults, count=len(faults))
    return placed


def _charset(parameters: str) -> str | None:
    _, _, charset = parameters.partition("charset=")
    return charset.strip().strip('"') or None


def _json_rows(body: bytes) -> Iterator[tuple[object, Place]]:
    document = read_json(body)
    if not isinstance(document, list):
        raise Invalid("list_expected", NOT_LIST, faults=[Fault("list_expected", NOT_LIST, pointer="")])
    for index, raw in enumerate(document):
        yield raw, Place(f"/{index}")


def _csv_rows(body: bytes, charset: str | None) -> Iterator[tuple[object, Place]]:
    header, rows = iter_csv([body], charset)
    faults = []
    for name in header:
        if name not in CSV_FIELDS:
            context = {"name": name[:60], "known": ", ".join(CSV_FIELDS)}
            near = nearest(name, CSV_FIELDS)
            faults.append(Fault("column_unknown", COLUMN_UNKNOWN, context, row=1, column=name[:60], suggestion=near))
    for name in {name for name in header if header.count(name) > 1}:
        faults.append(Fault("column_repeated", COLUMN_REPEATED, {"name": name[:60]}, row=1, column=name[:60]))
    for name in ("code", "name", "level"):
        if name not in header:
            faults.append(Fault("column_missing", COLUMN_MISSING, {"name": name}, row=1, column=name))
    if faults:
        raise Invalid("units_refused", REFUSED, faults=faults, count=len(faults))
    for number, cells in rows:
        if isinstance(cells, Fault):
            yield cells, Place(row=number)
            continue
        yield {name: cell.strip() or None for name, cell in zip(header, cells, strict=True)}, Place(row=number)


def _collect(rows: Iterator[tuple[object, Place]]) -> tuple[list[Placed], list[Fault]]:
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
