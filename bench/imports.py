"""An import of long CSV rows, validated and with history, against the bare writing of the same rows.

SQLite: `executemany` into the same table with the same indexes; PostgreSQL: COPY into the same table. Both keep what
they promise the disk. SQLite works in our own process, so there processor time is compared, which a busy machine does
not distort; for PostgreSQL it is the clock on the wall. Every measurement is taken in a process of its own, whose
memory is measured with it. The setting CHISO_BENCH_ROWS says how many rows (1,000,000), CHISO_BENCH_ROUNDS how often
(3; the median counts).
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.domain.unit import Facts
from app.services.frameworks import ship
from app.services.import_checks import Options
from app.services.imports import import_values, indicator_kinds
from app.services.intake import Rows
from app.services.rights import Caller, Scope
from app.services.units import Placed, state_units
from app.store.bulk import ROW
from app.store.db import Database, migrate
from bench.table import Row, show

ROWS = int(os.environ.get("CHISO_BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("CHISO_BENCH_ROUNDS", "3"))
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
        state_units(session, CALLER, [Placed(Facts.model_validate(unit)) for unit in (province, *communes)])
        kinds = indicator_kinds(session)
    database.dispose()
    return sorted(code for code, kind in kinds.items() if kind == "ratio")[:INDICATORS]


def take(url: str, path: str) -> tuple[float, int]:
    """Import a file. Seconds, and the most memory (bytes) that the process ever had."""
    database = Database(url)
    clock = process_time if url.startswith("sqlite") else perf_counter
    start = clock()
    with database.writing() as session, Path(path).open("rb") as file:
        kinds = indicator_kinds(session)
        record = import_values(session, CALLER, Rows(file, "csv", None, None, "long", kinds), Options())
    seconds = clock() - start
    assert record.created + record.updated + record.unchanged == ROWS
    return seconds, getrusage(RUSAGE_SELF).ru_maxrss * 1024


def bare(url: str, indicators: list[str]) -> tuple[float, int]:
    """Write the same rows, ready as they are, and nothing else. Seconds and memory as in `take`."""
    rows = [
        (period, unit, indicators[i], SOURCE, above * 10_000, below * 10_000, None, None, 1, 1, 1, None, False)
        for period, unit, i, above, below in figures(0)
    ]
    write = _executemany if url.startswith("sqlite") else _copy
    return write(url, rows), 0


def _executemany(url: str, rows: list[tuple[Any, ...]]) -> float:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
    start = process_time()
    connection.execute("BEGIN IMMEDIATE")
    places = ", ".join("?" * len(ROW))
    connection.executemany(f"INSERT INTO current_values ({', '.join(ROW)}) VALUES ({places})", rows)
    connection.execute("COMMIT")
    return process_time() - start


def _copy(url: str, rows: list[tuple[Any, ...]]) -> float:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        start = perf_counter()
        with cursor.copy(f"COPY current_values ({', '.join(ROW)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        return perf_counter() - start


def apart(work: Callable[..., tuple[float, int]], *arguments: object) -> tuple[float, int]:
    """The work in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def measure(home: Path, new_url: Callable[[str], str]) -> list[tuple[float, float, float]]:
    """Of every round: the speeds of a fresh import and of one with half the rows changed, and the memory."""
    indicators = prepare(new_url("names"))
    for changed in (0, 1):
        write_file(home / f"{changed}.csv", changed, indicators)
    found = []
    for number in range(ROUNDS):
        limit_url, url = new_url(f"limit{number}"), new_url(f"import{number}")
        prepare(limit_url)
        prepare(url)
        limit, _ = apart(bare, limit_url, indicators)
        fresh, memory = apart(take, url, str(home / "0.csv"))
        half, more = apart(take, url, str(home / "1.csv"))
        found.append((limit / fresh, limit / half, max(memory, more) / (MEGABYTES * 1_000_000)))
    return found


def rows(kinds: tuple[str, ...] = ("sqlite", "postgresql")) -> list[Row]:
    """Speeds as shares of the bare writing (more is better), and the memory as a share of 300 MB."""
    found = []
    for kind in kinds:
        with TemporaryDirectory(prefix="chiso-bench-") as home:
            measured = (_on_sqlite if kind == "sqlite" else _on_postgresql)(Path(home))
        fresh, half, memory = (median(column) for column in zip(*measured, strict=True))
        bare_way, goal = ("executemany", 0.55) if kind == "sqlite" else ("COPY", 0.35)
        found.append(Row(f"import of {ROWS} rows, {kind}: speed of {bare_way} that is kept (at least)", fresh, goal))
        found.append(
            Row("  the same again, half of the rows changed (at least)", half, 0.45 if kind == "sqlite" else 0)
        )
        found.append(Row(f"  memory of the process, of {MEGABYTES} MB", memory, 1.0))
    return found


def _on_sqlite(home: Path) -> list[tuple[float, float, float]]:
    return measure(home, lambda name: f"sqlite:///{home / name}.db")


def _on_postgresql(home: Path) -> list[tuple[float, float, float]]:
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
