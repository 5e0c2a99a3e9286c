"""The version of the data, asked before every answer that is kept, over a connection that nobody else holds.

No session and no shared pool: those cost more than the question. Each reading is a transaction of its own, so it sees
whatever was committed before it began, by whichever process.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.exc import SQLAlchemyError

QUESTION = "SELECT version FROM clock"
AWAY_S = 2
"""How long a PostgreSQL server may be out of reach before the connection to it counts as lost."""


class Versions:
    """Readings of the version; None where the database does not answer, which an ordinary session then explains.

    `thread` is one that nothing else keeps busy, for readings that wait.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
        self.held: _Held | None = None
        self.turn = Lock()
        self.thread = ThreadPoolExecutor(1, "chiso-version")
        if self.file is None:
            event.listen(engine, "do_connect", _impatiently)

    @property
    def at_hand(self) -> bool:
        """Whether `read` takes microseconds and waits for nobody: an open SQLite file. Then the event loop may."""
        return self.file is not None and self.held is not None

    def read(self) -> int | None:
        """The version at a moment after this call began."""
        with self.turn:
            try:
                if self.held is None or not self.held.is_in_place():
                    self._drop()
                    self.held = _Held(self.engine, self.file)
                return self.held.ask()
            except (SQLAlchemyError, OSError, self.engine.dialect.loaded_dbapi.Error):
                self._drop()
                return None

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
        with self.turn:
            self._drop()
        self.engine.dispose()

    def _drop(self) -> None:
        held, self.held = self.held, None
        if held is not None:
            with suppress(SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
                held.connection.invalidate()


class _Held:
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

    def ask(self) -> int | None:
        self.cursor.execute(QUESTION)
        rows = self.cursor.fetchall()  # to the end: a question left open would hold on to its snapshot
        return int(rows[0][0]) if rows else None

    def is_in_place(self) -> bool:
        """Whether the file is still the one under its name: one that was moved away answers for ever."""
        return self.place == self._place()

    def _place(self) -> tuple[int, int] | None:
        if self.file is None:
            return None
        found = self.file.stat()
        return found.st_dev, found.st_ino


def _impatiently(*about: Any) -> None:
    """Settings of libpq for a server that is gone without a word, where the address does not set them itself."""
    parameters: dict[str, Any] = about[-1]
    parameters.setdefault("connect_timeout", AWAY_S)
    parameters.setdefault("tcp_user_timeout", AWAY_S * 1000)
