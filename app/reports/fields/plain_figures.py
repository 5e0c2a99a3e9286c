"""A figure or moment as it stands in plain data: what of it a letter may print."""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from app.domain.period import LOCAL

MOST_DIGITS, MOST_DECIMALS = 28, 30
"""No figure of a letter has more; the digits are those that decimals are computed with."""


def number(value: object) -> Decimal | None:
    """A figure of a field; None for what is none: a field without a figure, or a text, NaN, or more than a letter has.

    >>> number("81.77"), number("NaN"), number("1e999999")
    (Decimal('81.77'), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        return None
    return found if found.adjusted() - min(exponent, -2) < MOST_DIGITS else None


def moment(value: object) -> datetime | None:
    """A day or moment of a field in local time; None for what is neither."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), LOCAL)
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=LOCAL) if value.tzinfo is None else value.astimezone(LOCAL)
    except (OverflowError, ValueError):  # no day, or one before the first of year 1 here
        return None
