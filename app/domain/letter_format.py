"""Figures, moves, days and lists of names as the letters print them; its figures `figures` reads back exactly.

Source: docs/domain.md, How figures are printed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from app.domain.figures import print_figure
from app.domain.period import LOCAL

NAMES = ("Chính phủ", "Cổng ", "Quốc hội", "Thủ tướng", "Việt Nam")
"""With what names begin that keep their capital within a sentence."""


def printed_rate(rate: Decimal) -> str:
    """
    >>> printed_rate(Decimal("98.83")), printed_rate(Decimal("39.90"))
    ('98,83%', '39,90%')
    """
    return f"{print_figure(rate)}%"


def printed_change(change: Decimal) -> str:
    """A difference with its sign.

    >>> printed_change(Decimal(17716)), printed_change(Decimal("-3")), printed_change(Decimal(0))
    ('+17.716', '-3', '0')
    """
    return print_figure(change, sign=True)


def printed_rate_change(change: Decimal) -> str:
    """A difference of two rates, in percentage points: 3.09 of them are not 3.09 percent of what there was.

    >>> printed_rate_change(Decimal("3.09")), printed_rate_change(Decimal("0.00"))
    ('+3,09 điểm %', '0 điểm %')
    """
    return f"{printed_change(change or Decimal(0))} điểm %"


def printed_fraction(count: Decimal, of: Decimal) -> str:
    """
    >>> printed_fraction(Decimal(1746), Decimal(1746))
    '1.746/1.746'
    """
    return f"{print_figure(count)}/{print_figure(of)}"


def printed_points(points: Decimal, most: Decimal | None) -> str:
    """
    >>> printed_points(Decimal("13.2"), Decimal(18)), printed_points(Decimal("81.77"), None)
    ('13,2/18 điểm', '81,77 điểm')
    """
    return f"{print_figure(points)} điểm" if most is None else f"{printed_fraction(points, most)} điểm"


def printed_rank(rank: int, of: int | None) -> str:
    """A place as a count of those down to it, as `08/23`.

    >>> printed_rank(8, 23), printed_rank(1511, 3321), printed_rank(4, None)
    ('08/23', '1.511/3.321', '04')
    """
    return printed_count(rank) if of is None else f"{printed_count(rank)}/{printed_count(of)}"


def printed_points_move(change: Decimal, unchanged: str) -> str:
    """What became of points.

    >>> printed_points_move(Decimal("0.9"), "bằng kỳ trước"), printed_points_move(Decimal("-0.3"), "bằng kỳ trước")
    ('tăng 0,9 điểm', 'giảm 0,3 điểm')
    """
    return f"{_verb(change)} {print_figure(abs(change))} điểm" if change else unchanged


def printed_rank_move(change: int, unchanged: str) -> str:
    """What became of a place; `change` is positive where it improved.

    >>> printed_rank_move(14, "giữ nguyên"), printed_rank_move(-7, "giữ nguyên"), printed_rank_move(0, "giữ nguyên")
    ('tăng 14 bậc', 'giảm 07 bậc', 'giữ nguyên')
    """
    return f"{_verb(change)} {printed_count(abs(change))} bậc" if change else unchanged


def _verb(change: Decimal | int) -> str:
    return "tăng" if change > 0 else "giảm"


def printed_day(day: date) -> str:
    """A day as letters print it: a nought before days under 10 and before January and February.

    >>> printed_day(date(2024, 8, 28)), printed_day(date(2024, 7, 8)), printed_day(date(2024, 1, 31))
    ('28/8/2024', '08/7/2024', '31/01/2024')
    """
    return f"{day.day:02}/{printed_month(day.month)}/{day.year}"


def printed_moment(moment: datetime) -> str:
    """A moment in local time, as Đồng Nai's letter of Q2/2024 prints it.

    >>> printed_moment(datetime.fromisoformat("2024-07-08T04:00:00+00:00"))
    '11 giờ 00 phút ngày 08/7/2024'
    """
    local = moment.astimezone(LOCAL)
    return f"{local:%H} giờ {local:%M} phút ngày {printed_day(local.date())}"


def printed_month(month: int) -> str:
    """A month as letters print it: a nought before January and February, which a stroke could make 10 and 12.

    >>> printed_month(1), printed_month(7)
    ('01', '7')
    """
    return f"{month:02}" if month <= 2 else str(month)


def printed_count(count: int) -> str:
    """A count as letters print it: at least two digits, thousands with their dot.

    >>> printed_count(7), printed_count(170), printed_count(3321)
    ('07', '170', '3.321')
    """
    return f"{count:02}" if count < 1000 else print_figure(Decimal(count))


def printed_names(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> printed_names(["Sở Kế hoạch và Đầu tư", "Sở Giao thông Vận tải"])
    'Sở Kế hoạch và Đầu tư, Sở Giao thông Vận tải'
    """
    return ", ".join(names)


def printed_list(names: Sequence[str]) -> str:
    """Things listed in a sentence, the last behind a single "và".

    >>> printed_list(["các Sở", "UBND cấp huyện", "UBND cấp xã"]), printed_list(["các Sở"])
    ('các Sở, UBND cấp huyện và UBND cấp xã', 'các Sở')
    """
    *first, last = names
    return f"{', '.join(first)} và {last}" if first else last


def continued(text: str) -> str:
    """A text that goes on in the middle of a sentence: its first letter small, unless it begins with a name.

    >>> continued("Tìm nguyên nhân"), continued("UBND cấp xã"), continued("")
    ('tìm nguyên nhân', 'UBND cấp xã', '')
    >>> continued("Cổng Dịch vụ công quốc gia"), continued("Cổng thông tin")
    ('Cổng Dịch vụ công quốc gia', 'Cổng thông tin')
    """
    return text if text[:2].isupper() or text.startswith(NAMES) else text[:1].lower() + text[1:]
