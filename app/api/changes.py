"""The feed of changes: what to fetch anew since a version of the data, at once or as soon as there is something."""

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.changes import ChangeList
from app.api.answers import DEFAULT_LIMIT, LimitParameter, answer
from app.api.change_waits import ChangeWaits
from app.api.clients import unless_left
from app.api.cursors import read_cursor, write_cursor
from app.api.deps import ConcurrencyLimitsDep, DatabaseDep, PublicReader
from app.api.examples import example
from app.api.headers import carries
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.characters import trimmed
from app.domain.suggest import nearest
from app.domain.vocabulary import ChangeKind, Codes
from app.errors import Fault, Invalid, RefusalCode
from app.services import changes as service
from app.services.changes import FeedPage, FeedPosition
from app.services.rights import Caller, renewed
from app.store.changes import KINDS, ChangePlace
from app.store.db import Database

router = APIRouter(prefix="/v1", tags=["changes"], route_class=StrictRoute)

LIST = "changes"
VERSION = re.compile(r"[0-9]{1,18}")
LONGEST_WAIT_S = 60
PAUSE_S = 1.0
"""Seconds that a waiting request lets pass between two looks of its own: what moved may be none of its business."""
KIND_UNKNOWN = RefusalCode(
    "kind_unknown",
    "No changes are told of the kind {kind}; kinds are {known}.",
    "Không có loại thay đổi {kind}; các loại: {known}.",
    Invalid,
)
After = Annotated[
    str | None,
    Query(
        max_length=2000,
        description="Only what changed behind this position: `next` of the answer before, or a `Chiso-Version`. "
        "Without it all changes that are kept.",
    ),
]
Kinds = Annotated[
    Codes | None, Query(description=f"Only these kinds, with commas between: {', '.join(KINDS)}.", examples=["periods"])
]
Wait = Annotated[
    int,
    Query(
        ge=0,
        le=LONGEST_WAIT_S,
        description="Seconds to wait where nothing has changed yet; the answer comes as soon as something has.",
    ),
]


@router.get(
    "/changes",
    response_model=ChangeList,
    responses={200: {**example("changes"), **carries("Chiso-Version")}, **problems(401, 403, 410, 422)},
)
async def read_changes(
    request: Request,
    caller: PublicReader,
    database: DatabaseDep,
    limits: ConcurrencyLimitsDep,
    after: After = None,
    kinds: Kinds = None,
    wait: Wait = 0,
    limit: LimitParameter = None,
) -> Response:
    """What has changed, in the order of the writes, at least once and without a gap, as far as the caller may read it.

    A change says what to fetch anew. Ask again with `after` set to `next`, also where nothing had changed.
    """
    feed = Feed(database, caller, read_kinds(kinds), limit or DEFAULT_LIMIT)
    page = await feed.read(read_position(after))
    if wait and not page.changes:
        async with limits.following(anonymous=caller.anonymous):
            page = await unless_left(request, partial(feed.follow, request.app.state.change_waits, page, wait))
    return feed_answer(request, page)


class Feed:
    """The changes that a request asks for."""

    def __init__(self, database: Database, caller: Caller, kinds: Sequence[ChangeKind], limit: int) -> None:
        self.database, self.caller, self.kinds, self.limit = database, caller, kinds, limit

    async def read(self, after: FeedPosition | None) -> FeedPage:
        """What there is behind a position, by the rights that the caller has now."""
        return await run_in_threadpool(self._read, after)

    def _read(self, after: FeedPosition | None) -> FeedPage:
        with self.database.reading() as session:
            return service.read_feed(session, renewed(session, self.caller), after, self.kinds, self.limit)

    async def follow(self, waits: ChangeWaits, page: FeedPage, seconds: float) -> FeedPage:
        """What there is as soon as there is anything, or nothing when the time is over or the service stops."""
        now = asyncio.get_running_loop().time
        until = now() + seconds
        while not page.changes and not waits.stopping() and now() < until:
            await waits.other_version(page.version, until - now())
            page = await self.read(page.next)
            if not page.changes:
                await asyncio.sleep(min(PAUSE_S, max(until - now(), 0)))
        return page


def read_kinds(kinds: str | None) -> list[ChangeKind]:
    """The kinds that are named; Invalid `kind_unknown` for one that there is not."""
    found: list[ChangeKind] = []
    for kind in dict.fromkeys(kinds.split(",")) if kinds else ():
        known = next((each for each in KINDS if each == kind), None)
        if known is None:
            context = {"kind": kind, "known": ", ".join(KINDS)}
            raise Fault(KIND_UNKNOWN, context, parameter="kinds", value=kind, suggestion=nearest(kind, KINDS)).error()
        found.append(known)
    return found


def read_position(after: str | None) -> FeedPosition | None:
    """A position as a client sends it: a version of the data, or what an answer gave as `next`."""
    if after is None:
        return None
    text = trimmed(after)
    if VERSION.fullmatch(text):
        return FeedPosition(ChangePlace(int(text)))
    place = read_cursor(LIST, text, [0, "", "", "", "", 0], parameter="after")
    assert place is not None
    return FeedPosition(ChangePlace(*place[:-1]), place[-1])


def feed_answer(request: Request, page: FeedPage) -> Response:
    """A page of the feed; `Link` leads on where further changes are there already."""
    place, changed_at = page.next
    following = write_cursor(LIST, [*place, changed_at])
    headers = {}
    if page.more:
        url = request.url.include_query_params(after=following)
        headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    request.scope["state"]["version"] = page.version
    body: ChangeList = {
        "version": page.version,
        "items": [service.described(each) for each in page.changes],
        "more": page.more,
        "next": following,
    }
    return answer(body, headers=headers)
