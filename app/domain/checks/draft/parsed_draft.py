"""A draft as it is proof-read: every cell read once, rows found by ref and by the whole they are shares of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.checks.draft.cells import PrintedCell, read_change, read_count, read_rank, read_rate
from app.domain.checks.draft.draft import Draft, DraftClasses, DraftList, DraftRow, DraftScores, RowFigures
from app.domain.checks.draft.restated import ParsedRestated, read_restated
from app.domain.checks.draft.score_cells import read_change_in, read_points_within
from app.domain.checks.draft.words import count_and_rate, unit_named
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import levels_alike
from app.domain.period import Period
from app.domain.vocabulary import LEVELS

ROWS, SCORES, LISTS, CLASSES, MOMENTS, BANDS, RESTATED = range(7)
"""The parts of a draft, in the order in which it is read."""
Side = Literal["now", "before"]
SIDES: tuple[Side, ...] = ("now", "before")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the draft is checked against. `framework_before`: None where the period before had other rules.

    `kinds` of the indicators that the rows name: a framework may use one that only another framework describes.
    """

    framework: Framework | None = None
    framework_before: Framework | None = None
    period: Period | None = None
    against: Period | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodCells:
    """One period's cells of a row."""

    count: PrintedCell
    rate: PrintedCell


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row with its cells read."""

    draft: DraftRow
    place: tuple[int, int]
    now: PeriodCells
    before: PeriodCells
    change: PrintedCell

    @property
    def ref(self) -> str:
        return self.draft.ref

    def on(self, side: Side) -> PeriodCells:
        return self.now if side == "now" else self.before


@dataclass(frozen=True, slots=True)
class ParsedGroup:
    """A group's cells."""

    code: str
    place: tuple[int, int]
    points: PrintedCell
    change: PrintedCell


@dataclass(frozen=True, slots=True)
class ParsedScores:
    """Points and ranks. `maxima`: of every group of the grouping that the draft uses, printed or not."""

    groups: Mapping[str, ParsedGroup]
    maxima: Mapping[str, Decimal]
    total_max: Decimal
    totals: Sequence[PrintedCell]
    total_before: PrintedCell
    total_change: PrintedCell
    rank: PrintedCell
    rank_before: PrintedCell
    rank_change: PrintedCell
    total_place: tuple[int, int]
    rank_place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list: what the text states, and the counts and rates of its items (`NOTHING` where it gives none).

    `repeated`: the places of items that name a unit which stands before them in the list.
    """

    ref: str
    place: tuple[int, int]
    sum: PrintedCell
    units: PrintedCell
    counts: Sequence[PrintedCell]
    rates: Sequence[PrintedCell]
    repeated: frozenset[int]


@dataclass(frozen=True, slots=True)
class ParsedClasses:
    """The counts per class of one level."""

    ref: str
    place: tuple[int, int]
    of: PrintedCell
    counts: Sequence[PrintedCell]


@dataclass(frozen=True, slots=True)
class ParsedDraft:
    """The draft, read. `parts`: the rows of each `part_of`; `by_ref`: the first row of each ref."""

    draft: Draft
    rules: CheckOptions
    rows: Sequence[ParsedRow]
    scores: ParsedScores | None
    lists: Sequence[ParsedList]
    classes: Sequence[ParsedClasses]
    parts: Mapping[str, Sequence[ParsedRow]] = field(default_factory=dict)
    by_ref: Mapping[str, ParsedRow] = field(default_factory=dict)
    wholes: Mapping[tuple[str, Side], Fraction | None] = field(default_factory=dict)
    restated: ParsedRestated = field(default_factory=ParsedRestated)

    def cells(self) -> Iterator[tuple[str, tuple[int, int], PrintedCell]]:
        """(ref, place, cell) of every cell, as the draft is read."""
        for row in self.rows:
            for cell in (row.now.count, row.now.rate, row.before.count, row.before.rate, row.change):
                yield row.ref, row.place, cell
        if self.scores is not None:
            yield from _score_cells(self.scores)
        for one in self.lists:
            for cell in (one.sum, one.units, *one.counts, *one.rates):
                yield one.ref, one.place, cell
        for each in self.classes:
            for cell in (each.of, *each.counts):
                yield each.ref, each.place, cell
        for ref, cell in self.restated.cells():
            yield ref, (RESTATED, 0), cell


def _score_cells(scores: ParsedScores) -> Iterator[tuple[str, tuple[int, int], PrintedCell]]:
    for group in scores.groups.values():
        yield group.code, group.place, group.points
        yield group.code, group.place, group.change
    for cell in (*scores.totals, scores.total_before, scores.total_change):
        yield "total", scores.total_place, cell
    for cell in (scores.rank, scores.rank_before, scores.rank_change):
        yield "rank", scores.rank_place, cell


def read_draft(draft: Draft, rules: CheckOptions) -> ParsedDraft:
    """Every cell read. Group codes must be known to the framework: `reference_faults` comes first."""
    rows = [_row(row, index) for index, row in enumerate(draft.rows)]
    parts: dict[str, list[ParsedRow]] = {}
    by_ref: dict[str, ParsedRow] = {}
    for row in rows:
        by_ref.setdefault(row.ref, row)
        if row.draft.part_of is not None:
            parts.setdefault(row.draft.part_of, []).append(row)
    return ParsedDraft(
        draft=draft,
        rules=rules,
        rows=rows,
        scores=None if draft.scores is None or rules.framework is None else _scores(draft.scores, rules.framework),
        lists=[_list(one, index) for index, one in enumerate(draft.lists)],
        classes=[_classes(one, index) for index, one in enumerate(draft.classes)],
        parts=parts,
        by_ref=by_ref,
        restated=read_restated(draft.restated),
        wholes={
            (name, side): counted_total([row.on(side) for row in part])
            for name, part in parts.items()
            for side in SIDES
        },
    )


def counted_total(figures: Sequence[PeriodCells]) -> Fraction | None:
    """What shares of one whole count together: Σ n, or the d that all their n/d share; None where one is missing."""
    values = [each.count.value for each in figures]
    wholes = {each.count.whole for each in figures}
    if None in values or len(wholes) != 1:
        return None
    whole = wholes.pop()
    return sum((value for value in values if value is not None), Fraction(0)) if whole is None else whole


def _row(row: DraftRow, index: int) -> ParsedRow:
    return ParsedRow(row, (ROWS, index), _figures(row.now), _figures(row.before), read_change(row.change))


def _figures(side: RowFigures) -> PeriodCells:
    """The cells of a period; one that prints both figures, `717 (39,9%)`, stands for both."""
    count, rate = side.count, side.rate
    written = [each for each in (count, rate) if isinstance(each, str) and each.strip()]
    both = count_and_rate(written[0]) if len(written) == 1 and not isinstance(count, Decimal) else None
    if both is not None and not isinstance(rate, Decimal):
        count, rate = both
    return PeriodCells(read_count(count), read_rate(rate))


def _scores(scores: DraftScores, framework: Framework) -> ParsedScores:
    maxima, total_max = _most(framework, list(scores.groups))
    groups = {
        code: ParsedGroup(
            code,
            (SCORES, index),
            read_points_within(group.points, maxima[code]),
            read_change_in(group.change, "points"),
        )
        for index, (code, group) in enumerate(scores.groups.items())
    }
    totals = [read_points_within(total, total_max) for total in scores.totals]
    before = read_points_within(scores.total_before, total_max)
    rank, rank_before = read_rank(scores.rank), read_rank(scores.rank_before)
    return ParsedScores(
        groups=groups,
        maxima=maxima,
        total_max=total_max,
        totals=totals,
        total_before=before,
        total_change=read_change_in(scores.total_change, "points", _less(totals[0] if totals else None, before)),
        rank=rank,
        rank_before=rank_before,
        rank_change=read_change_in(scores.rank_change, "places", _less(rank_before, rank)),
        total_place=(SCORES, len(groups)),
        rank_place=(SCORES, len(groups) + 1),
    )


def _most(framework: Framework, codes: Sequence[str]) -> tuple[dict[str, Decimal], Decimal]:
    """The most points of each group and of the total; a draft does not say its level, so the most at any of them."""
    read = [framework, *(rules for rules, _ in levels_alike(framework, LEVELS))]
    maxima = [grouping(each, codes) or {} for each in read]
    most = {code: max(each[code] for each in maxima) for code in maxima[0]}
    return most, max(each.total_max for each in read)


def _less(one: PrintedCell | None, other: PrintedCell) -> Fraction | None:
    return None if one is None or one.value is None or other.value is None else one.value - other.value


def _list(one: DraftList, index: int) -> ParsedList:
    names = [unit_named(item.name) for item in one.items]
    return ParsedList(
        ref=one.ref,
        place=(LISTS, index),
        sum=read_count(one.stated_sum),
        units=read_count(one.stated_units),
        counts=[read_count(item.count) for item in one.items],
        rates=[read_rate(item.rate) for item in one.items],
        repeated=frozenset(range(len(names))) - frozenset({name: place for place, name in _backwards(names)}.values()),
    )


def _backwards(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(place, name), the last first; a blank name is as many units as it stands for."""
    for place in reversed(range(len(names))):
        yield place, names[place] or f" {place}"


def _classes(one: DraftClasses, index: int) -> ParsedClasses:
    counts = [read_count(count) for count in one.counts.values()]
    return ParsedClasses(one.ref, (CLASSES, index), read_count(one.stated_of), counts)


def groupings(framework: Framework) -> list[dict[str, Decimal]]:
    """The maxima of each way to group the points: the top criteria, then every view."""
    tops = {top.code: framework.max_of(top) for top in framework.criteria}
    views = [
        {group.code: sum((tops[member] for member in group.members), Decimal(0)) for group in view.groups}
        for view in framework.views
    ]
    return [tops, *views]


def grouping(framework: Framework, codes: Sequence[str]) -> dict[str, Decimal] | None:
    """The maxima of the first grouping that has all these groups."""
    return next((maxima for maxima in groupings(framework) if all(code in maxima for code in codes)), None)
