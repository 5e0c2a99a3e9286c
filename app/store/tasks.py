"""Tasks: what a letter orders whom to do by when, and what became of it, with every earlier belief kept."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Field, Index, SQLModel

from app.errors import NotFound, Text
from app.store.db import FOREVER, as_json, stands_at
from app.store.tables import CodeText, Mapped, columns, columns_named
from app.store.unit_versions import UNSYNCED


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
    finding: Mapped[dict[str, Any] | None] = Field(sa_type=JSON(none_as_null=True))
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


TASK = columns(TaskRow)
NOT_STATED = ("id", "known_at", "replaced_at")
STATED = tuple(name for name in TaskRow.model_fields if name not in NOT_STATED)
ROWS_AT_ONCE = 1000
UNKNOWN = Text("No task has the number {id}.", "Không có nhiệm vụ số {id}.")


def _standing(as_of: int | None) -> ColumnElement[bool]:
    """Condition: what stood then (None: stands now)."""
    return stands_at(TASK.known_at, TASK.replaced_at, as_of)


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


def standing_tasks(session: Session, as_of: int | None, *, period: str) -> list[dict[str, Any]]:
    """The tasks that a period's results gave rise to, as they stood then, by number, as JSON data; one query."""
    stated = columns_named(TASK, STATED)
    rows = session.execute(select(*stated).where(_standing(as_of), TASK.period == period).order_by(TASK.task))
    return [as_json(row) for row in rows.mappings()]


def iter_tasks(
    session: Session, wanted: TaskFilter, as_of: int | None, *, after: int | None
) -> Generator[TaskRow, None, None]:
    """Tasks that stood then, by number from behind `after`; one query, read as far as it is asked.

    Whoever stops early closes it.
    """
    query = select(TaskRow).where(_standing(as_of), *wanted.conditions()).order_by(TASK.task)
    if after is not None:
        query = query.where(TASK.task > after)
    with closing(session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})) as rows:
        yield from rows.scalars()


def get_task(session: Session, task: int, as_of: int | None = None) -> TaskRow:
    """The task of that number as it stood then (None: stands now), or NotFound."""
    row = session.execute(select(TaskRow).where(TASK.task == task, _standing(as_of))).scalar_one_or_none()
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
