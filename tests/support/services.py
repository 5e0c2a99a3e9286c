"""Services in processes of their own, to be killed and stopped, on databases of the test's, reached over HTTP.

python -m tests.support.services

Whatever is imported is imported once: a process that reads orders from its standard input, a line of JSON for each
service, and becomes each of them by forking. Each then is `chiso serve`, from its first line to its last.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from select import select
from threading import Lock, get_ident
from typing import Any, Literal

import httpx
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.cli.commands import main
from tests.make import BOOTSTRAP_KEY, bearer

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120
ADDRESS = re.compile(r"chiso serves (http://127\.0\.0\.1:\d+)")
Moment = Literal["before_commit", "after_commit"]


@dataclass(frozen=True)
class Service:
    """A service that runs; `client` calls it with the bootstrap key, `log` is what it wrote."""

    pid: int
    client: httpx.Client
    log: Path

    @property
    def address(self) -> str:
        return str(self.client.base_url)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self) -> None:
        """Kill it, if it is still there."""
        with suppress(ProcessLookupError):
            self.send(signal.SIGKILL)
        self.client.close()


class Services:
    """Starts services."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __name__]
        pipe = subprocess.PIPE
        self.home = Path(tempfile.mkdtemp(prefix="chiso-services-"))
        self.parent = subprocess.Popen(
            command, cwd=ROOT, text=True, encoding="utf-8", stdin=pipe, stdout=pipe, start_new_session=True
        )
        self.turn, self.numbers = Lock(), count()

    def close(self) -> None:
        with self.parent:
            assert self.parent.stdin is not None
            self.parent.stdin.close()
        shutil.rmtree(self.home)

    @contextmanager
    def on(
        self, database_url: str, *, dies_at: Moment | None = None, stops_at: Moment | None = None, **settings: str
    ) -> Iterator[Service]:
        """A service on a database, killed afterwards, or killed or stopped at a moment of a write."""
        service = self.start(database_url, settings, dies_at=dies_at, stops_at=stops_at)
        try:
            yield service
        finally:
            service.end()

    def start(
        self,
        database_url: str,
        settings: Mapping[str, str],
        *,
        dies_at: Moment | None = None,
        stops_at: Moment | None = None,
        clock_s: int = 0,
    ) -> Service:
        """A service whose clock goes wrong by so many seconds; AssertionError with its log where it does not start."""
        own = {"CHISO_DATABASE_URL": database_url, "CHISO_BOOTSTRAP_KEY": BOOTSTRAP_KEY, **settings}
        log = self.home / f"log-{next(self.numbers)}"
        pid = self._fork([own, str(log), dies_at, stops_at, clock_s])
        until = time.monotonic() + PATIENCE_S
        while not (found := ADDRESS.search(log.read_text("utf-8") if log.exists() else "")):
            assert time.monotonic() < until, "the service did not start"
            assert is_alive(pid), log.read_text("utf-8")
            time.sleep(0.02)
        client = httpx.Client(base_url=found[1], headers=bearer(BOOTSTRAP_KEY), timeout=PATIENCE_S)
        return Service(pid, client, log)

    def _fork(self, order: list[Any]) -> int:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        with self.turn:
            self.parent.stdin.write(json.dumps(order) + "\n")
            self.parent.stdin.flush()
            assert select([self.parent.stdout], [], [], PATIENCE_S)[0], "no process was made"
            return int(self.parent.stdout.readline())


def is_alive(pid: int) -> bool:
    """Whether a process runs, or is stopped; one that has ended stays in the table until somebody asks how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def serve(environment: dict[str, str], log: str, dies_at: Moment | None, stops_at: Moment | None, clock_s: int) -> None:
    into = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    os.dup2(into, sys.stdout.fileno())
    os.dup2(into, sys.stderr.fileno())
    os.chdir(Path(log).parent)  # where no .env is
    os.environ |= environment

    def at(moment: Moment, number: signal.Signals) -> None:
        def act(session: Session) -> None:
            # else nothing is written in anybody's name, or it is a savepoint
            if "actor" in session.info and not session.in_nested_transaction():
                # to this thread: another would stop the process a moment later, and this one commit meanwhile
                signal.pthread_kill(get_ident(), number)

        event.listen(Session, moment, act)

    if dies_at is not None:
        at(dies_at, signal.SIGKILL)
    if stops_at is not None:
        at(stops_at, signal.SIGSTOP)
    if clock_s:
        right = time.time_ns
        time.time_ns = lambda: right() + clock_s * 10**9
    sys.argv = ["chiso", "serve", "--port", "0"]
    main()


if __name__ == "__main__":
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:  # nobody asks how it ended, so that its number becomes no other process's
            try:
                serve(*json.loads(line))
            except Exception:
                traceback.print_exc()  # into its log, where whoever waits for it looks
                raise
            finally:
                sys.stderr.flush()
                os._exit(1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
