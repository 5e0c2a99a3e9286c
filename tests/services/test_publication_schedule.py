"""Scheduled publications in processes of their own: kept when they end, carried out once, whoever dies at it."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures
from tests.support.services import PATIENCE_S, Services, is_alive

LEVELS = (["commune"], ["department"], ["district"], ["commune", "department"], ["commune", "district"])
"""Each a scope of its own, so that all of them stand published in the end."""


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


def schedule_drafts(client: httpx.Client, seconds: float) -> None:
    """A draft of each scope, all of them to be published so much later."""
    assert client.post("/v1/units/import", json=[a_unit(), a_commune("H60.100")]).is_success
    assert client.post("/v1/imports", json=some_figures("H60.100")).is_success
    moment = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    for levels in LEVELS:
        order = {"period": "2024-07", "under": "H60", "levels": levels, "publish_at": moment}
        answer = client.post("/v1/evaluations", json=order)
        assert answer.status_code == 201, answer.text


def states(client: httpx.Client) -> Counter[str]:
    return Counter(each["status"] for each in client.get("/v1/evaluations").json()["items"])


def test_what_is_scheduled_outlives_its_process_and_of_several_one_publishes_it(
    database_url: str, services: Services
) -> None:
    with services.on(database_url) as first:
        schedule_drafts(first.client, seconds=3)
        assert states(first.client) == {"draft": len(LEVELS)}
    deadline = time.monotonic() + PATIENCE_S
    with services.on(database_url, dies_at="before_commit") as dying:
        while is_alive(dying.pid):
            assert time.monotonic() < deadline, "it published nothing"
            time.sleep(0.05)

    with services.on(database_url) as one, services.on(database_url) as other:
        while states(other.client)["draft"]:
            assert time.monotonic() < deadline, one.log.read_text("utf-8")
            time.sleep(0.05)
        assert states(other.client) == {"published": len(LEVELS)}
        entries = one.client.get("/v1/audit", params={"limit": 1000}).json()["items"]
        logged = one.log.read_text("utf-8") + other.log.read_text("utf-8")

    done = Counter(entry["action"] for entry in entries if entry["action"].startswith("evaluation."))
    assert done == {"evaluation.created": len(LEVELS), "evaluation.published": len(LEVELS)}
    assert logged.count("published") == len(LEVELS), logged
