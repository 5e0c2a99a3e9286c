"""A place among the few requests that compute for seconds, for as long as somebody waits for the answer."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.api.clients import only_reads
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
        if only_reads(request):
            await request.body()  # whose end the server tells of first
            await _unless_left(request, held.enter_async_context(place))
        else:
            await held.enter_async_context(place)
        yield


async def _unless_left(request: Request, entering: Coroutine[object, object, None]) -> None:
    """Enter, or raise ClientDisconnect where the client goes away first."""
    tasks = waiting, leaving = asyncio.create_task(entering), asyncio.create_task(_left(request))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            raise ClientDisconnect
        waiting.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _left(request: Request) -> None:
    """Return when the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def heavy_work(request: Request) -> AsyncIterator[None]:
    """For routes that may compute for seconds."""
    async with heavy_place(request):
        yield


HeavyWork = Annotated[None, Depends(heavy_work, scope="function")]
"""Marks a route as heavy; it stands before the session, so that nobody who waits holds a connection."""
