"""What was probably meant: the nearest known code."""

from collections.abc import Collection
from difflib import get_close_matches

ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "Đ": "D", "đ": "d", " ": None, "_": "."})


def nearest(code: str, known: Collection[str]) -> str | None:
    """The known code that `code` most likely stands for, or None.

    Letters that look like digits come first, then small slips among codes of about the same length.

    >>> nearest("H6O", {"H60", "H61"})
    'H60'
    """
    for candidate in (code.strip().upper(), code.translate(ALIKE), code.upper().translate(ALIKE), code.lower()):
        if candidate in known:
            return candidate
    similar = [each for each in known if abs(len(each) - len(code)) <= 2 and each[:1].lower() == code[:1].lower()]
    near = get_close_matches(code, similar[:20_000], 1, cutoff=0.75)
    return near[0] if near else None
