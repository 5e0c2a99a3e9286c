"""What the service measures of itself, for Prometheus; each worker process counts for itself."""

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
    name = operation or UNROUTED
    REQUESTS.labels(name, str(status)).inc()
    SECONDS.labels(name).observe(seconds)


def exposition(*, jobs: int) -> tuple[bytes, str]:
    """The counts as text, and its media type; `jobs` is how many imports wait or run now."""
    JOBS.set(jobs)
    return generate_latest(REGISTRY), CONTENT_TYPE_PLAIN_0_0_4
