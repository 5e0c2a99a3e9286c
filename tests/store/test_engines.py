"""Engines: what they do about an SQLite file that is not the one they were opened on."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.store.db import Database, last_change


@pytest.fixture
def path(database_url: str) -> Path:
    if not database_url.startswith("sqlite"):
        pytest.skip("a file is SQLite's")
    return Path(str(make_url(database_url).database))


def version(database: Database) -> int:
    with database.reading() as session:
        return last_change(session).version


def write(database: Database) -> None:
    with database.writing():
        pass


def test_a_restored_file_is_read_and_written_from_then_on(path: Path, database_url: str) -> None:
    """Else what is written, and acknowledged, would go to a file that nobody will ever open again."""
    database, other = Database(database_url), Database(database_url)
    backup = path.with_suffix(".backup")
    shutil.copyfile(path, backup)
    before = version(database)
    write(database)

    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink()
    backup.rename(path)
    restored = version(database)
    write(database)

    assert (restored, version(other)) == (before, before + 1)
    database.dispose()
    other.dispose()


def test_a_file_that_is_gone_is_not_made_anew(path: Path, database_url: str) -> None:
    database = Database(database_url)
    write(database)

    path.unlink()

    with pytest.raises(OperationalError, match="unable to open database file"):
        write(database)
    assert not path.exists()
    database.dispose()
