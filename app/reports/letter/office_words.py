"""What an office and the levels below it are called in letters, and how letters cite the law.

Letters follow Nghị định 30/2020/NĐ-CP: the head names the body in capitals, the date line its place, the signature the
authority by which somebody signs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.domain.letter_format import continued, printed_day, printed_month
from app.domain.unit_names import OFFICES, UnitKind, kinds_in_words, parts_of
from app.domain.vocabulary import Level
from app.reports.letter.sentences import BODIES

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BLANK = "……………"
"""Where a human must fill in."""
SPACE = " " * 6
"""The same within a line that is completed by hand: a number, a day."""

COMMITTEE = "Ủy ban nhân dân"

DOCUMENTS = {"QĐ": "Quyết định", "NĐ": "Nghị định", "NQ": "Nghị quyết", "TT": "Thông tư", "KH": "Kế hoạch"}
ISSUERS = {
    "TTg": "Thủ tướng Chính phủ",
    "CP": "Chính phủ",
    "QH": "Quốc hội",
    "UBND": COMMITTEE,
    "HĐND": "Hội đồng nhân dân",
}
NUMBER = re.compile(r"\d+[a-z]?(?:/\d{4})?/(?P<kind>[^\W\d]+)(?:-(?P<issuer>[^\W\d]+))?\d*")

RECIPIENTS = ("Như trên;", "Lưu: VT.")
CLOSING = "Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện."
END = "./."


@dataclass(frozen=True, slots=True)
class Office:
    """What an office is called in its letters: `name` in a sentence, `head` line by line, `place` in the date line."""

    name: str
    head: tuple[str, ...]
    place: str | None
    committee: bool


def office_of(name: str) -> Office:
    """The words that follow from a unit's name.

    >>> office_of("UBND tỉnh Tuyên Quang")
    Office(name='tỉnh Tuyên Quang', head=('ỦY BAN NHÂN DÂN', 'TỈNH TUYÊN QUANG'), place='Tuyên Quang', committee=True)
    >>> office_of("Sở Tư pháp")
    Office(name='Sở Tư pháp', head=('SỞ TƯ PHÁP',), place=None, committee=False)
    >>> office_of("Tỉnh đoàn Cà Mau").committee, office_of("Phường 1").committee
    (False, True)
    """
    parts = parts_of(name)
    if parts.kind is None or parts.kind in OFFICES:
        return Office(name, (name.upper(),), None, committee=False)
    unit = f"{parts.word} {parts.own}"
    return Office(unit, (COMMITTEE.upper(), unit.upper()), parts.own, committee=True)


def basis_line(number: str, day: date, title: str | None) -> str:
    """A legal basis as letters cite it; a number whose kind or issuer is not known stands by itself.

    >>> basis_line("766/QĐ-TTg", date(2022, 6, 23), "Phê duyệt Bộ chỉ số")
    'Căn cứ Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ phê duyệt Bộ chỉ số'
    >>> basis_line("12/BC", date(2024, 1, 5), None)
    'Căn cứ Văn bản số 12/BC ngày 05/01/2024'
    """
    found = NUMBER.fullmatch(number)
    kind, issuer = (None, None) if found is None else (found["kind"], found["issuer"])
    line = f"Căn cứ {DOCUMENTS.get(kind or '', 'Văn bản')} số {number} ngày {printed_day(day)}"
    line += f" của {ISSUERS[issuer]}" if issuer in ISSUERS else ""
    return line if title is None else f"{line} {continued(title)}"


def cited(number: str) -> str:
    """A legal basis within a sentence.

    >>> cited("766/QĐ-TTg")
    'Quyết định số 766/QĐ-TTg'
    """
    found = NUMBER.fullmatch(number)
    return f"{DOCUMENTS.get('' if found is None else found['kind'], 'Văn bản')} số {number}"


def number_line(symbol: str | None) -> str:
    """The number, which the registry gives when the letter goes out.

    >>> number_line("UBND-THCBKS")
    'Số:       /UBND-THCBKS'
    """
    return f"Số: {SPACE}/{symbol or '…'}"


def date_line(place: str | None, day: date) -> str:
    """Place and date; the day is set when the letter is signed.

    >>> date_line("Tuyên Quang", date(2024, 8, 28))
    'Tuyên Quang, ngày        tháng 8 năm 2024'
    """
    return f"{place or BLANK}, ngày {SPACE} tháng {printed_month(day.month)} năm {day.year}"


def signed_by(office: Office | None) -> tuple[str | None, str | None]:
    """By what authority, and in which office, a letter is signed where nobody has said."""
    if office is None:
        return None, None
    return (f"TM. {COMMITTEE.upper()}", "CHỦ TỊCH") if office.committee else (None, "THỦ TRƯỞNG ĐƠN VỊ")


def ended(text: str) -> str:
    """The last sentence of a letter, with the sign that nothing follows.

    >>> ended("Yêu cầu thực hiện."), ended("Yêu cầu thực hiện./."), ended("Xong;")
    ('Yêu cầu thực hiện./.', 'Yêu cầu thực hiện./.', 'Xong./.')
    """
    return text if text.endswith(END) else text.rstrip(".,;: ") + END


def numeral(number: int) -> str:
    """The number of an appendix.

    >>> [numeral(number) for number in (1, 4, 9, 14)]
    ['I', 'IV', 'IX', 'XIV']
    """
    found = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        found += sign * (number // value)
        number %= value
    return found


class LevelWords(NamedTuple):
    """A level as it reads in a sentence, above a list, where its scoring is explained, and addressed."""

    stage: str
    heading: str
    scored: str
    addressed: str


LEVEL_WORDS: dict[Level, LevelWords] = {
    "ministry": LevelWords("Bộ, ngành", "Bộ, ngành", "các bộ, ngành", "Các bộ, ngành"),
    "province": LevelWords(
        "Tỉnh, thành phố", "Tỉnh, thành phố", "các tỉnh, thành phố", "Ủy ban nhân dân các tỉnh, thành phố"
    ),
    "department": LevelWords("Cấp tỉnh", "Sở, ban, ngành", "các Sở, ban ngành tỉnh", "Các sở, ban, ngành"),
    "district": LevelWords("Cấp huyện", "UBND cấp huyện", BODIES["district"], "Ủy ban nhân dân các huyện, thành phố"),
    "commune": LevelWords("Cấp xã", "UBND cấp xã", BODIES["commune"], "Ủy ban nhân dân các xã, phường"),
    "other": LevelWords(
        "Cơ quan, đơn vị khác", "Cơ quan khác", "các cơ quan, đơn vị khác", "Các cơ quan, đơn vị liên quan"
    ),
}
OWN = LevelWords(
    "Cơ quan, đơn vị trực thuộc",
    "Cơ quan, đơn vị trực thuộc",
    "các cơ quan, đơn vị trực thuộc",
    "Các cơ quan, đơn vị trực thuộc",
)
"""The departments of a body that is no province: of a ministry, say."""


def level_words(level: Level, over: Level | None) -> LevelWords:
    """The words for a level below a unit of the level `over`; None: for those of the whole country.

    >>> level_words("department", "province").stage, level_words("department", "ministry").stage
    ('Cấp tỉnh', 'Cơ quan, đơn vị trực thuộc')
    """
    return OWN if level == "department" and over not in (None, "province") else LEVEL_WORDS[level]


def addressed(level: Level, over: Level | None, kinds: Iterable[UnitKind | None]) -> str:
    """Units of a level, of these kinds, below a unit of the level `over`, as a letter addresses them.

    >>> addressed("commune", "province", ["ward", "commune", "special_zone"])
    'Ủy ban nhân dân các xã, phường, đặc khu'
    >>> addressed("district", "province", [None])
    'Ủy ban nhân dân các huyện, thành phố'
    """
    words = kinds_in_words(kinds) if level in ("district", "commune") else None
    return level_words(level, over).addressed if words is None else f"{COMMITTEE} các {words}"
