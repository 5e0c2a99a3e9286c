"""The series that `GET /metrics` prints: what they count, in which parts.

The parts are few and known beforehand: nothing that is sent may make a series. Where several processes share a folder
(`shared_files`), gauges are the sum over the living ones; what is to be told apart names its worker.
"""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from app.metrics.shared_files import join

WORKER = str(join())
"""The number of this process among those that share its folder."""
REGISTRY = CollectorRegistry()
disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double what is printed

UNROUTED = "none"
"""The operation of requests that reach no route: any address may be asked for, a label must not grow with them."""
OF_REQUESTS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
OF_WAITING = (0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30)
OF_JOBS = (1, 5, 15, 60, 300, 900, 3600)


def _counter(name: str, says: str, *labels: str) -> Counter:
    return Counter(f"chiso_{name}", says, labels, registry=REGISTRY)


def _gauge(name: str, says: str, *labels: str) -> Gauge:
    return Gauge(f"chiso_{name}", says, labels, registry=REGISTRY, multiprocess_mode="livesum")


def _histogram(name: str, says: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"chiso_{name}", says, labels, registry=REGISTRY, buckets=buckets)


REQUESTS = _counter("requests", "Answered requests by operation and status.", "operation", "status")
SECONDS = _histogram(
    "request_seconds", "Time from a request's arrival to the end of its answer, by operation.", OF_REQUESTS, "operation"
)
CUT = _counter("answers_cut", "Answers that were not sent to their end, mostly because nobody read them.")
CLIENTS = _gauge("client_connections", "Connections of clients that are open.")

CACHED = _counter("cache_lookups", "What was asked for among what is kept, and whether it was there.", "cache", "found")
KEPT = _gauge("kept_bytes", "What a process keeps of answers and scored cohorts.", "worker")
KEPT_MOST = _gauge("kept_bytes_limit", "What it may keep (CHISO_MEMORY_BYTES).", "worker")
RESIDENT = _gauge("resident_bytes", "Memory that a process has.", "worker")
WORKERS = _gauge("workers", "Processes that answer.")

WAITED = _histogram(
    "limit_wait_seconds", "Time until a request had its place, or was refused, by what only a few may do at a time.",
    OF_WAITING, "limit",
)  # fmt: skip
WAITING = _gauge("limit_waiting", "Requests that wait for a place.", "limit")
WORKING = _gauge("limit_working", "Requests that have one.", "limit")
REFUSED = _counter("limit_refused", "Requests that got none: too many waited, or it took too long.", "limit")
LOCK_WAITED = _histogram("write_lock_wait_seconds", "Time that a transaction waited to write, or in vain.", OF_WAITING)

CONNECTIONS = _gauge("database_connections", "Connections to the database that are used or idle.", "state")
CONNECTIONS_MOST = _gauge("database_connections_limit", "Those that may be open (CHISO_DATABASE_CONNECTIONS).")
CONNECTIONS_WANTED = _gauge("database_connections_waiting", "Threads that wait for one.")

STANDBY_CONNECTIONS = _gauge(
    "standby_connections", "Connections to the standby (CHISO_DATABASE_READ_URL) that are used or idle.", "state"
)
STANDBY_READS = _counter("standby_reads", "Reads that a standby could answer, by which server did.", "answered_by")

JOBS = _gauge("jobs", "Work in the background of the processes, queued or running.", "kind", "state")
JOBS_ENDED = _counter("jobs_ended", "Work in the background that has ended, by how.", "kind", "outcome")
JOB_SECONDS = _histogram("job_seconds", "Time from the beginning of such work to its end.", OF_JOBS, "kind")
WEBHOOK_ATTEMPTS = _counter("webhook_attempts", "Messages sent to webhooks, by what became of them.", "outcome")
IMPORTS = _counter("imports", "Imports of figures, at once or in the background, by what became of them.", "outcome")
DRY_RUNS = _counter("import_dry_runs", "Imports that were only tried, by what would have become of them.", "outcome")
IMPORTED = _counter("import_rows", "Figures of imports that were applied, by what became of them.", "outcome")


def count_request(operation: str | None, status: int, seconds: float) -> None:
    """Note one answered request."""
    requests, durations = _of(operation or UNROUTED, status)
    requests.inc()
    durations.observe(seconds)


def count_lookups(cache: str, found: int, missing: int) -> None:
    """Note that so many things were asked for in a cache, and how many of them were there."""
    if found:
        CACHED.labels(cache, "yes").inc(found)
    if missing:
        CACHED.labels(cache, "no").inc(missing)


@cache
def _of(operation: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and the histogram of an operation; looking them up by their labels takes longer than counting."""
    return REQUESTS.labels(operation, str(status)), SECONDS.labels(operation)
