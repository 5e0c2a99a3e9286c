"""Texts written for fonts from before Unicode, which draw Vietnamese letters in the place of other letters and signs.

A text betrays such a font where words that are no Vietnamese as they stand become Vietnamese by the font's table.
Letters alone betray nothing: `é` is French, and in TCVN3 it is `ộ`. What is found so is probable, never certain: the
text is kept, and a warning says what it would be in Unicode.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from app.domain.syllables import TONES, is_highland_syllable, is_syllable
from app.errors import ErrorCode, Fault
from app.normal_form import composed

TCVN3 = dict(
    zip(
        "¡¢§£¤¥¦µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ",
        "ĂÂĐÊÔƠƯàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
        strict=True,
    )
)
"""What fonts of TCVN 5712:1993 (.VnTime and its like) draw for letters and signs of windows-1252."""
NEVER_LAST = "¨»¾¼½Æ©ÇÊÈÉË®"
"""Letters of TCVN3 behind which another one must follow: there they are quotation marks, fractions and trade marks."""
SIGNS_IN_TCVN3 = "".join(each for each in TCVN3 if not each.isalpha() and each not in NEVER_LAST)
WORD_IN_TCVN3 = re.compile(
    rf"(?<![{NEVER_LAST}])(?!µ)(?:[{NEVER_LAST}]*(?:(?![{NEVER_LAST}])[^\W\d_]|[{SIGNS_IN_TCVN3}]))+"
)
"""No character fits in two places of it, and it is not begun within a run of those: any text is read in linear time."""

VNI = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
"""What VNI fonts draw for a letter that stands alone; other letters are a vowel with marks behind it."""
VNI |= {shown.upper(): drawn.upper() for shown, drawn in VNI.items()}
VNI_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
VNI_MARKS |= {"â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309"}
VNI_MARKS |= {"ã": "\u0302\u0303", "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300"}
VNI_MARKS |= {"ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323"}
LETTER_IN_VNI = re.compile(r"([aeouyôö])([ùøûõï])|([aeo])([âáàåãä])|(a)([êéèúüë])|([ôöñæóòî])", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")

SIGN_WITHIN = re.compile(r"[^\W\d_ª×÷·][¡-¹»-¿](?=[^\W\d_])")
PROVES_LITTLE = re.compile(r"[A-Za-z][×÷·][A-Za-z]|(?:[Tt]h|[A-Za-z])[ao]ï[cmn]?|[A-Za-z]ª|[Aa]ún|[Tt]ôt")
"""Words that are in use as they stand: `n×m`, Loïc and Thaï, Mª and aún (Spanish), tôt (French)."""

SIGN_IN_NAME = re.compile(r"[^\W\d_ª×÷·][¡-¹»-¿](?=[^\W\d_])|§[¡-¹»-¿](?=[^\W\d_])|a[éê]k|[kp][lr]oâng", re.IGNORECASE)
"""What names from the Central Highlands have in an old font, and no word of another language."""
IN_NO_USE = re.compile("kễ(?!nh)", re.IGNORECASE)
"""What begins no Vietnamese word; in TCVN3 it is `KÔ`, with which names from the Central Highlands begin (`KÔN`)."""
KINDS_OF_UNITS = frozenset({"xã", "phường", "huyện", "tỉnh", "quận"})
"""Words that begin the names of units, and which in an old font are written as in no other language: `X·`, `xaõ`."""
PRODUCT = re.compile(r"\d[Xx]·|[Xx]·\s*\d")
"""Where `x·` is no word."""
BODIES = frozenset({"UBND", "HDND", "TTHC", "KH", "CN", "GD", "TN", "MT", "NN", "XD", "VH", "TT", "TC", "NV"})
"""Abbreviations of public bodies, which speak for Vietnamese as its words do."""

OF_1252 = frozenset(bytes(range(256)).decode("cp1252", "ignore"))

WRITTEN_FOR = ErrorCode(
    "text_in_old_font",
    "From character {place} on the text seems to be written for a font from before Unicode, {font}{meant}. It is kept "
    "as it was sent; convert it to Unicode, for example by the toolkit of UniKey (Ctrl+Shift+F6), and send it again.",
    "Từ ký tự thứ {place}, chữ có vẻ dùng bảng mã cũ {font}, không phải Unicode{meant}. Nội dung vẫn được lưu đúng "
    "như đã gửi; hãy chuyển mã sang Unicode, ví dụ bằng bộ công cụ của UniKey (Ctrl+Shift+F6), rồi gửi lại.",
)


class OldFont(NamedTuple):
    """The font that a text was written for, the place of its first word that shows it, from 1, and what it says.

    `meant` is empty where not all of the text could be read so.
    """

    font: str
    place: int
    meant: str


def old_font_fault(text: str) -> Fault | None:
    """The warning `text_in_old_font`, which suggests the text in Unicode; None for any other text."""
    found = None if text.isascii() else find_old_font(text)
    if found is None:
        return None
    context = {**found._asdict(), "meant": f" (“{found.meant[:60]}”)" if found.meant else ""}
    return Fault(WRITTEN_FOR, context, value=text, suggestion=found.meant or None)


def find_old_font(text: str) -> OldFont | None:
    """The font from before Unicode that a text was probably written for.

    >>> find_old_font("TØnh Tuyªn Quang"), find_old_font("Tænh Tuyeân Quang").meant, find_old_font("Tỉnh Tuyên Quang")
    (OldFont(font='TCVN3 (ABC)', place=1, meant='Tỉnh Tuyên Quang'), 'Tỉnh Tuyên Quang', None)
    """
    whole = composed(text)
    if all(word.isascii() or _is_vietnamese(word) for word in WORD_IN_TCVN3.findall(whole)):
        return None
    for shown in dict.fromkeys((whole, _as_windows_1252(whole))):
        best = max((_read(shown, *font) for font in FONTS), key=lambda reading: reading.evidence)
        genuine = 0 if shown == whole else sum(map(_is_vietnamese, _accented(whole)))
        if best.is_convincing and best.words > genuine:
            return OldFont(best.font, best.place, best.meant)
    return None


@dataclass(slots=True)
class _Reading:
    """A text as one font draws it, and what speaks for it: `words` that only so become Vietnamese, and their weight."""

    font: str
    evidence: int = 0
    words: int = 0
    is_certain: bool = False
    against: int = 0
    plain: list[bool] = field(default_factory=list)
    place: int = 0
    meant: str = ""

    @property
    def is_convincing(self) -> bool:
        helped = self.evidence > 0 and bool(self.plain) and all(self.plain)
        is_likely = self.words >= self.against and self.words + self.plain.count(True) > self.plain.count(False)
        return self.is_certain or (self.evidence + helped > 1 and is_likely)

    def take(self, shown: str, drawn: str, place: int) -> str:
        """One word as it stands and as the font draws it; which of them it is to be."""
        if len(shown) == 1 and not shown.isalpha():
            return shown
        if shown.isascii():
            is_word = shown in BODIES if shown.isupper() else is_syllable(shown)
            self.plain += [is_word] if len(shown) > 1 and (is_word or not shown.isupper()) else []
            return shown
        is_name = bool(SIGN_IN_NAME.search(shown)) and is_highland_syllable(drawn)
        if not is_name and (not is_syllable(drawn) or IN_NO_USE.match(drawn)):
            self.against += not drawn.isupper()
            return drawn if drawn.isupper() else shown
        if drawn != shown and (is_name or _is_vietnamese(drawn)) and not _is_vietnamese(shown):
            self.is_certain = self.is_certain or drawn.lower() in KINDS_OF_UNITS
            self.place = self.place or place
            self.words += 1
            self.evidence += _weight(shown, drawn)
        return drawn


def _read(text: str, font: str, words: re.Pattern[str], draw: Callable[[str], str]) -> _Reading:
    reading = _Reading(font)
    meant = words.sub(lambda word: reading.take(word[0], composed(draw(word[0])), word.start() + 1), text)
    reading.is_certain = reading.is_certain and not PRODUCT.search(text)
    reading.meant = "" if reading.against else meant
    return reading


def _is_vietnamese(word: str) -> bool:
    """Whether a word may stand as it is: nobody writes a capital behind small letters, as in `tÕ` or `BÕn`."""
    return is_syllable(word) and (word.islower() or word.istitle() or word.isupper())


def _weight(shown: str, drawn: str) -> int:
    """How much a word proves: short ones are found in other languages, and signs behind a word are just signs."""
    if len(drawn) < 2 or PROVES_LITTLE.fullmatch(shown):
        return 0
    is_strong = SIGN_WITHIN.search(shown) or any(map(_is_foreign, shown)) or len(shown) > 3
    return 2 if is_strong and len(shown) > 2 else 1


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii() and letter not in "ªºµ"


def _in_tcvn3(word: str) -> str:
    """The word as it is drawn. Its accented letters have no capitals: it is in capitals where its other letters are."""
    drawn = "".join(TCVN3.get(letter, letter) for letter in word)
    plain = "".join(filter(str.isascii, word))
    return drawn.upper() if len(plain) > 1 and plain.isupper() else drawn


def _in_vni(word: str) -> str:
    def drawn(found: re.Match[str]) -> str:
        letter, *marks = (part for part in found.groups() if part)
        if letter.islower() and marks and marks[0].isupper():
            return found[0]
        return "".join([VNI.get(letter, letter), *(VNI_MARKS[mark.lower()] for mark in marks)])

    return LETTER_IN_VNI.sub(drawn, word)


FONTS = (("VNI", WORD, _in_vni), ("TCVN3 (ABC)", WORD_IN_TCVN3, _in_tcvn3))


def _accented(text: str) -> Iterator[str]:
    return (word for word in WORD.findall(text) if not word.isascii())


def _as_windows_1252(text: str) -> str:
    """The text as its font expects it where it was read as windows-1258; else as it is."""
    try:
        return text if OF_1252.issuperset(text) else b"".join(map(_byte_of_1258, text)).decode("cp1252")
    except UnicodeError:
        return text


@cache
def _byte_of_1258(letter: str) -> bytes:
    """The bytes of a letter, of which tones are bytes of their own."""
    try:
        return letter.encode("cp1258")
    except UnicodeError:
        marks = unicodedata.normalize("NFD", letter)
        bare = "".join(mark for mark in marks if mark not in TONES)
        return (unicodedata.normalize("NFC", bare) + "".join(mark for mark in marks if mark in TONES)).encode("cp1258")
