"""What it would take a unit to reach a class, a total or a rank."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, NameOut, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.scores import BandBrief
from app.domain.insight.actionable import NotActionable
from app.domain.insight.least_set import Method
from app.domain.insight.levers import CountedIn, Hold


class ReachTarget(TypedDict):
    """What was asked for, a class, a rank or a total, and the rounded total that suffices for it.

    `total` is null where it is not known: the rank in a cohort that the key may not see whole. `points`: what the
    total lacks, 0 where it is reached.
    """

    band: BandBrief | None
    rank: int | None
    total: Number | None
    points: Number | None


class NextStep(TypedDict):
    """The next threshold of a rule by steps: the figure has to come to `at_least`, or to fall `below`."""

    at_least: Number | None
    below: Number | None
    points: Number


class FigureMove(TypedDict):
    """A figure now and then. Counts are null of a figure that has none, denominators of a plain count; all that is to
    be done is null where nothing of this figure alone reaches the target.

    `more`: what is to be done, in what `counted_in` says: further cases, percentage points, or the indicator's own
    unit; negative where there must be fewer. It and the counts are exact. With `hold=grow` it is cases that come in
    and are dealt with, of a figure that should be low cases that come in and do not add to it.
    """

    indicator: str | None
    figure: Annotated[
        Number | None, Field(description="Now: percent, or the indicator's unit; four decimals, half up.")
    ]
    needed: Annotated[Number | None, Field(description="The same, once enough has been done.")]
    numerator_from: Number | None
    numerator_to: Number | None
    denominator_from: Number | None
    denominator_to: Number | None
    more: Number | None
    counted_in: CountedIn | None


class CriterionReach(FigureMove):
    """A criterion, and whether its figure alone reaches the target.

    `gain_possible`: the points that it could still bring to the total, other figures being as they are. `least`: no
    fewer cases suffice for certain; false where more of a figure may earn less and not all could be tried.
    """

    criterion: str
    name: NameOut
    points: Number | None
    max: Number
    gain_possible: Number
    feasible: bool
    least: bool
    next: NextStep | None
    not_actionable: NotActionable | None


class LeastStep(FigureMove):
    """What is to be done of one figure; `criteria`: those that read it."""

    criteria: list[str]


class LeastCases(TypedDict):
    """A set of cases that reaches the target together. `exact`: no set has fewer; else it was found greedily."""

    cases: int
    exact: bool
    method: Method
    total: Annotated[Number, Field(description="The total with these cases.")]
    steps: list[LeastStep]


class FigureToSupply(TypedDict):
    """A figure that is missing; `max`: the most points of its criterion."""

    criterion: str
    name: NameOut
    indicator: str | None
    max: Number


@with_config(json_schema_extra={"example": load_example("score_reach")})
class ScoreReach(TypedDict):
    """What it would take a unit to reach a class, a total or a rank, the figures of others being as they are.

    Every figure moves by itself: one that counts the same cases stays as it is. `reached`, `reachable`: null where it
    cannot be said, as where a figure earns now more by rising and now by falling, and no combination was found;
    `max_reachable`: the total with every figure at its best. `least`: null where the target is out of
    reach, or takes figures that are not counted in cases. `supply_first`: where figures are missing, those to supply
    before anything can be said, the weightiest first.
    """

    unit: UnitBrief
    period: str
    framework: str
    total: Number | None
    max: Number
    band: BandBrief | None
    target: ReachTarget
    hold: Hold
    by: int | None
    reached: bool | None
    reachable: bool | None
    max_reachable: Number | None
    criteria: list[CriterionReach]
    least: LeastCases | None
    supply_first: list[FigureToSupply]
    sentence: str
    sentence_en: str
    flags: list[FlagCode]
