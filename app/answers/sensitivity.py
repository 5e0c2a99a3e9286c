"""The answer to how sure the ranks of a cohort are."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.scores import BandBrief, BandOut, CohortOut, GroupMeta

Exclusion = Literal["reported_total", "other_rule", "unranked"]


class RankRange(TypedDict):
    """The ⌈q·n⌉-th smallest of the ranks in n draws, q being 5, 50 and 95 %.

    So a unit stands from `p5` to `p95` in at least 90 % of the draws.
    """

    p5: int | None
    p50: int | None
    p95: int | None


class ClassShare(TypedDict):
    """In how many draws a unit was in a class; `share` to four decimals, half up, `count` exact."""

    code: str
    name: str
    count: int
    share: Number


class Margins(TypedDict):
    """Points to the next better and worse place, and to the classes above and below; null where there is none.

    `class_below`: what may be lost before the class is, its least points included.
    """

    rank_above: Number | None
    rank_below: Number | None
    class_above: Number | None
    class_below: Number | None


class SensitivityItem(TypedDict):
    """A unit as it stands, and what becomes of its place and class while the weights change.

    `without`: its rank if the weight of that group is shared out among the rest. What needs all of the cohort is null
    where the caller may not see it whole.
    """

    unit: UnitBrief
    rank: int | None
    tied: int | None
    total: Number
    band: BandBrief | None
    ranks: RankRange
    classes: list[ClassShare]
    without: dict[str, int | None]
    margins: Margins
    flags: list[FlagCode]
    sentence: str
    sentence_en: str


class ExcludedCount(TypedDict):
    """Units that take no part: their total is a source's, is made by a rule that weighs no groups, or is not ranked.

    Those that are ranked keep their totals, so that places are those of the whole board.
    """

    reason: Exclusion
    count: int


class SensitivityHead(TypedDict):
    """What stands above the units; with the same `weights`, `draws` and `seed` the same data give the same bytes."""

    framework: str
    period: str
    as_of: datetime
    cohort: CohortOut
    weights: Annotated[Number, Field(description="Each weight is multiplied by 1 ± this at most.")]
    draws: int
    seed: str
    units: Annotated[int, Field(description="How many take part.")]
    excluded: list[ExcludedCount]
    mean_rank_change: Annotated[
        Number | None, Field(description="The mean of |rank − rank now| over draws and units, half up, four decimals.")
    ]
    groups_meta: list[GroupMeta]
    bands: list[BandOut]
    sentence: str
    sentence_en: str


@with_config(json_schema_extra={"example": load_example("sensitivity")})
class SensitivityList(SensitivityHead):
    """How sure the ranks of a cohort are: of each unit the places that it takes while the weights change."""

    items: list[SensitivityItem]
    next_cursor: str | None
