"""`chiso` as a process of its own, in a directory of the test's, with no setting but those that the test makes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300


def environment(**settings: str) -> Mapping[str, str]:
    """The variables of the process: ours without settings, and these (`database_url="…"`)."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CHISO_")}
    return {**plain, "PYTHONPATH": str(ROOT), **{f"CHISO_{name.upper()}": value for name, value in settings.items()}}


def chiso(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What a command that ends said, and its exit code."""
    command = [sys.executable, "-m", "app.cli", *words]
    own = environment(**settings)
    return subprocess.run(command, cwd=home, env=own, capture_output=True, text=True, timeout=PATIENCE)
