"""When each key was used last: noted in memory, and written now and then, so that no request waits for a write."""

import asyncio
import logging

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool

from app.store.db import Database
from app.store.keys import note_uses

log = logging.getLogger("chiso")
LOOK_EACH_S = 5
WRITTEN_EACH = 300_000_000
"""µs between two writes about one key."""
BRIEF_MS = 2_000
"""How long a write waits for another."""


class KeyUses:
    """The last uses (µs) of keys in this process, by name; of callers who are no key, too, which changes nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.last: dict[str, int] = {}
        self.written: dict[str, int] = {}

    def note(self, name: str) -> None:
        """A key was used now."""
        self.last[name] = self.database.now()

    async def always(self) -> None:
        """Write what is due, for as long as the service runs."""
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            await run_in_threadpool(self.write)

    def write(self) -> None:
        """Write the uses of keys of which none was written for a while; one that fails is written with a later one."""
        due = {name: at for name, at in list(self.last.items()) if at >= self.written.get(name, 0) + WRITTEN_EACH}
        if not due:
            return
        self.written |= due
        try:
            with self.database.unversioned(wait_ms=BRIEF_MS) as session:
                note_uses(session, due)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("when keys were used last could not be written: %s", error)
