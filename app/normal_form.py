"""Unicode's normal forms, in time that grows with the text: of marks without end on one letter nothing is put in order.

Putting the marks on a letter in order takes time that grows with the square of their number: a megabyte of them would
take hours. Unicode itself (UAX 15, Stream-Safe Text Format) lets no more than 30 stand together, and no language needs
half as many.
"""

import unicodedata
from itertools import takewhile
from typing import Literal

MOST_MARKS = 30
LAST = 0x1FFFF
"""Behind it no code point is a mark that is put in order."""
MARKS = frozenset(filter(unicodedata.combining, map(chr, range(0x300, LAST + 1))))


def normalized(form: Literal["NFC", "NFD", "NFKD"], text: str) -> str:
    """The text in a normal form; as it is where more than 30 marks stand together, which is no text.

    >>> normalized("NFC", "Tuye\u0302n"), len(normalized("NFC", "a" + 31 * "\u0301"))
    ('Tuyên', 32)
    """
    if text.isascii() or _has_too_many_marks(text):
        return text
    return unicodedata.normalize(form, text)


def composed(text: str) -> str:
    """The text with one code point for `ế`, however it was typed (NFC)."""
    return normalized("NFC", text)


def _has_too_many_marks(text: str) -> bool:
    """Whether more than 30 marks stand together: then one of them stands at one in 31 places, which are looked at."""
    step = MOST_MARKS + 1
    if MARKS.isdisjoint(text[MOST_MARKS::step]):
        return False
    return any(text[at] in MARKS and _marks_around(text, at) > MOST_MARKS for at in range(MOST_MARKS, len(text), step))


def _marks_around(text: str, at: int) -> int:
    """How many marks stand together at a place, as far as it matters."""
    before, behind = text[max(at - MOST_MARKS, 0) : at], text[at : at + MOST_MARKS + 1]
    return sum(1 for part in (reversed(before), behind) for _ in takewhile(MARKS.__contains__, part))
