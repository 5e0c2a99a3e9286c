"""The answers about publications."""

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.publications import PublicationState


class PublicationOut(TypedDict):
    """What a unit has to publish about a period, and when it did; `state` as it was on the day `on`, else today."""

    unit: str
    period: str
    subject: str
    due_on: date | None
    published_on: date | None
    state: PublicationState
    url: str | None
    note: str | None
    legal_ref: str | None


class PublicationList(TypedDict):
    items: list[PublicationOut]
    next_cursor: str | None


class PublicationsStated(TypedDict):
    """What became of the units that were named, and what stands for them now."""

    created: int
    updated: int
    unchanged: int
    retracted: int
    items: list[PublicationOut]
    warnings: NotRequired[list[FaultBody]]
