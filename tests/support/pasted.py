"""What `make run` serves in a copy of this clone, and a document's commands pasted beside it, as a reader does."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.readme import BLOCK, ROOT, address_of

MARK = "-- end of a block --"
PATIENCE = 600.0
CLONE = ("Makefile", "app", "pyproject.toml", "requirements.txt")
PLAIN = {name: value for name, value in os.environ.items() if name != "PORT" and not name.startswith("CHISO_")}


@dataclass(frozen=True)
class PastedBlocks:
    """What each block wrote to standard output, and the commands that ended with another code than 0."""

    outputs: list[str]
    failed: list[str]
    errors: str


def blocks(document: str) -> list[tuple[str, str]]:
    """The blocks of commands but those that start with `make`, each with the answer printed below it, or nothing."""
    found = BLOCK.findall((ROOT / document).read_text("utf-8"))
    return [(block, printed) for block, printed in found if not block.startswith("make ")]


@contextmanager
def made_to_run(home: Path) -> Iterator[None]:
    """A directory that looks like a clone, in which `make run PORT=` serves at a port that was free."""
    (home / ".venv").symlink_to(sys.prefix)
    for name in CLONE:
        (home / name).symlink_to(ROOT / name)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["make", "--assume-old=.venv/runtime-installed", "run", f"PORT={port}"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=PLAIN, stdout=log, stderr=subprocess.STDOUT)
        try:
            address_of(process, home / "log")
            yield
        finally:
            process.terminate()  # make hands it on, and waits
            process.wait(PATIENCE)


def pasted(document: str, home: Path) -> PastedBlocks:
    """Paste the document's blocks into a shell of that directory; skipped where there is no bash or curl."""
    if shutil.which("bash") is None or shutil.which("curl") is None:
        pytest.skip(f"bash or curl is not here: nothing of {document} was run")
    told = "trap 'echo \"FAILED ${BASH_COMMAND}\" >&2' ERR"
    script = "\n".join([told, *(f"{block}\necho; echo '{MARK}'" for block, _ in blocks(document))])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=home,
        env=PLAIN,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    failed = re.findall(r"^FAILED (.*)$", done.stderr, flags=re.M)
    return PastedBlocks(done.stdout.split(f"\n{MARK}\n")[:-1], failed, done.stderr)
