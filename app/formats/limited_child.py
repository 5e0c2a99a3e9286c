"""A program of ours in a child process with limits: what a hostile file costs, it costs a child (ADR 10)."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

log = logging.getLogger("chiso.child")

ROOT = Path(__file__).parents[2]
BOOT = (
    "import sys; from importlib import import_module; sys.path.append(sys.argv[1]); "
    "import_module(sys.argv[2]).main(sys.argv[3:])"
)
CLOCK = 4
"""So many times its processor time a child may take by the clock."""


class ChildStopped(Exception):  # noqa: N818 - named for what happened
    """The child took more time or memory than it may, and is gone."""


class ChildBroken(Exception):  # noqa: N818 - named for what happened
    """The child ended with a failure that it has no words for; the log tells it."""


def run_child(
    program: str,
    arguments: Sequence[str],
    file: IO[bytes],
    outputs: Sequence[IO[bytes]],
    seconds: int,
    *,
    packages: bool = False,
) -> dict[str, Any]:
    """The JSON object that `main(arguments)` of the module `program` prints over `file`, a real file, as its input.

    Isolated, without an environment, and without site-packages unless `packages`. `outputs` are files that it may use
    under their own descriptors; `seconds` are those of processor time that it gives itself. Raises ChildStopped and
    ChildBroken.
    """
    isolated = ["-I"] if packages else ["-I", "-S"]
    command = [sys.executable, *isolated, "-c", BOOT, str(ROOT), program, *arguments]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, no shell
            command,
            stdin=file,
            capture_output=True,
            pass_fds=[each.fileno() for each in outputs],
            env={},
            timeout=CLOCK * seconds,
        )
    except subprocess.TimeoutExpired:
        raise ChildStopped from None
    if ended.returncode < 0:
        raise ChildStopped
    if ended.returncode > 0:
        log.error("%s ended with %s: %s", program, ended.returncode, ended.stderr[-2000:].decode())
        raise ChildBroken
    report: dict[str, Any] = json.loads(ended.stdout)
    return report
