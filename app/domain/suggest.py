"""What was probably meant: the nearest known code."""

from collections.abc import Collection
from difflib import get_close_matches
from unicodedata import category

ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "Đ": "D", "đ": "d", " ": None, "_": "."})
FUZZY_SEARCHES = 50
"""How many different codes of one file are compared with every known one: each may cost tens of milliseconds."""


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
    code = visible(code)
    for candidate in (code.upper(), code.translate(ALIKE), code.upper().translate(ALIKE), code.lower()):
        if candidate in known:
            return candidate
    return None


def slipped(code: str, known: Collection[str]) -> str | None:
    """The most similar known code of about the same length that begins alike."""
    similar = [each for each in known if abs(len(each) - len(code)) <= 2 and each[:1].lower() == code[:1].lower()]
    near = get_close_matches(code, similar[:20_000], 1, cutoff=0.75)
    return near[0] if near else None


class Suggester:
    """`nearest` for a whole file: one code is looked up once, and only so many are compared with every known one."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.told: dict[str, str | None] = {}
        self.left = FUZZY_SEARCHES

    def __call__(self, code: str) -> str | None:
        if code not in self.told:
            self.told[code] = misread(code, self.known) or self._slipped(code)
        return self.told[code]

    def _slipped(self, code: str) -> str | None:
        if not self.left:
            return None
        self.left -= 1
        return slipped(code, self.known)
