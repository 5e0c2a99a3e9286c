"""Below target: for each indicator the units that miss their target, by how much, and those without a figure.

Tuyên Quang's letter of January 2024, note 1: "Về tỷ lệ dịch vụ công trực tuyến: 11 cơ quan, đơn vị không đạt: …".
"""

from collections.abc import Sequence

from app.answers.reports import BelowTarget, IndicatorBelow, MissingReason, TargetOf, UnitBelow, UnitMissing
from app.domain.frameworks.framework import Indicator
from app.domain.targets import Target
from app.domain.vietnamese_labels import SHORT_SOURCES
from app.domain.vocabulary import LEVELS
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.classification import LEVEL_NAMES
from app.reports.data import ReportData
from app.reports.missed_targets import MeasuredIndicator, MeasuredUnit, Miss, Sort, measured_indicators
from app.reports.report import Lines, Report, brief, heading, without

REASONS: dict[MissingReason, str] = {"no_figure": "Chưa có số liệu", "zero_denominator": "Không phát sinh (0/0)"}

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
    Column("source_code", "Mã nguồn", csv_only=True),
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


def below_target(data: ReportData, indicators: Sequence[str] | None = None, sort: Sort = "gap") -> Report:
    """Who misses which target; of every indicator with a target where none is named."""
    found = measured_indicators(data, indicators, sort)
    bodies = [_indicator_body(each) for each in found]
    body: BelowTarget = {**data.about(), "framework": data.framework.id, "indicators": bodies}
    lines: Lines = {
        "below": [item for each in bodies for item in each["items"]],
        "counts": [without(each, "items", "missing_units") for each in bodies],
        "missing": [item for each in bodies for item in each["missing_units"]],
    }
    above = heading(data, "Đơn vị không đạt chỉ tiêu được giao")
    tables = [misses_table(found, above), _counts_table(bodies, above), _missing_table(found, above)]
    return Report("below-target", body, tables, lines, data.evaluation)


def _indicator_body(each: MeasuredIndicator) -> IndicatorBelow:
    indicator = each.indicator
    return {
        "indicator": indicator.code,
        "name": indicator.name.vi,
        "kind": indicator.kind,
        "direction": indicator.direction,
        "of": each.of,
        "below": len(each.below),
        "missing": len(each.missing),
        "items": [_miss_body(indicator, miss) for miss in each.below],
        "missing_units": [_missing_body(indicator, unit) for unit in each.missing],
        "sentence": each.sentence,
        "sentence_en": each.sentence_en,
    }


def _miss_body(indicator: Indicator, miss: Miss) -> UnitBelow:
    return {
        "indicator": indicator.code,
        "unit": brief(miss.measured.unit),
        "target": miss.measured.target_figure,
        "target_of": _target_of(miss.measured.target),
        "value": miss.value,
        "numerator": miss.printed.numerator,
        "denominator": miss.printed.denominator,
        "gap": miss.gap,
        "source": miss.source,
        "observed_at": miss.observed_at,
    }


def _missing_body(indicator: Indicator, measured: MeasuredUnit) -> UnitMissing:
    return {
        "indicator": indicator.code,
        "unit": brief(measured.unit),
        "target": measured.target_figure,
        "target_of": _target_of(measured.target),
        "reason": measured.reason,
    }


def _target_of(target: Target) -> TargetOf:
    """Where a target was stated."""
    level = next((level for level in LEVELS if level == target.level), None)
    return {"unit": target.unit or None, "level": level, "legal_ref": target.legal_ref}


def misses_table(found: Sequence[MeasuredIndicator], above: Sequence[str] = ()) -> Table:
    """The units that miss a target, indicator by indicator."""
    rows = [
        {
            **_miss_body(each.indicator, miss),
            **_unit_cells(each.indicator, miss.measured),
            "source": SHORT_SOURCES.get(miss.source, miss.source),
            "source_code": miss.source,
        }
        for each in found
        for miss in each.below
    ]
    return Table("below", "Đơn vị không đạt chỉ tiêu", BELOW, rows, above, numbered=True)


def _counts_table(bodies: Sequence[IndicatorBelow], above: Sequence[str]) -> Table:
    rows = [{**each, "indicator": each["name"], "indicator_code": each["indicator"]} for each in bodies]
    return Table("counts", "Tổng hợp theo chỉ số", COUNTS, rows, above)


def _missing_table(found: Sequence[MeasuredIndicator], above: Sequence[str]) -> Table:
    rows = [
        {
            **_missing_body(each.indicator, unit),
            **_unit_cells(each.indicator, unit),
            "reason": REASONS[unit.reason],
            "reason_code": unit.reason,
        }
        for each in found
        for unit in each.missing
    ]
    return Table("missing", "Đơn vị chưa có số liệu", MISSING, rows, above, numbered=True)


def _unit_cells(indicator: Indicator, measured: MeasuredUnit) -> dict[str, str | None]:
    """The cells that say which indicator and unit a row is about."""
    unit = measured.unit
    return {
        "indicator": indicator.name.vi,
        "indicator_code": indicator.code,
        "code": unit.code,
        "name": unit.name,
        "level": LEVEL_NAMES[unit.level],
        "level_code": unit.level,
        "legal_ref": measured.target.legal_ref,
    }
