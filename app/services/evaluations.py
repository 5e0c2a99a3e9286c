"""Evaluations: drawn up, published, withdrawn, and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from app.answers.scores import ScoreListHead
from app.domain.evaluation import NAMES, PUBLIC, EvaluationScope, Status, advance, in_order
from app.domain.instant import to_datetime
from app.domain.period import read_against, read_period
from app.domain.vocabulary import Level
from app.errors import AppError, ErrorCode, Fault, Forbidden, Gone, Invalid, NotFound, PreconditionFailed
from app.services import frozen_content, rights
from app.services.frozen_content import EvaluationContent, FreezeRequest
from app.services.rights import Caller
from app.services.score_order import Sort, SortedItem
from app.services.score_order import in_order as sorted_items
from app.services.scores import NOW, check_view, group_names
from app.store import evaluations as store
from app.store import unit_tree
from app.store import units as units_store
from app.store.audit import record
from app.store.db import cached_permanently, last_change, stamp
from app.store.evaluations import EvaluationFilter, EvaluationRow
from app.store.frameworks import mark_used
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

WITHDRAWN = ErrorCode("withdrawn", "Evaluation {id} was withdrawn.", "Kết quả đánh giá {id} đã bị thu hồi.", Gone)
NONE_PUBLISHED = ErrorCode(
    "evaluation_unknown",
    "No published evaluation fits.",
    "Chưa có kết quả đánh giá nào được công bố theo yêu cầu này.",
    NotFound,
)
CHANGED = ErrorCode(
    "evaluation_changed",
    "Evaluation {id} is not as `If-Match` expects: it is {status} now.",
    "Kết quả đánh giá {id} không còn như `If-Match` mong đợi: hiện ở trạng thái {status}.",
    PreconditionFailed,
)
NOT_EVALUATED = ErrorCode(
    "level_not_evaluated",
    "Evaluation {id} has no level {level}; it has {known}.",
    "Kết quả đánh giá {id} không có cấp {level}; có {known}.",
    Invalid,
)
WHOLE = ErrorCode(
    "unit_forbidden",
    "The key {name} is bound to {unit} and below: name `under`.",
    "Khóa {name} chỉ dùng cho {unit} và các đơn vị trực thuộc: hãy ghi rõ `under`.",
    Forbidden,
)
GONE = ErrorCode(
    "unit_forbidden",
    "The key {name} may evaluate only {unit} and the units under it; {codes} stood under {under} in {period} and "
    "stand elsewhere today. A key of the whole service can draw this up.",
    "Khóa {name} chỉ được đánh giá {unit} và các đơn vị trực thuộc; trong kỳ {period}, {codes} trực thuộc {under} "
    "nhưng nay đã chuyển đi. Hãy dùng khóa của toàn hệ thống.",
    Forbidden,
)
MOST_NAMED = 10
"""So many units that have left are named."""


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What an evaluation is asked to be: empty `against` is the period before, empty clocks are now."""

    framework: str
    period: str
    under: str | None
    levels: Sequence[Level]
    against: str | None = None
    clocks: Clocks = NOW
    title: str | None = None


@dataclass(frozen=True, slots=True)
class FrozenBoard:
    """One level of an evaluation: its items in order with their sort keys, what stands above them, group names."""

    evaluation: EvaluationRow
    about: ScoreListHead
    keyed: Sequence[SortedItem]
    groups: Mapping[str, str]


def create_evaluation(session: Session, caller: Caller, order: EvaluationRequest) -> EvaluationRow:
    """A draft that freezes everything it rests on; the framework versions it uses never change from now on."""
    period = read_period(order.period)
    as_of = order.clocks.as_of or last_change(session).known_at
    _check_under(session, caller, order.under, UnitMoment(order.clocks.as_of, period=period))
    scope = EvaluationScope(order.framework.partition("@")[0], order.period, order.under, in_order(order.levels))
    against = read_against(order.against, period, pointer="/against").code if order.against else period.previous
    _check_stayed(session, caller, order, against)
    content = frozen_content.freeze(session, FreezeRequest(order.framework, scope, against, order.clocks))
    mark_used(session, content.frameworks)
    parts = content.parts()
    row = _draft(scope, content, parts, replace(order.clocks, as_of=as_of), order.title)
    row.created_at = stamp(session)
    id = store.add_evaluation(session, row, parts)
    told = {"scope": scope.key, "framework": content.inputs["framework"], "against": against}
    record(session, "evaluation.created", subject(id), after={**told, "digest": row.digest, "seal": row.seal})
    return row


def _check_under(session: Session, caller: Caller, under: str | None, moment: UnitMoment) -> None:
    """Raise unless the caller may evaluate the units below `under`, and there is such a unit."""
    if under is None and caller.unit is not None:
        raise WHOLE.error(name=caller.name, unit=caller.unit)
    if under is not None:
        rights.require_writable(session, caller, under)
        try:
            units_store.get_unit_row(session, under, moment)
        except NotFound as error:
            fault = Fault(error.error_code, error.context, pointer="/under", value=under)
            raise Invalid(error.error_code, error.context, faults=[fault]) from error


def _check_stayed(session: Session, caller: Caller, order: EvaluationRequest, against: str | None) -> None:
    """Raise Forbidden where the evaluation would freeze figures of units that have left the caller's subtree."""
    subtree = rights.subtree_of(session, caller)
    if subtree is None or order.under is None:
        return
    for period in (order.period, against):
        if period is None:
            continue
        moment = UnitMoment(order.clocks.as_of, period=read_period(period))
        gone = unit_tree.gone(session, subtree, moment, order.under, limit=MOST_NAMED)
        if gone:
            about: dict[str, Any] = {"name": caller.name, "unit": caller.unit, "under": order.under, "period": period}
            raise GONE.error(codes=", ".join(gone), **about)


def _draft(
    scope: EvaluationScope, content: EvaluationContent, parts: Mapping[str, str], clocks: Clocks, title: str | None
) -> EvaluationRow:
    assert clocks.as_of is not None
    return EvaluationRow(
        status=Status.DRAFT.value,
        framework=scope.framework,
        version=content.inputs["framework"].partition("@")[2],
        period=scope.period,
        under=scope.under,
        levels=f" {' '.join(scope.levels)} ",
        scope=scope.key,
        against=content.inputs["against"],
        title=title,
        as_of=clocks.as_of,
        observed_by=clocks.observed_by,
        digest=content.digest(),
        seal=frozen_content.content_digest(parts),
        cohorts=frozen_content.cohorts(content.results),
        created_at=0,
        published_at=None,
        superseded_at=None,
        superseded_by=None,
        supersedes=None,
        withdrawn_at=None,
        reason=None,
    )


def subject(id: int) -> str:
    """What the trace calls an evaluation."""
    return f"evaluation:{id}"


def publish(session: Session, caller: Caller, id: int, if_match: str | None) -> EvaluationRow:
    """Make a draft public and supersede the one it replaces; all of it commits together, or none of it."""
    row = _writable(session, caller, id, if_match)
    before = row.status
    status = advance(Status(row.status), Status.PUBLISHED).value
    replaced = store.find_published(session, row.scope)
    at = stamp(session)
    if replaced is not None:
        replaced.status = advance(Status(replaced.status), Status.SUPERSEDED).value
        replaced.superseded_by, replaced.superseded_at, row.supersedes = id, at, replaced.id
        session.flush()  # before the other is published: of one scope there is never more than one
    row.status, row.published_at = status, at
    told = {"status": status, "digest": row.digest, "supersedes": row.supersedes}
    record(session, "evaluation.published", subject(id), before={"status": before}, after=told)
    return row


def withdraw(session: Session, caller: Caller, id: int, reason: str, if_match: str | None) -> EvaluationRow:
    """Take a draft or a published evaluation back; nothing returns in its place by itself."""
    row = _writable(session, caller, id, if_match)
    before = row.status
    row.status = advance(Status(row.status), Status.WITHDRAWN).value
    row.reason, row.withdrawn_at = reason, stamp(session)
    told = {"status": row.status, "digest": row.digest, "reason": reason}
    record(session, "evaluation.withdrawn", subject(id), before={"status": before}, after=told)
    return row


def _writable(session: Session, caller: Caller, id: int, if_match: str | None) -> EvaluationRow:
    """The evaluation, if the caller may change its state and `If-Match` names the present one."""
    row = get(session, caller, id)
    if caller.unit is not None and (row.under is None or rights.outside(session, caller, [row.under])):
        code = row.under or "*"
        raise rights.OUTSIDE.error(name=caller.name, unit=caller.unit, code=code)
    if if_match is not None and not {tag(row), "*"} & {part.strip() for part in if_match.split(",")}:
        raise CHANGED.error(id=id, status=NAMES[Status(row.status)])
    return row


def tag(row: EvaluationRow) -> str:
    """The strong ETag of an evaluation itself: it changes with the state, and with nothing else."""
    return f'"{row.id}.{row.status}.{row.digest[:16]}"'


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
    session: Session, caller: Caller, wanted: EvaluationFilter, *, before: int | None, limit: int | None
) -> Sequence[EvaluationRow]:
    """Evaluations newest first, at most `limit` (None: all): the public ones, and those of the caller's subtree."""
    visible: ColumnElement[bool] = store.public()
    if rights.reads_unpublished(caller):
        visible = or_(visible, store.about(rights.subtree_of(session, caller)))
    found: list[EvaluationRow] = []
    while limit is None or len(found) < limit:
        rows = store.list_evaluations(session, wanted, visible, before=before, limit=limit)
        found += [row for row in rows if row.status in PUBLIC or _sees(session, caller, row)]
        if limit is None or len(rows) < limit:
            break
        before = rows[-1].id
    return found[:limit]


def latest(session: Session, wanted: EvaluationFilter) -> EvaluationRow:
    """The evaluation published last among those that stand and fit."""
    row = store.find_latest(session, replace(wanted, status=Status.PUBLISHED.value))
    if row is None:
        raise NONE_PUBLISHED.error()
    return row


def described(row: EvaluationRow) -> dict[str, Any]:
    """An evaluation as it is answered."""
    instants = ("created_at", "published_at", "superseded_at", "withdrawn_at")
    return {
        "id": row.id,
        "status": row.status,
        "framework": f"{row.framework}@{row.version}",
        "period": row.period,
        "under": row.under,
        "levels": list(row.level_list()),
        "against": row.against,
        "title": row.title,
        "as_of": to_datetime(row.as_of),
        "observed_by": None if row.observed_by is None else to_datetime(row.observed_by),
        "digest": row.digest,
        "cohorts": row.cohorts,
        **{name: None if (at := getattr(row, name)) is None else to_datetime(at) for name in instants},
        "supersedes": row.supersedes,
        "superseded_by": row.superseded_by,
        "reason": row.reason,
    }


def board(
    session: Session, caller: Caller, id: int, *, level: Level | None, view: str | None, sort: Sort
) -> FrozenBoard:
    """The frozen board of one level (which may be left out where there is only one)."""
    row = get(session, caller, id)
    levels = row.level_list()
    if level is None and len(levels) > 1:
        raise _not_evaluated(row, "–")
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
        "summary": result["summary"],
    }
    keyed = sorted_items(frozen_content.in_view(result, view), result["places"], sort)
    return FrozenBoard(row, about, keyed, group_names(framework, view))


def check_level(row: EvaluationRow, level: Level) -> None:
    """Invalid `level_not_evaluated` where the evaluation has no such level."""
    if level not in row.level_list():
        raise _not_evaluated(row, level)


def _not_evaluated(row: EvaluationRow, level: str) -> AppError:
    context = {"id": row.id, "level": level, "known": ", ".join(row.level_list())}
    return Fault(NOT_EVALUATED, context, parameter="level").error()


def _loaded(session: Session, row: EvaluationRow, level: Level) -> tuple[Any, Any]:
    assert row.id is not None
    result = frozen_content.read_content(store.load_part(session, row.id, f"results:{level}"))
    documents = frozen_content.read_content(store.load_part(session, row.id, "frameworks"))
    return result, frozen_content.framework_of(documents, result["framework"])
