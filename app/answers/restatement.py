"""The answer about what current figures would give otherwise than a frozen result says."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from app.answers.common import Number, UnitBrief
from app.domain.vocabulary import Code

RestatedFigure = Literal["value", "total", "band", "rank"]


class Restated(TypedDict):
    """A value, total, class or rank as it was frozen (`old`) and as current figures give it (`new`); null where none.

    `old_counts` and `new_counts` are the counts of a value as `n/d`. When a source was looked up, when the service
    learned of it and by which import: of the value, or of the unit's newest value that says something else; null where
    none of its own does, or a figure was undone. `actor`: whose key sent the import, where the caller may know.
    """

    unit: UnitBrief
    period: str
    figure: RestatedFigure
    indicator: Code | None
    source: str | None
    old: Number | str | None
    new: Number | str | None
    old_counts: str | None
    new_counts: str | None
    observed_at: datetime | None
    known_at: datetime | None
    import_id: int | None
    actor: str | None


class RestatementHead(TypedDict):
    """Which result is held against figures as of which moment."""

    evaluation: int
    framework: str
    period: str
    as_of: datetime
    cohort_hidden: Annotated[
        bool,
        Field(description="Units were evaluated that the caller may not see: no rank is told, and none of theirs."),
    ]


class Restatement(RestatementHead):
    """What the figures of `as_of` would give otherwise, under the rules and for the units that were frozen."""

    items: list[Restated]
    next_cursor: str | None
