"""Why a total and a place changed: criteria, their weights, what is known on one side alone, and the other units."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, NameOut, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.scores import FigureOut


class ChangeEffect(TypedDict):
    """What a criterion did to the total: through its figures, and through its weight, which moves where others are left
    out or are averaged with it.
    """

    figures: Number
    weight: Number


class InputsOfBoth(TypedDict):
    """The figures that the criterion's rule read on either side, and where they were found."""

    before: list[FigureOut]
    now: list[FigureOut]


class ChangePart(TypedDict):
    """A criterion that counts on both sides, or a bonus or penalty: its points, and what it did to the total."""

    criterion: Annotated[
        str,
        Field(
            description="Its code; `total` where the total itself cannot be taken apart; with the flag `adjustment` "
            "the indicator of a bonus, or of a penalty, which has points below 0."
        ),
    ]
    name: NameOut
    max: Annotated[Number | None, Field(description="Null of a bonus or penalty without limit.")]
    before: Number | None
    now: Number | None
    points: Annotated[Number | None, Field(description="Points of the criterion, now minus before.")]
    effect: ChangeEffect
    numerator: Annotated[
        Number | None,
        Field(
            description="Of `effect.figures`, what the numerator did: the mean of both orders in which the two counts "
            "may have changed. Null without counts on both sides."
        ),
    ]
    denominator: Annotated[Number | None, Field(description="The rest of `effect.figures`.")]
    others: Annotated[
        Number | None,
        Field(
            description="Of `effect.figures`, what the figures of the other units did, where points come by comparison "
            "with them, likewise; the rest is the unit's own. Null elsewhere, and for who may not see all of them."
        ),
    ]
    inputs: InputsOfBoth
    flags: list[FlagCode]


class CoveragePart(TypedDict):
    """A criterion that is measured on one side alone. What it did to the total tells of what is known, not of work."""

    criterion: str
    name: NameOut
    before: Number | None
    now: Number | None
    effect: Number
    flags: list[FlagCode]


class FigurePair(TypedDict):
    """One indicator on both sides; null where there is no figure."""

    indicator: str
    before: FigureOut | None
    now: FigureOut | None


class RankChange(TypedDict):
    """Places among the siblings. `own` + `others` = `change`, positive where the place improves.

    `own`: from the place that the old total would have today to the one of today; `others`: from the place before to
    that one.
    """

    before: int | None
    now: int | None
    change: int | None
    own: int | None
    others: int | None


class ChangeSum(TypedDict):
    """The change of a total and what adds up to it; null and empty where there is none to tell."""

    total: Annotated[
        Number | None,
        Field(
            description="Now minus before. Null where the two are not of the same rules, the same body, one basis and "
            "fine enough figures; given where figures are missing on a side, which `coverage` and `flags` tell."
        ),
    ]
    parts: Annotated[list[ChangePart], Field(description="In the order of the framework.")]
    coverage: Annotated[
        Number | None, Field(description="Points from criteria that are measured on one side alone: no performance.")
    ]
    coverage_parts: list[CoveragePart]
    unexplained: Annotated[
        Number | None, Field(description="Of a total that a source states, what its groups do not account for; else 0.")
    ]
    rounding: Annotated[
        Number | None,
        Field(description="What roundings, and the ends of the scale, make out on the way to both totals."),
    ]


@with_config(json_schema_extra={"example": load_example("score_change")})
class ScoreChange(ChangeSum):
    """What a change of a total is made of.

    As printed, all effects + `coverage` + `unexplained` + `rounding` = `total`: effects are
    rounded half up, to four
    decimals or to those of the framework's points where these are more, and `rounding` takes what that leaves as well.
    """

    unit: UnitBrief
    period: str
    against: str | None
    framework: str
    against_framework: str | None
    as_of: datetime
    max: Number
    before: Annotated[Number | None, Field(description="The total then.")]
    now: Annotated[Number | None, Field(description="The total in the period.")]
    rank: RankChange
    figures: Annotated[list[FigurePair], Field(description="Every figure of the framework that either side has.")]
    flags: list[FlagCode]
    observed_at: datetime | None
    against_observed_at: datetime | None
    sentence: str
    sentence_en: str
