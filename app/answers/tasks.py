"""The answers about tasks."""

from datetime import date, datetime
from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.tasks import TaskKind, TaskState


class TaskFinding(TypedDict):
    rule: str
    unit: str | None
    period: str | None
    indicator: str | None


class TaskOut(TypedDict):
    """A task as it stands. `due_on` is the last day in time; `overdue`: nobody has reported though it has passed."""

    id: int
    kind: TaskKind
    title: str
    detail: str | None
    unit: str | None
    assignee: str
    helpers: list[str]
    period: str | None
    due_on: date | None
    legal_ref: str | None
    finding: TaskFinding | None
    state: TaskState
    report: str | None
    reported_on: date | None
    reason: str | None
    overdue: bool
    changed_at: datetime


class TaskStated(TaskOut):
    """A task as it stands now, and what is odd about what was said."""

    warnings: NotRequired[list[FaultBody]]


class TaskList(TypedDict):
    items: list[TaskOut]
    next_cursor: str | None
