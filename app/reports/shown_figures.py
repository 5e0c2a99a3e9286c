"""Stored values as reports show them: each figure of a unit once, from the source that the rules prefer."""

from collections.abc import Iterable, Mapping

from app.domain.figures import plain
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.domain.sources import places
from app.reports.rules.comparison import ShownFigure
from app.services.values import decimal_of, value_of
from app.store.rows import StandingValue

NOTHING = ShownFigure()


def rests_of(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """The indicators of the rest of a whole, by those of the parts; should there be several, the first by code."""
    found = sorted(indicators.values(), key=lambda each: each.code, reverse=True)
    return {each.complement_of: each.code for each in found if each.complement_of is not None}


def figures_of(
    rows: Iterable[StandingValue], framework: Framework, indicators: Mapping[str, Indicator]
) -> dict[str, ShownFigure]:
    """A unit's figures by indicator; of several sources the one that the rules prefer, unnamed ones last, by code."""
    rows = list(rows)
    preference = places({row.source for row in rows}, framework.sources)
    best: dict[str, StandingValue] = {}
    for row in sorted(rows, key=lambda row: preference[row.source]):
        best.setdefault(row.indicator, row)
    return {code: figure_of(row, indicators.get(code)) for code, row in best.items()}


def figure_of(row: StandingValue, indicator: Indicator | None) -> ShownFigure:
    """A stored figure as it is printed, a rate that follows from its counts without trailing zeros, as letters do."""
    found, source, observed_at = value_of(row), row.source, to_datetime(row.observed_at)
    stated = found if found is None or row.value is not None else plain(found)
    kind = "number" if indicator is None else indicator.kind
    if kind == "ratio":
        numerator, denominator = (
            None if each is None else decimal_of(each) for each in (row.numerator, row.denominator)
        )
        return ShownFigure(count=numerator, of=denominator, rate=stated, source=source, observed_at=observed_at)
    if kind == "points":
        return ShownFigure(points=stated, source=source, observed_at=observed_at)
    return ShownFigure(count=stated, source=source, observed_at=observed_at)
