"""The answers about imports: what became of the rows that were sent, at once or in the background."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from app.answers.faults import FaultBody

ImportEnd = Literal["applied", "planned", "rejected"]
ImportState = Literal["running", "applied", "rejected", "failed"]


class RowsTaken(TypedDict):
    """What became of the rows of a file; created + updated + unchanged + rejected = rows, always."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[FaultBody]
    warnings: list[FaultBody]


class ProfileUsed(TypedDict):
    """By which profile a file was read, and the SHA-256 of what the profile said then."""

    name: str
    digest: str


class FiguresTaken(RowsTaken):
    """What became of the figures of a file, and of those that stood and are absent from it."""

    retracted: Annotated[int, Field(description="Figures that stood and are absent from a file sent as `complete`.")]


class ImportOut(FiguresTaken):
    """What became of an import; created + updated + unchanged + rejected = rows, always.

    Of more than 1,000 errors or warnings a last entry (`further_errors`, `further_warnings`) counts the others.
    """

    id: int | None
    status: ImportEnd
    plan: str | None
    undoes: int | None


class Reason(TypedDict):
    """Why nothing of a background import was stored: the problem that it would have been answered with (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


class ImportRecord(FiguresTaken):
    """An import as it is kept: also who made it, when it became known, and how far it is.

    `requested_at`, `progress` (rows read so far, where this process knows) and `problem` are of imports in the
    background; of those `known_at` is null unless they were applied.
    """

    id: int
    status: ImportState
    plan: str | None
    undoes: int | None
    actor: str
    known_at: datetime | None
    requested_at: datetime | None
    progress: int | None
    profile: ProfileUsed | None
    problem: Reason | None


class ImportList(TypedDict):
    items: list[ImportRecord]
    next_cursor: str | None
