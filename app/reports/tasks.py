"""Tasks: what was ordered of whom by when, and what became of it, as of a day.

Tuyên Quang's letter of July 2024, section 3: "Giao Sở Thông tin và Truyền thông báo cáo Ủy ban nhân dân tỉnh trước ngày
16/9/2024 …"; the apologies of its letter of January 2024.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.letter_format import printed_day
from app.domain.tasks import (
    KINDS,
    NAMES,
    TaskKind,
    TaskState,
    counted,
    days_late,
    is_overdue,
    sentence,
    state_on,
)
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.headings import heading
from app.reports.publication import day_of
from app.reports.report import Report, without
from app.services.tasks import members

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
TOLD = ("kind", "title", "detail", "legal_ref", "finding", "state", "report", "reason")
OVERDUE = "quá hạn"


@dataclass(frozen=True, slots=True)
class TasksFilter:
    """Which tasks; what is None is not restricted. `on` None: the day that the data are about."""

    assignee: str | None = None
    state: TaskState | None = None
    kind: TaskKind | None = None
    overdue: bool | None = None
    on: date | None = None

    def fits(self, item: Mapping[str, Any]) -> bool:
        """Whether a task of the report is wanted."""
        found = (item["assignee"]["code"], item["state"], item["kind"], item["overdue"])
        wanted = (self.assignee, self.state, self.kind, self.overdue)
        return all(want in (None, has) for want, has in zip(wanted, found, strict=True))


def tasks(data: ReportData, wish: TasksFilter) -> Report:
    """The tasks of the period that are wanted, the one due first at the top, those without a due day last."""
    day = wish.on or data.today
    rows = data.tasks()
    names = data.names({code for row in rows for code in members(row)})
    items = [item for row in rows if wish.fits(item := _item(row, names, day))]
    items.sort(key=lambda item: (item["due_on"] or date.max, item["id"]))
    counts = counted((item["state"], item["overdue"]) for item in items)
    above = heading(data, "Theo dõi việc thực hiện nhiệm vụ", f"Tính đến ngày {printed_day(day)}")
    listed = Table("tasks", "Danh sách nhiệm vụ", LIST, [_row(item) for item in items], above)
    summed = Table("counts", "Tổng hợp nhiệm vụ", COUNTS, _count_rows(counts), above)
    body = {**data.about(), "on": day, "counts": counts, "items": items}
    lines = {"tasks": items, "counts": [without(body, "items")]}
    return Report("tasks", body, [listed, summed], lines, data.evaluation)


def _item(row: Mapping[str, Any], names: Mapping[str, str], on: date) -> dict[str, Any]:
    """One task with the names of its units, as it stood on a day: of a report that came later nothing is told."""
    due_on, reported_on = day_of(row["due_on"]), day_of(row["reported_on"])
    state = state_on(TaskState(row["state"]), reported_on, on)
    report, reported_on = (None, None) if state is TaskState.OPEN else (row["report"], reported_on)
    assignee, helpers = _named(row["assignee"], names), [_named(code, names) for code in row["helpers"]]
    unit = None if row["unit"] is None else _named(row["unit"], names)
    helping = [helper["name"] for helper in helpers]
    return {
        "id": row["task"],
        **{name: row[name] for name in TOLD},
        "state": state,
        "report": report,
        "unit": unit,
        "assignee": assignee,
        "helpers": helpers,
        "due_on": due_on,
        "reported_on": reported_on,
        "overdue": is_overdue(state, due_on, on),
        "days_late": days_late(state, due_on, reported_on, on),
        "sentence": sentence(row["title"], assignee["name"], helping, unit["name"] if unit else None, due_on),
    }


def _named(code: str, names: Mapping[str, str]) -> dict[str, str]:
    """A unit of a task; one whose name is not known stands by its code."""
    return {"code": code, "name": names.get(code, code)}


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    """A task as a row of a table."""
    return {
        **item,
        "kind": KINDS[TaskKind(item["kind"])].vi,
        "assignee": item["assignee"]["name"],
        "helpers": [helper["name"] for helper in item["helpers"]],
        "unit": item["unit"] and item["unit"]["name"],
        "state": NAMES[item["state"]].vi,
        "overdue": OVERDUE if item["overdue"] else None,
        "kind_code": item["kind"],
        "assignee_code": item["assignee"]["code"],
        "helper_codes": " ".join(helper["code"] for helper in item["helpers"]),
        "unit_code": item["unit"] and item["unit"]["code"],
        "state_code": item["state"],
    }


def _count_rows(counts: Mapping[str, int]) -> Sequence[dict[str, Any]]:
    """A row for each state, states without tasks included, and one for the overdue."""
    states = [{"state": NAMES[state].vi, "state_code": state.value, "count": counts[state]} for state in TaskState]
    return [*states, {"state": OVERDUE, "state_code": "overdue", "count": counts["overdue"]}]
