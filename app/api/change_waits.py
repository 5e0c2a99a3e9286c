"""Requests that wait for the data to change: none of them holds a thread, a session or a connection.

As long as anybody waits, one task of the process looks at the version of the data every now and then, for all of them.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.api.data_version import DataVersion
from app.errors import Unavailable

LOOK_S = 0.25
"""Seconds between two looks at the database."""


class ChangeWaits:
    """Who waits for another version of the data. For one event loop; `stopping` tells that the service ends."""

    def __init__(self, data_version: DataVersion, stopping: Callable[[], bool], *, look_s: float = LOOK_S) -> None:
        self.data_version, self.stopping, self.look_s = data_version, stopping, look_s
        self.waiting = 0
        self.version: int | None = None
        self.moved = asyncio.Event()
        self.looking: asyncio.Task[None] | None = None

    async def other_version(self, known: int, seconds: float) -> None:
        """Return when the data are at another version than `known`, which was read before; at the latest after so many
        seconds, or when the service stops.
        """
        self.waiting += 1
        self.looking = self.looking or asyncio.create_task(self._look())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._moved_from(known)
        finally:
            self.waiting -= 1

    async def _moved_from(self, known: int) -> None:
        """What was seen before the wait may be older than what is known; what is seen within it is not."""
        seen = self.version is not None and self.version > known
        while not (seen or self.stopping()):
            await self.moved.wait()
            seen = self.version is not None and self.version != known

    async def _look(self) -> None:
        """Look for as long as anybody waits, and wake all of them where the data have moved."""
        while self.waiting:
            await asyncio.sleep(self.look_s)
            version = await self._read()
            if version != self.version or self.stopping():
                self.version, moved, self.moved = version, self.moved, asyncio.Event()
                moved.set()
        self.looking = self.version = None

    async def _read(self) -> int | None:
        """The version; the one that was read last where the database does not answer."""
        with suppress(Unavailable):
            stamps = await self.data_version.stamps()
            if stamps is not None:
                return stamps.state.version
        return self.version
