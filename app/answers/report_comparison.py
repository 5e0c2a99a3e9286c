"""The answer of the comparison of a unit with itself, and the layouts whose rows it prints."""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, NameOut, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.reports import ComparedBase, ReportHead
from app.domain.vocabulary import Level

RowKind = Literal["heading", "indicator", "group", "total", "rank"]
RowPart = Literal["numerator", "complement", "denominator"]
"""What of an indicator: what it counts | the rest of the whole (denominator − numerator, 100 − rate) | the whole."""
RowShow = Literal["count", "rate", "both", "fraction", "reached"]
"""`25.775` | `98,83%` | `25.775 (98,83%)` | `1.746/1.746 (100%)`."""
Figures = Literal["text", "annex"]
"""Where a letter has what stands below the groups: in its text, or in an annex with both periods."""
RankOrigin = Literal["computed", "reported"]
"""A rank taken in the cohort here | the one that a source states without the board behind it."""


class LayoutBrief(TypedDict):
    code: str
    title: str


class Moments(TypedDict):
    """When the sources were looked up last; null without figures."""

    now: datetime
    before: datetime | None


class ShownSide(TypedDict):
    """What a row shows on one side; null is unknown, never zero. `rate` in percent; `rank`, or `count`, of `of`."""

    count: Number | None
    of: Number | None
    rate: Number | None
    points: Number | None
    max: Number | None
    rank: int | None
    source: str | None
    observed_at: datetime | None


class ShownChange(TypedDict):
    """Now less before, as printed; `rate` in percentage points, `rank` positive where the place improved."""

    count: Number | None
    rate: Number | None
    points: Number | None
    rank: int | None


class ComparisonRow(TypedDict):
    """A printed row; sides and change are null for a heading. `within`: the headings above it, outermost first.

    `declined`: it got worse, by the direction of its indicator. Flags: `source_changed`, `rate_differs_from_counts`,
    `not_in_framework`, and those of scores.
    """

    number: str | None
    heading: str
    depth: int
    within: list[str]
    kind: RowKind
    indicator: str | None
    part: RowPart | None
    group: str | None
    now: ShownSide | None
    before: ShownSide | None
    change: ShownChange | None
    now_text: str | None
    before_text: str | None
    change_text: str | None
    declined: bool
    flags: list[FlagCode]


class TotalChange(TypedDict):
    now: Number | None
    before: Number | None
    max: Number | None
    change: Number | None


class PlaceOf(TypedDict):
    rank: int
    of: int | None


class RankChange(TypedDict):
    """The place in the cohort; the change is null where the cohort or the rules are not the same."""

    now: PlaceOf | None
    before: PlaceOf | None
    change: int | None


class StatedPlace(PlaceOf):
    source: str
    observed_at: datetime


class StatedRankChange(TypedDict):
    """The place that the source states without the board behind it."""

    now: StatedPlace | None
    before: StatedPlace | None
    change: int | None


class ComparisonSubject(TypedDict):
    """What is compared: the unit, the rules of both sides, the layout, and what to know before citing the points."""

    unit: UnitBrief
    framework: str
    against_framework: str | None
    view: str | None
    layout: LayoutBrief
    flags: list[FlagCode]


@with_config(json_schema_extra={"example": load_example("comparison")})
class Comparison(ReportHead, ComparisonSubject):
    """One unit in two periods, or at two moments of one, side by side in the rows of a letter."""

    base: ComparedBase | None
    moments: Moments
    rows: list[ComparisonRow]
    total: TotalChange
    rank: RankChange
    reported_rank: StatedRankChange


class LayoutRow(TypedDict):
    """A row of a layout: what it prints, how deep it stands. `kind` tells which of the others it has."""

    number: str | None
    heading: NameOut
    depth: int
    kind: RowKind
    indicator: str | None
    part: RowPart | None
    show: RowShow | None
    noun: str | None
    group: str | None
    rank: RankOrigin | None


class LayoutOut(TypedDict):
    """Which rows a comparison prints, after which letter; units of `levels` are printed so where none is named."""

    code: str
    title: NameOut
    source: str
    levels: list[Level]
    view: str | None
    rows: list[LayoutRow]


class LayoutList(TypedDict):
    items: list[LayoutOut]
    next_cursor: str | None
