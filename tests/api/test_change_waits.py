"""Waiting for changes: without a thread or a connection, woken by one look for all, until something has changed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI

from app.api.change_waits import ChangeWaits
from app.config import Settings
from app.services.keys import revoke_key
from app.services.rights import Scope
from tests.api.test_change_feed import Client, Feed, feed, told
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, some_figures, with_figures, with_units

WRITERS = 100


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The usual ones, with few connections, and a queue in which a hundred writers find a place."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        database_connections=4,
        waiting_writers=WRITERS,
    )


@pytest.fixture
def waits(service: FastAPI) -> ChangeWaits:
    held: ChangeWaits = service.state.change_waits
    return held


@asynccontextmanager
async def waiting(api: Client, waits: ChangeWaits, after: Feed, number: int = 1, **query: Any) -> AsyncIterator[Any]:
    """So many requests that wait for up to a minute; they are cut off at the end where they have not been answered."""
    before = waits.waiting
    tasks = [asyncio.create_task(feed(api, after, **{"wait": 60, **query})) for _ in range(number)]
    while waits.waiting < before + number:
        await asyncio.sleep(0.01)
        for task in tasks:
            assert not task.done() or not task.result()
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_waits_is_answered_as_soon_as_something_has_changed(api: Client, waits: ChangeWaits) -> None:
    start = await feed(api, limit=1000)

    async with waiting(api, waits, start) as [waiter]:
        await api.put("/v1/periods/2024-07/lock")
        began = monotonic()
        answer = await waiter

    assert told(answer, "kind", "period") == [("periods", "2024-07")]
    assert monotonic() - began < 5
    assert waits.waiting == 0


async def test_who_waits_in_vain_is_answered_when_the_time_is_over(api: Client) -> None:
    start = await feed(api, limit=1000)
    began = monotonic()

    answer = await feed(api, start, wait=1)

    assert answer == {**start, "items": [], "more": False}
    assert 0.9 < monotonic() - began < 10


async def test_what_a_waiter_may_not_hear_of_or_did_not_ask_for_does_not_end_its_wait(
    api: Client, anonymous: Client, waits: ChangeWaits
) -> None:
    await with_units(api, [a_unit()])
    start = await feed(api, limit=1000)

    async with (
        waiting(anonymous, waits, start) as [nobody],
        waiting(api, waits, start, kinds="periods") as [of_periods],
    ):
        await with_figures(api, some_figures())
        await asyncio.sleep(1)
        assert not any(each.done() for each in (nobody, of_periods))
        await api.put("/v1/periods/2024-07/lock")

        assert [told(await each, "kind") for each in (nobody, of_periods)] == [[("periods",)]] * 2


async def test_who_has_missed_something_does_not_wait(api: Client) -> None:
    start = await feed(api, limit=1000)
    await api.put("/v1/periods/2024-07/lock")
    began = monotonic()

    assert told(await feed(api, start, wait=60), "kind") == [("periods",)]
    assert monotonic() - began < 5


async def test_many_wait_without_a_thread_or_a_connection_and_with_one_look_for_all(
    api: Client, waits: ChangeWaits, service: FastAPI, count_queries: Callable[[], Any]
) -> None:
    start = await feed(api, limit=1000)
    looks = 0
    stamps = waits.data_version.stamps

    async def counted() -> Any:
        nonlocal looks
        looks += 1
        return await stamps()

    waits.data_version.stamps = counted  # type: ignore[method-assign]
    async with waiting(api, waits, start, number=100):
        looks, began = 0, monotonic()
        with count_queries() as sent:
            await asyncio.sleep(1)
        seconds = monotonic() - began

        assert sent == []
        assert 1 <= looks <= seconds / waits.look_s + 1
        assert to_thread.current_default_thread_limiter().borrowed_tokens == 0
        assert service.state.database.pool.checkedout() == 0


async def test_a_client_that_leaves_gives_its_place_back(service: FastAPI, api: Client, waits: ChangeWaits) -> None:
    start = await feed(api, limit=1000)
    left = asyncio.Event()
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        for message in asked:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(_message: object) -> None:
        raise AssertionError("nobody is there to be answered")

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/changes",
        "raw_path": b"/v1/changes",
        "query_string": f"after={start['next']}&wait=60".encode(),
        "headers": [],
    }
    request = asyncio.create_task(service(scope, receive, send))
    while not waits.waiting:
        await asyncio.sleep(0.01)
    left.set()
    await asyncio.wait_for(request, 5)

    assert waits.waiting == 0
    assert service.state.concurrency_limits.followers.inside == 0


async def test_a_service_that_stops_answers_those_who_wait(api: Client, service: FastAPI, waits: ChangeWaits) -> None:
    start = await feed(api, limit=1000)

    async with waiting(api, waits, start) as [waiter]:
        while waits.version is None:  # until it was looked once, and nothing has moved since
            await asyncio.sleep(0.01)
        service.state.jobs.stopping.set()

        assert (await asyncio.wait_for(waiter, 5))["next"] == start["next"]


async def test_more_than_may_wait_are_told_to_come_back(
    anonymous: Client, service: FastAPI, waits: ChangeWaits
) -> None:
    start = await feed(anonymous, limit=1000)
    limit = service.state.concurrency_limits.anonymous_followers
    for _ in range(99):
        await limit.places.acquire()

    async with waiting(anonymous, waits, start):
        refused = await anonymous.get("/v1/changes", params={"after": start["next"], "wait": 60})
        at_once = await anonymous.get("/v1/changes", params={"after": start["next"]})

    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_waiting")
    assert refused.headers["Retry-After"] == "5"
    assert at_once.status_code == 200


async def test_a_key_that_is_revoked_meanwhile_hears_nothing_more(
    api: Client, as_key: Callable[..., Client], waits: ChangeWaits, service: FastAPI
) -> None:
    reader = as_key(Scope.VALUES_READ)
    start = await feed(api, limit=1000)
    request = asyncio.create_task(reader.get("/v1/changes", params={"after": start["next"], "wait": 60}))
    while not waits.waiting:
        await asyncio.sleep(0.01)

    with service.state.database.writing() as session:
        revoke_key(session, "clerk-1")

    assert (await asyncio.wait_for(request, 10)).status_code == 401


@pytest.mark.parametrize("wait", ["-1", "61", "x"])
async def test_a_wait_that_is_none_is_refused(api: Client, wait: str) -> None:
    answer = await api.get("/v1/changes", params={"wait": wait})

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "wait")


async def test_while_a_hundred_write_nothing_is_missed_and_nothing_comes_out_of_order(
    api: Client, as_key: Callable[..., Client]
) -> None:
    """Every writer imports figures of its own unit; four readers follow, one of them two changes at a time."""
    codes = [f"H60.{number}" for number in range(100, 100 + WRITERS)]
    await with_units(api, [a_unit(), *map(a_commune, codes), a_unit(code="H61"), a_commune("H61.1")])
    start = await feed(api, limit=1000)
    written = asyncio.Event()

    async def write(code: str) -> tuple[int, str]:
        answer = await api.post("/v1/imports", json=some_figures(code))
        assert answer.status_code == 200, answer.text
        return int(answer.headers["Chiso-Version"]), code

    async def follow(reader: Client, limit: int) -> list[tuple[int, str]]:
        heard: list[tuple[int, str]] = []
        page = start
        while not (written.is_set() and not page["items"]):
            page = await feed(reader, page, kinds="values", wait=1, limit=limit)
            heard += told(page, "version", "unit")
        return heard

    readers = [(api, 2), (api, 7), (as_key(Scope.VALUES_READ, unit="H60"), 100), (as_key(unit="H61"), 100)]
    following = [asyncio.create_task(follow(*each)) for each in readers]
    made = await asyncio.gather(*map(write, codes))
    written.set()
    heard = await asyncio.gather(*following)

    assert heard == [sorted(made)] * 3 + [[]]
