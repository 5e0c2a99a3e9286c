"""The answers about targets."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.faults import FaultBody
from app.domain.vocabulary import Level


class TargetOut(TypedDict):
    """A target; `level` null: for every level, `unit` null: for everybody."""

    indicator: str
    level: Level | None
    year: int
    unit: str | None
    target: Number
    legal_ref: str | None


class TargetList(TypedDict):
    items: list[TargetOut]
    next_cursor: str | None


class TargetsStated(TypedDict):
    """What became of the targets that were named, and those of them that stand now."""

    created: int
    updated: int
    unchanged: int
    removed: int
    items: list[TargetOut]
    warnings: NotRequired[list[FaultBody]]
