"""Instants: µs since 1970 (UTC) inside, RFC 3339 outside."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from app.domain.characters import trimmed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?:([Zz])|([+-][0-9]{2}(?::?[0-5][0-9])?))?"
)


def read_moment(text: str) -> datetime | None:
    """The moment that a text writes as RFC 3339 does, what nobody sees around it taken off; None where it writes none.

    The one reader of moments, for queries, bodies, files and commands. `t` and `z` may be small, a blank may stand for
    the T, seconds and the minutes of the offset may be left out; without an offset the moment is a naive one.

    >>> read_moment("2024-07-08t11:00:00z").isoformat()
    '2024-07-08T11:00:00+00:00'
    """
    match = WRITTEN.fullmatch(trimmed(text))
    if match is None:
        return None
    day, time, zulu, offset = match.groups()
    try:
        return datetime.fromisoformat(f"{day}T{time}{'+00:00' if zulu else offset or ''}")
    except ValueError:
        return None


def to_instant(moment: datetime) -> int:
    """µs since 1970 of an aware datetime.

    >>> to_instant(datetime(1970, 1, 1, 7, tzinfo=UTC))
    25200000000
    """
    return (moment - EPOCH) // MICROSECOND


@lru_cache(maxsize=1024)
def to_datetime(instant: int) -> datetime:
    """The aware UTC datetime of µs since 1970."""
    return EPOCH + instant * MICROSECOND
