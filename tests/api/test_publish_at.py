"""Publications that are scheduled: when and by whom they are carried out, taken back and refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.services import keys
from app.services.publication_schedule import PublicationSchedule, publish_next
from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.support.evaluations import a_province, an_order, drafted

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


@pytest.fixture
def schedule(service: FastAPI) -> PublicationSchedule:
    """That of the service; a test says when it looks."""
    found: PublicationSchedule = service.state.schedule
    return found


def later(clock: Clock, **step: float) -> str:
    """A moment as a request names it, as far from the present."""
    return (clock.present + timedelta(**step)).isoformat()


async def scheduled(client: Client, clock: Clock, **step: float) -> dict[str, Any]:
    """A draft that is to be published as much later."""
    draft = await drafted(client)
    answer = await client.post(f"/v1/evaluations/{draft['id']}/publish", json={"publish_at": later(clock, **step)})
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/v1/evaluations/{draft['id']}"
    found: dict[str, Any] = answer.json()
    return found


async def trace(api: Client, id: int) -> list[tuple[str, str]]:
    """Who did what to an evaluation, the first at the top."""
    entries = (await api.get("/v1/audit", params={"subject": f"evaluation:{id}"})).json()["items"]
    return [(entry["actor"], entry["action"]) for entry in reversed(entries)]


async def test_a_draft_is_published_at_its_moment_and_not_before(
    api: Client, anonymous: Client, clock: Clock, schedule: PublicationSchedule
) -> None:
    taken = await scheduled(api, clock, hours=2)
    path = f"/v1/evaluations/{taken['id']}"
    assert (taken["status"], taken["publish_at"]) == ("draft", "2026-10-12T04:30:00Z")
    clock.forward(hours=1, minutes=59)
    schedule.publish_due()
    assert (await anonymous.get(path)).status_code == 404

    clock.forward(minutes=1)
    schedule.publish_due()

    found = (await anonymous.get(path)).json()
    assert (found["status"], found["published_at"]) == ("published", "2026-10-12T04:30:00Z")
    assert (found["publish_at"], found["publish_problem"]) == (None, None)
    assert await trace(api, taken["id"]) == [
        ("bootstrap", "evaluation.created"),
        ("bootstrap", "evaluation.scheduled"),
        ("bootstrap", "evaluation.published"),
    ]


async def test_an_evaluation_can_be_scheduled_as_it_is_drawn_up(
    api: Client, as_key: CallerMaker, clock: Clock, schedule: PublicationSchedule
) -> None:
    moment = later(clock, minutes=5)
    drafter = as_key(Scope.EVALUATIONS_WRITE)
    draft = (await api.post("/v1/evaluations", json=an_order(publish_at=moment))).json()
    refused = await drafter.post("/v1/evaluations", json=an_order(publish_at=moment))
    clock.forward(minutes=5)
    schedule.publish_due()

    assert (draft["status"], draft["publish_at"]) == ("draft", "2026-10-12T02:35:00Z")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert [
        item["id"] for item in (await api.get("/v1/evaluations", params={"status": "published"})).json()["items"]
    ] == [draft["id"]]


async def test_a_moment_that_is_not_in_the_future_is_refused_where_it_stands(api: Client, clock: Clock) -> None:
    draft = await drafted(api)
    path = f"/v1/evaluations/{draft['id']}/publish"

    for moment in (later(clock, seconds=-1), later(clock)):
        for refused in (
            await api.post(path, json={"publish_at": moment}),
            await api.post("/v1/evaluations", json=an_order(publish_at=moment)),
        ):
            assert (refused.status_code, refused.json()["code"]) == (422, "publish_at_past")
            assert refused.json()["errors"][0]["pointer"] == "/publish_at"
    unread = await api.post(path, json={"publish_at": "2030-01-01T07:00:00"})
    assert (unread.status_code, unread.json()["errors"][0]["pointer"]) == (422, "/publish_at")
    assert len((await api.get("/v1/evaluations")).json()["items"]) == 1


@pytest.mark.parametrize("way", ["null", "DELETE"])
async def test_what_is_taken_back_is_not_published(
    api: Client, clock: Clock, schedule: PublicationSchedule, way: str
) -> None:
    taken = await scheduled(api, clock, minutes=5)
    path = f"/v1/evaluations/{taken['id']}/publish"

    back = await (api.delete(path) if way == "DELETE" else api.post(path, json={"publish_at": None}))
    again = await api.delete(path)
    clock.forward(hours=1)
    schedule.publish_due()

    assert (back.status_code, back.json()["publish_at"]) == (200, None)
    assert again.status_code == 200
    assert (await api.get(f"/v1/evaluations/{taken['id']}")).json()["status"] == "draft"
    assert [action for _, action in await trace(api, taken["id"])][1:] == [
        "evaluation.scheduled",
        "evaluation.unscheduled",
    ]


async def test_another_moment_replaces_the_one_before(api: Client, clock: Clock, schedule: PublicationSchedule) -> None:
    taken = await scheduled(api, clock, minutes=5)
    path = f"/v1/evaluations/{taken['id']}"
    await api.post(f"{path}/publish", json={"publish_at": later(clock, minutes=10)})

    clock.forward(minutes=5)
    schedule.publish_due()
    early = (await api.get(path)).json()["status"]
    clock.forward(minutes=5)
    schedule.publish_due()

    assert (early, (await api.get(path)).json()["status"]) == ("draft", "published")


@pytest.mark.parametrize("end", ["publish", "withdraw"])
async def test_a_draft_that_went_another_way_is_not_scheduled_any_more(
    api: Client, clock: Clock, schedule: PublicationSchedule, end: str
) -> None:
    taken = await scheduled(api, clock, minutes=5)
    path = f"/v1/evaluations/{taken['id']}"
    answer = await api.post(f"{path}/{end}", json={"reason": "x"} if end == "withdraw" else None)
    clock.forward(minutes=5)
    schedule.publish_due()

    late = await api.post(f"{path}/publish", json={"publish_at": later(clock, minutes=5)})
    back = await api.delete(f"{path}/publish")

    assert (answer.status_code, answer.json()["publish_at"]) == (200, None)
    assert (late.status_code, late.json()["code"]) == (409, "transition_not_allowed")
    assert (back.status_code, back.json()["code"]) == (409, "transition_not_allowed")
    assert [action for _, action in await trace(api, taken["id"])].count("evaluation.published") == (end == "publish")


async def test_it_is_published_in_the_name_of_the_key_that_scheduled_it(
    api: Client, as_key: CallerMaker, clock: Clock, schedule: PublicationSchedule
) -> None:
    officer = as_key(Scope.EVALUATIONS_WRITE, Scope.EVALUATIONS_PUBLISH, unit="H60")
    taken = await scheduled(officer, clock, minutes=5)
    clock.forward(minutes=5)
    schedule.publish_due()

    assert (await trace(api, taken["id"]))[-1] == ("clerk-1", "evaluation.published")


async def test_a_key_that_was_revoked_publishes_nothing_and_the_draft_says_why(
    api: Client, as_key: CallerMaker, database: Database, clock: Clock, schedule: PublicationSchedule
) -> None:
    officer = as_key(Scope.EVALUATIONS_WRITE, Scope.EVALUATIONS_PUBLISH, unit="H60")
    taken = await scheduled(officer, clock, minutes=5)
    path = f"/v1/evaluations/{taken['id']}"
    before = (await api.get(path)).headers["ETag"]
    with database.writing() as session:
        keys.revoke_key(session, "clerk-1")
    clock.forward(minutes=5)
    schedule.publish_due()

    failed = await api.get(path)
    found = failed.json()
    assert (found["status"], found["publish_at"]) == ("draft", "2026-10-12T02:35:00Z")
    assert (found["publish_problem"]["code"], found["publish_problem"]["status"]) == ("key_unknown", 401)
    assert "thu hồi" in found["publish_problem"]["detail"]["vi"]
    assert failed.headers["ETag"] != before
    assert (await trace(api, taken["id"]))[-1] == ("clerk-1", "evaluation.publication_failed")
    schedule.publish_due()
    assert len(await trace(api, taken["id"])) == 3
    await api.post(f"{path}/publish", json={"publish_at": later(clock, minutes=5)})
    clock.forward(minutes=5)
    schedule.publish_due()
    mended = (await api.get(path)).json()
    assert (mended["status"], mended["publish_problem"]) == ("published", None)


async def test_of_several_that_are_due_the_one_scheduled_last_stands(
    api: Client, clock: Clock, schedule: PublicationSchedule
) -> None:
    second, first = await scheduled(api, clock, minutes=20), await scheduled(api, clock, minutes=10)
    clock.forward(hours=1)
    schedule.publish_due()

    found = [(await api.get(f"/v1/evaluations/{each['id']}")).json() for each in (first, second)]

    assert [each["status"] for each in found] == ["superseded", "published"]
    assert found[1]["supersedes"] == first["id"]


async def test_the_etag_of_a_draft_moves_with_what_is_scheduled(api: Client, clock: Clock) -> None:
    draft = await drafted(api)
    path = f"/v1/evaluations/{draft['id']}"
    held = (await api.get(path)).headers["ETag"]
    await api.post(f"{path}/publish", json={"publish_at": later(clock, minutes=5)}, headers={"If-Match": held})

    read = await api.get(path, headers={"If-None-Match": held})
    late = await api.post(f"{path}/publish", json={"publish_at": later(clock, minutes=9)}, headers={"If-Match": held})

    assert (read.status_code, read.json()["publish_at"]) == (200, "2026-10-12T02:35:00Z")
    assert (late.status_code, late.json()["code"]) == (412, "evaluation_changed")


async def test_a_key_of_another_subtree_schedules_and_takes_back_nothing(
    api: Client, as_key: CallerMaker, clock: Clock
) -> None:
    taken = await scheduled(api, clock, minutes=5)
    path = f"/v1/evaluations/{taken['id']}/publish"
    other, drafter = as_key(Scope.EVALUATIONS_PUBLISH, unit="H19"), as_key(Scope.EVALUATIONS_WRITE)

    assert (await other.delete(path)).status_code == 404
    assert (await other.post(path, json={"publish_at": later(clock, minutes=9)})).status_code == 404
    assert (await drafter.delete(path)).status_code == 403
    assert (await api.get(f"/v1/evaluations/{taken['id']}")).json()["publish_at"] == "2026-10-12T02:35:00Z"


async def test_nothing_is_written_while_nothing_is_due(
    api: Client, clock: Clock, schedule: PublicationSchedule, database: Database
) -> None:
    await scheduled(api, clock, minutes=5)
    before = (await api.get("/v1/units")).headers["Chiso-Version"]

    schedule.publish_due()

    assert publish_next(database) is False
    assert (await api.get("/v1/units")).headers["Chiso-Version"] == before
