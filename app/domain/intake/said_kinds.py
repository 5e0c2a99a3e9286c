"""What kind of figure a heading says it is of: a rate, points, a count, a rank."""

import re
from collections.abc import Sequence
from typing import Literal

from app.domain.intake.row_figures import IndicatorKind
from app.domain.vietnamese import fold, nfc

SaidKind = Literal["ratio", "points", "count", "rank", "number"]

RATE = re.compile(r"\b(?:ti (?:le|trong)|phan tram|rate|share|percent|percentage)\b")
POINTS = re.compile(r"\b(?<!dia )(?<!thoi )(?<!qui )diem\b|\bpoints?\b")
RANK = re.compile(r"\b(?:thu|xep) hang\b|^hang(?! (?:thang|nam|qui|tuan|ngai|muc))\b|\brank\b")
COUNT = re.compile(r"^so (?!hoa\b)|\bso luong\b|\btong so\b|\bnumber of\b")
COUNT_WITHIN = re.compile(r"\b(?<!chỉ )(?<!mã )(?<!tử )(?<!mẫu )số\b(?! h[oó][aá]\b)")
"""`số` behind other words, told by its tone from `sơ` and `sở`; not as in `chỉ số` and `số hóa`."""


def said_kind(parts: Sequence[str]) -> SaidKind | None:
    """The kind that the texts above a column say; `number` where they say none, None where they contradict themselves.

    >>> said_kind(["Thanh toán trực tuyến", "Tỷ lệ (%)"]), said_kind(["Số hóa hồ sơ"]), said_kind(["Điểm", "Tỷ lệ"])
    ('ratio', 'number', None)
    """
    plain = [fold(part) for part in parts]
    said: set[SaidKind] = set()
    if any("%" in part for part in parts) or any(map(RATE.search, plain)):
        said.add("ratio")
    if any(map(POINTS.search, plain)):
        said.add("points")
    if any(map(COUNT.search, plain)) or any(COUNT_WITHIN.search(nfc(part).casefold()) for part in parts):
        said = said or {"count"}  # `số điểm` are points
    elif any(map(RANK.search, plain)):
        said.add("rank")
    return "number" if not said else said.pop() if len(said) == 1 else None


def kind_of(kind: IndicatorKind, name: str) -> SaidKind | None:
    """The kind of an indicator; what is a rank or a number of units among plain numbers, its name says."""
    return kind if kind != "number" else said_kind([name])
