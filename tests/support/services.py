"""Services in processes of their own, to be killed and stopped, on databases of the test's, reached over HTTP.

python -m tests.support.services

Whatever is imported is imported once: a process that reads settings from its standard input, a line of JSON for each
service, and becomes each of them by forking.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Literal

import httpx
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.cli.serving import address_of, bound_socket, run
from app.config import Settings
from tests.make import BOOTSTRAP_KEY, bearer

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120
HOST = "127.0.0.1"
Moment = Literal["before_commit", "after_commit"]


@dataclass(frozen=True)
class Service:
    """A service that runs; `client` calls it with the bootstrap key."""

    pid: int
    client: httpx.Client

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


class Services:
    """Starts services."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __name__]
        pipe = subprocess.PIPE
        self.parent = subprocess.Popen(command, cwd=ROOT, text=True, encoding="utf-8", stdin=pipe, stdout=pipe)

    def close(self) -> None:
        with self.parent:
            assert self.parent.stdin is not None
            self.parent.stdin.close()

    @contextmanager
    def on(
        self, database_url: str, *, dies_at: Moment | None = None, stops_at: Moment | None = None, **settings: str
    ) -> Iterator[Service]:
        """A service on a database that is migrated, killed afterwards, or killed or stopped at a moment of a write."""
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        own = {"CHISO_DATABASE_URL": database_url, "CHISO_BOOTSTRAP_KEY": BOOTSTRAP_KEY, **settings}
        self.parent.stdin.write(json.dumps([own, dies_at, stops_at]) + "\n")
        self.parent.stdin.flush()
        assert select([self.parent.stdout], [], [], PATIENCE_S)[0], "the service did not start"
        pid, address = self.parent.stdout.readline().split()
        try:
            with httpx.Client(base_url=address, headers=bearer(BOOTSTRAP_KEY), timeout=PATIENCE_S) as client:
                yield Service(int(pid), client)
        finally:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def serve(environment: dict[str, str], dies_at: Moment | None, stops_at: Moment | None) -> None:
    os.environ |= environment

    def at(moment: Moment, number: signal.Signals) -> None:
        def act(session: Session) -> None:
            if "actor" in session.info:  # else nothing is written in anybody's name
                os.kill(os.getpid(), number)

        event.listen(Session, moment, act)

    if dies_at is not None:
        at(dies_at, signal.SIGKILL)
    if stops_at is not None:
        at(stops_at, signal.SIGSTOP)
    with bound_socket(HOST, 0) as listener:

        def ready() -> None:
            sys.stdout.write(f"{os.getpid()} {address_of(HOST, listener)}\n")
            sys.stdout.flush()

        run(Settings(_env_file=None), listener, 1, ready)


if __name__ == "__main__":
    for line in sys.stdin:
        if os.fork() == 0:  # nobody asks how it ended, so that its number becomes no other process's
            serve(*json.loads(line))
            os._exit(0)
