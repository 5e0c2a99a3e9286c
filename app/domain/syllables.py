"""Which words could be Vietnamese: a syllable's head, its vowels with at most one tone, and its end.

Names of places in the Central Highlands come from other languages, are written with the same letters, and have heads
and ends of their own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
STOP_TONES = ("\u0301", "\u0323")
"""A syllable that ends in c, ch, p or t has one of these."""
CONSONANTS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x"
HEADS = frozenset(CONSONANTS.split()) | {""}
BEFORE_FRONT, BEFORE_BACK = frozenset({"k", "gh", "ngh"}), frozenset({"c", "ng"})
"""Heads that are written only before e, ê, i and y, and those that never are."""
HIGHLAND = re.compile(
    r"(?:[bdđghjlmnprstvyw]|k[bdlmnrt]?|[bdgpt][lr]|[hr][bmnrs]?|dj)?([^\W\d_bcdđfghj-np-tv-xz]{1,3})(?:[ckhlmnprt]|ng|nh)?"
)
"""A syllable of a name from the Central Highlands, its vowels as a group: `đắk`, `krông`, `plô`."""
WATERS = frozenset({"ea", "krong", "kon"})
"""What many of those names begin with: a water, a river, a village."""
LONGEST = len("nghiêng")
ENDS: dict[str, str] = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u",
    "i": "- ch m n nh p t u",
    "ia": "-",
    "iê": "c m n ng p t u",
    "y": "-",
    "yê": "m n ng t u",
    "o": "- c i m n ng p t",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": "- n o t",
    "oo": "c ng",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- c i m n ng p t",
    "ua": "-",
    "uâ": "n ng t y",
    "uê": "- ch nh",
    "uơ": "-",
    "uô": "c i m n ng t",
    "uy": "- ch nh p t u",
    "uya": "-",
    "uyê": "n t",
    "ư": "- c i m n ng t u",
    "ưa": "-",
    "ươ": "c i m n ng p t u",
}
"""What may stand behind the vowels; `-` is nothing."""


def is_syllable(word: str) -> bool:
    """Whether a word in NFC could be a Vietnamese syllable, with its tone on the right vowel; case says nothing.

    >>> is_syllable("Tuyên"), is_syllable("Tuyeân"), is_syllable("hoà"), is_syllable("biêt")
    (True, False, True, False)
    """
    return len(word) <= LONGEST and _is_syllable(word.lower())


@lru_cache(maxsize=10_000)
def _is_syllable(small: str) -> bool:
    return small in WATERS or any(
        small[:length] in HEADS and _fits(small[:length], small[length:]) for length in range(4)
    )


def is_highland_syllable(word: str) -> bool:
    """Whether a word in NFC could be one of a name from the Central Highlands; it has one tone at most.

    >>> is_highland_syllable("Đắk"), is_highland_syllable("Krông"), is_highland_syllable("Strauß")
    (True, True, False)
    """
    found = HIGHLAND.fullmatch(word.lower()) if len(word) <= LONGEST else None
    return found is not None and found[1] in VOWELS


def _fits(head: str, rest: str) -> bool:
    if rest not in RESTS or (head == "q" and rest[0] != "u"):
        return False
    if unicodedata.normalize("NFD", rest)[0] in "eiy":
        return head not in BEFORE_BACK
    return head not in BEFORE_FRONT


def _toned(vowels: str, end: str) -> Iterator[str]:
    """The vowels with each tone that they may have, at each place where it is written."""
    for tone, place in product(STOP_TONES if end in ("c", "ch", "p", "t") else ("", *TONES), _places(vowels)):
        yield unicodedata.normalize("NFC", f"{vowels[: place + 1]}{tone}{vowels[place + 1 :]}")


def _places(vowels: str) -> tuple[int, ...]:
    """On which vowels a tone is written: the last that is a letter of its own, as ê or ơ, else by custom."""
    own = [place for place, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if own:
        return (own[-1],)
    if vowels in ("oa", "oe", "oo", "uy"):
        return 0, 1
    return (1,) if len(vowels) == 3 else (0,)


RESTS = frozenset(
    toned + end.strip("-") for vowels, ends in ENDS.items() for end in ends.split() for toned in _toned(vowels, end)
)
"""All that may stand behind a head."""
VOWELS = frozenset(toned for vowels in ENDS for toned in _toned(vowels, ""))
