"""The answers about periods: what a period is, whether it is locked, and by when its figures are due."""

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.period import PeriodType


class PeriodOut(TypedDict):
    """A period with its neighbours by their codes; a locked one takes no figures."""

    code: str
    type: PeriodType
    starts_on: date
    ends_on: date
    previous: str | None
    same_last_year: str | None
    parent: str | None
    children: list[str]
    locked: bool


class PeriodStated(PeriodOut):
    """A period as it stands now, and what is odd about the reason that was given."""

    warnings: NotRequired[list[FaultBody]]


class PeriodList(TypedDict):
    items: list[PeriodOut]
    next_cursor: str | None


class DueOut(TypedDict):
    """The due date of a period; its completeness tells whether it has passed."""

    period: str
    due_on: date
