"""A misspelt setting, address or directory is told; it never gives an empty database and success."""

import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli.commands import app
from app.store.engines import make_engine, place_of
from tests.support.command import PATIENCE, chiso, environment
from tests.support.served_process import within

READY = "chiso serves http"


def served_until(home: Path, ready: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What a service says until it serves (or ends by itself), and is then ended."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=home, env=environment(**settings), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if ready in line:
                process.send_signal(signal.SIGTERM)
                break
        rest, errors = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(command, process.returncode, said + rest, errors)


def test_settings_that_there_are_not_are_named_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OTHERS=1\nchiso_default_framwork=x\nCHISO_QQQ=\n", "utf-8")

    told = chiso(tmp_path, "migrate", "--new", databse_url="sqlite:///other.db")

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        "CHISO_DATABSE_URL: there is no such setting; did you mean CHISO_DATABASE_URL?",
        "CHISO_DEFAULT_FRAMWORK: there is no such setting; did you mean CHISO_DEFAULT_FRAMEWORK?",
        "CHISO_QQQ: there is no such setting, in the environment or in .env.",
    ]
    assert list(tmp_path.glob("*.db")) == []


def test_settings_may_stand_in_files_of_a_directory_of_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets, home = tmp_path / "secrets", tmp_path / "home"
    for directory in (secrets, home):
        directory.mkdir()
    (secrets / "CHISO_DATABASE_URL").write_text("sqlite:///of_a_file.db\n", "utf-8")
    (secrets / "postgres_password").write_text("of another program", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets))

    by_file = chiso(home, "migrate", "--new")
    by_variable = chiso(home, "migrate", "--new", database_url="sqlite:///of_a_variable.db")
    (secrets / "CHISO_DATABSE_URL").write_text("sqlite:///other.db", "utf-8")
    misspelt = chiso(home, "migrate", "--new")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "nowhere"))
    without = chiso(home, "migrate")

    assert (by_file.returncode, by_variable.returncode) == (0, 0), by_file.stderr + by_variable.stderr
    assert {file.name for file in home.glob("*.db")} == {"of_a_file.db", "of_a_variable.db"}
    assert misspelt.stderr.startswith("CHISO_DATABSE_URL: there is no such setting; did you mean CHISO_DATABASE_URL?")
    assert without.stderr.startswith(f"There is no database of chiso at {home / 'chiso.db'}.")


def test_what_surrounds_a_container_is_no_setting_nor_is_the_key_of_commands(tmp_path: Path) -> None:
    around = {"service_host": "10.0.0.1", "port": "tcp://10.0.0.1:80", "port_80_tcp_addr": "10.0.0.1"}
    around |= {"db_service_port_http": "80", "key": "k"}

    done = chiso(tmp_path, "migrate", **around)
    told = chiso(tmp_path, "migrate", port="8010")

    assert done.stderr.startswith("There is no database of chiso")
    assert told.stderr.startswith("CHISO_PORT: there is no such setting")


COMMANDS = [
    ("migrate",),
    ("demo",),
    ("keys", "list"),
    ("keys", "create", "a", "--scope", "admin"),
    ("audit", "verify"),
    ("import", "rows.csv"),
    ("check", "rows.csv"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_makes_a_database_by_the_way(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text("unit,total_points\nH60,82\n", "utf-8")

    refused = CliRunner().invoke(app, words)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"There is no database of chiso at {tmp_path / 'chiso.db'}. ")
    assert "`chiso migrate --new`" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_a_service_says_where_it_made_a_new_database_and_makes_no_second_one(tmp_path: Path) -> None:
    first = served_until(tmp_path, READY, database_url="sqlite:///new.db")
    second = served_until(tmp_path, READY, database_url="sqlite:///new.db")
    listed = chiso(tmp_path, "keys", "list", database_url="sqlite:///new.db")

    file = tmp_path / "new.db"
    assert f"A new database was made at {file}.\n" in first.stderr
    assert re.search(rf"chiso serves http://\S+ from sqlite at {re.escape(str(file))}\.", first.stdout)
    assert "new database" not in second.stderr + second.stdout
    assert listed.returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_database_is_made_where_that_is_asked_for(unmigrated_url: str, tmp_path: Path) -> None:
    refused = chiso(tmp_path, "migrate", database_url=unmigrated_url)
    made = chiso(tmp_path, "migrate", "--new", database_url=unmigrated_url)
    current = chiso(tmp_path, "migrate", database_url=unmigrated_url)

    place = place_of(unmigrated_url)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"There is no database of chiso at {place}." in refused.stderr
    assert (made.returncode, made.stderr) == (0, f"A new database was made at {place}.\n")
    assert (current.returncode, current.stdout, current.stderr) == (0, f"The database at {place} is current.\n", "")


@pytest.fixture
def foreign_url(unmigrated_url: str) -> str:
    """A database in which another program keeps a table."""
    engine = make_engine(unmigrated_url, new=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    engine.dispose()
    return unmigrated_url


def test_a_service_leaves_the_database_of_another_program_alone(foreign_url: str, tmp_path: Path) -> None:
    refused = served_until(tmp_path, READY, database_url=foreign_url)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The database at {place_of(foreign_url)} holds other tables than those of chiso;")


def test_a_framework_that_there_is_not_is_told_before_anybody_asks(database_url: str, tmp_path: Path) -> None:
    refused = served_until(tmp_path, READY, database_url=database_url, default_framework="qd76")

    said = "CHISO_DEFAULT_FRAMEWORK: there is no framework qd76; did you mean qd766? There are "
    assert refused.returncode == 1
    assert refused.stderr == f"{said}dongnai, dti, egdi, par_index, par_index_fields, pci, qd766.\n"


def test_a_version_of_a_framework_may_be_the_default(database_url: str, tmp_path: Path) -> None:
    started = served_until(tmp_path, READY, database_url=database_url, default_framework="qd766@2022")

    assert READY in started.stdout, started.stderr


def test_a_directory_that_is_missing_is_named(tmp_path: Path) -> None:
    refused = chiso(tmp_path, "migrate", "--new", database_url="sqlite:///data/x.db")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"There is no directory {tmp_path / 'data'} for x.db;")


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "chiso.db").write_bytes(b"notes" * 1000)

    refused = chiso(tmp_path, "migrate", "--new")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{tmp_path / 'chiso.db'} does not answer: file is not a database" in refused.stderr
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "chiso.db").execute("SELECT 1 FROM clock")


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ([], {"default_framework": "qd76"}),
        ([], {"databse_url": "sqlite:///other.db"}),
        ([], {"database_read_url": "sqlite:///other.db"}),
        ([], {"stop_seconds": "0"}),
        (["--port", "70000"], {}),
        (["--host", "192.0.2.1"], {}),
        (["--workers", "0"], {}),
    ],
)
def test_a_service_that_is_refused_leaves_nothing_behind(
    options: list[str], settings: dict[str, str], tmp_path: Path
) -> None:
    refused = chiso(tmp_path, "serve", *options, **settings)

    assert refused.returncode in (1, 2)
    assert refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_system_that_allows_too_few_files_is_told_before_a_database_is_made(tmp_path: Path) -> None:
    command = [*within("-n 250"), sys.executable, "-m", "app.cli", "serve", "--port", "0"]

    refused = subprocess.run(command, cwd=tmp_path, env=environment(), text=True, capture_output=True, timeout=PATIENCE)

    assert (refused.returncode, "too few to serve" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []
