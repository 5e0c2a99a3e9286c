"""Warnings that stand beside what was done only where there are some: so far, of texts in old fonts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from app.api.answers import answer, warned
from app.domain.old_fonts import old_font_fault
from app.domain.validation_faults import pointer_to
from app.errors import FURTHER_WARNINGS, Fault, Faults


def not_always(schema: dict[str, Any]) -> None:
    """`warnings` stand in an answer only where there are some, so that it can be sent back as it was read."""
    schema["required"].remove("warnings")


def font_warnings(body: object) -> list[Fault]:
    """`text_in_old_font` at each text of a body, a model or a document, that was written for a font before Unicode."""
    document = body.model_dump(by_alias=True) if isinstance(body, BaseModel) else body
    return list(Faults(_in_old_fonts(document), FURTHER_WARNINGS))


def parameter_warnings(name: str, text: str | None) -> list[Fault]:
    """The same of a text that a parameter holds."""
    found = old_font_fault(text) if text is not None else None
    return [replace(found, parameter=name)] if found else []


def _in_old_fonts(document: object) -> Iterator[Fault]:
    stack: list[tuple[object, tuple[object, ...]]] = [(document, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, dict | list | tuple):
            members = value.items() if isinstance(value, dict) else enumerate(value)
            stack += reversed([(inner, (*path, name)) for name, inner in members])
        elif isinstance(value, str) and (found := old_font_fault(value)):
            yield replace(found, pointer=pointer_to(path))


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
