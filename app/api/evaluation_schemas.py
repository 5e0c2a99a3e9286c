"""Evaluations as they are asked for and answered."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.answers.common import Number
from app.answers.examples import load_example
from app.answers.faults import FaultBody
from app.api.periods import Reason
from app.api.schemas import Moment
from app.api.warnings import not_always
from app.domain.characters import NAME
from app.domain.evaluation import Status
from app.domain.period import PeriodCode
from app.domain.unit import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, FrameworkName, Level

EvaluationId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of an evaluation.", examples=[1])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300), NAME]


class EvaluationBody(BaseModel):
    """What to evaluate; what is left out is the default framework, everywhere, the period before, and now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("evaluation_request")})

    framework: FrameworkName | None = None
    period: PeriodCode
    under: UnitCode | None = None
    levels: Annotated[list[Level], BY_PIECES, Field(min_length=1, max_length=6)]
    as_of: Moment | None = None
    observed_by: Moment | None = None
    against: PeriodCode | None = None
    title: Title | None = None


class WithdrawalBody(BaseModel):
    """Why it is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("withdrawal")})

    reason: Reason


class CohortCount(BaseModel):
    """The units of a level with figures, and how many of them are ranked."""

    level: Level
    size: int
    ranked: int


class EvaluationOut(BaseModel):
    """A frozen result: what it is about, its state, and the digest over all that it rests on.

    Of one scope (framework, period, under, levels) one is published; a newer one supersedes it. `reason`: why it was
    withdrawn.
    """

    id: int
    status: Status
    framework: str
    period: str
    under: str | None
    levels: list[Level]
    against: str | None
    title: str | None
    as_of: datetime
    observed_by: datetime | None
    digest: str
    cohorts: list[CohortCount]
    created_at: datetime
    published_at: datetime | None
    superseded_at: datetime | None
    withdrawn_at: datetime | None
    supersedes: int | None
    superseded_by: int | None
    reason: str | None


class EvaluationStated(EvaluationOut):
    """An evaluation as it stands now, and what is odd about what was said of it."""

    model_config = ConfigDict(json_schema_extra=not_always)

    warnings: list[FaultBody]


class BecomesPublic(BaseModel):
    """What became public beside the scores, counted by kind; `see`: the reports over the evaluation that show it.

    `tasks` with their titles, details and reports; `notes`, those of the publications; `letter_profile`, 1 where the
    office has stated what its letters always say.
    """

    tasks: int
    publications: int
    notes: int
    targets: int
    letter_profile: int
    see: list[str]


class PublishedOut(EvaluationOut):
    """An evaluation that has been published, and what became public with it."""

    publishes: BecomesPublic


class EvaluationList(BaseModel):
    items: list[EvaluationOut]
    next_cursor: str | None


class VerifyDifference(BaseModel):
    """A number that does not follow from what was frozen: of a unit, of a level, or of the record itself."""

    level: str | None
    unit: str | None
    member: str
    frozen: Any
    recomputed: Any


class Verification(BaseModel):
    """Whether the results follow from the frozen figures. `recomputed`: the digest today, null if none is legible.

    Of more than 1,000 differences a last one, `further_differences`, counts the others under `recomputed`.
    """

    id: int
    digest: str
    recomputed: str | None
    matches: bool
    differences: list[VerifyDifference]


class ResultDifference(BaseModel):
    """A number of the results that changed; null where one of the two does not have it."""

    level: str | None
    unit: str | None
    member: str
    before: Any
    now: Any


class FrozenFigure(BaseModel):
    numerator: Number | None
    denominator: Number | None
    value: Number | None


class FigureDifference(BaseModel):
    """A frozen figure that changed; null where one of the two does not have it."""

    period: str
    unit: str
    indicator: Code
    source: str
    before: FrozenFigure | None
    now: FrozenFigure | None


class EvaluationDiff(BaseModel):
    """What changed from the evaluation `against` to this one, and the figures behind it."""

    id: int
    against: int
    differences: list[ResultDifference]
    figures: list[FigureDifference]
