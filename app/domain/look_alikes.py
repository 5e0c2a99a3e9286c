"""Letters that look like those of Vietnamese and are others: an eth for đ, a Cyrillic Н in a code, wide digits.

Keyboards, scans and old encodings leave them behind. Nobody sees the difference, so what is compared is compared
without it, and names are kept with the right letter.
"""

import re
import unicodedata

from app.normal_form import composed, normalized

CROSSED_D = str.maketrans("ÐðƉɖ", "ĐđĐđ")
"""Eth and the African letters, of which Windows fonts draw the capitals exactly like Đ."""
STROKED_D = re.compile("([DdĐđ])[\u0335-\u0338]")
"""A D and a stroke laid over it, which Unicode composes to no letter."""
OTHER_SCRIPTS = str.maketrans(
    "АВЕІЈКМНОРСЅТУХаеіјорсѕухһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοı", "ABEIJKMHOPCSTYXaeijopcsyxhABEZHIKMNOPTYXoi"
)
"""Cyrillic and Greek letters, and the i without a dot, by the Latin ones that they look like."""
DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
APOSTROPHES = re.compile(r"[\u02b9-\u02bf\u02c8\u2018\u2019\u201b\u2032`\u00b4]")
WIDE = re.compile(r"[\uff01-\uff5e]")
BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LETTER_WITH_MARKS = re.compile(r"([^\W\d_])([\u0300-\u036f]{2,})")
TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_latin(text: str) -> str:
    """A text for comparing, its look-alikes as the letters and signs that they look like.

    >>> as_latin("Н60‑１００"), as_latin("Ðà Nẵng")
    ('H60-100', 'Đà Nẵng')
    """
    plain = with_vietnamese_d(composed(normalized("NFKD", text))).translate(OTHER_SCRIPTS)
    return APOSTROPHES.sub("'", DASHES.sub("-", plain))


def with_right_letters(name: str) -> str:
    """A name as it was meant, in NFC: Đ for Ð, narrow letters and plain blanks, the marks of a letter in their order.

    Cyrillic and Greek letters are put right in a name that else is written in Latin ones.

    >>> with_right_letters("Ðà Nẵng"), with_right_letters("Phường Н１")
    ('Đà Nẵng', 'Phường H1')
    """
    narrow = with_vietnamese_d(WIDE.sub(lambda wide: chr(ord(wide[0]) - 0xFEE0), BLANKS.sub(" ", name)))
    latin = narrow.translate(OTHER_SCRIPTS)
    if any(map(_is_latin, narrow)) and all(
        letter.isascii() or not letter.isalpha() or _is_latin(letter) for letter in latin
    ):
        narrow = latin
    apart = LETTER_WITH_MARKS.sub(_in_order, normalized("NFD", narrow))
    return composed(apart)


def with_vietnamese_d(text: str) -> str:
    """A text with Đ and đ for the letters that are drawn like them; what else stands in it is left.

    >>> with_vietnamese_d("Quyết định số 1/QÐ-TTg")
    'Quyết định số 1/QĐ-TTg'
    """
    return STROKED_D.sub(lambda found: "Đ" if found[1] in "DĐ" else "đ", text.translate(CROSSED_D))


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def _in_order(found: re.Match[str]) -> str:
    """What makes another letter before the tone, as NFC composes them: some keyboards send them the other way round."""
    return found[1] + "".join(sorted(found[2], key=lambda mark: mark in TONES))
