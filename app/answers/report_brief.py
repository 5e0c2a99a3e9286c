"""The answer of the leader's brief."""

from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import Number, UnitBrief
from app.answers.examples import load_example
from app.answers.report_notice import OwnStanding
from app.answers.reports import ReportHead


class GroupMove(TypedDict):
    """A group of points on both sides."""

    number: str | None
    name: str
    max: Number | None
    before: Number | None
    now: Number | None
    change: Number | None


class FigureMove(TypedDict):
    """A figure that got worse, as it is printed on both sides."""

    name: str
    before: str | None
    now: str | None
    change: str | None


class UnitMove(TypedDict):
    """A unit whose total fell; `called`: as the brief prints its name."""

    unit: UnitBrief
    called: str
    before: Number
    now: Number
    change: Number


class WatchedUnit(TypedDict):
    """A unit that lacks little: to the class `of`, in points, or to the target for the indicator `of`, in percentage
    points."""

    unit: UnitBrief
    called: str
    kind: Literal["class", "target"]
    of: str
    name: str
    now: Number
    aim: Number
    gap: Number


class IndicatorMissed(TypedDict):
    """An indicator: of the units with a figure and a target, who misses it; `more` of them are not listed."""

    indicator: str
    name: str
    below: int
    of: int
    items: list[UnitBrief]
    more: int
    sentence: str


@with_config(json_schema_extra={"example": load_example("brief")})
class Brief(ReportHead):
    """One page for the leader of a unit: where it stands, what fell, whom to watch, who is below target."""

    framework: str
    title: str
    own: OwnStanding | None
    sentences: list[str]
    groups: list[GroupMove]
    fell: list[FigureMove]
    units_fell: list[UnitMove]
    watch: list[WatchedUnit]
    below: list[IndicatorMissed]
    more_below: int
