"""A kept answer falls by what it rests on and by nothing else: it is always what a service that keeps none answers."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack
from threading import Event
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.api import freed_memory
from app.config import Settings
from app.domain.instant import read_moment, to_instant
from app.services.units import patch_unit
from app.store.db import Database
from app.store.topics import gathered
from tests.api.conftest import Clock
from tests.api.test_as_of_for_ever import OF_TODAY, READS, WRITES, begin, correct_figures, evaluate, rates, with_rules
from tests.make import BOOTSTRAP_KEY, a_key, bearer, with_figures
from tests.support.boards import another, client_of, kept_answers, layer_of, told
from tests.support.rival import CALLER
from tests.support.table_reads import fetch, tables

Client = httpx.AsyncClient
Counting = Callable[[], AbstractContextManager[list[str]]]
Send = Callable[[Client, int], Any]

BOARD = "/v1/scores?period=2024-07&level=commune&framework=mot_cua"
LISTS = [each for each in tables() if each.path not in ("/v1/audit", "/v1/imports")]


async def publish(api: Client, seed: int) -> httpx.Response:
    made = await evaluate(api, seed)
    return await api.post(f"/v1/evaluations/{made.json()['id']}/publish")


async def lock(api: Client, seed: int) -> httpx.Response:
    return await api.request(("PUT", "DELETE")[seed % 2], "/v1/periods/2024-06/lock")


async def start_import(api: Client, seed: int) -> httpx.Response:
    return await api.post("/v1/imports", params={"dry_run": True}, json=rates("2024-07", "H60.101"))


EVERY_WRITE: tuple[Send, ...] = (*WRITES, publish, lock, start_import)


@pytest.fixture
async def services(service: FastAPI, settings: Settings) -> AsyncIterator[list[Client]]:
    """The admin at a service that keeps nothing, at the service itself, and at a second process on its database."""
    async with AsyncExitStack() as stack:
        apps = [stack.enter_context(another(service, settings, memory_bytes=room)) for room in (0, 20_000_000)]
        found = [apps[0], service, apps[1]]
        yield [await stack.enter_async_context(client_of(each, bearer(BOOTSTRAP_KEY))) for each in found]


async def test_whatever_is_written_kept_answers_are_those_of_a_service_that_keeps_none(
    api: Client, services: list[Client], clock: Clock
) -> None:
    """Two processes write by turns; each has answers of many states."""
    chance = random.Random(7)
    await begin(api)
    unkept, *keeping = services
    for service in keeping:
        for read in READS:
            await service.get(with_rules(read))

    for step, write in enumerate(chance.sample(EVERY_WRITE, len(EVERY_WRITE))):
        if chance.random() < 0.5:
            clock.forward(minutes=7)
        await write(chance.choice(keeping), step + 1)
        for read in chance.sample(READS, 7):
            truth = without_request(await unkept.get(with_rules(read)))
            for service in keeping:
                assert without_request(await service.get(with_rules(read))) == truth, f"{write.__name__}, {read}"


async def test_after_each_kind_of_write_every_table_is_that_of_a_service_that_keeps_none(
    api: Client, services: list[Client]
) -> None:
    await begin(api)
    unkept, kept, _ = services
    for operation in LISTS:
        await fetch(kept, operation, framework="")

    for step, write in enumerate(EVERY_WRITE):
        await write(api, step + 1)
        for operation in LISTS[step % 4 :: 4]:
            truth, found = await fetch(unkept, operation), await fetch(kept, operation)
            assert without_request(found) == without_request(truth), f"{write.__name__}, {operation.path}"


def without_request(answer: httpx.Response) -> Any:
    """An answer, or its reason not to give one."""
    return told(answer) if answer.is_success else (answer.status_code, answer.json()["code"])


async def test_a_printed_instant_is_one_at_which_just_that_was_known(
    api: Client, services: list[Client], clock: Clock
) -> None:
    """And none of what the answer rests on changed after it."""
    chance = random.Random(11)
    await begin(api)
    printing = [read for read in READS if "as_of" in as_json(await api.get(with_rules(read)))]
    assert len(printing) > 12

    for step, write in enumerate(chance.sample(EVERY_WRITE, len(EVERY_WRITE))):
        clock.forward(minutes=7)
        await write(api, step + 1)
        clock.forward(seconds=1)
        for read in chance.sample(printing, 5):
            address = with_rules(read)
            live = as_json(await api.get(address))
            if "as_of" not in live:  # what no longer fits the walk
                continue
            then = as_json(await api.get(f"{address}&as_of={live['as_of'].replace('+', '%2B')}"))
            assert without_today(then) == without_today(live), f"{write.__name__}, {read}"
            printed = read_moment(live["as_of"])
            assert printed is not None
            assert to_instant(printed) >= await last_change_of(services[0], address), read


def as_json(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json() if "json" in answer.headers["content-type"] else {}
    return found


def without_today(body: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in body.items() if name not in OF_TODAY | {"as_of"}}


async def last_change_of(unkept: Client, address: str) -> int:
    """The instant of the last change of what an answer reads, rights left out."""
    with gathered() as logs:
        assert (await unkept.get(address)).status_code == 200
    topics = set().union(*(log.read for log in logs)) - {"keys"}
    transport = unkept._transport
    assert isinstance(transport, httpx.ASGITransport)
    stamps = transport.app.state.database.versions.read_topics().among(topics)  # type: ignore[attr-defined]
    return max(int(each.known_at) for each in stamps)


async def test_a_board_stands_whatever_is_written_of_others(
    api: Client, other: Database, database: Database, clock: Clock, count_queries: Counting
) -> None:
    """Its tag and the instant that it names stand, too, for whoever asks with them."""
    await begin(api)
    await with_figures(api, rates("2023-05", "H60.101"))
    await evaluate(api, 1)  # from now on its rules are in use
    first = await api.get(BOARD)

    for write in (import_another_month, evaluate, make_a_key, lock_another_month):
        clock.forward(minutes=7)
        await write(api, database)  # type: ignore[arg-type]
        with count_queries() as queries:
            again = await api.get(BOARD, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, queries) == (304, []), write.__name__
        assert int(again.headers["chiso-version"]) > int(first.headers["chiso-version"])

    await correct_figures(api, 1)
    assert (await api.get(BOARD, headers={"If-None-Match": first.headers["etag"]})).status_code == 200


async def import_another_month(api: Client, _: Database) -> None:
    await with_figures(api, rates("2023-05", "H60.102", numerator=1))


async def make_a_key(_: Client, database: Database) -> None:
    a_key(database, name="new")


async def lock_another_month(api: Client, _: Database) -> None:
    await api.put("/v1/periods/2023-05/lock")


@pytest.fixture
def other(database_url: str, clock: Clock) -> Any:
    """The database as another process has it."""
    database = Database(database_url, now=clock)
    yield database
    database.dispose()


async def test_a_write_of_a_release_without_topics_is_seen(
    api: Client, other: Database, count_queries: Counting
) -> None:
    """It moves the version and notes nothing; so does the write of ours that follows fall upon everything."""
    await begin(api)
    for name in ("A", "B"):
        await api.get("/v1/units/H60")
        with other.writing() as session:
            patch_unit(session, CALLER, "H60", {"name": name})
            session.flush()
            session.info["topics"].touched.clear()
        with other.engine.execution_options(writer=True).begin() as connection:  # as if it had noted nothing
            connection.execute(text("UPDATE topic_versions SET version = version - 1 WHERE topic = ''"))
        if name == "B":  # in the meantime nobody asks
            await import_another_month(api, other)
        answers = [(await api.get("/v1/units/H60")).json()["name"] for _ in range(2)]
        assert answers == [name, name]

    with count_queries() as queries:
        await api.get("/v1/units/H60")
    assert queries == []


async def test_a_board_that_is_computed_while_others_are_written_is_held(
    api: Client, service: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(api)
    layer = layer_of(service)
    route = layer.app

    async def raced(scope: Any, receive: Any, send: Any) -> None:
        a_key_of_another_name(database)
        await route(scope, receive, send)

    monkeypatch.setattr(layer, "app", raced)
    database.memory.entries.clear()
    await api.get("/v1/units?under=H60")

    assert [key.path for key in kept_answers(layer)] == ["/v1/units"]


async def test_once_in_a_while_what_has_fallen_is_let_go_though_nobody_asks_for_it(
    api: Client, service: FastAPI, clock: Clock
) -> None:
    await begin(api)
    layer = layer_of(service)
    for path in ("/v1/units/H60", "/v1/frameworks"):
        await api.get(path)
    await api.patch("/v1/units/H60", json={"name": "Another"})

    await api.get("/v1/periods")
    soon = [key.path for key in kept_answers(layer)]
    clock.forward(seconds=10)
    await api.get("/v1/indicators")
    assert layer.letting_go is not None
    await layer.letting_go

    assert soon == ["/v1/units/H60", "/v1/frameworks", "/v1/periods"]
    assert [key.path for key in kept_answers(layer)] == ["/v1/frameworks", "/v1/periods", "/v1/indicators"]


async def test_nobody_waits_while_free_memory_is_given_back(
    api: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The C library has a lot to give back here."""
    await begin(api)
    done = Event()
    monkeypatch.setattr(freed_memory, "PROCESS", SimpleNamespace(malloc_trim=lambda _: done.wait(60)))
    clock.forward(seconds=10)

    answer = await asyncio.wait_for(api.get("/v1/indicators"), 20)

    done.set()
    assert answer.status_code == 200


async def test_memory_is_given_back_by_one_at_a_time(
    api: Client, service: FastAPI, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long that takes."""
    await begin(api)
    done, times = Event(), list[int]()

    def trim(_: int) -> None:
        times.append(1)
        done.wait(60)

    monkeypatch.setattr(freed_memory, "PROCESS", SimpleNamespace(malloc_trim=trim))
    for path in ("/v1/indicators", "/v1/frameworks"):
        clock.forward(seconds=10)
        await api.get(path)
        await asyncio.sleep(0.2)

    done.set()

    assert times == [1]
    letting_go = layer_of(service).letting_go
    assert letting_go is not None
    await letting_go


async def test_what_goes_wrong_when_memory_is_given_back_is_logged(
    api: Client, service: FastAPI, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(api)
    monkeypatch.setattr(freed_memory, "PROCESS", SimpleNamespace(malloc_trim=lambda _: 1 / 0))
    clock.forward(seconds=10)
    await api.get("/v1/indicators")
    letting_go = layer_of(service).letting_go
    assert letting_go is not None

    await asyncio.wait([letting_go])

    assert "ZeroDivisionError" in caplog.text


def a_key_of_another_name(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE period_dues SET due_on = due_on"))


async def test_who_asks_after_a_write_takes_what_was_begun_before_it_only_if_that_stands(
    api: Client, service: FastAPI, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those who come while a board is computed, one computes anew where it fell meanwhile, and none where not."""
    await begin(api)
    layer, begun, go_on, times = layer_of(service), asyncio.Event(), asyncio.Event(), 0
    route = layer.app

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        nonlocal times
        times += 1
        begun.set()
        await route(scope, receive, send)
        await go_on.wait()

    monkeypatch.setattr(layer, "app", slow)
    for name, computed in (("H60", 2), ("H60", 1)):
        times = 0
        begun.clear()
        go_on.clear()
        early = asyncio.create_task(api.get(f"/v1/units/{name}"))
        await begun.wait()
        with other.writing() as session:
            if computed == 2:
                patch_unit(session, CALLER, name, {"name": "Mới"})
            else:
                session.execute(text("UPDATE period_dues SET due_on = due_on"))
        late = [asyncio.create_task(api.get(f"/v1/units/{name}")) for _ in range(3)]
        await asyncio.sleep(0.05)
        go_on.set()
        await early

        assert {(await each).json()["name"] for each in late} == {"Mới"}
        assert times == computed
        layer.database.memory.entries.clear()
