"""Who misses which target, by how much, and of whom nothing is known.

Tuyên Quang's letter of January 2024, note 1: "Về tỷ lệ dịch vụ công trực tuyến: 11 cơ quan, đơn vị không đạt: …".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from app.answers.reports import MissingReason
from app.domain.figures import SCALE, decimals_of
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.domain.targets import Target, Targets
from app.domain.vietnamese import sort_key
from app.reports.data import ReportData
from app.reports.indicators import PrintedFigure, get_indicator, known_indicators, printed_figure
from app.reports.rules.below_target import Named, exact_figure, misses, rounded, sentence, sentence_en
from app.services.scored_cohorts import CohortUnit
from app.services.sourced_columns import columns_by_indicator
from app.services.values import DERIVED_DECIMALS, decimal_of
from app.store.rows import StandingValue

Sort = Literal["gap", "name", "code"]

name_order = lru_cache(maxsize=65536)(sort_key)
"""The place of a name in a Vietnamese dictionary; one name stands in the lists of many indicators."""


@dataclass(frozen=True, slots=True)
class MeasuredUnit:
    """A unit compared with its target; `row` is the value that stands, None where there is none.

    `figure` is exact, `gap` the figure less the target, both in the indicator's unit (so a gap of rates is in
    percentage points); None where there is nothing to compare.
    """

    unit: CohortUnit
    target: Target
    row: StandingValue | None
    figure: Fraction | None
    gap: Fraction | None

    @property
    def target_figure(self) -> Decimal:
        """The target with the decimals it was stated with."""
        return decimal_of(self.target.target, self.target.decimals)

    @property
    def reason(self) -> MissingReason:
        """Why there is nothing to compare: nobody has stated a figure, or nothing had to be counted."""
        return "no_figure" if self.row is None else "zero_denominator"


@dataclass(frozen=True, slots=True)
class Miss:
    """A unit that misses its target, as it is printed: by its counts where they are known."""

    measured: MeasuredUnit
    value: Decimal
    counts: tuple[Decimal | None, Decimal | None]
    gap: Decimal
    source: str
    observed_at: datetime

    @property
    def printed(self) -> PrintedFigure:
        return PrintedFigure(self.value, *self.counts)


@dataclass(frozen=True, slots=True)
class MeasuredIndicator:
    """An indicator: of how many units with a figure and a target, who misses it, and who has no figure.

    `office`: the name of the unit in whose letter they are listed.
    """

    office: str | None
    indicator: Indicator
    of: int
    below: Sequence[Miss]
    missing: Sequence[MeasuredUnit]

    @property
    def sentence(self) -> str | None:
        """Who misses the target, as a letter prints it; None where no unit could be compared with one."""
        return sentence(self._named) if self.of else None

    @property
    def sentence_en(self) -> str | None:
        return sentence_en(self._named) if self.of else None

    @property
    def _named(self) -> list[Named]:
        return [(each.measured.unit.level, each.measured.unit.listed_in(self.office)) for each in self.below]


def measured_indicators(
    data: ReportData, indicators: Sequence[str] | None = None, sort: Sort = "gap"
) -> list[MeasuredIndicator]:
    """The units of each indicator compared with their targets; of every indicator with a target where none is named.

    Invalid `indicator_unknown` where nobody knows a named one.
    """
    targets = _targets(data)
    chosen = _chosen_indicators(data.framework, known_indicators(data), targets, indicators)
    units = [unit for unit in data.units() if unit.level in data.levels and unit.code != data.under]
    rows = _standing(data.framework, [unit.code for unit in units], data.values([each.code for each in chosen]))
    measured = ((each, _measured_units(each.code, targets, units, rows)) for each in chosen)
    found = [_measured_indicator(data.office, each, of, sort) for each, of in measured]
    return [each for each in found if indicators is not None or each.of or each.missing]


def own_misses(data: ReportData) -> list[tuple[Indicator, Miss]]:
    """The targets that `under` misses itself, which stands above the units of the report."""
    if data.under is None:
        return []
    unit, targets, framework = data.unit(data.under), _targets(data), data.framework
    chosen = _chosen_indicators(framework, known_indicators(data), targets, None)
    codes = {each.code for each in chosen}
    own = [row for row in data.values_of(unit.code) if row.indicator in codes]
    rows = _standing(framework, [unit.code], own)
    measured = ((each, _measured_units(each.code, targets, [unit], rows)) for each in chosen)
    found = (_measured_indicator(None, each, of, "code") for each, of in measured)
    return [(each.indicator, miss) for each in found for miss in each.below]


def _targets(data: ReportData) -> Targets:
    """The targets of the period's year over the tree of units."""
    year = data.period.starts_on.year
    above = data.above()
    parent_of: dict[str, str | None] = dict(zip(above, [*above[1:], None], strict=False))
    parent_of |= {unit.code: unit.parent for unit in data.units()}
    return Targets((target for target in data.targets() if target.year == year), parent_of)


def _chosen_indicators(
    framework: Framework, known: Mapping[str, Indicator], targets: Targets, indicators: Sequence[str] | None
) -> list[Indicator]:
    """The indicators as they were named, once each; else those with a target, in the order of the framework."""
    if indicators is not None:
        return [get_indicator(known, code) for code in dict.fromkeys(indicators)]
    place = {each.code: number for number, each in enumerate(framework.indicators)}
    with_target = sorted(targets.indicators(), key=lambda code: (place.get(code, len(place)), code))
    return [known[code] for code in with_target]


def _standing(
    framework: Framework, units: Sequence[str], rows: Sequence[StandingValue]
) -> dict[tuple[str, str], StandingValue]:
    """The value that stands for an indicator and unit: of several sources the one that the framework prefers."""
    by_source = {(row.indicator, row.unit, row.source): row for row in rows}
    return {
        (indicator, unit): by_source[indicator, unit, source]
        for indicator, figures in columns_by_indicator(framework, units, rows).items()
        for unit, source in zip(units, figures.source, strict=True)
        if source is not None
    }


def _measured_units(
    indicator: str, targets: Targets, units: Sequence[CohortUnit], rows: Mapping[tuple[str, str], StandingValue]
) -> list[MeasuredUnit]:
    """The units that have a target for the indicator."""
    found = []
    for unit in units:
        target = targets.holding(indicator, unit.code, unit.level)
        if target is not None:
            row = rows.get((indicator, unit.code))
            figure = None if row is None else exact_figure(row.numerator, row.denominator, row.value)
            gap = None if figure is None else figure - Fraction(target.target, SCALE)
            found.append(MeasuredUnit(unit, target, row, figure, gap))
    return found


def _measured_indicator(
    office: str | None, indicator: Indicator, units: Sequence[MeasuredUnit], sort: Sort
) -> MeasuredIndicator:
    """How many units are measured against a target, who misses it, who has no figure."""
    missing = [each for each in units if each.gap is None]
    below = [each for each in units if each.gap is not None and misses(each.gap, indicator.direction)]
    return MeasuredIndicator(
        office,
        indicator,
        of=len(units) - len(missing),
        below=[_miss(each) for each in _in_order(below, sort)],
        missing=_in_order(missing, sort),
    )


def _in_order(units: Sequence[MeasuredUnit], sort: Sort) -> list[MeasuredUnit]:
    """The largest gap first, or by name as a Vietnamese dictionary has it, or by code; ties by name, then code."""
    if sort == "code":
        return sorted(units, key=lambda each: each.unit.code)
    return sorted(
        units,
        key=lambda each: (-abs(each.gap or 0) if sort == "gap" else 0, name_order(each.unit.name), each.unit.code),
    )


def _miss(measured: MeasuredUnit) -> Miss:
    row, figure, gap = measured.row, measured.figure, measured.gap
    assert row is not None
    assert figure is not None
    assert gap is not None
    _, numerator, denominator = printed_figure(row)
    is_stated = numerator is None or denominator is None
    value = decimal_of(row.value or 0, row.decimals) if is_stated else rounded(figure, DERIVED_DECIMALS)
    printed_gap = rounded(gap, max(decimals_of(value), measured.target.decimals, 0))
    return Miss(measured, value, (numerator, denominator), printed_gap, row.source, to_datetime(row.observed_at))
