"""The answers about evaluations: what they are, whether they still follow from what they froze, and what changed."""

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.faults import FaultBody
from app.domain.evaluation import Status
from app.domain.vocabulary import Code, Level


class CohortCount(TypedDict):
    """The units of a level: how many were active, how many of them have figures, and how many are ranked."""

    level: Level
    active: NotRequired[Annotated[int, Field(description="Evaluations of earlier releases do not say it.")]]
    size: int
    ranked: int


class TextInBoth(TypedDict):
    en: str
    vi: str


class PublishProblem(TypedDict):
    """Why a publication that was scheduled did not come about, in both languages; what could be tried is said there."""

    code: str
    status: int
    detail: TextInBoth
    request_id: Annotated[str, Field(description="That of the request which scheduled it.")]


class EvaluationOut(TypedDict):
    """A frozen result: what it is about, its state, and the digest over rules, units, figures and results.

    `letter_digest`: over what letters and reports need besides (profile, texts, files, tasks, publications, targets);
    null for an evaluation of an earlier release, whose `digest` covers that as well.

    Of one scope (framework, period, under, levels) one is published; a newer one supersedes it. `reason`: why it was
    withdrawn. `publish_at`: when a draft is to be published; null where that is not scheduled, or is done.
    `publish_problem`: why it was not published then; schedule it again, or publish it, once that is mended.
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
    letter_digest: str | None
    cohorts: list[CohortCount]
    created_at: datetime
    publish_at: datetime | None
    publish_problem: PublishProblem | None
    published_at: datetime | None
    superseded_at: datetime | None
    withdrawn_at: datetime | None
    supersedes: int | None
    superseded_by: int | None
    reason: str | None


class EvaluationStated(EvaluationOut):
    """An evaluation as it stands now, and what is odd about what was said of it."""

    warnings: NotRequired[list[FaultBody]]


class BecomesPublic(TypedDict):
    """What became public besides the scores, counted by kind; `see`: the reports over the evaluation that show it.

    `tasks` with their titles, details and reports; `notes`, those of the publications; `letter_profile`, 1 where the
    office has stated what its letters always say; `letter_texts`, what they say of the period, and
    `letter_templates`, the Word files they are made from.
    """

    tasks: int
    publications: int
    notes: int
    targets: int
    letter_profile: int
    letter_texts: int
    letter_templates: int
    see: list[str]


class PublishedOut(EvaluationOut):
    """An evaluation that has been published, and what became public with it."""

    publishes: BecomesPublic


class EvaluationList(TypedDict):
    items: list[EvaluationOut]
    next_cursor: str | None


class VerifyDifference(TypedDict):
    """A number that does not follow from what was frozen: of a unit, of a level, or of the record itself."""

    level: str | None
    unit: str | None
    member: str
    frozen: object
    recomputed: object


class Verification(TypedDict):
    """Whether the results follow from the frozen figures. `recomputed`: the digest today, null if none is legible.

    Of more than 1,000 differences a last one, `further_differences`, counts the others under `recomputed`.
    """

    id: int
    digest: str
    recomputed: str | None
    matches: bool
    differences: list[VerifyDifference]


class ResultDifference(TypedDict):
    """A number of the results that changed; null where one of the two does not have it."""

    level: str | None
    unit: str | None
    member: str
    before: object
    now: object


class FrozenFigure(TypedDict):
    numerator: Number | None
    denominator: Number | None
    value: Number | None


class FigureDifference(TypedDict):
    """A frozen figure that changed; null where one of the two does not have it."""

    period: str
    unit: str
    indicator: Code
    source: str
    before: FrozenFigure | None
    now: FrozenFigure | None


class EvaluationDiff(TypedDict):
    """What changed from the evaluation `against` to this one, and the figures behind it."""

    id: int
    against: int
    differences: list[ResultDifference]
    figures: list[FigureDifference]
