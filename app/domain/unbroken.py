"""What no line of a printed page may break: numbers of documents, days, figures with their sign and unit.

For text on paper alone; data keeps plain spaces and hyphens.
"""

import re

SPACE, HYPHEN = "\u00a0", "\u2011"
"""The space and the hyphen at which no line ends."""
PARTS = "Phụ lục|phụ lục|Mục|mục|Khoản|khoản|Điều|điều|Chương|chương"
NUMBER = r"\d[\d.,]{0,30}(?:/\d[\d.,]{0,30})?"
TOGETHER = re.compile(
    "|".join(
        (
            r"số \d+[^\W\d]?(?:/\d{4})?/[^\W\d]\w*(?:-\w+)*",
            r"(?<!\w)\d+[^\W\d]?(?:/\d{4})?/[^\W\d]\w*(?:-\w+)*",
            r"/[^\W\d]\w*(?:-\w+)+",
            r"[Nn]gày \d{1,2} tháng \d{1,2} năm \d{4}",
            r"[Nn]gày \d{1,2}/\d{1,2}/\d{4}",
            r"[Tt]háng \d{1,2}(?:/\d{4}| năm \d{4})",
            r"[Qq]uý (?:[IV]{1,3}|\d)(?:/\d{4}| năm \d{4})",
            r"[Nn]ăm \d{4}(?!\d)",
            r"(?<!\d)\d{1,2} giờ(?: \d{1,2} phút)?",
            rf"(?:thứ|hạng) {NUMBER}",
            rf"(?:{PARTS})(?: số)? (?:\d[\d.]{{0,20}}|[IVX]{{1,7}})(?!\w)",
            rf"(?<![\w.,/])[-+]?{NUMBER} (?:điểm(?: %)?|bậc|hồ sơ|%)",
            r"(?<!\w)[-+]\d",
            r"[A-ZĐ]{2,20}(?:-[A-ZĐ]{2,20})+",
        )
    )
)


def unbroken(text: str) -> str:
    """The same text, its lines free to end only where a reader expects it; a text read twice is the same as once.

    >>> unbroken("Nghị định số 30/2020/NĐ-CP, tháng 7/2024 (-4,1%)").replace("\\u00a0", "_").replace("\\u2011", "~")
    'Nghị định số_30/2020/NĐ~CP, tháng_7/2024 (~4,1%)'
    >>> unbroken("Sở Lao động - Thương binh và Xã hội") == "Sở Lao động - Thương binh và Xã hội"
    True
    """
    return TOGETHER.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(" ", SPACE).replace("-", HYPHEN)
