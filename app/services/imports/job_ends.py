"""What the log and the metrics say of imports in the background: when each begins, and how it ends."""

import logging
import time

from app.errors import AppError
from app.metrics.series import JOB_SECONDS, JOBS_ENDED
from app.services.imports.job_steps import BackgroundImport
from app.services.imports.records import count_outcome, count_record

log = logging.getLogger("chiso.jobs")

KIND = "import"
BEGIN = "%(kind)s %(job)s begins"
END = "%(kind)s %(job)s %(outcome)s, %(rows)s rows, %(ms)s ms"


def note_begin(job: BackgroundImport) -> None:
    job.began = time.perf_counter()
    log.info(BEGIN, {"kind": KIND, "job": job.id}, extra={"request_id": job.request_id})


def note_end(job: BackgroundImport, reason: AppError | None) -> None:
    """By its record; where there is none it has failed, for the reason if one is known."""
    took = 0.0 if job.began is None else time.perf_counter() - job.began
    outcome, rows = ("failed", job.watch.read) if job.ended is None else (job.ended.status, job.ended.rows)
    said = {"kind": KIND, "job": job.id, "outcome": outcome, "rows": rows, "ms": round(took * 1000, 1)}
    if reason is None:
        log.info(END, said, extra={"request_id": job.request_id})
    else:
        log.info(f"{END}, %(reason)s", {**said, "reason": reason.code}, extra={"request_id": job.request_id})
    if job.ended is None:
        count_outcome(outcome)
    else:
        count_record(job.ended)
    JOBS_ENDED.labels(KIND, outcome).inc()
    JOB_SECONDS.labels(KIND).observe(took)
