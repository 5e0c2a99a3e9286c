"""Vietnamese text as it was typed for fonts from before Unicode."""

from unicodedata import normalize

from app.domain.old_fonts import TCVN3, VNI, VNI_MARKS
from app.domain.syllables import TONES

TO_TCVN3 = {drawn: shown for shown, drawn in TCVN3.items()}
TO_VNI = {drawn: shown for shown, drawn in VNI.items()}
TO_MARK = {marks: shown for shown, marks in VNI_MARKS.items()}


def in_tcvn3(text: str) -> str:
    """Accented capitals have fonts of their own, and so the codes of small letters."""
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower(), letter) for letter in text)


def in_vni(text: str) -> str:
    return "".join(map(_in_vni, text))


def _in_vni(letter: str) -> str:
    if letter in TO_VNI or letter.lower() in "ìí":
        return TO_VNI.get(letter, letter)
    base, *marks = list(normalize("NFD", letter))
    if "\u031b" in marks:
        marks.remove("\u031b")
        base = TO_VNI[normalize("NFC", base + "\u031b")]
    shown = TO_MARK["".join(sorted(marks, key=TONES.__contains__))] if marks else ""
    return base + (shown.upper() if base.isupper() else shown)
