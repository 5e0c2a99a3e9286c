"""Work counted, not timed: calls of Python and of C, and the members of lists that are searched."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

WALKS = frozenset({"count", "index", "remove", "insert", "copy"})
"""Methods of lists that cost as much as the list is long."""


@dataclass
class Work:
    """What was done: calls, and members of lists that were gone through."""

    count: int = 0


@contextmanager
def counted_work() -> Iterator[Work]:
    """Count what this thread does inside."""
    work = Work()

    def count(_: FrameType, event: str, called: Any) -> None:
        if event not in ("call", "c_call"):
            return
        work.count += 1
        owner = getattr(called, "__self__", None) if event == "c_call" else None
        if isinstance(owner, list) and called.__name__ in WALKS:
            work.count += len(owner)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield work
    finally:
        sys.setprofile(before)
