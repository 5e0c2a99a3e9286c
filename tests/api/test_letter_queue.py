"""Letters as PDF beside other requests: what waits for the program, and what does not wait for it."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.api.concurrency_limits import ANONYMOUS_HEAVY
from app.config import Settings
from app.store.db import Database, DatabaseLimits
from tests.api.conftest import Clock
from tests.api.test_announcement import LIVE, PATH
from tests.make import BOOTSTRAP_KEY
from tests.support.evaluations import a_province, published

Client = httpx.AsyncClient
PROGRAM = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
echo made >> {notes}
while [ ! -e {go_on} ]; do sleep 0.05; done
printf %s %PDF-1.7 > "$2/letter.pdf"
"""
"""A program that makes PDFs of nothing, when it is let."""


class Printing:
    """The program that makes PDFs: how often it was started, and whether it may end."""

    def __init__(self, home: Path) -> None:
        self.path, self.notes, self.go_on = home / "soffice", home / "notes", home / "go_on"
        self.path.write_text(PROGRAM.format(notes=self.notes, go_on=self.go_on))
        self.path.chmod(0o755)

    @property
    def times(self) -> int:
        return len(self.notes.read_text().splitlines()) if self.notes.exists() else 0


@pytest.fixture
def printing(tmp_path: Path) -> Printing:
    return Printing(tmp_path)


@pytest.fixture
def settings(database_url: str, printing: Printing) -> Settings:
    """The usual ones, with that program and as few connections as there may be."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        pdf_program=str(printing.path),
        database_connections=4,
    )


@pytest.fixture
def database_limits() -> DatabaseLimits:
    """Nobody waits for long for a connection."""
    return DatabaseLimits(patience_s=3)


@pytest.fixture
def one_connection(database: Database, settings: Settings) -> Iterator[None]:
    """All connections but one are in use."""
    with ExitStack() as held:
        for _ in range(settings.database_connections - 1):
            held.enter_context(database.reading()).execute(select(1))
        yield


@pytest.fixture
async def evaluation(api: Client, clock: Clock) -> int:
    """The number of a published evaluation."""
    await a_province(api, clock)
    return int((await published(api))["id"])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


def asked(client: Client, **query: Any) -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(client.get(PATH, params={"format": "pdf", **query}))


@pytest.mark.parametrize("is_live", [True, False])
async def test_nobody_holds_a_connection_while_a_letter_is_printed(
    is_live: bool, api: Client, evaluation: int, printing: Printing, one_connection: None
) -> None:
    letter = asked(api, **(LIVE if is_live else {"evaluation": evaluation}))
    await until(lambda: printing.times == 1)

    meanwhile = await api.get("/v1/units")
    printing.go_on.touch()

    assert meanwhile.status_code == 200, meanwhile.text
    assert ((await letter).status_code, (await letter).content) == (200, b"%PDF-1.7")


async def test_a_letter_is_not_printed_for_a_client_who_went_away_while_it_waited(
    service: FastAPI, api: Client, anonymous: Client, evaluation: int, printing: Printing
) -> None:
    first = asked(anonymous, evaluation=evaluation)
    await until(lambda: printing.times == ANONYMOUS_HEAVY)
    queue = service.state.concurrency_limits.anonymous_heavy

    gone = asyncio.Event()
    leaving = asyncio.create_task(sent(service, f"evaluation={evaluation}&format=pdf&letter=commune", gone))
    await until(lambda: queue.queued == 1)
    staying = asked(anonymous, evaluation=evaluation, letter="commune")
    gone.set()
    printing.go_on.touch()
    await leaving

    assert {(await each).status_code for each in (first, staying)} == {200}
    assert printing.times == 2


async def test_who_goes_away_while_it_waits_leaves_its_place_in_the_queue_at_once(
    service: FastAPI, anonymous: Client, evaluation: int, printing: Printing
) -> None:
    first = asked(anonymous, evaluation=evaluation)
    await until(lambda: printing.times == ANONYMOUS_HEAVY)
    queue, gone = service.state.concurrency_limits.anonymous_heavy, asyncio.Event()
    leaving = asyncio.create_task(sent(service, f"evaluation={evaluation}&format=pdf&letter=commune", gone))
    await until(lambda: queue.queued == 1)

    gone.set()
    await asyncio.wait_for(leaving, 10)

    assert (queue.queued, queue.inside, printing.times) == (0, ANONYMOUS_HEAVY, 1)
    printing.go_on.touch()
    assert (await first).status_code == 200
    assert (queue.inside, queue.places.locked()) == (0, False)


async def test_who_is_gone_at_once_leaves_nothing_behind(service: FastAPI, evaluation: int, printing: Printing) -> None:
    gone = asyncio.Event()
    gone.set()

    await sent(service, f"evaluation={evaluation}&format=pdf", gone, begun=False)
    gc.collect()  # a wait that was begun and never taken up would be told of now

    queue = service.state.concurrency_limits.anonymous_heavy
    assert (queue.queued, queue.inside, printing.times) == (0, 0, 0)


async def test_a_caller_with_a_key_does_not_wait_behind_those_without_one_for_the_same_letter(
    api: Client, anonymous: Client, evaluation: int, printing: Printing
) -> None:
    first = asked(anonymous, evaluation=evaluation)
    await until(lambda: printing.times == ANONYMOUS_HEAVY)
    waiting = asked(anonymous, evaluation=evaluation, letter="commune")
    await asyncio.sleep(0)

    with_key = asked(api, evaluation=evaluation, letter="commune")
    await until(lambda: printing.times == ANONYMOUS_HEAVY + 1)
    printing.go_on.touch()

    assert {(await each).status_code for each in (first, waiting, with_key)} == {200}


async def sent(service: Callable[..., Awaitable[None]], query: str, gone: asyncio.Event, *, begun: bool = True) -> None:
    """A request of a client who is there until it is `gone`, and reads nothing; `begun`: at least for its body."""
    head = {"method": "GET", "path": PATH, "raw_path": PATH.encode(), "query_string": query.encode(), "headers": []}
    scope = {"type": "http", "http_version": "1.1", "scheme": "http", "root_path": "", "client": None, **head}
    body = [{"type": "http.request", "body": b"", "more_body": False}] * begun

    async def receive() -> dict[str, Any]:
        if body:
            return body.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        pass

    await service({"server": ("test", 80), **scope}, receive, send)
