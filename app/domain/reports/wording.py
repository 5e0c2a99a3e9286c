"""How the letters write days, counts and lists of names."""

from collections.abc import Sequence
from datetime import date


def printed_day(day: date) -> str:
    """A day as letters print it: a nought before days under 10 and before January and February.

    >>> printed_day(date(2024, 8, 28)), printed_day(date(2024, 7, 8)), printed_day(date(2024, 1, 31))
    ('28/8/2024', '08/7/2024', '31/01/2024')
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def printed_count(count: int) -> str:
    """A count as letters print it, with at least two digits.

    >>> printed_count(7), printed_count(170)
    ('07', '170')
    """
    return f"{count:02}"


def printed_names(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> printed_names(["Sở Kế hoạch và Đầu tư", "Sở Giao thông Vận tải"])
    'Sở Kế hoạch và Đầu tư, Sở Giao thông Vận tải'
    """
    return ", ".join(names)


def continued(text: str) -> str:
    """A text that goes on in the middle of a sentence: its first letter small, unless an abbreviation begins it.

    >>> continued("Tìm nguyên nhân"), continued("UBND cấp xã"), continued("")
    ('tìm nguyên nhân', 'UBND cấp xã', '')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
