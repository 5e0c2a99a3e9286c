"""The answers about values: the figures that stand, and every revision of them."""

from datetime import datetime

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.examples import load_example


@with_config(json_schema_extra={"example": load_example("value")})
class ValueOut(TypedDict):
    """A figure; for a ratio `value` is the percentage, as stated or derived from the counts.

    A `numerator` without its `denominator` is what was counted beside a stated rate: nothing is computed from it.
    `observed_at` is when the source was looked up, `known_at` when this service learned it. In a history
    `retracted` marks a revision that took the figure back and `undone_at` one whose import was undone.
    """

    unit: str
    period: str
    indicator: str
    numerator: Number | None
    denominator: Number | None
    value: Number | None
    source: str
    observed_at: datetime
    note: str | None
    known_at: datetime
    import_id: int


@with_config(json_schema_extra={"example": load_example("value")})
class RevisionOut(ValueOut):
    """One revision of a figure's history, with the key that brought it; `note` says why, where that was said."""

    actor: str
    retracted: bool
    undone_at: datetime | None


class ValueList(TypedDict):
    items: list[RevisionOut | ValueOut]
    next_cursor: str | None
