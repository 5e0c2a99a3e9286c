"""Rows of figures as columns of a cohort: of several sources the one that the framework prefers.

All rows at a time: a country has a hundred thousand figures a month, and its boards are drawn up anew all day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.frameworks.framework import Framework
from app.domain.instant import to_datetime
from app.domain.scoring.arithmetic import Ints, Mask
from app.domain.scoring.node_facts import Origin
from app.domain.scoring.points import IndicatorColumn
from app.domain.sources import places
from app.store.rows import StandingValue, ValueColumns

Sources = NDArray[np.object_]
"""Codes of sources, None where there is no figure."""


class Figures(NamedTuple):
    """Figures side by side, every array of the same length; what `IndicatorColumn` and `SourcedColumn` say of them."""

    numerator: Ints
    denominator: Ints
    value: Ints
    has_counts: Mask
    has_value: Mask
    source: Sources
    observed_at: Ints
    decimals: Ints

    def at(self, rows: Ints) -> "Figures":
        """Some of them."""
        return Figures._make(each[rows] for each in self)

    def spread(self, size: int, rows: Ints) -> "Figures":
        """Each in its row of so many; nothing in the others."""
        return Figures._make(_spread(each, size, rows) for each in self)

    @classmethod
    def joined(cls, parts: Iterable["Figures"]) -> "Figures":
        """Those of several, one after the other."""
        return cls._make(map(np.concatenate, zip(*parts, strict=True)))


@dataclass(frozen=True, slots=True)
class FigureTable:
    """At most one figure for a unit and indicator; `unit` and `indicator` tell whose of what each figure is, by place.

    Arrays have shape (figures,).
    """

    units: Sequence[str]
    indicators: Sequence[str]
    unit: Ints
    indicator: Ints
    figures: Figures


@dataclass(frozen=True, slots=True)
class SourcedColumn:
    """One indicator over a cohort, and where each figure came from; every array has shape (units,).

    `decimals`: how many a stated value is printed with. `observed_at`: µs since 1970, 0 without a figure.
    """

    column: IndicatorColumn
    source: Sources
    observed_at: Ints
    decimals: Ints

    @classmethod
    def made_of(cls, figures: Figures) -> "SourcedColumn":
        *counts, source, observed_at, decimals = figures
        return cls(IndicatorColumn(*counts), source, observed_at, decimals)

    def of(self, rows: Sequence[int]) -> "SourcedColumn":
        """The figures of some of the units."""
        one, chosen = self.column, np.array(rows, dtype=np.int64)
        counts = (one.numerator, one.denominator, one.value, one.has_counts, one.has_value)
        return SourcedColumn.made_of(Figures(*counts, self.source, self.observed_at, self.decimals).at(chosen))

    def origin(self, unit: int) -> Origin | None:
        source = self.source[unit]
        return None if source is None else Origin(source, to_datetime(int(self.observed_at[unit])))


def columns_by_indicator(
    framework: Framework, codes: Sequence[str], rows: Iterable[StandingValue]
) -> dict[str, SourcedColumn]:
    """Rows of values as columns over these units, by indicator; indicators without any figure are left out."""
    return columns_of(codes, [figure_table(framework, ValueColumns.of(rows))])


def figure_table(framework: Framework, values: ValueColumns) -> FigureTable:
    """The figures that speak: of several sources the one that the framework prefers, unnamed ones last, by code."""
    units, unit = _numbered(values.unit)
    indicators, indicator = _numbered(values.indicator)
    preference = places(set(values.source), framework.sources)
    order = np.lexsort((_ints([preference[source] for source in values.source]), unit, indicator))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(unit[order]) != 0) | (np.diff(indicator[order]) != 0)
    best = order[first]
    return FigureTable(units, indicators, unit[best], indicator[best], _figures(values).at(best))


def columns_of(codes: Sequence[str], tables: Sequence[FigureTable]) -> dict[str, SourcedColumn]:
    """The columns of units whose figures stand in several tables; figures of other units are left out."""
    place = {code: row for row, code in enumerate(codes)}
    indicators = sorted({code for table in tables for code in table.indicators})
    number = {code: position for position, code in enumerate(indicators)}
    if not indicators:
        return {}
    unit = np.concatenate([_ints([place.get(code, -1) for code in table.units])[table.unit] for table in tables])
    kind = np.concatenate([_ints([number[code] for code in table.indicators])[table.indicator] for table in tables])
    figures = Figures.joined(table.figures for table in tables)
    here = np.flatnonzero(unit >= 0)
    here = here[np.argsort(kind[here], kind="stable")]
    bounds = np.searchsorted(kind[here], np.arange(len(indicators) + 1))
    chosen = ((code, here[begin:end]) for code, begin, end in zip(indicators, bounds, bounds[1:], strict=False))
    return {
        code: SourcedColumn.made_of(figures.at(rows).spread(len(codes), unit[rows]))
        for code, rows in chosen
        if rows.size
    }


def _spread(array: Ints | Mask | Sources, size: int, rows: Ints) -> Ints | Mask | Sources:
    """An array whose entries stand in these rows of so many; None or 0 elsewhere."""
    whole = np.full(size, None) if array.dtype == np.object_ else np.zeros(size, dtype=array.dtype)
    whole[rows] = array
    return whole


def _numbered(found: Sequence[str]) -> tuple[list[str], Ints]:
    """The different texts, in order, and the place of each given one among them."""
    place = {text: number for number, text in enumerate(sorted(set(found)))}
    return list(place), _ints([place[text] for text in found])


def _figures(values: ValueColumns) -> Figures:
    """What each row says; the entries that a mask does not vouch for are not read."""
    above, below, stated = values.numerator, values.denominator, values.value
    return Figures(
        numerator=_ints([each or 0 for each in above]),
        denominator=_ints([each or 0 for each in below]),
        value=_ints([each or 0 for each in stated]),
        has_counts=_known(above) & _known(below),
        has_value=_known(stated),
        source=np.array(list(map(intern, values.source)), dtype=np.object_),  # one text for all that are alike
        observed_at=_ints(values.observed_at),
        decimals=_ints([each or 0 for each in values.decimals]),
    )


def _known(found: Sequence[int | None]) -> Mask:
    return np.array([each is not None for each in found], dtype=np.bool_)


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)
