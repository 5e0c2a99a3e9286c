"""Figures that stand in a file more than once: which, and their lines until the whole file is known."""

import pickle
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from app.domain.intake.import_row import ImportedRow
from app.domain.intake.merge import FigureKey
from app.services.imports.fault_log import RowOrder

MOST_GROUPS = 64
IN_MEMORY = 1_000_000


class SeenKeys:
    """The hashes of the keys of a file, eight bytes a row.

    Two keys with one hash look like a repetition: whoever counts looks again.
    """

    def __init__(self, hash_key: Callable[[Hashable], int] = hash) -> None:
        self.hash_key, self.hashes = hash_key, array("q")

    def add(self, keys: Iterable[tuple[str, ...]]) -> None:
        self.hashes.extend(map(self.hash_key, keys))

    def lacks(self, keys: Sequence[tuple[str, ...]]) -> Sequence[bool]:
        """Which of these keys the file does not have; one whose hash is another's passes for one that it has."""
        wanted = np.fromiter(map(self.hash_key, keys), dtype=np.int64, count=len(keys))
        found: Sequence[bool] = np.isin(wanted, self._all(), invert=True).tolist()
        return found

    def repeated(self) -> frozenset[int]:
        """The hashes that occur more than once."""
        ordered = np.sort(self._all())
        return frozenset(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]).tolist())

    def _all(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.frombuffer(self.hashes, dtype=np.int64) if self.hashes else np.empty(0, dtype=np.int64)


class SpilledRow(NamedTuple):
    """A line with its key and its place in the file; `fit` where nothing else is wrong with it."""

    order: RowOrder
    key: FigureKey
    line: ImportedRow
    fit: bool


class SpilledRows:
    """Lines, on disk when many, in groups small enough to be held, all lines of a figure in one group.

    `keys` is about how many figures there are, `a_group` how many of them are to be in one.
    """

    def __init__(self, keys: int, a_group: int) -> None:
        self.number = min(MOST_GROUPS, 1 + keys // a_group) if keys else 0
        self.open = ExitStack()

    def __enter__(self) -> Self:
        files = (SpooledTemporaryFile(max_size=IN_MEMORY // self.number) for _ in range(self.number))  # noqa: SIM115
        self.files = [self.open.enter_context(file) for file in files]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.open.close()

    def put(self, lines: list[SpilledRow]) -> None:
        groups: dict[int, list[SpilledRow]] = {}
        for each in lines:
            groups.setdefault(hash(each.key) % self.number, []).append(each)
        for number, members in groups.items():
            pickle.dump(members, self.files[number])

    def groups(self) -> Iterator[list[SpilledRow]]:
        """Every group, its lines in the order of the file."""
        for file in self.files:
            end = file.tell()
            file.seek(0)
            members: list[SpilledRow] = []
            while file.tell() < end:
                members += pickle.load(file)  # noqa: S301 - what `put` wrote into a file that nobody else has
            yield members
