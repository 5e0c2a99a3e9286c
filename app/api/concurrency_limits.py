"""Where requests wait for what only a few may do at a time.

They wait on the event loop, first come, first served, so that they take no thread from others; and not too many of
them: whoever finds the queue full is refused at once and may come back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import OperationalError

from app.api.coalesced_call import CoalescedCall
from app.api.freed_memory import give_back
from app.errors import AppError, RefusalCode, Unavailable
from app.metrics.series import REFUSED, WAITED
from app.store.db import Database
from app.store.engines import LOCK_WAIT_MS

WRITERS = 8
"""Writes of one process that wait for the one that runs, where nothing else is set."""
OBSERVERS = 8
"""Reads of one process that wait for a writer, because they name an instant that its writes may count as known at."""
OBSERVERS_WAIT_MS = 5_000
"""For how long: whoever leaves the instant out, or names an earlier one, need not wait at all."""
OPENINGS = 2
"""Files of one process that are opened at once, before they wait to be read; a workbook takes another process."""
LARGE_BODIES_WAITING = 32
"""Large bodies of one process that wait in memory to be read, one at a time."""
UNIT_LISTS = 2
"""Lists of units of one process that are in memory at once: one is written while the next is read."""
HEAVY, HEAVY_WAITING = 2, 32
"""Requests of one process that compute for seconds at once, and those that wait for them."""
ANONYMOUS_HEAVY, ANONYMOUS_HEAVY_WAITING = 1, 8
"""Those among them of callers without a key: however many ask, the others find a place."""
FOLLOWERS, ANONYMOUS_FOLLOWERS = 500, 100
"""Requests of one process that wait for the data to change, and those among them of callers without a key."""
THREADS = 6
"""Requests of one process that are at work in threads at once. They share one interpreter: more of them end no sooner,
and what is answered from memory waits behind each."""
KEEPING_S = 2.0
"""Seconds that what nobody has to rely on waits to be noted down."""
GLANCE_MS = 1
"""How long it is looked whether a writer is at work."""

FULL = RefusalCode(
    "too_many_waiting",
    "Too many requests are waiting already; send this one again in a moment.",
    "Đã có quá nhiều yêu cầu đang chờ; hãy gửi lại yêu cầu này sau giây lát.",
    Unavailable,
)

BUSY = RefusalCode(
    "writer_at_work",
    "A write is under way that may still add to what is known at that moment; ask again soon, or for an earlier one.",
    "Đang có lượt ghi có thể bổ sung số liệu tại thời điểm này; hãy hỏi lại sau giây lát, hoặc hỏi thời điểm sớm hơn.",
    Unavailable,
)

Made = TypeVar("Made")


class ConcurrencyLimit:
    """Lets `at_once` requests in and `waiting` more wait for a place, for at most `patience_s` seconds.

    For one event loop. It is measured by its name.
    """

    def __init__(
        self, name: str, at_once: int, waiting: int, *, patience_s: float = LOCK_WAIT_MS / 1000, retry_after: str = "1"
    ) -> None:
        self.waits, self.refusals = WAITED.labels(name), REFUSED.labels(name)
        self.places = asyncio.Semaphore(at_once)
        self.waiting, self.patience_s, self.retry_after = waiting, patience_s, retry_after
        self.inside = self.queued = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place, for as long as it is held. Raises Unavailable `too_many_waiting` where there is none to be had."""
        await self._enter()
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
            self.places.release()

    async def _enter(self) -> None:
        if self.places.locked() and self.queued >= self.waiting:
            raise self._full()
        self.queued += 1
        try:
            with self.waits.time():
                async with asyncio.timeout(self.patience_s):
                    await self.places.acquire()
        except TimeoutError:
            raise self._full() from None
        finally:
            self.queued -= 1

    def _full(self) -> AppError:
        self.refusals.inc()
        return FULL.error(headers={"Retry-After": self.retry_after})


class ConcurrencyLimits:
    """The limits of a process, one for each kind of work."""

    def __init__(self, database: Database, waiting_writers: int = WRITERS) -> None:
        self.database = database
        self.writers = ConcurrencyLimit("writers", 1, waiting_writers)
        self.openings = ConcurrencyLimit("openings", OPENINGS, waiting_writers)
        self.unit_lists = ConcurrencyLimit("unit_lists", UNIT_LISTS, waiting_writers)
        self.observers = ConcurrencyLimit("observers", OBSERVERS, 0)
        self.large_bodies = ConcurrencyLimit("large_bodies", 1, LARGE_BODIES_WAITING)
        self.heavy = ConcurrencyLimit("heavy", HEAVY, HEAVY_WAITING, retry_after="5")
        self.anonymous_heavy = ConcurrencyLimit(
            "anonymous_heavy", ANONYMOUS_HEAVY, ANONYMOUS_HEAVY_WAITING, retry_after="5"
        )
        self.followers = ConcurrencyLimit("followers", FOLLOWERS, 0, retry_after="5")
        self.anonymous_followers = ConcurrencyLimit("anonymous_followers", ANONYMOUS_FOLLOWERS, 0, retry_after="5")
        self.threads = CapacityLimiter(OBSERVERS + 1)
        self.no_writer = CoalescedCall(self._no_writer)
        self.frozen = CapacityLimiter(HEAVY)
        self.keeping = ConcurrencyLimit("keeping", 1, waiting_writers, patience_s=KEEPING_S)
        self.keeper, self.trimming, self.naming = CapacityLimiter(1), CapacityLimiter(1), CapacityLimiter(1)

    @property
    def by_name(self) -> dict[str, ConcurrencyLimit]:
        return {name: limit for name, limit in vars(self).items() if isinstance(limit, ConcurrencyLimit)}

    async def wait_for_writer(self) -> None:
        """Return when the writer that is at work, if there is one, has ended. Threads that serve others do not wait."""
        if not await self.no_writer():
            async with self.observers.place():
                await to_thread.run_sync(self._wait_for_writer, limiter=self.threads)

    @asynccontextmanager
    async def heavy_work(self, *, anonymous: bool) -> AsyncIterator[None]:
        """A place among the few that compute for seconds. Whoever leaves last gives back the memory that it took."""
        try:
            async with self.anonymous_heavy.place() if anonymous else nullcontext(), self.heavy.place():
                yield
        finally:
            if not self.heavy.inside:
                await to_thread.run_sync(give_back, limiter=self.trimming)

    @asynccontextmanager
    async def following(self, *, anonymous: bool) -> AsyncIterator[None]:
        """A place among those who wait for the data to change."""
        async with self.anonymous_followers.place() if anonymous else nullcontext(), self.followers.place():
            yield

    async def take_name(self, work: Callable[..., Made], *arguments: object) -> Made:
        """What is asked of the names under which requests run: in one thread, for it may wait for a connection."""
        return await to_thread.run_sync(work, *arguments, limiter=self.naming)

    async def read_frozen(self, read: Callable[[], Made]) -> Made:
        """What is read of all that an evaluation froze, which is much: a few at a time, the others wait."""
        return await to_thread.run_sync(read, limiter=self.frozen)

    async def keep(self, work: Callable[..., Made], *arguments: object) -> Made | None:
        """Note down what nobody has to rely on: one after the other, and not at all where others wait too long."""
        try:
            async with self.keeping.place():
                return await to_thread.run_sync(work, *arguments, limiter=self.keeper)
        except Unavailable:
            return None

    def _wait_for_writer(self) -> None:
        try:
            self.database.wait_for_writer(wait_ms=OBSERVERS_WAIT_MS)
        except OperationalError as error:
            raise BUSY.error(headers={"Retry-After": "2"}) from error

    async def _no_writer(self) -> bool:
        """Whether nobody writes at a moment after this call."""
        return await to_thread.run_sync(self._glance, limiter=self.threads)

    def _glance(self) -> bool:
        try:
            self.database.wait_for_writer(wait_ms=GLANCE_MS)
        except OperationalError:
            return False
        return True
