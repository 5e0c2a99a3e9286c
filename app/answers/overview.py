"""The first screen of a dashboard: the latest period of a cohort, how it came there, who moved, and what is missing."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.scores import BoardSummary, Change, CohortOut
from app.domain.vocabulary import Level


class PeriodMean(TypedDict):
    """The cohort in one period: its rules, how many units are ranked, and their mean."""

    period: str
    framework: str
    ranked: int
    mean: Number | None


class MeanChange(TypedDict):
    """The mean now minus then; null where the two are not of the same units and rules, and `flags` say why."""

    against: str | None
    mean: Number | None
    flags: list[FlagCode]


class Mover(TypedDict):
    """A unit whose total changed."""

    unit: UnitBrief
    total: Number | None
    rank: int | None
    change: Change


class Movers(TypedDict):
    """The units that gained most and those that lost most, at most five of each, the greatest change first."""

    up: list[Mover]
    down: list[Mover]


class CompletenessBrief(TypedDict):
    """How many units of the cohort there are, how many have figures, and the mean share of the expected figures."""

    units: int
    with_figures: int
    coverage: Number


class FindingCounts(TypedDict):
    """How many findings there are about the units of the cohort, by severity."""

    error: int
    warning: int


class PublishedBrief(TypedDict):
    """A published evaluation."""

    id: int
    title: str | None
    period: str
    under: str | None
    levels: list[Level]
    published_at: datetime


@with_config(json_schema_extra={"example": load_example("overview")})
class Overview(TypedDict):
    """The latest period of a cohort. `evaluation`: the published one that it shows; null where it shows the figures as
    they stand. What of it is not public (`completeness`, `findings`) is null then.
    """

    under: str | None
    level: Annotated[Level, Field(description="As asked, else the one with the most units that have figures.")]
    framework: str
    period: str
    as_of: datetime
    evaluation: int | None
    periods: Annotated[
        list[PeriodMean], Field(description="The latest with figures, of one type, the oldest first; at most twelve.")
    ]
    cohort: CohortOut
    summary: BoardSummary
    change: MeanChange
    movers: Movers
    completeness: CompletenessBrief | None
    findings: FindingCounts | None
    publications: Annotated[
        list[PublishedBrief], Field(description="Of the unit and those below it, the last first; at most five.")
    ]
