"""Imports whose process is killed: what was acknowledged is whole, and nothing is half there."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, union_all

from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.audit import broken_links
from app.store.db import Database
from app.store.imports import ImportRow, list_imports
from app.store.values import CURRENT, PAST
from tests.make import a_unit
from tests.support.rival import CALLER
from tests.support.torture import ROUNDS, SEED

KILLS = {"sqlite": 4 * ROUNDS, "postgresql": 2 * ROUNDS}
LONGEST_LIFE = 1.2
"""Seconds from the first import on; one takes about a quarter of it."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**a_unit()))])
    yield database
    database.dispose()


def import_until_killed(url: str, first: int, seconds: float) -> list[int]:
    """Let a process import for so long, kill it, and return the numbers of the imports that it acknowledged."""
    command = [sys.executable, "-m", "tests.support.importer", url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        time.sleep(seconds)
        process.kill()
        said = process.stdout.read()
    return [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def revisions(database: Database) -> Counter[int]:
    """How many revisions there are of each import."""
    every = union_all(select(CURRENT.import_id), select(PAST.import_id))
    with database.reading() as session:
        return Counter(session.execute(every).scalars())


def imports(database: Database) -> list[ImportRow]:
    with database.reading() as session:
        return [each.row for each in list_imports(session, unit=None, before=None, limit=10**6, few=0)]


def test_a_killed_import_is_whole_or_not_there(database: Database) -> None:
    chance = random.Random(SEED)
    kills = KILLS[database.url.partition(":")[0].partition("+")[0]]
    acknowledged: list[int] = []
    for life in range(kills):
        acknowledged += import_until_killed(database.url, 1 + 1000 * life, chance.uniform(0.05, LONGEST_LIFE))

    with database.writing():  # waits for what a server may still be taking back
        pass
    stored = {row.id: row.rows for row in imports(database)}
    assert set(acknowledged) <= stored.keys()
    assert len(stored) - len(acknowledged) <= kills  # stored, and killed before it could say so
    assert revisions(database) == stored
    with database.reading() as session:
        assert list(broken_links(session)) == []
        assert len(set(session.execute(select(CURRENT.import_id)).scalars())) <= 1
