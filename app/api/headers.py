"""Headers that clients may send and that answers carry: as they are read, and as the OpenAPI document tells them."""

import re
from collections.abc import Iterable
from typing import Any

from app.errors import Fault, Invalid, RefusalCode

Json = dict[str, Any]
REF = "#/components/headers/{name}"

HEADERS: dict[str, Json] = {
    "Chiso-Version": {
        "description": "The version of the data that this write made, or that this answer shows at least; it grows "
        "with every write.",
        "schema": {"type": "integer"},
    },
    "ETag": {
        "description": "The strong tag of these bytes, for `If-None-Match` of a read. What stands before a `-` names "
        "the state; every tag of a state will do for `If-Match` of a write.",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` where this is the answer that was given first under the `Idempotency-Key`.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "`respond-async` where it was asked for.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until asking again is worth while.", "schema": {"type": "integer"}},
}
"""Headers of answers, each described once."""

LIMITS: dict[str, Json] = {
    "RateLimit": {
        "description": "What is left: `r` requests in the next `t` seconds (draft-ietf-httpapi-ratelimit-headers).",
        "schema": {"type": "string"},
        "example": '"anonymous";r=0;t=42',
    },
    "RateLimit-Policy": {
        "description": "What this client may: `q` requests in `w` seconds. Both come with all answers that count.",
        "schema": {"type": "string"},
        "example": '"anonymous";q=3000;w=60',
    },
}
"""What answers say to clients whose requests are counted."""

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your own for this one request, kept 30 days: sent again, the request is answered as it "
    "was first, and carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
"""The parameter of every write."""

IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "`ETag`s held already: a read is answered 304 if one stands. `*`: a write only makes what does not "
    "exist yet, else 412.",
    "schema": {"type": "string"},
}
CONDITIONS: list[Json] = [
    IF_NONE_MATCH,
    {
        "name": "Chiso-Version",
        "in": "header",
        "required": False,
        "description": "The `Chiso-Version` of an answer: what is read shows that version or a later one, else 412.",
        "schema": {"type": "integer", "minimum": 0},
    },
]
"""The parameters of every read whose answers are kept."""

PRECONDITIONS: list[Json] = [
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The `ETag` that the thing was last read or written with, in whatever coding or format; `*`: it "
        "exists. 412 where it is not so.",
        "schema": {"type": "string"},
    },
    IF_NONE_MATCH,
]
"""The parameters of every write of something that has an `ETag`."""

VERSION = re.compile(r"[0-9]{1,18}")
BAD_VERSION = RefusalCode(
    "data_version_invalid",
    "`Chiso-Version` is a whole number, as an answer gave it.",
    "`Chiso-Version` là số nguyên, đúng như câu trả lời trước đã ghi.",
    Invalid,
)


def listed(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """A header whose value is a list, from all its lines (RFC 9110, 5.3); empty where it was not sent."""
    return b",".join([line for each, line in headers if each == name]).decode("latin-1")


def matches_etag(if_none_match: str | None, tag: str) -> bool:
    """Whether the client holds what would be sent."""
    tags = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return tag in tags or "*" in tags


def minimum_version(chiso_version: str) -> int:
    """The version that a reader has seen; Invalid for what is none."""
    if VERSION.fullmatch(chiso_version) is None:
        raise Fault(BAD_VERSION, parameter="Chiso-Version", value=chiso_version).error()
    return int(chiso_version)


def carries(*names: str) -> Json:
    """Headers of an answer, as `responses=` wants them."""
    return {"headers": {name: {"$ref": REF.format(name=name)} for name in names}}
