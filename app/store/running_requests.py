"""Which requests run under which names, as every process on the database sees it.

A name is taken by a lock that the operating system, or PostgreSQL, gives back when the process that holds it is gone:
nothing is written, so nothing is left behind. Who may store is not decided here but in the transaction that stores.
"""

import fcntl
import hashlib
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import BinaryIO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

LARGEST = 2**62
"""Numbers of locks are below; as places in a file they may not be larger than 2⁶³ - 1."""

Name = tuple[str, ...]


class NumberedLocks(Protocol):
    """Locks that processes take, each known by a number."""

    def take(self, number: int) -> bool: ...
    def give_back(self, number: int) -> None: ...
    def close(self) -> None: ...


class RunningRequests:
    """The names under which requests run."""

    def __init__(self, engine: Engine, lease_s: int) -> None:
        self.locks: NumberedLocks
        if engine.dialect.name == "sqlite":
            self.locks = FileLocks(Path(f"{engine.url.database}-running"))
        else:
            self.locks = ServerLocks(engine, lease_s)
        self.here: set[int] = set()
        self.turn = Lock()

    def begin(self, name: Name) -> bool:
        """Take a name; False where a request runs under it already. OSError or DBAPIError where that cannot be told."""
        number = number_of(name)
        with self.turn:
            if number in self.here or not self.locks.take(number):
                return False
            self.here.add(number)
        return True

    def end(self, name: Name) -> None:
        number = number_of(name)
        with self.turn:
            self.here.discard(number)
            self.locks.give_back(number)

    def close(self) -> None:
        with self.turn:
            self.here.clear()
            self.locks.close()


class FileLocks:
    """Locks on single bytes of an empty file beside the database; no two numbers share a byte.

    One for a file and process: the system lets go of all of a process's locks when it closes the file anywhere. Should
    one be lost so, the transaction that stores still decides who was first.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: BinaryIO | None = None

    def take(self, number: int) -> bool:
        if self.file is None:
            self.path.touch(mode=0o600)
            self.file = self.path.open("r+b")
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except (BlockingIOError, PermissionError):  # systems differ in how they say that it is taken
            return False
        return True

    def give_back(self, number: int) -> None:
        if self.file is not None:
            fcntl.lockf(self.file, fcntl.LOCK_UN, 1, number)

    def close(self) -> None:
        file, self.file = self.file, None
        if file is not None:
            file.close()


class ServerLocks:
    """Advisory locks of PostgreSQL, all on one connection: there is one as long as something is held.

    A thread gives signs of life on it. After `lease_s` seconds without one, PostgreSQL ends the connection, and with it
    the locks: the process is stopped, or out of reach.
    """

    def __init__(self, engine: Engine, lease_s: int) -> None:
        self.engine, self.lease_s = engine, lease_s
        self.connection: Connection | None = None
        self.held: set[int] = set()
        self.turn = Lock()
        self.closed = Event()

    def take(self, number: int) -> bool:
        with self.turn:
            if self.closed.is_set():  # it would open a connection that nobody closes
                raise OSError("the database is closed")
            connected = self.connection is not None
            try:
                taken = self._ask("SELECT pg_try_advisory_lock(:number)", number)
            except DBAPIError:
                if not connected:
                    raise
                # of a server that was restarted meanwhile, perhaps: once more on a new connection
                taken = self._ask("SELECT pg_try_advisory_lock(:number)", number)
            if taken:
                self.held.add(number)
            return taken

    def give_back(self, number: int) -> None:
        with self.turn:
            if number in self.held:
                self.held.discard(number)
                with suppress(DBAPIError):  # then the lock is gone with the connection
                    self._ask("SELECT pg_advisory_unlock(:number)", number)

    def close(self) -> None:
        self.closed.set()
        with self.turn:
            self._drop()

    def _ask(self, question: str, number: int) -> bool:
        try:
            if self.connection is None:
                self.connection = self._connected()
            return bool(self.connection.execute(text(question), {"number": number}).scalar_one())
        except DBAPIError:
            self._drop()
            raise

    def _connected(self) -> Connection:
        """A connection of its own, of which the pool knows nothing."""
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        connection.execute(text(f"SET idle_session_timeout = '{self.lease_s}s'"))
        Thread(target=self._stir, args=(connection,), name="chiso-running", daemon=True).start()
        return connection

    def _stir(self, connection: Connection) -> None:
        """Give signs of life for what is held on a connection; close it when there is nothing."""
        while not self.closed.wait(self.lease_s / 3):
            with self.turn:
                if self.connection is not connection:
                    return
                if not self.held:
                    self._drop()
                    return
                with suppress(DBAPIError):
                    self._ask("SELECT :number", 1)

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        self.held.clear()
        if connection is not None:
            with suppress(DBAPIError):
                connection.close()


def number_of(name: Name) -> int:
    """The number of a name's lock; that two share one is as likely as never."""
    digest = hashlib.sha256("\0".join(name).encode()).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST
