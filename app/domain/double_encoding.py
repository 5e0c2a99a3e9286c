"""UTF-8 that was read in a code page with a sign for each byte, as Excel on a Mac and the console of Windows do.

Nothing is listed but the code pages: a word is read again, from the bytes that its signs stand for, and it was UTF-8
where Vietnamese comes out. No word of another language has letters, lines or roots of mathematics in such an order.
"""

import re
from functools import cache

from app.domain.syllables import is_syllable
from app.normal_form import composed

CODE_PAGES = ("Mac Roman", "cp437", "cp850", "windows-1251")
"""Read in them, Vietnamese shows what stands in no correct word. Those of western Windows show letters, `Ã`, and
punctuation, which may stand side by side: `XÃ…`."""
WORD = re.compile(r"(?:[A-Za-z]|[^\x00-\x7f])+(?<![»”’…])")
"""Quotation marks behind a word are none of its letters, though cp850 keeps bytes of UTF-8 as `ã»`."""


def double_encoded_at(text: str, charset: str) -> int | None:
    """Where the first word begins that is Vietnamese once it is read again, from 0; None where there is none.

    >>> double_encoded_at("UBND x√£", "Mac Roman"), double_encoded_at("UBND tß╗ënh", "cp437")
    (5, 5)
    """
    if _sequence(charset).search(text) is None:
        return None
    return next((word.start() for word in WORD.finditer(text) if _is_double_encoded(word[0], charset)), None)


def read_again(text: str, shown_as: str, written_in: str) -> str:
    """The text from its own bytes; empty where not all of them can be had again."""
    try:
        given = b"".join(_byte(letter, shown_as) for letter in text)
        return composed(given.decode(written_in))
    except UnicodeError:
        return ""


def _is_double_encoded(word: str, charset: str) -> bool:
    """Whether a word with plain letters becomes Vietnamese; a word of signs alone may be written in another script."""
    meant = "" if word.isascii() else read_again(word, charset, "UTF-8")
    return not meant.isascii() and any(map(str.isascii, word)) and is_syllable(meant)


@cache
def _sequence(charset: str) -> re.Pattern[str]:
    """What two bytes of UTF-8 that Vietnamese letters begin with are shown as; a look for it costs next to nothing."""
    first, further = (_class(charset, bytes_) for bytes_ in (b"\xc3\xc4\xc5\xc6\xcc\xe1", bytes(range(0x80, 0xC0))))
    return re.compile(first + further)


def _class(charset: str, given: bytes) -> str:
    return f"[{re.escape(given.decode(charset, 'ignore'))}]"


def _byte(letter: str, charset: str) -> bytes:
    """A letter's byte; those that a charset leaves out were kept as controls of Latin-1."""
    return letter.encode("latin-1") if "\x80" <= letter <= "\x9f" else letter.encode(charset)
