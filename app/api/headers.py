"""Headers in the OpenAPI document: what clients may send to every write, and what answers carry."""

from typing import Any

Json = dict[str, Any]
REF = "#/components/headers/{name}"

HEADERS: dict[str, Json] = {
    "Chiso-Version": {
        "description": "The version of the data that this write made; it grows with every write.",
        "schema": {"type": "integer"},
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

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your own for this one request, kept 30 days: sent again, the request is answered as it "
    "was first, and carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
"""The parameter of every write."""


def carries(*names: str) -> Json:
    """Headers of an answer, as `responses=` wants them."""
    return {"headers": {name: {"$ref": REF.format(name=name)} for name in names}}
