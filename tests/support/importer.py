"""A process that imports files of figures, one after the other, and says of each that it is stored.

python -m tests.support.importer DATABASE_URL FIRST

Every import changes every figure: the first counts FIRST, the next one more, and so on.
"""

import sys
from collections.abc import Iterator
from itertools import count

from app.domain.input_location import InputLocation
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.store.db import Database
from app.store.frameworks import indicator_kinds
from tests.support.rival import CALLER

PERIODS = [f"{year}-{month:02d}" for year in range(2000, 2020) for month in range(1, 13)]


class Figures:
    """A figure for each ratio and month, of one unit. Iterating again gives the same."""

    def __init__(self, indicators: list[str], number: int) -> None:
        self.indicators, self.number = indicators, number

    def __iter__(self) -> Iterator[tuple[InputLocation, object]]:
        counts = {"numerator": str(self.number), "denominator": "1000000"}
        for row, (period, indicator) in enumerate(((p, i) for p in PERIODS for i in self.indicators), 2):
            yield InputLocation(row=row), {"unit": "H60", "period": period, "indicator": indicator, **counts}


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def import_for_ever(database: Database, first: int) -> None:
    """Import until somebody ends it, and print the number of each import that is stored."""
    with database.reading() as session:
        ratios = sorted(code for code, kind in indicator_kinds(session).items() if kind == "ratio")
    say("began")
    for number in count(first):
        with database.writing() as session:
            id = import_values(session, CALLER, Figures(ratios, number), ImportOptions()).id
        say(id)


if __name__ == "__main__":
    import_for_ever(Database(sys.argv[1]), int(sys.argv[2]))
