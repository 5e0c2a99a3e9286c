"""What was probably meant: the nearest known code."""

from bisect import bisect
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import cached_property, partial
from heapq import nlargest
from unicodedata import category

from app.domain.look_alikes import as_latin

ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "Đ": "D", "đ": "d", " ": None, "_": ".", "-": "."})
FUZZY_SEARCHES = 100
"""How many different codes of one request are compared with the known ones: each may cost tens of milliseconds."""
MOST_LOOKED_AT = 1_000
"""So many known codes are looked at for one; of more, those next to it in order, read from either end."""
LETTERS_COMPARED = 10_000
"""Pairs of letters that are compared for one, and so a hundred codes of ten letters: those that share most with it."""
SHORT = 5
"""Letters of a name that is like others by chance."""
LONGEST = 100
"""Nothing that is longer stands for a code."""


def nearest(code: str, known: Collection[str]) -> str | None:
    """The known code that `code` most likely stands for, or None.

    Letters that look like digits come first, then small slips among codes of about the same length.

    >>> nearest("H6O", {"H60", "H61"})
    'H60'
    """
    return misread(code, known) or is_one_slip_apart(code, known)


def visible(text: str) -> str:
    """The text without the characters that nobody sees, such as a byte order mark or a space of no width.

    >>> visible("\ufeffH60\u200b ")
    'H60'
    """
    return "".join(letter for letter in text if category(letter) != "Cf").strip()


def misread(code: str, known: Collection[str]) -> str | None:
    """The known code that differs in case, spaces, unseen characters or letters that look like digits only."""
    if len(code) > LONGEST:
        return None
    code = as_latin(visible(code))
    for candidate in (code.upper(), code.translate(ALIKE), code.upper().translate(ALIKE), code.lower()):
        if candidate in known:
            return candidate
    return None


def is_one_slip_apart(code: str, known: Collection[str]) -> str | None:
    """The most similar known code of about the same length that begins alike."""
    return TypoIndex(known).nearest(code)


class TypoIndex:
    """Known codes in the order of their beginnings and of their ends, to find the one of which a slip made another."""

    def __init__(self, known: Collection[str]) -> None:
        self.forwards = sorted(known)
        self.backwards = sorted(each[::-1] for each in known) if len(known) > MOST_LOOKED_AT else []

    def nearest(self, code: str) -> str | None:
        """The most similar code of about the same length that begins alike."""
        if len(code) > LONGEST:
            return None
        near = self._around(code) if self.backwards else self.forwards
        alike = [each for each in near if abs(len(each) - len(code)) <= 2 and each[:1].lower() == code[:1].lower()]
        most = max(LETTERS_COMPARED // max(len(code), 1) ** 2, 1)
        if len(alike) > most:
            alike = nlargest(most, alike, key=partial(_shared, code))
        found = get_close_matches(code, alike, 1, cutoff=0.75)
        return found[0] if found else None

    def _around(self, code: str) -> Collection[str]:
        """The codes that stand next to it in either order: a slip leaves its beginning or its end as it was."""
        side = MOST_LOOKED_AT // 4
        begun, ended = bisect(self.forwards, code), bisect(self.backwards, code[::-1])
        begins = self.forwards[max(begun - side, 0) : begun + side]
        ends = self.backwards[max(ended - side, 0) : ended + side]
        return dict.fromkeys([*begins, *(each[::-1] for each in ends)])


def _shared(code: str, other: str) -> int:
    """How many letters two codes share at their beginnings and at their ends."""
    return _begun_alike(code, other) + _begun_alike(code[::-1], other[::-1])


def _begun_alike(code: str, other: str) -> int:
    return next((place for place, (one, two) in enumerate(zip(code, other, strict=False)) if one != two), len(code))


def similar(name: str, known: Collection[str]) -> str | None:
    """The most similar of a few known names; for a short one only a name of about its length, or that it begins.

    >>> similar("perod", ["format", "period"]), similar("from", ["format", "period"])
    ('period', None)
    """
    if len(name) <= SHORT:
        known = [each for each in known if abs(len(each) - len(name)) <= 1 or each.startswith(name)]
    near = get_close_matches(name, known, 1) if len(name) <= LONGEST else []
    return near[0] if near else None


class Suggester:
    """`nearest` for a whole request: only the first codes are compared with the known ones, each of them once.

    `search` finds the one that was meant where it is not `TypoIndex` that does.
    """

    def __init__(
        self, known: Collection[str], search: Callable[[str, Collection[str]], str | None] | None = None
    ) -> None:
        self.known, self.search = known, search
        self.found: dict[str, str | None] = {}

    @cached_property
    def slips(self) -> TypoIndex:
        return TypoIndex(self.known)

    def __call__(self, code: str) -> str | None:
        return misread(code, self.known) or self._slipped(code)

    def _slipped(self, code: str) -> str | None:
        if code not in self.found and len(self.found) < FUZZY_SEARCHES:
            self.found[code] = self.search(code, self.known) if self.search else self.slips.nearest(code)
        return self.found.get(code)


class Speller:
    """Suggests what a misspelt word may have meant, within a budget of words and of comparisons.

    Each comparison costs some ten microseconds, and a hostile document can hold thousands of unknown words next to
    thousands of known ones: faults beyond the budget are named without a suggestion.
    """

    def __init__(self, budget: int = 20_000) -> None:
        self.budget, self.words = budget, FUZZY_SEARCHES

    def near(self, word: str, known: Iterable[str]) -> str | None:
        if not self.words or len(word) > 60:
            return None
        candidates = list(known)
        self.words -= 1
        self.budget -= len(candidates)
        if self.budget < 0:
            return None
        return next(iter(get_close_matches(word, candidates, n=1, cutoff=0.6)), None)
