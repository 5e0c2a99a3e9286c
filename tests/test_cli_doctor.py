"""`chiso doctor` and `chiso jobs`: what they find, and the exit code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.services.frameworks import ship
from app.services.imports.job_steps import database_away, enqueue_import, fail
from app.services.imports.jobs import ImportWorker
from app.services.rights import Caller, Scope
from app.store.db import Database
from app.store.engines import LOG_LIMIT, place_of
from app.store.health import empty_log, log_size
from tests.support.command import chiso

CALLER = Caller("office", frozenset({Scope.ADMIN}))
LOOKED_AT = {"database", "schema", "temporary", "lock", "clock", "connections", "jobs", "pages", "audit"}
LOOKED_AT |= {"evaluations", "files"}


@pytest.fixture
def shipped_url(database_url: str) -> str:
    """A database as a service leaves it at its first start."""
    database = Database(database_url)
    ship(database)
    database.dispose()
    return database_url


@pytest.fixture
def file_url(shipped_url: str) -> str:
    """The same, where it is a file; else the test is left out before it opens anything."""
    if not shipped_url.startswith("sqlite"):
        pytest.skip("a file and its log are SQLite's")
    return shipped_url


def test_everything_is_looked_at_and_found_right(shipped_url: str, tmp_path: Path) -> None:
    told = chiso(tmp_path, "doctor", database_url=shipped_url)

    states = {line.split()[1]: line.split()[0] for line in told.stdout.splitlines()}
    assert told.returncode == 0, told.stdout + told.stderr
    assert LOOKED_AT | {"settings"} <= states.keys()
    assert ("log" in states) == shipped_url.startswith("sqlite")
    assert {state for name, state in states.items() if name != "rights"} == {"ok"}  # tests copy their files anew


def test_what_is_bad_is_told_with_a_way_out_and_ends_with_1(shipped_url: str, tmp_path: Path) -> None:
    database = Database(shipped_url)
    with database.writing() as session:
        session.execute(text("UPDATE audit SET actor = 'someone' WHERE id = 2"))
    database.dispose()

    told = chiso(tmp_path, "doctor", "--json", database_url=shipped_url, default_framework="nope")

    bad = {each["name"]: each for each in json.loads(told.stdout) if each["state"] == "bad"}
    assert told.returncode == 1
    assert bad.keys() == {"audit", "settings"}
    assert bad["audit"]["said"] == "entry 2 was changed after it was written"
    assert bad["audit"]["way_out"] == "compare with a backup"
    assert "there is no framework nope" in bad["settings"]["said"]


def test_where_there_is_no_database_nothing_else_is_looked_at(unmigrated_url: str, tmp_path: Path) -> None:
    told = chiso(tmp_path, "doctor", "--json", database_url=unmigrated_url)

    [only] = json.loads(told.stdout)
    assert told.returncode == 1
    assert (only["name"], only["state"]) == ("database", "bad")
    assert only["said"] == f"no database of chiso at {place_of(unmigrated_url)}"
    assert list(tmp_path.iterdir()) == []


def test_jobs_that_wait_and_jobs_that_failed_are_listed(shipped_url: str, tmp_path: Path) -> None:
    database = Database(shipped_url)
    with database.writing() as session:
        failed, waiting = (enqueue_import(session, CALLER, "request") for _ in range(2))
        assert failed.id is not None
        fail(session, [failed.id], database_away())
        session.execute(text("UPDATE import_jobs SET lease_until = 1"))
    database.dispose()

    listed = json.loads(chiso(tmp_path, "jobs", "--json", database_url=shipped_url).stdout)
    doctor = chiso(tmp_path, "doctor", database_url=shipped_url)

    assert [(each["id"], each["status"], each["actor"]) for each in listed] == [
        (waiting.id, "running", "office"),
        (failed.id, "failed", "office"),
    ]
    assert [bool(each["lease_until"]) for each in listed] == [True, False]
    assert [bool(each["problem"]) for each in listed] == [False, True]
    assert f"1 imports wait or run; the processes of {waiting.id} are gone" in doctor.stdout
    assert doctor.returncode == 0


@contextmanager
def long_reader(database: Database) -> Iterator[None]:
    """Somebody reads by an old snapshot, while the log has grown beyond what is told of."""
    with database.reading() as session:
        session.execute(text("SELECT * FROM clock")).all()
        with database.writing() as writing:
            large = {"hash": "x" * (2 * LOG_LIMIT + 1)}
            writing.execute(
                text("INSERT INTO keys (name, hash, scopes, created_at) VALUES ('k', :hash, '[]', 0)"), large
            )
        yield


@pytest.mark.parametrize("imports", [True, False])
def test_a_log_that_an_import_lets_grow_is_no_matter_for_a_warning(
    file_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, imports: bool
) -> None:
    database = Database(file_url)
    if imports:
        with database.unversioned() as session:
            enqueue_import(session, CALLER, "request")
    with long_reader(database):
        ImportWorker(database).empty_log()
        told = chiso(tmp_path, "doctor", database_url=file_url)
    database.dispose()

    assert ("a reader keeps it from being emptied" in caplog.text) == (not imports)
    assert ("a reader keeps it from being emptied" in told.stdout) == (not imports)


def test_one_slash_too_many_is_no_other_place(file_url: str, tmp_path: Path) -> None:
    """`serve` takes it, and so does whoever looks before a database is opened."""
    told = chiso(tmp_path, "doctor", database_url=file_url.replace("sqlite:////", "sqlite://///"))

    assert told.returncode == 0, told.stdout + told.stderr


def test_a_log_that_a_reader_lets_grow_is_told_of_and_emptied_afterwards(file_url: str, tmp_path: Path) -> None:
    database = Database(file_url)
    with long_reader(database):
        told = chiso(tmp_path, "doctor", database_url=file_url)
        held = empty_log(database)
    emptied = empty_log(database)
    database.dispose()

    [line] = [line for line in told.stdout.splitlines() if " log " in line]
    assert line.startswith("warn log")
    assert "a reader keeps it from being emptied [end the process that reads so long]" in line
    assert (held.held, emptied.held, emptied.size) == (True, False, 0)
    assert log_size(file_url) == 0
