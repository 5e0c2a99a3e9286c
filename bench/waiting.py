"""What 45 writers who wait for one cost everybody else, on both databases.

python -m bench.waiting

Two processes: one holds the write lock, the other serves. Printed: how the writers were answered, and how long the
page, the contract, the metrics, a new board and a read as of now took meanwhile.
"""

import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from app.services.frameworks import ship
from app.store.db import Database
from app.store.schema import migrate
from tests.make import a_commune, a_unit, some_figures
from tests.support.databases import Postgres, Sqlite, stop_server
from tests.support.rival import another_writer
from tests.support.services import Service, Services

WRITERS = 45
HELD_S = 12
READS = {
    "page": "/",
    "docs": "/docs",
    "metrics": "/metrics",
    "readyz": "/readyz",
    "new board": "/v1/scores?period=2024-07&level=commune&under=H60&limit={n}",
    "as of now": "/v1/units?as_of={now}&limit={n}",
}


def main() -> None:
    services = Services()
    with tempfile.TemporaryDirectory(prefix="b-waiting-") as home:
        for databases in (Sqlite(Path(home), migrate), Postgres(Path(home), migrate)):
            with databases.database() as url:
                database = Database(url)
                ship(database)
                database.dispose()
                with services.on(url) as service:
                    measure(type(databases).__name__, service, url)
        stop_server(Path(home))
    services.close()


def measure(name: str, service: Service, url: str) -> None:
    client = service.client
    client.post("/v1/units/import", json=[a_unit(), a_commune("H60.100")]).raise_for_status()
    client.post("/v1/imports", json=some_figures("H60.100")).raise_for_status()
    answers: list[tuple[int, float]] = []

    def write(number: int) -> None:
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=120) as own:
            began = time.perf_counter()
            keyed = {"Idempotency-Key": str(number)} if number % 2 else {}
            if number % 3:
                answer = own.post("/v1/imports", json=some_figures("H60.100", numerator=number), headers=keyed)
            else:
                answer = own.put("/v1/periods/2025-01/due", json={"due_on": "2026-08-01"}, headers=keyed)
            answers.append((answer.status_code, time.perf_counter() - began))

    took: dict[str, list[float]] = {each: [] for each in READS}
    failed: Counter[str] = Counter()

    def read(what: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=120) as own:
            number = 1
            while not stop.is_set():
                number += 1
                now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                began = time.perf_counter()
                answer = own.get(READS[what].format(n=number % 900 + 1, now=now))
                took[what].append(time.perf_counter() - began)
                failed[f"{what} {answer.status_code}"] += not answer.is_success
                time.sleep(0.1)

    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + len(READS)) as threads:
        with another_writer(url):
            writing = [threads.submit(write, number) for number in range(WRITERS)]
            time.sleep(0.5)
            reading = [threads.submit(read, what, stop) for what in READS]
            time.sleep(HELD_S)
            stop.set()
            waited = list(answers)
        for each in (*writing, *reading):
            each.result()
    print(f"{name}: {WRITERS} writers while another one writes for {HELD_S} s")
    at_once = [seconds for status, seconds in waited if status == 503]
    every = dict(Counter(status for status, _ in answers))
    print(f"  refused meanwhile {len(at_once)}, the slowest after {max(at_once, default=0):.2f} s; all {every}")
    for what, seconds in took.items():
        median = sorted(seconds)[len(seconds) // 2]
        print(f"  {what:10} {len(seconds):4} answers, median {median:.3f} s, slowest {max(seconds):.2f} s")
    print("  not 2xx:", {each: n for each, n in failed.items() if n})


if __name__ == "__main__":
    main()
