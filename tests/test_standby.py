"""Reads that a hot standby answers: never older than what was acknowledged, whatever the standby lags or dies."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.make import a_unit
from tests.support.metrics import figures_of
from tests.support.served_process import until
from tests.support.services import Service, Services
from tests.torture.failover import Pair
from tests.torture.run import roomy

SCANS = "SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0) FROM pg_stat_user_tables WHERE relname LIKE 'unit%'"


@pytest.fixture
def pair(database_url: str) -> Iterator[Pair]:
    if database_url.startswith("sqlite"):
        pytest.skip("a file has no standby")
    with TemporaryDirectory(prefix="chiso-standby-", dir=roomy()) as home:
        Path(home).chmod(0o711)
        pair = Pair(Path(home))
        yield pair
        pair.kill()


def renamed(service: Service, name: str) -> str:
    """The name that a read shows right after the unit was given one."""
    assert service.client.put("/v1/units/H60", json=a_unit(name=name)).is_success
    read: str = service.client.get("/v1/units/H60").raise_for_status().json()["name"]
    return read


def test_a_standby_answers_reads_and_none_is_older_than_an_acknowledged_write(pair: Pair) -> None:
    with closing(Services()) as services, services.on(pair.url, CHISO_DATABASE_READ_URL=pair.standby.url) as service:
        first = [renamed(service, f"Tỉnh {number}") for number in range(5)]
        until(lambda: pair.standby.execute(SCANS)[0][0])
        pair.standby.execute("SELECT pg_wal_replay_pause()")
        lagging = renamed(service, "Tỉnh mới")
        pair.let_alone()
        pair.standby.kill()
        alone = renamed(service, "Tỉnh cuối")
        told = figures_of(service.client.get("/metrics"))

    assert first == [f"Tỉnh {number}" for number in range(5)]
    assert told['chiso_standby_reads_total{answered_by="standby"}'] >= 1
    assert told['chiso_standby_reads_total{answered_by="primary"}'] >= 2
    assert {series for series in told if series.startswith("chiso_standby_connections")} == {
        f'chiso_standby_connections{{state="{state}"}}' for state in ("used", "idle")
    }
    assert (lagging, alone) == ("Tỉnh mới", "Tỉnh cuối")
