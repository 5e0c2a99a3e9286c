"""The database: connections, transactions, the clock row, migrations. SQLite and PostgreSQL behave alike here.

One writer at a time: a writing transaction begins by moving the `clock` row. On SQLite `BEGIN IMMEDIATE` has then
already taken the write lock, on PostgreSQL the row's lock does the same work; whoever waited reads what the one
before has committed. Readers never wait and see one snapshot.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    case,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.metrics.series import LOCK_WAITED, STANDBY_READS
from app.store.data_state import DataState
from app.store.data_version import DataVersionReader
from app.store.engines import ConnectionLimits, make_engine
from app.store.memory import Memory
from app.store.pool import CountingPool, end, pool_of
from app.store.running_requests import RunningRequests
from app.store.standby import Standby
from app.store.tables import Mapped, columns
from app.store.topics import LastStamps, begin_log, save_topics, watch

FOREVER = 2**63 - 1
"""An instant that never comes: the end of what still holds."""


class ClockRow(SQLModel, table=True):
    """One row: how often the data changed, the last instant (µs since 1970, UTC) at which it did, the trace's end.

    `trace` is the hash of the newest entry of the audit, empty before the first: entries cut off the end show.
    """

    __tablename__ = "clock"
    id: Mapped[int] = Field(primary_key=True)
    version: Mapped[int] = Field(sa_type=BigInteger)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    trace: Mapped[str]


def microseconds() -> int:
    """Now, in µs since 1970 (UTC)."""
    return time.time_ns() // 1000


CLOCK = columns(ClockRow)


@dataclass(frozen=True, slots=True)
class DatabaseLimits(ConnectionLimits):
    """The limits of a database that is served, and how many rows are in memory of what is read without a limit."""

    lease_s: int = 60
    statement_s: int = 900
    rows_at_once: int = 2_000


USUAL = DatabaseLimits()


class Database:
    """An engine and a clock. `reading()`, `writing()` and `unversioned()` are the only ways to a session.

    `versions` tells whether anything was written since, without a session; `running` which requests run anywhere.
    """

    def __init__(
        self,
        url: str,
        *,
        now: Callable[[], int] = microseconds,
        limits: DatabaseLimits = USUAL,
        memory: Memory | None = None,
        read_url: str | None = None,
    ) -> None:
        self.url = url
        self.now, self.limits = now, limits
        self.memory, self.last_stamps = memory or Memory(), LastStamps()
        self.engine = make_engine(url, limits=limits)
        watch(self.engine)
        self.versions = DataVersionReader(make_engine(url, limits=limits))
        self.running = RunningRequests(self.engine, limits.lease_s)
        self._snapshot: dict[str, Any] = {}
        self._usual: dict[str, Any] = {}
        self._read_options: dict[str, Any] = {}
        if self.engine.dialect.name == "postgresql":
            self._snapshot, self._usual = {"isolation_level": "REPEATABLE READ"}, {"isolation_level": "READ COMMITTED"}
            self._read_options = {**self._snapshot, "postgresql_readonly": True}
        self._readers = self.engine.execution_options(**self._read_options)
        self.standby = None if read_url is None else Standby(read_url, limits)
        if self.standby is not None:
            watch(self.standby.engine)

    def _session(self, bind: Engine | Connection) -> Session:
        log = begin_log()
        info = {"now": self.now, "memory": self.memory, "limits": self.limits}
        info |= {"topics": log, "last_stamps": self.last_stamps}
        return Session(bind.execution_options(topics=log), expire_on_commit=False, info=info)

    @contextmanager
    def reading(self, *, primary: bool = False) -> Iterator[Session]:
        """A transaction over one snapshot; nothing written in it is kept. `primary`: whatever the standby has."""
        with self._session(self._readers) if primary else self._reader() as session, ExitStack() as results:
            session.info["results"] = results
            session.info["topics"].may_write = False
            yield session

    def _reader(self) -> Session:
        """A session that reads: of the standby, where there is one that has all that was written until now."""
        if self.standby is not None and self.standby.answers:
            primary = self.versions.log_position()
            session = self._session(self.standby.engine.execution_options(**self._read_options))
            if primary is not None and self.standby.shows(session, *primary):
                STANDBY_READS.labels("standby").inc()
                return session
            session.close()
        if self.standby is not None:
            STANDBY_READS.labels("primary").inc()
        return self._session(self._readers)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection that outlives its transactions, closed afterwards with all that it has in temporary tables."""
        with self.engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def staging(self, connection: Connection) -> Iterator[Session]:
        """A transaction over one snapshot, of which temporary tables stay for one that writes on this connection."""
        with self._session(connection.execution_options(**self._snapshot)) as session, session.begin():
            session.info["topics"].may_write = False
            yield session

    @contextmanager
    def writing(self, *, wait_ms: int | None = None, on: Connection | None = None) -> Iterator[Session]:
        """The one writing transaction of the moment; commits on leaving, or leaves nothing behind.

        Another writer is waited for at most `wait_ms` (else as the limits say), then OperationalError. `on`: by a
        connection that has staged what is to be written.
        """
        with self.unversioned(wait_ms=wait_ms, on=on) as session:
            moved = update(ClockRow).values(version=CLOCK.version + 1).returning(CLOCK.version)
            with LOCK_WAITED.time():
                session.info["version"] = session.execute(moved).scalar_one()
            if wait_ms is not None:
                _wait_at_most(session, self.limits.lock_wait_ms)
            yield session
            if session.in_transaction():  # a dry run has rolled back
                save_topics(session, session.info["version"], last_change(session).known_at)

    @contextmanager
    def unversioned(self, *, wait_ms: int | None = None, on: Connection | None = None) -> Iterator[Session]:
        """A short transaction for what the service notes of its own work: no figure changes, nor does the version.

        On PostgreSQL it runs at the same time as the writer of the moment; SQLite lets one transaction write at a time.
        """
        options: dict[str, Any] = {"writer": True, "wait_ms": wait_ms, **({} if on is None else self._usual)}
        with self._session((on or self.engine).execution_options(**options)) as session, session.begin():
            _lease_for(session, self.limits.lease_s)
            if wait_ms is not None:
                _wait_at_most(session, wait_ms)
            yield session

    @property
    def pool(self) -> CountingPool:
        """The connections of this process."""
        return pool_of(self.engine)

    def wait_for_writer(self, *, wait_ms: int | None = None) -> None:
        """Return when the writer that is at work, if there is one, has ended; OperationalError after `wait_ms`."""
        with self.unversioned(wait_ms=wait_ms) as session:
            session.execute(select(CLOCK.id).with_for_update(read=True))
            session.rollback()  # a commit would wait for a synchronous standby, without end where that is gone

    def leave_standby(self, session: Session) -> None:
        """Let a session that has let go of its snapshot read the primary from now on."""
        session.bind = self._readers.execution_options(topics=session.info["topics"])

    def dispose(self) -> None:
        self.versions.close()
        self.running.close()
        end(self.engine)
        if self.standby is not None:
            end(self.standby.engine)


def writes(session: Session) -> bool:
    """Whether the session is that of the one writing transaction."""
    return "version" in session.info


def interrupter(connection: Connection) -> Callable[[], object]:
    """What another thread calls to let the statement that the connection carries out fail; it may be closed by then."""
    driver: Any = connection.connection.driver_connection
    stop: Callable[[], object] = driver.interrupt if connection.dialect.name == "sqlite" else driver.cancel_safe

    def interrupt() -> None:
        with suppress(connection.dialect.loaded_dbapi.Error):
            stop()

    return interrupt


def _lease_for(session: Session, seconds: int) -> None:
    """How long PostgreSQL keeps a transaction whose process does not stir: what it has locked, others wait for."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{seconds:d}s'"))


def keep_alive(session: Session) -> None:
    """Show PostgreSQL that a transaction is at work, which computes for long and asks nothing."""
    session.execute(select(literal(1)))


def _wait_at_most(session: Session, wait_ms: int) -> None:
    """How long a transaction waits for locks on PostgreSQL; on SQLite that is settled as it begins."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = {wait_ms:d}"))


def now(session: Session) -> int:
    """The present instant by the clock of the database object, in µs."""
    return int(session.info["now"]())


def stamp(session: Session) -> int:
    """The instant (µs) at which what this transaction writes becomes known: one per transaction, later than any before.

    Readers who name this instant or a later one wait for the commit (`no_writer_can_change`).
    """
    if "known_at" not in session.info:
        present = now(session)
        later = case((CLOCK.known_at >= present, CLOCK.known_at + 1), else_=present)
        moved = update(ClockRow).values(known_at=later).returning(CLOCK.known_at)
        session.info["known_at"] = session.execute(moved).scalar_one()
    return int(session.info["known_at"])


def fetched(session: Session, query: Select[Any], limit: int | None) -> Iterable[Row[Any]]:
    """The rows of a query: at most `limit` at once; without a limit all of them, few in memory at a time.

    Without a limit it is for sessions that read, which close what was not read to its end.
    """
    if limit is not None:
        return session.execute(query.limit(limit)).all()
    limits: DatabaseLimits = session.info["limits"]
    result = session.execute(query, execution_options={"yield_per": limits.rows_at_once})
    session.info["results"].callback(result.close)
    return result


def stands_at(
    known_at: SQLColumnExpression[int], replaced_at: SQLColumnExpression[int], as_of: int | None
) -> ColumnElement[bool]:
    """Condition: rows that stand from `known_at` until `replaced_at`, and stood then (None: now)."""
    if as_of is None:
        return replaced_at == FOREVER
    return and_(known_at <= as_of, replaced_at > as_of)


def last_change(session: Session) -> DataState:
    """Version of the data and the instant (µs) of its last change."""
    return DataState(*session.execute(select(CLOCK.version, CLOCK.known_at, CLOCK.trace)).one())


def no_writer_can_change(session: Session, moment: int) -> bool:
    """Whether what counts as known at `moment` (µs) stands; else a writer at work may still add to it.

    Then wait for the writer (`wait_for_writer`): the same question would be answered differently before and after its
    commit. A moment before the last change is settled: every writer takes a later instant. A session that writes is
    the only writer; one that has to wait lets go of its snapshot, which is from before the wait.
    """
    if writes(session) or moment <= last_change(session).known_at:
        return True
    session.rollback()
    return False
