"""Which figures stand in a file more than once, kept in eight bytes a row."""

from array import array
from collections.abc import Callable, Hashable, Iterable

import numpy as np


class SeenKeys:
    """The hashes of the keys of a file. Two keys with one hash look like a repetition: whoever counts looks again."""

    def __init__(self, hash_key: Callable[[Hashable], int] = hash) -> None:
        self.hash_key, self.hashes = hash_key, array("q")

    def add(self, keys: Iterable[tuple[str, ...]]) -> None:
        self.hashes.extend(map(self.hash_key, keys))

    def repeated(self) -> frozenset[int]:
        """The hashes that occur more than once."""
        ordered = np.sort(np.frombuffer(self.hashes, dtype=np.int64)) if self.hashes else np.empty(0, dtype=np.int64)
        return frozenset(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]).tolist())
