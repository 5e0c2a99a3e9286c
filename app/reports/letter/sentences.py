"""The sentences of a letter that announces results: a total with its place, a moment, rules, classes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from app.answers.scores import BandCount
from app.domain.figures import print_figure
from app.domain.frameworks.framework import Band, Criterion, Framework
from app.domain.frameworks.rules import Ratio
from app.domain.frameworks.tree import nodes_of
from app.domain.letter_format import (
    printed_count,
    printed_day,
    printed_moment,
    printed_points,
    printed_points_move,
    printed_rank,
    printed_rank_move,
)
from app.domain.period import LOCAL
from app.domain.unit_names import UnitKind, kinds_in_words
from app.domain.vocabulary import Level

PEERS: dict[Level, str] = {
    "ministry": "bộ, ngành",
    "province": "địa phương",
    "department": "cơ quan",
    "district": "đơn vị cấp huyện",
    "commune": "đơn vị cấp xã",
    "other": "cơ quan, đơn vị",
}
BODIES: dict[Level, str] = {
    **PEERS,
    "province": "tỉnh, thành phố",
    "district": "UBND cấp huyện",
    "commune": "UBND cấp xã",
}
"""One of those that are classed: "Có 02/17 cơ quan xếp loại Tốt"."""
FORMULA = "Điểm chỉ tiêu thứ i = (Tỷ lệ đạt được của chỉ tiêu thứ i * Mức điểm tối đa của chỉ tiêu thứ i) / 100"

SAME_POINTS = "giữ nguyên điểm số"

Place = tuple[int, int | None]
"""A rank, and of how many."""


class TotalReached(NamedTuple):
    """A total of at most so many points, and what became of it where that can be said."""

    points: Decimal
    most: Decimal | None = None
    change: Decimal | None = None


def looked_up(moment: datetime) -> str:
    """A look-up as letters tell it; midnight stands for a day whose hour nobody has said.

    >>> looked_up(datetime(2024, 7, 8, 11, tzinfo=LOCAL)), looked_up(datetime(2024, 8, 26, tzinfo=LOCAL))
    ('lúc 11 giờ 00 phút ngày 08/7/2024', 'ngày 26/8/2024')
    """
    local = moment.astimezone(LOCAL)
    return f"ngày {printed_day(local.date())}" if local.time() == time() else f"lúc {printed_moment(moment)}"


def peer_words(level: Level, kinds: Iterable[UnitKind | None]) -> str:
    """What those among whom a place is one are called: communes and districts by their kinds, where all are known.

    >>> peer_words("commune", ["commune", "township"]), peer_words("commune", []), peer_words("province", ["city"])
    ('xã, thị trấn', 'đơn vị cấp xã', 'địa phương')
    """
    words = kinds_in_words(kinds) if level in ("district", "commune") else None
    return words or PEERS[level]


def standing(total: TotalReached, place: Place | None, move: int | None, peers: str, against: str) -> str:
    """What a unit has reached and where that puts it among its `peers`, as Tuyên Quang's letters of 2024 print it.

    >>> standing(TotalReached(Decimal("81.77"), Decimal(100)), (14, 63), 0, "địa phương", "tháng 6/2024")
    'đạt 81,77/100 điểm, đứng thứ 14/63 địa phương (thứ hạng bằng tháng 6/2024)'
    >>> standing(TotalReached(Decimal("67.7"), Decimal(100)), (28, 63), -7, "địa phương", "tháng 12/2023")
    'đạt 67,7/100 điểm, đứng thứ 28/63 địa phương, giảm 07 bậc so với tháng 12/2023'
    >>> standing(TotalReached(Decimal(80), change=Decimal("-1.5")), None, None, "địa phương", "tháng 6/2024")
    'đạt 80 điểm, giảm 1,5 điểm so với tháng 6/2024'
    """
    said = f"đạt {printed_points(total.points, total.most)}"
    if total.change is not None:
        said += f", {printed_points_move(total.change, SAME_POINTS)} so với {against}"
    if place is None:
        return said
    said += f", đứng thứ {printed_rank(*place)} {peers}"
    if move is None:
        return said
    return f"{said}, {printed_rank_move(move, '')} so với {against}" if move else f"{said} (thứ hạng bằng {against})"


def standing_moved(total: TotalReached, place: Place | None, move: int | None, peers: str, against: str) -> str:
    """The same as Bình Thành's letter of February 2024 prints it.

    >>> standing_moved(TotalReached(Decimal(86), change=Decimal("4.06")), (8, 23), 14, "xã, thị trấn", "tháng 1/2024")
    'đạt 86 điểm, tăng 4,06 điểm; xếp hạng 08/23 xã, thị trấn và tăng 14 bậc trên bảng xếp hạng so với tháng 1/2024'
    """
    said = f"đạt {printed_points(total.points, total.most)}"
    said += "" if total.change is None else f", {printed_points_move(total.change, SAME_POINTS)}"
    moved = total.change is not None
    if place is not None:
        said += f"; xếp hạng {printed_rank(*place)} {peers}"
        moved = moved or move is not None
        said += "" if move is None else f" và {printed_rank_move(move, 'giữ nguyên thứ hạng')} trên bảng xếp hạng"
    return f"{said} so với {against}" if moved else said


def band_words(framework: Framework) -> list[str]:
    """Each band from the highest down, as Đồng Nai's letter has them, and the points that it requires besides.

    The highest ends with the total, included: "Từ 50 đến 100 điểm xếp loại: Tốt", "Dưới 50 điểm xếp loại: Yếu".
    """
    ordered = sorted(framework.bands, key=lambda band: band.min, reverse=True)
    tops = [None, *(band.min for band in ordered)]
    names = {node.code: node.name.vi for node in nodes_of(framework)}
    return [
        _band(band, above, framework.total_max) + _required(band, names)
        for band, above in zip(ordered, tops, strict=False)
    ]


def _required(band: Band, names: Mapping[str, str]) -> str:
    """What a class demands beside the total: " (tiêu chí Tiến độ giải quyết đạt từ 15 điểm trở lên)"."""
    said = [f"tiêu chí {names[each.criterion]} đạt từ {print_figure(each.min)} điểm trở lên" for each in band.requires]
    return f" ({'; '.join(said)})" if said else ""


def _band(band: Band, above: Decimal | None, total: Decimal) -> str:
    least, name = print_figure(band.min), band.name.vi
    if above is None or (band.closed and band.max is not None):
        return f"Từ {least} đến {print_figure(total if band.max is None else band.max)} điểm xếp loại: {name}"
    if band.min == 0:
        return f"Dưới {print_figure(above)} điểm xếp loại: {name}"
    return f"Từ {least} đến dưới {print_figure(above)} điểm xếp loại: {name}"


def class_words(level: Level, of: int, bands: Iterable[BandCount]) -> list[str]:
    """How many reached each class, as Đồng Nai's letter of Q2/2024 (section 3) prints it.

    >>> class_words("department", 17, [
    ...     {"code": "excellent", "name": "Xuất sắc", "count": 0}, {"code": "good", "name": "Tốt", "count": 2}])
    ['Không có cơ quan xếp loại Xuất sắc', 'Có 02/17 cơ quan xếp loại Tốt']
    """
    return [
        f"Có {share_words(band['count'], of)} {BODIES[level]} xếp loại {band['name']}"
        if band["count"]
        else f"Không có {BODIES[level]} xếp loại {band['name']}"
        for band in bands
    ]


def share_words(count: int, of: int) -> str:
    """
    >>> share_words(2, 17), share_words(1511, 3321)
    ('02/17', '1.511/3.321')
    """
    return f"{printed_count(count)}/{printed_count(of)}"


def rate_formula(framework: Framework, level: Level) -> str | None:
    """How group rates become points, where every group of the level is its rate times its points; else None."""
    rules = [_first(group, level) for group in framework.criteria]
    plain = all(isinstance(rule, Ratio) and rule.from_ == 0 and rule.full_at == 100 for rule in rules)
    return FORMULA if plain else None


def _first(group: Criterion, level: Level) -> object:
    return next((rule for rule in group.rules if rule.applies_to(level)), None)
