"""Below target: for each indicator the units that miss their target, by how much, and those without a figure.

Tuyên Quang's letter of January 2024, note 1: "Về tỷ lệ dịch vụ công trực tuyến: 11 cơ quan, đơn vị không đạt: …".
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from app.answers.reports import MissingReason
from app.domain.figures import SCALE, decimals_of
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.domain.targets import Target, Targets
from app.domain.vietnamese import sort_key
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.classification import LEVEL_NAMES
from app.reports.data import ReportData
from app.reports.headings import heading
from app.reports.indicators import get_indicator, known_indicators
from app.reports.report import Report, without
from app.reports.rules.below_target import exact_figure, misses, rounded, sentence, sentence_en
from app.services.scored_cohorts import CohortUnit, columns_by_indicator
from app.services.values import DERIVED_DECIMALS, decimal_of

Sort = Literal["gap", "name", "code"]
REASONS: dict[MissingReason, str] = {"no_figure": "Chưa có số liệu", "zero_denominator": "Không phát sinh (0/0)"}

name_order = lru_cache(maxsize=65536)(sort_key)
"""The place of a name in a Vietnamese dictionary; one name stands in the lists of many indicators."""

UNIT = [Column("indicator", "Chỉ số"), Column("code", "Mã"), Column("name", "Đơn vị"), Column("level", "Cấp")]
CODE = Column("indicator_code", "Mã chỉ số", csv_only=True)
CODES = [CODE, Column("level_code", "Mã cấp", csv_only=True)]
BELOW = [
    *UNIT,
    Column("numerator", "Tử số"),
    Column("denominator", "Mẫu số"),
    Column("value", "Đạt được", mixed=True),
    Column("target", "Chỉ tiêu", mixed=True),
    Column("gap", "Chênh lệch", signed=True, mixed=True),
    Column("source", "Nguồn"),
    Column("observed_at", "Thời điểm tra cứu"),
    Column("legal_ref", "Căn cứ"),
    *CODES,
]
COUNTS = [
    Column("indicator", "Chỉ số"),
    Column("of", "Có chỉ tiêu và số liệu"),
    Column("below", "Không đạt"),
    Column("missing", "Chưa có số liệu"),
    Column("sentence", "Kết quả theo dõi"),
    CODE,
]
MISSING = [
    *UNIT,
    Column("target", "Chỉ tiêu", mixed=True),
    Column("reason", "Lý do"),
    Column("legal_ref", "Căn cứ"),
    *CODES,
    Column("reason_code", "Mã lý do", csv_only=True),
]


class MeasuredUnit(NamedTuple):
    """A unit held against its target; `row` is the value that stands, None where there is none.

    `figure` is exact, `gap` the figure less the target, both in the indicator's unit (so a gap of rates is in
    percentage points); None where there is nothing to compare.
    """

    unit: CohortUnit
    target: Target
    row: Any
    figure: Fraction | None
    gap: Fraction | None


def below_target(data: ReportData, indicators: Sequence[str] | None = None, sort: Sort = "gap") -> Report:
    """Who misses which target; of every indicator with a target where none is named.

    Invalid `indicator_unknown` where nobody knows a named one.
    """
    targets = _targets(data)
    wanted = _chosen_indicators(data.framework, known_indicators(data), targets, indicators)
    units = [unit for unit in data.units() if unit.level in data.levels and unit.code != data.under]
    rows = _standing(data.framework, [unit.code for unit in units], data.values([each.code for each in wanted]))
    told = [_indicator_item(each, _measured_units(each.code, targets, units, rows), sort) for each in wanted]
    if indicators is None:
        told = [each for each in told if each["of"] or each["missing"]]
    body = {**data.about(), "framework": data.framework.id, "indicators": told}
    lines = {
        "below": [item for each in told for item in each["items"]],
        "counts": [without(each, "items", "missing_units") for each in told],
        "missing": [item for each in told for item in each["missing_units"]],
    }
    return Report("below-target", body, _tables(told, data), lines, data.evaluation)


def own_misses(data: ReportData) -> list[dict[str, Any]]:
    """The targets that `under` misses itself, which stands above the units of the report."""
    if data.under is None:
        return []
    unit, targets, framework = data.unit(data.under), _targets(data), data.framework
    wanted = _chosen_indicators(framework, known_indicators(data), targets, None)
    codes = {each.code for each in wanted}
    own = [row for row in data.values_of(unit.code) if row.indicator in codes]
    rows = _standing(framework, [unit.code], own)
    told = (_indicator_item(each, _measured_units(each.code, targets, [unit], rows), "code") for each in wanted)
    return [item for each in told for item in each["items"]]


def _targets(data: ReportData) -> Targets:
    """The targets of the period's year over the tree of units."""
    year = data.period.starts_on.year
    above = data.above()
    parent_of: dict[str, str | None] = dict(zip(above, [*above[1:], None], strict=False))
    parent_of |= {unit.code: unit.parent for unit in data.units()}
    return Targets((Target(**row) for row in data.targets() if row["year"] == year), parent_of)


def _chosen_indicators(
    framework: Framework, known: Mapping[str, Indicator], targets: Targets, indicators: Sequence[str] | None
) -> list[Indicator]:
    """The indicators as they were named, once each; else those with a target, in the order of the framework."""
    if indicators is not None:
        return [get_indicator(known, code) for code in dict.fromkeys(indicators)]
    place = {each.code: number for number, each in enumerate(framework.indicators)}
    with_target = sorted(targets.indicators(), key=lambda code: (place.get(code, len(place)), code))
    return [known[code] for code in with_target]


def _standing(framework: Framework, units: Sequence[str], rows: Sequence[Any]) -> dict[tuple[str, str], Any]:
    """The value that stands for an indicator and unit: of several sources the one that the framework prefers."""
    by_source = {(row.indicator, row.unit, row.source): row for row in rows}
    return {
        (indicator, unit): by_source[indicator, unit, source]
        for indicator, figures in columns_by_indicator(framework, units, rows).items()
        for unit, source in zip(units, figures.source, strict=True)
        if source is not None
    }


def _measured_units(
    indicator: str, targets: Targets, units: Sequence[CohortUnit], rows: Mapping[tuple[str, str], Any]
) -> list[MeasuredUnit]:
    """The units that have a target for the indicator."""
    found = []
    for unit in units:
        target = targets.holding(indicator, unit.code, unit.level)
        if target is not None:
            row = rows.get((indicator, unit.code))
            figure = None if row is None else exact_figure(row.numerator, row.denominator, row.value)
            gap = None if figure is None else figure - Fraction(target.target, SCALE)
            found.append(MeasuredUnit(unit, target, row, figure, gap))
    return found


def _indicator_item(indicator: Indicator, held: Sequence[MeasuredUnit], sort: Sort) -> dict[str, Any]:
    """One indicator: how many are measured against a target, who misses it, who has no figure."""
    missing = _in_order([each for each in held if each.gap is None], sort)
    below = _in_order([each for each in held if each.gap is not None and misses(each.gap, indicator.direction)], sort)
    measured = len(held) - len(missing)
    named = [(each.unit.level, each.unit.name) for each in below]
    return {
        "indicator": indicator.code,
        "name": indicator.name.vi,
        "kind": indicator.kind,
        "direction": indicator.direction,
        "of": measured,
        "below": len(below),
        "missing": len(missing),
        "items": [{"indicator": indicator.code, **_item(each)} for each in below],
        "missing_units": [{"indicator": indicator.code, **_aim(each), "reason": _reason(each)} for each in missing],
        "sentence": sentence(named) if measured else None,
        "sentence_en": sentence_en(named) if measured else None,
    }


def _in_order(held: Sequence[MeasuredUnit], sort: Sort) -> list[MeasuredUnit]:
    """The largest gap first, or by name as a Vietnamese dictionary has it, or by code; ties by name, then code."""
    if sort == "code":
        return sorted(held, key=lambda each: each.unit.code)
    return sorted(
        held,
        key=lambda each: (-abs(each.gap or 0) if sort == "gap" else 0, name_order(each.unit.name), each.unit.code),
    )


def _aim(held: MeasuredUnit) -> dict[str, Any]:
    """A unit and the target that holds for it, with where that was stated."""
    unit, target = held.unit, held.target
    return {
        "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
        "target": decimal_of(target.target, target.decimals),
        "target_of": {"unit": target.unit or None, "level": target.level or None, "legal_ref": target.legal_ref},
    }


def _item(held: MeasuredUnit) -> dict[str, Any]:
    """A unit that misses its target: its figure, from counts where they are known, and the gap as it is printed."""
    row, figure, gap = held.row, held.figure, held.gap
    assert figure is not None
    assert gap is not None
    counted = row.numerator is not None and row.denominator is not None
    value = rounded(figure, DERIVED_DECIMALS) if counted else decimal_of(row.value, row.decimals)
    return {
        **_aim(held),
        "value": value,
        "numerator": decimal_of(row.numerator) if counted else None,
        "denominator": decimal_of(row.denominator) if counted else None,
        "gap": rounded(gap, max(decimals_of(value), held.target.decimals, 0)),
        "source": row.source,
        "observed_at": to_datetime(row.observed_at),
    }


def _reason(held: MeasuredUnit) -> MissingReason:
    """Why there is nothing to compare: nobody has stated a figure, or nothing had to be counted."""
    return "no_figure" if held.row is None else "zero_denominator"


def _tables(told: Sequence[Mapping[str, Any]], data: ReportData) -> list[Table]:
    """The units below target first, then the counts with their sentences, then the units without a figure."""
    above = heading(data, "Đơn vị không đạt chỉ tiêu được giao")
    below = [{**item, **_unit_cells(each, item)} for each in told for item in each["items"]]
    counts = [{**each, "indicator": each["name"], "indicator_code": each["indicator"]} for each in told]
    missing = [
        {**item, **_unit_cells(each, item), "reason": REASONS[item["reason"]], "reason_code": item["reason"]}
        for each in told
        for item in each["missing_units"]
    ]
    return [
        Table("below", "Đơn vị không đạt chỉ tiêu", BELOW, below, above),
        Table("counts", "Tổng hợp theo chỉ số", COUNTS, counts, above),
        Table("missing", "Đơn vị chưa có số liệu", MISSING, missing, above),
    ]


def _unit_cells(indicator: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Decimal | str | None]:
    """The cells that say which indicator and unit a row is about."""
    return {
        "indicator": indicator["name"],
        "indicator_code": indicator["indicator"],
        "code": item["unit"]["code"],
        "name": item["unit"]["name"],
        "level": LEVEL_NAMES[item["unit"]["level"]],
        "level_code": item["unit"]["level"],
        "legal_ref": item["target_of"]["legal_ref"],
    }
