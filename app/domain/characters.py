"""Which characters a text that people read may hold: those that can be seen, and blanks.

What nobody sees makes two names of one, hides a formula from a spreadsheet's eye or turns a sentence round. Inside a
text it is refused with its place rather than taken out in silence: whoever pasted it mends the source as well. Around
a text it says nothing and is taken off, at every door alike.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.domain.garbled import find_garbled
from app.domain.look_alikes import with_right_letters, with_vietnamese_d
from app.domain.old_fonts import find_old_font
from app.domain.vietnamese import nfc
from app.errors import ErrorCode, Fault, shortened

UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that Unicode has nothing drawn for, variation selectors among them."""
SPACES = (*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
FORMATS = (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x1A)
FILLERS = (0x34F, 0x115F, 0x1160, *range(0x180B, 0x1810), 0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFFA0)
EDGES = "".join(map(chr, (*SPACES, *FORMATS, *FILLERS)))
"""What nobody misses around a text: kinds of spaces, soft hyphens, joiners, marks of order and of a file's end."""
ODD_SPACES = re.compile(r"[^\S\t\n\v\f\r ]")
"""Spaces in a code or figure that look like the plain one, and are another character."""
SOFT_HYPHEN = "\xad"
LINE_ENDS = re.compile(r"\r\n?")

HIDDEN_CHARACTER = ErrorCode(
    "text_invalid",
    "Character {place} of the text is {point}{name}, which cannot be seen or printed; take it out.",
    "Ký tự thứ {place} là {point}{name}, không nhìn thấy hoặc không in được; hãy xóa ký tự này.",
)
LETTERS_CORRECTED = ErrorCode(
    "letters_corrected",
    "The text was sent with letters that only look like those of Vietnamese; it is kept as `{kept}`.",
    "Nội dung được gửi với ký tự chỉ trông giống chữ tiếng Việt; nội dung được lưu là `{kept}`.",
)
LONGEST_SHOWN = 200


class HiddenCharacter(NamedTuple):
    """A character that cannot be seen: its place in the text, from 1, its code point and ` (ITS NAME)`, if it has one.

    Its members are what `HIDDEN_CHARACTER` speaks of.
    """

    place: int
    point: str
    name: str


def hidden_character(text: str, *, lines: bool = False) -> HiddenCharacter | None:
    """The first character that a text people read may not hold, or None; `lines`: newlines and tabs are let pass.

    Refused are control and format characters (direction marks, spaces without width, soft hyphens, tags), line and
    paragraph separators, surrogates, private and unassigned code points, and what Unicode has nothing drawn for.

    >>> hidden_character("Sở Tài\u200b chính")
    HiddenCharacter(place=7, point='U+200B', name=' (ZERO WIDTH SPACE)')
    """
    if text.isprintable() and UNSEEN.search(text) is None:
        return None
    allowed = "\n\r\t" if lines else ""
    if SOFT_HYPHEN in text and find_old_font(text):
        allowed += SOFT_HYPHEN  # which TCVN3 draws as ư
    for place, letter in enumerate(text, 1):
        is_shown = letter.isprintable() or unicodedata.category(letter) == "Zs" or letter in allowed
        if not is_shown or UNSEEN.match(letter):
            said = unicodedata.name(letter, "")
            return HiddenCharacter(place, f"U+{ord(letter):04X}", f" ({said})" if said else "")
    return None


def trimmed(text: str) -> str:
    """The text without spaces and unseen characters at its edges.

    >>> trimmed("\ufeffH60\u200b "), trimmed("\u200b")
    ('H60', '')
    """
    return text.strip(EDGES)


def unseen_fault(text: str) -> Fault | None:
    """`text_invalid` for the first unseen character or odd space inside a code or a figure; None without one.

    It suggests the text without them.
    """
    bare = trimmed(text)
    if bare.isascii() and bare.isprintable():
        return None
    found = hidden_character(bare, lines=True)
    if found is None and (space := ODD_SPACES.search(bare)):
        found = HiddenCharacter(
            space.start() + 1, f"U+{ord(space[0]):04X}", f" ({unicodedata.name(space[0], 'SPACE')})"
        )
    if found is None:
        return None
    seen = "".join(letter for letter in ODD_SPACES.sub(" ", bare) if hidden_character(letter) is None)
    context = {**found._asdict(), "place": found.place + text.index(bare)}
    return Fault(HIDDEN_CHARACTER, context, value=text[:100], suggestion=seen[:100])


def one_line(text: str) -> str:
    """A text of one line, composed and without blanks around it; what is garbled or cannot be seen in it is refused."""
    _refuse_garbled(text)
    bare = trimmed(text)
    _refuse_hidden(hidden_character(bare), len(text) - len(text.lstrip(EDGES)))
    return nfc(bare)


def several_lines(text: str) -> str:
    """A text of several lines, composed, its lines ended by `\\n` alone and with Đ for what is drawn like it; what is
    garbled or unseen in it is refused."""
    _refuse_garbled(text)
    bare = trimmed(text)
    _refuse_hidden(hidden_character(bare, lines=True), len(text) - len(text.lstrip(EDGES)))
    return as_kept(bare)


def whole(text: str) -> str:
    """A text as it was written, without blanks around it; what is garbled is refused."""
    _refuse_garbled(text)
    return trimmed(text)


def _refuse_garbled(text: str) -> None:
    if (found := find_garbled(text)) is not None:
        kind = "text_garbled" if found.written_in else "letter_lost"
        raise PydanticCustomError(kind, "the text was read in a wrong encoding", found.context)


def _refuse_hidden(found: HiddenCharacter | None, before: int) -> None:
    if found is not None:
        context = {**found._asdict(), "place": found.place + before}
        raise PydanticCustomError("hidden_character", "the text holds a character that cannot be seen", context)


def of_text(read: Callable[[str], str]) -> BeforeValidator:
    """A validator that reads texts and leaves to pydantic what is none."""
    return BeforeValidator(lambda given: read(given) if isinstance(given, str) else given)


def name(text: str) -> str:
    """A name of one line with the right letters, as `with_right_letters` puts them."""
    return as_kept(one_line(text), is_name=True)


def as_kept(text: str, *, is_name: bool = False) -> str:
    """A text with the letters that it is kept with: a name with the right ones, another text with the right Đ.

    A text for an old font is left as it is, since its letters stand for others, and so is one that would be taken for
    a garbled one when it is sent back.

    >>> as_kept("Ðà Nẵng"), as_kept("xÐt duyÖt")
    ('Đà Nẵng', 'xÐt duyÖt')
    """
    composed = nfc(LINE_ENDS.sub("\n", text))
    right = with_right_letters(composed) if is_name else with_vietnamese_d(composed)
    is_meant = right == composed or not (find_old_font(composed) or find_garbled(right))
    return right if is_meant else composed


def correction(sent: object, kept: object) -> Fault | None:
    """`letters_corrected` where a text is kept with other letters than it was sent with; composing it changes none."""
    if not isinstance(sent, str) or not isinstance(kept, str) or sent == kept:
        return None
    bare = nfc(LINE_ENDS.sub("\n", trimmed(sent)))
    if bare == kept or kept not in (as_kept(bare), as_kept(bare, is_name=True)):
        return None
    shown = shortened(kept, LONGEST_SHOWN)
    return Fault(LETTERS_CORRECTED, {"kept": shown}, value=sent, suggestion=kept)


TRIMMED, WHOLE, NAME = of_text(trimmed), of_text(whole), of_text(name)
ONE_LINE, SEVERAL_LINES = of_text(one_line), of_text(several_lines)
"""Beside the constraints of a text in a model: `Annotated[str, StringConstraints(min_length=1), ONE_LINE]`. Codes and
other words that programs read are `TRIMMED`."""
