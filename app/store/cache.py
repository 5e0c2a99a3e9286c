"""What is worked out from the data, kept for as long as nothing is written that it rests on."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from typing import TypeVar

from sqlalchemy.orm import Session

from app.metrics.series import count_lookups
from app.store.db import last_change, writes
from app.store.memory import Kept, Memory, States, size_of
from app.store.topics import Basis, FigurePlace, LastStamps, TopicLog, TopicStamps, topics_read

Made = TypeVar("Made")

RULES = ("frameworks", "framework_documents", "indicators")
"""The topics of a framework."""
UNITS = ("unit_versions", "unit_identifiers", "unit_events", "unit_event_members")
"""The topics of a tree of units."""


SNAPSHOTS = 3
"""Of one thing so many states are kept: who began to read before a write finds what those beside him worked out."""


def cached(session: Session, key: Hashable, make: Callable[[], Made], *, given: Iterable[str] | None = None) -> Made:
    """What `make` works out from the data, kept for as long as no write touches what it rests on. Never None.

    It rests on all that it reads, and on what the session had read before, which `make` may have been given: where
    that is known, `given` names its topics. A writing transaction keeps nothing: its version is another's if it does
    not commit.
    """
    if writes(session):
        return make()
    memory: Memory = session.info["memory"]
    log: TopicLog = session.info["topics"]
    now = stamps_of(session)
    kept = _standing(memory, key, now)
    count_lookups(_name_of(key), kept is not None, kept is None)
    if kept is None:
        with memory.turn(key):
            kept = _standing(memory, key, now)
            if kept is None:
                with log.beside(given) as read:
                    made = make()
                kept = _keep(memory, key, made, now.basis(read))
    log.read.update(kept.basis.topics)
    value: Made = kept.value
    return value


def cached_places(
    session: Session,
    keys: Mapping[FigurePlace, Hashable],
    make: Callable[[Sequence[FigurePlace]], Mapping[FigurePlace, Made]],
    *,
    given: Iterable[str],
) -> dict[FigurePlace, Made]:
    """What `make` works out from the figures of each place, kept for each under its key, as `cached` keeps.

    What is missing is made at once; each rests on the figures of its own place, and on all else that was read.
    """
    if writes(session):
        return dict(make(list(keys))) if keys else {}
    memory: Memory = session.info["memory"]
    log: TopicLog = session.info["topics"]
    now = stamps_of(session)
    found = {place: kept for place, key in keys.items() if (kept := _standing(memory, key, now))}
    absent = [place for place in keys if place not in found]
    count_lookups(_name_of(next(iter(keys.values()), None)), len(found), len(absent))
    if absent:
        with memory.turn(frozenset(map(keys.get, absent))):
            found |= {place: kept for place in absent if (kept := _standing(memory, keys[place], now))}
            absent = [place for place in absent if place not in found]
            with log.beside(given) as read:
                made = make(absent) if absent else {}
            shared = read - set().union(*map(topics_read, absent))
            for place in absent:
                basis = now.basis(shared | topics_read(place))
                found[place] = _keep(memory, keys[place], made[place], basis)
    log.read.update(*(kept.basis.topics for kept in found.values()))
    return {place: found[place].value for place in keys}


def _standing(memory: Memory, key: Hashable, now: TopicStamps) -> Kept | None:
    """What is kept under a key and stands."""
    return next((kept for kept in memory.find(key) or () if kept.basis.stands(now)), None)


def _keep(memory: Memory, key: Hashable, made: object, basis: Basis) -> Kept:
    """Keep what was worked out last, besides what was before it."""
    kept = Kept(made, basis, size_of((key, made)))
    states = States([kept, *(each for each in memory.find(key) or () if each.basis != basis)][:SNAPSHOTS])
    while len(states) > 1 and states.size > memory.most:
        states = States(states[:-1])
    memory.put(key, states, states.size)
    return kept


def cached_permanently(session: Session, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` works out from what never changes under this key: kept whatever is written. Never None."""
    memory: Memory = session.info["memory"]
    found: Made | None = memory.find(key)
    count_lookups(_name_of(key), found is not None, found is None)
    if found is None:
        with memory.turn(key):
            found = memory.find(key)
            if found is None:
                found = make()
                memory.put(key, found, size_of((key, found)))
    return found


def _name_of(key: Hashable) -> str:
    """What is kept under a key, as each key begins with its name."""
    return str(key[0]) if isinstance(key, tuple) else "other"


def stamps_of(session: Session) -> TopicStamps:
    """The last write of every topic, as the session sees the data: asked once for a snapshot."""
    last: LastStamps = session.info["last_stamps"]
    snapshot, stamps = session.info.get("stamps", (None, None))
    if stamps is None or snapshot is not session.get_transaction():
        stamps = last.at(session, last_change(session))
        session.info["stamps"] = session.get_transaction(), stamps
    found: TopicStamps = stamps
    return found


@contextmanager
def recorded_basis(session: Session) -> Iterator[Callable[[], Basis]]:
    """What is called inside or afterwards is all that what was read inside rests on, as the snapshot has it."""
    log: TopicLog = session.info["topics"]
    now = stamps_of(session)
    with log.beside(()) as read:
        yield lambda: now.basis(read)


def depend_on(session: Session, places: Iterable[FigurePlace]) -> None:
    """What is worked out rests on the figures of these places, though no statement has asked for them."""
    log: TopicLog = session.info["topics"]
    log.read.update(*map(topics_read, places))


def is_unchanged(session: Session, basis: Basis) -> bool:
    """Whether nothing on which something rests had been written when this writing transaction began."""
    last: LastStamps = session.info["last_stamps"]
    state = last_change(session)
    return basis.stands(last.at(session, state._replace(version=state.version - 1)))


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
    return now.state.known_at if stamps is None or writes(session) else max(each.known_at for each in stamps)


def figures_in(*periods: str | None, branches: Iterable[str] | None = None) -> set[str]:
    """The topics of the figures of these periods, or of all where there is none; of units of these branches alone."""
    named = [period for period in periods if period is not None]
    whose: Iterable[str | None] = [None] if branches is None else branches
    when: Sequence[str | None] = named or [None]
    return set[str]().union(*map(topics_read, product(when, whose)))
