"""Every example of the documents is run, or stands here with the reason why it is not."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli.commands import app
from tests.support.readme import exchanges

ROOT = Path(__file__).parent.parent
PASTED = ("README.md", "README.vi.md")
"""All their commands are run, in order, by test_readme.py; both have the same."""
DOCUMENTS = [*PASTED, "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.M | re.S)
INLINE = re.compile(r"`((?:\.venv/bin/)?(?:chiso|make) [^`]+)`")
COMMAND = re.compile(r"(?:\.venv/bin/)?(?:chiso|make|curl|python3?|pip|docker|git|pg_dump|pg_restore) ")
PAPERS = ("docs/walkthrough.md", "docs/reports.md", "docs/what-if.md")
"""Their requests are sent, in order, by test_papers.py."""
RUN_HERE = "docs/operations.md"
WALK, PORT = "## Disaster\n", "8011"
"""Where the walk of the manual begins, and the port that its service listens on."""
PROMPTED = re.compile(r"^[$#] (?:.*(?:/bin/|exec chiso ))?((?:chiso|make) [a-z].*)$")
"""A command of a block `console`, which is for another machine: that it exists is looked at here."""
PATIENCE = 600
NOT_RUN = {
    "make ": "runs the tests, or the service for good; that the target exists is looked at here",
    "KEY=": "reads the key of `make run`; the tests put theirs in its place",
}


def blocks(document: str) -> list[tuple[str, str]]:
    """The fenced blocks of a document: language and text."""
    return BLOCK.findall((ROOT / document).read_text("utf-8"))


def commands() -> Iterator[str]:
    """Every command of chiso or make that a document, a setting's comment or a docstring shows."""
    for document in [*DOCUMENTS, ".env.example"]:
        text = (ROOT / document).read_text("utf-8")
        yield from INLINE.findall(text)
        lines = [line for _, block in blocks(document) for line in block.splitlines()]
        yield from (line for line in lines if COMMAND.match(line))
        yield from (prompted[1] for line in lines if (prompted := PROMPTED.match(line)))
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from INLINE.findall(path.read_text("utf-8"))


SHOWN = sorted(set(commands()))
OF_CHISO = [each.removeprefix(".venv/bin/") for each in SHOWN if each.removeprefix(".venv/bin/").startswith("chiso ")]
TARGETS = [each for each in SHOWN if each.startswith("make ")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_example_is_run_or_there_is_a_reason(document: str) -> None:
    lines = list(chain.from_iterable(block.splitlines() for kind, block in blocks(document) if kind == "sh"))
    unmarked = [line for kind, block in blocks(document) if not kind for line in block.splitlines()]
    examples = [line for line in lines if COMMAND.match(line) or line.startswith(tuple(NOT_RUN))]
    sent = ("curl ",) if document in PAPERS else ()

    left = [line for line in examples if not line.startswith((*sent, *NOT_RUN))]

    assert document in (RUN_HERE, *PASTED) or left == []
    assert [line for line in unmarked if COMMAND.match(line)] == []  # a block of commands says `sh`
    if document in PAPERS:
        requests = sum(line.startswith("curl ") for line in lines)
        assert requests == len(exchanges(document))


def run_as_it_stands(script: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """What a shell did with commands of the manual; whatever they have started and left is ended."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CHISO_")}
    own = {**plain, "PYTHONPATH": str(ROOT), "CHISO_DATABASE_URL": "sqlite:///chiso.db"}
    own["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    pipe = subprocess.PIPE
    shell = ["sh", "-e", "-c", script]
    with subprocess.Popen(
        shell, cwd=home, env=own, text=True, stdout=pipe, stderr=pipe, start_new_session=True
    ) as process:
        try:
            said, errors = process.communicate(timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(shell, process.returncode, said, errors)


def of_the_manual(*, walk: bool) -> list[str]:
    """The blocks of the manual that are run: of its walk, or all before."""
    before, _, after = (ROOT / RUN_HERE).read_text("utf-8").partition(WALK)
    return [block for kind, block in BLOCK.findall(after if walk else before) if kind == "sh"]


def test_the_commands_of_the_manual_do_what_it_says(tmp_path: Path) -> None:
    rows = '[{"ID": "1", "TEN": "UBND tỉnh Tuyên Quang", "MA_COQUAN": "H60", "TONG_SCORE": "81.77"}]'
    (tmp_path / "portal.json").write_text(rows, "utf-8")
    province = "chiso import portal.json --layout portal --period 2024-06 --create-units"

    ended = run_as_it_stands("\n".join(["chiso migrate --new", province, *of_the_manual(walk=False)]), tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (tmp_path / "backup.db").stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_lost_is_brought_back_as_the_manual_walks(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the walk asks with curl, which is not here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])

    ended = run_as_it_stands("\n".join(of_the_manual(walk=True)).replace(PORT, port), tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert '"matches":true' in ended.stdout
    kept, brought_back = ((tmp_path / "disaster" / name).read_text("utf-8") for name in ("told-before", "told-after"))
    assert kept.partition("; noted in it")[2] == brought_back.partition("; noted in it")[2] != ""


@pytest.mark.parametrize("line", OF_CHISO)
def test_a_command_that_is_shown_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command: Any = get_command(app)
    while hasattr(command, "commands") and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}

    assert not hasattr(command, "commands") or words in ([], ["…"]), words
    assert {word for word in words if word.startswith("--")} <= {*known, "--help"}


@pytest.mark.parametrize("line", TARGETS)
def test_a_target_that_is_shown_is_one_that_there_is(line: str) -> None:
    target = line.split()[1]

    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
