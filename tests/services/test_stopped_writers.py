"""A process that stands still while it writes: others write again, and it stores nothing when it goes on."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.services.frameworks import ship
from app.store.db import Database
from tests.make import a_unit
from tests.support.services import Services

LEASE = "5"
"""Seconds."""
KEY = {"Idempotency-Key": "stopped"}


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture
def ready_url(database_url: str) -> str:
    database = Database(database_url)
    ship(database)
    database.dispose()
    return database_url


def wait_until_stopped(pid: int) -> None:
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def put_due(client: httpx.Client) -> httpx.Response:
    return client.put("/v1/periods/2025-01/due", json={"due_on": "2025-02-01"})


def put_unit(client: httpx.Client, name: str) -> httpx.Response:
    return client.put("/v1/units/H60", json={**a_unit(), "name": name}, headers=KEY)


def test_others_write_when_the_lease_of_a_stopped_writer_has_run_out_and_it_stores_nothing(
    ready_url: str, services: Services
) -> None:
    if ready_url.startswith("sqlite"):
        pytest.skip("a file has no server that could end a process's transaction")
    with (
        services.on(ready_url, CHISO_LEASE_SECONDS=LEASE) as other,
        services.on(ready_url, stops_at="before_commit", CHISO_LEASE_SECONDS=LEASE) as stopped,
        ThreadPoolExecutor(1) as thread,
    ):
        put_due(other.client)  # what is made once is made now
        first = thread.submit(put_unit, stopped.client, "Một")
        wait_until_stopped(stopped.pid)
        running = put_unit(other.client, "Một")
        answer = put_due(other.client)
        deadline = time.monotonic() + 60
        while (repeated := put_unit(other.client, "Một")).status_code == 409 and time.monotonic() < deadline:
            time.sleep(0.2)
        stopped.send(signal.SIGCONT)
        late = first.result()
        history = other.client.get("/v1/audit", params={"limit": 100}).json()["items"]

    assert (running.status_code, running.json()["code"]) == (409, "idempotency_key_running")
    assert answer.status_code == 200
    assert repeated.status_code in (200, 201)
    assert late.status_code == 503
    assert len([each for each in history if "units" in str(each)]) == 1
