"""Files of `chiso backup` and `chiso restore`: whatever they are called, and whatever lies beside them."""

import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from app.cli.backup import backup, restore, whole_file
from app.cli.refusals import CommandRefused
from app.services.frameworks import ship
from app.store.backup_notes import differences, read_note, write_note
from app.store.copying import count_rows
from app.store.db import Database
from app.store.engines import address_of, sqlite_file
from app.store.schema import migrate, tables_at

ODD = "what? 100%41 #1 [a]*.db"


@pytest.fixture
def shipped(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of the settings, with the frameworks that ship."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", database_url)
    database = Database(database_url)
    ship(database)
    database.dispose()
    return database_url


def names_in(directory: Path) -> Sequence[str]:
    return sorted(each.name for each in directory.iterdir())


def rows_of(url: str) -> int:
    database = Database(url)
    with database.reading() as session:
        rows = count_rows(session)
    database.dispose()
    return rows


def test_the_database_of_the_settings_is_not_restored_from_itself(shipped: str, tmp_path: Path) -> None:
    file = sqlite_file(shipped)
    if file is None:
        pytest.skip("a file is SQLite's")
    (tmp_path / "other_name.db").symlink_to(file)
    rows = rows_of(shipped)

    for name in (file, tmp_path / "other_name.db"):
        with pytest.raises(CommandRefused, match="is the database of the settings itself"):
            restore(name, force=True)

    assert rows_of(shipped) == rows


def test_a_backup_with_a_journal_beside_it_is_not_restored(shipped: str, tmp_path: Path) -> None:
    backup(tmp_path / "backup.db")
    (tmp_path / "backup.db-journal").touch()

    with pytest.raises(CommandRefused, match="has a journal beside it"):
        restore(tmp_path / "backup.db", force=True)


def test_a_backup_behind_a_link_is_read_with_its_log(shipped: str, tmp_path: Path) -> None:
    backup(tmp_path / "backup.db")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "newest.db").symlink_to(tmp_path / "backup.db")
    rows = rows_of(shipped)

    with closing(sqlite3.connect(tmp_path / "backup.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("INSERT INTO keys (name, hash, scopes, created_at) VALUES ('k', 'x', '[]', 0)")
        connection.commit()
        with pytest.raises(CommandRefused, match="table keys holds 1 rows, backed up were 0"):
            restore(tmp_path / "links" / "newest.db", force=True, damaged=True)

    assert rows_of(shipped) == rows + 1


def test_what_lay_beside_a_file_goes_with_it(shipped: str, tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        (tmp_path / f"backup.db{suffix}").write_text("of another file", "utf-8")

    with suppress(ZeroDivisionError), whole_file(tmp_path / "backup.db", force=True, never=None):
        _ = 1 / 0
    kept = names_in(tmp_path)
    backup(tmp_path / "backup.db", force=True)

    assert kept == ["backup.db", "backup.db-journal", "backup.db-shm", "backup.db-wal"]
    assert names_in(tmp_path) == ["backup.db"]
    assert rows_of(address_of(tmp_path / "backup.db")) == rows_of(shipped)


def test_a_backup_takes_away_its_own_unfinished_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 12)
    others = [tmp_path / ".back[up]*.db.123", tmp_path / ".back[up]*.db.123-wal", tmp_path / ".backu-other.db.12"]
    for other in others:
        other.touch()

    with suppress(ZeroDivisionError), whole_file(tmp_path / "back[up]*.db", force=False, never=None) as unfinished:
        for suffix in ("", "-wal", "-shm", "-journal"):
            unfinished.with_name(unfinished.name + suffix).touch()
        _ = 1 / 0

    assert names_in(tmp_path) == sorted(other.name for other in others)


def test_a_file_may_have_any_name(shipped: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "or where? #2"
    home.mkdir()
    monkeypatch.setenv("CHISO_DATABASE_URL", shipped)
    backup(home / ODD)
    restored = address_of(home / "restored?.db")
    monkeypatch.setenv("CHISO_DATABASE_URL", restored)

    restore(home / ODD)

    assert names_in(tmp_path) == [home.name]
    assert names_in(home) == sorted([ODD, "restored?.db"])
    assert rows_of(address_of(home / ODD)) == rows_of(restored) == rows_of(shipped)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_file_of_another_program_is_looked_at_and_stays_as_it_is(mode: str, tmp_path: Path) -> None:
    file = tmp_path / ODD
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE notes (id INTEGER)")
    before = file.read_bytes()

    seen = tables_at(address_of(file))

    assert seen == "others"
    assert file.read_bytes() == before
    migrate(address_of(tmp_path / "ours.db"))
    assert tables_at(address_of(tmp_path / "ours.db")) == "ours"


def test_a_damaged_database_is_backed_up_all_the_same_and_told_of(
    shipped: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(shipped)
    with database.writing() as session:
        session.execute(text("UPDATE audit SET actor = 'someone' WHERE id = 2"))
    database.dispose()

    with pytest.raises(CommandRefused) as told:
        backup(tmp_path / "backup.db")

    assert "was copied to" in capsys.readouterr().out
    assert "entry 2 of the audit was changed after it was written" in str(told.value)
    assert rows_of(address_of(tmp_path / "backup.db")) == rows_of(shipped)


def test_what_somebody_changed_in_a_backup_is_named_and_not_restored(shipped: str, tmp_path: Path) -> None:
    rows = rows_of(shipped)
    for statement, said in {
        "DELETE FROM frameworks WHERE code = 'dongnai'": "table frameworks holds 7 rows, backed up were 8",
        "UPDATE indicators SET document = '{}' WHERE code = 'dossier_sync'": "table indicators holds other content",
    }.items():
        backup(tmp_path / "backup.db", force=True)
        with closing(sqlite3.connect(tmp_path / "backup.db")) as connection:
            assert connection.execute(statement).rowcount == 1
            connection.commit()

        with pytest.raises(CommandRefused, match=f"(?s)nothing was restored.*{said}"):
            restore(tmp_path / "backup.db", force=True)

    assert rows_of(shipped) == rows


def test_a_backup_says_what_it_noted_and_a_restore_that_it_is_the_same(
    shipped: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(shipped)

    backup(tmp_path / "backup.db")
    noted = re.search(r"; noted in it: (.* digest [0-9a-f]{32});", capsys.readouterr().out)
    restore(tmp_path / "backup.db", force=True)
    told = capsys.readouterr().out

    assert noted is not None
    assert noted[1].startswith(f"{rows} rows in ")
    assert f"; as backed up: {noted[1]}; " in told


def test_an_older_backup_is_held_against_its_note_before_it_is_brought_up(shipped: str, tmp_path: Path) -> None:
    file = tmp_path / "older.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE values_of_old (code TEXT); INSERT INTO values_of_old VALUES ('a')")
    noted = write_note(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES (1)"
        )

    assert (read_note(file), differences(file, noted)) == (noted, [])


def test_a_database_that_is_no_backup_is_restored_and_said_to_hold_no_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(address_of(tmp_path / "plain.db"))
    monkeypatch.setenv("CHISO_DATABASE_URL", address_of(tmp_path / "other.db"))

    restore(tmp_path / "plain.db")

    assert "; no note of `chiso backup` is in it, to be compared with; " in capsys.readouterr().out
