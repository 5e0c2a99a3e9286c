"""Writes under an `Idempotency-Key` whose process is killed: a repetition is answered, and nothing is stored twice."""

import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from threading import Event
from typing import Any, get_args

import httpx
import pytest

from app.services.frameworks import ship
from app.store.db import Database
from tests.make import a_commune, a_unit, some_figures
from tests.support.services import Moment, Service, Services
from tests.support.torture import ROUNDS, SEED

KILLS = 3 * ROUNDS
CLIENTS = 4
LONGEST_LIFE = 0.8
"""Seconds from the first write on."""
EVALUATION = {"period": "2024-07", "under": "H60", "levels": ["commune"]}


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture
def survivor(services: Services, database_url: str) -> Iterator[Service]:
    """A process that lives on, on the database that the killed ones write to."""
    database = Database(database_url)
    ship(database)
    database.dispose()
    with services.on(database_url) as service:
        assert service.client.post("/v1/units/import", json=[a_unit(), a_commune("H60.100")]).is_success
        assert service.client.post("/v1/imports", json=some_figures("H60.100")).is_success
        yield service


def draft(client: httpx.Client, key: str) -> httpx.Response:
    return client.post("/v1/evaluations", json=EVALUATION, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("moment", get_args(Moment))
def test_a_process_that_dies_at_its_commit_leaves_the_answer_with_the_work_or_neither(
    moment: Moment, database_url: str, services: Services, survivor: Service
) -> None:
    with services.on(database_url, dies_at=moment) as service, pytest.raises(httpx.TransportError):
        draft(service.client, "dying")

    again = repeated(survivor.client, "dying")

    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, moment == "after_commit")
    assert [each["id"] for each in drafts(survivor)] == [again.json()["id"]]


def drafts(service: Service) -> list[dict[str, Any]]:
    stored: list[dict[str, Any]] = service.client.get("/v1/evaluations", params={"limit": 1000}).json()["items"]
    return stored


def draft_until_killed(service: Service, name: str, seconds: float) -> dict[str, httpx.Response | None]:
    """Let a process write under keys for so long and kill it; the keys that were sent, with what was answered."""
    sent: dict[str, httpx.Response | None] = {}
    numbers, over = count(), Event()

    def write(client: httpx.Client) -> None:
        while not over.is_set():
            key = f"{name}-{next(numbers)}"
            sent[key] = None
            try:
                sent[key] = draft(client, key)
            except httpx.TransportError:
                return

    with ThreadPoolExecutor(CLIENTS) as clients:
        writing = [clients.submit(write, service.client) for _ in range(CLIENTS)]
        time.sleep(seconds)
        service.send(signal.SIGKILL)
        over.set()
        wait(writing)
    return sent


def repeated(client: httpx.Client, key: str) -> httpx.Response:
    """The answer to a repetition; that the first request still runs is said for as long as its connection is open."""
    for _ in range(100):
        answer = draft(client, key)
        if answer.status_code != 409:
            return answer
        time.sleep(0.1)
    return answer


def test_a_repeat_after_a_kill_gives_the_first_answer_or_does_the_work_once(
    database_url: str, services: Services, survivor: Service
) -> None:
    chance = random.Random(SEED)
    sent: dict[str, httpx.Response | None] = {}
    for life in range(KILLS):
        with services.on(database_url) as service:
            killed = draft_until_killed(service, f"life-{life}", chance.uniform(0.2, LONGEST_LIFE))
        for key, first in killed.items():
            again = repeated(survivor.client, key)
            assert again.status_code == 201, again.text
            assert first is None or (first.status_code, first.content) == (201, again.content)
        sent |= killed

    assert len(sent) == len(drafts(survivor))
    assert None in sent.values()  # some were killed under way
