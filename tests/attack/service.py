"""What is attacked: the demonstration on either database, in a process of its own, and three kinds of caller."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from app.services.rights import Scope
from app.store.db import Database
from app.store.schema import migrate
from tests.support.databases import Databases, Migrate, Postgres, Sqlite, make_home, stop_server
from tests.support.readme import KEY, served

KINDS: dict[str, Callable[[Path, Migrate], Databases]] = {"sqlite": Sqlite, "postgresql": Postgres}
CALLERS = ("anonymous", "subtree", "admin")
SUBTREE = "H60"
UNLIMITED = {"CHISO_ANONYMOUS_RATE": "", "CHISO_KEY_RATE": ""}
"""Without limits by address and key: what is attacked is what stands behind them."""


@dataclass(frozen=True)
class Attacked:
    """A running service on the database at `url`; `keys` are the secrets of callers, `process` the one that serves."""

    address: str
    url: str
    keys: dict[str, str]
    process: psutil.Process

    def headers(self, caller: str) -> dict[str, str]:
        """What a caller sends to be known."""
        return {"Authorization": f"Bearer {self.keys[caller]}"} if caller in self.keys else {}

    def memory(self) -> int:
        """What the process holds in memory, in bytes, the children that it reads workbooks with included."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(each.memory_info().rss for each in family)


@contextmanager
def own_databases(kind: str) -> Iterator[Databases]:
    """Databases outside a run of pytest, and their server while they are needed."""
    home = make_home()
    try:
        yield KINDS[kind](home, migrate)
    finally:
        stop_server(home)
        shutil.rmtree(home)


@contextmanager
def attacked(databases: Databases, settings: Mapping[str, str] = UNLIMITED) -> Iterator[Attacked]:
    """A fresh demonstration on a database of its own, with a key that may everything below one province."""
    with (
        databases.database() as url,
        TemporaryDirectory(prefix="chiso-attack-") as own,
        served(Path(own), settings={"CHISO_DATABASE_URL": url, **settings}) as address,
    ):
        (process,) = psutil.Process().children()[-1:]
        yield Attacked(address, url, {"admin": KEY, "subtree": subtree_key(url)}, process)


@contextmanager
def writer_at_work(service: Attacked) -> Iterator[None]:
    """Somebody else who writes into the database of the service, and takes his time."""
    database = Database(service.url)
    try:
        with database.writing():
            yield
    finally:
        database.dispose()


def subtree_key(url: str) -> str:
    """The secret of a new key with every scope below `SUBTREE`."""
    scopes = [word for scope in Scope if scope != Scope.ADMIN for word in ("--scope", scope)]
    command = [sys.executable, "-m", "app.cli", "keys", "create", "attack", *scopes, "--unit", SUBTREE]
    made = subprocess.run(command, env={**os.environ, "CHISO_DATABASE_URL": url}, capture_output=True, check=True)
    return made.stdout.decode().splitlines()[-1]
