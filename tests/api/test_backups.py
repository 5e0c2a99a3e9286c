"""Backups, restored and copied databases hold every row, whichever kind either side is; what is damaged is told."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.store.audit import count_entries
from app.store.copying import Contents, contents
from app.store.db import Database
from app.store.engines import place_of
from app.store.schema import tables_at
from tests.api.conftest import Clock
from tests.make import a_unit, with_units
from tests.support.command import ROOT, chiso, environment
from tests.support.databases import Databases
from tests.support.evaluations import published
from tests.support.table_reads import something_of_everything

Client = httpx.AsyncClient


@pytest.fixture
async def stocked_url(api: Client, clock: Clock, database_url: str) -> str:
    """A database with rows in its tables, and an evaluation in the place of another."""
    await something_of_everything(api)
    clock.forward(hours=1)
    await published(api)
    await published(api)
    return database_url


@pytest.fixture
def other_url(databases: Databases) -> Iterator[str]:
    """A second database, of the same kind and without a table."""
    with databases.database(migrated=False) as url:
        yield url


def held_by(url: str) -> Contents:
    found: Contents = {}
    database = Database(url)
    with database.reading() as session:
        for _ in contents(session, found):
            pass
    database.dispose()
    return found


def test_a_backup_holds_every_row_and_is_restored_where_there_is_nothing(
    stocked_url: str, other_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    (tmp_path / "more.csv").write_text(
        "unit,period,indicator,numerator,denominator\nH60,2024-01,on_time,1,2\n", "utf-8"
    )

    kept = chiso(tmp_path, "backup", "backup.db", database_url=stocked_url)
    again = chiso(tmp_path, "backup", "backup.db", database_url=stocked_url)
    bytes_before = file.read_bytes()
    restored = chiso(tmp_path, "restore", "backup.db", database_url=other_url)
    held, untouched = held_by(other_url), file.read_bytes() == bytes_before
    goes_on = chiso(tmp_path, "import", "more.csv", database_url=other_url)

    trace = last_hash(stocked_url)
    assert kept.returncode == 0, kept.stderr
    assert re.match(rf"{re.escape(place_of(stocked_url))} was copied to {file}: \d+ rows, read back", kept.stdout)
    assert kept.stdout.endswith(f"the last {trace}.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.suffix != ".csv"] == ["backup.db"]
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith(f"{file} is there already;")
    assert restored.returncode == 0, restored.stderr
    assert restored.stderr == f"A new database was made at {place_of(other_url)}.\n"
    assert held == held_by(stocked_url)
    assert held["evaluations"].rows >= 2
    assert untouched
    assert goes_on.returncode == 0, goes_on.stdout + goes_on.stderr  # numbers go on behind those that were copied


def last_hash(url: str) -> str:
    database = Database(url)
    with database.reading() as session:
        found: str = session.execute(text("SELECT trace FROM clock")).scalar_one()
    database.dispose()
    return found


def test_a_database_is_copied_to_a_file_and_from_there_to_its_own_kind(
    stocked_url: str, other_url: str, tmp_path: Path
) -> None:
    between = f"sqlite:///{tmp_path / 'between.db'}"

    there = chiso(tmp_path, "copy", stocked_url, between)
    back = chiso(tmp_path, "copy", between, other_url)
    refused = chiso(tmp_path, "copy", between, other_url)

    assert (there.returncode, back.returncode) == (0, 0), there.stderr + back.stderr
    assert held_by(between) == held_by(other_url) == held_by(stocked_url)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"The database at {place_of(other_url)} holds rows. Name an empty one.\n"
    with closing(sqlite3.connect(tmp_path / "between.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_service_that_runs_shows_what_was_restored(api: Client, stocked_url: str, tmp_path: Path) -> None:
    kept = chiso(tmp_path, "backup", "backup.db", database_url=stocked_url)
    before = (await api.get("/v1/units")).json()
    await with_units(api, [a_unit(code="H99", name="UBND tỉnh Mới", identifiers=[])])
    since = (await api.get("/v1/units")).json()

    refused = chiso(tmp_path, "restore", "backup.db", database_url=stocked_url)
    unchanged = (await api.get("/v1/units")).json()
    restored = chiso(tmp_path, "restore", "backup.db", "--force", database_url=stocked_url)
    after = (await api.get("/v1/units")).json()
    await with_units(api, [a_unit(code="H98", name="UBND tỉnh Khác", identifiers=[])])
    written = (await api.get("/v1/units")).json()

    assert (kept.returncode, restored.returncode) == (0, 0), kept.stderr + restored.stderr
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "holds rows. With --force they are replaced" in refused.stderr
    assert len(since["items"]) == len(before["items"]) + 1
    assert (unchanged, after) == (since, before)
    assert [each["code"] for each in written["items"] if each not in before["items"]] == ["H98"]


DAMAGE = {
    "UPDATE audit SET actor = 'someone' WHERE id = 2": "entry 2 of the audit was changed after it was written",
    "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)": "others behind it are missing",
    "UPDATE evaluation_parts SET content = '{}' WHERE evaluation = 1": "evaluation 1 is not as it was frozen",
    "UPDATE evaluations SET digest = 'x' WHERE id = 2": "evaluation 2 is not as it was frozen",
}


def test_a_damaged_backup_is_told_and_restored_only_where_that_is_asked_for(
    stocked_url: str, other_url: str, tmp_path: Path
) -> None:
    chiso(tmp_path, "backup", "backup.db", database_url=stocked_url)
    with closing(sqlite3.connect(tmp_path / "backup.db")) as connection:
        for statement in DAMAGE:
            connection.execute(statement)
        connection.commit()

    refused = chiso(tmp_path, "restore", "--force", "backup.db", database_url=other_url)
    tables = tables_at(other_url)
    forced = chiso(tmp_path, "restore", "backup.db", "--damaged", database_url=other_url)

    assert (refused.returncode, refused.stdout, tables) == (1, "", "none")
    assert "backup.db is damaged; nothing was restored." in refused.stderr
    assert [said for said in DAMAGE.values() if said not in refused.stderr] == []
    assert (forced.returncode, forced.stdout[:26]) == (1, "backup.db was restored to ")
    assert "What was restored is damaged:" in forced.stderr


def test_what_is_no_backup_is_refused(other_url: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes" * 1000, "utf-8")
    with closing(sqlite3.connect(tmp_path / "others.db")) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")

    told = [chiso(tmp_path, "restore", name, database_url=other_url) for name in ("notes.txt", "others.db")]
    nothing = chiso(tmp_path, "backup", "backup.db", database_url=other_url)

    assert [(each.returncode, each.stdout) for each in (*told, nothing)] == [(1, "")] * 3
    assert "file is not a database" in told[0].stderr
    assert told[1].stderr == "others.db is no database of chiso.\n"
    assert nothing.stderr.startswith(f"There is no database of chiso at {place_of(other_url)}.")
    assert {each.name for each in tmp_path.iterdir()} == {"notes.txt", "others.db"}


async def test_a_backup_is_whole_while_others_write(api: Client, database_url: str, tmp_path: Path) -> None:
    """Every import of the writer changes every figure to its own number, so that half of one would show."""
    await with_units(api, [a_unit()])
    command = [sys.executable, "-m", "tests.support.importer", database_url, "1"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(2)]
        kept = chiso(tmp_path, "backup", "backup.db", database_url=database_url)
        still = writer.poll()
        writer.kill()

    assert (said[0], still, kept.returncode) == ("began\n", None, 0), kept.stderr
    with closing(sqlite3.connect(tmp_path / "backup.db")) as connection:
        numbers = connection.execute("SELECT count(DISTINCT numerator) FROM current_values").fetchone()
        applied = connection.execute("SELECT count(*) FROM imports").fetchone()[0]
    assert numbers == (1,)
    assert applied >= 1


def test_the_database_itself_is_never_the_file_of_its_backup(stocked_url: str, tmp_path: Path) -> None:
    if not stocked_url.startswith("sqlite"):
        pytest.skip("a file is SQLite's")

    refused = chiso(tmp_path, "backup", "--force", place_of(stocked_url), database_url=stocked_url)

    database = Database(stocked_url)
    with database.reading() as session:
        assert count_entries(session) > 3
    database.dispose()
    assert (refused.returncode, refused.stdout) == (1, "")
