"""Requests that wait for a writer: a few may, they take no thread from reads, and one too many is told so at once."""

import asyncio
from collections.abc import Callable, Coroutine
from threading import Event
from typing import Any

import httpx
import pytest

from app.api.concurrency_limits import OBSERVERS, WRITERS, ConcurrencyLimit, ConcurrencyLimits
from app.errors import Unavailable
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import a_framework, a_unit, some_figures, with_units
from tests.support.rival import another_writer

SIXTY = 60
"""More requests than the service has threads."""
READS = ("/v1/units", "/v1/units/H60", "/v1/periods", "/livez", "/readyz", "/metrics", "/", "/docs")
Client = httpx.AsyncClient
Answers = list[httpx.Response]
Sending = Callable[[int], Coroutine[Any, Any, httpx.Response]]


@pytest.fixture
async def known_since(api: Client, clock: Clock) -> str:
    """A moment after the last write, at which a writer at work may still add something."""
    await with_units(api, [a_unit()])
    return clock.forward(hours=1).isoformat()


async def sixty(send: Sending, reader: Client, writer: Any, *, wait: int) -> tuple[Answers, Answers]:
    """The answers to sixty requests: those that came while the writer was at work, when only so many waited any more
    and reads were answered all the same, and those that came afterwards.
    """
    with writer:
        pending = {asyncio.create_task(send(number)) for number in range(SIXTY)}
        at_once: Answers = []
        while len(pending) > wait:
            done, pending = await asyncio.wait(pending, timeout=20, return_when=asyncio.FIRST_COMPLETED)
            assert done, f"{len(pending)} requests wait"
            at_once += [each.result() for each in done]
        for path in READS:
            assert (await asyncio.wait_for(reader.get(path), 20)).status_code == 200, path
        assert not any(each.done() for each in pending)
    return at_once, await asyncio.gather(*pending)


def assert_told_to_come_back(answers: Answers) -> None:
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(503, "too_many_waiting")}
    assert {each.headers["retry-after"] for each in answers} == {"1"}


async def test_a_hundred_who_ask_as_of_a_moment_hold_no_connections_while_they_wait_for_a_thread(api: Client) -> None:
    """Each asks the database twice; those in between had all connections, and those with a thread waited for one."""
    await with_units(api, [a_unit()])
    asked = (api.get(f"/v1/units?as_of=2024-01-01T00:00:00Z&limit={1 + number}") for number in range(100))

    answers = await asyncio.gather(*asked)

    assert {each.status_code for each in answers} == {200}


async def test_of_sixty_who_name_the_present_while_somebody_writes_a_few_wait_and_reads_go_on(
    anonymous: Client, known_since: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.concurrency_limits.OBSERVERS_WAIT_MS", 60_000)

    def send(number: int) -> Coroutine[Any, Any, httpx.Response]:
        return anonymous.get("/v1/units", params={"as_of": known_since, "q": f"unit {number}"})

    at_once, later = await sixty(send, anonymous, another_writer(database_url), wait=OBSERVERS)

    assert_told_to_come_back(at_once)
    assert [each.status_code for each in later] == [200] * OBSERVERS


async def test_who_names_the_present_while_somebody_writes_is_not_kept_waiting_as_long_as_a_writer(
    anonymous: Client, known_since: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.concurrency_limits.OBSERVERS_WAIT_MS", 50)

    with another_writer(database_url):
        answer = await anonymous.get("/v1/units", params={"as_of": known_since})

    assert (answer.status_code, answer.json()["code"]) == (503, "writer_at_work")
    assert answer.headers["retry-after"] == "2"


async def test_sixty_who_name_the_present_while_nobody_writes_are_all_answered(
    anonymous: Client, known_since: str
) -> None:
    requests = (anonymous.get("/v1/units", params={"as_of": known_since, "q": f"unit {n}"}) for n in range(SIXTY))

    answers = await asyncio.gather(*requests)

    assert [each.status_code for each in answers] == [200] * SIXTY


WRITES: dict[str, Callable[[Client, int], Coroutine[Any, Any, httpx.Response]]] = {
    "a unit": lambda api, n: api.put(f"/v1/units/H{n + 100}", json={"name": "A", "level": "province"}),
    "an import": lambda api, n: api.post("/v1/imports", json=some_figures(numerator=n)),
    "a framework": lambda api, n: api.post("/v1/frameworks", json=a_framework()),
    "under a key": lambda api, n: api.delete("/v1/periods/2024/lock", headers={"Idempotency-Key": f"key-{n}"}),
}


@pytest.mark.parametrize("kind", WRITES)
async def test_of_sixty_writes_as_many_wait_as_may_and_reads_go_on(
    kind: str, api: Client, known_since: str, database_url: str
) -> None:
    def send(number: int) -> Coroutine[Any, Any, httpx.Response]:
        return WRITES[kind](api, number)

    at_once, later = await sixty(send, api, another_writer(database_url), wait=WRITERS + 1)

    assert_told_to_come_back(at_once)
    assert {each.status_code < 500 for each in later} == {True}


class TestConcurrencyLimit:
    async def test_who_came_first_is_served_first(self) -> None:
        room, served = ConcurrencyLimit("test", 1, 3), []

        async def visit(name: int) -> None:
            async with room.place():
                await asyncio.sleep(0)
                served.append(name)

        await asyncio.gather(*map(visit, range(4)))

        assert served == [0, 1, 2, 3]

    async def test_one_more_than_may_wait_is_refused_and_takes_nobodys_place(self) -> None:
        room = ConcurrencyLimit("test", 1, 0)

        async with room.place():
            with pytest.raises(Unavailable):
                await room.place().__aenter__()
        async with room.place():
            pass

    async def test_nobody_waits_longer_than_the_room_lets_them(self) -> None:
        room = ConcurrencyLimit("test", 1, 1, patience_s=0.01)

        async with room.place():
            with pytest.raises(Unavailable):
                await room.place().__aenter__()
        async with room.place():
            pass

    async def test_one_who_gives_up_waiting_makes_room(self) -> None:
        room = ConcurrencyLimit("test", 1, 1)

        async def visit() -> None:
            async with room.place():
                pass

        async with room.place():
            for _ in range(3):
                waiting = asyncio.create_task(visit())
                await asyncio.sleep(0)
                waiting.cancel()
                await asyncio.wait([waiting])
        async with room.place():
            pass


class TestHeavyWork:
    async def test_memory_is_given_back_after_work_that_failed_whatever_is_kept_meanwhile(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given_back, kept = Event(), Event()
        monkeypatch.setattr("app.api.concurrency_limits.give_back", given_back.set)
        limits = ConcurrencyLimits(database)

        def keep() -> None:
            kept.wait(20)

        keeping = asyncio.create_task(limits.keep(keep))
        await asyncio.sleep(0)
        with pytest.raises(ZeroDivisionError):
            async with asyncio.timeout(10), limits.heavy_work(anonymous=True):
                raise ZeroDivisionError
        kept.set()
        await keeping

        assert given_back.is_set()
