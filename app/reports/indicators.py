"""The indicators that a report shows, and their figures as they are printed."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from app.domain.frameworks.framework import Indicator
from app.domain.suggest import nearest
from app.errors import Fault, Invalid
from app.reports.data import ReportData
from app.services.values import decimal_of, value_of
from app.store.frameworks import NO_INDICATOR
from app.store.rows import StandingValue

NOT_HERE = replace(NO_INDICATOR, kind=Invalid)


class PrintedFigure(NamedTuple):
    """A figure as it is printed; its counts where they are known."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def printed_figure(row: StandingValue) -> PrintedFigure:
    """`value` with the decimals it was stated with, of counts alone with two."""
    counts = (None if count is None else decimal_of(count) for count in (row.numerator, row.denominator))
    return PrintedFigure(value_of(row), *counts)


def known_indicators(data: ReportData) -> Mapping[str, Indicator]:
    """Those of the figures, and those that the framework describes, though nobody has a figure of them."""
    return {**{each.code: each for each in data.framework.indicators}, **data.indicators()}


def get_indicator(known: Mapping[str, Indicator], code: str) -> Indicator:
    """The indicator of that code, or Invalid `indicator_unknown` with the nearest one."""
    if code not in known:
        near = nearest(code, known.keys())
        raise Fault(NOT_HERE, {"code": code}, parameter="indicator", suggestion=near).error()
    return known[code]
