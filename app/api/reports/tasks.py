"""The report of tasks: what was ordered of whom, and what became of it."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from app.answers.examples import load_example
from app.api.examples import example
from app.api.problems import problems
from app.api.publications import OnDay
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.api.tasks import OfAssignee, OfKind, OfState, Overdue, TaskFinding
from app.domain.tasks import TaskKind, TaskState
from app.reports import tasks as report
from app.reports.tasks import TasksFilter

router = APIRouter(prefix="/v1", tags=["reports"], route_class=StrictRoute)


class NamedUnit(BaseModel):
    """A unit of a task, by the name it had in the period; its code where no name is known."""

    code: str
    name: str


class OrderedTask(BaseModel):
    """A task with the names of its units, and the order as a letter prints it.

    `days_late`: from the due day to the report, or to `on`; null without a due day.
    """

    id: int
    kind: TaskKind
    title: str
    detail: str | None
    unit: NamedUnit | None
    assignee: NamedUnit
    helpers: list[NamedUnit]
    due_on: date | None
    legal_ref: str | None
    finding: TaskFinding | None
    state: TaskState
    report: str | None
    reported_on: date | None
    reason: str | None
    overdue: bool
    days_late: int | None
    sentence: str


class TaskCounts(BaseModel):
    """How many there are: open + reported + done + cancelled = of; `overdue` are among the open ones."""

    of: int
    open: int
    reported: int
    done: int
    cancelled: int
    overdue: int


class TasksReport(ReportHead):
    """The tasks of a period's results, the one due first at the top, and which were overdue on the day `on`."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("tasks_report")})

    on: date
    counts: TaskCounts
    items: list[OrderedTask]


@router.get(
    "/reports/tasks",
    response_model=TasksReport,
    responses={200: example("tasks_report"), **problems(401, 403, 404, 410, 422)},
)
async def read_tasks_report(
    data: GroundDep,
    sending: SendingDep,
    assignee: OfAssignee = None,
    state: OfState = None,
    kind: OfKind = None,
    overdue: Overdue = None,
    on: OnDay = None,
) -> Response:
    """Tell what was ordered of whom by when, what was reported back, and what is overdue."""
    return await sending.send(data, lambda: report.tasks(data, TasksFilter(assignee, state, kind, overdue, on)))
