"""A process that reads and then writes what another one reads and writes as well.

python -m tests.support.rival DATABASE_URL TIMES
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.services.rights import Caller, Scope
from app.services.units import patch_unit
from app.store.db import Database
from app.store.units import load_units

CALLER = Caller("rival", frozenset({Scope.ADMIN}))


@contextmanager
def another_writer(database_url: str) -> Iterator[None]:
    """While inside, another process writes."""
    other = Database(database_url)
    with other.writing():
        yield
    other.dispose()


def count_up(database: Database, times: int) -> None:
    """Add one to the number that is the name of H60, so many times."""
    for _ in range(times):
        with database.writing() as session:
            number = int(load_units(session, ["H60"])["H60"].last.name)
            patch_unit(session, CALLER, "H60", {"name": str(number + 1)})


if __name__ == "__main__":
    count_up(Database(sys.argv[1]), int(sys.argv[2]))
