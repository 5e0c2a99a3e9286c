"""Tables that leave whole: they take seconds to write, so they are heavy work; a page of JSON is not."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Annotated

from fastapi import Depends, Request

from app.api.heavy_places import heavy_place
from app.api.negotiation import accepted_formats


async def heavy_table(request: Request) -> AsyncIterator[None]:
    """For lists of any length: a place among the few that compute for seconds, where all of it leaves as a file."""
    async with heavy_place(request) if leaves_whole(request) else nullcontext():
        yield


def leaves_whole(request: Request) -> bool:
    """Whether a list is asked for without a limit in another format than JSON; faults of either are found later."""
    query = request.query_params
    formats = (query["format"],) if "format" in query else accepted_formats(request.scope["headers"])
    first = next((name for name in formats if name != "text"), "json")
    return "limit" not in query and first != "json"


HeavyTable = Annotated[None, Depends(heavy_table, scope="function")]
"""Marks a list; it stands before the session, so that nobody who waits holds a connection."""
