"""What the service measures of itself, for Prometheus; each worker process counts for itself."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "chiso_requests", "Answered requests by operation and status.", ["operation", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "chiso_request_seconds",
    "Time from a request's arrival to the end of its answer, by operation.",
    ["operation"],
    registry=REGISTRY,
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
JOBS = Gauge("chiso_import_jobs", "Imports that wait or run in the background of this process.", registry=REGISTRY)
UNROUTED = "none"
"""The operation of requests that reach no route: any address may be asked for, a label must not grow with them."""


def count(operation: str | None, status: int, seconds: float) -> None:
    """Note one answered request."""
    requests, durations = _of(operation or UNROUTED, status)
    requests.inc()
    durations.observe(seconds)


@cache
def _of(operation: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and the histogram of an operation; looking them up by their labels takes longer than counting."""
    return REQUESTS.labels(operation, str(status)), SECONDS.labels(operation)


def exposition(*, jobs: int) -> tuple[bytes, str]:
    """The counts as text, and its media type; `jobs` is how many imports wait or run now."""
    JOBS.set(jobs)
    return generate_latest(REGISTRY), CONTENT_TYPE_PLAIN_0_0_4
