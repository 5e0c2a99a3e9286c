"""`chiso serve` as a process of its own: its address, what it logs, how it ends."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parent.parent.parent
SECRET = "the-admin-key-of-this-test"
Found = TypeVar("Found")
PATIENCE = 300.0
"""Seconds after which what is waited for never comes."""
PARSERS = ("in C", "in Python")
"""uvicorn on uvloop and httptools, and on asyncio and h11."""


@dataclass(frozen=True)
class ServedProcess:
    """A running service, its port at 127.0.0.1, and the file that its standard output and error go to."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connection(self, sent: bytes = b"") -> socket.socket:
        """A connection to it, on which so much has been sent."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        client.sendall(sent)
        return client

    def logged(self) -> str:
        return self.log.read_text("utf-8")


def command(*options: str) -> list[str]:
    """The command that serves at a free port."""
    return [sys.executable, "-m", "app.cli", "serve", "--port", "0", *options]


def within(limit: str) -> tuple[str, ...]:
    """What starts a command under a limit of the system, as `-n 400`."""
    return ("sh", "-c", f'ulimit {limit}; exec "$@"', "sh")


def environment(home: Path, settings: Mapping[str, str], parser: str) -> dict[str, str]:
    """The environment of a service in a directory of its own, whose parser is written in the language of `parser`."""
    path = [str(ROOT)]
    if parser == "in Python":
        for name in ("httptools", "uvloop"):
            (home / f"{name}.py").write_text("raise ImportError\n")
        path.insert(0, str(home))
    own = {"PYTHONPATH": os.pathsep.join(path), "CHISO_DATABASE_URL": f"sqlite:///{home / 'served.db'}"}
    return {**os.environ, **own, "CHISO_BOOTSTRAP_KEY": SECRET, **settings}


@contextmanager
def serving(
    home: Path,
    *options: str,
    settings: Mapping[str, str] | None = None,
    parser: str = PARSERS[0],
    starter: tuple[str, ...] = (),
) -> Iterator[ServedProcess]:
    """A service that is killed at the end, if it is still there; `starter` is what starts its command."""
    log = home / "log"
    with log.open("wb") as into:
        process = subprocess.Popen(
            [*starter, *command(*options)],
            cwd=home,
            env=environment(home, settings or {}, parser),
            stdout=into,
            stderr=subprocess.STDOUT,
        )
    try:
        found = until(lambda: re.search(r"chiso serves http://127\.0\.0\.1:(\d+)", log.read_text("utf-8")), process)
        yield ServedProcess(process, int(found[1]), log)
    finally:
        process.kill()
        process.wait()


def until(look: Callable[[], Found | None], process: "subprocess.Popen[Any] | None" = None) -> Found:
    """What `look` finds, once it finds something; AssertionError where it never does, or the process has ended."""
    patience = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < patience
        assert process is None or process.poll() is None, process.args
        time.sleep(0.05)
    return found


def request(
    method: str, path: str, body: bytes = b"", *, headers: Sequence[str] = (), length: int | None = None
) -> bytes:
    """A request with the admin key as bytes; it announces `length` bytes of body, or those that it has."""
    lines = [f"{method} {path} HTTP/1.1", "Host: test", f"Authorization: Bearer {SECRET}", *headers]
    if body or length:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body
