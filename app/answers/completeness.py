"""The answers about completeness: who has reported a period, and what is still missing."""

from datetime import date, datetime

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import Number, UnitBrief
from app.answers.examples import load_example
from app.domain.vocabulary import Level


class UnitCompleteness(TypedDict):
    """What a unit has given of what is `expected` (a number of criteria).

    `share` of the points rests on figures; `missing` are the criteria without one. Points reported for a group or
    the total stand for their criteria. `reported`: there is any figure at all.
    """

    unit: UnitBrief
    reported: bool
    share: Number
    expected: int
    missing: list[str]


class CompletenessSummary(TypedDict):
    units: int
    reported: int
    not_reported: int
    complete: int


class CompletenessHead(TypedDict):
    """What stands above the units: the question, the day by which figures are due, whether it has passed, a summary."""

    framework: str
    period: str
    as_of: datetime
    under: str | None
    level: Level
    due_on: date | None
    overdue: bool | None
    summary: CompletenessSummary


@with_config(json_schema_extra={"example": load_example("completeness")})
class CompletenessList(CompletenessHead):
    """Every unit of a level that is active in the period, those without any figure included."""

    items: list[UnitCompleteness]
    next_cursor: str | None
