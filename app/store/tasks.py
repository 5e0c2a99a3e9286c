"""Tasks: what a letter orders whom to do by when, and what became of it, with every earlier belief kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.answers.tasks import TaskFinding
from app.domain.tasks import TaskKind, TaskState
from app.errors import NotFound, RefusalCode
from app.store.stated import StandingRecord, StatedTable, all_standing, day_of, find_standing
from app.store.tables import CodeText, Mapped, columns


class TaskRow(SQLModel, table=True):
    """A task as it stood between two instants (µs since 1970); `task` is its number, the same in all its versions.

    `unit` ordered it, `assignee` answers for it, `helpers` work with it. `finding` is what caused it, `report` what
    was reported back on `reported_on`.
    """

    __tablename__ = "tasks"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    task: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    detail: Mapped[str | None]
    unit: Mapped[str | None] = Field(sa_type=CodeText)
    assignee: Mapped[str] = Field(sa_type=CodeText)
    helpers: Mapped[list[str]] = Field(sa_type=JSON)
    period: Mapped[str | None] = Field(sa_type=CodeText)
    due_on: Mapped[date | None]
    legal_ref: Mapped[str | None]
    finding: Mapped[TaskFinding | None] = Field(sa_type=JSON(none_as_null=True))
    state: Mapped[str]
    report: Mapped[str | None]
    reported_on: Mapped[date | None]
    reason: Mapped[str | None]
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    replaced_at: Mapped[int] = Field(sa_type=BigInteger)

    __table_args__ = (
        Index("ix_tasks_key", "task", "replaced_at", unique=True),
        Index("ix_tasks_assignee", "assignee"),
    )


class Task(NamedTuple):
    """A task as it stands, or as far as something is said of it; `task` is its number, 0 until it has one."""

    task: int = 0
    kind: TaskKind = TaskKind.OTHER
    title: str = ""
    detail: str | None = None
    unit: str | None = None
    assignee: str = ""
    helpers: list[str] = []  # noqa: RUF012 - records are never changed in place
    period: str | None = None
    due_on: date | None = None
    legal_ref: str | None = None
    finding: TaskFinding | None = None
    state: TaskState = TaskState.OPEN
    report: str | None = None
    reported_on: date | None = None
    reason: str | None = None

    @property
    def members(self) -> set[str]:
        """Its units: who ordered it, who answers for it, who helps."""
        return {self.assignee, *self.helpers, *filter(None, [self.unit])}


class TaskChanges(NamedTuple):
    """What is said of a task: the facts that are named in `fields`."""

    facts: Task
    fields: frozenset[str]

    def of(self, task: Task) -> Task:
        """The task with what is said of it."""
        return task._replace(**{name: getattr(self.facts, name) for name in self.fields})


def _task(*stated: Any) -> Task:
    task = Task(*stated)
    return task._replace(kind=TaskKind(task.kind), state=TaskState(task.state))


TASK = columns(TaskRow)
TASKS = StatedTable(TaskRow, _task, Task._fields, ("task",))
UNKNOWN = RefusalCode("task_unknown", "No task has the number {id}.", "Không có nhiệm vụ số {id}.", NotFound)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; what is None is not restricted."""

    assignee: str | None = None
    state: str | None = None
    kind: str | None = None
    period: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on the table."""
        named = {name: getattr(self, name) for name in ("assignee", "state", "kind", "period")}
        return [getattr(TASK, name) == value for name, value in named.items() if value is not None]


def task_of(stated: Mapping[str, Any]) -> Task:
    """The task of JSON data."""
    days = {name: day_of(stated[name]) for name in ("due_on", "reported_on")}
    choices = {"kind": TaskKind(stated["kind"]), "state": TaskState(stated["state"])}
    return Task(**{**stated, **days, **choices})


def standing_tasks(session: Session, as_of: int | None, *, period: str) -> list[Task]:
    """The tasks that a period's results gave rise to, as they stood then, by number."""
    return all_standing(session, TASKS, as_of, TASK.period == period)


def get_task(session: Session, task: int, as_of: int | None = None) -> StandingRecord[Task]:
    """The task of that number as it stood then (None: stands now), or NotFound."""
    found = find_standing(session, TASKS, as_of, TASK.task == task)
    if found is None:
        raise UNKNOWN.error(id=task)
    return found


def next_number(session: Session) -> int:
    """A number that no task has had; the one writer of the moment takes it."""
    return int(session.execute(select(func.coalesce(func.max(TASK.task), 0))).scalar_one()) + 1
