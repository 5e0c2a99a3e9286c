"""A question that requests share: asked once for all who wait for the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Said = TypeVar("Said")


class CoalescedCall(Generic[Said]):
    """Calls are shared. Whoever asks joins the next one to begin, never one that runs already: it may have begun
    before a write that the caller knows of.
    """

    def __init__(self, call: Callable[[], Awaitable[Said]]) -> None:
        self.call = call
        self.running: asyncio.Task[Said] | None = None
        self.waiting: asyncio.Task[Said] | None = None

    async def __call__(self) -> Said:
        """What a call that began after this moment says."""
        if self.waiting is None:
            self.waiting = asyncio.create_task(self._after(self.running))
        return await asyncio.shield(self.waiting)  # one who leaves does not take the answer from the others

    async def _after(self, running: "asyncio.Task[Said] | None") -> Said:
        if running is not None:
            await asyncio.wait([running])
        self.running, self.waiting = self.waiting, None
        return await self.call()
