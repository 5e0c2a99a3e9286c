"""What the database says of itself to requests: asked after each has arrived, off the event loop and its threads.

Requests that wait for a writer can take every thread of the service; whoever asks here waits for none of them.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from app.api.coalesced_call import CoalescedCall
from app.api.problems import AWAY
from app.errors import Unavailable
from app.store.data_version import Backlog, DataVersionReader, Health
from app.store.topics import TopicStamps

PATIENCE_S = 2
"""How long a database is waited for that neither answers nor refuses."""
Said = TypeVar("Said")


class DataVersion:
    """Readings of the state, which requests share: each sees one that began after it asked."""

    def __init__(self, versions: DataVersionReader, *, patience_s: float = PATIENCE_S) -> None:
        self.versions, self.patience_s = versions, patience_s
        self.shared_stamps = CoalescedCall(lambda: self._patiently(self.versions.read_topics))

    async def stamps(self) -> TopicStamps | None:
        """The state at a moment after this call, with the last write of every topic.

        None where the database refuses, which the ordinary way explains.

        Raises Unavailable `database_unavailable` where it does not answer in time.
        """
        return self.versions.read_topics() if self.versions.at_hand else await self.shared_stamps()

    async def health(self) -> Health:
        """What stands in the way of serving; raises likewise."""
        return await self._patiently(self.versions.health)

    async def backlog(self, now: int) -> Backlog | None:
        """What waits in the database at this time (µs); None where it does not answer in time."""
        with suppress(Unavailable):
            return await self._patiently(lambda: self.versions.backlog(now))
        return None

    async def _patiently(self, read: Callable[[], Said]) -> Said:
        reading = asyncio.get_running_loop().run_in_executor(self.versions.thread, read)
        await asyncio.wait([reading], timeout=self.patience_s)
        if not reading.done():
            raise AWAY.error(headers={"Retry-After": "2"})
        return reading.result()
