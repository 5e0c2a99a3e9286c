"""The filters by which a template prints its fields, as the letters do. Pure functions over plain data.

What has no figure prints `BLANK`, which a human fills in: never "None", never 0. Source: docs/domain.md, How figures
are printed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

from app.domain.figures import print_figure
from app.domain.letter_format import (
    continued,
    printed_change,
    printed_count,
    printed_day,
    printed_moment,
    printed_points_move,
    printed_rank_move,
    printed_rate,
)
from app.domain.unit_names import KINDS, ListedUnit, grouped_names
from app.reports.fields.plain_figures import moment, number

BLANK: Final = "……"
"""What stands where there is no figure; the letter marks it for the one who fills it in."""
DECIMALS: Final = range(13)
"""So many decimals a figure can be printed with."""


def diem(value: object, decimals: int | None = None) -> str:
    """Points; of a column with so many decimals as all of it has.

    >>> diem(Decimal("81.77")), diem(18), diem(18, 2), diem(None)
    ('81,77', '18', '18,00', '……')
    """
    found = _rounded(value, decimals)
    return BLANK if found is None else print_figure(found)


def ty_le(value: object, decimals: int | None = None) -> str:
    """A rate in percent; of a column with so many decimals as all of it has.

    >>> ty_le(Decimal("60.55")), ty_le(100, 2), ty_le(None)
    ('60,55%', '100,00%', '……')
    """
    found = _rounded(value, decimals)
    return BLANK if found is None else printed_rate(found)


def _rounded(value: object, decimals: int | None) -> Decimal | None:
    """A figure with so many decimals, half up; None: with its own. ValueError where there cannot be so many.

    >>> _rounded(1, 93)
    Traceback (most recent call last):
    ValueError: 93 decimals
    """
    if decimals is not None and decimals not in DECIMALS:
        raise ValueError(f"{decimals} decimals")
    found = number(value)
    if found is None or decimals is None:
        return found
    return found.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def so_luong(value: object) -> str:
    """How many, with a dot at the thousands.

    >>> so_luong(25775), so_luong(2), so_luong(None)
    ('25.775', '2', '……')
    """
    return diem(value)


def hai_chu_so(value: object) -> str:
    """How many, with two digits at least.

    >>> hai_chu_so(7), hai_chu_so(170), hai_chu_so(None)
    ('07', '170', '……')
    """
    found = number(value)
    return BLANK if found is None else printed_count(int(found)) if found == int(found) else print_figure(found)


def ngay(value: object, words: bool = False) -> str:
    """A day, or that of a moment.

    >>> ngay("2024-08-26"), ngay("2024-08-26", True), ngay(None)
    ('26/8/2024', 'ngày 26 tháng 8 năm 2024', '……')
    """
    found = moment(value)
    if found is None:
        return BLANK
    day = found.date()
    month = printed_day(day).split("/")[1]
    return f"ngày {day.day:02} tháng {month} năm {day.year}" if words else printed_day(day)


def thoi_diem(value: object) -> str:
    """A moment; midnight stands for a day whose hour nobody has said.

    >>> thoi_diem("2024-07-08T11:00:00+07:00"), thoi_diem("2024-08-26T00:00:00+07:00")
    ('lúc 11 giờ 00 phút ngày 08/7/2024', 'ngày 26/8/2024')
    """
    found = moment(value)
    if found is None:
        return BLANK
    return f"ngày {printed_day(found.date())}" if found.time() == time() else f"lúc {printed_moment(found)}"


def la_ma(value: object) -> str:
    """A Roman number.

    >>> la_ma(4), la_ma(19), la_ma(None)
    ('IV', 'XIX', '……')
    """
    found = number(value)
    if found is None or not 0 < found < 4000 or found != int(found):
        return BLANK
    rest, said = int(found), ""
    for worth, sign in ROMAN:
        said += sign * (rest // worth)
        rest %= worth
    return said


ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)


def thay_doi(value: object, unchanged: str = "bằng kỳ trước") -> str:
    """What became of points.

    >>> thay_doi(Decimal("0.9")), thay_doi(Decimal("-0.3")), thay_doi(0), thay_doi(None)
    ('tăng 0,9 điểm', 'giảm 0,3 điểm', 'bằng kỳ trước', '……')
    """
    found = number(value)
    return BLANK if found is None else printed_points_move(found, unchanged)


def bac(value: object, unchanged: str = "giữ nguyên thứ hạng") -> str:
    """What became of a place.

    >>> bac(14), bac(-7), bac(None)
    ('tăng 14 bậc', 'giảm 07 bậc', '……')
    """
    found = number(value)
    return BLANK if found is None else printed_rank_move(int(found), unchanged)


def diem_phan_tram(value: object, unit: str = "%") -> str:
    """A difference of two rates: percentage points.

    >>> diem_phan_tram(Decimal("3.09")), diem_phan_tram(Decimal("-5.25"), " điểm %"), diem_phan_tram(None)
    ('+3,09%', '-5,25 điểm %', '……')
    """
    found = number(value)
    return BLANK if found is None else f"{printed_change(found or Decimal(0))}{unit}"


def danh_sach(value: object) -> Sequence[object]:
    """What stands in a mapping, in its order; so that a template can go through it.

    >>> danh_sach({"a": 1, "b": 2}), danh_sach(None)
    ([1, 2], [])
    """
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list | tuple) else []


def chu_hoa(value: object) -> str:
    """In capitals.

    >>> chu_hoa("Văn phòng"), chu_hoa(None)
    ('VĂN PHÒNG', '……')
    """
    return value.upper() if isinstance(value, str) else BLANK


def giua_cau(value: object) -> str:
    """What begins with a capital, within a sentence: names and abbreviations keep theirs.

    >>> giua_cau("Tỷ lệ hồ sơ nộp trực tuyến"), giua_cau("TTHC công bố đúng hạn"), giua_cau(None)
    ('tỷ lệ hồ sơ nộp trực tuyến', 'TTHC công bố đúng hạn', '……')
    """
    return continued(value) if isinstance(value, str) else BLANK


def noi(value: object, between: str = ", ", end: str = "") -> str:
    """Texts one after the other, before the last one `end` where it is given.

    >>> noi(["Sở A", "Sở B", "Sở C"]), noi(["Sở A", None, "Sở C"], ", ", " và "), noi([])
    ('Sở A, Sở B, Sở C', 'Sở A và Sở C', '……')
    """
    said = (each if isinstance(each, str) else diem(each) for each in danh_sach(value))
    texts = [each for each in said if each != BLANK]
    if len(texts) < 2:
        return texts[0] if texts else BLANK
    return f"{between.join(texts[:-1])}{end or between}{texts[-1]}"


def cong(value: object, more: object = 1) -> int | str:
    """A whole number and another, for what is numbered on.

    >>> cong(1, 2), cong(Decimal("81.77"), 1), cong(None, 2)
    (3, '……', '……')
    """
    one, other = number(value), number(more)
    if one is None or other is None or one + other != int(one + other):
        return BLANK
    return int(one + other)


def phan_tram_cua(value: object, rate: object = 100) -> Decimal | str:
    """So many percent of a figure.

    >>> phan_tram_cua(Decimal(22), 75), phan_tram_cua(None, 75)
    (Decimal('16.5'), '……')
    """
    whole, part = number(value), number(rate)
    return BLANK if whole is None or part is None else whole * part / 100


def bo_trong(value: object) -> object:
    """What stands in a cell of a table: nothing where there is no figure.

    >>> bo_trong("60,55%"), bo_trong(2), bo_trong("……"), bo_trong(None)
    ('60,55%', 2, '', '')
    """
    return "" if value is None or value == BLANK else value


def bo_ket(value: object) -> str:
    """A sentence without the sign that nothing follows it.

    >>> bo_ket("Yêu cầu thực hiện./."), bo_ket(None)
    ('Yêu cầu thực hiện.', '……')
    """
    return f"{value.removesuffix('./.').rstrip('.')}." if isinstance(value, str) else BLANK


def ten_gop(units: object, noun: str = "") -> str:
    """Units in a sentence: offices by name, then places by kind, the kind said once; with a noun how many each has.

    >>> districts = [{"short_name": f"UBND huyện {name}", "count": 1} for name in ("Hàm Yên", "Na Hang", "Lâm Bình")]
    >>> ten_gop([{"short_name": "Sở Tư pháp"}, *districts])
    'Sở Tư pháp; UBND các huyện: Hàm Yên, Na Hang, Lâm Bình'
    >>> ten_gop(districts[:2], "hồ sơ"), ten_gop([])
    ('UBND các huyện: Hàm Yên 01 hồ sơ; Na Hang 01 hồ sơ', '……')
    >>> ten_gop([{"short_name": "UBND phường 1", "count": 27}], "hồ sơ")
    'UBND phường 1 (27 hồ sơ)'
    """
    found = [each for each in danh_sach(units) if isinstance(each, Mapping) and each.get("short_name") is not None]
    numbered = any(str(each["short_name"])[-1:].isdigit() for each in found)
    listed = [_listed(each, noun, "({})" if numbered else "{}") for each in found]
    return grouped_names(listed) if listed else BLANK


def _listed(unit: Mapping[str, object], noun: str, tail: str) -> ListedUnit:
    """A unit of a list, and what is said of it; `tail` keeps the count apart from a number that ends a name."""
    kind = next((each for each in KINDS if each == unit.get("kind")), None)
    count = number(unit.get("count")) if noun else None
    said = "" if count is None else tail.format(f"{hai_chu_so(count)} {noun}")
    return ListedUnit(str(unit.get("short_name")), kind, said)


FILTERS: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "diem": diem,
        "ty_le": ty_le,
        "so_luong": so_luong,
        "hai_chu_so": hai_chu_so,
        "ngay": ngay,
        "thoi_diem": thoi_diem,
        "la_ma": la_ma,
        "thay_doi": thay_doi,
        "bac": bac,
        "diem_phan_tram": diem_phan_tram,
        "danh_sach": danh_sach,
        "ten_gop": ten_gop,
        "noi": noi,
        "chu_hoa": chu_hoa,
        "giua_cau": giua_cau,
        "cong": cong,
        "phan_tram_cua": phan_tram_cua,
        "bo_trong": bo_trong,
        "bo_ket": bo_ket,
    }
)
"""The filters by the names under which templates call them."""
