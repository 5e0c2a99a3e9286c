"""The answers about letter profiles."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.answers.report_letter import Signature


class LetterProfile(TypedDict):
    """What the letters of an office always say; null or empty where nothing was stated."""

    superior: str | None
    issuer: str | None
    symbol: str | None
    place: str | None
    subject: str | None
    addressees: list[str]
    basis: list[str]
    opening: str | None
    closing: str | None
    orders: list[str]
    signature: Signature
    recipients: list[str]


class LetterProfileOut(LetterProfile):
    """What the letters of a unit always say; null or empty where nothing was stated."""

    unit: str


class LetterProfileStated(LetterProfileOut):
    """What they always say from now on, and what is odd about it."""

    warnings: NotRequired[list[FaultBody]]


class LetterProfileList(TypedDict):
    items: list[LetterProfileOut]
    next_cursor: str | None
