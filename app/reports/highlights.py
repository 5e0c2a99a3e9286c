"""What stands out in a period: where a unit stands, who is lowest, just under a class, or newly has what is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Band, Indicator
from app.domain.unit_names import kind_of, kinds_in_words
from app.reports.classification import LEVEL_NAMES, ClassifiedCohort
from app.reports.comparison_rows import decimal
from app.reports.counts import CountedIndicator, preferred
from app.reports.data import LevelBoard, ReportData
from app.reports.letter.facts import LetterFacts
from app.reports.letter.methods import is_published
from app.reports.letter.own import OwnResult
from app.reports.rules import highlights as rules
from app.reports.rules.counts import amount
from app.reports.rules.highlights import FirstMean
from app.services.scored_cohorts import CohortUnit


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit with a total that may be published, its place, and its change where one can be said."""

    unit: CohortUnit
    total: Decimal
    rank: int
    tied: int
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class UnderEdge:
    """A class, and the units just under it, the nearest first, each with the points that it lacks."""

    band: Band
    short: Sequence[tuple[RankedUnit, Decimal]]


@dataclass(frozen=True, slots=True)
class LevelHighlights:
    """A level and its ranked units."""

    cohort: ClassifiedCohort
    ranked: Sequence[RankedUnit]

    @property
    def name(self) -> str:
        """What its units are called together: communes and districts by the kinds that are there."""
        level = self.cohort.board.level
        kinds = (kind_of(each.unit.name, each.unit.kind) for each in self.ranked)
        words = kinds_in_words(kinds) if level in ("district", "commune") else None
        return LEVEL_NAMES[level] if words is None else words[:1].upper() + words[1:]

    def under_edges(self) -> list[UnderEdge]:
        """The classes that some unit is just under, the highest first."""
        framework = self.cohort.board.framework
        bands, totals = {band.min: band for band in framework.bands}, [each.total for each in self.ranked]
        found = []
        for edge, least in rules.edges(list(bands), framework.total_max):
            short = [(self.ranked[each.place], each.gap) for each in rules.short_of(totals, edge, least)]
            found += [UnderEdge(bands[edge], short)] if short else []
        return found


@dataclass(frozen=True, slots=True)
class NewCounts:
    """Units that count what should not be and had none before; `unknown`: how many of those that do now have no
    earlier figure."""

    counted: CountedIndicator
    risen: Sequence[tuple[CohortUnit, Decimal]]
    unknown: int

    @property
    def indicator(self) -> Indicator:
        return self.counted.indicator


@dataclass(frozen=True, slots=True)
class OwnGaps:
    """What is missing to the next place, by rank and points, None for the first; and to the mean of the first."""

    above: tuple[int, Decimal] | None
    first: FirstMean
    to_first: Decimal


def level_highlights(facts: LetterFacts) -> list[LevelHighlights]:
    """The levels below the unit that have ranked units."""
    units = {unit.code: unit for unit in facts.data.units()}
    found = [LevelHighlights(cohort, _ranked(cohort.board, units)) for cohort in facts.classified]
    return [each for each in found if each.ranked]


def _ranked(board: LevelBoard, units: Mapping[str, CohortUnit]) -> list[RankedUnit]:
    """The ranked units whose total may be published, best first."""
    found = []
    for item in board.items:
        total, rank = decimal(item["total"]), item["rank"]
        if total is not None and rank is not None and is_published(board.framework, board.level, item):
            change = decimal(item["change"]["total"])
            found.append(RankedUnit(units[item["unit"]["code"]], total, rank, item["tied"] or 1, change))
    return found


def own_gaps(data: ReportData, own: OwnResult) -> OwnGaps | None:
    """How far the unit is from those above it; None where not all of them are known, or its total must not be said."""
    if own.total is None or own.place is None or not own.all_ranked:
        return None
    board = data.peers_of(own.found.compared.standing.unit)
    peers = [] if board is None else [(total, rank) for total, rank in map(_place, board.items) if rank is not None]
    totals = [total for total, _ in peers if total is not None]
    first = rules.mean_of_first(totals, data.framework.rounding.total)
    if first is None or len(totals) != own.place[1]:
        return None
    points = own.total.points
    above = rules.next_above(totals, points)
    place = None if above is None else (next(rank for total, rank in peers if total == above), above - points)
    return OwnGaps(place, first, first.mean - points)


def _place(item: ScoreItem) -> tuple[Decimal | None, int | None]:
    return decimal(item["total"]), item["rank"]


def new_counts(facts: LetterFacts) -> list[NewCounts]:
    """Of every count that should be less, the units whose count rose from none; the largest count first."""
    return [_risen(facts.data, counted) for counted in facts.counted]


def _risen(data: ReportData, counted: CountedIndicator) -> NewCounts:
    rows = data.values([counted.indicator.code], earlier=True)
    before = preferred(rows, counted.part, data.framework.sources)
    having = [each for each in counted.listed if each.count]
    risen = [
        (each.unit, each.count)
        for each in having
        if each.unit.code in before and not amount(before[each.unit.code], counted.part)
    ]
    return NewCounts(counted, risen, sum(each.unit.code not in before for each in having))
