"""Routes whose answers are kept as bytes while what they rest on stands: each says so where it is declared."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

KEPT: set[Callable[..., Any]] = set()


def kept(endpoint: Endpoint) -> Endpoint:
    """Mark a read whose answers hang on the request, the data, the key and the local day, and on nothing else (ADR 15).

    Not: what shows work in progress (imports), the trace, a check that is to be made (verify), and single evaluations
    and tasks, whose ETag is the state that an `If-Match` names.
    """
    KEPT.add(endpoint)
    return endpoint


def is_kept(route: APIRoute) -> bool:
    """Whether a route is marked so."""
    return route.endpoint in KEPT


def kept_paths(app: FastAPI) -> re.Pattern[str]:
    """What the paths of these routes look like."""
    paths = [
        each.path_format
        for each in iter_route_contexts(app.routes)
        if isinstance(each.original_route, APIRoute) and is_kept(each.original_route) and each.path_format
    ]
    return re.compile("|".join(re.sub(r"\{\w+\}", "[^/]+", path) for path in paths))
