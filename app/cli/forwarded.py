"""What a proxy in front says of a request: whose it is, by which scheme, and below which path the service stands."""

import re

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

SENT = re.compile(rb"((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+)/?")
"""A path prefix: names of ordinary characters, so that no address that is made with it leads to another host."""


class ForwardedHeaders(ProxyHeadersMiddleware):
    """uvicorn's `X-Forwarded-For` and `-Proto`, and `X-Forwarded-Prefix`: from proxies that are trusted alone."""

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http" and (scope["client"] or ("",))[0] in self.trusted_hosts:
            found = SENT.fullmatch(dict(scope["headers"]).get(b"x-forwarded-prefix", b""))
            if found is not None:
                scope["root_path"] = found[1].decode()
        await super().__call__(scope, receive, send)
