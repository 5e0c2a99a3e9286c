"""Answers too large to be kept: they pass by in pieces, with the tag, the conditions and the coding of any other."""

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Send

from app.api.cached_response import CachedResponse
from app.api.codings import Coding, ContentEncoder, coder


class StreamedResponse:
    """Sends the messages of a large 200 on as they come, in a coding; of one that the reader holds only a 304."""

    def __init__(self, send: Send, response: CachedResponse, coding: Coding, *, is_held: bool) -> None:
        self.send_on, self.response, self.coding, self.is_held = send, response, coding, is_held
        self.coder: ContentEncoder | None = coder(coding)

    async def start(self, length: bytes) -> None:
        if self.is_held:
            await self.send_on(
                {"type": "http.response.start", "status": 304, "headers": self.response.unchanged(self.coding)}
            )
            return
        headers = self.response.headers_without_length(self.coding)
        if self.coder is None:
            headers.append((b"content-length", length))
        await self.send_on({"type": "http.response.start", "status": 200, "headers": headers})

    async def take(self, message: Message) -> None:
        """Send a piece of the body on, coded; of one that the reader holds, nothing but the end."""
        piece, more = message.get("body", b""), message.get("more_body", False)
        if self.is_held:
            piece = b""
        elif self.coder is not None:
            piece = await run_in_threadpool(coded, self.coder, piece, last=not more)
        if piece or not more:
            await self.send_on({"type": "http.response.body", "body": piece, "more_body": more})


def coded(coder: ContentEncoder, piece: bytes, *, last: bool) -> bytes:
    return coder.compress(piece) + (coder.flush() if last else b"")
