"""What tests of boards share: a service that keeps none, on the same database, and the layer itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from app.api.rate_limits import RateLimits
from app.api.response_cache import CacheKey, ResponseCache
from app.config import Settings
from app.main import create_app

Client = httpx.AsyncClient
PLAIN = {"Accept-Encoding": "identity"}
BOARD = "/v1/scores?period=2024-07&level=commune&under=H60"
OWN = {"x-request-id", "date", "ratelimit", "ratelimit-policy"}
"""Headers that are another's with every answer."""


@contextmanager
def another(service: FastAPI, settings: Settings, **changes: Any) -> Iterator[FastAPI]:
    """The service once more, on the same database and under the same clock, with other settings."""
    app = create_app(settings.model_copy(update=changes), now=service.state.database.now)
    app.router.routes = service.router.routes
    yield app
    app.state.database.dispose()


def client_of(app: FastAPI, headers: Mapping[str, str]) -> Client:
    return Client(transport=httpx.ASGITransport(app=app), base_url="http://test", headers=headers)


def layer_of(service: FastAPI) -> ResponseCache:
    """The layer of boards of a service."""
    layer = rate_limits_of(service).app
    assert isinstance(layer, ResponseCache)
    return layer


def kept_answers(layer: ResponseCache) -> list[CacheKey]:
    """What the layer holds answers to, the one not asked for longest first."""
    return [key for key in layer.database.memory.entries if isinstance(key, CacheKey)]


def rate_limits_of(service: FastAPI) -> RateLimits:
    """The layer that counts requests."""
    if service.middleware_stack is None:
        service.middleware_stack = service.build_middleware_stack()
    layer: Any = service.middleware_stack
    while not isinstance(layer, RateLimits):
        layer = layer.app
    return layer


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """An answer without what is its own each time."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    return answer.status_code, answer.content, headers
