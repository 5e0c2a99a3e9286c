"""The states of a task: the table, its ends, the border of the due day, and how orders read."""

from datetime import date, timedelta

import pytest

from app.domain.tasks import (
    ALLOWED,
    KINDS,
    NAMES,
    WITH_REPORT,
    TaskKind,
    TaskState,
    advance,
    counted,
    days_late,
    is_overdue,
    needs_reason,
    require_changeable,
    sentence,
)
from app.errors import Conflict

DUE = date(2024, 9, 15)
DAY = timedelta(days=1)
WAYS = {
    ("open", "reported"),
    ("open", "cancelled"),
    ("reported", "done"),
    ("reported", "open"),
}


@pytest.mark.parametrize("requested", TaskState)
@pytest.mark.parametrize("current", TaskState)
def test_a_task_goes_the_ways_of_the_table_and_no_other(current: TaskState, requested: TaskState) -> None:
    if (current, requested) in WAYS:
        assert advance(current, requested) is requested
        return

    with pytest.raises(Conflict) as refused:
        advance(current, requested)

    assert refused.value.code == "transition_not_allowed"
    assert all(NAMES[way].vi in refused.value.detail("vi") for way in ALLOWED[current])


@pytest.mark.parametrize("state", TaskState)
def test_what_is_done_or_cancelled_changes_no_more(state: TaskState) -> None:
    if state in (TaskState.OPEN, TaskState.REPORTED):
        require_changeable(state)
        return

    with pytest.raises(Conflict) as refused:
        require_changeable(state)

    assert refused.value.code == "task_closed"


def test_cancelling_and_sending_back_need_a_reason() -> None:
    needing = {(now, then) for now in (None, *TaskState) for then in TaskState if needs_reason(now, then)}

    assert {then for now, then in needing if then is not TaskState.CANCELLED} == {TaskState.OPEN}
    assert (TaskState.REPORTED, TaskState.OPEN) in needing
    assert (None, TaskState.OPEN) not in needing
    assert {(now, TaskState.CANCELLED) for now in (None, *TaskState)} <= needing


@pytest.mark.parametrize("state", TaskState)
def test_only_an_open_task_is_overdue_and_only_after_its_last_day(state: TaskState) -> None:
    days = [DUE - DAY, DUE, DUE + DAY]

    assert [is_overdue(state, DUE, on) for on in days] == [False, False, state is TaskState.OPEN]
    assert not is_overdue(state, None, DUE + DAY)


def test_delay_runs_to_the_report_or_to_the_day_asked_about() -> None:
    assert days_late(TaskState.OPEN, DUE, None, DUE + 3 * DAY) == 3
    assert days_late(TaskState.DONE, DUE, DUE + DAY, DUE + 3 * DAY) == 1
    assert days_late(TaskState.REPORTED, DUE, DUE - DAY, DUE + 3 * DAY) == 0
    assert days_late(TaskState.CANCELLED, DUE, None, DUE + 3 * DAY) is None
    assert days_late(TaskState.OPEN, None, None, DUE) is None


def test_no_state_is_left_out_of_the_counts() -> None:
    counts = counted([(TaskState.OPEN, True), (TaskState.OPEN, False), (TaskState.DONE, False)])

    assert counts == {"of": 3, "open": 2, "reported": 0, "done": 1, "cancelled": 0, "overdue": 1}


def test_an_order_says_only_what_is_known() -> None:
    assert sentence("UBND cấp xã rà soát.", "Sở A", [], None, None) == "Giao Sở A: UBND cấp xã rà soát."
    assert sentence("Rà soát", "Sở A", [], "UBND tỉnh", None) == "Giao Sở A: rà soát."
    assert sentence("Rà soát", "Sở A", ["Sở B"], None, date(2024, 2, 29)) == (
        "Giao Sở A trước ngày 01/3/2024: chủ trì, phối hợp với Sở B rà soát."
    )


def test_every_kind_and_state_has_its_words() -> None:
    assert set(NAMES) == set(ALLOWED) == set(TaskState)
    assert set(KINDS) == set(TaskKind)
    assert set(WITH_REPORT) == {TaskState.REPORTED, TaskState.DONE}
