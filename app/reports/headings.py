"""What stands above the tables of a report in a workbook."""

from app.domain.letter_format import printed_moment
from app.domain.vietnamese_labels import period_words
from app.reports.data import ReportData


def heading(data: ReportData, title: str, *more: str) -> list[str]:
    """The title, the period with the moment of look-up where one was asked for, and whatever else is to be said."""
    period = f"Kỳ đánh giá: {period_words(data.period.code)}"
    if data.observed_by is not None:
        period += f"; số liệu tra cứu đến {printed_moment(data.observed_by)}"
    return [title, period, *more]
