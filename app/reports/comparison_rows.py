"""The rows of a comparison: what each shows on both sides, how it changed, and what to know before citing it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.answers.report_comparison import RowKind, RowPart
from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Framework, Indicator
from app.reports.rules.comparison import (
    NO_CHANGE_KNOWN,
    ShownDifference,
    ShownFigure,
    as_shown,
    change_between,
    change_text,
    contradicts_counts,
    declined,
    fell,
    part_of,
    shown_text,
)
from app.reports.rules.layouts import Layout, PlacedRow, PrintedRow, lines_of
from app.reports.shown_figures import NOTHING
from app.reports.unit_standing import StandingSide, UnitStanding
from app.services.frameworks import reported_codes

OF_CHANGES = ("rules_changed", "unit_changed", "not_observed_again")
OF_TOTAL = (*OF_CHANGES, "before_incomplete", "method_changed", "basis_changed", "derived_total")
OF_GROUPS = ("rules_changed", "unit_changed")
WITHOUT_CHANGE = ("not_observed_again", "before_incomplete", "basis_changed")
"""Flags of the points of a unit that concern those groups of which no change is known."""
OF_RANK = (*OF_CHANGES, "cohort_changed", "cohort_hidden", "cohort_not_evaluated")


@dataclass(frozen=True, slots=True)
class ComparedUnit:
    """A unit on both sides: its standing, and its figures by indicator, each from the preferred source.

    `rests`: the indicator of the rest of a whole, by that of the part that it completes. `same_period`: the sides are
    two moments of one.
    """

    layout: Layout
    standing: UnitStanding
    indicators: Mapping[str, Indicator]
    rests: Mapping[str, str]
    now: Mapping[str, ShownFigure]
    before: Mapping[str, ShownFigure]
    view: str | None
    same_period: bool = False

    def unlike(self, now: ShownFigure, before: ShownFigure) -> list[str]:
        """Why two figures of the unit, both known, do not tell a change: of two bodies, or of one look-up."""
        if None in (now.observed_at, before.observed_at):
            return []
        stale = self.same_period and now.observed_at == before.observed_at
        return [*self.flags_of(["unit_changed"]), *(["not_observed_again"] if stale else [])]

    @property
    def rules_changed(self) -> bool:
        sides = (self.standing.now, self.standing.before)
        return len({side.framework.id for side in sides if side is not None and side.framework is not None}) > 1

    def flags_of(self, which: Iterable[str]) -> list[str]:
        """Those of the unit's flags that concern a row."""
        item = self.standing.now.item
        return [] if item is None else [flag for flag in which if flag in item["flags"]]


@dataclass(frozen=True, slots=True)
class RowContent:
    """What a row says; both sides None for a heading."""

    now: ShownFigure | None
    before: ShownFigure | None
    change: ShownDifference = NO_CHANGE_KNOWN
    declined: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the layout in its place, what it says, and that in words."""

    placed: PlacedRow
    content: RowContent
    now_text: str | None
    before_text: str | None
    change_text: str | None

    @property
    def row(self) -> PrintedRow:
        return self.placed.row

    @property
    def heading(self) -> str:
        return self.row.heading.vi

    @property
    def leads(self) -> bool:
        """Whether others belong to the row, or it sums them up."""
        return self.row.kind in ("group", "total") or (self.row.kind == "heading" and not self.placed.depth)

    @property
    def part(self) -> RowPart | None:
        return self.row.part if self.row.indicator else None


def lines_to_print(compared: ComparedUnit) -> list[PlacedRow]:
    """The rows of the layout, but the first place among one where the source states a place among many."""
    lines = lines_of(compared.layout)
    stated = reported(compared.now).rank is not None and any(line.row.rank == "reported" for line in lines)
    if not stated or not ranked_alone(compared.standing):
        return lines
    return [line for line in lines if line.row.rank != "computed"]


def ranked_alone(standing: UnitStanding) -> bool:
    """Whether nobody else was ranked with the unit, on either side."""
    return {side.of for side in (rank_of(standing.now), rank_of(standing.before)) if side.rank is not None} == {1}


def row_of(placed: PlacedRow, compared: ComparedUnit) -> ShownRow:
    """What a row of the layout shows."""
    row = placed.row
    content = FINDERS[row.kind](row, compared)
    if content.now is None:
        return ShownRow(placed, content, None, None, None)
    before = None if content.before is None else shown_text(content.before, row.show, row.noun)
    change = change_text(content.change, compared.layout.unchanged)
    return ShownRow(placed, content, shown_text(content.now, row.show, row.noun), before, change)


def heading_row(_: PrintedRow, __: ComparedUnit) -> RowContent:
    return RowContent(None, None)


def indicator_row(row: PrintedRow, compared: ComparedUnit) -> RowContent:
    """An indicator or a part of it; by its rate it is judged where it is a share and the row shows one."""
    indicator = compared.indicators.get(row.indicator or "")
    now, before = (as_shown(printed(row, figures, compared), row.show) for figures in (compared.now, compared.before))
    unlike = compared.unlike(now, before)
    change = NO_CHANGE_KNOWN if unlike else change_between(now, before)
    share = indicator is not None and indicator.kind == "ratio" and row.show != "count"
    moved = change.rate if share else change.count if change.points is None else change.points
    direction = "none" if indicator is None else indicator.direction
    flags = unlike
    if now.source != before.source and None not in (now.source, before.source):
        flags.append("source_changed")
    if contradicts_counts(now) or contradicts_counts(before):
        flags.append("rate_differs_from_counts")
    return RowContent(now, before, change, declined(moved, direction, row.part), tuple(flags))


def printed(row: PrintedRow, figures: Mapping[str, ShownFigure], compared: ComparedUnit) -> ShownFigure:
    """The figure of a row on one side. The rest of a whole is what the same source states for it, else it follows."""
    figure = figures.get(row.indicator or "", NOTHING)
    rest = figures.get(compared.rests.get(row.indicator or "", ""))
    if row.part == "complement" and rest is not None and figure.source in (None, rest.source):
        return rest
    return part_of(figure, row.part)


def group_row(row: PrintedRow, compared: ComparedUnit) -> RowContent:
    """The points of a group; its change as the board tells it, so never across other rules."""
    code, standing = row.group or "", compared.standing
    now, before = (group_points(side, compared.view, code) for side in (standing.now, standing.before))
    known = standing.now.item is not None
    moved = standing.now.item["change"]["groups"].get(code) if standing.now.item else None
    change = ShownDifference(points=decimal(moved))
    foreign = known and now.max is None
    unknown = moved is None and None not in (now.points, before.points)
    concerned = (*OF_GROUPS, *WITHOUT_CHANGE) if unknown else OF_GROUPS
    flags = [*compared.flags_of(concerned), *(["not_in_framework"] if foreign else [])]
    return RowContent(now, before, change, fell(change), tuple(flags))


def group_points(side: StandingSide | None, view: str | None, code: str) -> ShownFigure:
    if side is None or side.item is None or side.framework is None:
        return NOTHING
    return ShownFigure(points=decimal(side.item["groups"].get(code)), max=group_max(side.framework, view, code))


def group_max(framework: Framework, view: str | None, code: str) -> Decimal | None:
    """The most a group can have; None where the framework, or its view, has no such group."""
    tops = {top.code: framework.max_of(top) for top in framework.criteria}
    chosen = next((each.groups for each in framework.views if each.code == view), None)
    if chosen is None:
        return tops.get(code)
    members = next((group.members for group in chosen if group.code == code), None)
    return None if members is None else sum((tops[member] for member in members), Decimal(0))


def total_row(_: PrintedRow, compared: ComparedUnit) -> RowContent:
    now, before = (total_points(side) for side in (compared.standing.now, compared.standing.before))
    item = compared.standing.now.item
    change = ShownDifference(points=None if item is None else total_change(item))
    return RowContent(now, before, change, fell(change), tuple(compared.flags_of(OF_TOTAL)))


def total_change(item: ScoreItem) -> Decimal | None:
    """The change of a total as a report tells it; a sum of points that were rounded in print tells none."""
    return None if "derived_total" in item["flags"] else decimal(item["change"]["total"])


def total_points(side: StandingSide | None) -> ShownFigure:
    if side is None or side.item is None:
        return NOTHING
    return ShownFigure(points=decimal(side.item["total"]), max=decimal(side.item["max"]))


def rank_row(row: PrintedRow, compared: ComparedUnit) -> RowContent:
    """A place: in the cohort here, or as the source states it."""
    if row.rank == "reported":
        sides = (reported(compared.now), reported(compared.before))
        change, flags = reported_move(*sides, compared)
        return RowContent(*sides, change, fell(change), flags)
    now, before = (rank_of(side) for side in (compared.standing.now, compared.standing.before))
    item = compared.standing.now.item
    change = ShownDifference(rank=item["change"]["rank"] if item else None)
    return RowContent(now, before, change, fell(change), tuple(compared.flags_of(OF_RANK)))


def rank_of(side: StandingSide | None) -> ShownFigure:
    if side is None or side.item is None or side.item["rank"] is None:
        return NOTHING
    return ShownFigure(rank=side.item["rank"], of=side.ranked)


def reported(figures: Mapping[str, ShownFigure]) -> ShownFigure:
    """The rank that a source states, and of how many."""
    codes = reported_codes()
    rank, of = figures.get(codes.rank, NOTHING), figures.get(codes.rank_of, NOTHING)
    if rank.count is None:
        return NOTHING
    size = None if of.count is None else int(of.count)
    return ShownFigure(rank=int(rank.count), of=size, source=rank.source, observed_at=rank.observed_at)


def reported_move(
    now: ShownFigure, before: ShownFigure, compared: ComparedUnit
) -> tuple[ShownDifference, tuple[str, ...]]:
    """The move between stated ranks: none among another number of units, under other rules, or of what is unlike."""
    if now.rank is None or before.rank is None:
        return NO_CHANGE_KNOWN, ()
    flags = (("rules_changed", compared.rules_changed), ("cohort_changed", now.of != before.of))
    found = (*(code for code, holds in flags if holds), *compared.unlike(now, before))
    return (NO_CHANGE_KNOWN if found else ShownDifference(rank=before.rank - now.rank)), found


def decimal(number: Decimal | None) -> Decimal | None:
    """A number of a board's item; a whole one is read back from what was frozen as an int."""
    return None if number is None else Decimal(number)


FINDERS: dict[RowKind, Callable[[PrintedRow, ComparedUnit], RowContent]] = {
    "heading": heading_row,
    "indicator": indicator_row,
    "group": group_row,
    "total": total_row,
    "rank": rank_row,
}
