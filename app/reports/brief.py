"""The leader's brief: one page that says where a unit stands, what fell, whom to watch and who is below target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.answers.report_brief import Brief, FigureMove, GroupMove, IndicatorMissed, UnitMove, WatchedUnit
from app.domain.unit_names import grouped_names
from app.reports.brief_pages import document
from app.reports.brief_tables import tables
from app.reports.comparison_rows import ShownRow
from app.reports.data import ReportData
from app.reports.highlights import LevelHighlights, RankedUnit, level_highlights
from app.reports.letter.facts import LetterFacts
from app.reports.missed_targets import MeasuredIndicator, Miss
from app.reports.own_words import heading_of, own_sentences, own_standing
from app.reports.report import Lines, PagedReport, without
from app.reports.report import brief as unit_brief
from app.reports.rules.below_target import summed
from app.reports.rules.comparison import ShownFigure

MOST = 3
"""What fell, and whom to watch: so many of each, for the leader reads one page."""
MOST_INDICATORS, MOST_UNITS = 6, 8
"""Indicators below target, and of each the units by name; those beyond are counted."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A unit that lacks little to a class, in points, or to a target, in percentage points."""

    gap: Decimal
    body: WatchedUnit


def brief(data: ReportData) -> PagedReport:
    """The brief of `under`, or of the country."""
    facts = LetterFacts(data, data.today, None)
    levels = level_highlights(facts)
    missed = sorted((each for each in facts.measured if each.below), key=lambda each: -len(each.below))
    body: Brief = {
        **data.about(),
        "framework": data.framework.id,
        "title": heading_of(data),
        "own": own_standing(facts),
        "sentences": own_sentences(facts),
        "groups": [] if facts.own is None else [_group(row) for row in facts.own.found.rows if row.row.kind == "group"],
        "fell": _figures_fell(facts),
        "units_fell": _units_fell(data, levels),
        "watch": [each.body for each in _watched(data, levels, missed)],
        "below": [_missed(each) for each in missed[:MOST_INDICATORS]],
        "more_below": len(missed[MOST_INDICATORS:]),
    }
    lists: Lines = {
        "groups": body["groups"],
        "fell": body["fell"],
        "units_fell": body["units_fell"],
        "watch": body["watch"],
        "below": body["below"],
    }
    lines: Lines = {"summary": [without(body, *lists)], **lists}
    return PagedReport("brief", body, tables(data, body), lines, data.evaluation, document(body))


def _group(shown: ShownRow) -> GroupMove:
    now, before = shown.content.now or ShownFigure(), shown.content.before or ShownFigure()
    return {
        "number": shown.row.number,
        "name": shown.heading,
        "max": before.max if now.max is None else now.max,
        "before": before.points,
        "now": now.points,
        "change": shown.content.change.points,
    }


def _figures_fell(facts: LetterFacts) -> list[FigureMove]:
    """The figures of the unit that got worse, by their rates first; the rest of a whole says nothing new."""
    declined = [] if facts.own is None else facts.own.found.declined
    rows = [row for row in declined if row.row.kind == "indicator" and row.part != "complement"]
    rows.sort(key=lambda row: -abs(row.content.change.rate or Decimal(0)))
    return [
        {
            "name": " – ".join([*row.placed.within, row.heading]),
            "before": row.before_text,
            "now": row.now_text,
            "change": row.change_text,
        }
        for row in rows[:MOST]
    ]


def _units_fell(data: ReportData, levels: Sequence[LevelHighlights]) -> list[UnitMove]:
    """The units whose totals fell most."""
    found = [(each.change, each) for level in levels for each in level.ranked if each.change is not None]
    found = sorted(((change, each) for change, each in found if change < 0), key=lambda pair: pair[0])
    return [
        {
            "unit": unit_brief(each.unit),
            "called": each.unit.called_in(data.office),
            "before": each.total - change,
            "now": each.total,
            "change": change,
        }
        for change, each in found[:MOST]
    ]


def _watched(data: ReportData, levels: Sequence[LevelHighlights], missed: Sequence[MeasuredIndicator]) -> list[Watched]:
    """The units nearest below a class or a target, each once where it lacks least."""
    near = [_near_class(data, level, each) for level in levels for each in level.ranked]
    near += [
        _near_target(data, measured, miss)
        for measured in missed
        for miss in measured.below
        if measured.indicator.kind == "ratio"
    ]
    found: dict[str, Watched] = {}
    for each in sorted((each for each in near if each is not None), key=lambda each: each.gap):
        found.setdefault(each.body["unit"]["code"], each)
    return list(found.values())[:MOST]


def _near_class(data: ReportData, level: LevelHighlights, each: RankedUnit) -> Watched | None:
    """The class that a unit is below, the nearest one; None for one in the highest."""
    above = [band for band in level.cohort.board.framework.bands if band.min > each.total]
    if not above:
        return None
    band = min(above, key=lambda band: band.min)
    gap = band.min - each.total
    body: WatchedUnit = {
        "unit": unit_brief(each.unit),
        "called": each.unit.called_in(data.office),
        "kind": "class",
        "of": band.code,
        "name": band.name.vi,
        "now": each.total,
        "aim": band.min,
        "gap": gap,
    }
    return Watched(gap, body)


def _near_target(data: ReportData, measured: MeasuredIndicator, miss: Miss) -> Watched:
    unit, gap = miss.measured.unit, abs(miss.gap)
    body: WatchedUnit = {
        "unit": unit_brief(unit),
        "called": unit.called_in(data.office),
        "kind": "target",
        "of": measured.indicator.code,
        "name": measured.indicator.name.vi,
        "now": miss.value,
        "aim": miss.measured.target_figure,
        "gap": gap,
    }
    return Watched(gap, body)


def _missed(measured: MeasuredIndicator) -> IndicatorMissed:
    """An indicator with the first of the units that miss its target."""
    units = [each.measured.unit for each in measured.below]
    listed = grouped_names([unit.listed_in(measured.office) for unit in units[:MOST_UNITS]])
    more = len(units[MOST_UNITS:])
    return {
        "indicator": measured.indicator.code,
        "name": measured.indicator.name.vi,
        "below": len(units),
        "of": measured.of,
        "items": [unit_brief(unit) for unit in units[:MOST_UNITS]],
        "more": more,
        "sentence": f"{summed(len(units))}: {listed}" + (f" và {more:02} đơn vị khác." if more else "."),
    }
