"""What a number format shows of a date and its time. Runs in the child process of `workbook`: standard library only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

DatePart = Literal["year", "month", "day", "hour", "minute", "second"]
Hidden = Literal["year", "month", "day", "time", "calendar"]

OF_LETTER: dict[str, DatePart] = {"y": "year", "e": "year", "h": "hour", "s": "second"}
LONGEST_OF_MONTH = 4
"""Five letters show the first one of its name, which is that of other months too."""
LONGEST_OF_DAY = 2
"""Three and more show the day of the week."""


def shown_parts(letters: Sequence[str]) -> frozenset[DatePart]:
    """The parts that runs of letters show; `m` behind hours or in front of seconds are minutes.

    >>> sorted(shown_parts(["dd", "mm", "hh", "mm"])), sorted(shown_parts(["dddd", "mmmmm", "yy"]))
    (['day', 'hour', 'minute', 'month'], ['year'])
    """
    around = zip(letters, ["", *letters], [*letters[1:], ""], strict=False)
    return frozenset(part for run, before, after in around if (part := _part(run, before, after)))


def _part(run: str, before: str, after: str) -> DatePart | None:
    if run[0] == "m":
        if before.startswith("h") or after.startswith("s"):
            return "minute"
        return "month" if len(run) <= LONGEST_OF_MONTH else None
    if run[0] == "d":
        return "day" if len(run) <= LONGEST_OF_DAY else None
    return OF_LETTER.get(run[0])


def hidden_parts(moment: datetime, shown: Collection[DatePart]) -> list[Hidden]:
    """What is not seen of a moment. A part of its time that is zero is not missed, nor are its seconds."""
    hidden: list[Hidden] = [part for part in ("year", "month", "day") if part not in shown]
    if (moment.hour and "hour" not in shown) or (moment.minute and "minute" not in shown):
        hidden.append("time")
    return hidden
