"""What is worked out from the data, kept for as long as nothing is written that it rests on."""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, TypeVar

from sqlalchemy.orm import Session

from app.store.db import last_change
from app.store.memory import Memory, size_of
from app.store.topics import ALL_FIGURES, ANY_FIGURES, Basis, LastStamps, TopicLog, TopicStamps, of_figures

Made = TypeVar("Made")

RULES = ("frameworks", "framework_documents", "indicators")
"""The topics of a framework."""
UNITS = ("unit_versions", "unit_identifiers", "unit_events", "unit_event_members")
"""The topics of a tree of units."""


class Kept(NamedTuple):
    """What was worked out, and what that rests on."""

    value: object
    basis: Basis


def cached(session: Session, key: Hashable, make: Callable[[], Made], *, given: Iterable[str] | None = None) -> Made:
    """What `make` works out from the data, kept for as long as no write touches what it rests on. Never None.

    It rests on all that it reads, and on what the session had read before, which `make` may have been given: where
    that is known, `given` names its topics. A writing transaction keeps nothing: its version is another's if it does
    not commit.
    """
    if "version" in session.info:
        return make()
    memory: Memory = session.info["memory"]
    log: TopicLog = session.info["topics"]
    now = stamps_of(session)
    kept: Kept | None = memory.find(key)
    if kept is None or not kept.basis.stands(now):
        with log.beside(given) as read:
            made = make()
            kept = Kept(made, now.basis(read))
        memory.put(key, kept, size_of((key, made)))
    log.read.update(kept.basis.topics)
    value: Made = kept.value  # type: ignore[assignment]
    return value


def cached_permanently(session: Session, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` works out from what never changes under this key: kept whatever is written. Never None."""
    memory: Memory = session.info["memory"]
    found: Made | None = memory.find(key)
    if found is None:
        found = make()
        memory.put(key, found, size_of((key, found)))
    return found


def stamps_of(session: Session) -> TopicStamps:
    """The last write of every topic, as the session sees the data."""
    last: LastStamps = session.info["last_stamps"]
    return last.at(session, last_change(session))


def known_at(session: Session, topics: Iterable[str]) -> int:
    """The instant (µs) of the last change of these topics, on which whoever asks rests from now on.

    An answer that names all that it shows gives by this instant what it gives at any later one, whatever else is
    written: `as_of` of an answer that is about now.
    """
    topics = list(topics)
    log: TopicLog = session.info["topics"]
    log.read.update(topics)
    now = stamps_of(session)
    stamps = now.among(topics)
    return now.state.known_at if stamps is None or "version" in session.info else max(each.known_at for each in stamps)


def figures_in(*periods: str | None) -> list[str]:
    """The topics of the figures of these periods, or of all where there is none."""
    named = [of_figures(period) for period in periods if period is not None]
    return [*named, ANY_FIGURES] if named else [ALL_FIGURES]
