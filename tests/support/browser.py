"""A real browser: what a page looks like to people once its scripts have asked what they want to know."""

import os
import shutil
import subprocess
from tempfile import TemporaryDirectory

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 300.0
PAGE_MS = 30_000
"""How long the scripts of a page have, by their own clock, which stands still while they wait for an answer."""


def seen_at(address: str) -> str:
    """The document at an address as it stands after its scripts; the test is skipped where no browser is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is here: nobody has looked at the page")
    with TemporaryDirectory() as home:
        options = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={home}"]
        options += ["--no-sandbox"] if os.geteuid() == 0 else []  # it refuses to run as root with one
        run = [found, *options, f"--virtual-time-budget={PAGE_MS}", "--dump-dom", address]
        done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout
