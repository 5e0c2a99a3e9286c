"""Whether a client is still there to be answered."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import TypeVar

from anyio import from_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

Item = TypeVar("Item")


def only_reads(request: Request) -> bool:
    """Whether it can be seen that the client is gone; of one that declares a body it is not asked.

    Who sends that body slowly would keep a place all the while.
    """
    declares = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return request.method == "GET" and not declares


async def has_left(request: Request) -> bool:
    """Whether the client is gone, of a request of which that can be seen."""
    if not only_reads(request):
        return False
    await request.body()  # whose end the server tells of first
    return await request.is_disconnected()


async def unless_left(request: Request, wait: Callable[[], Coroutine[object, object, Item]]) -> Item:
    """What is waited for; ClientDisconnect where the client goes away first, of a request of which that can be seen."""
    if not only_reads(request):
        return await wait()
    await request.body()  # whose end the server tells of first
    tasks = waited, leaving = asyncio.create_task(wait()), asyncio.create_task(_left(request))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            raise ClientDisconnect
        return waited.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _left(request: Request) -> None:
    """Return when the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def while_awaited(request: Request, items: Iterable[Item], each: int) -> Iterator[Item]:
    """The items, for as long as the client is there: it is looked for after `each` so many of them.

    For the thread of a route. Raises ClientDisconnect where nobody wants the answer any more.
    """
    for number, item in enumerate(items, 1):
        if number % each == 0 and from_thread.run(has_left, request):
            raise ClientDisconnect
        yield item
