"""Webhooks of services and receivers in processes of their own, both killed again and again: every event arrives."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.make import a_unit
from tests.support.services import PATIENCE_S, Service, Services

WRITES = 40


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


def serving(services: Services, database_url: str) -> AbstractContextManager[Service]:
    """A service that may tell changes to this machine."""
    return services.on(database_url, CHISO_WEBHOOK_HOSTS="127.0.0.1", CHISO_WEBHOOK_PRIVATE="true")


class Killable:
    """A receiver in a process of its own, always at the same port."""

    def __init__(self, home: Path) -> None:
        self.file, self.port = home / "received", 0
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.support.receiver", str(self.port), str(self.file)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def received(self) -> list[tuple[str, dict[str, Any]]]:
        """What has arrived: ids and bodies. A line that a kill has cut off was not answered."""
        text = self.file.read_text() if self.file.exists() else ""
        return [tuple(json.loads(line)) for line in text.splitlines() if line.endswith("}]")]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Killable]:
    receiver = Killable(tmp_path)
    yield receiver
    receiver.kill()


def write(client: httpx.Client, number: int) -> int:
    """A write of its own unit; the version that it made."""
    answer = client.put(f"/v1/units/H{number}", json=a_unit(code=f"H{number}"))
    assert answer.is_success, answer.text
    return int(answer.headers["Chiso-Version"])


def test_every_event_arrives_whoever_is_killed(database_url: str, services: Services, receiver: Killable) -> None:
    chance, versions = random.Random(18), set[int]()
    numbers = iter(range(100, 101 + WRITES))
    with serving(services, database_url) as first:
        url = f"http://127.0.0.1:{receiver.port}/"
        assert first.client.put("/v1/webhooks/ours", json={"url": url, "kinds": ["units"]}).status_code == 201
    for _ in range(4):
        with serving(services, database_url) as one, serving(services, database_url) as other:
            for _ in range(WRITES // 4):
                versions.add(write(chance.choice([one, other]).client, next(numbers)))
            time.sleep(chance.uniform(0, 2))
            receiver.kill()  # and both services, as they are left, perhaps in the midst of a message
        time.sleep(chance.uniform(0, 1))
        receiver.start()

    deadline = time.monotonic() + PATIENCE_S
    with serving(services, database_url) as last:
        versions.add(write(last.client, next(numbers)))
        while {body["data"]["version"] for _, body in receiver.received()} != versions:
            assert time.monotonic() < deadline, last.log.read_text("utf-8")
            time.sleep(0.1)
        states = {"state": "pending"}
        while last.client.get("/v1/webhooks/ours/deliveries", params=states).json()["items"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        sent = last.client.get("/v1/webhooks/ours/deliveries", params={"limit": 1000}).json()["items"]
        metrics = last.client.get("/metrics").text

    ids = {body["data"]["version"]: set[str]() for _, body in receiver.received()}
    for id, body in receiver.received():
        ids[body["data"]["version"]].add(id)
    assert all(len(each) == 1 for each in ids.values()), "an event that is sent twice keeps its id"
    assert {each["event"] for each in sent} == set.union(*ids.values())
    assert {each["state"] for each in sent} == {"delivered"}
    assert 'chiso_webhook_attempts_total{outcome="delivered"}' in metrics
