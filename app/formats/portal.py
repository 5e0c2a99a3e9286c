"""The national portal's saved answers as plain records: which figure stands in which field, and where.

An answer is known by its shape, never by a file's name: `{"code": "OK", "data": {…}}` of one of seven endpoints, or
the rows of the older `rest.jsp`, whose values are all text. What a figure means is said elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.errors import Fault, Text
from app.formats.portal_fields import (
    COUNTS,
    GROUPS,
    KINDS,
    REST_GROUPS,
    REST_IGNORED,
    REST_TOTAL,
    SHAPES,
    Shape,
)
from app.formats.portal_nodes import Node, Nodes

Number = int | Decimal

ACCEPTED = ", ".join(shape.endpoint for shape in SHAPES)
UNRECOGNISED = Text(
    "This is not a saved answer of the national portal that is read here; accepted are {known}, and the rows of "
    "rest.jsp.",
    "Đây không phải là tệp kết quả của Cổng Dịch vụ công quốc gia đọc được ở đây; các loại được nhận: {known}, và các "
    "dòng của rest.jsp.",
)
NOT_OK = Text(
    "The portal answered `{code}`, not OK; such an answer holds no figures. Accepted are answers of {known} with the "
    "code OK, and the rows of rest.jsp.",
    "Cổng trả về mã `{code}`, không phải OK; kết quả như vậy không có số liệu. Các loại được nhận: {known} với mã OK, "
    "và các dòng của rest.jsp.",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a unit under the portal's name for it.

    `code` is a metric's code, a group's code or `TOTAL` for points, or the fields a figure without a code is made of
    (`totalOnTime/totalReceived`). `max` is the maximum stated beside points. `pointers`: where each part stands.
    """

    code: str
    pointer: str
    numerator: Number | None = None
    denominator: Number | None = None
    value: Number | None = None
    max: Number | None = None
    note: str | None = None
    pointers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Department:
    """A unit as the answer names it. `kind` in the words of `departmentType`; `is_root`: the overview or parent."""

    pointer: str
    code: str | None
    id: str | None
    name: str | None
    kind: str | None
    is_root: bool
    named_at: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PortalFile:
    """One answer; `unread` are the names of fields that are none of the portal's known ones."""

    endpoint: str
    pointer: str
    units: tuple[Department, ...]
    unread: tuple[str, ...] = ()


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


def read_portal(document: object, pointer: str = "") -> PortalFile | list[Fault]:
    """One answer as records; `pointer` is where it stands in what was sent, and begins every pointer.

    Faults: `portal_unrecognised`; `object_expected`, `list_expected`, `text_expected`, `number_invalid` where a field
    holds what the portal never writes there.
    """
    nodes = Nodes()
    if isinstance(document, list) and document and all(_is_rest_row(row) for row in document):
        file = PortalFile("rest.jsp", pointer, tuple(_rest_rows(document, pointer, nodes)), _strange(document))
        return nodes.faults or file
    if not isinstance(document, dict) or not _is_envelope(document):
        return [Fault("portal_unrecognised", UNRECOGNISED, {"known": ACCEPTED}, pointer=pointer)]
    if document["code"] != "OK":
        context = {"code": str(document["code"])[:60], "known": ACCEPTED}
        return [Fault("portal_unrecognised", NOT_OK, context, pointer=f"{pointer}/code")]
    data = Node(document["data"], f"{pointer}/data") if isinstance(document["data"], dict) else None
    shape = _shape(data.fields) if data else None
    if data is None or shape is None:
        return [Fault("portal_unrecognised", UNRECOGNISED, {"known": ACCEPTED}, pointer=f"{pointer}/data")]
    units = tuple(_units(data, shape, nodes))
    return nodes.faults or PortalFile(shape.endpoint, pointer, units)


def _is_envelope(document: object) -> bool:
    return isinstance(document, dict) and "code" in document and "data" in document


def _is_rest_row(row: object) -> bool:
    return isinstance(row, dict) and not {"ID", "MA_COQUAN"}.isdisjoint(row) and bool(REST_GROUPS & row.keys())


def _shape(data: Mapping[str, object]) -> Shape | None:
    """The one endpoint whose own names occur in the answer."""
    found = [shape for shape in SHAPES if isinstance(data.get(shape.units), list) and shape.own & _names(data, shape)]
    return found[0] if len(found) == 1 else None


def _names(data: Mapping[str, object], shape: Shape) -> set[str]:
    """The fields and metric codes of an answer; `without metrics` where it lists units and none has any."""
    listed = data[shape.units]
    assert isinstance(listed, list)
    units = [unit for unit in (*listed, data.get(shape.root)) if isinstance(unit, dict)]
    names = {*data, *(name for unit in units for name in unit)}
    metrics = [unit["metrics"] for unit in units if isinstance(unit.get("metrics"), list)]
    names |= {str(metric.get("code")) for each in metrics for metric in each if isinstance(metric, dict)}
    return names | ({"without metrics"} if listed and not metrics else set())


def _units(data: Node, shape: Shape, nodes: Nodes) -> Iterator[Department]:
    """The root (province or overview; not the whole country, which is no unit), then the units listed."""
    root = nodes.optional(data, shape.root)
    if root and not all(root.fields.get(name) is None for name in ("departmentCode", "departmentId")):
        yield _unit(root, shape, nodes, is_root=True)
    for unit in nodes.listed(data, shape.units):
        yield _unit(unit, shape, nodes, is_root=False)


def _unit(unit: Node, shape: Shape, nodes: Nodes, *, is_root: bool) -> Department:
    code = nodes.text(unit, "departmentCode")
    said = ((name, word) for name, word in unit.fields.items() if isinstance(word, str))
    kind = next((KINDS[each] for each in said if each in KINDS), None)
    return Department(
        pointer=unit.pointer,
        code=code,
        id=nodes.text(unit, "departmentId"),
        name=nodes.text(unit, "departmentName"),
        kind="PROVINCE" if is_root else kind,
        is_root=is_root,
        named_at=unit.at("departmentCode" if code else "departmentId"),
        figures=(
            _score(unit, shape, nodes),
            *_groups(unit, nodes),
            *_counts(unit, shape, nodes),
            *(_metric(metric, nodes) for metric in nodes.listed(unit, "metrics")),
        ),
    )


def _score(unit: Node, shape: Shape, nodes: Nodes) -> Figure:
    points, most = ("score", "maxScore") if "score" in unit.fields else ("totalScore", "totalMaxScore")
    at = {"value": unit.at(points), "max": unit.at(most)}
    value = nodes.number(unit, points)
    return Figure(shape.group, unit.pointer, value=value, max=nodes.number(unit, most), pointers=at)


def _groups(unit: Node, nodes: Nodes) -> Iterator[Figure]:
    groups = nodes.optional(unit, GROUPS)
    if groups is None:
        return
    for code in groups.fields:
        value = nodes.number(groups, code)
        yield Figure(code, groups.pointer, value=value, pointers={"value": groups.at(code)})


def _counts(unit: Node, shape: Shape, nodes: Nodes) -> Iterator[Figure]:
    """Figures that stand in fields of the unit itself, named by those fields."""
    for parts, whole in COUNTS.get(shape.endpoint, ()):
        numbers = [nodes.number(unit, part) for part in parts]
        known = [number for number in numbers if number is not None]
        total = sum(known) if len(known) == len(parts) else None
        name, at = "+".join(parts), unit.at(parts[0])
        if whole is None:
            yield Figure(name, unit.pointer, value=total, pointers={"value": at})
        else:
            pointers = {"numerator": at, "denominator": unit.at(whole)}
            of = nodes.number(unit, whole)
            yield Figure(f"{name}/{whole}", unit.pointer, numerator=total, denominator=of, pointers=pointers)


def _metric(metric: Node, nodes: Nodes) -> Figure:
    said = [nodes.text(metric, name) for name in ("dataQualityStatus", "dataQualityMessage")]
    return Figure(
        code=nodes.required_text(metric, "code"),
        pointer=metric.pointer,
        numerator=nodes.number(metric, "numerator"),
        denominator=nodes.number(metric, "denominator"),
        value=nodes.number(metric, "ratio"),
        note=": ".join(word for word in said if word) or None,
        pointers={
            "numerator": metric.at("numerator"),
            "denominator": metric.at("denominator"),
            "value": metric.at("ratio"),
            "note": metric.at("dataQualityStatus"),
        },
    )


def _rest_rows(rows: list[object], pointer: str, nodes: Nodes) -> Iterator[Department]:
    for index, row in enumerate(rows):
        assert isinstance(row, dict)
        node = Node(row, f"{pointer}/{index}")
        code = nodes.text(node, "MA_COQUAN")
        figures = tuple(
            Figure(
                "TOTAL" if name == REST_TOTAL else name,
                node.pointer,
                value=nodes.written_number(node, name),
                pointers={"value": node.at(name)},
            )
            for name in row
            if name in REST_GROUPS
        )
        named_at = node.at("MA_COQUAN" if code else "ID")
        id, name = nodes.text(node, "ID"), nodes.text(node, "TEN")
        yield Department(node.pointer, code, id, name, None, False, named_at, figures)


def _strange(rows: list[object]) -> tuple[str, ...]:
    names = {name for row in rows if isinstance(row, dict) for name in row}
    return tuple(sorted(names - REST_GROUPS - REST_IGNORED))
