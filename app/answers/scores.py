"""The answers about scores: a cohort, a unit through time, and one unit explained."""

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, MethodCode, NameOut, Number, UnitBrief
from app.answers.examples import load_example
from app.domain.scoring.node_facts import InputRole
from app.domain.vocabulary import Level


class BandBrief(TypedDict):
    code: str
    name: Annotated[str, Field(description="In Vietnamese, or in English where `Accept-Language` prefers that.")]


class Change(TypedDict):
    """Now minus then; a rank's change is positive where the place improved. Null where nothing true can be said."""

    against: str | None
    total: Number | None
    rank: int | None
    groups: dict[str, Number | None]


class ScoredPoints(TypedDict):
    """Points of a unit by themselves."""

    total: Number | None
    max: Number
    band: BandBrief | None
    method: MethodCode | None
    coverage: Number
    groups: dict[str, Number | None]


class ScoredOut(ScoredPoints):
    """Points of a unit. `method`: computed, reported by a source, or mixed; `coverage`: the share resting on data."""

    change: Change
    flags: list[FlagCode]


class ScoreItem(ScoredOut):
    """A unit's place and points in its cohort; `tied` counts the units on that rank, itself included.

    `observed_at`: the latest look-up among the figures that the total rests on; evaluations of the first
    edition lack it.
    """

    rank: int | None
    tied: int | None
    unit: UnitBrief
    observed_at: NotRequired[datetime | None]


class CohortOut(TypedDict):
    """How much of a cohort is there: units active (of a long period, on its last day), with figures, and ranked."""

    under: str | None
    level: Level
    active: NotRequired[
        Annotated[int, Field(description="With or without figures. Evaluations of earlier releases do not say it.")]
    ]
    size: Annotated[int, Field(description="With any figure of the framework.")]
    ranked: int


class BandCount(TypedDict):
    code: str
    name: str
    count: int


class Summary(TypedDict):
    mean: Number | None
    bands: list[BandCount]


class BandOut(BandBrief):
    """A class, and the colour in which charts draw it."""

    color: str


class ColoredBandCount(BandOut):
    """A class, its colour, and how many units fell into it."""

    count: int


class BoardSummary(TypedDict):
    mean: Number | None
    bands: list[ColoredBandCount]


class GroupMeta(TypedDict):
    """A group of a board: its name in the language of the request, the most points, and its colour in charts."""

    code: str
    name: str
    max: Number
    color: str


class CohortSummary(TypedDict):
    cohort: CohortOut
    summary: BoardSummary


class ScoreListHead(TypedDict):
    """What stands above the items of a cohort: rules, period, moment, and the cohort as a whole."""

    framework: str
    period: str
    as_of: datetime
    cohort: CohortOut
    summary: BoardSummary
    groups_meta: list[GroupMeta]
    cohorts: NotRequired[
        Annotated[
            list[CohortSummary],
            Field(description="Where several levels are asked for: each; `cohort` and `summary` are the first one's."),
        ]
    ]


@with_config(json_schema_extra={"example": load_example("scores")})
class ScoreList(ScoreListHead):
    """One cohort: the units of a level under a unit, active in the period and with any figure."""

    items: list[ScoreItem]
    next_cursor: str | None


class Place(TypedDict):
    rank: int | None
    tied: int | None
    of: int


class ReportedRank(TypedDict):
    """A rank that a source states without the board behind it."""

    rank: Number
    of: Number | None
    source: str | None


class ComputedRanks(TypedDict):
    """The unit's place among its siblings, in its province, and in the country.

    None where the caller may not know; in the country none either where figures of some units are missing.
    """

    siblings: Place | None
    province: Place | None
    nationwide: Place | None


class Ranks(ComputedRanks):
    """The unit's place among its siblings, in its province, in the country, and as a source reports it."""

    reported: ReportedRank | None


class FigureOut(TypedDict):
    """A figure that a rule read, and where it was found; of a ratio `value` is the percentage, stated or derived."""

    indicator: str
    numerator: Number | None
    denominator: Number | None
    value: Number | None
    source: str | None
    observed_at: datetime | None


class InputOut(FigureOut):
    """A figure of the unit, or what a rule `normalise` compares it with; that has neither counts nor a source."""

    role: Annotated[
        InputRole,
        Field(
            description="`figure`: the unit's own. `least`, `most`, `mean`, `deviation`: of the `compared` units with "
            "figures, or as the document states them. `lower`, `equal`: how many of the `others` have less, or the "
            "same. A caller who may not see all of these units sees only the own figure."
        ),
    ]


class CriterionOut(TypedDict):
    """A criterion: its points, the rule that gave them, the figures, the arithmetic, the law, and a sentence."""

    code: str
    name: NameOut
    points: Number | None
    max: Number
    rule: dict[str, object] | None
    inputs: list[InputOut]
    arithmetic: str | None
    legal_ref: str | None
    flags: list[FlagCode]
    sentence: str
    sentence_en: str
    criteria: list["CriterionOut"]


class AdjustmentOut(FigureOut):
    """A bonus, or a penalty with points below 0, on the total; without a figure `points` is null."""

    name: NameOut
    points: Number | None
    arithmetic: str | None
    legal_ref: str | None
    sentence: str
    sentence_en: str


@with_config(json_schema_extra={"example": load_example("score_explained")})
class ScoreExplained(ScoredOut):
    """One unit in one period, explained to the last figure."""

    unit: UnitBrief
    period: str
    observed_at: datetime | None
    framework: str
    ranks: Ranks
    sentence: str
    sentence_en: str
    arithmetic: str | None
    legal_ref: str | None
    criteria: list[CriterionOut]
    adjustments: list[AdjustmentOut]
    applicable_max: Annotated[
        Number | None,
        Field(description="The points that apply to the unit, where the framework's total is a share of these."),
    ]
    total_before_adjustments: Annotated[
        Number | None, Field(description="What the rules make of the criteria: `total` where nothing is adjusted.")
    ]


class SeriesPlace(TypedDict):
    """A place as a board tells it, and how many were ranked; None where the caller may not see all of the siblings."""

    rank: int | None
    tied: int | None
    of: int | None


class SeriesItem(ScoredOut, SeriesPlace):
    """One period of a series; `rank` is the place among its siblings then, `reported` the one that a source states.

    `observed_at`: the latest look-up among the figures that the total rests on.
    """

    period: str
    observed_at: datetime | None
    framework: str
    reported: ReportedRank | None


@with_config(json_schema_extra={"example": load_example("score_series")})
class ScoreSeries(TypedDict):
    """A unit's scores through time."""

    unit: UnitBrief
    items: list[SeriesItem]
    next_cursor: str | None


class SeriesEntry(TypedDict):
    """A unit in one period of a cohort's series; without points, place and class where it has no figures."""

    period: str
    rank: int | None
    tied: int | None
    total: Number | None
    band: BandBrief | None
    method: str | None
    coverage: Number | None
    groups: dict[str, Number | None]
    flags: list[str]
    observed_at: datetime | None


class UnitInSeries(TypedDict):
    """A unit, as it stood last, with an entry for every period of the series, in the order of `periods`."""

    unit: UnitBrief
    series: list[SeriesEntry]


class CohortInPeriod(TypedDict):
    """The cohort in one period: its rules, the most points, units active, with figures and ranked, and their mean."""

    period: str
    framework: str
    max: Number
    active: int
    size: int
    ranked: int
    mean: Number | None


class CohortSeriesHead(TypedDict):
    """What stands above the units of a cohort's series: the periods in which the cohort has figures, oldest first."""

    under: str | None
    level: Level
    as_of: datetime
    periods: list[str]
    cohorts: list[CohortInPeriod]
    groups_meta: list[GroupMeta]
    bands: list[BandOut]


@with_config(json_schema_extra={"example": load_example("cohort_series")})
class CohortSeriesList(CohortSeriesHead):
    """A whole cohort through time: units × periods."""

    items: list[UnitInSeries]
    next_cursor: str | None
