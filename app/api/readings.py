"""The version of the data for requests: asked after each has arrived, once for all that wait, off the event loop."""

import asyncio

from app.store.versions import Versions

PATIENCE_S = 2
"""How long a database is waited for before the ordinary way is taken, which says what is wrong."""


class Readings:
    """Readings that requests share. Whoever asks joins the next one to begin, never one that runs already: it may have
    begun before a write that the caller knows of.
    """

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.running: asyncio.Task[int | None] | None = None
        self.waiting: asyncio.Task[int | None] | None = None

    async def version(self) -> int | None:
        """The version at a moment after this call; None where the database does not say in time."""
        if self.versions.at_hand:
            return self.versions.read()
        if self.waiting is None:
            self.waiting = asyncio.create_task(self._read_after(self.running))
        return await asyncio.shield(self.waiting)  # one who leaves does not take the reading from the others

    async def _read_after(self, running: asyncio.Task[int | None] | None) -> int | None:
        if running is not None:
            await asyncio.wait([running])
        self.running, self.waiting = self.waiting, None
        reading = asyncio.get_running_loop().run_in_executor(self.versions.thread, self.versions.read)
        await asyncio.wait([reading], timeout=PATIENCE_S)
        return reading.result() if reading.done() else None
