"""The national portal's saved answers as plain records: which figure stands in which field, and where.

An answer is known by its shape, never by a file's name: `{"code": "OK", "data": {…}}` of one of seven endpoints, or
the rows of the older `rest.jsp`, whose values are all text. What a figure means is said elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.errors import ErrorCode, Fault
from app.formats.portal_fields import (
    COUNTS,
    DISTINCT,
    GROUPS,
    KINDS,
    REST_GROUPS,
    REST_IGNORED,
    REST_TOTAL,
    SHAPES,
    PortalEndpoint,
)
from app.formats.portal_nodes import JsonNode, JsonNodeReader

Number = int | Decimal

ACCEPTED = ", ".join(shape.endpoint for shape in SHAPES)
UNRECOGNISED = ErrorCode(
    "portal_unrecognised",
    "This is not a saved answer of the national portal that is read here; accepted are {known}, and the rows of "
    "rest.jsp.",
    "Đây không phải là tệp kết quả của Cổng Dịch vụ công quốc gia đọc được ở đây; các loại được nhận: {known}, và các "
    "dòng của rest.jsp.",
)
NOT_OK = ErrorCode(
    "portal_unrecognised",
    "The portal answered `{code}` ({message}), not OK; such an answer holds no figures. Accepted are answers of "
    "{known} with the code OK, and the rows of rest.jsp.",
    "Cổng trả về mã `{code}` ({message}), không phải OK; kết quả như vậy không có số liệu. Các loại được nhận: "
    "{known} với mã OK, và các dòng của rest.jsp.",
)


@dataclass(frozen=True, slots=True)
class PortalFigureRecord:
    """One figure of a unit under the portal's name for it.

    `code` is a metric's code, a group's code or `TOTAL` for points, or the fields a figure without a code is made of
    (`totalOnTime/totalReceived`). `max` is the maximum stated with points. `other`: another count of the denominator,
    which was not taken. `pointers`: where each part stands. `faults`: what of it cannot be read.
    """

    code: str
    pointer: str
    numerator: Number | None = None
    denominator: Number | None = None
    value: Number | None = None
    max: Number | None = None
    note: str | None = None
    other: Number | None = None
    pointers: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class PortalUnitRecord:
    """A unit as the answer names it. `kind` in the words of `departmentType`; `is_root`: the overview or parent.

    `faults`: what of its code, id and name cannot be read.
    """

    pointer: str
    code: str | None
    id: str | None
    name: str | None
    kind: str | None
    is_root: bool
    named_at: str
    figures: tuple[PortalFigureRecord, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class PortalFileRecord:
    """One answer; `unread` are the names of fields that are none of the portal's known ones.

    `faults`: why it is no answer, or what in it is no unit and no figure. `total`: how many units there are, where the
    answer may hold but a page of them.
    """

    endpoint: str
    pointer: str
    units: tuple[PortalUnitRecord, ...] = ()
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    total: int | None = None


def answers_in(body: object) -> list[tuple[str, object]]:
    """(pointer, answer) of each answer in a body: one, or a JSON array of several.

    >>> answers_in([{"code": "OK", "data": {}}])
    [('/0', {'code': 'OK', 'data': {}})]
    >>> answers_in([{"ID": "398126", "CKMB": "13.2"}])
    [('', [{'ID': '398126', 'CKMB': '13.2'}])]
    """
    if isinstance(body, list) and any(isinstance(item, list) or _is_envelope(item) for item in body):
        return [(f"/{index}", item) for index, item in enumerate(body)]
    return [("", body)]


def read_portal(document: object, pointer: str = "") -> PortalFileRecord:
    """One answer as records; `pointer` is where it stands in what was sent, and begins every pointer.

    Faults: `portal_unrecognised` of the whole; `object_expected`, `list_expected`, `text_expected`, `number_invalid`
    where a field holds what the portal never writes there, each with the unit or figure that it belongs to.
    """
    nodes = JsonNodeReader()
    if isinstance(document, list) and document and all(_is_rest_row(row) for row in document):
        return PortalFileRecord("rest.jsp", pointer, tuple(_rest_rows(document, pointer, nodes)), _strange(document))
    if not isinstance(document, dict) or not _is_envelope(document):
        return _none(pointer, Fault(UNRECOGNISED, {"known": ACCEPTED}))
    if document["code"] != "OK":
        code, message = (str(document.get(name) or "…")[:200] for name in ("code", "message"))
        context = {"code": code, "message": message, "known": ACCEPTED}
        return _none(f"{pointer}/code", Fault(NOT_OK, context, value=code))
    data = JsonNode(document["data"], f"{pointer}/data") if isinstance(document.get("data"), dict) else None
    shape = _shape(data.fields) if data else None
    if data is None or shape is None:
        return _none(f"{pointer}/data", Fault(UNRECOGNISED, {"known": ACCEPTED}))
    units = tuple(_units(data, shape, nodes))
    return PortalFileRecord(shape.endpoint, pointer, units, faults=tuple(nodes.faults), total=_total(data))


def _none(pointer: str, fault: Fault) -> PortalFileRecord:
    """What is no answer, and why."""
    return PortalFileRecord("", pointer, faults=(replace(fault, pointer=pointer),))


def _is_envelope(document: object) -> bool:
    return isinstance(document, dict) and "code" in document and not {"data", "message"}.isdisjoint(document)


def _total(data: JsonNode) -> int | None:
    """How many units there are on all pages; None where the answer is no page."""
    pages = data.fields.get("pagination")
    total = pages.get("total") if isinstance(pages, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _is_rest_row(row: object) -> bool:
    return isinstance(row, dict) and not {"ID", "MA_COQUAN"}.isdisjoint(row) and bool(REST_GROUPS & row.keys())


def _shape(data: Mapping[str, object]) -> PortalEndpoint | None:
    """The one endpoint whose own names occur in the answer."""
    found = [shape for shape in SHAPES if isinstance(data.get(shape.units), list) and shape.own & _names(data, shape)]
    return found[0] if len(found) == 1 else None


def _names(data: Mapping[str, object], shape: PortalEndpoint) -> set[str]:
    """The fields and metric codes of an answer; `without metrics` where it lists units and none has any."""
    listed = data[shape.units]
    assert isinstance(listed, list)
    units = [unit for unit in (*listed, data.get(shape.root)) if isinstance(unit, dict)]
    names = {*data, *(name for unit in units for name in unit)}
    metrics = [unit["metrics"] for unit in units if isinstance(unit.get("metrics"), list)]
    names |= {str(metric.get("code")) for each in metrics for metric in each if isinstance(metric, dict)}
    return names | ({"without metrics"} if listed and not metrics else set())


def _units(data: JsonNode, shape: PortalEndpoint, nodes: JsonNodeReader) -> Iterator[PortalUnitRecord]:
    """The root (province or overview; not the whole country, which is no unit), then the units listed."""
    root = nodes.optional(data, shape.root)
    if root and not all(root.fields.get(name) is None for name in ("departmentCode", "departmentId")):
        yield _unit(root, shape, nodes, is_root=True)
    for unit in nodes.listed(data, shape.units):
        yield _unit(unit, shape, nodes, is_root=False)


def _unit(unit: JsonNode, shape: PortalEndpoint, nodes: JsonNodeReader, *, is_root: bool) -> PortalUnitRecord:
    code, id, name = (nodes.text(unit, f"department{part}") for part in ("Code", "Id", "Name"))
    faults = nodes.taken()
    said = ((name, word) for name, word in unit.fields.items() if isinstance(word, str))
    kind = next((KINDS[each] for each in said if each in KINDS), None)
    return PortalUnitRecord(
        pointer=unit.pointer,
        code=code,
        id=id,
        name=name,
        kind="PROVINCE" if is_root else kind,
        is_root=is_root,
        named_at=unit.at("departmentCode" if code else "departmentId"),
        figures=(
            _score(unit, shape, nodes),
            *_groups(unit, nodes),
            *_counts(unit, shape, nodes),
            *(_metric(metric, nodes) for metric in nodes.listed(unit, "metrics")),
        ),
        faults=faults,
    )


def _score(unit: JsonNode, shape: PortalEndpoint, nodes: JsonNodeReader) -> PortalFigureRecord:
    points, most = ("score", "maxScore") if "score" in unit.fields else ("totalScore", "totalMaxScore")
    at = {"value": unit.at(points), "max": unit.at(most)}
    value, top = nodes.number(unit, points), nodes.number(unit, most)
    return PortalFigureRecord(shape.group, unit.pointer, value=value, max=top, pointers=at, faults=nodes.taken())


def _groups(unit: JsonNode, nodes: JsonNodeReader) -> Iterator[PortalFigureRecord]:
    groups = nodes.optional(unit, GROUPS)
    if groups is None:
        return
    for code in groups.fields:
        value = nodes.number(groups, code)
        yield PortalFigureRecord(
            code, groups.pointer, value=value, pointers={"value": groups.at(code)}, faults=nodes.taken()
        )


def _counts(unit: JsonNode, shape: PortalEndpoint, nodes: JsonNodeReader) -> Iterator[PortalFigureRecord]:
    """Figures that stand in fields of the unit itself, named by those fields."""
    for parts, whole in COUNTS.get(shape.endpoint, ()):
        numbers = [nodes.number(unit, part) for part in parts]
        known = [number for number in numbers if number is not None]
        total = sum(known) if len(known) == len(parts) else None
        name, at = "+".join(parts), unit.at(parts[0])
        if whole is None:
            yield PortalFigureRecord(name, unit.pointer, value=total, pointers={"value": at}, faults=nodes.taken())
        else:
            of, other, field = _denominator(unit, name, whole, nodes)
            pointers = {"numerator": at, "denominator": unit.at(field)}
            yield PortalFigureRecord(
                f"{name}/{whole}", unit.pointer, total, of, other=other, pointers=pointers, faults=nodes.taken()
            )


def _denominator(
    unit: JsonNode, name: str, whole: str, nodes: JsonNodeReader
) -> tuple[Number | None, Number | None, str]:
    """What a figure is a share of, counted once each where the answer does so, what else is said of it, and where."""
    stated, once = nodes.number(unit, whole), DISTINCT.get((name, whole))
    distinct = None if once is None else nodes.number(unit, once)
    return (stated, None, whole) if once is None or distinct is None else (distinct, stated, once)


def _metric(metric: JsonNode, nodes: JsonNodeReader) -> PortalFigureRecord:
    code = nodes.required_text(metric, "code")
    said = [nodes.text(metric, name) for name in ("dataQualityStatus", "dataQualityMessage")]
    numerator, denominator, rate = (nodes.number(metric, name) for name in ("numerator", "denominator", "ratio"))
    return PortalFigureRecord(
        code=code,
        pointer=metric.pointer,
        numerator=numerator,
        denominator=denominator,
        value=rate,
        note=": ".join(word for word in said if word) or None,
        pointers={
            "numerator": metric.at("numerator"),
            "denominator": metric.at("denominator"),
            "value": metric.at("ratio"),
            "note": metric.at("dataQualityStatus"),
        },
        faults=nodes.taken(),
    )


def _rest_rows(rows: list[object], pointer: str, nodes: JsonNodeReader) -> Iterator[PortalUnitRecord]:
    for index, row in enumerate(rows):
        assert isinstance(row, dict)
        node = JsonNode(row, f"{pointer}/{index}")
        code, id, name = (nodes.text(node, name) for name in ("MA_COQUAN", "ID", "TEN"))
        faults = nodes.taken()
        figures = tuple(_rest_figure(node, name, nodes) for name in row if name in REST_GROUPS)
        named_at = node.at("MA_COQUAN" if code else "ID")
        yield PortalUnitRecord(node.pointer, code, id, name, None, False, named_at, figures, faults)


def _rest_figure(node: JsonNode, name: str, nodes: JsonNodeReader) -> PortalFigureRecord:
    code, value = "TOTAL" if name == REST_TOTAL else name, nodes.written_number(node, name)
    return PortalFigureRecord(code, node.pointer, value=value, pointers={"value": node.at(name)}, faults=nodes.taken())


def _strange(rows: list[object]) -> tuple[str, ...]:
    names = {name for row in rows if isinstance(row, dict) for name in row}
    return tuple(sorted(names - REST_GROUPS - REST_IGNORED))
