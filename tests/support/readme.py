"""Documents whose requests are sent: what they print, the service they speak to, and whether its answers agree.

A document prints a request as a `sh` block with one curl command, and right below it the answer as a `json` block in
which `…` stands for anything, and for whatever else there is. A line of a `sh` block may also import a file.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent.parent
EXCHANGE = re.compile(r"```sh\n(curl .*?)\n```\n```json\n(.*?)\n```", re.DOTALL)
BLOCK = re.compile(r"```sh\n(.*?)\n```(?:\n```json\n(.*?)\n```)?", re.DOTALL)
KEY = "the-key-of-the-documents-tests"
PATIENCE = 300.0


def exchanges(document: str) -> list[tuple[str, Any]]:
    """The requests of a document as they stand, each with the answer printed below it."""
    text = (ROOT / document).read_text("utf-8")
    return [(command, json.loads(body)) for command, body in EXCHANGE.findall(text)]


def agrees(printed: Any, answered: Any) -> bool:
    """Whether an answer is what is printed; `…` stands for anything, and for whatever else there is."""
    if printed == "…":
        return True
    if isinstance(printed, dict) and isinstance(answered, dict):
        named = {name: value for name, value in printed.items() if name != "…"}
        complete = "…" in printed or named.keys() == answered.keys()
        return complete and all(name in answered and agrees(value, answered[name]) for name, value in named.items())
    if isinstance(printed, list) and isinstance(answered, list):
        first = printed[:-1] if printed[-1:] == ["…"] else printed
        long_enough = len(answered) >= len(first) if len(first) < len(printed) else len(answered) == len(first)
        return long_enough and all(agrees(one, other) for one, other in zip(first, answered, strict=False))
    return bool(printed == answered)


@contextmanager
def served(home: Path, *, demo: bool = True, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a service in a directory of its own, started as `make run` starts it, or empty.

    `settings` are variables of its environment beside its database and its admin key, or in their place.
    """
    own = {"CHISO_BOOTSTRAP_KEY": KEY, "CHISO_DATABASE_URL": f"sqlite:///{home / 'chiso.db'}"}
    environment = {**os.environ, **own, **(settings or {})}
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "app.cli", "serve", *["--demo"] * demo, "--port", "0"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield address_of(process, home / "log")
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()


def address_of(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where the service says that it listens, once it does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"chiso serves (http://127\.0\.0\.1:\d+)", log.read_text("utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def sent(command: str, address: str) -> httpx.Response:
    """A curl command of a document as the request that it makes; only the options that the documents use are known."""
    words = iter(shlex.split(_filled_in(command, address))[1:])
    headers: dict[str, str] = {}
    method = body = None
    url = ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words).encode()
        elif word == "-X":
            method = next(words)
        else:
            assert not word.startswith("-"), word
            url = word
    method = method or ("GET" if body is None else "POST")
    return httpx.request(method, url, headers=headers, content=body, timeout=PATIENCE)


def _filled_in(command: str, address: str) -> str:
    return command.replace("$KEY", KEY).replace("$URL", address)
