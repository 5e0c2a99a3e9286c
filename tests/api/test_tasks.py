"""Tasks: ordered, reported back, sent back, accepted; who may do which, and what a list shows."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units

PATH = "/v1/tasks"
BOSS, WORKER, HELPER, STRANGER = "H60", "H60.1", "H60.2", "H19"
CallerMaker = Callable[..., httpx.AsyncClient]
WRITE_AND_READ = (Scope.EVALUATIONS_WRITE, Scope.VALUES_READ)
REPORTED = {"state": "reported", "report": "Đã tìm ra nguyên nhân", "reported_on": "2024-09-12"}


def an_order(**overrides: Any) -> dict[str, Any]:
    """What the province orders of a department, with another's help."""
    order = {"kind": "directive", "title": "Tìm nguyên nhân", "unit": BOSS, "assignee": WORKER, "helpers": [HELPER]}
    return {**order, "period": "2024-07", "due_on": "2024-09-15", **overrides}


@pytest.fixture(autouse=True)
async def units(api: httpx.AsyncClient) -> None:
    """A province with two departments and a unit below the first, and another province."""
    departments = [a_unit(code=code, name=f"Sở {code}", level="department", parent=BOSS) for code in (WORKER, HELPER)]
    await with_units(api, [a_unit(), *departments, a_commune("H60.1.1", parent=WORKER), a_unit(code=STRANGER)])


async def ordered(client: httpx.AsyncClient, **overrides: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=an_order(**overrides))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def changed(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The first task with these changes."""
    answer = await client.patch(f"{PATH}/1", json=changes)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def refused(client: httpx.AsyncClient, status: int, **changes: Any) -> Any:
    """Why the first task takes none of these changes; it must stay as it is."""
    answer = await client.patch(f"{PATH}/1", json=changes)
    assert answer.status_code == status, answer.text
    return answer.json()


def faults(problem: Any) -> list[tuple[str, str]]:
    return sorted((each["pointer"], each["code"]) for each in problem["errors"])


async def test_a_new_task_is_open_and_found_where_it_is_said_to_be(api: httpx.AsyncClient) -> None:
    finding = {"rule": "sources_disagree", "unit": BOSS, "period": "2024-07", "indicator": "online_dossiers"}

    answer = await api.post(PATH, json=an_order(finding=finding, legal_ref="Mục 3.1"))

    read = await api.get(answer.headers["location"])
    assert answer.headers["location"] == "/v1/tasks/1"
    assert read.json() == answer.json()
    assert read.headers["etag"] == answer.headers["etag"]
    assert (read.json()["state"], read.json()["finding"], read.json()["overdue"]) == ("open", finding, True)


async def test_a_task_is_reported_sent_back_reported_again_and_done(api: httpx.AsyncClient) -> None:
    await ordered(api)

    first = await changed(api, **REPORTED)
    back = await changed(api, state="open", reason="Chưa nêu giải pháp")
    again = await changed(api, state="reported", report="Đã có giải pháp")
    done = await changed(api, state="done")

    assert (first["report"], first["reported_on"], first["overdue"]) == (REPORTED["report"], "2024-09-12", False)
    assert (back["report"], back["reported_on"], back["reason"], back["overdue"]) == (
        None,
        None,
        "Chưa nêu giải pháp",
        True,
    )
    assert (again["reported_on"], again["reason"]) == ("2026-10-12", None)
    assert (done["state"], done["report"], done["reported_on"]) == ("done", "Đã có giải pháp", "2026-10-12")


async def test_nothing_changes_after_the_end(api: httpx.AsyncClient) -> None:
    await ordered(api)
    cancelled = await changed(api, state="cancelled", reason="Giao nhầm")

    edited = await refused(api, 409, due_on="2024-10-01")
    reopened = await refused(api, 409, state="open", reason="Làm tiếp")
    same = await changed(api, state="cancelled")

    assert (edited["code"], reopened["code"]) == ("task_closed", "transition_not_allowed")
    assert same == cancelled


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "reported"}, [("/report", "report_missing")]),
        ({"state": "cancelled"}, [("/reason", "reason_missing")]),
        ({"report": "Xong"}, [("/report", "report_not_expected")]),
        ({"reported_on": "2024-09-12"}, [("/report", "report_not_expected")]),
        ({**REPORTED, "reported_on": "2026-10-13"}, [("/reported_on", "day_in_future")]),
        ({"helpers": [WORKER, "H60.2", "H60.2"]}, [("/helpers/0", "unit_repeated"), ("/helpers/2", "unit_repeated")]),
        ({"assignee": "H6O.1", "period": "2024-13"}, [("/assignee", "unit_unknown"), ("/period", "period_invalid")]),
        (
            {"finding": {"rule": "jump", "unit": "H99", "period": "7/2024"}},
            [("/finding/period", "period_invalid"), ("/finding/unit", "unit_unknown")],
        ),
        ({"title": None}, [("/title", "text_expected")]),
        ({"title": "Hai\ndòng"}, [("/title", "text_invalid")]),
        ({"state": "late"}, [("/state", "value_not_allowed")]),
        ({"number": 2}, [("/number", "field_unknown")]),
    ],
)
async def test_what_cannot_be_is_refused_where_it_stands(
    changes: dict[str, Any], expected: list[tuple[str, str]], api: httpx.AsyncClient
) -> None:
    task = await ordered(api)

    problem = await refused(api, 422, **changes)

    assert faults(problem) == expected
    assert (await api.get(f"{PATH}/1")).json() == task


@pytest.mark.parametrize("state", ["done", "open"])
async def test_a_state_is_not_jumped_over(state: str, api: httpx.AsyncClient) -> None:
    await ordered(api)
    if state == "open":
        await changed(api, **REPORTED)
        await changed(api, state="done")

    problem = await refused(api, 409, state=state, report="Xong", reason="Vì")

    assert problem["code"] == "transition_not_allowed"


async def test_a_report_is_sent_back_with_a_reason_only(api: httpx.AsyncClient) -> None:
    await ordered(api, reason="Theo văn bản")
    await changed(api, **REPORTED)

    assert faults(await refused(api, 422, state="open")) == [("/reason", "reason_missing")]


async def test_a_patch_changes_what_it_names(api: httpx.AsyncClient) -> None:
    task = await ordered(api, detail="Nêu tại phụ lục 1", finding={"rule": "jump"})

    told = await changed(api, due_on=None, helpers=[], finding=None, title="  Rà soát  ")

    assert {name for name in told if told[name] != task[name]} == {
        "due_on",
        "helpers",
        "finding",
        "title",
        "overdue",
        "changed_at",
    }
    assert (told["due_on"], told["helpers"], told["finding"], told["title"]) == (None, [], None, "Rà soát")


async def test_a_patch_that_changes_nothing_leaves_no_version(api: httpx.AsyncClient) -> None:
    task = await ordered(api)
    trace = (await api.get("/v1/audit")).json()

    told = await changed(api, due_on="2024-09-15", state="open", helpers=[HELPER])

    assert told == task
    assert (await api.get("/v1/audit")).json() == trace
    assert await changed(api) == task


async def test_of_two_who_change_it_the_second_is_told(api: httpx.AsyncClient) -> None:
    tag = (await api.post(PATH, json=an_order())).headers["etag"]

    first = await api.patch(f"{PATH}/1", json={"due_on": "2024-09-20"}, headers={"If-Match": tag})
    second = await api.patch(f"{PATH}/1", json={"due_on": "2024-09-30"}, headers={"If-Match": tag})
    third = await api.patch(f"{PATH}/1", json={"due_on": "2024-09-30"}, headers={"If-Match": first.headers["etag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)
    assert second.json()["code"] == "task_changed"


async def test_a_task_may_be_entered_after_the_fact(api: httpx.AsyncClient) -> None:
    done = await ordered(api, kind="apology", state="done", report="Đã xin lỗi người dân")

    missing = await api.post(PATH, json=an_order(state="cancelled", reported_on="2024-09-01"))

    assert (done["state"], done["reported_on"]) == ("done", "2026-10-12")
    assert faults(missing.json()) == [("/reason", "reason_missing"), ("/report", "report_not_expected")]


async def test_whoever_ordered_a_task_may_change_it(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    boss = as_key(*WRITE_AND_READ, unit=BOSS)

    await ordered(boss)

    assert (await changed(boss, due_on="2024-09-20"))["due_on"] == "2024-09-20"
    assert (await refused(boss, 403, unit=STRANGER))["code"] == "unit_forbidden"
    assert (await boss.post(PATH, json=an_order(unit=STRANGER))).status_code == 403
    assert (await boss.post(PATH, json=an_order(unit=None, assignee=STRANGER))).status_code == 403
    assert (await boss.post(PATH, json=an_order(unit=None))).status_code == 201


async def test_the_assignee_reports_back_and_does_nothing_else(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    await ordered(api)
    worker = as_key(*WRITE_AND_READ, unit=WORKER)
    for changes in (
        {"due_on": "2024-12-31"},
        {"state": "cancelled", "reason": "Không làm"},
        {**REPORTED, "due_on": "2024-12-31"},
        {"assignee": HELPER},
    ):
        assert (await refused(worker, 403, **changes))["code"] == "unit_forbidden"

    told = await changed(worker, **REPORTED)
    mended = await changed(worker, report="Đã tìm ra hai nguyên nhân")

    assert (told["state"], mended["report"]) == ("reported", "Đã tìm ra hai nguyên nhân")
    for changes in ({"state": "done"}, {"state": "open", "reason": "Chưa xong"}):
        await refused(worker, 403, **changes)


async def test_what_a_unit_is_to_do_by_its_own_key_it_has_ordered_itself(as_key: CallerMaker) -> None:
    worker = as_key(*WRITE_AND_READ, unit=WORKER)

    task = await ordered(worker, unit=None, helpers=[])

    assert task["unit"] == WORKER
    assert (await changed(worker, due_on="2024-09-20", unit=None))["unit"] == WORKER
    for named in ({"assignee": HELPER}, {"helpers": [HELPER]}):
        assert (await refused(worker, 403, **named))["code"] == "unit_forbidden"


async def test_an_order_that_names_nobody_came_from_above_its_assignee(
    api: httpx.AsyncClient, as_key: CallerMaker
) -> None:
    boss, worker = (as_key(*WRITE_AND_READ, unit=unit) for unit in (BOSS, WORKER))
    assert (await ordered(api, unit=None, helpers=[]))["unit"] is None

    for changes in ({"due_on": "2030-12-10"}, {"state": "cancelled", "reason": "Thôi"}, {"unit": WORKER}):
        assert (await refused(worker, 403, **changes))["code"] == "unit_forbidden"
    read = (await worker.get(f"{PATH}/1")).json()
    assert await changed(worker, **read) == read
    assert (await changed(worker, **{**read, **REPORTED}))["state"] == "reported"
    assert (await refused(worker, 403, state="done"))["code"] == "unit_forbidden"
    assert (await changed(boss, assignee=BOSS))["unit"] is None
    assert (await refused(boss, 403, state="done"))["code"] == "unit_forbidden"


async def test_helpers_read_and_strangers_do_not_see(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    task = await ordered(api)
    helper, below, stranger = (as_key(*WRITE_AND_READ, unit=unit) for unit in (HELPER, "H60.1.1", STRANGER))

    for key in (helper, below, stranger):
        assert (await refused(key, 403, **REPORTED))["code"] == "unit_forbidden"
    assert (await helper.get(f"{PATH}/1")).json() == task
    for key in (below, stranger):
        unseen, unknown = await key.get(f"{PATH}/1"), await key.get(f"{PATH}/2")
        assert unseen.status_code == unknown.status_code == 404
        assert unseen.json()["detail"].replace("1", "2") == unknown.json()["detail"]
        assert (await key.get(PATH)).json()["items"] == []
    assert (await api.patch(f"{PATH}/2", json=REPORTED)).status_code == 404


@pytest.fixture
async def three(api: httpx.AsyncClient) -> None:
    """An open order, a done apology, an order of another province for another period."""
    await ordered(api)
    await ordered(api, kind="apology", assignee=HELPER, helpers=[], state="done", report="Đã xin lỗi")
    await ordered(api, unit=STRANGER, assignee=STRANGER, helpers=[], period="2024-08", due_on=None)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"assignee": HELPER}, [2]),
        ({"state": "open"}, [1, 3]),
        ({"kind": "apology"}, [2]),
        ({"period": "2024-08"}, [3]),
        ({"overdue": "true"}, [1]),
        ({"overdue": "false"}, [2, 3]),
        ({"overdue": "true", "on": "2024-09-15"}, []),
        ({"overdue": "true", "on": "2024-09-16"}, [1, 2]),  # the apology was reported later
    ],
)
async def test_a_list_shows_what_is_asked_for(
    query: dict[str, str], expected: list[int], api: httpx.AsyncClient
) -> None:
    found = (await api.get(PATH, params=query)).json()["items"]

    assert [item["id"] for item in found] == expected


@pytest.mark.usefixtures("three")
async def test_a_list_comes_in_pages_and_as_a_file(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    page = (await api.get(PATH, params={"limit": 2})).json()
    rest = (await api.get(PATH, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    file = await api.get(PATH, params={"format": "csv"})

    assert [item["id"] for item in (*page["items"], *rest["items"])] == [1, 2, 3]
    assert rest["next_cursor"] is None
    assert len(file.text.splitlines()) == 4
    seen = {unit: (await as_key(unit=unit).get(PATH)).json()["items"] for unit in (BOSS, WORKER, HELPER, STRANGER)}
    assert {unit: [item["id"] for item in items] for unit, items in seen.items()} == {
        BOSS: [1, 2],
        WORKER: [1],
        HELPER: [1, 2],
        STRANGER: [3],
    }


async def test_what_stood_before_is_still_told(api: httpx.AsyncClient, clock: Clock) -> None:
    task = await ordered(api, due_on="2026-10-20")
    before = clock.forward(hours=1).isoformat()
    clock.forward(days=10)
    await changed(api, **REPORTED)

    then = (await api.get(f"{PATH}/1", params={"as_of": before})).json()

    assert then == {**task, "overdue": False}
    assert (await api.get(f"{PATH}/1", params={"on": "2026-10-21", "as_of": before})).json()["overdue"]
    assert (await api.get(PATH, params={"as_of": before})).json()["items"] == [then]
    assert (await api.get(f"{PATH}/1", params={"as_of": "2026-10-01T00:00:00Z"})).status_code == 404


async def test_the_trace_says_how_it_was_and_how_it_is(api: httpx.AsyncClient) -> None:
    await ordered(api)
    await changed(api, **REPORTED)

    newest, oldest = (await api.get("/v1/audit", params={"subject": "task:1"})).json()["items"]

    assert (oldest["action"], oldest["before"]) == ("task.added", None)
    assert newest["action"] == "task.changed"
    assert (newest["before"]["state"], newest["after"]["state"]) == ("open", "reported")
    assert newest["after"]["reported_on"] == "2024-09-12"


async def test_a_task_that_names_another_number_than_its_address_is_refused(api: httpx.AsyncClient) -> None:
    task = await ordered(api)

    problem = await refused(api, 422, id=2)

    assert problem["code"] == "code_differs"
    assert (await api.patch(f"{PATH}/1", json=task)).json() == task
