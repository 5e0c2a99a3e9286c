"""The answers about events that change the map of units, and about what a unit was through time."""

from datetime import date

from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.faults import FaultBody
from app.domain.unit_names import UnitKind
from app.domain.vocabulary import Level


class EventTargetOut(TypedDict):
    unit: str
    share: Number | None


UnitsBefore = TypedDict("UnitsBefore", {"from": list[str]})
"""The units before an event; `from` is a word of Python, so a class cannot name it."""


class UnitEventOut(UnitsBefore):
    """An event as it is kept."""

    id: int
    kind: str
    effective_on: date
    to: list[EventTargetOut]
    name: str | None
    parent: str | None
    legal_ref: str | None


class UnitEventAdded(UnitEventOut):
    """An event as it is kept, and what it leaves to be done: units under one that has ended (`children_left`), figures
    that `force` has left without a board (`unit_has_later_values`)."""

    warnings: list[FaultBody]


class VersionOut(TypedDict):
    """What a unit was between two days (both included)."""

    name: str
    level: Level
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    short_name: str | None
    kind: UnitKind | None


class Lineage(TypedDict):
    """Where a unit stands (ancestors, nearest first) and what it was through time: versions, events, neighbours."""

    code: str
    ancestors: list[str]
    versions: list[VersionOut]
    predecessors: list[str]
    successors: list[str]
    events: list[UnitEventOut]
