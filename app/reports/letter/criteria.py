"""The single criteria of the units of a level: the figures that its board was scored from, and what they earned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Criterion, Indicator, rules_of
from app.domain.instant import to_datetime
from app.domain.sources import in_order
from app.domain.vocabulary import Level
from app.reports.classification import ClassifiedCohort
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.layouts import chosen_layout
from app.reports.letter.methods import ScoredFigures, figures_among, indicators_read
from app.reports.letter.moments import is_stated
from app.reports.rules.comparison import ShownFigure
from app.reports.rules.criterion_columns import CriterionColumn, cell_text, criterion_columns, decimals_in
from app.reports.shown_figures import NOTHING, figure_of
from app.store.rows import StandingValue

MOST_UNITS: Final = 1000
"""Units of a level whose single criteria a letter has: nobody prints those of all communes of the country."""


class CriterionCell(NamedTuple):
    """A figure of a unit, with its points where the framework scores it, and what stands in its cell."""

    figure: ShownFigure
    text: str | None


@dataclass(frozen=True, slots=True)
class LevelCriteria:
    """The criteria of which a unit of the level has a figure, in the order of the framework.

    `figures`: by unit, then by indicator; `points`: what they earned, by unit and indicator; `decimals` of each column;
    `looked_up`: the last look-up that was stated.
    """

    columns: Sequence[CriterionColumn] = ()
    figures: Mapping[str, Mapping[str, ShownFigure]] = field(default_factory=dict)
    points: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    sources: Sequence[str] = ()
    looked_up: datetime | None = None

    def cells(self, unit: str) -> Iterator[tuple[str, CriterionCell]]:
        """What a unit has in each column, by the indicator; of a unit without a figure in any there is nothing."""
        figures = self.figures.get(unit, {})
        for column in self.columns if figures else ():
            figure, points = figures.get(column.code, NOTHING), self.points.get((unit, column.code))
            earned = figure if points is None else replace(figure, points=points)
            shown = earned if figure.points is None else figure  # a figure in points is not what is earned with it
            yield column.code, CriterionCell(earned, cell_text(column, shown, self.decimals[column.code]))


def criteria_by_level(
    data: ReportData, cohorts: Sequence[ClassifiedCohort], scored: ScoredFigures
) -> dict[Level, LevelCriteria]:
    """Those of each level, of one with more than `MOST_UNITS` none. What no rule reads is fetched once for all."""
    few = [each.board for each in cohorts if len(each.board.items) <= MOST_UNITS]
    indicators = known_indicators(data)
    columns = {board.level: _columns(data, board.level, indicators) for board in few}
    named = {column.code for each in columns.values() for column in each}
    shown = figures_among(data, named - indicators_read(data.framework))
    rows = _by_unit([*scored.rows.values(), *shown.rows.values()])
    found = dict.fromkeys((each.board.level for each in cohorts), LevelCriteria())
    for board in few:
        units = {code: rows[code] for item in board.items if (code := item["unit"]["code"]) in rows}
        known = {code for each in units.values() for code in each}
        kept = [column for column in columns[board.level] if column.reads & known]
        if kept:
            found[board.level] = _criteria(data, board.level, kept, units, indicators)
    return found


def _columns(data: ReportData, level: Level, indicators: Mapping[str, Indicator]) -> list[CriterionColumn]:
    layout = chosen_layout(None, data.framework, level, data.layouts(), ())
    return criterion_columns(data.framework, level, layout, indicators)


def _by_unit(rows: Iterable[StandingValue]) -> dict[str, dict[str, StandingValue]]:
    found: dict[str, dict[str, StandingValue]] = {}
    for row in rows:
        found.setdefault(row.unit, {})[row.indicator] = row
    return found


def _criteria(
    data: ReportData,
    level: Level,
    columns: Sequence[CriterionColumn],
    units: Mapping[str, Mapping[str, StandingValue]],
    indicators: Mapping[str, Indicator],
) -> LevelCriteria:
    figures = {
        unit: {
            column.code: _figure(column, rows.get(column.code), indicators)
            for column in columns
            if column.reads & rows.keys()
        }
        for unit, rows in units.items()
    }
    read = {code for column in columns for code in column.reads}
    used = [row for rows in units.values() for code, row in rows.items() if code in read]
    moments = (to_datetime(row.observed_at) for row in used)
    return LevelCriteria(
        columns,
        figures,
        _points(data, level, columns),
        {each.code: decimals_in(each, figures.values()) for each in columns},
        in_order((row.source for row in used), data.framework.sources),
        max(filter(is_stated, moments), default=None),
    )


def _figure(column: CriterionColumn, row: StandingValue | None, indicators: Mapping[str, Indicator]) -> ShownFigure:
    figure = NOTHING if row is None else figure_of(row, indicators.get(column.code))
    return replace(figure, max=column.max)


def _points(data: ReportData, level: Level, columns: Sequence[CriterionColumn]) -> dict[tuple[str, str], Decimal]:
    """What each unit earned, by its code and the indicator of the column whose figure earned it."""
    if all(column.criterion is None for column in columns):
        return {}
    cohort, decimals = data.scored_cohort(level), data.framework.rounding.component
    return {
        (cohort.members[place].code, column.code): unscaled(int(node.points[place]), decimals)
        for column in columns
        if column.criterion is not None
        for node in [cohort.board.nodes[column.criterion.code]]
        for place in map(int, np.flatnonzero(node.known))
        if _reads(column.criterion, int(node.rule[place])) in (None, *column.reads)
    }


def _reads(criterion: Criterion, rule: int) -> str | None:
    """The indicator that a rule reads; None where none applied, or it reads none."""
    return None if rule < 0 else getattr(rules_of(criterion)[rule], "indicator", None)
