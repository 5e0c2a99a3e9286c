"""Warnings that an answer has only where there are some: of letters put right and odd texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from app.api.answers import answer, warned
from app.domain.odd_texts import oddities
from app.domain.validation_faults import pointer_to
from app.errors import FURTHER_WARNINGS, Fault, Faults


def text_warnings(request: Request, body: BaseModel | None) -> list[Fault]:
    """What is odd about each text of a body: `letters_corrected`, `text_in_old_font` and `letters_lost`."""
    kept = body.model_dump(by_alias=True) if body is not None else None
    return document_warnings(getattr(request.state, "document", kept), kept)


def document_warnings(sent: object, kept: object) -> list[Fault]:
    """The same of a document as it was sent and as it is kept."""
    return list(Faults(_odd_texts(sent, kept), FURTHER_WARNINGS))


def parameter_warnings(request: Request, name: str, kept: str | None) -> list[Fault]:
    """The same of a text that a parameter holds."""
    found = [] if kept is None else oddities(request.query_params.get(name), kept)
    return [replace(each, parameter=name) for each in found]


def _odd_texts(sent: object, kept: object) -> Iterator[Fault]:
    stack: list[tuple[object, object, tuple[object, ...]]] = [(sent, kept, ())]
    while stack:
        was, value, path = stack.pop()
        if isinstance(value, dict):
            before = was if isinstance(was, dict) else {}
            stack += reversed([(before.get(name), inner, (*path, name)) for name, inner in value.items()])
        elif isinstance(value, list | tuple):
            items = was if isinstance(was, list) and len(was) == len(value) else [None] * len(value)
            pairs = zip(items, value, strict=True)
            stack += reversed([(item, inner, (*path, place)) for place, (item, inner) in enumerate(pairs)])
        elif isinstance(value, str):
            yield from (replace(each, pointer=pointer_to(path)) for each in oddities(was, value))


def with_warnings(
    request: Request,
    result: Mapping[str, Any],
    warnings: Sequence[Fault],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """What was done; `warnings` stand in it only where there are some."""
    sent = warned(request, result, warnings, status) if warnings else answer(result, status)
    sent.headers.update(headers or {})
    return sent
