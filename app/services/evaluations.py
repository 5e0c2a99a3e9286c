"""Evaluations as they are read: who may see which, what they are, and their frozen boards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from app.answers.evaluations import EvaluationOut
from app.answers.scores import ScoreListHead
from app.domain.evaluation import PUBLIC, Status
from app.domain.frameworks.framework import Framework
from app.domain.instant import to_datetime
from app.domain.level_names import level_choices
from app.domain.period import read_period
from app.domain.vocabulary import Level
from app.errors import Fault, Gone, Invalid, Language, NotFound, RefusalCode
from app.services import frozen_content, frozen_items, rights
from app.services.frozen_content import EvaluationContent
from app.services.rights import Caller
from app.services.score_filters import ItemFilter
from app.services.score_names import groups_meta, named_summary
from app.services.score_order import Sorted, ordered_items
from app.services.scores import check_view
from app.store import evaluations as store
from app.store.cache import cached_permanently
from app.store.evaluation_content import FrozenResult, read_documents, read_result
from app.store.evaluations import EvaluationFilter, EvaluationRow
from app.store.unit_versions import UnitMoment

WITHDRAWN = RefusalCode("withdrawn", "Evaluation {id} was withdrawn.", "Kết quả đánh giá {id} đã bị thu hồi.", Gone)
NONE_PUBLISHED = RefusalCode(
    "evaluation_unknown",
    "No published evaluation fits.",
    "Chưa có kết quả đánh giá nào được công bố theo yêu cầu này.",
    NotFound,
)
NOT_EVALUATED = RefusalCode(
    "level_not_evaluated",
    "Evaluation {id} is not about the level {level}; it is about {known}.",
    "Kết quả đánh giá {id} không xét cấp {level}; các cấp được xét: {known}.",
    Invalid,
)
SEVERAL_LEVELS = RefusalCode(
    "level_not_evaluated",
    "Evaluation {id} is about several levels; name one of them in `level`: {known}.",
    "Kết quả đánh giá {id} xét nhiều cấp; hãy ghi một cấp vào `level`: {known}.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class FrozenBoard:
    """One level of an evaluation: what stands above its items, its results and its rules."""

    evaluation: EvaluationRow
    about: ScoreListHead
    result: FrozenResult
    framework: Framework


def subject(id: int) -> str:
    """What the trace calls an evaluation."""
    return f"evaluation:{id}"


def tag(row: EvaluationRow) -> str:
    """The strong ETag of an evaluation itself: it changes with the state and what is scheduled, and nothing else."""
    scheduled = "" if row.publish_at is None else f".{row.publish_at}.{int(row.publish_problem is None)}"
    return f'"{row.id}.{row.status}.{row.digest[:16]}{scheduled}"'


def get(session: Session, caller: Caller, id: int) -> EvaluationRow:
    """The evaluation, if the caller may read it: Gone where it was public, else NotFound as if there were none."""
    row = store.get_evaluation(session, id)
    if row.status in PUBLIC or (rights.reads_unpublished(caller) and _sees(session, caller, row)):
        return row
    if row.published_at is not None:
        raise WITHDRAWN.error(id=id)
    raise store.UNKNOWN.error(id=id)


def _sees(session: Session, caller: Caller, row: EvaluationRow) -> bool:
    """Whether all units that the evaluation froze figures of lie in the caller's subtree today."""
    periods = {row.period, row.against or row.period}
    moments = (UnitMoment(row.as_of, period=read_period(code)) for code in periods)
    return all(rights.kept_to(session, caller, row.under, moment) is None for moment in moments)


def list_visible(
    session: Session, caller: Caller, where: EvaluationFilter, *, before: int | None, limit: int | None
) -> Sequence[EvaluationRow]:
    """Evaluations newest first, at most `limit` (None: all): the public ones, and those of the caller's subtree."""
    visible: ColumnElement[bool] = store.public()
    if rights.reads_unpublished(caller):
        visible = or_(visible, store.about(rights.subtree_of(session, caller)))
    found: list[EvaluationRow] = []
    while limit is None or len(found) < limit:
        rows = store.list_evaluations(session, where, visible, before=before, limit=limit)
        found += [row for row in rows if row.status in PUBLIC or _sees(session, caller, row)]
        if limit is None or len(rows) < limit:
            break
        before = rows[-1].id
    return found[:limit]


def latest(session: Session, where: EvaluationFilter) -> EvaluationRow:
    """The evaluation published last among those that stand and fit."""
    row = store.find_latest(session, replace(where, status=Status.PUBLISHED.value))
    if row is None:
        raise NONE_PUBLISHED.error()
    return row


def described(row: EvaluationRow) -> EvaluationOut:
    """An evaluation as it is answered."""
    assert row.id is not None
    return {
        "id": row.id,
        "status": Status(row.status),
        "framework": f"{row.framework}@{row.version}",
        "period": row.period,
        "under": row.under,
        "levels": list(row.level_list()),
        "against": row.against,
        "title": row.title,
        "as_of": to_datetime(row.as_of),
        "observed_by": _moment(row.observed_by),
        "digest": row.digest,
        "letter_digest": row.letter_digest,
        "cohorts": row.cohorts,
        "created_at": to_datetime(row.created_at),
        "publish_at": _moment(row.publish_at),
        "publish_problem": row.publish_problem,
        "published_at": _moment(row.published_at),
        "superseded_at": _moment(row.superseded_at),
        "withdrawn_at": _moment(row.withdrawn_at),
        "supersedes": row.supersedes,
        "superseded_by": row.superseded_by,
        "reason": row.reason,
    }


def _moment(instant: int | None) -> datetime | None:
    return None if instant is None else to_datetime(instant)


def board(
    session: Session, caller: Caller, id: int, *, level: Level | None, view: str | None, language: Language
) -> FrozenBoard:
    """The frozen board of one level (which may be left out where there is only one)."""
    row = get(session, caller, id)
    levels = row.level_list()
    if level is None and len(levels) > 1:
        raise Fault(SEVERAL_LEVELS, {"id": row.id, "known": level_choices(levels)}, parameter="level").error()
    chosen = level or levels[0]
    check_level(row, chosen)
    result, framework = cached_permanently(
        session, ("evaluation", id, row.seal, chosen), lambda: _loaded(session, row, chosen)
    )
    check_view(framework, view)
    about: ScoreListHead = {
        "framework": result["framework"],
        "period": result["period"],
        "as_of": to_datetime(row.as_of),
        "cohort": result["cohort"],
        "summary": named_summary(result["summary"], framework, language),
        "groups_meta": groups_meta(framework.at(chosen), view, language),
    }
    return FrozenBoard(row, about, result, framework)


def ordered(board: FrozenBoard, view: str | None, sort: str, shown: ItemFilter) -> Sequence[Sorted]:
    """The items of a frozen board that are shown, in order with their sort keys."""
    return ordered_items(frozen_items.in_view(board.result, view), board.result["places"], sort, shown)


def content_of(session: Session, row: EvaluationRow) -> EvaluationContent:
    """Everything that an evaluation froze; kept, since it never changes."""
    assert row.id is not None
    id, key = row.id, ("evaluation content", row.id, row.seal)
    return cached_permanently(session, key, lambda: EvaluationContent.of(store.load_parts(session, id)))


def check_level(row: EvaluationRow, level: Level) -> None:
    """Invalid `level_not_evaluated` where the evaluation has no such level."""
    if level not in row.level_list():
        context = {"id": row.id, "level": level_choices([level]), "known": level_choices(row.level_list())}
        raise Fault(NOT_EVALUATED, context, parameter="level").error()


def _loaded(session: Session, row: EvaluationRow, level: Level) -> tuple[FrozenResult, Framework]:
    assert row.id is not None
    result = read_result(store.load_part(session, row.id, f"results:{level}"))
    documents = read_documents(store.load_part(session, row.id, "frameworks"))
    return result, frozen_content.framework_of(documents, result["framework"])
