"""The answers about layouts: the rows of comparisons and letters, as an office states them."""

from datetime import datetime
from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.common import NameOut
from app.answers.faults import FaultBody
from app.answers.report_comparison import Figures, RankOrigin, RowPart, RowShow
from app.domain.vocabulary import Level


class LayoutName(TypedDict):
    vi: str
    en: NotRequired[str | None]


class StatedRow(TypedDict):
    """A row as it was stated: what it prints, and the rows below it."""

    number: NotRequired[str | None]
    heading: LayoutName
    indicator: NotRequired[str | None]
    part: NotRequired[RowPart]
    show: NotRequired[RowShow]
    noun: NotRequired[str | None]
    group: NotRequired[str | None]
    total: NotRequired[bool | None]
    rank: NotRequired[RankOrigin | None]
    rows: NotRequired[list["StatedRow"]]


class LayoutDocument(TypedDict):
    """A layout as it was stated, or as it ships."""

    code: str
    title: LayoutName
    source: str
    levels: NotRequired[list[Level]]
    view: NotRequired[str | None]
    unchanged: NotRequired[str]
    figures: NotRequired[Figures]
    rows: list[StatedRow]


class LayoutStated(LayoutDocument):
    """A layout from now on, and what is odd about it."""

    warnings: NotRequired[list[FaultBody]]


class LayoutEntry(TypedDict):
    """A layout without its rows; `known_at`: since when it stands, null for one that ships."""

    code: str
    title: NameOut
    source: str
    levels: list[Level]
    view: str | None
    shipped: bool
    known_at: datetime | None


class LayoutEntryList(TypedDict):
    items: list[LayoutEntry]
    next_cursor: str | None
