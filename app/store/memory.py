"""What a process keeps besides the database: one room for scored cohorts and answers, bounded in bytes."""

import sys
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cache
from itertools import islice
from math import ceil
from threading import Lock
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from app.domain.frameworks.framework import Framework
from app.store.topics import Basis, TopicStamps

ROOM = 64_000_000
"""Bytes that a process keeps where it is not told otherwise."""
LARGEST_SHARE = 2
"""One thing may take one part in so many of the room, so that no single one drives out all others."""
ENTRY = 500
"""Bytes of an entry besides its key and what it keeps: its place, its size, what it rests on."""
SAMPLE = 20
"""So many items of a longer list are weighed, and the others taken to be like them."""
PATIENCE_S = 30.0
"""Seconds that a thread waits for another that works out the same."""
SHARED = (type, Enum, FunctionType, MethodType, BuiltinFunctionType, ModuleType, Framework)
"""What exists once, whoever holds it."""


class Kept(NamedTuple):
    """What was worked out, what that rests on, and its bytes."""

    value: Any
    basis: Basis
    size: int


class States(tuple[Kept, ...]):
    """States of one thing, the newest first: each falls with a write of what it rests on."""

    __slots__ = ()

    @property
    def size(self) -> int:
        return sum(each.size for each in self)


class Memory:
    """Things by their keys, up to `room` bytes; the one not asked for longest makes way. For any thread.

    What is kept as `States` may fall, everything else stands for ever.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.size = room, 0
        self.entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.lock = Lock()
        self.turns: dict[Hashable, tuple[Lock, int]] = {}

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """One thread after the other for a key, so that the first works out for all what those after it find kept.

        Whoever has waited long goes ahead beside the others.
        """
        with self.lock:
            turn, users = self.turns.get(key, (Lock(), 0))
            self.turns[key] = turn, users + 1
        mine = turn.acquire(timeout=PATIENCE_S)
        try:
            yield
        finally:
            if mine:
                turn.release()
            with self.lock:
                users = self.turns[key][1] - 1
                if users:
                    self.turns[key] = turn, users
                else:
                    del self.turns[key]

    @property
    def most(self) -> int:
        """Bytes that one thing may take."""
        return self.room // LARGEST_SHARE

    def find(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self.lock:
            entry = self.entries.get(key)
            if entry is None:
                return None
            self.entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Keep a thing of this size in place of what was kept under its key; not one that is too large."""
        with self.lock:
            self._drop(key)
            if size > self.most:
                return
            self.entries[key] = value, size + ENTRY
            self.size += size + ENTRY
            while self.size > self.room:
                self._drop(next(iter(self.entries)))

    def drop_fallen(self, now: TopicStamps) -> None:
        """Let go of the states that stand no more: nobody asks for them, and they would fill the room."""
        with self.lock:
            entries = list(self.entries.items())
        for key, entry in entries:
            states, size = entry
            if not isinstance(states, States):
                continue
            known = now.state.version  # what was worked out later cannot be told by it
            standing = States(each for each in states if each.basis.state.version > known or each.basis.stands(now))
            if len(standing) < len(states):
                with self.lock:
                    if self.entries.get(key) is entry:
                        self._shrink(key, standing, size - states.size + standing.size)

    def _shrink(self, key: Hashable, standing: States, size: int) -> None:
        """Keep in its place what is left of a thing, if anything is."""
        if standing:
            self.size += size - self.entries[key][1]
            self.entries[key] = standing, size
        else:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        _, size = self.entries.pop(key, (None, 0))
        self.size -= size


def size_of(value: object) -> int:
    """Bytes that a value takes with all that it holds, about: of long lists a sample is weighed."""
    return _weigh(value, set())


def _weigh(value: object, seen: set[int]) -> int:
    if value is None or isinstance(value, SHARED) or id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        size = sys.getsizeof(value) + _weigh(value.base, seen)  # its figures are in it, unless they are its base's
        return size + (_weigh_all(value.flat, value.size, seen) if value.dtype == np.object_ else 0)
    size = sys.getsizeof(value)
    if isinstance(value, str | bytes | int | float):
        return size
    if isinstance(value, Mapping):
        return size + _weigh_all(value.keys(), len(value), seen) + _weigh_all(value.values(), len(value), seen)
    if isinstance(value, list | tuple | set | frozenset):
        size += _weigh_all(value, len(value), seen)
    return size + sum(_weigh(each, seen) for each in _fields(value))


def _weigh_all(values: Iterable[object], count: int, seen: set[int]) -> int:
    """The weight of so many values. What the first of a sample holds, the others may hold as well."""
    if count <= SAMPLE:
        return sum(_weigh(each, seen) for each in values)
    first, *others = (_weigh(each, seen) for each in islice(values, 0, None, ceil(count / SAMPLE)))
    return first + sum(others) * (count - 1) // len(others)


def _fields(value: object) -> Iterable[object]:
    """What an object holds in its fields."""
    held = getattr(value, "__dict__", None)
    if held is not None:
        yield held
    for name in _slots(type(value)):  # type: ignore[arg-type]
        yield getattr(value, name, None)


@cache
def _slots(kind: type) -> tuple[str, ...]:
    """The names of the fields that objects of a type have without a dictionary."""
    found: list[str] = []
    for each in kind.__mro__:
        names = each.__dict__.get("__slots__", ())
        found += (names,) if isinstance(names, str) else names
    return tuple(name for name in found if name not in ("__dict__", "__weakref__"))
