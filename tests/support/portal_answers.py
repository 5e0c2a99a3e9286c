"""Saved answers of the portal as the reader hands them on, built by hand, and what mapping makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.input_location import UnreadableFigure
from app.domain.portal.answers import Number, PortalFile
from app.domain.portal.rows import MappedRows, map_portal
from app.errors import Fault
from app.services.imports.portal_files import portal_indicators

SIX = {"CKMB": "11.45", "TDGQ": "17.72", "CLGQ": "8.83", "TTTT": "6.22", "MDHL": "14.45", "MDSH": "9.65"}
"""Đồng Tháp's groups on 17/9/2026; they add up to its total, 68.32."""


@dataclass(frozen=True, slots=True)
class AFigure:
    code: str
    numerator: Number | None = None
    denominator: Number | None = None
    value: Number | None = None
    max: Number | None = None
    note: str | None = None
    other: Number | None = None
    pointer: str = "/data/evaluation/0"
    pointers: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AUnit:
    figures: tuple[AFigure, ...] = ()
    code: str | None = "H20"
    id: str | None = None
    name: str | None = "UBND tỉnh Đồng Tháp"
    kind: str | None = None
    is_root: bool = False
    pointer: str = "/data/evaluation/0"
    named_at: str = "/data/evaluation/0/departmentCode"
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AFile:
    units: tuple[AUnit, ...]
    pointer: str = ""
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    total: int | None = None
    endpoint: str = "transparency"


def points(code: str, value: str | None, max: int | None = None) -> AFigure:
    at = {"value": f"/data/evaluation/0/groupScores/{code}"}
    return AFigure(code, value=None if value is None else Decimal(value), max=max, pointers=at)


def groups(total: str = "68.32", **overrides: str) -> tuple[AFigure, ...]:
    """The six groups of a unit and its total."""
    return (*(points(code, value) for code, value in {**SIX, **overrides}.items()), points("TOTAL", total))


def a_file(*figures: AFigure, code: str | None = "H20", id: str | None = None) -> AFile:
    return AFile((AUnit(figures, code, id),))


def rows(mapped: MappedRows) -> list[dict[str, object]]:
    return [raw for _, raw in mapped.rows if isinstance(raw, dict)]


def refused(mapped: MappedRows) -> list[Fault]:
    return [fault for _, raw in mapped.rows if isinstance(raw, UnreadableFigure) for fault in raw.faults]


def mapping_of(files: Sequence[PortalFile]) -> MappedRows:
    """The rows of answers under the indicators that ship."""
    return map_portal(files, portal_indicators())
