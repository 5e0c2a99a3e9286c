"""Framework documents for tests: one without fault, and the same with one thing changed."""

from collections.abc import Callable
from typing import Any

from app.domain.frameworks.check import read_framework
from app.errors import Fault

Document = dict[str, Any]


def an_indicator(code: str, kind: str = "ratio", **fields: object) -> Document:
    return {"code": code, "kind": kind, "name": {"vi": code}, **fields}


def a_leaf(code: str, max: int | None, indicator: str, **fields: object) -> Document:
    rules = [{"kind": "ratio", "indicator": indicator}]
    return {"code": code, "name": {"vi": f"Tiêu chí {code}"}, "max": max, "rules": rules, **fields}


def a_document() -> Document:
    """Two groups of 40 and 60 points, two bands, one view: without fault."""
    return {
        "code": "demo",
        "version": "2026",
        "name": {"vi": "Bộ chỉ số"},
        "valid_from": "2026-01-01",
        "sources": ["national_portal", "manual"],
        "bands": [
            {"code": "good", "name": {"vi": "Tốt"}, "min": 80, "max": 100, "closed": True},
            {"code": "weak", "name": {"vi": "Yếu"}, "min": 0},
        ],
        "indicators": [
            an_indicator("on_time"),
            an_indicator("overdue", complement_of="on_time"),
            an_indicator("dossiers", "count"),
            an_indicator("late_dossiers", "count", population="dossiers"),
            an_indicator("speed_points", "points"),
        ],
        "criteria": [
            {
                "code": "speed",
                "name": {"vi": "Tiến độ"},
                "max": 40,
                "rules": [
                    {"kind": "sum", "optional": True},
                    {"kind": "reported", "indicator": "speed_points", "optional": True},
                    {"kind": "sum"},
                ],
                "criteria": [a_leaf("1.1", 30, "on_time"), a_leaf("1.2", 10, "overdue")],
            },
            a_leaf("quality", 60, "dossiers"),
        ],
        "total": {"max": 100, "rules": [{"kind": "sum"}]},
        "views": [
            {
                "code": "legal",
                "name": {"vi": "Nhóm"},
                "groups": [
                    {"code": "speed", "name": {"vi": "Tiến độ"}, "members": ["speed"]},
                    {"code": "rest", "name": {"vi": "Còn lại"}, "members": ["quality"]},
                ],
            }
        ],
    }


def with_set(path: str, value: object) -> Callable[[], Document]:
    """The document with one value replaced (or added); a path such as `bands.0.min`."""

    def build() -> Document:
        whole = a_document()
        target: Any = whole
        *steps, last = path.split(".")
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if isinstance(target, list) and int(last) == len(target):
            target.append(value)
        else:
            target[int(last) if isinstance(target, list) else last] = value
        return whole

    return build


def without(path: str, name: str) -> Callable[[], Document]:
    def build() -> Document:
        whole = a_document()
        target: Any = whole
        for step in path.split(".") if path else []:
            target = target[int(step)] if isinstance(target, list) else target[step]
        del target[name]
        return whole

    return build


def faults_of(whole: object) -> list[Fault]:
    framework, faults = read_framework(whole, known_indicators={"total_points": "points"})
    assert (framework is None) == bool(faults)
    return list(faults)


def found(whole: object) -> set[tuple[str, str | None]]:
    return {(fault.code, fault.pointer) for fault in faults_of(whole)}
