"""An import that reads on for long without a word to the database, only to name every fault."""

from collections.abc import Iterator
from time import sleep

import pytest

from app.domain.input_location import InputLocation
from app.errors import AppError
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.limits import ImportLimits
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller, Scope
from app.store.db import Database, DatabaseLimits

ADMIN = Caller("bootstrap", frozenset({Scope.ADMIN}))
LEASE_S, PAUSE_S, ROWS = 1, 0.4, 5


class SlowFile:
    """Faulty rows, for each of which a while is needed; together longer than a lease."""

    def __iter__(self) -> Iterator[tuple[InputLocation, object]]:
        for number in range(ROWS):
            sleep(PAUSE_S)
            yield InputLocation(f"/{number}"), "no object"


def test_it_outlives_its_lease_as_long_as_it_reads(database_url: str) -> None:
    """PostgreSQL ends transactions that write and stand idle."""
    database = Database(database_url, limits=DatabaseLimits(lease_s=LEASE_S))
    ship(database)
    try:
        with pytest.raises(AppError) as refused, database.writing() as session:
            import_values(session, ADMIN, SlowFile(), ImportOptions(), limits=ImportLimits(rows=1))
    finally:
        database.dispose()

    assert refused.value.code == "import_rejected"
    assert len(refused.value.faults) >= ROWS
