"""Pages of other origins: what browsers ask before they let one read an answer (CHISO_CORS_ORIGINS).

Keys travel in `Authorization` and there are no cookies, so that a page can only use a key that it was given itself: no
answer allows credentials, and `*` opens nothing that anonymous callers may not read anyway.
"""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.headers import HEADERS, LIMITS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
EXPOSED = sorted(
    {*HEADERS, *LIMITS, "Allow", "Content-Disposition", "Content-Location", "Link", "WWW-Authenticate", "X-Request-ID"}
)
"""Headers of answers that a script may read besides those that browsers show it anyway."""
REMEMBERED_S = 7_200
"""How long a browser need not ask again; none remembers for longer than two hours or a day."""


class CrossOrigin(CORSMiddleware):
    """Starlette's layer around everything, so that whatever leaves can be read, failures of the edge included.

    A preflight that it would refuse in plain text goes on inside, where OPTIONS is a 405 as everywhere and is logged.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=["*"],  # those that are asked for: which of them mean something is for the routes to say
            allow_private_network=True,
            expose_headers=EXPOSED,
            max_age=REMEMBERED_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers:
            answer = self.preflight_response(headers)
            if answer.status_code < 400:
                await answer(scope, receive, send)
                return
        await self.simple_response(scope, receive, send, headers)
