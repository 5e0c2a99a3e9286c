"""Two sources of the same indicators side by side, unit by unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.answers.report_reconciliation import FigureGap, State
from app.domain.checks.stored.figures import StoredFigure
from app.domain.frameworks.framework import Framework, Indicator
from app.errors import Fault, Invalid, RefusalCode
from app.reports.data import ReportData
from app.reports.indicators import PrintedFigure, get_indicator, known_indicators, printed_figure
from app.reports.rules.reconciliation import gap, size, state_of
from app.services.scored_cohorts import CohortUnit, indicators_of
from app.store.rows import StandingValue

FIRST, SECOND = "national_portal", "provincial_system"
"""The sources that are compared where none is named, as far as the framework names no other first one."""

ALIKE = RefusalCode(
    "sources_alike",
    "`source` and `other` are both {source}; name two different sources.",
    "`source` và `other` cùng là {source}; hãy ghi hai nguồn khác nhau.",
    Invalid,
)
NO_SOURCE = RefusalCode(
    "source_without_figures",
    "No figure here is from the source {source}; known are {known}.",
    "Ở đây không có số liệu của nguồn {source}; các nguồn: {known}.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """What is compared: no `indicators`: all that both sources have; `tolerance` in the unit of each indicator."""

    indicators: tuple[str, ...] = ()
    source: str | None = None
    other: str | None = None
    tolerance: Decimal = Decimal(0)
    state: State | None = None


@dataclass(frozen=True, slots=True)
class SourcePair:
    """What two sources say of a unit and an indicator, `there` minus `here`, and how the two stand to each other."""

    unit: CohortUnit
    indicator: Indicator
    here: StandingValue | None
    there: StandingValue | None
    difference: FigureGap
    state: State


@dataclass(frozen=True, slots=True)
class ReconciledSources:
    """The two sources, the rows of every source, every pair of figures, and those of the state that was asked for.

    What is listed has what differs first, the widest gap on top.
    """

    source: str
    other: str
    rows: Sequence[StandingValue]
    pairs: Sequence[SourcePair]
    listed: Sequence[SourcePair]


def reconcile(data: ReportData, query: ReconciliationQuery) -> ReconciledSources:
    """The figures of the two sources side by side."""
    known = known_indicators(data)
    chosen = [get_indicator(known, code).code for code in dict.fromkeys(query.indicators)]
    rows = data.values([*chosen, *indicators_of(data.framework)] if chosen else None)
    source, other = _sources(data.framework, query, {row.source for row in rows})
    units = {member.code: member for member in data.units()}
    pairs = _pairs(rows, units, known, (source, other), chosen, query.tolerance)
    # of one unit the indicators stay in their order
    listed = sorted((pair for pair in pairs if query.state in (None, pair.state)), key=_place)
    return ReconciledSources(source, other, rows, pairs, listed)


def own_differences(data: ReportData, source: str, other: str) -> list[SourcePair]:
    """What the two sources say differently of `under` itself, which stands above the units of the report."""
    if data.under is None:
        return []
    units = {data.under: data.unit(data.under)}
    pairs = _pairs(data.values_of(data.under), units, known_indicators(data), (source, other), (), Decimal(0))
    return [pair for pair in pairs if pair.state is State.DIFFERS]


def _sources(framework: Framework, query: ReconciliationQuery, found: Iterable[str]) -> tuple[str, str]:
    """The two sources; Invalid `source_without_figures` or `sources_alike`."""
    preferred = [*framework.sources, FIRST]
    source = query.source or next(each for each in preferred if each != query.other)
    other = query.other or next(each for each in (SECOND, *preferred) if each != source)
    known = {*framework.sources, FIRST, SECOND, *found}
    for name, code in (("source", source), ("other", other)):
        if code not in known:
            said = {"source": code, "known": ", ".join(sorted(known))}
            raise Fault(NO_SOURCE, said, parameter=name).error()
    if source == other:
        raise Fault(ALIKE, {"source": source}, parameter="other").error()
    return source, other


def _pairs(
    rows: Iterable[StandingValue],
    units: Mapping[str, CohortUnit],
    known: Mapping[str, Indicator],
    sources: tuple[str, str],
    chosen: Sequence[str],
    tolerance: Decimal,
) -> list[SourcePair]:
    """The figures of the two sources; of the chosen indicators, else of those that both of them have."""
    figures: dict[tuple[str, str], dict[str, StandingValue]] = {}
    for row in rows:
        if row.source in sources and row.indicator in known:
            figures.setdefault((row.unit, row.indicator), {})[row.source] = row
    have = [{code for (_, code), by_source in figures.items() if each in by_source} for each in sources]
    compared = set(chosen) or have[0] & have[1]
    return [
        _pair(units[unit], known[code], by_source.get(sources[0]), by_source.get(sources[1]), tolerance)
        for (unit, code), by_source in sorted(figures.items(), key=lambda each: each[0])
        if code in compared
    ]


def _pair(
    unit: CohortUnit,
    indicator: Indicator,
    here: StandingValue | None,
    there: StandingValue | None,
    tolerance: Decimal,
) -> SourcePair:
    """What lies between the two figures, and how they stand to each other."""
    one, two = (PrintedFigure(None) if row is None else printed_figure(row) for row in (here, there))
    difference: FigureGap = {
        "numerator": gap(one.numerator, two.numerator),
        "denominator": gap(one.denominator, two.denominator),
        "value": gap(one.value, two.value),
    }
    state = state_of(_figure(here), _figure(there), indicator.kind, difference["value"], tolerance)
    return SourcePair(unit, indicator, here, there, difference, state)


def _figure(row: StandingValue | None) -> StoredFigure | None:
    return None if row is None else StoredFigure(row.numerator, row.denominator, row.value, row.decimals)


def _place(pair: SourcePair) -> tuple[tuple[Decimal, ...], str]:
    gaps = pair.difference
    return size(pair.state, gaps["value"], gaps["numerator"], gaps["denominator"]), pair.unit.code
