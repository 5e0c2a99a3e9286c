"""Vietnamese text: composed for keeping, folded for searching, keyed for sorting the same in every database."""

import re
import unicodedata
from functools import lru_cache

from app.domain.look_alikes import OTHER_SCRIPTS, as_latin
from app.normal_form import composed, normalized

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The 29 letters in dictionary order, with f j w z where Latin has them."""

TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Huyền, hỏi, ngã, sắc, nặng in dictionary order; "0" is ngang, the tone without a mark."""

SHAPES = {("a", "\u0306"): "ă", ("a", "\u0302"): "â", ("e", "\u0302"): "ê", ("o", "\u0302"): "ô"} | {
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
"""Marks that make another letter, as against tones."""

LETTER_KEYS = {letter: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijk"[place] for place, letter in enumerate(ALPHABET)}
FOREIGN = "z"
"""Begins the key of a letter outside the alphabet, after every letter inside it."""
LEVEL, SPACE = "!", "#"
"""The end of a level sorts before a space, a space before digits (0-9), digits before letters (A-z)."""

OPEN_Y = re.compile(r"(?<=[bcdghklmnpqrstvx])y|(?<=qu)y")
"""The y that is written i as well: Kỳ and Kì, Mỹ and Mĩ, Quý and Quí. (Not behind a vowel: Tây is no Tài.)"""
WORDS = re.compile(r"[^\W_]+")
WORDS_WITH_MARKS = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
NUMBERS_AND_LETTERS = re.compile(r"[0-9]+|[^0-9]")


def nfc(text: str) -> str:
    """Composed text, as names are kept: one code point for `ế`, however it was typed."""
    return composed(text)


def fold(text: str) -> str:
    """Text for a search that ignores case, accents, đ/d, i/y, look-alikes, punctuation and where the tone was put.

    >>> fold("Bình Thành"), fold("ĐỊNH  HOÁ"), fold("Lao động - Thương binh"), fold("Ðà Nẵng"), fold("Kỳ Sơn")
    ('binh thanh', 'dinh hoa', 'lao dong thuong binh', 'da nang', 'ki son')
    """
    bare = "".join(letter for letter in _plain(text) if not unicodedata.combining(letter)).translate(OTHER_SCRIPTS)
    return " ".join(WORDS.findall(OPEN_Y.sub("i", bare.replace("đ", "d"))))


@lru_cache(maxsize=10_000)
def accents_differ(text: str, other: str) -> bool:
    """Whether two texts that fold alike contradict each other in their accents, wherever their tones were put.

    One that is written without any accent contradicts none. Compared from behind, as far as the words are the same:
    names of units begin with `UBND` or `Ủy ban nhân dân`, or with nothing.

    >>> accents_differ("Đông Hà", "Xã Đồng Hạ"), accents_differ("dong ha", "Xã Đồng Hạ"), accents_differ("HOÀ", "Hòa")
    (True, False, False)
    """
    words, others = (WORDS_WITH_MARKS.findall(_plain(each).translate(OTHER_SCRIPTS)) for each in (text, other))
    if not (has_accents(text) and has_accents(other)):
        return False
    for word, same in zip(reversed(words), reversed(others), strict=False):
        if fold(word) != fold(same):
            return False
        if sort_key(OPEN_Y.sub("i", word)) != sort_key(OPEN_Y.sub("i", same)):
            return True
    return False


def has_accents(text: str) -> bool:
    plain = _plain(text)
    return "đ" in plain or any(map(unicodedata.combining, plain))


def sort_key(text: str) -> str:
    """An ASCII text whose plain byte order (COLLATE "C", BINARY) is the order of a Vietnamese dictionary.

    Letters over the whole phrase first (a ă â b c d đ e ê …), then the tones word by word (ngang, huyền, hỏi, ngã,
    sắc, nặng), then case, small first. Numbers sort by their size, punctuation like a space. One tone per word makes
    `hòa` and `hoà` equal. Texts with equal keys differ in nothing a dictionary looks at.

    >>> sorted(["Quận 10", "Đà Nẵng", "Quận 2", "Dầu Tiếng", "Ân Thi", "An Giang"], key=sort_key)
    ['An Giang', 'Ân Thi', 'Dầu Tiếng', 'Đà Nẵng', 'Quận 2', 'Quận 10']
    """
    words = [_Word(word) for word in WORDS_WITH_MARKS.findall(_decomposed(text))]
    letters = SPACE.join(word.letters for word in words)
    tones = "".join(word.tones for word in words)
    capitals = "".join(word.capitals for word in words)
    return f"{letters}{LEVEL}{tones}{LEVEL}{capitals}"


class _Word:
    """One word taken apart: the keys of its letters, its tones ("0" for none), per letter a 1 for a capital."""

    def __init__(self, decomposed: str) -> None:
        bases: list[str] = []
        tones: list[str] = []
        capitals: list[str] = []
        for character in decomposed:
            if not unicodedata.combining(character):
                bases.extend(character.lower())
                if not character.isdecimal():
                    capitals.append("0" if character == character.lower() else "1")
            elif character in TONES:
                tones.append(TONES[character])
            elif bases:
                bases[-1] = SHAPES.get((bases[-1], character), bases[-1])
        self.letters = "".join(map(_key, NUMBERS_AND_LETTERS.findall("".join(map(_digit, bases)))))
        self.tones = "".join(tones) or "0"
        self.capitals = "".join(capitals)


def _key(part: str) -> str:
    """The key of one letter or of one whole number."""
    if part.isdecimal():
        return _number_key(part.lstrip("0") or "0")
    return LETTER_KEYS.get(part) or f"{FOREIGN}{ord(part):06x}"


def _number_key(digits: str) -> str:
    """Length before digits, so that 2 sorts before 10; a length of nine or more is spelled out."""
    return f"{len(digits)}{digits}" if len(digits) < 9 else f"9{min(len(digits), 9999):04}{digits}"


def _digit(character: str) -> str:
    """Decimal digits of any script as ASCII ones."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _plain(text: str) -> str:
    """Letters as they are compared, their marks behind them."""
    return _decomposed(as_latin(_decomposed(as_latin(text)).casefold()))


def _decomposed(text: str) -> str:
    return normalized("NFKD", text)
