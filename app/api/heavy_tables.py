"""Tables that leave whole: they take seconds to write, so they are heavy work; a page of JSON is not."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from app.api.deps import WaitingRoomsDep
from app.api.negotiation import accepted_formats
from app.api.rate_limits import spend_heavy


async def heavy_table(request: Request, rooms: WaitingRoomsDep) -> AsyncIterator[None]:
    """For lists of any length: a place among the few that compute for seconds, where all of it leaves as a file."""
    if not leaves_whole(request):
        yield
        return
    spend_heavy(request.scope)
    async with rooms.heavy_work():
        yield


def leaves_whole(request: Request) -> bool:
    """Whether a list is asked for without a limit in another format than JSON; faults of either are told later."""
    asked = request.query_params
    formats = (asked["format"],) if "format" in asked else accepted_formats(request.scope["headers"])
    return "limit" not in asked and formats[:1] not in ((), ("json",))


HeavyTable = Annotated[None, Depends(heavy_table, scope="function")]
"""Marks a list; it stands before the session, so that nobody who waits holds a connection."""
