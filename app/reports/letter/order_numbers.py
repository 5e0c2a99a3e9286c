"""How orders are numbered, in the letter that the service puts together and in its fields: 1, 1.1, a), –."""

import re

MARKED = re.compile(r"(?:[-–+•]|\d+(?:\.\d+)*[.)]|\w{1,2}\))(?=\s|$)")
"""How an order begins that has a mark of its own; a number that a sentence begins with is none."""
LETTERS = "abcdđeghiklmnopqrstuvxy"
"""Points are lettered in the order of the Vietnamese alphabet (Nghị định 30/2020/NĐ-CP, appendix I)."""


def unmarked(text: str) -> str:
    """What an order says behind a mark of its own.

    >>> unmarked("1. Giao a) và b)"), unmarked("Giao"), unmarked("2.")
    ('Giao a) và b)', 'Giao', '2.')
    """
    mark = MARKED.match(text)
    return text if mark is None else text[mark.end() :].lstrip() or text


def is_numbered(text: str, of: int, depth: int) -> bool:
    """Whether one of so many orders has a number: not where it has a mark of its own, or stands alone above dashes.

    >>> [is_numbered(text, 2, 0) for text in ("1. Giao", "– Giao", "100.000 hồ sơ", "30.9.2024 là hạn cuối")]
    [False, False, True, True]
    """
    return (of > 1 or depth > 2) and MARKED.match(text) is None


def number_of(above: str, place: int, depth: int) -> str:
    """The number of the order at a place, from 1, below the one that is numbered `above`.

    >>> number_of("", 2, 0), number_of("2", 1, 1), number_of("2.1", 5, 2), number_of("đ)", 3, 3)
    ('2', '2.1', 'đ)', '–')
    """
    if depth > 2:
        return "–"
    if depth == 2:
        return f"{LETTERS[(place - 1) % len(LETTERS)] * ((place - 1) // len(LETTERS) + 1)})"
    return f"{above}.{place}" if above else str(place)
