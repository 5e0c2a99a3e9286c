"""What an answer rests on and what a write touches, by topics: the tables whose rows are read or written.

Of the figures, a topic is what is known in one period of the units of a branch. At each commit the version, the instant
and a mark of chance are written under every topic that the transaction touched. So what was worked out stands for as
long as none of its topics has another mark, whatever else is written. What a statement reads or touches is found in its
text: nobody has to think of it. Only functions that read or write figures of known periods or units say so
(`of_figures`).
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, event, or_, select
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.domain.unit_code import branch_of
from app.store.data_state import DataState
from app.store.tables import INSERTS, CodeText, Mapped, columns, every_table

OWN_WORK = frozenset(
    {
        "clock",
        "topic_versions",
        "kept_answers",
        "import_jobs",
        "webhooks",
        "webhook_deliveries",
        "changes",
        "alembic_version",
    }
)
"""Tables of the service's own work: no kept answer shows them."""
FIGURES = frozenset({"current_values", "past_values"})
"""The tables of figures, whose topics are those of their places."""
BASE = "*"
"""Stands for every topic that has no row of its own."""
LATEST = ""
"""Moves with every write, whatever it touches."""
FIRST = -1
"""A version before all others."""
WRITES = 256
"""So many of the last writes are noted besides, each in a place of its own: by them a process sees that what it read
last is of the same history, and reads no more than what moved since."""
FigurePlace = tuple[str | None, str | None]
"""A period, and the branch of the units whose figures are meant (`branch_of`); None: of whichever."""
WHICHEVER: FigurePlace = (None, None)
EVERY, UNKNOWN = "*", "?"
"""In a topic of figures: moved by every write, whichever its period or units; by writes that do not say which."""
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
FROM clock LEFT JOIN topic_versions ON topic_versions.version > {version:d} OR topic = '{write}'"""
"""The state of the data, and what moved since a version, with the note of that write."""


class Stamp(NamedTuple):
    """The last write of a topic."""

    version: int
    known_at: int
    mark: int


class TopicLog:
    """What the statements of a session read and what they touch.

    `places`: those whose figures the statements that come now read or write. `may_write`: not a session that reads.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.touched: set[str] = set()
        self.places: frozenset[FigurePlace] = frozenset({WHICHEVER})
        self.may_write = True

    def note(self, statement: str) -> None:
        """Take in a statement that is about to run."""
        tables, writes = topics_in(statement)
        writes = writes and self.may_write  # a reader may call a function that is named like a write
        found = set(tables - FIGURES)
        if tables & FIGURES:
            found.update(*map(topics_touched if writes else topics_read, self.places))
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
    named = frozenset(re.findall(r"\w+", statement)) & topic_tables()
    return named, WRITING.search(statement) is not None


@cache
def topic_tables() -> frozenset[str]:
    """The names of all tables that are topics, whether their modules were needed so far or not."""
    return frozenset(table.name for table in every_table()) - OWN_WORK


@lru_cache(maxsize=4096)
def topics_read(place: FigurePlace) -> frozenset[str]:
    """What figures of a place rest on: writes there, and writes that do not say where."""
    period, units = place
    if place == WHICHEVER:
        return frozenset({_figures(EVERY, EVERY)})
    if units is None:
        return frozenset({_figures(period, EVERY), _figures(UNKNOWN, UNKNOWN)})
    every = EVERY if period is None else period
    return frozenset({_figures(every, units), _figures(every, UNKNOWN), _figures(UNKNOWN, UNKNOWN)})


@lru_cache(maxsize=4096)
def topics_touched(place: FigurePlace) -> frozenset[str]:
    """What a write of figures there moves."""
    period, units = place
    if period is None:  # those who write know the period, or nothing
        return frozenset({_figures(UNKNOWN, UNKNOWN), _figures(EVERY, EVERY)})
    own = UNKNOWN if units is None else units
    return frozenset(_figures(*pair) for pair in product((period, EVERY), (own, EVERY)))


def _figures(period: str | None, units: str) -> str:
    return f"figures:{period}:{units}"


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
def of_figures(session: Session, places: Iterable[FigurePlace]) -> Iterator[None]:
    """Statements inside read and write figures of these places alone."""
    log: TopicLog = session.info["topics"]
    before, log.places = log.places, frozenset(places)
    try:
        yield
    finally:
        log.places = before


def places_of(periods: Iterable[str | None], units: Iterable[str] | None = None) -> Iterator[FigurePlace]:
    """The places of figures of these periods, of these units alone where they are named."""
    return product(periods, (None,) if units is None else set(map(branch_of, units)))


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

    @classmethod
    def following(cls, known: "TopicStamps", state: DataState, moved: Mapping[str, Stamp]) -> "TopicStamps | None":
        """Those of a later state, given what moved since; None where it does not follow from what is known."""
        if known.rows is None or moved.get(write_topic(known.state.version)) != known.rows[LATEST]:
            return None
        return cls.of(state, {**known.rows, **moved})

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
    """The stamps that a process has read last, so that the next reading is no more than what moved since."""

    def __init__(self) -> None:
        self.stamps: TopicStamps | None = None

    def at(self, session: Session, state: DataState) -> TopicStamps:
        """Those of the session's snapshot, whose state that is."""
        known = self.stamps
        if known is not None and known.state == state:
            return known
        newer = None
        if known is not None and known.rows is not None and known.state.version < state.version:
            newer = TopicStamps.following(known, state, _stamps(session, known.state.version))
        self.stamps = newer = newer or TopicStamps.of(state, _stamps(session, FIRST))
        return newer


def _stamps(session: Session, version: int) -> dict[str, Stamp]:
    """What moved after a version, and the note of that write."""
    query = select(TOPIC.topic, TOPIC.version, TOPIC.known_at, TOPIC.mark)
    found = query.where(or_(TOPIC.version > version, TOPIC.topic == write_topic(version)))
    return {topic: Stamp(*stamp) for topic, *stamp in session.execute(found)}


def write_topic(version: int) -> str:
    """Where the write of a version is noted."""
    return f"write:{version % WRITES}"


def save_topics(session: Session, version: int, known_at: int) -> None:
    """Write this version under every topic that the session touched; under all, where one before was left out."""
    session.flush()
    log: TopicLog = session.info["topics"]
    latest = session.execute(select(TOPIC.version).where(TOPIC.topic == LATEST)).scalar()
    topics = {*log.touched, LATEST, write_topic(version)}
    if latest != version - 1:
        session.execute(delete(TopicVersion))
        topics.add(BASE)
    stamp = {"version": version, "known_at": known_at, "mark": secrets.randbits(63)}
    insert = INSERTS[session.get_bind().dialect.name](TopicVersion)
    upsert = insert.on_conflict_do_update(
        index_elements=["topic"], set_={name: getattr(insert.excluded, name) for name in stamp}
    )
    session.execute(upsert, [{"topic": topic, **stamp} for topic in sorted(topics)])
