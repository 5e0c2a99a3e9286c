"""The indicators that a report is asked about."""

from collections.abc import Mapping

from app.domain.frameworks.framework import Indicator
from app.domain.suggest import nearest
from app.errors import Fault, Invalid
from app.reports.data import ReportData
from app.store.frameworks import NO_INDICATOR


def known_indicators(data: ReportData) -> Mapping[str, Indicator]:
    """Those of the figures, and those that the framework describes, though nobody has a figure of them."""
    return {**{each.code: each for each in data.framework.indicators}, **data.indicators()}


def get_indicator(known: Mapping[str, Indicator], code: str) -> Indicator:
    """The indicator of that code, or Invalid `indicator_unknown` with the nearest one."""
    if code not in known:
        near = nearest(code, known.keys())
        fault = Fault("indicator_unknown", NO_INDICATOR, {"code": code}, parameter="indicator", suggestion=near)
        raise Invalid("indicator_unknown", NO_INDICATOR, faults=[fault], code=code)
    return known[code]
