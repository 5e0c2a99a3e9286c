"""A process that imports in the background and never comes to the end of its file.

python -m tests.support.background DATABASE_URL

It says the number of its import once the first figures have been written, then hangs in the middle of the file.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from itertools import islice, product
from typing import BinaryIO, cast

from app.domain.intake.text_columns import FIGURES_AT_ONCE
from app.services.imports.files import ImportFile, Submission
from app.services.imports.jobs import ImportWorker
from app.services.imports.row_checks import ImportOptions
from app.store.db import Database
from tests.support.rival import CALLER

INDICATORS = [f"{group}_points" for group in ("transparency", "progress", "payment", "satisfaction", "digitization")]


UNITS = ["H60", *(f"H60.{number}" for number in range(100, 120))]
PERIODS = [f"{year}-{month:02d}" for year in range(2000, 2020) for month in range(1, 13)]


def lines(count: int) -> Iterator[bytes]:
    """A table of so many figures (25,200 at most), the first ones of one period."""
    yield b"unit,period,indicator,value\n"
    for period, unit, indicator in islice(product(PERIODS, UNITS, INDICATORS), count):
        yield f"{unit},{period},{indicator},1.5\n".encode()


def a_table(count: int) -> ImportFile:
    """The table as a file."""
    return ImportFile(BytesIO(b"".join(lines(count))), "csv", None)


class Endless(BytesIO):
    """A file whose end never arrives."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        while not found:
            time.sleep(1)
        return found


def main(url: str) -> None:
    database = Database(url)
    jobs = ImportWorker(database)
    jobs.start()
    endless = ImportFile(cast(BinaryIO, Endless(b"".join(lines(25_000)))), "csv", None)
    given = Submission([endless], ImportOptions())
    with jobs.accepting(CALLER, "request", given, ExitStack()) as (_, row):
        pass
    patience = time.monotonic() + 60
    while (jobs.progress(row.id or 0) or 0) <= FIGURES_AT_ONCE:  # the second block is read once the first is written
        assert time.monotonic() < patience
        time.sleep(0.01)
    sys.stdout.write(f"{row.id}\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1])
