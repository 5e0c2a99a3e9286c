"""A place among the few requests that compute for seconds, for as long as somebody waits for the answer."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from app.api.clients import unless_left
from app.api.deps import concurrency_limits_of
from app.api.rate_limits import spend_heavy
from app.services.rights import Caller


@asynccontextmanager
async def heavy_place(request: Request) -> AsyncIterator[None]:
    """A place among the few that compute for seconds at a time, for whoever calls; it counts for what it costs.

    Raises ClientDisconnect as soon as a client that only reads goes away while it waits: nobody wants the answer any
    more, and others want its place in the queue.
    """
    spend_heavy(request.scope)
    caller: Caller = request.scope["state"]["caller"]
    place = concurrency_limits_of(request).heavy_work(anonymous=caller.anonymous)
    async with AsyncExitStack() as held:
        await unless_left(request, lambda: held.enter_async_context(place))
        yield


async def heavy_work(request: Request) -> AsyncIterator[None]:
    """For routes that may compute for seconds."""
    async with heavy_place(request):
        yield


HeavyWork = Annotated[None, Depends(heavy_work, scope="function")]
"""Marks a route as heavy; it stands before the session, so that nobody who waits holds a connection."""
