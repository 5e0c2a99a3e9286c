"""Tasks: ordered, reported back, accepted or cancelled; every version of them is kept.

A key that writes for the unit that ordered a task may change it, and a key that writes for the assignee may report
back. Where no unit is named, the order came from above the assignee: its own key may only report back then too.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from sqlalchemy.orm import Session

from app.answers.tasks import TaskOut
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
from app.errors import ErrorCode, Fault, Faults, Forbidden, Invalid, RefusalCode
from app.services.rights import Caller, outside, outside_faults, refuse_foreign, require_writable, subtree_of
from app.services.stated import day_in_future, ended_fault, today
from app.services.unit_names import UnitSuggester
from app.store import tasks as store
from app.store import unit_tree
from app.store import units as units_store
from app.store.audit import record
from app.store.changes import Changed, record_changes
from app.store.db import stamp
from app.store.stated import StandingRecord, as_json, list_standing, replace_records
from app.store.tasks import TASKS, UNKNOWN, Task, TaskChanges, TaskFilter
from app.store.unit_tree import tree
from app.store.unit_versions import UnitMoment

REFUSED = RefusalCode(
    "task_refused",
    "{count} thing(s) must be mended before the task can be taken; nothing was changed.",
    "Có {count} chỗ cần sửa trước khi nhận nhiệm vụ; chưa có gì thay đổi.",
    Invalid,
)
NAMED_TWICE = ErrorCode("unit_repeated", "{code} is named twice.", "{code} được nêu hai lần.")
REPORT_MISSING = ErrorCode(
    "report_missing",
    "A task that is {state} needs a `report`.",
    "Nhiệm vụ {state} phải có `report` (nội dung báo cáo).",
)
REPORT_TOO_EARLY = ErrorCode(
    "report_not_expected",
    "There is no report while the task is {state}; set `state` to `reported`.",
    "Nhiệm vụ {state} thì chưa có báo cáo; hãy ghi `state` là `reported`.",
)
REASON_MISSING = ErrorCode(
    "reason_missing",
    "Say in `reason` why the task is cancelled or its report sent back.",
    "Hãy ghi `reason`: lý do hủy nhiệm vụ hoặc trả lại báo cáo.",
)
FROM_ABOVE = RefusalCode(
    "unit_forbidden",
    "The task was ordered from above {unit}: the key {name} may report back (`state` `reported` with `report`) and "
    "change nothing else.",
    "Nhiệm vụ này do cấp trên của {unit} giao: khóa {name} chỉ được báo cáo kết quả (`state` là `reported`, kèm "
    "`report`), không được sửa nội dung khác.",
    Forbidden,
)
REPORTING = frozenset({"state", "report", "reported_on"})
"""What the assignee's own key may change."""

BODY = InputLocation()


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


def add(session: Session, caller: Caller, facts: Task) -> TaskOut:
    """A new task; one that is entered after the fact may begin in any state, with what that state needs."""
    task = _ordered(caller, _dated(session, facts._replace(task=store.next_number(session))))
    refuse_foreign(outside_faults(session, caller, ((BODY, field, code) for field, code in _named(task))))
    _check(session, task, None)
    return _write(session, task, None)


def change(session: Session, caller: Caller, id: int, changes: TaskChanges) -> TaskOut:
    """The task with what is named changed. Raises NotFound, Forbidden, Conflict or Invalid."""
    standing = store.get_task(session, id)
    before, task = standing.record, changes.of(standing.record)
    if before.unit is not None and before.unit == caller.unit:
        task = _ordered(caller, task)
    if not _reports_back(session, caller, before, task):
        _require_change(session, caller, before, task, changes)
    if task == before:
        return described(before, standing.known_at, today(session))
    if task.state is before.state:
        require_changeable(before.state)
    else:
        advance(before.state, task.state)
        task = _moved(task, changes)
    task = _dated(session, task)
    _check(session, task, before)
    return _write(session, task, standing)


def _ordered(caller: Caller, task: Task) -> Task:
    """The task as the caller orders it: what its own unit is to do, that unit orders, and not those above it."""
    return task._replace(unit=caller.unit) if task.unit is None and task.assignee == caller.unit else task


def _moved(task: Task, changes: TaskChanges) -> Task:
    """The task in its new state: the reason is that of this step, and a report that was sent back is given anew."""
    said = changes.facts
    moved = task._replace(reason=said.reason)
    if task.state in WITH_REPORT:
        return moved
    return moved._replace(report=said.report, reported_on=said.reported_on)


def _dated(session: Session, task: Task) -> Task:
    """The task with its report given today, where no day is named."""
    if task.report is not None and task.reported_on is None:
        return task._replace(reported_on=today(session))
    return task


def _reports_back(session: Session, caller: Caller, before: Task, task: Task) -> bool:
    """Whether this is the report of the assignee's own key, which needs no right over the other units.

    What stays as it was needs no right: a task may be sent back as it was read, with the report in it.
    """
    changed = {name for name in Task._fields if getattr(before, name) != getattr(task, name)}
    reports = not changed or (changed <= REPORTING and task.state is TaskState.REPORTED)
    return reports and not outside(session, caller, [before.assignee])


def _require_change(session: Session, caller: Caller, before: Task, task: Task, changes: TaskChanges) -> None:
    """Forbidden unless the caller writes for who ordered, and for every unit that the task would name."""
    require_writable(session, caller, before.unit or before.assignee)
    if before.unit is None and before.assignee == caller.unit:
        raise FROM_ABOVE.error(name=caller.name, unit=caller.unit)
    named = ((BODY, field if field.partition("/")[0] in changes.fields else "", code) for field, code in _named(task))
    refuse_foreign(outside_faults(session, caller, named))


def _check(session: Session, task: Task, before: Task | None) -> None:
    """Raise Invalid that names every fault of the task as it would stand; `before` is what it was."""
    units = _unit_faults(session, task, set() if before is None else before.members)
    states = _state_faults(session, task, None if before is None else before.state)
    faults = Faults(chain(units, _period_faults(task), states))
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)


def _named(task: Task) -> Iterator[tuple[str, str]]:
    """Every unit of a task with the place where it stands."""
    if task.unit is not None:
        yield "unit", task.unit
    yield "assignee", task.assignee
    yield from ((f"helpers/{place}", code) for place, code in enumerate(task.helpers))
    if task.finding is not None and task.finding["unit"] is not None:
        yield "finding/unit", task.finding["unit"]


def _unit_faults(session: Session, task: Task, before: Collection[str]) -> Iterator[Fault]:
    """Units that nobody knows, or that had ended when they were ordered to do it, and a helper that is named twice or
    is the assignee. Who is named in the task already may stay in it."""
    named = list(_named(task))
    lives = units_store.lives(session, {code for _, code in named})
    names, day = UnitSuggester(session), _ordered_on(session, task)
    for field, code in named:
        may_have_ended = code in before or field == "finding/unit"
        fault = ended_fault(names, lives, BODY, code, date.min if may_have_ended else day, field)
        if fault is not None:
            yield fault
    seen = {task.assignee}
    for place, code in enumerate(task.helpers):
        if code in seen:
            yield BODY.fault(NAMED_TWICE, f"helpers/{place}", {"code": code}, value=code)
        seen.add(code)


def _ordered_on(session: Session, task: Task) -> date:
    """A day on which the units of a task must not have ended yet: a task may be entered after the fact."""
    period = None if task.period is None else read_or_fault(task.period)
    if isinstance(period, Period):
        return period.starts_on
    return min(task.due_on or date.max, today(session))


def _period_faults(task: Task) -> Iterator[Fault]:
    """Periods that are none."""
    of_finding = None if task.finding is None else task.finding["period"]
    for field, code in (("period", task.period), ("finding/period", of_finding)):
        period = None if code is None else read_or_fault(code)
        if isinstance(period, Fault):
            yield BODY.at(field, period)


def _state_faults(session: Session, task: Task, current: TaskState | None) -> Iterator[Fault]:
    """A state without what it needs, or with what it cannot have."""
    context = {"state": NAMES[task.state]}
    if task.state in WITH_REPORT and task.report is None:
        yield BODY.fault(REPORT_MISSING, "report", context)
    if task.state not in WITH_REPORT and (task.report, task.reported_on) != (None, None):
        yield BODY.fault(REPORT_TOO_EARLY, "report", context)
    if task.reported_on is not None and task.reported_on > today(session):
        yield day_in_future(BODY, "reported_on", task.reported_on)
    if needs_reason(current, task.state) and task.reason is None:
        yield BODY.fault(REASON_MISSING, "reason", {})


def _write(session: Session, task: Task, before: StandingRecord[Task] | None) -> TaskOut:
    """Store the new version with one entry in the trace."""
    ended, old = ([], None) if before is None else ([before.row], as_json(TASKS, before.record))
    known_at = stamp(session)
    replace_records(session, TASKS, ended, [task], known_at)
    action = "task.added" if before is None else "task.changed"
    record(session, action, f"task:{task.task}", before=old, after=as_json(TASKS, task))
    concerned = task.members if before is None else task.members | before.record.members
    told = (Changed(action.removeprefix("task."), f"task:{task.task}", unit, task.period or "") for unit in concerned)
    record_changes(session, "tasks", told)
    return described(task, known_at, today(session))


def tag(id: int, known_at: int) -> str:
    """The strong ETag of a task: another one for every version."""
    return f'"{id}.{known_at}"'


def described(task: Task, known_at: int, on: date) -> TaskOut:
    """A task as it is answered; `overdue` on a day."""
    return {
        "id": task.task,
        "kind": task.kind,
        "title": task.title,
        "detail": task.detail,
        "unit": task.unit,
        "assignee": task.assignee,
        "helpers": task.helpers,
        "period": task.period,
        "due_on": task.due_on,
        "legal_ref": task.legal_ref,
        "finding": task.finding,
        "state": task.state,
        "report": task.report,
        "reported_on": task.reported_on,
        "reason": task.reason,
        "overdue": is_overdue(state_on(task.state, task.reported_on, on), task.due_on, on),
        "changed_at": to_datetime(known_at),
    }


@dataclass(frozen=True, slots=True)
class TasksQuery:
    """A selection of tasks: as they were known at `as_of` (µs), overdue or not on a day (None: today)."""

    where: TaskFilter
    as_of: int | None = None
    overdue: bool | None = None
    on: date | None = None


def get(session: Session, caller: Caller, id: int, as_of: int | None = None, on: date | None = None) -> TaskOut:
    """The task, if one of its units lies in the caller's subtree; else NotFound, as if there were none."""
    _, known_at, task = store.get_task(session, id, as_of)
    if outside(session, caller, task.members) == task.members:
        raise UNKNOWN.error(id=id)
    return described(task, known_at, on or today(session, as_of))


def list_tasks(
    session: Session, caller: Caller, query: TasksQuery, *, after: Sequence[int] | None, limit: int | None
) -> Iterator[TaskOut]:
    """At most `limit` (None: all) tasks by number behind `after`, of which some unit lies in the caller's subtree."""
    subtree = subtree_of(session, caller)
    own = None if subtree is None else unit_tree.codes_of(session, subtree)
    on = query.on or today(session, query.as_of)
    found = list_standing(session, TASKS, query.as_of, *query.where.conditions(), after=after, limit=None)
    seen = (described(task, known_at, on) for _, known_at, task in found if own is None or own & task.members)
    return islice((task for task in seen if query.overdue in (None, task["overdue"])), limit)
