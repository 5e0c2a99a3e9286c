"""Printing decides no exit code: every command under every encoding, into pipes nobody reads, full disks, no stream."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
PATIENCE = 300

COMMANDS: dict[str, tuple[list[str], int]] = {
    "migrate": (["migrate"], 0),
    "import": (["import", "good.csv", "--period", "2024-07", "--locale", "vi"], 0),
    "import, dry": (["import", "good.csv", "--period", "2024-08", "--locale", "vi", "--dry-run"], 0),
    "import, refused": (["import", "bad.csv", "--period", "2024-07", "--locale", "vi"], 1),
    "import, as JSON": (["import", "bad.csv", "--period", "2024-10", "--locale", "vi", "--skip", "--json"], 3),
    "import, in part": (["import", "bad.csv", "--period", "2024-09", "--locale", "vi", "--skip"], 3),
    "check, with errors": (["check", str(GOLDEN / "letter_binh_thanh_2024-02.json")], 1),
    "check": (["check", str(GOLDEN / "letter_tuyen_quang_2024-01.json")], 0),
    "keys create": (["keys", "create", "clerk", "--scope", "values:read"], 0),
    "keys list": (["keys", "list"], 0),
    "keys revoke": (["keys", "revoke", "old"], 0),
    "audit verify": (["audit", "verify"], 0),
    "openapi": (["openapi"], 0),
    "help": (["--help"], 0),
    "no such command": (["không-có"], 2),
}
PRODUCTS = ("check", "keys create", "keys list", "openapi")
"""Commands that print what they are there for, and so have done nothing where they could not."""
RUN_ALL = """
import json, pathlib, sys
from app.cli.commands import app
from app.cli.output import guard_streams

guard_streams()
codes = {}
for name, words in json.loads(sys.argv[1]).items():
    try:
        app(words)
    except SystemExit as ended:
        codes[name] = ended.code
pathlib.Path("codes.json").write_text(json.dumps(codes))
"""
"""Every command in one process, for each costs a second to start."""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a database that holds one province and one key."""
    home = tmp_path_factory.mktemp("office")
    rows = '[{"ID": "1", "TEN": "UBND tỉnh Tuyên Quang", "MA_COQUAN": "H60", "TONG_SCORE": "81.77"}]'
    (home / "portal.json").write_text(rows, "utf-8")
    (home / "good.csv").write_text('unit,on_time\nH60,"92,4%"\n', "utf-8")
    (home / "bad.csv").write_text('unit,on_time\nH60,"92,4%"\nH6O,"92,4%"\n', "utf-8")
    commands = {
        "database": ["migrate", "--new"],
        "units": ["import", "portal.json", "--layout", "portal", "--period", "2024-06", "--create-units"],
        "key": ["keys", "create", "old", "--scope", "values:read"],
    }
    ended = run(home, "-c", RUN_ALL, json.dumps(commands))
    assert ended.returncode == 0, ended.stderr
    return home


@pytest.fixture
def office(stocked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stocked, tmp_path / "office"))


def run(
    home: Path, *words: str, env: Mapping[str, str] = {}, through: str = ""
) -> "subprocess.CompletedProcess[bytes]":
    """Python with these words in the directory; `through` is what a shell does with its output."""
    own = {"PYTHONPATH": str(ROOT), "CHISO_DATABASE_URL": f"sqlite:///{home / 'office.db'}"}
    command = ["sh", "-c", f'"$0" "$@" {through}', sys.executable, *words]
    return subprocess.run(command, cwd=home, env={**os.environ, **own, **env}, capture_output=True, timeout=PATIENCE)


def exit_codes(home: Path, *, env: Mapping[str, str] = {}, through: str = "") -> dict[str, int]:
    """What every command ended with."""
    lines = json.dumps({name: words for name, (words, _) in COMMANDS.items()})
    ended = run(home, "-c", RUN_ALL, lines, env=env, through=through)
    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stderr
    codes: dict[str, int] = json.loads((home / "codes.json").read_text())
    return codes


def names_of_keys(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "office.db")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM keys ORDER BY name")]


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "cp1258", "COLUMNS": "1", "NO_COLOR": "1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "FORCE_COLOR": "1", "TERM": "dumb"},
    ],
    ids=str,
)
def test_an_encoding_or_a_narrow_terminal_decides_no_exit_code(env: Mapping[str, str], office: Path) -> None:
    assert exit_codes(office, env=env) == {name: code for name, (_, code) in COMMANDS.items()}


@pytest.mark.parametrize("through", ["2>&-", ">&- 2>&-", "> /dev/full 2> /dev/full"])
def test_what_cannot_be_printed_fails_only_where_it_is_the_product(through: str, office: Path) -> None:
    lost = ">" in through.replace("2>", "")

    codes = exit_codes(office, through=through)

    assert codes == {name: 1 if lost and name in PRODUCTS else code for name, (_, code) in COMMANDS.items()}
    assert names_of_keys(office) == (["old"] if lost else ["clerk", "old"])


def test_a_reader_that_leaves_has_read_enough_unless_a_secret_is_lost(office: Path) -> None:
    codes = exit_codes(office, through="| true")

    assert codes == {name: 1 if name == "keys create" else code for name, (_, code) in COMMANDS.items()}
    assert names_of_keys(office) == ["old"]


def test_an_import_in_a_latin_locale_is_stored_and_ends_with_0(office: Path) -> None:
    words = ["-m", "app.cli", *COMMANDS["import"][0]]

    done = run(office, *words, env={"PYTHONIOENCODING": "cp1252"}, through="> log.txt")

    assert done.returncode == 0, done.stderr
    assert "Ket qua" in (office / "log.txt").read_text("cp1252")


def test_a_key_whose_secret_cannot_be_printed_is_not_made(office: Path) -> None:
    made = run(office, "-m", "app.cli", *COMMANDS["keys create"][0], through="> /dev/full")

    assert (made.returncode, made.stderr) == (1, b"standard output: No space left on device.\n")
    assert names_of_keys(office) == ["old"]


def test_the_contract_is_the_same_in_an_encoding_that_lacks_letters(office: Path) -> None:
    printed = run(office, "-m", "app.cli", "openapi", env={"PYTHONIOENCODING": "cp1252"}).stdout

    assert json.loads(printed.decode("cp1252")) == json.loads((ROOT / "openapi/openapi.json").read_text("utf-8"))
