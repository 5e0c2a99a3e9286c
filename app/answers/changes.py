"""The answers about what writes have changed."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.domain.vocabulary import ChangeKind


class ChangeOut(TypedDict):
    """One thing that a write changed; what it is now is to be asked at `path`."""

    version: Annotated[int, Field(description="The version of the data that the write made, as in `Chiso-Version`.")]
    kind: ChangeKind
    action: Annotated[str, Field(description="What was done to it, such as `imported`, `published` or `locked`.")]
    unit: str | None
    period: Annotated[str | None, Field(description="The period or year that it is about.")]
    subject: Annotated[str, Field(description="What the trace calls it, or the import or event that changed it.")]
    at: datetime
    path: Annotated[str, Field(description="Where to ask for it anew; 404 or 410 where it is gone.")]


class ChangeList(TypedDict):
    """Changes in the order of the writes, and where to go on."""

    version: Annotated[int, Field(description="The version of the data that this answer was read from.")]
    items: list[ChangeOut]
    more: Annotated[bool, Field(description="Whether further changes are there already: ask for them at once.")]
    next: Annotated[str, Field(description="What to send as `after` next, also where nothing has changed.")]
