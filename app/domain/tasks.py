"""Tasks: the states they pass through, when they are overdue, and how letters order them.

open ──▸ reported ──▸ done
  │ ▴────────┘  (sent back, with a reason)
  └──▸ cancelled    (with a reason)

`due_on` is the last day in time: "báo cáo trước ngày 16/9/2024" (Tuyên Quang's letter of July 2024, section 3) is due
on 15/9/2024, and a task that is open on 16/9/2024 is overdue.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from typing_extensions import TypedDict

from app.domain.letter_format import continued, printed_day, printed_names
from app.errors import Conflict, RefusalCode, Text


class TaskState(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskKind(StrEnum):
    DIRECTIVE = "directive"
    APOLOGY = "apology"
    EXPLANATION = "explanation"
    OTHER = "other"


ALLOWED: dict[TaskState, tuple[TaskState, ...]] = {
    TaskState.OPEN: (TaskState.REPORTED, TaskState.CANCELLED),
    TaskState.REPORTED: (TaskState.DONE, TaskState.OPEN),
    TaskState.DONE: (),
    TaskState.CANCELLED: (),
}
WITH_REPORT = (TaskState.REPORTED, TaskState.DONE)
"""States in which there is a report, and a day on which it was given."""

NAMES: dict[TaskState, Text] = {
    TaskState.OPEN: Text("open", "đang thực hiện"),
    TaskState.REPORTED: Text("reported", "đã báo cáo"),
    TaskState.DONE: Text("done", "hoàn thành"),
    TaskState.CANCELLED: Text("cancelled", "đã hủy"),
}
KINDS: dict[TaskKind, Text] = {
    TaskKind.DIRECTIVE: Text("directive", "giao nhiệm vụ"),
    TaskKind.APOLOGY: Text("apology", "xin lỗi"),
    TaskKind.EXPLANATION: Text("explanation", "giải trình"),
    TaskKind.OTHER: Text("other", "việc khác"),
}
NOT_ALLOWED = RefusalCode(
    "transition_not_allowed",
    "The task is {current} and cannot become {requested}; it can become {ways}.",
    "Nhiệm vụ ở trạng thái {current} không thể chuyển thành {requested}; chỉ có thể chuyển thành {ways}.",
    Conflict,
)
CLOSED = RefusalCode(
    "task_closed",
    "The task is {current}; nothing in it changes any more.",
    "Nhiệm vụ {current}; không thể thay đổi nội dung nữa.",
    Conflict,
)
NO_WAY = Text("nothing else", "không trạng thái nào khác")
DAY = timedelta(days=1)


class TaskCounts(TypedDict):
    """How many there are: open + reported + done + cancelled = of; `overdue` are among the open ones."""

    of: int
    open: int
    reported: int
    done: int
    cancelled: int
    overdue: int


def advance(current: TaskState, requested: TaskState) -> TaskState:
    """The requested state, where the present one leads to it; else Conflict `transition_not_allowed` names the ways.

    >>> advance(TaskState.OPEN, TaskState.REPORTED).value
    'reported'
    """
    if requested not in ALLOWED[current]:
        ways = [NAMES[way] for way in ALLOWED[current]]
        either = Text(" or ".join(way.en for way in ways), " hoặc ".join(way.vi for way in ways)) if ways else NO_WAY
        now, then = NAMES[current], NAMES[requested]
        raise NOT_ALLOWED.error(current=now, requested=then, ways=either)
    return requested


def require_changeable(current: TaskState) -> None:
    """Raise Conflict `task_closed` where the state is an end."""
    if not ALLOWED[current]:
        raise CLOSED.error(current=NAMES[current])


def needs_reason(current: TaskState | None, requested: TaskState) -> bool:
    """Whether somebody has to say why: to cancel a task, or to send its report back."""
    return requested is TaskState.CANCELLED or (current is TaskState.REPORTED and requested is TaskState.OPEN)


def state_on(state: TaskState, reported_on: date | None, on: date) -> TaskState:
    """The state on a day: until it was reported a task was open.

    >>> state_on(TaskState.DONE, date(2024, 9, 12), date(2024, 8, 28)).value
    'open'
    """
    return TaskState.OPEN if reported_on is not None and reported_on > on else state


def is_overdue(state: TaskState, due_on: date | None, on: date) -> bool:
    """Whether nobody has reported though the last day has passed; a report stops the clock until it is sent back.

    >>> is_overdue(TaskState.OPEN, date(2024, 9, 15), date(2024, 9, 15)), is_overdue(
    ...     TaskState.OPEN, date(2024, 9, 15), date(2024, 9, 16)
    ... )
    (False, True)
    """
    return state is TaskState.OPEN and due_on is not None and due_on < on


def days_late(state: TaskState, due_on: date | None, reported_on: date | None, on: date) -> int | None:
    """Days from the due day to the report, or to `on`; 0 in time, None without a due day or for a cancelled task.

    >>> days_late(TaskState.DONE, date(2024, 9, 15), date(2024, 9, 18), date(2024, 10, 1))
    3
    """
    if due_on is None or state is TaskState.CANCELLED:
        return None
    return max(((reported_on or on) - due_on).days, 0)


def counted(tasks: Iterable[tuple[TaskState, bool]]) -> TaskCounts:
    """How many tasks (state, overdue) there are, of each state, and overdue."""
    states = list(tasks)
    counts = Counter(state for state, _ in states)
    return {
        "of": len(states),
        "open": counts[TaskState.OPEN],
        "reported": counts[TaskState.REPORTED],
        "done": counts[TaskState.DONE],
        "cancelled": counts[TaskState.CANCELLED],
        "overdue": sum(overdue for _, overdue in states),
    }


def sentence(title: str, assignee: str, helpers: Sequence[str], orderer: str | None, due_on: date | None) -> str:
    """The order as a letter prints it; "trước ngày" names the day after the last one in time.

    >>> sentence("Tìm nguyên nhân", "Sở A", ["Sở B", "Sở C"], "UBND tỉnh", date(2024, 9, 15))
    'Giao Sở A báo cáo UBND tỉnh trước ngày 16/9/2024: chủ trì, phối hợp với Sở B, Sở C tìm nguyên nhân.'
    """
    order = f"Giao {assignee}"
    if due_on is not None:
        order += f" báo cáo {orderer}" if orderer else ""
        order += f" trước ngày {printed_day(due_on + DAY)}"
    together = f"chủ trì, phối hợp với {printed_names(helpers)} " if helpers else ""
    return f"{order}: {together}{continued(title).rstrip('.')}."
