"""Counts: an indicator counted over units, with sum, shares and order, and compared with what is stated for the whole.

Tuyên Quang's letter of January 2024: "462 hồ sơ của 07 cơ quan đơn vị: Sở Tài nguyên và Môi trường 427 hồ sơ; Sở Giao
thông Vận tải 01 hồ sơ; …".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.answers.reports import CountedPart, CountedUnit, Counts, IndicatorBrief
from app.domain.frameworks.framework import Indicator
from app.domain.instant import to_datetime
from app.domain.scoring.ranking import competition_ranks
from app.domain.sources import places
from app.domain.vietnamese import sort_key
from app.domain.vietnamese_labels import SHORT_SOURCES
from app.errors import Fault, Invalid, RefusalCode
from app.formats.delimited import Column
from app.formats.tables import Chart, Table
from app.reports.data import ReportData
from app.reports.indicators import get_indicator, known_indicators
from app.reports.report import Lines, Report, brief, heading, without
from app.reports.rules.counts import PARTS, CountedUnits, amount, sentence, share, spread
from app.services.scored_cohorts import CohortUnit
from app.services.values import decimal_of
from app.store.rows import StandingValue

Sort = Literal["count", "name", "code"]

NOT_COUNTED = RefusalCode(
    "points_not_counted",
    "{indicator} holds points, which are not counted; ask for an indicator of kind count, number or ratio, or for "
    "`/v1/reports/comparison`.",
    "{indicator} là điểm số, không phải số lượng; hãy chọn chỉ số loại count, number hoặc ratio, hoặc dùng "
    "`/v1/reports/comparison`.",
    Invalid,
)
NO_PARTS = RefusalCode(
    "part_not_expected",
    "{indicator} is of kind {kind} and has no parts; leave `part` out.",
    "{indicator} thuộc loại {kind}, không có tử số và mẫu số; hãy bỏ `part`.",
    Invalid,
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
    Column("source_code", "Mã nguồn", csv_only=True),
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


@dataclass(frozen=True, slots=True)
class UnitCount:
    """A unit that counts, and its place among the others: equal counts share one. `share` in percent of the sum."""

    place: int
    unit: CohortUnit
    count: Decimal
    share: Decimal | None
    row: StandingValue


@dataclass(frozen=True, slots=True)
class CountedIndicator:
    """An indicator counted over units: those of the list in order, and how many have any, none and no figure.

    `stated`: what is stored for the unit above them all; None where nothing is. `office`: the name of the unit in
    whose letter they are listed.
    """

    office: str | None
    indicator: Indicator
    part: CountedPart | None
    listed: Sequence[UnitCount]
    sum: Decimal
    units: int
    zero: int
    missing: int
    stated: Decimal | None
    flags: Sequence[str]

    @property
    def agrees(self) -> bool | None:
        """Whether the sum is what is stated for the whole."""
        return None if self.stated is None else self.stated == self.sum

    @property
    def sentence(self) -> str:
        """The units that have any, as a letter lists them."""
        name = self.indicator.name.vi if self.part is None else f"{self.indicator.name.vi} ({PARTS[self.part]})"
        noun = self.indicator.unit if self.part is None else None
        having = [(each.unit.listed_in(self.office), each.count) for each in self.listed if each.count]
        return sentence(name, noun, having, known=self.units + self.zero > 0)


def counts(data: ReportData, query: CountsQuery) -> Report:
    """The count of every unit that has one."""
    counted = count_units(data, query)
    body: Counts = {
        **data.about(),
        "indicator": _indicator_brief(counted.indicator),
        "part": counted.part,
        "sum": counted.sum,
        "units": counted.units,
        "zero": counted.zero,
        "missing": counted.missing,
        "stated_sum": counted.stated,
        "agrees": counted.agrees,
        "flags": list(counted.flags),
        "items": [_unit_body(each) for each in counted.listed],
        "sentence": counted.sentence,
    }
    lines: Lines = {"units": body["items"], "summary": [without(body, "items")]}
    above = heading(data, counted.indicator.name.vi, counted.sentence)
    tables = [units_table(counted, above), _summary_table(counted, above[:2])]
    return Report("counts", body, tables, lines, data.evaluation)


def count_units(data: ReportData, query: CountsQuery) -> CountedIndicator:
    """The count of every unit that has one; of several sources the one the framework prefers that says how many."""
    indicator = get_indicator(known_indicators(data), query.indicator)
    part = part_of(indicator, query.part)
    units = {member.code: member for member in data.units()}
    best = preferred(data.values([indicator.code]), part, data.framework.sources)
    scope = [unit.code for unit in units.values() if unit.code != data.under and unit.level in data.levels]
    found = spread({unit.code: unit.parent for unit in units.values()}, scope, best.keys())
    placed = _placed([(units[code], best[code]) for code in found.counted], part)
    return CountedIndicator(
        data.office,
        indicator,
        part,
        listed=_ordered((each for each in placed if query.zeros or each.count), query.sort),
        sum=decimal_of(sum(amount(best[code], part) or 0 for code in found.counted)),
        units=sum(bool(each.count) for each in placed),
        zero=sum(not each.count for each in placed),
        missing=len(found.missing),
        stated=_stated(data, indicator.code, part),
        flags=_flags(data, found),
    )


def part_of(indicator: Indicator, part: CountedPart | None) -> CountedPart | None:
    """What of the indicator is counted; Invalid `points_not_counted` or `part_not_expected` where that is nothing."""
    if indicator.kind == "points":
        raise Fault(NOT_COUNTED, {"indicator": indicator.code}, parameter="indicator").error()
    if indicator.kind == "ratio":
        return part or "numerator"
    if part is not None:
        context = {"indicator": indicator.code, "kind": indicator.kind}
        raise Fault(NO_PARTS, context, parameter="part").error()
    return None


def preferred(
    rows: Iterable[StandingValue], part: CountedPart | None, sources: Sequence[str]
) -> dict[str, StandingValue]:
    """For each unit the figure that counts: of those that say how many the first source's, unnamed ones last."""
    counted = [row for row in rows if amount(row, part) is not None]
    preference = places({row.source for row in counted}, sources)
    best: dict[str, StandingValue] = {}
    for row in sorted(counted, key=lambda row: preference[row.source]):
        best.setdefault(row.unit, row)
    return best


def _placed(figures: Sequence[tuple[CohortUnit, StandingValue]], part: CountedPart | None) -> list[UnitCount]:
    """Every unit that counts; its place is that of its count, the largest first."""
    amounts = [amount(row, part) or 0 for _, row in figures]
    ranks, _ = competition_ranks(amounts)
    total = decimal_of(sum(amounts))
    return [
        UnitCount(place, unit, count := decimal_of(scaled), share(count, total), row)
        for place, scaled, (unit, row) in zip(ranks, amounts, figures, strict=True)
    ]


def _ordered(units: Iterable[UnitCount], sort: Sort) -> list[UnitCount]:
    """By count, the largest first, then as a Vietnamese dictionary orders names; or by name or code alone."""

    def key(each: UnitCount) -> tuple[Decimal | int, str, str]:
        name = "" if sort == "code" else sort_key(each.unit.name)
        return (-each.count if sort == "count" else 0, name, each.unit.code)

    return sorted(units, key=key)


def _stated(data: ReportData, indicator: str, part: CountedPart | None) -> Decimal | None:
    """What is stored for the unit above itself; None where nothing is, or a part of its units is not seen."""
    if data.under is None or data.hidden:
        return None
    rows = [row for row in data.values_of(data.under) if row.indicator == indicator]
    best = preferred(rows, part, data.framework.sources)
    return decimal_of(amount(best[data.under], part) or 0) if best else None


def _flags(data: ReportData, found: CountedUnits) -> list[str]:
    """What to know before citing the sum."""
    flags = {"levels_overlap": bool(found.below), "cohort_hidden": data.hidden}
    return [flag for flag, holds in flags.items() if holds]


def _indicator_brief(indicator: Indicator) -> IndicatorBrief:
    assert indicator.kind != "points"  # `part_of` refuses them
    return {"code": indicator.code, "name": indicator.name.vi, "kind": indicator.kind}


def _unit_body(each: UnitCount) -> CountedUnit:
    return {
        "place": each.place,
        "unit": brief(each.unit),
        "count": each.count,
        "share": each.share,
        "source": each.row.source,
        "observed_at": to_datetime(each.row.observed_at),
    }


def units_table(counted: CountedIndicator, above: Sequence[str] = ()) -> Table:
    """The list, as an appendix prints it."""
    rows = [
        {
            **_unit_body(each),
            "rank": each.place,
            "code": each.unit.code,
            "name": each.unit.name,
            "indicator_code": counted.indicator.code,
            "part": counted.part,
            "source": SHORT_SOURCES.get(each.row.source, each.row.source),
            "source_code": each.row.source,
        }
        for each in counted.listed
    ]
    chart = Chart("bar", counted.indicator.name.vi, "name", ["count"])
    return Table("units", "Theo đơn vị", LIST, rows, above, charts=[chart], numbered=True)


def _summary_table(counted: CountedIndicator, above: Sequence[str]) -> Table:
    row = {
        "indicator": counted.indicator.name.vi,
        "sum": counted.sum,
        "units": counted.units,
        "zero": counted.zero,
        "missing": counted.missing,
        "stated_sum": counted.stated,
        "agrees": FIT[counted.agrees],
        "indicator_code": counted.indicator.code,
        "part": counted.part,
    }
    return Table("summary", "Tổng hợp", SUMMARY, [row], above)
