"""The movers report: who rose and fell, changed class, leads, comes last, and kept a place."""

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.reports import ReportHead
from app.answers.scores import BandBrief
from app.domain.vocabulary import Level

MoverListCode = Literal[
    "rose_points",
    "fell_points",
    "rose_rank",
    "fell_rank",
    "class_up",
    "class_down",
    "first",
    "last",
    "kept_rank",
    "kept_first",
    "kept_last",
]


class MoverItem(TypedDict):
    """A unit of a list. Changes are now minus before, of a rank positive where it improved; null where none is true."""

    list_code: MoverListCode
    unit: UnitBrief
    rank: int | None
    total: Number | None
    band: BandBrief | None
    total_change: Number | None
    rank_change: int | None
    band_before: BandBrief | None
    ranks: Annotated[
        list[int], Field(description="In lists of what was kept: the rank in each period, the latest first.")
    ]


class MoverList(TypedDict):
    """One list; every unit that ties with the last of it is in it, too."""

    level: Level
    code: MoverListCode
    name: str
    items: list[MoverItem]
    sentence: str
    sentence_en: str


class WithheldReason(TypedDict):
    """How many of the units without a change carry a flag that says why."""

    flag: FlagCode
    count: int


class MoversLevel(TypedDict):
    """The lists of a level. `withheld`: units whose total has no true change; they are in no list of changes."""

    level: Level
    name: str
    ranked: int
    withheld: int
    reasons: list[WithheldReason]
    lists: list[MoverList]


@with_config(json_schema_extra={"example": load_example("movers")})
class MoversReport(ReportHead):
    """Lists for commendation and follow-up: of at most `n` units each, those that tie included, over `periods`."""

    framework: str
    n: int
    periods: int
    levels: list[MoversLevel]
