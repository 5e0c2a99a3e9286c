"""Bodies as they arrive: bounded while they are read, parsed and validated in a thread.

A body is read by the route alone, and only for a caller who may call it. What is done with its bytes grows with their
number, so none of it happens on the event loop.
"""

from collections.abc import Callable
from email.message import Message as Headers
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.types import Message, Receive

from app.errors import Text, TooLarge, UnsupportedMedia
from app.formats.strict_json import read_json

TOO_LARGE = Text(
    "The body is larger than the {limit} bytes that this address takes; split it or send a smaller one.",
    "Nội dung gửi lên vượt quá giới hạn {limit} byte của địa chỉ này; hãy chia nhỏ rồi gửi lại.",
)
NOT_JSON = Text(
    "The body must be JSON, declared as `Content-Type: application/json`.",
    "Nội dung phải là JSON, khai báo bằng `Content-Type: application/json`.",
)


def limited(request: Request, receive: Receive, limit: int) -> Receive:
    """`receive`, raising TooLarge where the body is longer than `limit` bytes, before reading if it says so itself.

    Not Starlette's limit, which puts its 413 over whatever a request with a large body is answered, a 401 included.
    """
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdecimal() else 0
    arrived = 0

    async def receive_within_limit() -> Message:
        nonlocal arrived
        if size > limit:
            raise TooLarge("body_too_large", TOO_LARGE, limit=limit)
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise TooLarge("body_too_large", TOO_LARGE, limit=limit)
        return message

    return receive_within_limit


def content_type(request: Request) -> tuple[str, str | None]:
    """The declared kind of the body in small letters, and the charset where one is declared."""
    declared = Headers()
    declared["Content-Type"] = request.headers.get("content-type", "")
    charset = declared.get_param("charset")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind, charset if isinstance(charset, str) else None


def read_model(
    request: Request, sent: bytes, validate: Callable[..., tuple[Any, list[Any]]], other_errors: list[Any]
) -> object:
    """What a route declares as its body, from JSON read exactly; `validate` gives it, or pydantic's errors.

    Raises UnsupportedMedia, Malformed, or RequestValidationError with `other_errors` before those of the body.
    """
    kind, charset = content_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise UnsupportedMedia("content_type_unsupported", NOT_JSON)
    model, errors = validate(read_json(sent, charset), loc=("body",))
    if errors:
        raise RequestValidationError([*other_errors, *errors])
    return model
