"""Evaluations and what each of them froze, as JSON text that is written once and never again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, Text, func, insert, null, or_, select, text, true
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel
from typing_extensions import TypedDict

from app.answers.evaluations import CohortCount, PublishProblem
from app.domain.evaluation import PUBLIC, Status, in_order
from app.domain.period import PeriodType
from app.domain.vocabulary import Level
from app.errors import NotFound, RefusalCode
from app.store.tables import CodeText, Mapped, columns
from app.store.unit_tree import Subtree

UNKNOWN = RefusalCode("evaluation_unknown", "There is no evaluation {id}.", "Không có kết quả đánh giá {id}.", NotFound)
ONE_PUBLISHED = text("status = 'published'")
STATES = ", ".join(f"'{status}'" for status in Status)


class ScheduledBy(TypedDict):
    """Who scheduled a publication: the key with the rights that it had then, and the request."""

    name: str
    scopes: list[str]
    unit: str | None
    request_id: str | None


class EvaluationRow(SQLModel, table=True):
    """An evaluation: what it is about, its state, and the digest of its content. Only the state ever changes.

    `scope` is the key of the scope, of which at most one is published; `levels` are joined by blanks, with one at
    either end. `letter_digest` is None where `digest` covers all that was frozen. `seal` is the SHA-256 of the parts
    as they are stored. `publish_at` and `scheduled_by` are of a draft that is to be published by itself, and
    `publish_problem` says why it was not. Instants are µs since 1970.
    """

    __tablename__ = "evaluations"
    id: Mapped[int | None] = Field(default=None, primary_key=True)
    status: Mapped[str]
    framework: Mapped[str] = Field(sa_type=CodeText)
    version: Mapped[str] = Field(sa_type=CodeText)
    period: Mapped[str] = Field(sa_type=CodeText)
    under: Mapped[str | None] = Field(sa_type=CodeText)
    levels: Mapped[str]
    scope: Mapped[str] = Field(sa_type=CodeText)
    against: Mapped[str | None]
    title: Mapped[str | None]
    as_of: Mapped[int] = Field(sa_type=BigInteger)
    observed_by: Mapped[int | None] = Field(sa_type=BigInteger)
    digest: Mapped[str]
    letter_digest: Mapped[str | None]
    seal: Mapped[str]
    cohorts: Mapped[list[CohortCount]] = Field(sa_type=JSON)
    created_at: Mapped[int] = Field(sa_type=BigInteger)
    publish_at: Mapped[int | None] = Field(sa_type=BigInteger, index=True)
    scheduled_by: Mapped[ScheduledBy | None] = Field(sa_type=JSON(none_as_null=True))
    publish_problem: Mapped[PublishProblem | None] = Field(sa_type=JSON(none_as_null=True))
    published_at: Mapped[int | None] = Field(sa_type=BigInteger)
    superseded_at: Mapped[int | None] = Field(sa_type=BigInteger)
    superseded_by: Mapped[int | None] = Field(foreign_key="evaluations.id")
    supersedes: Mapped[int | None] = Field(foreign_key="evaluations.id")
    withdrawn_at: Mapped[int | None] = Field(sa_type=BigInteger)
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({STATES})", name="status"),
        Index("ix_evaluations_scope", "scope"),
        Index(
            "ix_evaluations_published", "scope", unique=True, sqlite_where=ONE_PUBLISHED, postgresql_where=ONE_PUBLISHED
        ),
    )

    def level_list(self) -> tuple[Level, ...]:
        return in_order(cast("list[Level]", self.levels.split()))


class EvaluationPart(SQLModel, table=True):
    """One part of what an evaluation froze: `frameworks`, `inputs`, or the results of a level as `results:commune`."""

    __tablename__ = "evaluation_parts"
    evaluation: Mapped[int] = Field(primary_key=True, foreign_key="evaluations.id")
    part: Mapped[str] = Field(primary_key=True)
    content: Mapped[str] = Field(sa_type=Text)


EVALUATION = columns(EvaluationRow)
PART = columns(EvaluationPart)


def add_evaluation(session: Session, row: EvaluationRow, parts: Mapping[str, str]) -> int:
    """Store an evaluation with its parts and return its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    session.execute(
        insert(EvaluationPart), [{"evaluation": row.id, "part": name, "content": parts[name]} for name in sorted(parts)]
    )
    return row.id


def get_evaluation(session: Session, id: int) -> EvaluationRow:
    row = session.get(EvaluationRow, id)
    if row is None:
        raise UNKNOWN.error(id=id)
    return row


def find_published(session: Session, scope: str) -> EvaluationRow | None:
    """The one evaluation of the scope that is published."""
    query = select(EvaluationRow).where(EVALUATION.scope == scope, EVALUATION.status == Status.PUBLISHED.value)
    return session.execute(query).scalar_one_or_none()


def load_parts(session: Session, id: int) -> dict[str, str]:
    """Everything that an evaluation froze, by part."""
    query = select(PART.part, PART.content).where(PART.evaluation == id)
    return {row.part: row.content for row in session.execute(query)}


def load_part(session: Session, id: int, part: str) -> str:
    """One part of what an evaluation froze."""
    query = select(PART.content).where(PART.evaluation == id, PART.part == part)
    return str(session.execute(query).scalar_one())


AFTER_YEAR: dict[PeriodType, Sequence[str]] = {
    "month": ("-0", "-1"),
    "quarter": ("-Q",),
    "half": ("-H",),
    "year": ("",),
}
"""The two signs behind the year in the codes of periods."""


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """Which evaluations: empty fields do not restrict; `framework` with or without a version.

    `updated_after`: those whose state changed after that instant (µs); `type`: those of periods of it.
    """

    framework: str | None = None
    period: str | None = None
    under: str | None = None
    level: str | None = None
    status: str | None = None
    updated_after: int | None = None
    type: PeriodType | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        code, _, version = (self.framework or "").partition("@")
        exact = {"framework": code, "version": version, "period": self.period}
        exact |= {"under": self.under, "status": self.status}
        found: list[ColumnElement[bool]] = [
            getattr(EVALUATION, name) == value for name, value in exact.items() if value
        ]
        if self.level is not None:
            found.append(EVALUATION.levels.contains(f" {self.level} "))
        if self.type is not None:
            found.append(func.substr(EVALUATION.period, 5, 2).in_(AFTER_YEAR[self.type]))
        if self.updated_after is not None:
            states = (EVALUATION.created_at, EVALUATION.published_at, EVALUATION.superseded_at, EVALUATION.withdrawn_at)
            found.append(or_(*(reached > self.updated_after for reached in states)))
        return found


def list_evaluations(
    session: Session, where: EvaluationFilter, visible: ColumnElement[bool], *, before: int | None, limit: int | None
) -> Sequence[EvaluationRow]:
    """Evaluations newest first, at most `limit` older than number `before`."""
    query = select(EvaluationRow).where(visible, *where.conditions())
    if before is not None:
        query = query.where(EVALUATION.id < before)
    return session.execute(query.order_by(EVALUATION.id.desc()).limit(limit)).scalars().all()


def find_latest(session: Session, where: EvaluationFilter) -> EvaluationRow | None:
    """The evaluation published last among those that fit."""
    query = select(EvaluationRow).where(*where.conditions())
    return session.execute(query.order_by(EVALUATION.published_at.desc()).limit(1)).scalar_one_or_none()


def last_published(session: Session, framework: str, subtree: Subtree | None, limit: int) -> Sequence[EvaluationRow]:
    """At most so many evaluations that stand published, of the units of a subtree, the one published last first."""
    where = EvaluationFilter(framework, status=Status.PUBLISHED.value)
    query = select(EvaluationRow).where(*where.conditions(), about(subtree))
    latest = query.order_by(EVALUATION.published_at.desc(), EVALUATION.id.desc()).limit(limit)
    return session.execute(latest).scalars().all()


def find_due(session: Session, instant: int) -> EvaluationRow | None:
    """The draft whose moment to be published came first, if one has come by this instant."""
    due = (EVALUATION.publish_at <= instant, EVALUATION.status == Status.DRAFT.value)
    query = select(EvaluationRow).where(*due, EVALUATION.publish_problem.is_(null()))
    return session.execute(query.order_by(EVALUATION.publish_at, EVALUATION.id).limit(1)).scalar_one_or_none()


def list_published(session: Session, framework: str, period: str, as_of: int | None) -> Sequence[EvaluationRow]:
    """The evaluations of a framework (any version) and a period that stood published at the instant, newest first."""
    about = (EVALUATION.framework == framework, EVALUATION.period == period)
    stood: tuple[ColumnElement[bool], ...] = (EVALUATION.status == Status.PUBLISHED.value,)
    if as_of is not None:
        ends = (EVALUATION.superseded_at, EVALUATION.withdrawn_at)
        stood = (EVALUATION.published_at <= as_of, *(or_(end.is_(None), end > as_of) for end in ends))
    query = select(EvaluationRow).where(*about, *stood).order_by(EVALUATION.published_at.desc())
    return session.execute(query).scalars().all()


def public() -> ColumnElement[bool]:
    """Condition: what everybody may read."""
    found: ColumnElement[bool] = EVALUATION.status.in_([status.value for status in PUBLIC])
    return found


def about(subtree: Subtree | None) -> ColumnElement[bool]:
    """Condition: evaluations of units under one of the subtree; of any where there is no subtree."""
    return true() if subtree is None else subtree.holds(EVALUATION.under)
