"""Digits of other scripts, and calendars other than the Gregorian, that a number format asks for in brackets.

Runs in the child process of `workbook`: standard library only.
"""

import re

LOCALE = re.compile(r"\$[^-]*-([0-9A-F]{1,8})", re.IGNORECASE)
OTHER_DIGITS = re.compile(r"(DBNum|NatNum)([0-9]+)(?: .*)?", re.IGNORECASE)
FIRST_DIGIT = {
    0x02: "٠",
    0x03: "۰",
    0x04: "०",
    0x05: "০",
    0x06: "੦",
    0x07: "૦",
    0x08: "୦",
    0x09: "௦",
    0x0A: "౦",
    0x0B: "೦",
    0x0C: "൦",
    0x0D: "๐",
    0x0E: "໐",
    0x0F: "༠",
    0x10: "၀",
    0x12: "០",
    0x13: "᠐",
}
"""The nought of other digits, by the byte of a locale that names them: `[$-0D00041E]`."""
DATABASE_DIGITS = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖", "3": "０１２３４５６７８９"}
"""Those of `[DBNum1]` and so on; Japanese and Korean write some otherwise."""
UNKNOWN = "?" * 10
GREGORIAN = (0, 1, 2, 9, 10, 11, 12)
"""The calendars, by their byte of a locale, that count years as ours does."""


def digits_of(bracket: str) -> str | None:
    """The ten digits that a part of a format in brackets asks for; None where it leaves them as they are.

    >>> digits_of("DBNum1"), digits_of("$-D00041E"), digits_of("$-42A"), digits_of("NatNum0")
    ('〇一二三四五六七八九', '๐๑๒๓๔๕๖๗๘๙', None, None)
    """
    if named := OTHER_DIGITS.fullmatch(bracket):
        if named[2] == "0":
            return None
        return DATABASE_DIGITS.get(named[2], UNKNOWN) if named[1].lower() == "dbnum" else UNKNOWN
    script = _locale(bracket) >> 24
    if script < 2:
        return None
    first = FIRST_DIGIT.get(script)
    return UNKNOWN if first is None else "".join(chr(ord(first) + digit) for digit in range(10))


def is_other_calendar(bracket: str) -> bool:
    """Whether years are counted otherwise, as in `[$-107041E]`."""
    return (_locale(bracket) >> 16) & 0xFF not in GREGORIAN


def _locale(bracket: str) -> int:
    found = LOCALE.fullmatch(bracket)
    return int(found[1], 16) if found else 0
