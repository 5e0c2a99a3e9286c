"""Bodies as they arrive: bounded while they are read, parsed and validated in a thread.

A body is read by the route alone, and only for a caller who may call it. What is done with its bytes grows with their
number, so none of it happens on the event loop.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive

from app.api.deps import concurrency_limits_of
from app.api.http_errors import TooLarge
from app.domain.validation_faults import pointer_to
from app.errors import Fault, Invalid, RefusalCode, UnsupportedMedia
from app.formats.content_type import ContentType, read_content_type
from app.formats.strict_json import read_json
from app.services.declared_bodies import declaration_located

TOO_LARGE = RefusalCode(
    "body_too_large",
    "The body is larger than the {limit} bytes that this address takes; split it or send a smaller one.",
    "Nội dung gửi lên vượt quá giới hạn {limit} byte của địa chỉ này; hãy chia nhỏ rồi gửi lại.",
    TooLarge,
)
NOT_JSON = RefusalCode(
    "content_type_unsupported",
    "The body must be JSON, declared as `Content-Type: application/json`.",
    "Nội dung phải là JSON, khai báo bằng `Content-Type: application/json`.",
    UnsupportedMedia,
)

MOST_MEMBERS = 200
"""Members of an object, more than any body has; pydantic makes an error of each that it does not know."""
TOO_MANY_MEMBERS = RefusalCode(
    "too_many_members",
    "The object has {count} members; no object of a body here takes more than {limit}.",
    "Đối tượng có {count} trường; mỗi đối tượng ở đây nhận nhiều nhất {limit} trường.",
    Invalid,
)

Made = TypeVar("Made")

LARGE = 64_000
"""Bytes of a body from which on it waits for its turn to be read."""


def limited(request: Request, receive: Receive, limit: int) -> Receive:
    """`receive`, raising TooLarge where the body is longer than `limit` bytes, before reading if it says so itself.

    Not Starlette's limit, which puts its 413 over whatever a request with a large body is answered, a 401 included.
    """
    declared = request.headers.get("content-length", "")
    size = int(declared[:20]) if declared.isdecimal() else 0
    arrived = 0

    async def receive_within_limit() -> Message:
        nonlocal arrived
        if size > limit:
            raise TOO_LARGE.error(limit=limit)
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise TOO_LARGE.error(limit=limit)
        return message

    return receive_within_limit


def content_type(request: Request) -> ContentType:
    """The declared kind of the body, and the charset where one is declared. Raises UnsupportedMedia."""
    return read_content_type(request.headers.get("content-type"))


async def in_thread(request: Request, read: Callable[..., Made], *arguments: object, large: bool) -> Made:
    """What `read` makes of a body, off the event loop.

    Large bodies are read one at a time: together they are not read faster, and the event loop waits for each of them.
    Raises Unavailable where too many wait for their turn.
    """
    turn = concurrency_limits_of(request).large_bodies.place() if large else nullcontext()
    async with turn:
        return await run_in_threadpool(read, *arguments)


def read_model(
    request: Request, sent: bytes, validate: Callable[..., tuple[Any, list[Any]]], other_errors: list[Any]
) -> object:
    """What a route declares as its body, from JSON read exactly; `validate` gives it, or pydantic's errors.

    Raises UnsupportedMedia, Malformed, Invalid, or RequestValidationError with `other_errors` before those of the body.
    """
    kind, charset = content_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise NOT_JSON.error()
    with declaration_located():
        document = read_json(sent, charset)
    refuse_wide(document, [])
    request.state.document = document
    return validated(document, validate, other_errors)


def validated(document: object, validate: Callable[..., tuple[Any, list[Any]]], other_errors: list[Any]) -> object:
    """The model of a document; RequestValidationError with `other_errors` before those of the document."""
    model, errors = validate(document, loc=("body",))
    if errors:
        raise RequestValidationError([*other_errors, *errors])
    return model


def refuse_wide(value: object, path: list[object]) -> None:
    """Raise Invalid where an object at or below `path` has too many members."""
    if isinstance(value, dict) and len(value) > MOST_MEMBERS:
        count, pointer = len(value), pointer_to(path)
        raise Fault(TOO_MANY_MEMBERS, {"count": count, "limit": MOST_MEMBERS}, pointer=pointer).error()
    members = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    for step, member in members:
        if isinstance(member, dict | list):
            refuse_wide(member, [*path, step])
