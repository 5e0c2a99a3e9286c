"""`GET /metrics`: what the processes of the service count and measure, and what waits in the database, as text."""

import asyncio
import resource
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from prometheus_client import Metric, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from app.api.concurrency_limits import ConcurrencyLimits
from app.metrics import series
from app.metrics.shared_files import files_in, shared_folder
from app.services.imports.jobs import ImportWorker
from app.store.data_version import Backlog
from app.store.db import Database
from app.store.schema import newest_schema

PULSE_S = 1.0
"""Seconds between two times at which a process measures itself, for whichever of them is asked."""
SECOND = 1_000_000
"""µs."""


class Measured(NamedTuple):
    """What a process measures of itself."""

    database: Database
    limits: ConcurrencyLimits
    jobs: ImportWorker
    telling: CapacityLimiter
    """A thread of its own: those that requests work in may all be taken."""

    async def always(self) -> None:
        """Measure again and again, until it is cancelled."""
        while True:
            self.now()
            await asyncio.sleep(PULSE_S)

    def now(self) -> None:
        """Set the gauges of this process to what is."""
        memory, pool = self.database.memory, self.database.pool
        series.WORKERS.set(1)
        series.KEPT.labels(series.WORKER).set(memory.size)
        series.KEPT_MOST.labels(series.WORKER).set(memory.room)
        with suppress(OSError):  # of a system that does not tell
            series.RESIDENT.labels(series.WORKER).set(resident_bytes())
        series.CONNECTIONS.labels("used").set(pool.checkedout())
        series.CONNECTIONS.labels("idle").set(pool.checkedin())
        series.CONNECTIONS_MOST.set(self.database.limits.connections)
        series.CONNECTIONS_WANTED.set(pool.wanted)
        if self.database.standby is not None:
            standby = self.database.standby.pool
            series.STANDBY_CONNECTIONS.labels("used").set(standby.checkedout())
            series.STANDBY_CONNECTIONS.labels("idle").set(standby.checkedin())
        for name, limit in self.limits.by_name.items():
            series.WAITING.labels(name).set(limit.queued)
            series.WORKING.labels(name).set(limit.inside)
        threads = to_thread.current_default_thread_limiter().statistics()
        series.WAITING.labels("threads").set(threads.tasks_waiting)
        series.WORKING.labels("threads").set(threads.borrowed_tokens)
        queued = self.jobs.waiting.qsize()
        series.JOBS.labels("import", "queued").set(queued)
        series.JOBS.labels("import", "running").set(max(0, len(self.jobs.running) - queued))


def resident_bytes() -> int:
    """Memory that this process has; OSError where the system does not tell it so."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * resource.getpagesize()


class Exposition(NamedTuple):
    """One answer: the version of the service, the kind of its database, the time by its clock (µs), the bytes that are
    free, and what the database says of its backlog, None where it does not answer.
    """

    version: str
    kind: str
    now: int
    free: int
    backlog: Backlog | None

    def text(self) -> tuple[bytes, str]:
        """The figures in the text format of Prometheus, and its media type."""
        return generate_latest(self), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Metric]:
        folder = shared_folder()
        yield from series.REGISTRY.collect() if folder is None else merged(files_in(folder))
        yield _labelled("info", "The service, and the schema that it needs.", version=self.version, schema=_newest())
        says = "Free for temporary files and an SQLite file, whichever are fewer."
        yield _plain("free_bytes", says, self.free)
        yield _plain("database_up", "Whether the database answers.", self.backlog is not None)
        if self.backlog is None:
            return
        says = "The database, and the schema that it has."
        yield _labelled("database_info", says, kind=self.kind, schema=self.backlog.schema)
        oldest = self.now if self.backlog.oldest is None else self.backlog.oldest
        says = "Since when the oldest import in the background waits or runs, on any host; 0: there is none."
        yield _plain("jobs_oldest_seconds", says, max(0, self.now - oldest) / SECOND)
        yield _plain("jobs_lost", "Imports in the background whose process is gone, on any host.", self.backlog.lost)


def merged(files: list[str]) -> Iterable[Metric]:
    """The figures of several processes, added up."""
    metrics: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
    return metrics


def _newest() -> str:
    return newest_schema() or ""


def _plain(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chiso_{name}", says, value)


def _labelled(name: str, says: str, **labels: str) -> Metric:
    """What is told by labels; the figure is always 1."""
    family = GaugeMetricFamily(f"chiso_{name}", says, labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family
