"""The words that letters print around figures, and small numbers in words.

They are read here, for the check alone: whoever imports figures reads them strictly (`domain.figure_parser`). A word
that is not known stays, and the figure is then found invalid; so do words that would change a figure (`triệu`, `gần`).
"""

import re
from functools import cache
from typing import Literal

from app.normal_form import composed

LONGEST_WORDING = 240
"""Characters of a cell that are looked at, in any normal form of Unicode."""
LONGEST_NAME = 400
"""Of a unit's name."""
ChangeUnit = Literal["percent", "points", "places"]
"""What a change is printed in: percent (or percentage points), points of a score, places of a ranking."""

UNIT_WORDS = re.compile(
    r"(?:,?\s+(?:điểm|bậc|hạng|hồ sơ|tthc|thủ tục|thủ tục hành chính|dịch vụ|dịch vụ công|cơ quan|đơn vị|địa phương"
    r"|tỉnh|thành phố|huyện|bộ|sở|ban|ngành|xã|phường|thị trấn|thị xã|đặc khu|quận|ubnd|ủy ban nhân dân"
    r"|cấp (?:tỉnh|huyện|xã)"
    r"|trường hợp|tài khoản|phản ánh|kiến nghị|giao dịch|kết quả|nào|trực thuộc"
    r"|xếp loại (?:xuất sắc|tốt|khá|trung bình|yếu)))+$"
)
"""Words that letters put behind a figure; others (`triệu`) would change what it says, and are not taken off."""
BEFORE_FIGURE: dict[str, re.Pattern[str]] = {
    "rate": re.compile(r"(?:(?:đạt|chiếm|là|còn|được|đạt mức|ở mức|tỷ lệ|tỉ lệ)\s*:?\s+)+"),
    "count": re.compile(r"(?:(?:có|là|còn|được|gồm|tổng|tổng số|tổng cộng)\s*:?\s+)+"),
    "points": re.compile(
        r"(?:(?:đạt|được|là|điểm|tổng|số điểm|tổng điểm|tổng số điểm|điểm số|điểm tổng hợp)\s*:?\s+)+"
    ),
    "rank": re.compile(r"(?:(?:và|đứng|xếp|đạt|ở|vị trí|vị thứ|hạng|thứ|thứ hạng)\s*:?\s+)+(?=[0-9])"),
}
"""Words that letters put before a figure: `đạt 98,83%`, `có 02/17`, `đứng thứ 14/63`, `Xếp hạng: 08/23`."""

PERIOD = (
    r"(?:với\s+)?(?:cùng kỳ|kỳ|tháng|quý|năm|ngày|tuần)"
    r"(?:\s+(?:kỳ|tháng|quý|năm|ngày|trước|liền|kề|ngoái|công|bố|đó|này|[ivx]{1,4}|[0-9][0-9/.\-]{0,9})(?=\s|$))*"
)
SINCE = re.compile(rf",?\s+(?:trên bảng xếp hạng(?:\s+so {PERIOD})?|so {PERIOD})$")
"""What a change is said to be against: `so với tháng 01/2024`, `trên bảng xếp hạng so với tháng 01 năm 2024`."""
SUBJECT = r"(?:điểm số|điểm|số điểm|tổng điểm|thứ hạng|xếp hạng|vị trí|thứ bậc|hạng|tỷ lệ|tỉ lệ|số lượng|kết quả)"
NO_CHANGE = re.compile(
    rf"(?:{SUBJECT}\s+)?(?:vẫn\s+)?(?:(?:giữ nguyên|không đổi|không thay đổi|không tăng,? không giảm)(?:\s+{SUBJECT})?"
    rf"|bằng\s+{PERIOD})"
)
"""No change in words: `bằng kỳ trước`, `giữ nguyên điểm số`, `thứ hạng bằng tháng 6/2024`."""
MOVE = re.compile(r"(tăng(?: thêm)?|giảm(?: đi)?|[+\-−–▲▼↑↓])\s*(?=[^\s+\-−–▲▼↑↓])")
RISES = ("tăng", "tăng thêm", "+", "▲", "↑")
CHANGE_UNITS: dict[ChangeUnit, re.Pattern[str]] = {
    "percent": re.compile(r"(?:\s?%|\s+điểm\s?%|\s+phần trăm|\s+điểm phần trăm)$"),
    "points": re.compile(r"\s+điểm$"),
    "places": re.compile(r"\s+(?:bậc|hạng)$"),
}
NO_UNITS = frozenset({"không", "không có"})
PERCENT_IN_WORDS = re.compile(r"\s+phần trăm$")
PERCENTAGE = r"[0-9][0-9.,]*\s?%"
COUNT_AND_RATE = re.compile(
    rf"(?P<count>[^%()]+?)\s*(?:\((?:đạt\s+|chiếm\s+)?(?P<one>{PERCENTAGE})\)|,\s+(?:đạt|chiếm)\s+(?P<other>{PERCENTAGE}))"
)
RATE_AND_COUNT = re.compile(rf"(?:đạt\s+)?(?P<one>{PERCENTAGE})\s*\((?P<count>[^%()]+)\)")
"""`717 (39,9%)`, `25.775 hồ sơ, đạt 98,83%`; `100% (1.746/1.746 TTHC)`."""
TWICE = re.compile(r"(.+?)\s*\((.+)\)")
"""A count in words and figures: `bốn (04)`, `04 (bốn)`."""

ONES: tuple[tuple[str, ...], ...] = (
    ("một",),
    ("hai",),
    ("ba",),
    ("bốn",),
    ("năm",),
    ("sáu",),
    ("bảy", "bẩy"),
    ("tám",),
    ("chín",),
)
ONES_BEHIND_TENS = {1: ("mốt", "một"), 4: ("tư", "bốn"), 5: ("lăm", "nhăm")}
"""`hai mươi mốt`; `mười năm` are ten years and no number, so five has no other form behind tens."""


def plain_wording(text: str) -> str:
    """The text in small letters of one normal form, its words one space apart, brackets around a worded figure off.

    Brackets around a bare figure stay: `(0,3)` is a rise to one reader and a fall to another.

    >>> plain_wording("  (Tăng 0,9  điểm) "), plain_wording("(0,3)")
    ('tăng 0,9 điểm', '(0,3)')
    """
    plain = " ".join(composed(text).casefold().split())
    plain = re.sub(r"(?<=[^\W\d]|[%)])[.;,]+$", "", plain)
    inner = plain[1:-1].strip()
    is_bracketed = plain[:1] == "(" and plain[-1:] == ")" and not {"(", ")"} & set(inner)
    return inner if is_bracketed and not re.fullmatch(r"[0-9.,\s]+", inner) else plain


def without_words(plain: str, kind: str) -> str:
    """A figure of a kind without the words around it.

    >>> without_words("đạt 98,83%", "rate"), without_words("có 02/17 cơ quan xếp loại tốt", "count")
    ('98,83%', '02/17')
    """
    bare = UNIT_WORDS.sub("", plain)
    before = BEFORE_FIGURE.get(kind)
    bare = bare if before is None else before.sub("", bare, count=1)
    return PERCENT_IN_WORDS.sub("%", bare) if kind == "rate" else bare


def worded_change(plain: str) -> tuple[str, ChangeUnit | None]:
    """A change as a signed figure, `0` where the words say that there is none, and what it is printed in.

    >>> worded_change("giảm 07 bậc so với tháng 12/2023"), worded_change("+1,69 điểm %"), worded_change("bằng kỳ trước")
    (('-07', 'places'), ('+1,69%', 'percent'), ('0', None))
    """
    if NO_CHANGE.fullmatch(plain) or NO_CHANGE.fullmatch(SINCE.sub("", plain)):
        return "0", None
    bare = SINCE.sub("", plain)
    unit = next((unit for unit, words in CHANGE_UNITS.items() if words.search(bare)), None)
    if unit == "percent":
        bare = f"{CHANGE_UNITS['percent'].sub('', bare)}%"
    bare = UNIT_WORDS.sub("", bare)
    move = MOVE.match(bare)
    if move is None:
        return bare, unit
    amount = bare[move.end() :]
    return f"{'+' if move[1] in RISES else '-'}{number_in_words(amount) or amount}", unit


def count_and_rate(text: str) -> tuple[str, str] | None:
    """The two figures of a cell that prints a count with its rate; None where it prints one.

    >>> count_and_rate("25.775 hồ sơ, đạt 98,83%"), count_and_rate("100% (1.746/1.746 TTHC)")
    (('25.775 hồ sơ', '98,83%'), ('1.746/1.746 tthc', '100%'))
    """
    if len(text) > LONGEST_WORDING or "%" not in text:
        return None
    plain = plain_wording(text)
    found = COUNT_AND_RATE.fullmatch(plain) or RATE_AND_COUNT.fullmatch(plain)
    return None if found is None else (found["count"], found["one"] or found["other"])


def unit_named(name: str) -> str:
    """A unit's name as two of them are compared: `UBND huyện Yên Sơn` is `huyện Yên Sơn`.

    >>> unit_named("Sở Lao động – Thương binh"), unit_named("UBND  huyện Yên Sơn")
    ('sở lao động - thương binh', 'huyện yên sơn')
    """
    plain = re.sub(r"\s*[-–—]\s*", " - ", " ".join(composed(name[:LONGEST_NAME]).casefold().split()))
    return re.sub(r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+", "", plain)


def number_in_words(plain: str) -> int | None:
    """A whole number up to 999 that is written in words; None for anything else.

    >>> number_in_words("bốn"), number_in_words("hai mươi mốt"), number_in_words("mười năm")
    (4, 21, None)
    """
    return _numbers().get(plain)


@cache
def _numbers() -> dict[str, int]:
    """Every spelling of the numbers from 1 to 999."""
    tens = {text: number for number in range(1, 100) for text in _below_hundred(number)}
    found = dict(tens)
    for hundreds, names in enumerate(ONES, 1):
        for name in names:
            found[f"{name} trăm"] = 100 * hundreds
            for text, number in tens.items():
                links = ("linh ", "lẻ ") if number < 10 else ("",)
                found |= {f"{name} trăm {link}{text}": 100 * hundreds + number for link in links}
    return found


def _below_hundred(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return list(ONES[ones - 1])
    before = ["mười"] if tens == 1 else [f"{name} mươi" for name in ONES[tens - 1]]
    if ones == 0:
        return before
    behind: tuple[str, ...] = ONES_BEHIND_TENS.get(ones, ONES[ones - 1])
    if tens == 1:
        behind = tuple(name for name in behind if name not in ("mốt", "tư"))
    return [f"{first} {name}" for first in before for name in behind]
