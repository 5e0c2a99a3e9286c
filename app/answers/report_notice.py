"""The answer of the short notice: what stands out in a period."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.answers.common import Number, UnitBrief
from app.answers.examples import load_example
from app.answers.reports import ReportHead
from app.domain.vocabulary import Level


class NoticeNextPlace(TypedDict):
    """The place above, and how many points are missing to it."""

    rank: int
    gap: Number


class FirstTen(TypedDict):
    """The mean of the first ten, or of all where there are fewer (`count`); `gap`: the mean less the own total."""

    count: int
    mean: Number
    gap: Number


class OwnStanding(TypedDict):
    """What the unit of the report has reached; null is what must not be said: no total without all its groups.

    `rank` is the place that a source states, else the one among all units of its level. `next` and `first` are null
    where not all of their totals are known; `next` also for the first.
    """

    unit: UnitBrief
    total: Number | None
    max: Number | None
    total_change: Number | None
    rank: int | None
    of: int | None
    rank_change: int | None
    next: NoticeNextPlace | None
    first: FirstTen | None


class NoticeRankedUnit(TypedDict):
    """A ranked unit; `tied` counts the units on its rank, itself included."""

    unit: UnitBrief
    total: Number
    rank: int
    tied: int


class ShortUnit(TypedDict):
    """A ranked unit under an edge, and how many points it lacks."""

    unit: UnitBrief
    total: Number
    gap: Number


class ClassEdge(TypedDict):
    """The units just under a class, the nearest first; `more` of them are not listed."""

    band: str
    name: str
    min: Number
    items: list[ShortUnit]
    more: int


class LevelNotice(TypedDict):
    """A level: how many of its units are ranked, the lowest of them, and those just under a class.

    `tied_lowest`: how many others share the total of the last one of `lowest`.
    """

    level: Level
    name: str
    of: Annotated[int, Field(description="With any figure of the framework.")]
    ranked: int
    lowest: list[NoticeRankedUnit]
    tied_lowest: int
    edges: list[ClassEdge]


class OverdueUnit(TypedDict):
    unit: UnitBrief
    count: Number


class NewOverdue(TypedDict):
    """Units that count what should not be, and had none in the period before; `unknown`: whose earlier count is not
    known."""

    indicator: str
    name: str
    items: list[OverdueUnit]
    more: int
    unknown: int


@with_config(json_schema_extra={"example": load_example("notice")})
class Notice(ReportHead):
    """A text of at most 2,000 characters for a chat group, and what it was made from.

    Lists hold at most `lines` units; the text leaves out what does not fit and says how many.
    """

    framework: str
    text: str
    own: OwnStanding | None
    levels: list[LevelNotice]
    overdue: list[NewOverdue]
