"""How much of an import is held in memory at once. What comes of an import does not depend on it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

Hash = Callable[[Hashable], int]


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """`rows`: loose ones of a chunk; `pairs` of unit and period that are remembered, whereupon the memory begins anew;
    `figures` of a group among those that stand in the file more than once. `hash_key`: by what these are found.
    """

    rows: int = 20_000
    pairs: int = 250_000
    figures: int = 5_000
    hash_key: Hash = hash


USUAL = ImportLimits()
