"""Counts: an indicator counted over units, with sum, shares and order, and held against what is stated for the whole.

Tuyên Quang's letter of January 2024: "462 hồ sơ của 07 cơ quan đơn vị: Sở Tài nguyên và Môi trường 427 hồ sơ; Sở Giao
thông Vận tải 01 hồ sơ; …".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from app.answers.reports import CountedPart
from app.domain.frameworks.framework import Indicator
from app.domain.instant import to_datetime
from app.domain.scoring.ranking import competition_ranks
from app.domain.sources import places
from app.domain.vietnamese import sort_key
from app.errors import Fault, Invalid, Text
from app.formats.delimited import Column
from app.formats.tables import Chart, Table
from app.reports.data import ReportData
from app.reports.headings import heading
from app.reports.indicators import get_indicator, known_indicators
from app.reports.report import Report, without
from app.reports.rules.counts import PARTS, CountedUnits, amount, sentence, share, spread
from app.services.scored_cohorts import CohortUnit
from app.services.values import decimal_of

Sort = Literal["count", "name", "code"]

NOT_COUNTED = Text(
    "{indicator} holds points, which are not counted; ask for an indicator of kind count, number or ratio, or for "
    "`/v1/reports/comparison`.",
    "{indicator} là điểm số, không phải số lượng; hãy chọn chỉ số loại count, number hoặc ratio, hoặc dùng "
    "`/v1/reports/comparison`.",
)
NO_PARTS = Text(
    "{indicator} is of kind {kind} and has no parts; leave `part` out.",
    "{indicator} thuộc loại {kind}, không có tử số và mẫu số; hãy bỏ `part`.",
)
CODES = [Column("indicator_code", "Mã chỉ số", csv_only=True), Column("part", "Mã phần", csv_only=True)]
LIST = [
    Column("rank", "Hạng"),
    Column("code", "Mã"),
    Column("name", "Đơn vị"),
    Column("count", "Số lượng"),
    Column("share", "Tỷ trọng (%)", decimals=2),
    Column("source", "Nguồn"),
    Column("observed_at", "Tra cứu lúc"),
    *CODES,
]
SUMMARY = [
    Column("indicator", "Chỉ số"),
    Column("sum", "Tổng cộng"),
    Column("units", "Số cơ quan, đơn vị có"),
    Column("zero", "Số cơ quan, đơn vị không có"),
    Column("missing", "Số cơ quan, đơn vị chưa có số liệu"),
    Column("stated_sum", "Tổng số do nguồn công bố"),
    Column("agrees", "Khớp"),
    *CODES,
]
FIT: dict[bool | None, str | None] = {True: "Khớp", False: "Không khớp", None: None}


@dataclass(frozen=True, slots=True)
class CountsQuery:
    """What is counted: `part` of a ratio (None: the numerator), with the units that have none where `zeros`."""

    indicator: str
    part: CountedPart | None = None
    zeros: bool = False
    sort: Sort = "count"


def counts(data: ReportData, asked: CountsQuery) -> Report:
    """The count of every unit that has one; of several sources the one the framework prefers that says how many."""
    indicator = get_indicator(known_indicators(data), asked.indicator)
    part = part_of(indicator, asked.part)
    units = {member.code: member for member in data.units()}
    best = _preferred(data.values([indicator.code]), part, data.framework.sources)
    scope = [unit.code for unit in units.values() if unit.code != data.under and unit.level in data.levels]
    found = spread({unit.code: unit.parent for unit in units.values()}, scope, best.keys())
    held = {code: (decimal_of(amount(best[code], part) or 0), best[code]) for code in found.counted}
    total = decimal_of(sum(amount(row, part) or 0 for _, row in held.values()))
    items = _items(units, held, total)
    body = {
        **data.about(),
        "indicator": {"code": indicator.code, "name": indicator.name.vi, "kind": indicator.kind},
        "part": part,
        "sum": total,
        "units": sum(bool(item["count"]) for item in items),
        "zero": sum(not item["count"] for item in items),
        "missing": len(found.missing),
        **_stated(data, indicator.code, part, total),
        "flags": _flags(data, found),
        "items": _ordered([item for item in items if asked.zeros or item["count"]], asked.sort),
    }
    body["sentence"] = _sentence(indicator, body, known=bool(items))
    lines = {"units": body["items"], "summary": [without(body, "items")]}
    return Report("counts", body, _tables(data, indicator, body), lines, data.evaluation)


def part_of(indicator: Indicator, part: CountedPart | None) -> CountedPart | None:
    """What of the indicator is counted; Invalid `points_not_counted` or `part_not_expected` where that is nothing."""
    if indicator.kind == "points":
        fault = Fault("points_not_counted", NOT_COUNTED, {"indicator": indicator.code}, parameter="indicator")
        raise Invalid("points_not_counted", NOT_COUNTED, faults=[fault], indicator=indicator.code)
    if indicator.kind == "ratio":
        return part or "numerator"
    if part is not None:
        context = {"indicator": indicator.code, "kind": indicator.kind}
        fault = Fault("part_not_expected", NO_PARTS, context, parameter="part")
        raise Invalid("part_not_expected", NO_PARTS, faults=[fault], indicator=indicator.code, kind=indicator.kind)
    return None


def _preferred(rows: Iterable[Any], part: CountedPart | None, sources: Sequence[str]) -> dict[str, Any]:
    """For each unit the figure that counts: of those that say how many the first source's, unnamed ones last."""
    counted = [row for row in rows if amount(row, part) is not None]
    preference = places({row.source for row in counted}, sources)
    best: dict[str, Any] = {}
    for row in sorted(counted, key=lambda row: preference[row.source]):
        best.setdefault(row.unit, row)
    return best


def _items(
    units: Mapping[str, CohortUnit], held: Mapping[str, tuple[Decimal, Any]], total: Decimal
) -> list[dict[str, Any]]:
    """Every unit that counts; its place is that of its count, the largest first, equal counts on one place."""
    places, _ = competition_ranks([int(count * 10_000) for count, _ in held.values()])
    return [
        {
            "place": place,
            "unit": {"code": code, "name": units[code].name, "level": units[code].level},
            "count": count,
            "share": share(count, total),
            "source": row.source,
            "observed_at": to_datetime(row.observed_at),
        }
        for place, (code, (count, row)) in zip(places, held.items(), strict=True)
    ]


def _ordered(items: Iterable[dict[str, Any]], sort: Sort) -> list[dict[str, Any]]:
    """By count, the largest first, then as a Vietnamese dictionary orders names; or by name or code alone."""

    def key(item: Mapping[str, Any]) -> tuple[Decimal | int, str, str]:
        name, code = sort_key(item["unit"]["name"]), item["unit"]["code"]
        return (-item["count"] if sort == "count" else 0, "" if sort == "code" else name, code)

    return sorted(items, key=key)


def _stated(data: ReportData, indicator: str, part: CountedPart | None, total: Decimal) -> dict[str, Any]:
    """What is stored for the unit above itself, and whether the sum agrees with it; None where nothing is."""
    rows: Sequence[Any] = []
    if data.under is not None and not data.hidden:
        rows = [row for row in data.values_of(data.under) if row.indicator == indicator]
    best = _preferred(rows, part, data.framework.sources)
    if not best:
        return {"stated_sum": None, "agrees": None}
    stated = decimal_of(amount(best[rows[0].unit], part) or 0)
    return {"stated_sum": stated, "agrees": stated == total}


def _flags(data: ReportData, found: CountedUnits) -> list[str]:
    """What to know before citing the sum."""
    flags = {"levels_overlap": bool(found.below), "cohort_hidden": data.hidden}
    return [flag for flag, holds in flags.items() if holds]


def _sentence(indicator: Indicator, body: Mapping[str, Any], *, known: bool) -> str:
    part: CountedPart | None = body["part"]
    name = indicator.name.vi if part is None else f"{indicator.name.vi} ({PARTS[part]})"
    noun = indicator.unit if part is None else None
    listed = [(item["unit"]["name"], item["count"]) for item in body["items"] if item["count"]]
    return sentence(name, noun, listed, known=known)


def _tables(data: ReportData, indicator: Indicator, body: Mapping[str, Any]) -> list[Table]:
    """The list, as an appendix prints it, and its sum."""
    rows = [
        {
            **item,
            "rank": item["place"],
            "code": item["unit"]["code"],
            "name": item["unit"]["name"],
            "indicator_code": indicator.code,
            "part": body["part"],
        }
        for item in body["items"]
    ]
    above = heading(data, indicator.name.vi, body["sentence"])
    drawn = Chart("bar", indicator.name.vi, "name", ["count"])
    summed = {**body, "indicator": indicator.name.vi, "indicator_code": indicator.code, "agrees": FIT[body["agrees"]]}
    summary = {column.key: summed[column.key] for column in SUMMARY}
    return [
        Table("units", "Theo đơn vị", LIST, rows, above, charts=[drawn]),
        Table("summary", "Tổng hợp", SUMMARY, [summary], above[:2]),
    ]
