"""What the data are at."""

from typing import NamedTuple


class DataState(NamedTuple):
    """What the data are at: a database that was restored may reach a version again, but not by the same writes."""

    version: int
    known_at: int
    trace: str
