"""What the service of one province takes in memory over an hour of everything that is asked of it.

python -m bench.memory

A year of figures, dashboards, files of each format, letters, imports and evaluations, of a real process over HTTP;
LOAD_SECONDS says for how long (3600). Printed each minute and at the end: the memory that is resident, in MB.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic

from bench.load import COMMUNES, Asked, Client, commune, figures, fill, province, served

SECONDS = float(os.environ.get("LOAD_SECONDS", "3600"))
MOST_MB = 250
"""What one process of a province may take."""
MONTHS = [f"2026-{month:02}" for month in range(1, 11)]
READERS, READS_EACH_S, IMPORTS_EACH_S, EVALUATIONS_EACH_S = 4, 1.0, 4.0, 30.0
OWN = province(0)
READS = (
    "/v1/scores?level=commune&under={own}&period={month}&limit=200",
    "/v1/scores?level=commune&under={own}&period={month}&sort=-change",
    "/v1/scores/{unit}/{month}",
    "/v1/scores/{unit}",
    "/v1/periods/{month}/completeness?level=commune&under={own}",
    "/v1/findings?period={month}&under={own}",
    "/v1/units?under={own}&limit=500",
    "/v1/audit?limit=100",
    "/metrics",
    *(
        f"/v1/reports/classification?under={{own}}&level=commune&period={{month}}&format={each}"
        for each in ("json", "xlsx")
    ),
    *(
        f"/v1/reports/announcement?under={{own}}&level=commune&period={{month}}&format={each}"
        for each in ("json", "docx")
    ),
    *(f"/v1/values?under={{own}}&period={{month}}&format={each}" for each in ("csv", "xlsx", "ndjson")),
    *(
        f"/v1/scores?level=commune&under={{own}}&period={{month}}&format={each}"
        for each in ("csv", "xlsx", "json-stat")
    ),
)


def reads(seed: int) -> Iterator[Asked]:
    """What people look at, in an order by chance."""
    chance = Random(seed)
    while True:
        unit = commune(0, chance.randrange(COMMUNES))
        path = chance.choice(READS).format(own=OWN, month=chance.choice(MONTHS), unit=unit)
        yield "read", "GET", path, b"", {}


def imports(codes: list[str]) -> Iterator[Asked]:
    """The figures of ten communes at a time."""
    for turn, month in enumerate(cycle(MONTHS)):
        units = [commune(0, (turn * 10 + each) % COMMUNES) for each in range(10)]
        yield "import", "POST", "/v1/imports", figures(month, units, codes, turn), {"Content-Type": "text/csv"}


def evaluations() -> Iterator[Asked]:
    """An evaluation of the province, then what is computed over the one frozen last."""
    for month in cycle(MONTHS):
        wanted = {"period": month, "under": OWN, "levels": ["commune"], "title": month}
        headers = {"Content-Type": "application/json"}
        yield "evaluation", "POST", "/v1/evaluations", json.dumps(wanted).encode(), headers
        yield "verify", "GET", "/v1/evaluations/1/verify", b"", {}


def work(address: str, asked: Iterator[Asked], each_s: float, over: Event, statuses: Counter[tuple[str, int]]) -> None:
    """Ask one after the other, with a pause, until it is over."""
    client = Client(address)
    while not over.wait(each_s):
        one = next(asked)
        client.tags.clear()  # whole answers
        status, _ = client.ask(one)
        if not status:  # a connection that stood still is closed
            status, _ = client.ask(one)
        statuses[one[0], status] += 1


def resident_mb(process: int) -> dict[str, float]:
    """What a process takes now, and took at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


def main() -> None:
    statuses: Counter[tuple[str, int]] = Counter()
    with TemporaryDirectory(prefix="chiso-memory-") as home, served(Path.cwd(), Path(home)) as (address, process):
        codes, over = fill(Client(address), 1, MONTHS), Event()
        works = [(reads(seed), READS_EACH_S) for seed in range(READERS)]
        works += [(imports(codes), IMPORTS_EACH_S), (evaluations(), EVALUATIONS_EACH_S)]
        threads = [Thread(target=work, args=(address, asked, each_s, over, statuses)) for asked, each_s in works]
        for thread in threads:
            thread.start()
        began = monotonic()
        while monotonic() - began < SECONDS:
            over.wait(min(60.0, SECONDS))
            print(f"{monotonic() - began:6.0f} s {resident_mb(process)['VmRSS']:6.0f} MB", flush=True)
        over.set()
        for thread in threads:
            thread.join()
        last = resident_mb(process)
    for (kind, status), number in sorted(statuses.items()):
        print(f"{kind:12}{status:5}{number:8}")
    most = last["VmHWM"]
    print(f"at the end {last['VmRSS']:.0f} MB, at most {most:.0f} MB = {most / MOST_MB:.0%} of {MOST_MB} MB")


if __name__ == "__main__":
    main()
