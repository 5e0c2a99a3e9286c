"""Tasks: what was ordered of whom by when, and what became of it, as of a day.

Tuyên Quang's letter of July 2024, section 3: "Giao Sở Thông tin và Truyền thông báo cáo Ủy ban nhân dân tỉnh trước ngày
16/9/2024 …"; the apologies of its letter of January 2024.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.answers.reports import NamedUnit, OrderedTask, TasksReport
from app.domain.letter_format import printed_day
from app.domain.tasks import (
    KINDS,
    NAMES,
    TaskCounts,
    TaskKind,
    TaskState,
    counted,
    days_late,
    is_overdue,
    sentence,
    state_on,
)
from app.domain.unit_names import short_name_in
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.report import Line, Lines, Report, heading, without
from app.store.tasks import Task

LIST = [
    Column("id", "Số"),
    Column("kind", "Loại"),
    Column("title", "Nhiệm vụ"),
    Column("assignee", "Đơn vị thực hiện"),
    Column("helpers", "Đơn vị phối hợp"),
    Column("unit", "Đơn vị giao"),
    Column("due_on", "Ngày cuối của thời hạn"),
    Column("state", "Tình trạng"),
    Column("overdue", "Quá hạn"),
    Column("days_late", "Số ngày chậm"),
    Column("reported_on", "Ngày báo cáo"),
    Column("report", "Nội dung báo cáo"),
    Column("reason", "Lý do"),
    Column("legal_ref", "Căn cứ"),
    Column("sentence", "Nội dung giao"),
    Column("kind_code", "Mã loại", csv_only=True),
    Column("assignee_code", "Mã đơn vị thực hiện", csv_only=True),
    Column("helper_codes", "Mã đơn vị phối hợp", csv_only=True),
    Column("unit_code", "Mã đơn vị giao", csv_only=True),
    Column("state_code", "Mã tình trạng", csv_only=True),
]
COUNTS = [
    Column("state", "Tình trạng"),
    Column("count", "Số nhiệm vụ"),
    Column("state_code", "Mã tình trạng", csv_only=True),
]
OVERDUE = "quá hạn"


@dataclass(frozen=True, slots=True)
class DatedTask:
    """A task as it stood on a day, with the names of its units: a report that came later was not there yet.

    `office`: the name of the unit in whose letter it stands.
    """

    task: Task
    unit: NamedUnit | None
    assignee: NamedUnit
    helpers: Sequence[NamedUnit]
    state: TaskState
    report: str | None
    reported_on: date | None
    overdue: bool
    days_late: int | None
    office: str | None

    def called(self, unit: NamedUnit) -> str:
        """What the letter calls a unit of the task."""
        return short_name_in(unit["name"], self.office)

    @property
    def sentence(self) -> str:
        """The order as a letter prints it."""
        helping = [self.called(helper) for helper in self.helpers]
        orderer = None if self.unit is None else self.called(self.unit)
        return sentence(self.task.title, self.called(self.assignee), helping, orderer, self.task.due_on)


@dataclass(frozen=True, slots=True)
class TasksFilter:
    """Which tasks; what is None is not restricted. `on` None: the day that the data are about."""

    assignee: str | None = None
    state: TaskState | None = None
    kind: TaskKind | None = None
    overdue: bool | None = None
    on: date | None = None

    def fits(self, item: DatedTask) -> bool:
        """Whether the task is one of those selected."""
        found = (item.task.assignee, item.state, item.task.kind, item.overdue)
        selected = (self.assignee, self.state, self.kind, self.overdue)
        return all(want in (None, has) for want, has in zip(selected, found, strict=True))


def tasks(data: ReportData, where: TasksFilter) -> Report:
    """The selected tasks of the period."""
    day = where.on or data.today
    found = tasks_on(data, where)
    counts = counted((item.state, item.overdue) for item in found)
    above = heading(data, "Theo dõi việc thực hiện nhiệm vụ", f"Tính đến ngày {printed_day(day)}")
    listed = Table("tasks", "Danh sách nhiệm vụ", LIST, [_row(item) for item in found], above, numbered=True)
    summed = Table("counts", "Tổng hợp nhiệm vụ", COUNTS, _count_rows(counts), above)
    body: TasksReport = {**data.about(), "on": day, "counts": counts, "items": [_body(item) for item in found]}
    lines: Lines = {"tasks": body["items"], "counts": [without(body, "items")]}
    return Report("tasks", body, [listed, summed], lines, data.evaluation)


def tasks_on(data: ReportData, where: TasksFilter) -> list[DatedTask]:
    """The selected tasks as they stood on a day, the one due first at the top, those without a due day last."""
    day, rows = where.on or data.today, data.tasks()
    names = data.names({code for row in rows for code in row.members})
    found = [item for row in rows if where.fits(item := _dated(row, names, day, data.office))]
    return sorted(found, key=lambda item: (item.task.due_on or date.max, item.task.task))


def _dated(row: Task, names: Mapping[str, str], on: date, office: str | None) -> DatedTask:
    state = state_on(row.state, row.reported_on, on)
    is_open = state is TaskState.OPEN
    reported_on = None if is_open else row.reported_on
    return DatedTask(
        row,
        unit=None if row.unit is None else _named(row.unit, names),
        assignee=_named(row.assignee, names),
        helpers=[_named(code, names) for code in row.helpers],
        state=state,
        report=None if is_open else row.report,
        reported_on=reported_on,
        overdue=is_overdue(state, row.due_on, on),
        days_late=days_late(state, row.due_on, reported_on, on),
        office=office,
    )


def _named(code: str, names: Mapping[str, str]) -> NamedUnit:
    """A unit of a task; one whose name is not known stands by its code."""
    return {"code": code, "name": names.get(code, code)}


def _body(item: DatedTask) -> OrderedTask:
    """A task as it is answered."""
    task = item.task
    return {
        "id": task.task,
        "kind": task.kind,
        "title": task.title,
        "detail": task.detail,
        "legal_ref": task.legal_ref,
        "finding": task.finding,
        "state": item.state,
        "report": item.report,
        "reason": task.reason,
        "unit": item.unit,
        "assignee": item.assignee,
        "helpers": list(item.helpers),
        "due_on": item.task.due_on,
        "reported_on": item.reported_on,
        "overdue": item.overdue,
        "days_late": item.days_late,
        "sentence": item.sentence,
    }


def _row(item: DatedTask) -> Line:
    """A task as a row of a table."""
    kind = item.task.kind
    return {
        **_body(item),
        "kind": KINDS[kind].vi,
        "assignee": item.assignee["name"],
        "helpers": [helper["name"] for helper in item.helpers],
        "unit": item.unit and item.unit["name"],
        "state": NAMES[item.state].vi,
        "overdue": OVERDUE if item.overdue else None,
        "kind_code": kind,
        "assignee_code": item.assignee["code"],
        "helper_codes": " ".join(helper["code"] for helper in item.helpers),
        "unit_code": item.unit and item.unit["code"],
        "state_code": item.state,
    }


def _count_rows(counts: TaskCounts) -> list[Line]:
    """A row for each state, states without tasks included, and one for the overdue."""
    by_state = {
        TaskState.OPEN: counts["open"],
        TaskState.REPORTED: counts["reported"],
        TaskState.DONE: counts["done"],
        TaskState.CANCELLED: counts["cancelled"],
    }
    states: list[Line] = [
        {"state": NAMES[state].vi, "state_code": state.value, "count": count} for state, count in by_state.items()
    ]
    return [*states, {"state": OVERDUE, "state_code": "overdue", "count": counts["overdue"]}]
