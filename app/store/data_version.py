"""The state of the data, asked before every answer that is kept, over a connection that nobody else holds.

No session and no shared pool: those cost more than the reading. Each reading is a transaction of its own, so it sees
whatever was committed before it began, by whichever process.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from shutil import disk_usage
from sqlite3 import OperationalError as SqliteError
from sqlite3 import connect
from tempfile import gettempdir
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError

from app.store.data_state import DataState
from app.store.pool import end
from app.store.topics import FIRST, WITH_TOPICS, Stamp, TopicStamps, write_topic

QUESTION = "SELECT version, known_at, trace FROM clock"
SCHEMA = "SELECT version_num FROM alembic_version"
BACKLOG = (
    "SELECT count(CASE WHEN lease_until < {now:d} THEN 1 END), min(requested_at)"
    " FROM import_jobs JOIN imports ON imports.id = import_jobs.id"
)
READ_ONLY = "SHOW transaction_read_only"
"""`on` of a hot standby, too."""
LOG_POSITION = "SELECT pg_current_wal_flush_lsn(), version, known_at, trace FROM clock"
"""Of PostgreSQL: whatever anybody sees has been written to the log as far as that."""
UNCHANGED = "UPDATE clock SET version = version"


class Health(NamedTuple):
    """The revision of the schema (None: the database does not answer, empty: there is none yet), whether nothing can be
    written, and the bytes that are free for temporary files and an SQLite file, whichever are fewer.
    """

    schema: str | None
    read_only: bool
    free: int


class Backlog(NamedTuple):
    """What waits in the database: the revision of its schema, how many imports in the background nobody vouches for any
    more, and since when (µs) the oldest waits or runs.
    """

    schema: str
    lost: int
    oldest: int | None


class DataVersionReader:
    """Readings of the state; None where the database does not answer, which an ordinary session then explains.

    `thread` is one that nothing else keeps busy, for readings that wait.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
        self.connection: _OpenConnection | None = None
        self.turn, self.closed = Lock(), False
        self.stamps: TopicStamps | None = None
        self.thread = ThreadPoolExecutor(1, "chiso-version")

    @property
    def at_hand(self) -> bool:
        """Whether `read` takes microseconds and waits for nobody: an open SQLite file. Then the event loop may."""
        return self.file is not None and self.connection is not None and self.connection.is_in_place()

    def read(self) -> DataState | None:
        """The state at a moment after this call began."""
        rows = self._ask(QUESTION)
        return DataState(*rows[0]) if rows else None

    def read_topics(self) -> TopicStamps | None:
        """The state likewise, and the last write of every topic: the same object for as long as nothing is written."""
        state, known = self.read(), self.stamps
        if state is None or (known is not None and known.state == state):
            return None if state is None else known
        newer = None if known is None or known.rows is None else self._read_since(known.state.version, known)
        self.stamps = newer = newer or self._read_since(FIRST, None)
        return newer

    def _read_since(self, version: int, known: TopicStamps | None) -> TopicStamps | None:
        """What is known and what moved since that version; without what is known, all that there is."""
        rows = self._ask(WITH_TOPICS.format(version=version, write=write_topic(version)))
        if not rows:
            return None
        state, moved = DataState(*rows[0][:3]), {row[3]: Stamp(*row[4:]) for row in rows if row[3] is not None}
        return TopicStamps.of(state, moved) if known is None else TopicStamps.following(known, state, moved)

    def log_position(self) -> tuple[str, DataState] | None:
        """How far the log of PostgreSQL stands, and the state that is to be seen, likewise."""
        rows = self._ask(LOG_POSITION)
        return (str(rows[0][0]), DataState(*rows[0][1:])) if rows else None

    def schema(self) -> str | None:
        """The revision of the schema, likewise; empty where there is none yet."""
        rows = self._ask(SCHEMA)
        if rows:
            return str(rows[0][0])
        return None if self._ask("SELECT 1") is None else ""

    def health(self) -> Health:
        """What stands in the way of serving."""
        schema = self.schema()
        return Health(schema, schema is not None and self._read_only(), self.free())

    def backlog(self, now: int) -> Backlog | None:
        """What waits at this time (µs); None where the database does not answer."""
        schema = self.schema()
        if schema is None:
            return None
        rows = self._ask(BACKLOG.format(now=now)) if schema else None
        lost, oldest = rows[0] if rows else (0, None)
        return Backlog(schema, lost, oldest)

    def _read_only(self) -> bool:
        if self.file is None:
            rows = self._ask(READ_ONLY)
            return rows is not None and rows[0][0] == "on"
        # a connection that has been open for long writes on, whoever has taken the right away from new ones
        try:
            with closing(connect(f"file:{quote(str(self.file))}?mode=rw", 0, isolation_level=None, uri=True)) as fresh:
                fresh.execute("BEGIN IMMEDIATE")
                fresh.execute(UNCHANGED)  # and taken back
        except SqliteError as error:  # or somebody is writing
            return error.sqlite_errorname.startswith("SQLITE_READONLY")
        return False

    def free(self) -> int:
        """Bytes that are free for temporary files and an SQLite file, whichever are fewer; no database is asked."""
        places = {Path(gettempdir()), *([self.file.absolute().parent] if self.file else [])}
        try:
            return min(disk_usage(each).free for each in places)
        except OSError:  # a place is gone
            return 0

    def _ask(self, statement: str) -> Sequence[Sequence[Any]] | None:
        with self.turn:
            if self.closed:  # a reading that was under way then would open a connection that nobody closes
                return None
            try:
                if self.connection is None or not self.connection.is_in_place():
                    self._drop()
                    self.connection = _OpenConnection(self.engine, self.file)
                return self.connection.ask(statement)
            except (SQLAlchemyError, OSError, self.engine.dialect.loaded_dbapi.Error):
                self._drop()
                return None

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
        with self.turn:
            self.closed = True
            self._drop()
        end(self.engine)

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
                connection.connection.invalidate()


class _OpenConnection:
    """An open connection, and the file that it was opened on."""

    def __init__(self, engine: Engine, file: Path | None) -> None:
        self.file = file
        self.place = self._place()
        self.connection: PoolProxiedConnection = engine.raw_connection()
        assert self.connection.dbapi_connection is not None
        engine.dialect.set_isolation_level(self.connection.dbapi_connection, "AUTOCOMMIT")
        self.cursor = self.connection.cursor()
        if file is not None:
            self.cursor.execute("PRAGMA busy_timeout=0")  # it is asked on the event loop

    def ask(self, statement: str) -> Sequence[Sequence[Any]]:
        self.cursor.execute(statement)
        return self.cursor.fetchall()  # to the end: a reading left open would hold on to its snapshot

    def is_in_place(self) -> bool:
        """Whether the file is still the one under its name: one that was moved away answers for ever."""
        return self.place == self._place()

    def _place(self) -> tuple[int, int] | None:
        return None if self.file is None else file_of(self.file)


def file_of(path: Path) -> tuple[int, int] | None:
    """Which file stands under a name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
