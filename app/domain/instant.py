"""Instants: µs since 1970 (UTC) inside, RFC 3339 outside."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_instant(moment: datetime) -> int:
    """µs since 1970 of an aware datetime.

    >>> to_instant(datetime(1970, 1, 1, 7, tzinfo=UTC))
    25200000000
    """
    return (moment - EPOCH) // MICROSECOND


def to_datetime(instant: int) -> datetime:
    """The aware UTC datetime of µs since 1970."""
    return EPOCH + instant * MICROSECOND
