"""What a letter calls the side that it compares with."""

from collections.abc import Sequence
from typing import Any, Final

from app.domain.vietnamese_labels import period_words
from app.reports.comparison_rows import figures_of
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.letter.sentences import looked_up

EARLIER: Final = "lần tra cứu trước"


def against_words(data: ReportData) -> str | None:
    """The period compared with; where that is the same one as looked up before, when that was. None without one."""
    if data.against is None:
        return None
    if data.against.code != data.period.code:
        return period_words(data.against.code)
    seen = figures_of(_earlier(data), data.framework, known_indicators(data)).values()
    moment = max((each.observed_at for each in seen if each.observed_at is not None), default=None)
    return EARLIER if moment is None else looked_up(moment)


def _earlier(data: ReportData) -> Sequence[Any]:
    return data.values(earlier=True) if data.under is None else data.values_of(data.under, earlier=True)
