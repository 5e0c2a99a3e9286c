"""The answers about import profiles: how the files of an office are laid out."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.intake.profiles import ImportProfile


class ImportProfileOut(ImportProfile):
    """A profile as it was stated; `unit`: the subtree of the key that stated it first, null for the whole service."""

    name: str
    unit: str | None


class ImportProfileStated(ImportProfileOut):
    """A profile from now on, and what is odd about it."""

    warnings: NotRequired[list[FaultBody]]


class ImportProfileEntry(TypedDict):
    """A profile without what it says."""

    name: str
    title: str | None
    unit: str | None


class ImportProfileList(TypedDict):
    items: list[ImportProfileEntry]
    next_cursor: str | None
