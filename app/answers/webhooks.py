"""The answers about webhooks and what is delivered to them."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from app.domain.vocabulary import ChangeKind

DeliveryState = Literal["pending", "delivered", "dead"]


class WebhookOut(TypedDict):
    """Where changes are told to. `kinds` null: all; `unit` null: everywhere."""

    name: str
    url: str
    kinds: list[ChangeKind] | None
    unit: str | None
    enabled: bool
    gone: Annotated[bool, Field(description="The receiver answered 410, and the webhook was switched off for it.")]
    created_at: datetime
    old_secret_until: Annotated[
        datetime | None, Field(description="Until then the secret that was replaced signs as well.")
    ]


class WebhookStated(WebhookOut):
    """A webhook as it stands now."""

    secret: NotRequired[Annotated[str, Field(description="Shown this once, where it is new.")]]


class WebhookList(TypedDict):
    items: list[WebhookOut]
    next_cursor: str | None


class DeliveryOut(TypedDict):
    """A message for a webhook. `event` is its `webhook-id`, the same at every attempt; `dead`: it was given up."""

    id: int
    event: str
    type: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None
    body: Annotated[dict[str, object], Field(description="What is sent: `type`, `timestamp` and `data`.")]


class DeliveryList(TypedDict):
    items: list[DeliveryOut]
    next_cursor: str | None
