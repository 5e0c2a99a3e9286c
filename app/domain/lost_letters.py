"""Letters that a program wrote as `?` because its encoding has none of them, as Excel does in a CSV file without UTF-8.

A question ends in `?` as well, so one counts only where no question ends: between letters of a word (`t?nh`), before a
word (`?y ban`), or behind the head of a syllable (`kinh t?`). What was lost nobody can tell; the text is kept.
"""

import re

from app.domain.syllables import HEADS, is_syllable
from app.errors import ErrorCode, Fault

LETTERS_LOST = ErrorCode(
    "letters_lost",
    "At character {place}, in `{word}`, a `?` seems to stand for a letter that was lost, as when Excel saves a CSV "
    "file without UTF-8. The text is kept as it was sent; take it anew from its source, saved as “CSV UTF-8”, and send "
    "it again.",
    "Ở ký tự thứ {place}, trong `{word}`, dấu `?` có vẻ thay cho một chữ cái bị mất, như khi Excel lưu tệp CSV không "
    "dùng UTF-8. Nội dung vẫn được lưu đúng như đã gửi; hãy lấy lại từ nguồn, lưu dạng “CSV UTF-8” rồi gửi lại.",
)

WORD = re.compile(r"\S+")
ADDRESS = re.compile(r"\S*://|www\.|/|\S*\?[\w.]*=", re.IGNORECASE)
"""Words in which `?` begins a query."""
LOST = re.compile(r"(?P<before>(?<![^\W\d_])[^\W\d_]+|)(?P<sign>\?+)(?P<after>[^\W\d_]*)")
"""Letters around `?`; looked for from the first letter of a word alone, which keeps long ones cheap."""
OPENED = re.compile(r"[^\w.,;:!?…)\]}”’]*")
"""What may stand before the first letter of a word."""
IN_USE = frozenset({"", "gi", "g", "h", "l", "m", "v", "x"})
"""Heads that end questions too: `gi` is typed for `gì`, the others stand for units of measure and the like."""
LETTERED = re.compile(r"\b(?:điểm|tiết|mục|khoản|câu|án|loại|nhóm|hạng|hay|hoặc)\s\Z", re.IGNORECASE)
"""Behind these words letters number things, as in `điểm b?`."""
LONGEST = len("khoản ")
MOST = 10_000
"""So many letters of a text are looked at: where some are lost, one of the first words shows it."""


def lost_letters_fault(text: str) -> Fault | None:
    """The warning `letters_lost` at the first letter that seems to be lost; None for any other text.

    >>> [lost_letters_fault(text) is None for text in ("Ban Qu?n lý Khu kinh t?", "Vì sao?", "Đạt?Không", "3 km?")]
    [False, True, True, True]
    """
    if "?" not in text:
        return None
    for word in WORD.finditer(text, 0, MOST):
        if (
            "?" not in word[0]
            or ADDRESS.match(word[0])
            or LETTERED.search(text, max(word.start() - LONGEST, 0), word.start())
        ):
            continue
        found = next(filter(_is_lost, LOST.finditer(word[0])), None)
        if found is None and word.start() == 0:
            found = _first_letter(text)
        if found is not None:
            context = {"place": word.start() + found.start("sign") + 1, "word": word[0][:40]}
            return Fault(LETTERS_LOST, context, value=text)
    return None


def _is_lost(found: re.Match[str]) -> bool:
    """Whether `?` stands where a word goes on; a question whose next sentence follows without a blank ends there."""
    before, after = found["before"], found["after"]
    if before and after:
        ends = is_syllable(before) and is_syllable(after) and len(after) > 1
        begins = after[0].isupper() and (before[-1].islower() or after[1:2].islower())
        return not ends and not begins
    if after:
        return OPENED.fullmatch(found.string, 0, found.start("sign")) is not None
    return before.lower() in HEADS - IN_USE and (before.islower() or len(before) > 1)


def _first_letter(text: str) -> re.Match[str] | None:
    """The head of a syllable with which a text begins, as in `S? Tài chính`: no question is as short."""
    found = LOST.match(text)
    goes_on = found is not None and text[found.end() :].lstrip() != ""
    return found if found and goes_on and found["before"].lower() in HEADS - {""} and not found["after"] else None
