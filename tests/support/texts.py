"""The texts of request bodies, read off the contract, and a body for each of them that the service takes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.make import a_framework, a_unit
from tests.support.contract import JSON, Contract

NOT_FREE = {
    *("now", "before", "count", "rate", "change", "stated_sum", "stated_units", "stated_of", "points", "counts", "min"),
    *("max", "totals", "total_before", "total_change", "rank", "rank_before", "rank_change", "target", "period"),
    *("against", "next_cursor", "restated"),
}
"""Members that hold a figure as it is printed, a period or a cursor: each is read as that, or refused."""
OF_ROWS = ("unit", "period", "indicator", "numerator", "denominator", "value")
CODES = {
    (operation, f"{rows}/*/{name}")
    for operation, rows in (("POST /v1/imports", ""), ("POST /v1/scores/what-if", "/values"))
    for name in OF_ROWS
}
"""Codes that are looked up among those that are known, and figures."""

INSIDE = "/document/"
"""A framework within a body, read as one that is posted by itself."""

NAME = {"vi": "Tên", "en": "Name"}
LAW = {"legal_ref": "Điều 1"}
RULE = {"kind": "ratio", "indicator": "counter_on_time", "full_at": 95, **LAW}
CRITERION = {"code": "1", "name": NAME, "max": 100, "rules": [RULE], "missing": LAW, **LAW}
FRAMEWORK = a_framework(
    name=NAME,
    legal_basis=[{"number": "766/QĐ-TTg", "title": "Bộ chỉ số", "date": "2022-06-23"}],
    rounding=LAW,
    indicators=[
        {"code": "counter_on_time", "kind": "ratio", "name": NAME, "unit": "%", **LAW},
        {"code": "own_points", "kind": "points", "name": NAME},
    ],
    bands=[{"code": "all", "name": NAME, "min": 0, **LAW}],
    criteria=[CRITERION],
    total={
        "rules": [{"kind": "reported", "indicator": "own_points", **LAW}],
        "adjustments": [{"indicator": "own_points", "points": -1, "name": NAME, **LAW}],
        **LAW,
    },
    views=[{"code": "own", "name": NAME, "groups": [{"code": "one", "name": NAME, "members": ["1"]}], **LAW}],
)
TARGET = {"indicator": "dossier_sync", "year": 2026, "target": 90, **LAW}
PUBLICATION = {"unit": "H60", "period": "2024-07", "note": "Đã công khai", **LAW}
LINES = ("addressees", "basis", "orders", "recipients")
TASK = {"title": "Khắc phục", "detail": "Chi tiết", "reason": "Lý do", **LAW}
REPORTED = {"state": "reported", "report": "Đã làm"}
BODIES: dict[str, Any] = {
    "PUT /v1/units/{code}": {"name": "Sở A", "level": "department"},
    "PATCH /v1/units/{code}": {"name": "Sở A"},
    "POST /v1/units/import": [a_unit(name="Tỉnh A")],
    "POST /v1/unit-events": {"kind": "rename", "effective_on": "2026-01-01", "from": ["H60"], "name": "UBND", **LAW},
    "PUT /v1/periods/{code}/lock": {"reason": "Đã công bố"},
    "POST /v1/frameworks": FRAMEWORK,
    "POST /v1/frameworks/validate": FRAMEWORK,
    "POST /v1/evaluations": {"period": "2024-07", "levels": ["province"], "title": "Tháng 7"},
    "POST /v1/evaluations/{id}/withdraw": {"reason": "Có sai sót"},
    "PUT /v1/targets": {"items": [TARGET]},
    "PUT /v1/publications": {"items": [PUBLICATION]},
    "PUT /v1/import-profiles/{name}": {
        "title": "Báo cáo",
        "columns": [{"heading": "Sở", "field": "unit"}, {"heading": "Đúng hạn", "indicator": "on_time"}],
        "units": [{"text": "UBND", "unit": "H60"}],
        "indicators": [{"text": "Đúng hạn", "indicator": "on_time"}],
        "sheets": [{"sheet": "Trang 1"}],
    },
    "PUT /v1/letter-profiles/{unit}": {
        **dict.fromkeys(("superior", "issuer", "symbol", "place", "subject", "opening", "closing"), "UBND"),
        **{name: ["UBND"] for name in LINES},
        "signature": dict.fromkeys(("authority", "office", "name"), "UBND"),
    },
    "PUT /v1/layouts/{code}": {
        "title": {"vi": "Bảng", "en": "Table"},
        "source": "Công văn",
        "unchanged": "bằng kỳ trước",
        "rows": [{"number": "1", "heading": NAME, "indicator": "on_time", "noun": "hồ sơ"}],
    },
    "PUT /v1/letters/{unit}/{period}/{kind}": {
        **dict.fromkeys(("subject", "opening", "closing"), "UBND"),
        **{name: ["UBND"] for name in ("addressees", "basis", "recipients")},
        "orders": [{"text": "UBND"}],
        "signature": dict.fromkeys(("authority", "office", "name"), "UBND"),
        "due_dates": [{"what": "UBND", "on": "2024-09-15"}],
    },
    "POST /v1/tasks": {**TASK, "kind": "directive", "assignee": "H60", "due_on": "2026-12-01", **REPORTED},
    "PATCH /v1/tasks/{id}": {**TASK, **REPORTED},
    "POST /v1/check": {
        "unit": "H60",
        "rows": [{"ref": "1", "part_of": "1", "base": "1", "same_as": ["1"]}],
        "lists": [{"ref": "2", "items": [{"name": "Xã A"}]}],
        "classes": [{"ref": "3"}],
        "moments": [{"ref": "4", "text": "Thống kê ngày 29/02/2024"}],
        "bands": [{"ref": "5", "min": 0}],
    },
}
"""By operation, a body with every free text that it may have."""


def free_texts(contract: Contract) -> set[tuple[str, str]]:
    """The operation and the place of each text of a JSON body that has no pattern and is no choice; `*` is any item.

    Where a text may stand alone or in a list, the list is meant.
    """
    found = set()
    for operation in contract.operations:
        content = operation.spec.get("requestBody", {}).get("content", {})
        if JSON in content:
            name = f"{operation.method.upper()} {operation.path}"
            found |= {(name, place) for place in _texts(contract.document, content[JSON]["schema"], ())}
    found = {each for each in found if not NOT_FREE & set(each[1].split("/"))} - CODES
    found = {each for each in found if not each[1].startswith(INSIDE)}
    of_many = {
        (operation, place.replace("/items", "", 1)) for operation, place in found if place.startswith("/items/*")
    }
    of_one = {(operation, place.removesuffix("/*")) for operation, place in found if place.endswith("/*")}
    return found - of_one - {(operation, place.replace("/*", "", 1)) for operation, place in of_many}


def _texts(
    document: Mapping[str, Any], schema: Mapping[str, Any], path: tuple[str, ...], entered: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Criteria stand in criteria, so what has been `entered` is not entered again."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in entered:
            return
        schema, entered = document["components"]["schemas"][name], entered | {name}
    if schema.get("type") == "string" and not {"pattern", "format", "enum", "const"} & schema.keys():
        yield "/" + "/".join(path)
    for each in (one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ())):
        yield from _texts(document, each, path, entered)
    members = {**schema.get("properties", {}), **({"*": schema["items"]} if "items" in schema else {})}
    for name, member in members.items():
        yield from _texts(document, member, (*path, name), entered)


def with_texts(body: Any, places: Iterable[str], text: str) -> Any:
    """A body with `text` at all places."""
    body = json.loads(json.dumps(body))  # parts of it stand in it several times
    for place in places:
        inner, (*steps, last) = body, (int(step) if step == "0" else step for step in pointer(place)[1:].split("/"))
        for step in steps:
            inner = inner[step]
        inner[last] = text
    return body


def pointer(place: str) -> str:
    return place.replace("*", "0")
