"""The command line: what it prints, what it stores, and how it refuses."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import app, welcome
from app.config import Settings
from app.services.rights import identify
from app.store.audit import count_entries
from app.store.db import Database, newest_schema

ROOT = Path(__file__).parent.parent

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run("keys", "list")` on the database of the test, far from any `.env`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", database_url)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def refusal(result: Result) -> str:
    """What a command that failed says; nobody is shown a traceback."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.stderr.strip()


def test_a_new_key_is_the_last_line_and_opens(run: Run, database_url: str) -> None:
    made = run("keys", "create", "clerk", "--scope", "values:read", "--scope", "units:write")

    secret = made.stdout.splitlines()[-1]
    database = Database(database_url)
    with database.reading() as session:
        caller = identify(session, secret, None)
    database.dispose()

    assert made.exit_code == 0
    assert re.fullmatch(r"chiso_[A-Za-z0-9_-]{43}", secret)
    assert (caller.name, caller.scopes, caller.unit) == ("clerk", frozenset({"values:read", "units:write"}), None)
    assert secret not in "".join(made.stdout.splitlines()[:-1])


def test_keys_are_listed_without_their_secrets(run: Run) -> None:
    secret = run("keys", "create", "clerk", "--scope", "values:read").stdout.splitlines()[-1]
    run("keys", "create", "old", "--scope", "admin")
    run("keys", "revoke", "old")

    listed = run("keys", "list")

    rows = {name: row for row in listed.stdout.splitlines() for name in ("clerk", "old") if f" {name} " in row}
    assert set(rows) == {"clerk", "old"}
    assert rows["old"].count("Z") > rows["clerk"].count("Z")
    assert secret not in listed.stdout


def test_a_revoked_key_opens_nothing(run: Run, database_url: str) -> None:
    secret = run("keys", "create", "clerk", "--scope", "values:read").stdout.splitlines()[-1]

    revoked = run("keys", "revoke", "clerk")

    database = Database(database_url)
    with database.reading() as session, pytest.raises(Exception, match="revoked"):
        identify(session, secret, None)
    database.dispose()
    assert revoked.stdout == "Key clerk is revoked.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "create", "hai từ", "--scope", "admin"), "letters, digits"),
        (("keys", "create", "clerk", "--scope", "values:red"), "There is no scope values:red"),
        (("keys", "create", "clerk", "--scope", "admin", "--unit", "H99"), "No unit has the code H99"),
        (("keys", "revoke", "nobody"), "There is no key named nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: tuple[str, ...], said: str, run: Run) -> None:
    assert said in refusal(run(*arguments))


def test_a_key_without_a_scope_is_not_made(run: Run) -> None:
    result = run("keys", "create", "clerk")

    assert result.exit_code == 2
    assert "--scope" in result.output


SETTINGS = [
    ("BOOTSTRAP_KEY", "too-short", "CHISO_BOOTSTRAP_KEY: String should have at least 20 characters."),
    ("ANONYMOUS_READ", "some", "CHISO_ANONYMOUS_READ: Input should be 'published', 'all' or 'none'."),
    ("MAX_BODY_BYTES", "0", "CHISO_MAX_BODY_BYTES: Input should be greater than 0."),
    ("LOG_LEVEL", "loud", "CHISO_LOG_LEVEL: Input should be"),
    ("DATABASE_URL", "mysql://root:geheim@localhost/x", "CHISO_DATABASE_URL: write sqlite:///file.db"),
    ("DATABASE_URL", "nonsense", "CHISO_DATABASE_URL: write sqlite:///file.db"),
    ("DATABASE_URL", "sqlite://", "CHISO_DATABASE_URL: write sqlite:///file.db"),
    ("DATABASE_URL", "sqlite:///:memory:", "CHISO_DATABASE_URL: write sqlite:///file.db"),
    ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "The database does not answer: unable to open database file"),
    ("DATABASE_URL", "postgresql://chiso:geheim@127.0.0.1:9/x", "The database does not answer: connection"),
    ("DATABASE_URL", "postgresql://chiso:geheim@127.0.0.1:port/x", "CHISO_DATABASE_URL"),
]


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("keys", "list")], ids=" ".join)
@pytest.mark.parametrize(("setting", "value", "said"), SETTINGS)
def test_a_wrong_setting_is_named(
    command: tuple[str, ...], setting: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", "sqlite:///x.db")
    monkeypatch.setenv(f"CHISO_{setting}", value)

    reason = refusal(CliRunner().invoke(app, command))

    assert reason.startswith(said)
    assert "geheim" not in reason
    assert "too-short" not in reason


def test_serve_prepares_the_database_and_says_where_it_is(
    unmigrated_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served: dict[str, object] = {}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", unmigrated_url)
    monkeypatch.setenv("CHISO_BOOTSTRAP_KEY", "k" * 24)
    monkeypatch.setattr(uvicorn, "run", lambda application, **options: served.update(options))

    result = CliRunner().invoke(app, ["serve", "--port", "8123"])

    database = Database(unmigrated_url)
    schema = database.versions.schema()
    database.dispose()
    assert result.exit_code == 0, result.output
    assert schema == newest_schema()
    assert "http://127.0.0.1:8123" in result.stdout
    assert result.stdout.count("curl") == 3
    assert (served["host"], served["port"], served["workers"]) == ("127.0.0.1", 8123, 1)


def test_without_a_bootstrap_key_serve_says_how_to_make_one() -> None:
    assert "chiso keys create" in welcome(Settings(_env_file=None), "http://127.0.0.1:8000")


def test_migrating_twice_is_like_once(run: Run, database_url: str) -> None:
    database = Database(database_url)
    lengths = []
    for _ in range(2):
        assert run("migrate").stdout == "The database is current.\n"
        with database.reading() as session:
            lengths.append(count_entries(session))
    database.dispose()

    assert lengths == [3, 3]  # one entry for each shipped framework


def test_two_processes_may_migrate_at_once(unmigrated_url: str, tmp_path: Path) -> None:
    environment = {"CHISO_DATABASE_URL": unmigrated_url, "PYTHONPATH": str(ROOT), "PATH": ""}
    command = [sys.executable, "-m", "app.cli", "migrate"]

    both = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60)[0].decode() for each in both]

    database = Database(unmigrated_url)
    with database.reading() as session:
        names = session.execute(text("SELECT code, version FROM frameworks")).all()
        length = count_entries(session)
    database.dispose()
    assert [each.returncode for each in both] == [0, 0], said
    assert (len(names), length) == (3, 3)


def test_the_trace_is_verified_and_damage_ends_with_1(run: Run, database_url: str) -> None:
    run("keys", "create", "clerk", "--scope", "values:read")
    whole = run("audit", "verify")
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("UPDATE audit SET actor = 'someone' WHERE id = 2"))
        session.execute(text("DELETE FROM audit WHERE id = 4"))
    database.dispose()

    broken = refusal(run("audit", "verify"))

    assert (whole.exit_code, whole.stdout) == (0, "4 entries, the chain is whole.\n")
    assert [line.split()[:2] for line in broken.splitlines()] == [["entry", "2"], ["entry", "4"]]


def test_the_contract_is_written_and_compared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    missing = runner.invoke(app, ["openapi", "--check"])
    printed = runner.invoke(app, ["openapi"])
    written = runner.invoke(app, ["openapi", "--write"])
    same = runner.invoke(app, ["openapi", "--check"])
    file = tmp_path / "openapi" / "openapi.json"
    assert printed.stdout == file.read_text("utf-8")
    operations = json.loads(printed.stdout)["paths"]
    file.write_text("{}\n", "utf-8")

    differing = runner.invoke(app, ["openapi", "--check"])

    assert "openapi.json: No such file" in refusal(missing)
    assert (written.exit_code, same.exit_code) == (0, 0)
    assert "/v1/units" in operations
    assert "run `chiso openapi --write`" in refusal(differing)


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "keys", "audit", "openapi"])
def test_help_says_what_each_command_does(command: str) -> None:
    result = CliRunner().invoke(app, ["--help"])

    assert re.search(rf"{command} +\w", result.stdout)


def test_nothing_asked_is_answered_with_help() -> None:
    result = CliRunner().invoke(app, [])

    assert "Usage" in result.output
    assert result.exit_code in (0, 2)
