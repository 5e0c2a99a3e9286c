"""Routes that are to go: each says so where it is declared, and its answers and the contract say it to clients.

`Deprecation` (RFC 9745) tells since when something better is there, `Sunset` (RFC 8594) until when the old one stays.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, NamedTuple, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Json = dict[str, Any]


class Deprecation(NamedTuple):
    """Since when a route is not to be used any more, until when it answers, and the address to use instead; in UTC."""

    since: datetime
    until: datetime
    instead: str

    def headers(self) -> dict[str, str]:
        """What every answer of the route says."""
        return {
            "Deprecation": f"@{self.since.timestamp():.0f}",
            "Sunset": format_datetime(self.until, usegmt=True),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


DEPRECATED: dict[Callable[..., Any], Deprecation] = {}


def deprecated(since: datetime, until: datetime, instead: str) -> Callable[[Endpoint], Endpoint]:
    """Mark a route that is to go; both moments in UTC."""

    def mark(endpoint: Endpoint) -> Endpoint:
        DEPRECATED[endpoint] = Deprecation(since, until, instead)
        return endpoint

    return mark


def deprecation_headers(route: object) -> list[tuple[bytes, bytes]]:
    """What answers of a route say of its end; nothing where none is planned."""
    endpoint = getattr(route, "endpoint", None)
    found = None if endpoint is None else DEPRECATED.get(endpoint)
    pairs = () if found is None else found.headers().items()
    return [(name.lower().encode(), value.encode()) for name, value in pairs]


def declare_deprecation(operation: Json, endpoint: Callable[..., Any]) -> None:
    """Say in the contract what the answers of a route that is to go say."""
    found = DEPRECATED.get(endpoint)
    if found is None:
        return
    said = f"Deprecated since {found.since:%Y-%m-%d}; it goes on {found.until:%Y-%m-%d}. Use `{found.instead}` instead."
    operation["deprecated"] = True
    operation["description"] = "\n\n".join(filter(None, [operation.get("description", ""), said]))
    answers: Mapping[str, Json] = operation["responses"]
    for answer in answers.values():
        own = {name: {"schema": {"type": "string"}, "example": value} for name, value in found.headers().items()}
        answer["headers"] = {**own, **answer.get("headers", {})}
