"""Writes whose process dies at its commit, or stands still there: a repetition is answered, nothing is stored twice.

Kills at moments of chance are in `tests/torture`.
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import get_args

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures
from tests.support.services import PATIENCE_S, Moment, Service, Services, is_alive

EVALUATION = {"period": "2024-07", "under": "H60", "levels": ["commune"]}
LEASE = "10"
"""Seconds. A busy machine may pause for as long: nothing may depend on a lease that has not run out yet."""
LONG_LEASE = "600"


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture
def survivor(services: Services, database_url: str) -> Iterator[Service]:
    """A process that lives on, on the database that the others write to."""
    with services.on(database_url, CHISO_LEASE_SECONDS=LEASE) as service:
        yield service


def draft(client: httpx.Client) -> httpx.Response:
    return client.post("/v1/evaluations", json=EVALUATION, headers={"Idempotency-Key": "dying"})


def put_due(client: httpx.Client) -> httpx.Response:
    return client.put("/v1/periods/2025-01/due", json={"due_on": "2025-02-01"})


def put_unit(client: httpx.Client) -> httpx.Response:
    return client.put("/v1/units/H60", json={**a_unit(), "name": "Một"}, headers={"Idempotency-Key": "stopped"})


def wait_until_dead(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_until_stopped(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("moment", get_args(Moment))
def test_a_process_that_dies_at_its_commit_leaves_the_answer_with_the_work_or_neither(
    moment: Moment, database_url: str, services: Services, survivor: Service
) -> None:
    assert survivor.client.post("/v1/units/import", json=[a_unit(), a_commune("H60.100")]).is_success
    assert survivor.client.post("/v1/imports", json=some_figures("H60.100")).is_success
    with services.on(database_url, dies_at=moment) as service, pytest.raises(httpx.TransportError):
        draft(service.client)

    deadline = time.monotonic() + PATIENCE_S
    while (again := draft(survivor.client)).status_code == 409 and time.monotonic() < deadline:
        time.sleep(0.1)  # the first request runs for as long as its connection to the database is open

    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, moment == "after_commit")
    stored = survivor.client.get("/v1/evaluations", params={"limit": 1000}).json()["items"]
    assert [each["id"] for each in stored] == [again.json()["id"]]


def test_a_repetition_is_told_to_wait_while_the_first_writer_stands_still_within_its_lease(
    database_url: str, services: Services
) -> None:
    with (
        services.on(database_url, CHISO_LEASE_SECONDS=LONG_LEASE) as survivor,
        services.on(database_url, stops_at="before_commit", CHISO_LEASE_SECONDS=LONG_LEASE) as stopped,
        ThreadPoolExecutor(1) as thread,
    ):
        first = thread.submit(put_unit, stopped.client)
        wait_until_stopped(stopped.pid)
        running = put_unit(survivor.client)
        stopped.send(signal.SIGCONT)
        late = first.result()

    assert (running.status_code, running.json()["code"]) == (409, "idempotency_key_running")
    assert late.status_code == 201


def test_others_write_when_the_lease_of_a_stopped_writer_has_run_out_and_it_stores_nothing(
    database_url: str, services: Services, survivor: Service
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a file has no server that could end a process's transaction")
    with (
        services.on(database_url, stops_at="before_commit", CHISO_LEASE_SECONDS=LEASE) as stopped,
        ThreadPoolExecutor(1) as thread,
    ):
        put_due(survivor.client)  # what is made once is made now
        first = thread.submit(put_unit, stopped.client)
        wait_until_stopped(stopped.pid)
        answer = put_due(survivor.client)
        deadline = time.monotonic() + PATIENCE_S
        while (repeated := put_unit(survivor.client)).status_code == 409 and time.monotonic() < deadline:
            time.sleep(0.2)
        stopped.send(signal.SIGCONT)
        late = first.result()
        history = survivor.client.get("/v1/audit", params={"limit": 100}).json()["items"]

    assert answer.status_code == 200
    assert repeated.status_code in (200, 201)
    assert late.status_code == 503
    assert len([each for each in history if "units" in str(each)]) == 1


@pytest.mark.parametrize(("moment", "stored"), [("before_commit", []), ("after_commit", ["H60.100"])])
def test_a_process_that_dies_as_it_stores_what_it_staged_leaves_all_of_it_or_nothing(
    moment: Moment, stored: list[str], database_url: str, services: Services, survivor: Service
) -> None:
    assert survivor.client.post("/v1/units/import", json=[a_unit(), a_commune("H60.100")]).is_success
    with (
        services.on(database_url, dies_at=moment, CHISO_LEASE_SECONDS=LEASE) as service,
        suppress(httpx.TransportError),
    ):
        service.client.post("/v1/imports", json=some_figures("H60.100"), headers={"Prefer": "respond-async"})
        wait_until_dead(service.pid)

    deadline = time.monotonic() + PATIENCE_S
    while (last := survivor.client.get("/v1/imports").json()["items"][0])["status"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.2)

    values = survivor.client.get("/v1/values").json()["items"]
    assert (last["status"], last["created"]) == ("applied" if stored else "failed", len(stored))
    assert [each["unit"] for each in values] == stored
