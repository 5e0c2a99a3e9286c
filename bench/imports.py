"""An import of long CSV rows in the background, validated and with history, against the bare writing of the same rows.

SQLite: `executemany` into the same table with the same indexes; PostgreSQL: COPY into the same table. Both keep what
they promise the disk. Import and limit take turns, and a ratio is taken within a round: by the clock on the wall, and
for SQLite, which works in our own process, by processor time beside it, which a busy machine distorts less.
(PostgreSQL's processor time is another process's.) Every measurement is taken in a process of its own, whose memory is
measured with it. The variable BENCH_ROWS says how many rows (1,000,000), BENCH_ROUNDS how often (3; the
median counts).
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, make_url
from sqlalchemy.orm import Session

from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.imports.files import ImportFile, Submission
from app.services.imports.jobs import ImportWorker
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller, Scope
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.bulk_values import ROW
from app.store.db import Database
from app.store.frameworks import indicator_kinds
from app.store.imports import get_import
from app.store.schema import migrate
from bench.table import Row, show

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
UNITS, INDICATORS, MONTHS = 3_000, 15, 240
MEGABYTES = 300
CALLER = Caller("bench", frozenset({Scope.ADMIN}))
SOURCE = "national_portal"


def figures(changed: int) -> Iterator[tuple[str, str, int, int, int]]:
    """Period, unit, number of an indicator and counts that hardly repeat, in the order of a monthly export.

    `changed` is 0, or 1 for other counts in every second row.
    """
    for number in range(ROWS):
        row, indicator = divmod(number, INDICATORS)
        month, unit = divmod(row, UNITS)
        below = 1 + number * 7_919 % 99_991
        above = (number + changed * (number % 2)) * 104_729 % (below + 1)
        yield f"{2000 + month // 12}-{month % 12 + 1:02d}", f"H60.{10_000 + unit}", indicator, above, below


def write_file(path: Path, changed: int, indicators: list[str]) -> None:
    with path.open("w") as file:
        file.write("unit,period,indicator,numerator,denominator,source,observed_at\n")
        for period, unit, indicator, above, below in figures(changed):
            file.write(f"{unit},{period},{indicators[indicator]},{above},{below},{SOURCE},2026-01-02T09:00:00+07:00\n")


def prepare(url: str) -> list[str]:
    """A migrated database with frameworks and units; the ratios that it knows."""
    migrate(url)
    database = Database(url)
    ship(database)
    communes = [
        {"code": f"H60.{10_000 + n}", "name": f"Xã {n}", "level": "commune", "parent": "H60"} for n in range(UNITS)
    ]
    province = {"code": "H60", "name": "Tuyên Quang", "level": "province", "parent": None}
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument.model_validate(unit)) for unit in (province, *communes)])
        kinds = indicator_kinds(session)
    database.dispose()
    return sorted(code for code, kind in kinds.items() if kind == "ratio")[:INDICATORS]


class Cost(NamedTuple):
    """What a piece of work took: seconds by the wall, of the processor, and the most memory (bytes) of its process.

    `held`: for so many of the seconds by the wall everybody else who writes had to wait.
    """

    wall: float
    processor: float
    memory: int
    held: float = 0.0


class TimedDatabase(Database):
    """Adds up for how long its transactions held the write lock."""

    held = 0.0

    @contextmanager
    def writing(self, *, wait_ms: int | None = None, on: Connection | None = None) -> Iterator[Session]:
        with super().writing(wait_ms=wait_ms, on=on) as session:
            began = perf_counter()
            yield session
        self.held += perf_counter() - began


@contextmanager
def costing(costs: list[Cost]) -> Iterator[None]:
    """Add the cost of what is done inside."""
    wall, processor = perf_counter(), process_time()
    yield
    memory = getrusage(RUSAGE_SELF).ru_maxrss * 1024
    costs.append(Cost(perf_counter() - wall, process_time() - processor, memory))


def take(url: str, path: str) -> Cost:
    """Import a file in the background."""
    database, costs = TimedDatabase(url), list[Cost]()
    jobs = ImportWorker(database)
    jobs.start()
    with Path(path).open("rb") as file, costing(costs):
        given = Submission([ImportFile(file, "csv", None)], ImportOptions())
        with jobs.accepting(CALLER, "bench", given, ExitStack()) as (_, row):
            assert row.id is not None
        while row.id in jobs.running:
            sleep(0.01)
    jobs.stop()
    with database.reading() as session:
        record = get_import(session, row.id)
    assert record.created + record.updated + record.unchanged == ROWS, record.problem
    return costs[0]._replace(held=database.held)


def bare(url: str, indicators: list[str]) -> Cost:
    """Write the same rows, ready as they are, and nothing else."""
    rows = [
        (period, unit, indicators[i], SOURCE, above * 10_000, below * 10_000, None, None, 1, None, False, 1, 1)
        for period, unit, i, above, below in figures(0)
    ]
    write = _executemany if url.startswith("sqlite") else _copy
    return write(url, rows)


def _executemany(url: str, rows: list[tuple[Any, ...]]) -> Cost:
    connection, costs = sqlite3.connect(str(make_url(url).database), isolation_level=None), list[Cost]()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
    with costing(costs):
        connection.execute("BEGIN IMMEDIATE")
        places = ", ".join("?" * len(ROW))
        connection.executemany(f"INSERT INTO current_values ({', '.join(ROW)}) VALUES ({places})", rows)
        connection.execute("COMMIT")
    return costs[0]


def _copy(url: str, rows: list[tuple[Any, ...]]) -> Cost:
    costs = list[Cost]()
    with psycopg.connect(url) as connection, connection.cursor() as cursor, costing(costs):
        with cursor.copy(f"COPY current_values ({', '.join(ROW)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
    return costs[0]


def apart(work: Callable[..., Cost], *arguments: object) -> Cost:
    """The work in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


class Round(NamedTuple):
    """What the limit cost, a fresh import, and one that changes half of its rows."""

    limit: Cost
    fresh: Cost
    half: Cost


def measure(home: Path, new_url: Callable[[str], str]) -> list[Round]:
    """Every round on databases of its own; limit and import take turns at being the first."""
    indicators = prepare(new_url("names"))
    for changed in (0, 1):
        write_file(home / f"{changed}.csv", changed, indicators)
    return [_round(home, new_url, number, indicators) for number in range(ROUNDS)]


def _round(home: Path, new_url: Callable[[str], str], number: int, indicators: list[str]) -> Round:
    limit_url, url = new_url(f"limit{number}"), new_url(f"import{number}")
    prepare(limit_url)
    prepare(url)
    before = [apart(bare, limit_url, indicators)] if number % 2 == 0 else []
    fresh, half = (apart(take, url, str(home / f"{changed}.csv")) for changed in (0, 1))
    [limit] = before or [apart(bare, limit_url, indicators)]
    return Round(limit, fresh, half)


def rows(kinds: tuple[str, ...] = ("sqlite", "postgresql")) -> list[Row]:
    """Speeds as shares of the bare writing (more is better), and the memory as a share of 300 MB."""
    found = []
    for kind in kinds:
        with TemporaryDirectory(prefix="chiso-bench-") as home:
            measured = (_on_sqlite if kind == "sqlite" else _on_postgresql)(Path(home))
        bare_way, fresh, half = ("executemany", 0.55, 0.45) if kind == "sqlite" else ("COPY", 0.35, 0)
        found.append(
            _kept(f"import of {ROWS} rows, {kind}: speed of {bare_way} that is kept", measured, "fresh", fresh)
        )
        found.append(_kept("  the same again, half of the rows changed", measured, "half", half))
        if kind == "sqlite":
            found.append(_kept("  fresh, by processor time", measured, "fresh", fresh, "processor"))
            found.append(_kept("  half changed, by processor time", measured, "half", half, "processor"))
        found += [_held("  others wait, of the time of the import", measured, "fresh")]
        found += [_held("  others wait, half of the rows changed", measured, "half")]
        memory = median(max(each.fresh.memory, each.half.memory) for each in measured)
        found.append(Row(f"  memory of the process, of {MEGABYTES} MB", memory / (MEGABYTES * 1_000_000), 1.0))
    return found


def _kept(name: str, rounds: list[Round], work: str, goal: float, clock: str = "wall") -> Row:
    """The limit's time as a share of the work's: the median over the rounds."""
    shares = (getattr(each.limit, clock) / getattr(getattr(each, work), clock) for each in rounds)
    return Row(f"{name} (at least)", median(shares), goal)


def _held(name: str, rounds: list[Round], work: str) -> Row:
    """The share of an import's time for which it held the write lock: the median over the rounds."""
    return Row(
        f"{name} (at most)", median(getattr(each, work).held / getattr(each, work).wall for each in rounds), 0.25
    )


def _on_sqlite(home: Path) -> list[Round]:
    return measure(home, lambda name: f"sqlite:///{home / name}.db")


def _on_postgresql(home: Path) -> list[Round]:
    from tests.support.databases import join_server

    home.chmod(0o711)  # the server runs as a user of its own
    server = join_server(home)

    def new_url(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(server.get_uri(database=name))

    try:
        return measure(home, new_url)
    finally:
        server.stop()


if __name__ == "__main__":
    show(rows(tuple(sys.argv[1:]) or ("sqlite", "postgresql")))
