"""Why a command ended is one sentence on standard error, which names the place or the word that it is about."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli.commands import app
from app.store.engines import make_engine, place_of

MISUSES = [
    ("serve --port 99999", "Invalid value for '--port': Input should be less than or equal to 65535"),
    ("serve --port x", "Invalid value for '--port': "),
    ("serve --prot 80", "No such option: --prot"),
    ("--verbose", "No such option: --verbose"),
    ("server", "No such command 'server'"),
    ("backup", "Missing argument 'file'"),
    ("backup a.db b.db", "Got unexpected extra argument"),
    ("keys create clerk", "Missing option '--scope'"),
    ("copy nonsense sqlite:///a.db", "Invalid value: that is no address of a database"),
]


@pytest.mark.parametrize(("line", "said"), MISUSES)
def test_a_command_that_is_written_wrongly_is_told_so_in_a_sentence(line: str, said: str) -> None:
    done = CliRunner().invoke(app, line.split(), prog_name="chiso")

    assert (done.exit_code, done.stdout) == (2, "")
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(said)
    assert re.search(r"see `chiso[a-z ]* --help`\.$", sentence)


@pytest.mark.parametrize("line", ["", "keys", "audit", "--help", "serve --help"])
def test_who_asks_for_help_gets_it(line: str) -> None:
    assert "Usage: chiso" in CliRunner().invoke(app, line.split(), prog_name="chiso").output


DATABASES = ["migrate", "migrate --new", "serve --port 0", "doctor", "jobs", "keys list", "backup copy.db"]


@pytest.mark.parametrize("line", DATABASES)
def test_a_directory_in_the_place_of_a_database_is_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHISO_DATABASE_URL", f"sqlite:///{tmp_path}")

    done = CliRunner().invoke(app, line.split())

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path}: It is a directory; name a file in it.\n"


@pytest.mark.parametrize("line", DATABASES)
def test_a_file_that_is_no_database_is_named(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.db").write_bytes(b"notes" * 1000)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", "sqlite:///notes.db")

    done = CliRunner().invoke(app, line.split())

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"The database at {tmp_path / 'notes.db'} does not answer: file is not a database\n"


def test_what_is_no_backup_is_named_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.db").write_bytes(b"notes" * 1000)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["restore", "notes.db"])

    assert (done.exit_code, done.stderr) == (1, "notes.db cannot be read: file is not a database.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.db"]


def make_newer(url: str) -> None:
    """Let a later version have brought the schema up."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


@pytest.mark.parametrize("command", ["import", "check", "keys list", "backup copy.db"])
def test_a_newer_schema_ends_a_command_before_anything_is_printed(
    command: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", database_url)
    (tmp_path / "rows.csv").write_text("unit,total_points\nH60,82\n", "utf-8")
    make_newer(database_url)

    files = ["rows.csv"] if command in ("import", "check") else []
    done = CliRunner().invoke(app, [*command.split(), *files])

    assert (done.exit_code, done.stdout) == (1, "")
    [sentence] = done.stderr.splitlines()
    assert "of a later version of chiso" in sentence or f"{place_of(database_url)} is of another version" in sentence


def test_the_way_back_from_a_later_version_is_a_backup_in_another_place(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", database_url)
    runner = CliRunner()
    kept = runner.invoke(app, ["backup", "before.db"])
    make_newer(database_url)

    refused = runner.invoke(app, ["restore", "--force", "before.db"])
    monkeypatch.setenv("CHISO_DATABASE_URL", "sqlite:///elsewhere.db")
    restored = runner.invoke(app, ["restore", "before.db"])

    assert (kept.exit_code, refused.exit_code, restored.exit_code) == (0, 1, 0), kept.stderr + restored.stderr
    assert "of a later version of chiso" in refused.stderr
    assert "; as backed up: " in restored.stdout
