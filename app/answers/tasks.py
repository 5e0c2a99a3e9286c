"""The answers about tasks."""

from typing_extensions import TypedDict


class TaskFinding(TypedDict):
    rule: str
    unit: str | None
    period: str | None
    indicator: str | None
