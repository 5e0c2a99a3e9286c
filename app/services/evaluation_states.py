"""Evaluations drawn up, published and withdrawn, and what becomes public with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.answers.evaluations import BecomesPublic, PublishedOut
from app.domain.evaluation import EvaluationScope, Status, advance, in_order
from app.domain.input_location import located
from app.domain.period import read_against, read_period
from app.domain.vocabulary import Level
from app.errors import Forbidden, RefusalCode
from app.services import frozen_content, rights
from app.services.evaluations import described, get, subject
from app.services.freezing import FreezeRequest, freeze
from app.services.frozen_content import EvaluationContent
from app.services.publish_at import forget_schedule, require_schedulable, schedule, traced
from app.services.rights import Caller
from app.services.scores import NOW
from app.services.unit_names import named_at
from app.store import evaluations as store
from app.store import unit_tree
from app.store import units as units_store
from app.store.audit import record
from app.store.changes import record_change
from app.store.db import last_change, stamp
from app.store.evaluation_content import read_inputs
from app.store.evaluations import EvaluationRow
from app.store.frameworks import digests_of, mark_used
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

WHOLE = RefusalCode(
    "unit_forbidden",
    "The key {name} is bound to {unit} and below: name `under`.",
    "Khóa {name} chỉ dùng cho {unit} và các đơn vị trực thuộc: hãy ghi rõ `under`.",
    Forbidden,
)
GONE = RefusalCode(
    "unit_forbidden",
    "The key {name} may evaluate only {unit} and the units under it; {codes} stood under {under} in {period} and "
    "stand elsewhere today. A key of the whole service can draw this up.",
    "Khóa {name} chỉ được đánh giá {unit} và các đơn vị trực thuộc; trong kỳ {period}, {codes} trực thuộc {under} "
    "nhưng nay đã chuyển đi. Hãy dùng khóa của toàn hệ thống.",
    Forbidden,
)
MOST_NAMED = 10
"""So many units that have left are named."""

REPORTS = {
    "tasks": "tasks",
    "publications": "publication",
    "notes": "publication",
    "targets": "below-target",
    "letter_profile": "announcement",
    "letter_texts": "announcement",
    "letter_templates": "announcement",
}
"""The report that shows what was counted."""


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What an evaluation is asked to be: empty `against` is the period before, empty clocks are now.

    `publish_at`: when it is to be published by itself (µs).
    """

    framework: str
    period: str
    under: str | None
    levels: Sequence[Level]
    against: str | None = None
    clocks: Clocks = NOW
    title: str | None = None
    publish_at: int | None = None


@dataclass(frozen=True, slots=True)
class DrawnEvaluation:
    """An evaluation that was drawn up on a snapshot and is not stored yet.

    `rules`: the digests of the framework versions that it rests on, as they stood in the snapshot.
    """

    order: EvaluationRequest
    against: str | None
    row: EvaluationRow
    parts: Mapping[str, str]
    rules: Mapping[str, str]


def draw_up(session: Session, caller: Caller, order: EvaluationRequest) -> DrawnEvaluation:
    """Freeze everything that an evaluation rests on, as the session's snapshot shows it; nothing is written."""
    period = read_period(order.period)
    as_of = order.clocks.as_of or last_change(session).known_at
    _check_under(session, caller, order)
    if order.publish_at is not None:
        require_schedulable(session, caller, order.publish_at)
    scope = EvaluationScope(order.framework.partition("@")[0], order.period, order.under, in_order(order.levels))
    with located(pointer="/against"):
        against = read_against(order.against, period).code if order.against else period.previous
    _check_stayed(session, caller, order, against)
    content = freeze(session, FreezeRequest(order.framework, scope, against, order.clocks))
    parts = content.parts()
    row = _draft(scope, content, parts, replace(order.clocks, as_of=as_of), order.title)
    return DrawnEvaluation(order, against, row, parts, digests_of(session, content.frameworks))


def store_draft(session: Session, caller: Caller, drawn: DrawnEvaluation) -> EvaluationRow:
    """Store a draft; the framework versions that it uses never change from now on.

    What was written since it was drawn up changes nothing of it, for it tells what was known before; but the caller
    must still be allowed to, and rules that were replaced meanwhile are no longer to be had: then it is drawn up anew.
    """
    if digests_of(session, drawn.rules) != drawn.rules:
        drawn = draw_up(session, caller, drawn.order)
    else:
        _check_under(session, caller, drawn.order)
        _check_stayed(session, caller, drawn.order, drawn.against)
    mark_used(session, drawn.rules)
    row = drawn.row
    row.created_at = stamp(session)
    if drawn.order.publish_at is not None:
        schedule(session, caller, row, drawn.order.publish_at)
    id = store.add_evaluation(session, row, drawn.parts)
    framework = f"{row.framework}@{row.version}"
    about = {"scope": row.scope, "framework": framework, "against": drawn.against}
    seals = {"digest": row.digest, "letter_digest": row.letter_digest, "seal": row.seal}
    record(session, "evaluation.created", subject(id), after={**about, **seals, **traced(row.publish_at)})
    tell(session, row, "created")
    return row


def _check_under(session: Session, caller: Caller, order: EvaluationRequest) -> None:
    """Raise unless the caller may evaluate the units below `under`, and there is such a unit."""
    under, moment = order.under, UnitMoment(order.clocks.as_of, period=read_period(order.period))
    if under is None and caller.unit is not None:
        raise WHOLE.error(name=caller.name, unit=caller.unit)
    if under is not None:
        rights.require_writable(session, caller, under)
        with named_at("/under", under):
            units_store.get_unit_row(session, under, moment)


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
            raise GONE.error(
                codes=", ".join(gone), name=caller.name, unit=caller.unit, under=order.under, period=period
            )


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
        letter_digest=content.letter_digest(),
        seal=frozen_content.content_digest(parts),
        cohorts=frozen_content.cohorts(content.results),
        created_at=0,
        publish_at=None,
        scheduled_by=None,
        publish_problem=None,
        published_at=None,
        superseded_at=None,
        superseded_by=None,
        supersedes=None,
        withdrawn_at=None,
        reason=None,
    )


def publish(session: Session, caller: Caller, id: int) -> EvaluationRow:
    """Make a draft public and supersede the one it replaces; all of it commits together, or none of it."""
    row = writable(session, caller, id)
    before = row.status
    status = advance(Status(row.status), Status.PUBLISHED).value
    replaced = store.find_published(session, row.scope)
    at = stamp(session)
    if replaced is not None:
        replaced.status = advance(Status(replaced.status), Status.SUPERSEDED).value
        replaced.superseded_by, replaced.superseded_at, row.supersedes = id, at, replaced.id
        session.flush()  # before the other is published: of one scope there is never more than one
    row.status, row.published_at = status, at
    forget_schedule(row)
    after = {"status": status, "digest": row.digest, "supersedes": row.supersedes}
    record(session, "evaluation.published", subject(id), before={"status": before}, after=after)
    if replaced is not None:
        tell(session, replaced, "superseded")
    tell(session, row, "published")
    return row


def withdraw(session: Session, caller: Caller, id: int, reason: str) -> EvaluationRow:
    """Take a draft or a published evaluation back; nothing returns in its place by itself."""
    row = writable(session, caller, id)
    before = row.status
    row.status = advance(Status(row.status), Status.WITHDRAWN).value
    row.reason, row.withdrawn_at = reason, stamp(session)
    forget_schedule(row)
    after = {"status": row.status, "digest": row.digest, "reason": reason}
    record(session, "evaluation.withdrawn", subject(id), before={"status": before}, after=after)
    tell(session, row, "withdrawn")
    return row


def tell(session: Session, row: EvaluationRow, action: str) -> None:
    """Note the new state among the changes: everybody may know of what is public, or was."""
    is_public = row.published_at is not None
    assert row.id is not None
    record_change(session, "evaluations", action, subject(row.id), unit=row.under, period=row.period, public=is_public)


def writable(session: Session, caller: Caller, id: int) -> EvaluationRow:
    """The evaluation, if the caller may change its state."""
    row = get(session, caller, id)
    if caller.unit is not None and (row.under is None or rights.outside(session, caller, [row.under])):
        code = row.under or "*"
        raise rights.OUTSIDE.error(name=caller.name, unit=caller.unit, code=code)
    return row


def published(session: Session, row: EvaluationRow) -> PublishedOut:
    """The evaluation as it is answered, and what became public with it."""
    return {**described(row), "publishes": becomes_public(session, row)}


def becomes_public(session: Session, row: EvaluationRow) -> BecomesPublic:
    """How much the evaluation froze of each kind, and the reports over it that show what there is."""
    assert row.id is not None
    inputs = read_inputs(store.load_part(session, row.id, "inputs"))
    publications = inputs.get("publications", [])
    counts = {
        "tasks": len(inputs.get("tasks", [])),
        "publications": len(publications),
        "notes": sum(each["note"] is not None for each in publications),
        "targets": len(inputs.get("targets", [])),
        "letter_profile": int(inputs.get("letter") is not None),
        "letter_texts": len(inputs.get("letter_texts", {})),
        "letter_templates": len(inputs.get("letter_templates", {})),
    }
    shown = dict.fromkeys(REPORTS[kind] for kind, count in counts.items() if count)
    return {
        "tasks": counts["tasks"],
        "publications": counts["publications"],
        "notes": counts["notes"],
        "targets": counts["targets"],
        "letter_profile": counts["letter_profile"],
        "letter_texts": counts["letter_texts"],
        "letter_templates": counts["letter_templates"],
        "see": [f"/v1/reports/{name}?evaluation={row.id}" for name in shown],
    }
