"""Engines on the two databases, with the manners that the rest of the store relies on."""

import re
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from sqlite3 import connect
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import URL, Connection, Dialect, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.data_version import file_of
from app.store.pool import CountingPool

AWAY_S = 2
"""How long a PostgreSQL server may be out of reach before the connection to it counts as lost."""
FULL = ("too many clients", "too many connections", "remaining connection slots")
"""What a PostgreSQL server says that has no room for a connection."""
FULL_TIMES, FULL_PAUSE_S = 4, 0.5
"""How often it is asked again, and after how many seconds."""
SEVERAL_HOSTS = re.compile(
    r"(?P<before>postgresql[a-z+]*://(?:[^@/?]*@)?)(?P<hosts>[^@/?]*,[^@/?]*)(?P<after>(?:[/?].*)?)"
)
LOG_LIMIT = 64 * 2**20
"""Bytes to which SQLite cuts its write-ahead log back once all of it stands in the file."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=FILE")
"""Each connection keeps the 2 MB of pages that SQLite keeps by itself. A process has up to twenty, a write by another
empties each, and what is read again comes from the memory of the system: imports are as fast as with 64 MB."""
LOCK_WAIT_MS = 30_000
"""How long a transaction waits for a lock, where it does not say otherwise."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections a process has at most, and for how long they may wait, work or stand still.

    `patience_s`: how long a thread waits for a connection; `lease_s`: after how long PostgreSQL ends a transaction that
    writes and whose process does not stir, one that only reads after ten times that; `statement_s`: any statement. 0 is
    no limit.
    """

    lock_wait_ms: int = LOCK_WAIT_MS
    connections: int = 20
    patience_s: float = 5.0
    lease_s: int = 0
    statement_s: int = 0

    @property
    def server_options(self) -> str:
        """What a session of PostgreSQL begins with."""
        settings = {
            "default_transaction_isolation": "read\\ committed",
            "lock_timeout": self.lock_wait_ms,
            "idle_in_transaction_session_timeout": f"{10 * self.lease_s}s",
            "statement_timeout": f"{self.statement_s}s",
            "tcp_keepalives_idle": 30,  # of a host that is gone without a word
            "tcp_keepalives_interval": 10,
            "tcp_keepalives_count": 3,
        }
        return " ".join(f"-c {name}={value}" for name, value in settings.items())


UNLIMITED = ConnectionLimits()
"""For what is done once and may take its time, as a migration."""


def make_engine(url: str, *, new: bool = False, limits: ConnectionLimits = UNLIMITED) -> Engine:
    """An engine for SQLite or PostgreSQL (psycopg 3), with the manners that the rest of the store relies on.

    `new`: an SQLite file that is not there is made. On PostgreSQL a quarter of the connections stay open when idle.
    """
    address = read_address(url)
    kept = limits.connections
    if address.get_backend_name() == "postgresql":
        kept = max(1, kept // 4)
    pool: dict[str, Any] = {
        "poolclass": CountingPool,
        "pool_size": kept,
        "max_overflow": limits.connections - kept,
        "pool_timeout": limits.patience_s,
        "pool_use_lifo": True,
    }
    if address.get_backend_name() == "postgresql":
        server = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"options": limits.server_options},
            **pool,
        )
        event.listen(server, "handle_error", partial(_name_place, place_of(url)))
        event.listen(server, "do_connect", _connect)
        event.listen(server, "after_cursor_execute", _end_pipeline)
        return server
    engine = create_engine(address, connect_args={"timeout": limits.lock_wait_ms / 1000}, **pool)
    event.listen(engine, "handle_error", partial(_name_place, place_of(url)))
    event.listen(engine, "connect", _prepare_sqlite)
    if address.database:
        if new:
            _make_private(Path(address.database))
        _hold_to_file(engine, Path(address.database), new=new)
    event.listen(engine, "begin", partial(_begin_sqlite, limits.lock_wait_ms))
    return engine


def read_address(url: str) -> URL:
    """The parts of an address. Several hosts, which libpq asks in turn, are parameters to SQLAlchemy."""
    several = SEVERAL_HOSTS.fullmatch(url)
    if several is None:
        return _with_one_root(make_url(url))
    address = make_url(several["before"] + several["after"])
    hosts = [urlsplit(f"//{host}") for host in several["hosts"].split(",")]
    names, ports = (each.hostname or "" for each in hosts), (str(each.port or "") for each in hosts)
    return address.update_query_dict({"host": ",".join(names), "port": ",".join(ports)})


def _with_one_root(address: URL) -> URL:
    """The address with one slash before a path from the root: a URI of a file takes what follows two for a host."""
    path = address.database or ""
    if address.get_backend_name() == "sqlite" and path.startswith("//"):
        return address.set(database=f"/{path.lstrip('/')}")
    return address


def preferring_standby(url: str) -> str:
    """An address to read from: of several hosts a standby, where it does not say otherwise itself."""
    if SEVERAL_HOSTS.fullmatch(url) is None or "target_session_attrs" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}target_session_attrs=prefer-standby"


def reading_engine(file: Path) -> Engine:
    """An engine on an SQLite file of whichever program: the file stays as it is, and so does its journal's mode."""
    asked = {"mode": "ro", "uri": "true"}
    engine = create_engine(URL.create("sqlite", database=f"file:{quote(str(file))}", query=asked))
    event.listen(engine, "handle_error", partial(_name_place, str(file)))
    return engine


def _name_place(place: str, context: ExceptionContext) -> None:
    """Let an error of the database say of which one it is; what the driver says of a file leaves its name out."""
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.add_note(place)


def _connect(dialect: Dialect, _: ConnectionPoolEntry, arguments: list[Any], parameters: dict[str, Any]) -> Any:
    """Connect with settings of libpq for a server that is gone without a word, where the address does not set them.

    Of several hosts it is the one that can be written to: after a failover another than before.
    Where the server has no room for one more, somebody may be about to leave: it is asked again for a moment.
    """
    parameters.setdefault("connect_timeout", AWAY_S)
    parameters.setdefault("tcp_user_timeout", AWAY_S * 1000)
    if "," in parameters.get("host", ""):
        parameters.setdefault("target_session_attrs", "read-write")
    for _time in range(FULL_TIMES):
        try:
            return dialect.connect(*arguments, **parameters)
        except dialect.loaded_dbapi.OperationalError as error:
            if not any(words in str(error) for words in FULL):
                raise
        time.sleep(FULL_PAUSE_S)
    return dialect.connect(*arguments, **parameters)


def _end_pipeline(_: Connection, cursor: Any, __: str, ___: Any, ____: Any, executemany: bool) -> None:
    """Ask something after many statements at once: their last message stops the server's watch over idle transactions.

    psycopg sends them in a pipeline that ends with a flush, after which PostgreSQL does not look at the clock again.
    """
    if executemany:
        cursor.connection.execute("SELECT 1")


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, SqliteConnection)
    connection.isolation_level = None  # transactions begin where we say, not at the first write
    # Temporary files are files: what a large import would take back on a fault is as large as what it changes.
    for pragma in (*PRAGMAS, f"journal_size_limit={LOG_LIMIT}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _make_private(path: Path) -> None:
    """Make a missing file readable to its owner alone; `-wal` and `-shm` get the rights of the file from SQLite."""
    if not path.exists():
        with suppress(OSError):  # of a place where no file can be made SQLite speaks itself
            path.touch(mode=0o600)


def sqlite_file(url: str) -> Path | None:
    """The absolute path of the SQLite file of this address; None where it is no file's."""
    address = read_address(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database).absolute()


def address_of(file: Path) -> str:
    """The address of an SQLite file, whatever its name is made of."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def place_of(url: str) -> str:
    """Which database an address means, to be printed: an absolute path, or the server's without user and password."""
    file = sqlite_file(url)
    if file is not None:
        return str(file)
    address = read_address(url)
    if several := SEVERAL_HOSTS.fullmatch(url):
        return f"postgresql://{several['hosts']}/{address.database}"
    return URL.create("postgresql", host=address.host, port=address.port, database=address.database).render_as_string()


def beside(file: Path) -> Sequence[Path]:
    """Where SQLite keeps what belongs to a file while somebody has it open, or after a crash."""
    return [file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def close_file(path: Path) -> None:
    """Let an SQLite file that nobody has open stand alone, without a log beside it."""
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").close()


def open_to_others(url: str) -> Path | None:
    """The SQLite file of this address if other users of the machine may read or write it."""
    path = sqlite_file(url)
    return path if path is not None and path.exists() and path.stat().st_mode & 0o077 else None


def _hold_to_file(engine: Engine, path: Path, *, new: bool) -> None:
    """Use no connection to a file that stands under its name no more: what it writes would be lost, acknowledged."""

    def there(*_: Any) -> None:
        if not new and not path.exists():  # SQLite would make an empty one
            raise SqliteError(f"unable to open database file {path}")

    def note(_: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = file_of(path)

    def compare(_: DBAPIConnection, entry: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
        if entry.info["file"] != file_of(path):
            raise DisconnectionError(f"{path} is another file now")

    event.listen(engine, "do_connect", there)
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", compare)


def _begin_sqlite(lock_wait_ms: int, connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writer", False):
        connection.exec_driver_sql("BEGIN")
        return
    wait_ms = options.get("wait_ms")
    if wait_ms is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms:d}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={lock_wait_ms}")
