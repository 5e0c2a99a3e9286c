"""The report of tasks: what was ordered of whom, and what became of it."""

from fastapi import APIRouter, Response

from app.answers.reports import TasksReport
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.publications import OnDay
from app.api.reports.common import ReportDataDep, SendingDep
from app.api.strict_requests import StrictRoute
from app.api.tasks import OfAssignee, OfKind, OfState, Overdue
from app.reports import tasks as report
from app.reports.tasks import TasksFilter

router = APIRouter(prefix="/v1", tags=["reports"], route_class=StrictRoute)


@router.get(
    "/reports/tasks",
    response_model=TasksReport,
    responses={200: example("tasks_report"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_tasks_report(
    data: ReportDataDep,
    sending: SendingDep,
    assignee: OfAssignee = None,
    state: OfState = None,
    kind: OfKind = None,
    overdue: Overdue = None,
    on: OnDay = None,
) -> Response:
    """Tell what was ordered of whom by when, what was reported back, and what is overdue."""
    return await sending.send(data, lambda: report.tasks(data, TasksFilter(assignee, state, kind, overdue, on)))
