"""The end of a month: dashboards poll, offices import, evaluations are made, all at once. `make load`.

One clone, or several in turn (`python -m bench.load DIRECTORY…`, each with its own `.venv`): each serves a country of
its own as a real process, is asked over HTTP only, and is ended afterwards; the table gives each beside the first.
Everybody asks again as soon as he is answered, so what is measured is what the service can do; figures are of this
machine, ratios are what can be compared. DIRECTORY:2 serves it with two workers. LOAD_SECONDS says for how long (60),
after a third of that to warm up.
"""

import http.client
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from time import perf_counter, sleep
from typing import Any, NamedTuple

SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
WARM_UP = SECONDS / 3
"""Seconds before that, in which a process that has just begun looks everything up for the first time."""
PROVINCES, COMMUNES = 34, 95
POLLERS, IMPORTERS, EVALUATORS = 20, 5, 2
BEFORE, NOW = "2026-09", "2026-10"
KEY = "the-key-of-the-load-bench"
PATIENCE = 120.0
"""Seconds that anything may take at all."""
BOARD, PAGE, WRITE, FREEZE = "boards", "units and reports", "small imports", "evaluations"
Asked = tuple[str, str, str, bytes, dict[str, str]]
"""The kind of a request, its method, its address, its body, its headers."""


class Served(NamedTuple):
    """A clone, and by how many processes it is served.

    >>> Served.parse("/srv/chiso:2")
    Served(clone=PosixPath('/srv/chiso'), workers=2)
    """

    clone: Path
    workers: int = 1

    @classmethod
    def parse(cls, said: str) -> "Served":
        directory, _, workers = said.partition(":")
        return cls(Path(directory).resolve(), int(workers or 1))

    @property
    def name(self) -> str:
        return self.clone.name[:8] + (f", {self.workers} workers" if self.workers > 1 else "")


class Client:
    """One caller on one connection, which is opened anew where the service has closed it."""

    def __init__(self, address: str) -> None:
        self.address = address.removeprefix("http://")
        self.connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        self.tags: dict[str, str] = {}

    def ask(self, asked: Asked) -> tuple[int, bytes]:
        """Status and body; status 0 where the connection broke. What was read before is asked for by its tag."""
        _, method, path, body, headers = asked
        sent = {"Authorization": f"Bearer {KEY}", **headers}
        if method == "GET" and path in self.tags:
            sent["If-None-Match"] = self.tags[path]
        try:
            self.connection.request(method, path, body or None, sent)
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, b""
        if tag := response.headers["etag"]:
            self.tags[path] = tag
        return response.status, content

    def get(self, path: str) -> Any:
        """The answer as JSON."""
        return json.loads(self.ask(("", "GET", path, b"", {}))[1])

    def post(self, path: str, kind: str, body: bytes) -> Any:
        """Likewise, and it must have been a success."""
        status, content = self.ask(("", "POST", path, body, {"Content-Type": kind}))
        assert status < 300, content
        return json.loads(content)


@contextmanager
def served(clone: Path, home: Path, workers: int = 1) -> Iterator[tuple[str, int]]:
    """The address and the process of the service of a clone on an empty database."""
    settings = {"CHISO_BOOTSTRAP_KEY": KEY, "CHISO_DATABASE_URL": f"sqlite:///{home / 'load.db'}"}
    with (home / "log").open("wb") as log:
        command = [str(clone / ".venv/bin/python"), "-m", "app.cli", "serve", "--port", "0"]
        command += ["--workers", str(workers)] if workers > 1 else []
        process = subprocess.Popen(command, cwd=clone, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            yield address_in(home / "log", process), process.pid
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def address_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Where the service said that it serves."""
    for _ in range(int(PATIENCE * 10)):
        said = log.read_text()
        if "chiso serves " in said:
            return said.partition("chiso serves ")[2].split()[0]
        if process.poll() is not None:
            break
        sleep(0.1)
    raise TimeoutError(log.read_text())


def province(number: int) -> str:
    return f"L{10 + number}"


def commune(of: int, number: int) -> str:
    return f"{province(of)}.{number}"


def indicators(client: Client) -> list[str]:
    """What the shares of the index in force are computed from."""
    kinds = {each["code"]: each["kind"] for each in client.get("/v1/indicators?limit=1000")["items"]}
    nodes, found = list(client.get("/v1/frameworks/qd766@2026")["criteria"]), dict[str, None]()
    while nodes:
        node = nodes.pop()
        nodes += node.get("criteria") or []
        found.update(dict.fromkeys(rule["indicator"] for rule in node.get("rules") or [] if "indicator" in rule))
    return [code for code in found if kinds[code] == "ratio"]


def figures(period: str, units: Sequence[str], codes: Sequence[str], seed: int) -> bytes:
    """Rows of an import: a numerator and a denominator for every unit and indicator."""
    chance = Random(seed)
    lines = ["unit,period,indicator,numerator,denominator,source"]
    for unit in units:
        for code in codes:
            below = chance.randint(1, 5_000)
            lines.append(f"{unit},{period},{code},{chance.randint(0, below)},{below},national_portal")
    return "\n".join(lines).encode()


def fill(client: Client, provinces: int = PROVINCES, periods: Sequence[str] = (BEFORE, NOW)) -> list[str]:
    """So many provinces and the figures of these months; the indicators that they are of."""
    units = ["code,name,level,parent"]
    for number in range(provinces):
        units.append(f"{province(number)},UBND tỉnh {number},province,")
        units += [f"{commune(number, each)},UBND xã {each},commune,{province(number)}" for each in range(COMMUNES)]
    client.post("/v1/units/import", "text/csv", "\n".join(units).encode())
    codes = indicators(client)
    for seed, period in enumerate(periods):
        for number in range(provinces):
            rows = figures(period, [commune(number, each) for each in range(COMMUNES)], codes, seed * 1_000 + number)
            client.post("/v1/imports", "text/csv", rows)
    return codes


def polls(number: int) -> Iterator[Asked]:
    """What the dashboard of a province asks for, again and again: its boards, a unit, a report, the country."""
    own = province(number % PROVINCES)
    board = f"/v1/scores?level=commune&under={own}&limit=200&period="
    addresses = [
        (BOARD, board + NOW),
        (BOARD, board + BEFORE),
        (PAGE, f"/v1/scores/{own}.{number}/{NOW}"),
        (BOARD, board + NOW),
        (PAGE, f"/v1/reports/classification?period={BEFORE}&under={own}&level=commune"),
        (BOARD, f"/v1/scores?level=commune&limit=100&period={NOW}"),
    ]
    while True:
        yield from ((kind, "GET", address, b"", {}) for kind, address in addresses)


def imports(number: int, codes: Sequence[str]) -> Iterator[Asked]:
    """What an office sends: the figures of one commune at a time, for the month that ends."""
    for turn in count():
        rows = figures(NOW, [commune(number, turn % COMMUNES)], codes, 10_000 + number * 1_000 + turn)
        headers = {"Content-Type": "text/csv", "Idempotency-Key": f"load-{number}-{turn}"}
        yield WRITE, "POST", "/v1/imports", rows, headers


def evaluations(number: int) -> Iterator[Asked]:
    """What evaluators do: freeze a province, one after the other."""
    for turn in count(number * 7):
        wanted = {"period": BEFORE, "under": province(turn % PROVINCES), "levels": ["commune"], "title": f"Load {turn}"}
        yield FREEZE, "POST", "/v1/evaluations", json.dumps(wanted).encode(), {"Content-Type": "application/json"}


class Measured:
    """How long answers took, by kind of request, and with which statuses they came."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.lock = Lock()

    def note(self, kind: str, status: int, seconds: float) -> None:
        with self.lock:
            self.seconds[kind].append(seconds)
            self.statuses[kind, status] += 1

    def clear(self) -> None:
        """Forget what was noted so far."""
        with self.lock:
            self.seconds.clear()
            self.statuses.clear()

    @property
    def answers(self) -> float:
        """Answers a second to whoever reads."""
        return (len(self.seconds[BOARD]) + len(self.seconds[PAGE])) / SECONDS

    def p99(self, kind: str) -> float:
        """Seconds within which 99 of 100 were answered."""
        found = sorted(self.seconds[kind])
        return found[ceil(len(found) * 0.99) - 1] if found else float("nan")

    def rates(self) -> dict[str, float]:
        return {
            "answers to readers, a second": self.answers,
            "boards, p99 in seconds": self.p99(BOARD),
            "units and reports, p99 in seconds": self.p99(PAGE),
            "small imports, a second": len(self.seconds[WRITE]) / SECONDS,
            "small imports, p99 in seconds": self.p99(WRITE),
            "evaluations, a second": len(self.seconds[FREEZE]) / SECONDS,
            "evaluations, p99 in seconds": self.p99(FREEZE),
            "refused or broken": sum(
                number for (_, status), number in self.statuses.items() if not 200 <= status < 400
            ),
        }


def work(address: str, asked: Iterator[Asked], measured: Measured, over: Event) -> None:
    """Ask one after the other until it is over."""
    client = Client(address)
    while not over.is_set():
        each = next(asked)
        began = perf_counter()
        status, _ = client.ask(each)
        if not over.is_set():
            measured.note(each[0], status, perf_counter() - began)


def measure(each: Served) -> Measured:
    """The load on the service of a clone."""
    with (
        TemporaryDirectory(prefix="chiso-load-") as home,
        served(each.clone, Path(home), each.workers) as (address, _),
    ):
        codes = fill(Client(address))
        measured, over = Measured(), Event()
        asked = [
            *map(polls, range(POLLERS)),
            *(imports(number, codes) for number in range(IMPORTERS)),
            *map(evaluations, range(EVALUATORS)),
        ]
        threads = [Thread(target=work, args=(address, wanted, measured, over)) for wanted in asked]
        for thread in threads:
            thread.start()
        sleep(WARM_UP)
        measured.clear()
        sleep(SECONDS)
        over.set()
        for thread in threads:
            thread.join()
    return measured


def show(clones: Sequence[Served]) -> None:
    """Measure each and print the table: a column a clone, and each as a multiple of the first."""
    found = [measure(clone).rates() for clone in clones]
    print(f"{'load of ' + str(round(SECONDS)) + ' seconds':36}", *(f"{clone.name:>20}" for clone in clones))
    for name, first in found[0].items():
        cells = [f"{each[name]:10.2f}" + (f" = ×{each[name] / first:<6.2f}" if first else " " * 10) for each in found]
        print(f"{name:36}", *(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    show([Served.parse(each) for each in sys.argv[1:]] or [Served(Path.cwd())])
