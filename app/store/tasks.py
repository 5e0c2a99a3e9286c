"""Tasks: what a letter orders whom to do by when, and what became of it, with every earlier belief kept."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Column, Field, Index, SQLModel

from app.errors import NotFound, Text
from app.store.db import FOREVER, CodeText, as_json, columns, stands_at
from app.store.unit_versions import UNSYNCED


class TaskRow(SQLModel, table=True):
    """A task as it stood between two instants (µs since 1970); `task` is its number, the same in all its versions.

    `unit` ordered it, `assignee` answers for it, `helpers` work with it. `finding` is what caused it, `report` what
    was reported back on `reported_on`.
    """

    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    task: int
    kind: str
    title: str
    detail: str | None
    unit: str | None = Field(sa_column=Column(CodeText))
    assignee: str = Field(sa_column=Column(CodeText, nullable=False))
    helpers: list[str] = Field(sa_column=Column(JSON, nullable=False))
    period: str | None = Field(sa_column=Column(CodeText))
    due_on: date | None
    legal_ref: str | None
    finding: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    state: str
    report: str | None
    reported_on: date | None
    reason: str | None
    known_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    replaced_at: int = Field(sa_column=Column(BigInteger, nullable=False))

    __table_args__ = (
        Index("ix_tasks_key", "task", "replaced_at", unique=True),
        Index("ix_tasks_assignee", "assignee"),
    )


TASK = columns(TaskRow)
NOT_STATED = ("id", "known_at", "replaced_at")
STATED = tuple(name for name in TaskRow.model_fields if name not in NOT_STATED)
ROWS_AT_ONCE = 1000
UNKNOWN = Text("No task has the number {id}.", "Không có nhiệm vụ số {id}.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks; what is None is not restricted."""

    assignee: str | None = None
    state: str | None = None
    kind: str | None = None
    period: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on the table."""
        named = {name: getattr(self, name) for name in ("assignee", "state", "kind", "period")}
        return [TASK[name] == value for name, value in named.items() if value is not None]


def standing_tasks(session: Session, as_of: int | None, *, period: str) -> list[dict[str, Any]]:
    """The tasks that a period's results gave rise to, as they stood then, by number, as JSON data; one query."""
    stated = [TASK[name] for name in STATED]
    rows = session.execute(select(*stated).where(stands_at(TASK, as_of), TASK.period == period).order_by(TASK.task))
    return [as_json(row) for row in rows.mappings()]


def iter_tasks(
    session: Session, wanted: Wanted, as_of: int | None, *, after: int | None
) -> Generator[TaskRow, None, None]:
    """Tasks that stood then, by number from behind `after`; one query, read as far as it is asked.

    Whoever stops early closes it.
    """
    query = select(TaskRow).where(stands_at(TASK, as_of), *wanted.conditions()).order_by(TASK.task)
    if after is not None:
        query = query.where(TASK.task > after)
    with closing(session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})) as rows:
        yield from rows.scalars()


def get_task(session: Session, task: int, as_of: int | None = None) -> TaskRow:
    """The task of that number as it stood then (None: stands now), or NotFound."""
    row = session.execute(select(TaskRow).where(TASK.task == task, stands_at(TASK, as_of))).scalar_one_or_none()
    if row is None:
        raise NotFound("task_unknown", UNKNOWN, id=task)
    return row


def next_number(session: Session) -> int:
    """A number that no task has had; the one writer of the moment takes it."""
    return int(session.execute(select(func.coalesce(func.max(TASK.task), 0))).scalar_one()) + 1


def add_version(session: Session, stated: dict[str, Any], known_at: int) -> TaskRow:
    """Let the stated task stand from now on, and no longer the version before it."""
    standing = (TASK.task == stated["task"], TASK.replaced_at == FOREVER)
    session.execute(update(TaskRow).where(*standing).values(replaced_at=known_at), execution_options=UNSYNCED)
    row = TaskRow(**stated, known_at=known_at, replaced_at=FOREVER)
    session.add(row)
    session.flush()
    return row
