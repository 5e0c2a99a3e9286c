"""The answers about keys, and about who calls."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

ScopeName = Literal[
    "values:read",
    "values:write",
    "units:write",
    "frameworks:write",
    "evaluations:write",
    "evaluations:publish",
    "admin",
]


class KeyOut(TypedDict):
    """A key; its secret was shown when it was made, and is kept nowhere."""

    name: str
    scopes: Annotated[list[ScopeName], Field(description="`admin` stands for all others.")]
    unit: Annotated[str | None, Field(description="The unit that it is bound to, with those below; null: to none.")]
    networks: Annotated[list[str], Field(description="Those that it works from; none: from anywhere.")]
    created_at: datetime
    expires_at: Annotated[datetime | None, Field(description="When it ends by itself; null: never.")]
    previous_until: Annotated[
        datetime | None, Field(description="Until when the secret before the last rotation works or worked.")
    ]
    revoked_at: datetime | None
    last_used_at: Annotated[
        datetime | None, Field(description="Its last use, exact to five minutes; null: it was never used.")
    ]


class KeyMade(KeyOut):
    """A key, and the secret that is shown only now."""

    secret: Annotated[str, Field(description="Send it as `Authorization: Bearer <secret>`. It is shown only now.")]


class KeyList(TypedDict):
    items: list[KeyOut]
    next_cursor: str | None


class RateOut(TypedDict):
    """So many requests in so many seconds."""

    requests: int
    seconds: int


class CallerOut(TypedDict):
    """Who calls, and what that may."""

    name: Annotated[
        str,
        Field(
            description="The name of the key, as the trace has it; `anonymous` without one; of a person with a token "
            "`oidc:` with his name and subject."
        ),
    ]
    anonymous: bool
    scopes: Annotated[list[ScopeName], Field(description="`admin` stands for all others.")]
    unit: Annotated[
        str | None, Field(description="The unit that the key is bound to, with those below; null: to none.")
    ]
    networks: Annotated[list[str], Field(description="Those that the key works from; none: from anywhere.")]
    expires_at: Annotated[datetime | None, Field(description="When the secret that was sent ends; null: never.")]
    rate_limit: Annotated[
        RateOut | None, Field(description="How often it may ask: a key by itself, others by address; null: no limit.")
    ]
    issuer: Annotated[
        str | None, Field(description="The identity provider whose token was sent; null: a key was, or nothing.")
    ]
    anonymous_read: Annotated[
        Literal["published", "all", "none"], Field(description="What anybody may read without a key.")
    ]
