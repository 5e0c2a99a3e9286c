"""Tasks: what was ordered of whom by when, what was reported back, and what is overdue."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.answers.examples import load_example
from app.answers.tasks import TaskList, TaskOut, TaskStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded
from app.api.cursors import Cursor, read_cursor
from app.api.deps import EvaluationsWriter, KnownAt, ReadSession, RecordsReader, WriteSession
from app.api.examples import example
from app.api.headers import carries
from app.api.http_errors import PreconditionFailed
from app.api.kept_routes import kept
from app.api.periods import period_code
from app.api.problems import problems
from app.api.publications import OnDay
from app.api.reports.common import OfPeriod
from app.api.schemas import Moment, require_same
from app.api.stated import LegalRef, Line, Prose
from app.api.strict_requests import StrictRoute
from app.api.warnings import text_warnings, with_warnings
from app.domain.booleans import QueryFlag
from app.domain.day import Day
from app.domain.instant import to_instant
from app.domain.period import PeriodCode
from app.domain.tasks import TaskKind, TaskState
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, Flag
from app.errors import RefusalCode
from app.formats.delimited import Column
from app.services import tasks as service
from app.services.tasks import TasksQuery
from app.store.tasks import Task, TaskChanges, TaskFilter, get_task

router = APIRouter(prefix="/v1", tags=["reports"], route_class=StrictRoute)

MOST_HELPERS = 200
COLUMNS = [
    Column("id", "Số"),
    Column("kind", "Loại"),
    Column("title", "Nhiệm vụ"),
    Column("unit", "Đơn vị giao"),
    Column("assignee", "Đơn vị thực hiện"),
    Column("helpers", "Đơn vị phối hợp"),
    Column("period", "Kỳ"),
    Column("due_on", "Ngày cuối của thời hạn"),
    Column("state", "Tình trạng"),
    Column("overdue", "Quá hạn"),
    Column("reported_on", "Ngày báo cáo"),
    Column("report", "Nội dung báo cáo"),
    Column("reason", "Lý do"),
    Column("legal_ref", "Căn cứ"),
]
TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of a task.", examples=[1])]
CHANGED = RefusalCode(
    "task_changed",
    "The task is not as `If-Match` expects: read it again, then decide. Nothing was changed.",
    "Nhiệm vụ không còn như `If-Match` nêu: hãy đọc lại rồi quyết định. Chưa có gì thay đổi.",
    PreconditionFailed,
)
Helpers = Annotated[list[UnitCode], BY_PIECES, Field(max_length=MOST_HELPERS)]
DueOn = Annotated[Day, Field(description="The last day in time: “trước ngày 16/9/2024” is 2024-09-15.")]
OfAssignee = Annotated[UnitCode | None, Query(description="Only tasks that this unit answers for.")]
OfState = Annotated[TaskState | None, Query(description="Only tasks in this state.")]
OfKind = Annotated[TaskKind | None, Query(description="Only tasks of this kind.")]
Overdue = Annotated[
    QueryFlag | None, Query(description="Only those that are open after their due day, or only the others.")
]


class TaskFindingBody(BaseModel):
    """The finding that caused a task: a rule by name, and what it was found in."""

    model_config = ConfigDict(extra="forbid")

    rule: Code
    unit: UnitCode | None = None
    period: PeriodCode | None = None
    indicator: Code | None = None


class TaskFacts(BaseModel):
    """What a task may say; the facts that have a meaning when they are empty."""

    model_config = ConfigDict(extra="forbid")

    detail: Prose | None = None
    unit: UnitCode | None = Field(
        None,
        description="Who orders it; null is the office above the assignee. A key whose own unit is the assignee orders "
        "it as that unit.",
    )
    helpers: Helpers = []
    period: PeriodCode | None = None
    due_on: DueOn | None = None
    legal_ref: LegalRef | None = None
    finding: TaskFindingBody | None = None
    state: TaskState = TaskState.OPEN
    report: Prose | None = None
    reported_on: Day | None = Field(None, description="When it was reported; today where nothing is said.")
    reason: Prose | None = None

    def changes(self) -> TaskChanges:
        """What was said."""
        said = self.model_dump(include=set(Task._fields), exclude_unset=True)
        if self.finding is not None:
            said["finding"] = self.finding.model_dump()
        return TaskChanges(Task(**said), frozenset(said))


class TaskBody(TaskFacts):
    """A new task. One that is entered after the fact may begin reported or done (with `report`) or cancelled (with
    `reason`)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("task_order")})

    kind: TaskKind
    title: Line
    assignee: UnitCode


def without_defaults(schema: dict[str, Any]) -> None:
    """What a patch leaves out stays as it is; the defaults of its model stand for nothing."""
    schema["example"] = load_example("task_report_back")
    for member in schema["properties"].values():
        member.pop("default", None)


AS_ANSWERED = "As a task is answered; says nothing here."


class TaskPatch(TaskFacts):
    """What changes in a task; what is left out stays as it is, `null` empties it.

    open → reported (with `report`) → done, or back to open (with `reason`); open → cancelled (with `reason`).
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    kind: TaskKind = TaskKind.OTHER
    title: Line = ""
    assignee: UnitCode = ""
    id: int = Field(0, description="As in the address.")
    overdue: Flag = Field(False, description=AS_ANSWERED)
    changed_at: Moment | None = Field(None, description=AS_ANSWERED)


def task_headers(task: TaskOut) -> dict[str, str]:
    return {"ETag": service.tag(task["id"], to_instant(task["changed_at"])), "Cache-Control": "no-cache"}


@router.post(
    "/tasks",
    status_code=201,
    response_model=TaskStated,
    responses={201: {**example("task"), **carries("ETag", "Location")}, **problems(400, 401, 403, 413, 415, 422)},
)
def post_task(request: Request, caller: EvaluationsWriter, session: WriteSession, body: TaskBody) -> Response:
    """Order something of a unit. Written for the unit that orders, or for the assignee where none does."""
    result = service.add(session, caller, body.changes().facts)
    headers = {**task_headers(result), "Location": f"/v1/tasks/{result['id']}"}
    return with_warnings(request, result, text_warnings(request, body), 201, headers)


@router.get(
    "/tasks",
    response_model=TaskList,
    responses={200: example("tasks"), **problems(401, 403, 422)},
)
@kept
def read_tasks(
    request: Request,
    caller: RecordsReader,
    session: ReadSession,
    known_at: KnownAt,
    assignee: OfAssignee = None,
    state: OfState = None,
    kind: OfKind = None,
    period: OfPeriod = None,
    overdue: Overdue = None,
    on: OnDay = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List tasks by number; a subtree key sees those that one of its units ordered, answers for or helps with."""
    page = Page(request, "tasks", COLUMNS, limit, format)
    where = TaskFilter(assignee, state and state.value, kind and kind.value, period_code(period))
    query = TasksQuery(where, known_at, overdue, on)
    after = read_cursor("tasks", cursor, [0])
    rows = service.list_tasks(session, caller, query, after=after, limit=page.reach)
    return page.send(rows, lambda item: [item["id"]])


@router.get(
    "/tasks/{id}",
    response_model=TaskOut,
    responses={200: {**example("task_reported"), **carries("ETag")}, **problems(401, 403, 404, 422)},
)
def read_task(caller: RecordsReader, session: ReadSession, id: TaskId, known_at: KnownAt, on: OnDay = None) -> Response:
    """One task, as it stands or as it stood at `as_of`."""
    result = service.get(session, caller, id, known_at, on)
    return answer(result, headers=task_headers(result))


def current_task(caller: EvaluationsWriter, session: WriteSession, id: TaskId) -> Current:
    return lambda: service.tag(id, get_task(session, id).known_at)


TaskUnchanged = Annotated[None, Depends(guarded(current_task, CHANGED), scope="function")]


@router.patch(
    "/tasks/{id}",
    response_model=TaskStated,
    responses={
        200: {**example("task_reported"), **carries("ETag")},
        **problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    },
)
def patch_task(
    request: Request,
    caller: EvaluationsWriter,
    session: WriteSession,
    unchanged: TaskUnchanged,
    id: TaskId,
    body: TaskPatch,
) -> Response:
    """Change a task or move it on; a key that writes only for its assignee may report back, and nothing else."""
    if "id" in body.model_fields_set:
        require_same(str(body.id), str(id))
    result = service.change(session, caller, id, body.changes())
    return with_warnings(request, result, text_warnings(request, body), headers=task_headers(result))
