"""What an answer rests on and what a write touches, by topics: the tables whose rows are read or written.

Of the figures, a topic is what is known of one period. At each commit the version, the instant and a mark of chance
are written under every topic that the transaction touched. So what was worked out stands for as long as none of its
topics has another mark, whatever else is written. What a statement reads or touches is found in its text:
nobody has to think of it. Only functions that read or write figures of known periods say so (`of_periods`).
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.store.data_state import DataState
from app.store.tables import CodeText, Mapped, columns

OWN_WORK = frozenset({"clock", "topic_versions", "kept_answers", "import_jobs", "alembic_version"})
"""Tables of the service's own work: no kept answer shows them."""
FIGURES = frozenset({"current_values", "past_values"})
"""The tables of figures, whose topics are these three and one for each period."""
ALL_FIGURES = "figures"
"""Moves with every change of figures; what reads figures of unknown periods rests on it."""
ANY_FIGURES = "figures:*"
"""Moves with a change of figures of unknown periods; what reads figures of a period rests on it, too."""
BASE = "*"
"""Stands for every topic that has no row of its own."""
LATEST = ""
"""Moves with every write, whatever it touches."""
INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
WRITING = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|REPLACE|CREATE|ALTER|DROP)\b", re.IGNORECASE)


class TopicVersion(SQLModel, table=True):
    """The last write that touched a topic. `mark` tells it from every other write, of other histories, too."""

    __tablename__ = "topic_versions"
    topic: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    version: Mapped[int] = Field(sa_type=BigInteger)
    known_at: Mapped[int] = Field(sa_type=BigInteger)
    mark: Mapped[int] = Field(sa_type=BigInteger)


TOPIC = columns(TopicVersion)
WITH_TOPICS = """
SELECT clock.version, clock.known_at, clock.trace, topic, topic_versions.version, topic_versions.known_at, mark
FROM clock LEFT JOIN topic_versions ON 1 = 1"""


class Stamp(NamedTuple):
    """The last write of a topic."""

    version: int
    known_at: int
    mark: int


class TopicLog:
    """What the statements of a session read and what they touch.

    `periods`: those of which the statements that come now read or write figures; None: of any.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.touched: set[str] = set()
        self.periods: tuple[str, ...] | None = None

    def note(self, statement: str) -> None:
        """Take in a statement that is about to run."""
        tables, writes = topics_in(statement)
        found = set(tables - FIGURES)
        if tables & FIGURES:
            if self.periods is None:
                found |= {ALL_FIGURES, ANY_FIGURES} if writes else {ALL_FIGURES}
            else:
                found |= {of_figures(period) for period in self.periods}
                found.add(ALL_FIGURES if writes else ANY_FIGURES)
        (self.touched if writes else self.read).update(found)

    @contextmanager
    def beside(self, given: Iterable[str] | None) -> Iterator[set[str]]:
        """Inside, what is read is gathered anew, besides what was `given`: all that was read so far, if it is None.

        Afterwards it has all been read.
        """
        before = self.read
        self.read = set(before if given is None else given)
        try:
            yield self.read
        finally:
            before |= self.read
            self.read = before


@lru_cache(maxsize=512)
def topics_in(statement: str) -> tuple[frozenset[str], bool]:
    """The tables that the text of a statement names, without those of the service's own work; whether it writes."""
    named = frozenset(re.findall(r"\w+", statement)) & SQLModel.metadata.tables.keys()
    return frozenset(named - OWN_WORK), WRITING.search(statement) is not None


def of_figures(period: str) -> str:
    """The topic of the figures of a period."""
    return f"figures:{period}"


def watch(engine: Engine) -> None:
    """Note the statements of every connection that has a log among its execution options."""

    def before(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        note(connection, statement)

    event.listen(engine, "before_cursor_execute", before)


def note(connection: Connection, statement: str) -> None:
    """Note a statement that the driver runs by itself."""
    log: TopicLog | None = connection.get_execution_options().get("topics")
    if log is not None:
        log.note(statement)


READERS: ContextVar[list[TopicLog] | None] = ContextVar("READERS", default=None)


@contextmanager
def gathered() -> Iterator[list[TopicLog]]:
    """The logs of all sessions that are opened inside, in this task and the threads that work for it."""
    logs: list[TopicLog] = []
    outer = READERS.get()
    token = READERS.set(logs)
    try:
        yield logs
    finally:
        READERS.reset(token)
        if outer is not None:
            outer += logs


def begin_log() -> TopicLog:
    """The log of a session that begins."""
    log, logs = TopicLog(), READERS.get()
    if logs is not None:
        logs.append(log)
    return log


@contextmanager
def of_periods(session: Session, periods: Iterable[str]) -> Iterator[None]:
    """Statements inside read and write figures of these periods alone."""
    log: TopicLog = session.info["topics"]
    before, log.periods = log.periods, tuple(periods)
    try:
        yield
    finally:
        log.periods = before


@dataclass(frozen=True, slots=True, eq=False)
class TopicStamps:
    """The last write of every topic, at a state of the data; None where a write was noted under no topic."""

    state: DataState
    rows: Mapping[str, Stamp] | None

    @classmethod
    def of(cls, state: DataState, rows: Mapping[str, Stamp]) -> "TopicStamps":
        """A release that knows no topics may write beside this one, or have written before it."""
        latest = rows.get(LATEST)
        return cls(state, rows if latest is not None and latest.version == state.version else None)

    def among(self, topics: Iterable[str]) -> tuple[Stamp, ...] | None:
        """The stamps of topics in their order; None where they are not known."""
        if self.rows is None:
            return None
        base = self.rows[BASE]
        return tuple(self.rows.get(topic, base) for topic in topics)

    def basis(self, topics: Iterable[str]) -> "Basis":
        """These topics as they are now."""
        named = tuple(sorted(topics))
        return Basis(self.state, named, self.among(named))


@dataclass(frozen=True, slots=True)
class Basis:
    """What something rests on, as it was when that was worked out."""

    state: DataState
    topics: tuple[str, ...]
    stamps: tuple[Stamp, ...] | None

    def stands(self, now: TopicStamps) -> bool:
        """Whether it is the same now; where topics are not known, only if nothing at all was written."""
        if self.state == now.state:
            return True
        return self.stamps is not None and self.stamps == now.among(self.topics)


class LastStamps:
    """The stamps that a process has read last, so that sessions need not read them again."""

    def __init__(self) -> None:
        self.stamps: TopicStamps | None = None

    def at(self, session: Session, state: DataState) -> TopicStamps:
        """Those of the session's snapshot, whose state that is."""
        known = self.stamps
        if known is None or known.state != state:
            query = select(TOPIC.topic, TOPIC.version, TOPIC.known_at, TOPIC.mark)
            rows = {topic: Stamp(*stamp) for topic, *stamp in session.execute(query)}
            self.stamps = known = TopicStamps.of(state, rows)
        return known


def save_topics(session: Session, version: int, known_at: int) -> None:
    """Write this version under every topic that the session touched; under all, where one before was left out."""
    session.flush()
    log: TopicLog = session.info["topics"]
    latest = session.execute(select(TOPIC.version).where(TOPIC.topic == LATEST)).scalar()
    topics = {*log.touched, LATEST}
    if latest != version - 1:
        session.execute(delete(TopicVersion))
        topics.add(BASE)
    stamp = {"version": version, "known_at": known_at, "mark": secrets.randbits(63)}
    insert = INSERTS[session.get_bind().dialect.name](TopicVersion)
    upsert = insert.on_conflict_do_update(
        index_elements=["topic"], set_={name: getattr(insert.excluded, name) for name in stamp}
    )
    session.execute(upsert, [{"topic": topic, **stamp} for topic in sorted(topics)])
