"""Tasks: what a letter orders whom to do by when, and what became of it, with every earlier belief kept."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import JSON, BigInteger, Column, Field, Index, SQLModel

from app.store.db import CodeText, as_json, columns, stands_at


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


def standing_tasks(session: Session, as_of: int | None, *, period: str) -> list[dict[str, Any]]:
    """The tasks that a period's results gave rise to, as they stood then, by number, as JSON data; one query."""
    stated = [column for column in TASK if column.name not in NOT_STATED]
    rows = session.execute(select(*stated).where(stands_at(TASK, as_of), TASK.period == period).order_by(TASK.task))
    return [as_json(row) for row in rows.mappings()]
