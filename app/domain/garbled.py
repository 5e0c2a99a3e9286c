"""Text that was read in a wrong encoding before it came here; once stored, nobody could tell what it said.

Only signs that stand in no correct text of any language count, so exotic damage is missed rather than a name refused:

- U+FFFD, which a decoder puts where a letter was lost;
- bytes of UTF-8, each shown as a letter or sign of windows-1252 (`Tá»‰nh`) or of another code page (`x√£`);
- tones of windows-1258 shown as the letters that windows-1252 has in their place (`Sôì liêòu`), which follow another
  vowel there, and are capitals inside a word;
- letters of windows-1252 shown as tones of windows-1258, which then stand on consonants (`B́nh`).
"""

import re
from typing import NamedTuple

from app.domain.double_encoding import CODE_PAGES, double_encoded_at, read_again
from app.domain.old_fonts import find_old_font
from app.errors import ErrorCode, Fault, Text
from app.normal_form import composed

LOST = "\ufffd"

SUSPECT = re.compile("[\ufffdº»€ÃĂÄÅÆìòýÝÌÒÞ\u0300-\u0323√ƒ≈∆·├─┼╞ß░╠ГДЕЖбМ]")
"""One of these is in every text that is garbled; a look for them is ten times as fast as for what is around them."""
UTF8_SHOWN = re.compile(
    r"á[º»][^\sA-Za-z]"  # Vietnamese letters with two marks
    r"|â€"  # quotation marks and dashes
    r"|[ÃĂ](?:[\x80-\x9f¡¢£¨©ª¬\xad´µº½€ƒˆ‰ŠŒš]|[²³¹](?=[a-z])|[’”•™](?=[A-Z]))"
    r"|(?<=[a-z])[ÃĂ]\xa0|(?<=\b[DHLTV])[ÃĂ]\xa0(?=[ a-z])"  # à, of which half is a hard space
    r"|Ì[\x81€ƒ‰£‚†]|Ì›(?=[a-zÌ])"  # tones and marks that stand behind their letter
    r"|Ä(?:[\x90ƒ¨©]|‘(?=\w))|Å[¨©]|Æ[¡°¯]"  # Đ, ă, ĩ, đ; ũ; ơ, ư
)
TONES_SHOWN = re.compile(
    r"[âêôãõÂÊÔÃÕ][ìòÌÒ]|[ýÝ][õìòÕÌÒ]"
    r"|[aeiouyâêôãõý][ÌÒÞ]|[AEIOUYÂÊÔÃÕÝ]Þ\b"
    r"|[aey][ìò](?:ng|nh|ch|[cmnpt])|oì(?:ng|[cmpt])|uì(?:ng|[cmp])"
    r"|[AEY][ÌÒ](?:NG|NH|CH|[CMNPT])|OÌ(?:NG|[CMPT])|UÌ(?:NG|[CMP])"
)
TONE_ON_CONSONANT = re.compile("[bdđfhpqtvxBDĐFHPQTVX][\u0301\u0309\u0323]")
SHOWN_TONES = (
    (TONES_SHOWN, "windows-1258", "windows-1252"),
    (TONE_ON_CONSONANT, "windows-1252", "windows-1258"),
)
"""The signs, the encoding of a text that shows them, and the one in which it was read."""
PAGES = ("windows-1252", "windows-1258", *CODE_PAGES)
"""In which UTF-8 may have been read."""
UNSURE = Text("another encoding", "bảng mã khác")
QUOTED = re.compile("«[^«»]*á»")

LETTER_LOST = ErrorCode(
    "text_garbled",
    "Character {place} of the text is U+FFFD: a letter was lost there when the text was read in a wrong encoding; "
    "take it anew from its source, and save it as UTF-8.",
    "Ký tự thứ {place} là U+FFFD: một chữ cái đã mất do đọc sai bảng mã; hãy lấy lại nội dung từ nguồn và lưu "
    "dưới dạng UTF-8.",
)
READ_WRONGLY = ErrorCode(
    "text_garbled",
    "From character {place} on the text is garbled: it is probably {written_in} that was read as {shown_as}{meant}. "
    "Put it right where it comes from and send it again as UTF-8; only of a CSV file that is itself in {written_in} is "
    "it enough to declare charset={written_in}.",
    "Chữ bị lỗi phông từ ký tự thứ {place}: có lẽ là {written_in} bị đọc thành {shown_as}{meant}. Hãy sửa lại nội "
    "dung tại nguồn rồi gửi lại dưới dạng UTF-8; riêng tệp CSV vốn dùng bảng mã {written_in} thì chỉ cần khai báo "
    "charset={written_in}.",
)


class GarbledText(NamedTuple):
    """Where a text is garbled, from 1, in which encoding it probably was, in which it was read, and what it said.

    Without an encoding, a letter was lost; what it was nobody can tell. `shown_as` is `UNSURE` where all that may have
    been read so have the same letters.
    """

    place: int
    written_in: str = ""
    shown_as: str | Text = ""
    meant: str = ""

    @property
    def sentence(self) -> ErrorCode:
        return READ_WRONGLY if self.written_in else LETTER_LOST

    @property
    def context(self) -> dict[str, object]:
        """What the sentence speaks of."""
        return {**self._asdict(), "meant": f" (“{self.meant[:60]}”)" if self.meant else ""}


def garbled_fault(text: str) -> Fault | None:
    """`text_garbled` where `find_garbled` finds a place; it suggests what the text probably said."""
    found = find_garbled(text)
    if found is None:
        return None
    return Fault(found.sentence, found.context, value=text[:100], suggestion=found.meant[:100] or None)


def find_garbled(text: str) -> GarbledText | None:
    """The first place where a text betrays a wrong encoding; None for a text that is whole.

    >>> find_garbled("Tá»‰nh").meant, find_garbled("Sôì liêòu").meant, find_garbled("Tỉnh")
    ('Tỉnh', 'Số liệu', None)
    """
    if text.isascii() or not SUSPECT.search(text):
        return None
    if LOST in text:
        return GarbledText(text.index(LOST) + 1)
    whole = composed(text)
    return _utf8_shown(whole) or _tones_shown(whole)


def _utf8_shown(text: str) -> GarbledText | None:
    """Where bytes of UTF-8 are shown; no text for an old font has them in their order, so it need not be asked for."""
    if found := UTF8_SHOWN.search(text):
        garbled = _garbled(text, found.start(), "UTF-8", PAGES)
        if garbled.meant or not QUOTED.search(text):
            return garbled
    places = {page: place for page in CODE_PAGES if (place := double_encoded_at(text, page)) is not None}
    return _garbled(text, min(places.values()), "UTF-8", tuple(places)) if places else None


def _tones_shown(text: str) -> GarbledText | None:
    """Where tones are shown as letters, or letters as tones; letters of old fonts, as in `nhiÒu`, look like them."""
    for signs, written_in, shown_as in SHOWN_TONES:
        if (found := signs.search(text)) and not find_old_font(text):
            return _garbled(text, found.start(), written_in, (shown_as,))
    return None


def _garbled(text: str, at: int, written_in: str, charsets: tuple[str, ...]) -> GarbledText:
    """What is said of a text: the charsets are those in which it may have been read."""
    said = {charset: meant for charset in charsets if (meant := read_again(text, charset, written_in))}
    shown_as = next(iter(said or charsets)) if len(said or charsets) == 1 else UNSURE
    return GarbledText(at + 1, written_in, shown_as, next(iter(said.values()), ""))
