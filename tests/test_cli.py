"""The command line: what it prints, what it stores, and how it refuses."""

import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli.commands import app
from app.cli.serving import welcome
from app.config import Settings
from app.services.frameworks import shipped_ids
from app.services.rights import identify
from app.store.audit import count_entries
from app.store.db import Database
from app.store.engines import place_of

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
        caller = identify(session, secret, None, "")
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
        identify(session, secret, None, "")
    database.dispose()
    assert revoked.stdout == "Key clerk is revoked.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "create", "=1+1", "--scope", "admin"), "begins with a letter"),
        (("keys", "create", "Bootstrap", "--scope", "admin"), "is none of"),
        (("keys", "create", "cle\u200brk", "--scope", "admin"), "Latin letters"),
        (("keys", "create", "сlerk", "--scope", "admin"), "Latin letters"),  # a Cyrillic letter that looks like a c
        (("keys", "create", "a\tb/c", "--scope", "admin"), "Latin letters"),
        (("keys", "create", "k" * 61, "--scope", "admin"), "at most 60"),
        (("keys", "revoke", "\udcff"), "There is no key named"),
        (("keys", "create", "clerk", "--scope", "values:red"), "There is no scope values:red"),
        (("keys", "create", "clerk", "--scope", "admin", "--unit", "H99"), "No unit has the code H99"),
        (("keys", "revoke", "nobody"), "There is no key named nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: tuple[str, ...], said: str, run: Run) -> None:
    assert said in refusal(run(*arguments))


def test_a_key_is_called_what_people_call_its_office(run: Run) -> None:
    decomposed = unicodedata.normalize("NFD", "Sở Tài chính - Kế hoạch (H60.05)")
    made = run("keys", "create", decomposed, "--scope", "values:read")

    revoked = run("keys", "revoke", " Sở Tài  chính - Kế hoạch (H60.05)")

    assert (made.exit_code, revoked.exit_code) == (0, 0), made.output + revoked.output
    assert "exists already" in refusal(run("keys", "create", decomposed, "--scope", "values:read"))


def test_no_setting_shows_a_secret_when_it_is_printed_or_refused() -> None:
    address = "postgresql://chiso:geheim@host/x"

    shown = repr(Settings(_env_file=None, database_url=address, bootstrap_key="geheim" * 5))
    with pytest.raises(ValueError) as refused:
        Settings(_env_file=None, database_url="postgresql://chiso:geheim#@host/x", bootstrap_key="geheim")

    assert "geheim" not in shown
    assert "geheim" not in str(refused.value)


def test_a_new_sqlite_file_is_its_owners_alone_and_an_older_one_is_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", "sqlite:///own.db")
    file = tmp_path / "own.db"
    CliRunner().invoke(app, ["migrate", "--new"])
    database = Database("sqlite:///own.db")
    with database.writing() as session:
        session.execute(text("UPDATE clock SET trace = trace"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    database.dispose()
    file.chmod(0o644)

    CliRunner().invoke(app, ["migrate"])

    assert modes == {"own.db": 0o600, "own.db-wal": 0o600, "own.db-shm": 0o600}
    made, told = caplog.messages
    assert made == f"A new database was made at {file}."
    assert f"chmod 600 {file}*" in told
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_key_without_a_scope_is_not_made(run: Run) -> None:
    result = run("keys", "create", "clerk")

    assert result.exit_code == 2
    assert "--scope" in result.output


SPECIAL = "the user or the password holds characters that mean something else here; write"
WRITE = "write sqlite:///file.db or postgresql://user@host/name"
ELSEWHERE = "the data live in SQLite or PostgreSQL, not at"
FILELESS = "it names no file behind three slashes, and processes share one"
NO_PORT = "what stands behind the host and a colon is no port"
AT_A_SERVER = "The database at postgresql://127.0.0.1:9/x"
SETTINGS = [
    ("BOOTSTRAP_KEY", "too-short", "CHISO_BOOTSTRAP_KEY: String should have at least 20 characters."),
    ("ANONYMOUS_READ", "some", "CHISO_ANONYMOUS_READ: Input should be 'published', 'all' or 'none'."),
    ("MAX_BODY_BYTES", "0", "CHISO_MAX_BODY_BYTES: Input should be greater than 0."),
    ("LOG_LEVEL", "loud", "CHISO_LOG_LEVEL: Input should be"),
    ("DATABASE_URL", "mysql://root:geheim@localhost/x", f"CHISO_DATABASE_URL: {ELSEWHERE} mysql://; {WRITE}"),
    ("DATABASE_URL", "nonsense", f"CHISO_DATABASE_URL: that is no address of a database; {WRITE}"),
    ("DATABASE_URL", "sqlite://", f"CHISO_DATABASE_URL: {FILELESS}; {WRITE}"),
    ("DATABASE_URL", "sqlite:///:memory:", f"CHISO_DATABASE_URL: {FILELESS}; {WRITE}"),
    ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "There is no d"),
    ("DATABASE_URL", "postgresql://chiso:geheim@127.0.0.1:9/x", f"{AT_A_SERVER} does not answer: connection"),
    ("DATABASE_URL", "postgresql://chiso:geheim@127.0.0.1:port/x", f"CHISO_DATABASE_URL: {NO_PORT}; {WRITE}"),
    ("DATABASE_URL", "postgresql://chiso:geheim/x", f"CHISO_DATABASE_URL: {NO_PORT}; {WRITE}"),
    (
        "DATABASE_URL",
        "postgresql://chiso:ge@geheim/w#rd@host/x",
        f"CHISO_DATABASE_URL: {SPECIAL} `@` as %40, `/` as %2F",
    ),
    (
        "DATABASE_URL",
        "postgresql://chiso:geheim 50%off@host/x",
        f"CHISO_DATABASE_URL: {SPECIAL} `space` as %20, `%` as",
    ),
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


def test_a_terminal_is_shown_the_admin_key_and_a_log_is_told_where_it_stands() -> None:
    settings = Settings(_env_file=None, bootstrap_key="k" * 24)

    shown, logged = ("\n".join(welcome(settings, "http://a:1", on_terminal=each, demo=True)) for each in (True, False))

    assert "Admin key: " + "k" * 24 in shown
    assert "k" * 24 not in logged
    assert "CHISO_BOOTSTRAP_KEY" in logged
    assert [each.count("curl") for each in (shown, logged)] == [3, 3]


def test_what_to_try_is_there_without_the_demonstration() -> None:
    settings = Settings(_env_file=None, bootstrap_key="k" * 24)

    with_demo, without = ("\n".join(welcome(settings, "", on_terminal=False, demo=each)) for each in (True, False))

    assert ("H60" in with_demo, "H60" in without, without.count("curl")) == (True, False, 3)


def test_without_a_bootstrap_key_serve_says_how_to_make_one() -> None:
    said = welcome(Settings(_env_file=None), "http://127.0.0.1:8000", on_terminal=True, demo=False)

    assert "chiso keys create" in said[-1]


def test_migrating_twice_is_like_once(run: Run, database_url: str) -> None:
    database = Database(database_url)
    lengths = []
    for _ in range(2):
        assert run("migrate").stdout == f"The database at {place_of(database_url)} is current.\n"
        with database.reading() as session:
            lengths.append(count_entries(session))
    database.dispose()

    assert lengths == [len(shipped_ids())] * 2


def test_two_processes_may_migrate_at_once(unmigrated_url: str, tmp_path: Path) -> None:
    environment = {"CHISO_DATABASE_URL": unmigrated_url, "PYTHONPATH": str(ROOT), "PATH": ""}
    command = [sys.executable, "-m", "app.cli", "migrate", "--new"]

    both = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=300)[0].decode() for each in both]

    database = Database(unmigrated_url)
    with database.reading() as session:
        names = session.execute(text("SELECT code, version FROM frameworks")).all()
        length = count_entries(session)
    database.dispose()
    assert [each.returncode for each in both] == [0, 0], said
    assert len(names) == length == len(shipped_ids())


def test_the_trace_is_verified_and_damage_ends_with_1(run: Run, database_url: str) -> None:
    run("keys", "create", "clerk", "--scope", "values:read")
    whole, last = run("audit", "verify"), len(shipped_ids()) + 1
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("UPDATE audit SET actor = 'someone' WHERE id = 2"))
        session.execute(text(f"DELETE FROM audit WHERE id = {last}"))
    database.dispose()

    broken = refusal(run("audit", "verify"))

    assert (whole.exit_code, whole.stdout) == (0, f"{last} entries, the chain is whole.\n")
    assert [line.split()[:2] for line in broken.splitlines()] == [["entry", "2"], ["entry", str(last)]]


def test_the_contract_is_written_and_compared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    missing = runner.invoke(app, ["openapi", "--check"])
    printed = runner.invoke(app, ["openapi"])
    written = runner.invoke(app, ["openapi", "--write"])
    same = runner.invoke(app, ["openapi", "--check"])
    for_clients = runner.invoke(app, ["openapi", "--for", "clients"])
    file, clients = (tmp_path / "openapi" / name for name in ("openapi.json", "clients.json"))
    assert (printed.stdout, for_clients.stdout) == (file.read_text("utf-8"), clients.read_text("utf-8"))
    operations = json.loads(printed.stdout)["paths"]
    clients.write_text("{}\n", "utf-8")

    differing = runner.invoke(app, ["openapi", "--check"])

    assert "openapi.json: No such file" in refusal(missing)
    assert (written.exit_code, same.exit_code) == (0, 0)
    assert "/v1/units" in operations
    assert "clients.json is not what the code says; run `chiso openapi --write`" in refusal(differing)


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "keys", "audit", "openapi"])
def test_help_says_what_each_command_does(command: str) -> None:
    result = CliRunner().invoke(app, ["--help"])

    assert re.search(rf"{command} +\w", result.stdout)


def test_nothing_asked_is_answered_with_help() -> None:
    result = CliRunner().invoke(app, [])

    assert "Usage" in result.output
    assert result.exit_code in (0, 2)


def test_the_version_that_is_installed_is_the_one_that_is_said() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]

    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.output) == (0, f"chiso {project['version']}\n")
