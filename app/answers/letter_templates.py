"""The answers about the Word files that letters are made from."""

from datetime import datetime

from typing_extensions import TypedDict


class LetterTemplateOut(TypedDict):
    """The template of a letter: the unit asked for, its file by SHA-256 and size in bytes, and since when it stands.

    `inherited_from`: the unit above that has stated it; null where the unit itself has.
    """

    unit: str
    kind: str
    sha256: str
    size: int
    known_at: datetime
    inherited_from: str | None


class LetterTemplateList(TypedDict):
    items: list[LetterTemplateOut]
    next_cursor: str | None
