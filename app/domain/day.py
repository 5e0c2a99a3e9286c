"""Days of the calendar: `2024-08-26` wherever one is stated, and as letters print them, `26/8/2024`.

The one reader of days, for queries, bodies, files and framework documents. What is stored is stated in the first way
alone, since 03/04/2024 is another day to whoever writes the month first; the second is read where a text is proof-read
and where a day is suggested.
"""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.domain.characters import trimmed
from app.errors import ErrorCode, Fault

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PRINTED_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")

DATE_INVALID = ErrorCode(
    "date_invalid",
    "`{value}` is not a date; write day/month/year as 26/8/2024, or 2024-08-26.",
    "`{value}` không phải là ngày; hãy ghi ngày/tháng/năm dạng 26/8/2024, hoặc 2024-08-26.",
)


def read_day(text: str) -> date | None:
    """The day that a text writes as 2024-08-26, what nobody sees around it taken off; None where it writes none.

    >>> read_day(" 2024-08-26\\u200b"), read_day("26/8/2024"), read_day("2024-02-30")
    (datetime.date(2024, 8, 26), None, None)
    """
    bare = trimmed(text)
    if ISO_DAY.fullmatch(bare) is None:
        return None
    try:
        return date.fromisoformat(bare)
    except ValueError:
        return None


def read_printed_day(text: str) -> date | Fault:
    """A day as printed (day/month/year) or as `read_day` reads it; anything else is `date_invalid`.

    >>> read_printed_day("26/8/2024") == read_printed_day("2024-08-26") == date(2024, 8, 26)
    True
    """
    if (stated := read_day(text)) is not None:
        return stated
    printed = PRINTED_DAY.fullmatch(trimmed(text))
    if printed is None:
        return _invalid(text)
    day, month, year = map(int, printed.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return _invalid(text, f"{month}/{day}/{year}" if 12 < month <= 31 and 1 <= day <= 12 else None)


def _invalid(text: str, suggestion: str | None = None) -> Fault:
    shown = text[:100]
    return Fault(DATE_INVALID, {"value": shown}, value=shown, suggestion=suggestion)


def stated_day(given: object) -> object:
    """A day as text or as a date; pydantic would take a number as well, for seconds since 1970."""
    day = read_day(given) if isinstance(given, str) else given
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    raise PydanticCustomError("date_parsing", "write the date as 2024-07-31")


Day = Annotated[date, BeforeValidator(stated_day)]
