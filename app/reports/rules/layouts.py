"""Layouts: which rows a comparison prints, in which order, under which numbers and headings. Data; letters differ.

A row prints one thing: an indicator or what is left of it, a group's points, the total, a rank; or it is a heading
above other rows.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from app.answers.report_comparison import Figures, RankOrigin, RowKind, RowPart, RowShow
from app.domain.frameworks.framework import Framework, Name
from app.domain.frameworks.rules import FrameworkPart, LegalRef, Sentence
from app.domain.validation_faults import shape_fault
from app.domain.vocabulary import Code, CriterionCode, Level
from app.errors import Fault

CHOICES = ("indicator", "group", "total", "rank")
OF_INDICATORS = ("part", "show", "noun")
LONGEST_NUMBER = 20


class PrintedRow(FrameworkPart):
    """A printed row: at most one of `indicator`, `group`, `total`, `rank`; a heading where it has none of them.

    `noun`: what its count counts, where the letter says so: "25.775 hồ sơ".
    """

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NUMBER)] | None = (
        None
    )
    heading: Name
    indicator: Code | None = None
    part: RowPart = "numerator"
    show: RowShow = "both"
    noun: Sentence | None = None
    group: CriterionCode | None = None
    total: Literal[True] | None = None
    rank: RankOrigin | None = None
    rows: tuple["PrintedRow", ...] = ()

    @model_validator(mode="after")
    def prints_one_thing(self) -> Self:
        chosen = [name for name in CHOICES if getattr(self, name) is not None]
        if len(chosen) > 1:
            raise PydanticCustomError("row_prints_several", "a row prints one of indicator, group, total and rank")
        if chosen != ["indicator"] and self.model_fields_set.intersection(OF_INDICATORS):
            raise PydanticCustomError("row_without_indicator", "`part`, `show` and `noun` belong to an `indicator`")
        if self.part == "denominator" and self.show != "count":
            raise PydanticCustomError("whole_has_no_rate", "the whole is a count: write `show: count` beside it")
        return self

    @property
    def kind(self) -> RowKind:
        named: tuple[RowKind, ...] = ("indicator", "group", "total", "rank")
        return next((name for name in named if getattr(self, name) is not None), "heading")


def some(rows: tuple[PrintedRow, ...]) -> tuple[PrintedRow, ...]:
    """At least one. A `min_length` would count the rows with faults of their own as missing, too."""
    if not rows:
        raise PydanticCustomError("layout_empty", "a layout has at least one row")
    return rows


class Layout(FrameworkPart):
    """The rows of a letter. `levels`: units of these are printed so where no layout is named.

    `view`: the official grouping that its groups belong to, where the framework has it. `unchanged`: how the letter
    says that nothing moved. `figures`: whether the letter prints what stands below the groups in its text, or in an
    annex that has both periods.
    """

    code: Code
    title: Name
    source: LegalRef
    levels: tuple[Level, ...] = ()
    view: Code | None = None
    unchanged: Sentence = "bằng kỳ trước"
    figures: Figures = "text"
    rows: Annotated[tuple[PrintedRow, ...], AfterValidator(some)]


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row in its place: how deep it stands, and the headings above it, outermost first."""

    row: PrintedRow
    depth: int
    within: tuple[str, ...]


def read_layout(document: object) -> tuple[Layout | None, list[Fault]]:
    """The layout of a document of dicts, lists and text; None and all its faults where it has any."""
    try:
        return Layout.model_validate(document), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, [shape_fault(each, each["loc"]) for each in found]


def lines_of(layout: Layout) -> list[PlacedRow]:
    """Every row of a layout in the order of print."""
    return [line for row in layout.rows for line in _lines(row, ())]


def _lines(row: PrintedRow, within: tuple[str, ...]) -> Iterator[PlacedRow]:
    yield PlacedRow(row, len(within), within)
    for below in row.rows:
        yield from _lines(below, (*within, row.heading.vi))


def prints_some(layout: Layout, framework: Framework, stored: Collection[str]) -> bool:
    """Whether a layout prints any group or indicator of the framework, or one of those `stored` as figures."""
    groups, indicators = printed(layout)
    known = {each.code for each in framework.indicators}.union(stored)
    return bool(groups & groups_of(framework, layout.view) or indicators & known)


def printed(layout: Layout) -> tuple[set[str], set[str]]:
    """The groups and the indicators that a layout prints."""
    rows = [line.row for line in lines_of(layout)]
    return {row.group for row in rows if row.group}, {row.indicator for row in rows if row.indicator}


def groups_of(framework: Framework, view: str | None) -> set[str]:
    """The groups of a view where the framework has it, else its top criteria."""
    chosen = next((each.groups for each in framework.views if each.code == view), None)
    return {each.code for each in (framework.criteria if chosen is None else chosen)}
