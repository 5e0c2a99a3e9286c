"""What is kept of an answer for a repetition of its request: the answer, or where to look where that is too large."""

from collections.abc import Sequence

import orjson

from app.errors import Conflict, RefusalCode

PLACE = "chiso-answer-not-kept"
"""Kept instead of the headers of such an answer: where to look. It never leaves the service."""
Headers = Sequence[tuple[str, str]]

NOT_KEPT = RefusalCode(
    "idempotency_answer_not_kept",
    "The request under this Idempotency-Key was handled already and answered {status}; nothing was done again. That "
    "answer was not kept: it was too large ({size} bytes) or showed a secret. Look at {place}.",
    "Yêu cầu với Idempotency-Key này đã được xử lý và trả lời {status}; lần này không xử lý lại. Nội dung trả lời "
    "không được lưu vì quá lớn ({size} byte) hoặc có mã bí mật; hãy xem tại {place}.",
    Conflict,
)


def stored_response(path: str, headers: Headers, body: bytes, most: int) -> tuple[Headers, bytes]:
    """Headers and body to be kept; of a body of more than `most` bytes its size and where to look."""
    if len(body) <= most:
        return headers, body
    return [(PLACE, dict(headers).get("location") or _place_of(path, body))], str(len(body)).encode()


def refuse_where_not_stored(status: int, headers: Sequence[Sequence[str]], body: bytes) -> None:
    """Raise Conflict `idempotency_answer_not_kept` for an answer of which only that is kept."""
    for name, place in headers:
        if name == PLACE:
            raise NOT_KEPT.error(
                headers={"Idempotency-Replayed": "true"},
                extra={"answered": status, "location": place},
                status=status,
                size=int(body),
                place=place,
            )


def _place_of(path: str, body: bytes) -> str:
    """Where what was made can be read: under its number, where the answer tells one."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return path
    number = document.get("id") if isinstance(document, dict) else None
    return path if number is None else f"{path}/{number}"
