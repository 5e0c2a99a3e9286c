"""The answer to what a board would be with other figures or other rules."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.examples import load_example
from app.answers.faults import FaultBody
from app.answers.scores import BandBrief, BoardSummary, CohortOut, ScoreItem, ScoreListHead


class BaseScore(TypedDict):
    """A unit as it stands; null where it has no total, no place, or where the caller may not see the cohort whole."""

    total: Number | None
    rank: int | None
    band: BandBrief | None


class Difference(TypedDict):
    """What is supposed minus what is, of the figures as they are shown; a rank's is positive where the place improves.

    Points are compared as they stand, also under rules that give a group or the total another maximum.
    """

    total: Number | None
    rank: int | None
    groups: dict[str, Number | None]


class WhatIfItem(ScoreItem):
    """A unit as it would stand, flagged `hypothetical`, beside what it is."""

    base: BaseScore
    difference: Difference


class BaseOut(TypedDict):
    """The board as it is: its rules, how much of the cohort is there, and its summary."""

    framework: str
    cohort: CohortOut
    summary: BoardSummary


class WhatIfHead(ScoreListHead):
    base: Annotated[BaseOut | None, Field(description="Null where no rules are in force in the period.")]
    warnings: list[FaultBody]
    sentence: str
    sentence_en: str


@with_config(json_schema_extra={"example": load_example("what_if")})
class WhatIfList(WhatIfHead):
    """One cohort as it would be: its units with what they are and what would change. Nothing of it is stored."""

    items: list[WhatIfItem]
    next_cursor: str | None
