"""Tasks: ordered, reported back, accepted or cancelled; every version of them is kept.

Whoever writes for every unit that a task names may write all of it; whoever writes for the assignee may report back,
and nothing else.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.instant import to_datetime
from app.domain.period import Period, read_or_fault
from app.domain.tasks import (
    NAMES,
    WITH_REPORT,
    TaskState,
    advance,
    is_overdue,
    needs_reason,
    require_changeable,
    state_on,
)
from app.errors import Fault, Faults, Invalid, NotFound, PreconditionFailed, Text
from app.services.rights import Caller, outside, outside_faults, refuse_foreign, require_writable, subtree_of
from app.services.stated import day_in_future, today
from app.services.unit_names import UnitSuggester
from app.store import tasks as store
from app.store import unit_tree
from app.store import units as units_store
from app.store.audit import record
from app.store.db import stamp
from app.store.evaluations import tree
from app.store.tasks import STATED, UNKNOWN, TaskFilter, TaskRow
from app.store.unit_versions import UnitMoment

REFUSED = Text(
    "{count} thing(s) must be mended before the task can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận nhiệm vụ; chưa có gì thay đổi.",
)
NAMED_TWICE = Text("{code} is named twice.", "{code} được nêu hai lần.")
REPORT_MISSING = Text(
    "A task that is {state} needs a `report`.", "Nhiệm vụ {state} phải có `report` (nội dung báo cáo)."
)
REPORT_TOO_EARLY = Text(
    "There is no report while the task is {state}; set `state` to `reported`.",
    "Nhiệm vụ {state} thì chưa có báo cáo; hãy ghi `state` là `reported`.",
)
REASON_MISSING = Text(
    "Say in `reason` why the task is cancelled or its report sent back.",
    "Hãy ghi `reason`: lý do hủy nhiệm vụ hoặc trả lại báo cáo.",
)
CHANGED = Text("Task {id} is not as `If-Match` expects.", "Nhiệm vụ {id} không còn như `If-Match` mong đợi.")
REPORTING = frozenset({"state", "report", "reported_on"})
"""What the assignee's own key may change."""

BLANK: dict[str, Any] = {
    "detail": None,
    "unit": None,
    "helpers": [],
    "period": None,
    "due_on": None,
    "legal_ref": None,
    "finding": None,
    "state": TaskState.OPEN,
    "report": None,
    "reported_on": None,
    "reason": None,
}
"""What a new task is, as far as nothing is said."""

BODY = InputLocation()


def members(task: Mapping[str, Any]) -> set[str]:
    """The units of a task: who ordered it, who answers for it, who helps."""
    ordering = set() if task["unit"] is None else {task["unit"]}
    return {task["assignee"], *task["helpers"]} | ordering


def concerned(session: Session, under: str | None, as_of: int | None, period: Period) -> set[str]:
    """Codes of `under` and all below it (of all units), in the period and last, as believed at `as_of` (µs).

    A task about a period may be for a unit that came after it.
    """
    moments = (UnitMoment(as_of, period=period), UnitMoment(as_of))
    return {row.code for moment in moments for row in tree(session, under, moment)}


def names_of(session: Session, codes: Collection[str], as_of: int | None, period: Period) -> dict[str, str]:
    """What units were called in the period, and those that were not there then, last; as believed at `as_of` (µs)."""
    found = {row.code: row.name for row in units_store.named(session, codes, UnitMoment(as_of, period=period))}
    rest = set(codes) - found.keys()
    return found | {row.code: row.name for row in units_store.named(session, rest, UnitMoment(as_of))}


def add(session: Session, caller: Caller, facts: Mapping[str, Any]) -> TaskRow:
    """A new task; one that is entered after the fact may begin in any state, with what that state needs."""
    task = {**BLANK, **facts, "task": store.next_number(session)}
    task = _dated(session, task)
    refuse_foreign(outside_faults(session, caller, ((BODY, field, code) for field, code in _named(task))))
    _check(session, task, {}, None)
    return _write(session, task, None)


def change(
    session: Session, caller: Caller, id: int, changes: Mapping[str, Any], if_match: str | None = None
) -> TaskRow:
    """The task with what is named changed. Raises NotFound, Forbidden, Conflict, PreconditionFailed or Invalid."""
    row = store.get_task(session, id)
    before = stated(row)
    current, requested = TaskState(row.state), TaskState(changes.get("state", row.state))
    task = {**before, **changes}
    if not _reports_back(session, caller, before, changes, requested):
        _require_change(session, caller, before, task, changes)
    if if_match is not None and not {tag(row), "*"} & {part.strip() for part in if_match.split(",")}:
        raise PreconditionFailed("task_changed", CHANGED, id=id)
    if task == before:
        return row
    if requested is current:
        require_changeable(current)
    else:
        advance(current, requested)
        task = _moved(task, changes, requested)
    task = _dated(session, task)
    _check(session, task, before, current)
    return _write(session, task, before)


def _moved(task: dict[str, Any], changes: Mapping[str, Any], requested: TaskState) -> dict[str, Any]:
    """The task in its new state: the reason is that of this step, and a report that was sent back is given anew."""
    moved = {**task, "reason": changes.get("reason")}
    if requested not in WITH_REPORT:
        moved |= {name: changes.get(name) for name in ("report", "reported_on")}
    return moved


def _dated(session: Session, task: dict[str, Any]) -> dict[str, Any]:
    """The task with its report given today, where no day is named."""
    if task["report"] is not None and task["reported_on"] is None:
        return {**task, "reported_on": today(session)}
    return task


def _orderer(task: Mapping[str, Any]) -> str:
    """The unit for which one has to write in order to write all of a task."""
    return str(task["unit"] or task["assignee"])


def _reports_back(
    session: Session, caller: Caller, task: Mapping[str, Any], changes: Mapping[str, Any], requested: TaskState
) -> bool:
    """Whether this is the report of the assignee's own key, which needs no right over the other units."""
    reports = changes.keys() <= REPORTING and requested is TaskState.REPORTED
    return reports and not outside(session, caller, [task["assignee"]])


def _require_change(
    session: Session, caller: Caller, before: Mapping[str, Any], task: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    """Forbidden unless the caller writes for who ordered, and for every unit that the task would name."""
    require_writable(session, caller, _orderer(before))
    named = ((BODY, field if field.partition("/")[0] in changes else "", code) for field, code in _named(task))
    refuse_foreign(outside_faults(session, caller, named))


def _check(session: Session, task: Mapping[str, Any], before: Mapping[str, Any], current: TaskState | None) -> None:
    """Raise Invalid that names every fault of the task as it would stand; `before` is what it was."""
    held = set(members(before)) if before else set[str]()
    units = _unit_faults(session, task, held)
    faults = Faults(chain(units, _period_faults(task), _state_faults(session, task, current)))
    if faults:
        raise Invalid("task_refused", REFUSED, faults=faults, count=faults.count)


def _named(task: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every unit of a task with the place where it stands."""
    yield from ((name, task[name]) for name in ("unit", "assignee") if task[name] is not None)
    yield from ((f"helpers/{place}", code) for place, code in enumerate(task["helpers"]))
    if task["finding"] is not None and task["finding"]["unit"] is not None:
        yield "finding/unit", task["finding"]["unit"]


def _unit_faults(session: Session, task: Mapping[str, Any], before: Collection[str]) -> Iterator[Fault]:
    """Units that nobody knows, or that had ended when they were ordered to do it, and a helper that is named twice or
    is the assignee. Who is named in the task already may stay in it."""
    named = list(_named(task))
    lives = units_store.lives(session, {code for _, code in named})
    names, day = UnitSuggester(session), _ordered_on(session, task)
    for field, code in named:
        _, valid_to = lives.get(code, (None, None))
        if code not in lives:
            yield names.unknown(BODY, code, field)
        elif valid_to is not None and valid_to < day and code not in before and field != "finding/unit":
            yield names.ended(BODY, code, valid_to, day, field)
    seen = {task["assignee"]}
    for place, code in enumerate(task["helpers"]):
        if code in seen:
            yield BODY.fault("unit_repeated", NAMED_TWICE, f"helpers/{place}", {"code": code}, value=code)
        seen.add(code)


def _ordered_on(session: Session, task: Mapping[str, Any]) -> date:
    """A day on which the units of a task must not have ended yet: a task may be entered after the fact."""
    period = None if task["period"] is None else read_or_fault(task["period"])
    if isinstance(period, Period):
        return period.starts_on
    return min(task["due_on"] or date.max, today(session))


def _period_faults(task: Mapping[str, Any]) -> Iterator[Fault]:
    """Periods that are none."""
    finding = task["finding"] or {"period": None}
    for field, code in (("period", task["period"]), ("finding/period", finding["period"])):
        period = None if code is None else read_or_fault(code)
        if isinstance(period, Fault):
            yield BODY.at(field, period)


def _state_faults(session: Session, task: Mapping[str, Any], current: TaskState | None) -> Iterator[Fault]:
    """A state without what it needs, or with what it cannot have."""
    state, reported = TaskState(task["state"]), task["report"] is not None or task["reported_on"] is not None
    context = {"state": NAMES[state]}
    if state in WITH_REPORT and task["report"] is None:
        yield BODY.fault("report_missing", REPORT_MISSING, "report", context)
    if state not in WITH_REPORT and reported:
        yield BODY.fault("report_not_expected", REPORT_TOO_EARLY, "report", context)
    if task["reported_on"] is not None and task["reported_on"] > today(session):
        yield day_in_future(BODY, "reported_on", task["reported_on"])
    if needs_reason(current, state) and task["reason"] is None:
        yield BODY.fault("reason_missing", REASON_MISSING, "reason", {})


def _write(session: Session, task: Mapping[str, Any], before: Mapping[str, Any] | None) -> TaskRow:
    """Store the new version with one entry in the trace."""
    row = store.add_version(session, {**task, "state": TaskState(task["state"]).value}, stamp(session))
    action = "task.added" if before is None else "task.changed"
    old = None if before is None else _plain(before)
    record(session, action, f"task:{row.task}", before=old, after=_plain(stated(row)))
    return row


def _plain(task: Mapping[str, Any]) -> dict[str, Any]:
    """A task as plain JSON for the trace."""
    return {name: str(value) if isinstance(value, date) else value for name, value in task.items()}


def stated(row: TaskRow) -> dict[str, Any]:
    """What a version says."""
    return {name: getattr(row, name) for name in STATED}


def tag(row: TaskRow) -> str:
    """The strong ETag of a task: another one for every version."""
    return f'"{row.task}.{row.known_at}"'


def described(row: TaskRow, on: date) -> dict[str, Any]:
    """A task as it is answered; `overdue` on a day."""
    told = stated(row)
    overdue = is_overdue(state_on(TaskState(row.state), row.reported_on, on), row.due_on, on)
    return {"id": told.pop("task"), **told, "overdue": overdue, "changed_at": to_datetime(row.known_at)}


@dataclass(frozen=True, slots=True)
class TasksQuery:
    """Which tasks are wanted: as they were known at `as_of` (µs), overdue or not on a day (None: today)."""

    where: TaskFilter
    as_of: int | None = None
    overdue: bool | None = None
    on: date | None = None


def get(session: Session, caller: Caller, id: int, as_of: int | None = None) -> TaskRow:
    """The task, if one of its units lies in the caller's subtree; else NotFound, as if there were none."""
    row = store.get_task(session, id, as_of)
    codes = members(stated(row))
    if outside(session, caller, codes) == codes:
        raise NotFound("task_unknown", UNKNOWN, id=id)
    return row


def list_tasks(
    session: Session, caller: Caller, question: TasksQuery, *, after: int | None, limit: int | None
) -> Iterator[dict[str, Any]]:
    """At most `limit` (None: all) tasks by number behind `after`, of which some unit lies in the caller's subtree."""
    subtree = subtree_of(session, caller)
    own = None if subtree is None else unit_tree.codes_of(session, subtree)
    on = question.on or today(session, question.as_of)
    with closing(store.iter_tasks(session, question.where, question.as_of, after=after)) as rows:
        seen = (described(row, on) for row in rows if own is None or own & members(stated(row)))
        fitting = (task for task in seen if question.overdue in (None, task["overdue"]))
        yield from islice(fitting, limit)
