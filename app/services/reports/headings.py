"""What stands above the tables of a report in a workbook."""

from datetime import datetime

from app.domain.period import LOCAL
from app.domain.printed import printed_day
from app.domain.words import period_words
from app.services.reports.ground import Ground


def heading(ground: Ground, title: str, *more: str) -> list[str]:
    """The title, the period with the moment of look-up where one was asked for, and whatever else is to be said."""
    period = f"Kỳ đánh giá: {period_words(ground.period.code)}"
    if ground.observed_by is not None:
        period += f"; số liệu tra cứu đến {printed_moment(ground.observed_by)}"
    return [title, period, *more]


def printed_moment(moment: datetime) -> str:
    """A moment in local time, as seed 004 prints it.

    >>> printed_moment(datetime.fromisoformat("2024-07-08T04:00:00+00:00"))
    '11 giờ 00 phút ngày 08/7/2024'
    """
    local = moment.astimezone(LOCAL)
    return f"{local:%H} giờ {local:%M} phút ngày {printed_day(local.date())}"
