"""What was probably meant: the nearest known code."""

from collections.abc import Callable, Collection
from difflib import get_close_matches
from unicodedata import category

from app.domain.look_alikes import as_latin

ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "Đ": "D", "đ": "d", " ": None, "_": ".", "-": "."})
FUZZY_SEARCHES = 100
"""How many different codes of one request are compared with the known ones: each may cost tens of milliseconds."""
MOST_COMPARED = 1_000
"""So many known codes are compared with one; of more, those that begin or end as it does."""
LONGEST = 100
"""Nothing that is longer stands for a code."""


def nearest(code: str, known: Collection[str]) -> str | None:
    """The known code that `code` most likely stands for, or None.

    Letters that look like digits come first, then small slips among codes of about the same length.

    >>> nearest("H6O", {"H60", "H61"})
    'H60'
    """
    return misread(code, known) or slipped(code, known)


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


def slipped(code: str, known: Collection[str]) -> str | None:
    """The most similar known code of about the same length that begins alike."""
    if len(code) > LONGEST:
        return None
    alike = [each for each in known if abs(len(each) - len(code)) <= 2 and each[:1].lower() == code[:1].lower()]
    if len(alike) > MOST_COMPARED:
        half = len(code) // 2
        begin, end = code[:half], code[half:]
        alike = [each for each in alike if each.startswith(begin) or each.endswith(end)]
    near = get_close_matches(code, alike[:MOST_COMPARED], 1, cutoff=0.75)
    return near[0] if near else None


def similar(name: str, known: Collection[str]) -> str | None:
    """The most similar of a few known names, whatever its length and beginning."""
    near = get_close_matches(name, known, 1) if len(name) <= LONGEST else []
    return near[0] if near else None


Search = Callable[[str, Collection[str]], str | None]


class Suggester:
    """`nearest` for a whole request: only the first codes are compared with the known ones, each of them once."""

    def __init__(self, known: Collection[str], search: Search = slipped) -> None:
        self.known, self.search = known, search
        self.told: dict[str, str | None] = {}

    def __call__(self, code: str) -> str | None:
        return misread(code, self.known) or self._slipped(code)

    def _slipped(self, code: str) -> str | None:
        if code not in self.told and len(self.told) < FUZZY_SEARCHES:
            self.told[code] = self.search(code, self.known)
        return self.told.get(code)
