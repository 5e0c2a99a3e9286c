"""Answers that rest on frozen evaluations alone: made once, kept whatever is written, whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import NamedTuple, Self

import zstandard
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.api.answers import FileBackedResponse
from app.api.codings import zstd
from app.api.heavy_places import heavy_place
from app.api.negotiation import accepted_formats, preferred_language
from app.metrics.series import count_lookups
from app.services.rights import Caller
from app.store.evaluations import EvaluationRow
from app.store.memory import Memory

LARGE = 1_000_000
"""Bytes of a body from which on it is kept compressed: what so large an answer says is mostly alike."""
ENTRY = 20_000
"""Bytes that an entry is counted for besides its body: an address may have 16,000 of them, and is kept with it."""


class StoredResponse(NamedTuple):
    """What is sent again: body, status and headers."""

    body: bytes
    status: int
    headers: list[tuple[bytes, bytes]]
    is_compressed: bool

    @classmethod
    def of(cls, made: Response) -> Self:
        """What is kept of an answer."""
        body = bytes(made.body)
        is_large = len(body) > LARGE
        return cls(zstd(body) if is_large else body, made.status_code, list(made.raw_headers), is_large)

    def response(self) -> Response:
        """A response of its own: the layers outside may change its headers."""
        answer = Response(zstandard.decompress(self.body) if self.is_compressed else self.body, self.status)
        answer.raw_headers = list(self.headers)
        return answer


class EvaluationCache:
    """Answers by what they rest on, in the memory of the process.

    Of several who ask the same at once one computes and the others wait for it, on the event loop; where its client
    goes away, another of them does. For one event loop.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.computing: dict[Hashable, asyncio.Future[StoredResponse | None]] = {}

    async def answer(
        self, key: Hashable, compute: Callable[[], Awaitable[Response]], queue: Hashable = None
    ) -> Response:
        """The kept answer, or the one that is computed now. Refusals are raised; they and `no-store` are not kept.

        Whoever waits in one `queue` waits for nobody in another.
        """
        kept: StoredResponse | None = self.memory.find(key)
        count_lookups("evaluations", kept is not None, kept is None)
        shared_by = key, queue
        while kept is None and (running := self.computing.get(shared_by)):
            await asyncio.wait([running])
            if not running.cancelled():
                kept = running.result()
                break
        return await self._compute(key, shared_by, compute) if kept is None else await run_in_threadpool(kept.response)

    async def _compute(
        self, key: Hashable, shared_by: Hashable, compute: Callable[[], Awaitable[Response]]
    ) -> Response:
        """An answer for all who wait for it. Where none comes, or it is too large to be held, each of them computes."""
        shared = self.computing[shared_by] = asyncio.Future()
        kept = None
        try:
            made = await compute()
            if not isinstance(made, FileBackedResponse) and made.headers.get("cache-control") != "no-store":
                kept = await run_in_threadpool(StoredResponse.of, made)
                self.memory.put(key, kept, len(kept.body) + ENTRY)
            return made
        except ClientDisconnect:
            shared.cancel()
            raise
        finally:
            if self.computing.get(shared_by) is shared:
                del self.computing[shared_by]
            if not shared.done():
                shared.set_result(kept)


async def frozen_answer(request: Request, compute: Callable[[], Response], *rests_on: EvaluationRow | str) -> Response:
    """What is computed over evaluations, or was under the same key. Only what is computed is heavy work.

    For those whose rights were checked, and who hold no connection while they wait. A caller with a key does not wait
    behind those without one.
    """

    async def in_turn() -> Response:
        async with heavy_place(request):
            return await run_in_threadpool(compute)

    answers: EvaluationCache = request.app.state.evaluation_cache
    caller: Caller = request.scope["state"]["caller"]
    return await answers.answer(cache_key(request, *rests_on), in_turn, caller.anonymous)


def cache_key(request: Request, *rests_on: EvaluationRow | str) -> Hashable:
    """All that an answer over evaluations depends on: what is asked for, in which form, what was frozen.

    What a row froze never changes under its seal; what is said of it depends on its status.
    """
    frozen = tuple(each if isinstance(each, str) else (each.id, each.seal, each.status) for each in rests_on)
    headers = request.scope["headers"]
    return request.url.path, request.url.query, accepted_formats(headers), preferred_language(headers), frozen
