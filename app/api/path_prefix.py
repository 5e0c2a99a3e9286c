"""The service at a path of a host, as https://host/chiso/, instead of at its root.

What is inside knows nothing of it: paths come in without the prefix, whether the proxy has taken it off or not, and the
addresses in the headers of answers get it as they leave; pages and the contract name what belongs to them from where
they stand. So an answer that is kept, or repeated, fits every prefix.
"""

from collections.abc import Iterable

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESSES = frozenset({b"location", b"content-location"})
Header = tuple[bytes, bytes]


class PathPrefix:
    """The layer around everything; the prefix is the one that the server found out (`root_path`), else the setting."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app, self.root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = scope.get("root_path") or self.root_path
        if scope["type"] != "http" or not prefix:
            await self.app(scope, receive, send)
            return
        if scope["path"] == prefix:  # the page names what belongs to it from the slash on
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"{prefix}/?{query}" if query else f"{prefix}/", 308)(scope, receive, send)
            return
        path = scope["path"].removeprefix(prefix) if scope["path"].startswith(f"{prefix}/") else scope["path"]

        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": placed(message["headers"], prefix.encode())}
            await send(message)

        await self.app({**scope, "root_path": "", "path": path}, receive, forward)


def placed(headers: Iterable[Header], prefix: bytes) -> list[Header]:
    """The headers, with the prefix in every address of the service.

    >>> placed([(b"location", b"/v1/imports/1"), (b"link", b'</v1/units?cursor=a>; rel="next"')], b"/chiso")
    [(b'location', b'/chiso/v1/imports/1'), (b'link', b'</chiso/v1/units?cursor=a>; rel="next"')]
    """
    return [(name, placed_value(name, value, prefix)) for name, value in headers]


def placed_value(name: bytes, value: bytes, prefix: bytes) -> bytes:
    """The value of a header of this name, with the prefix in what are addresses of the service."""
    if name in ADDRESSES and value.startswith(b"/"):
        return prefix + value
    return value.replace(b"</", b"<" + prefix + b"/") if name == b"link" else value
