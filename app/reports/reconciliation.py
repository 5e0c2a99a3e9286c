"""Reconciliation: two sources of the same indicators, unit by unit, and reported points against computed ones.

Tuyên Quang's letter of July 2024 (section 3.1) orders a department to find out why the national portal and the
provincial system give different rates of dossiers submitted online; annex II of Bình Thành's letter of February 2024
prints both side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.answers.report_reconciliation import State
from app.domain.checks.stored.figures import StoredFigure
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.errors import Fault, Invalid, Text
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.headings import heading
from app.reports.indicators import get_indicator, known_indicators
from app.reports.reconciled_points import points_items
from app.reports.report import Report, without
from app.reports.rules.reconciliation import NAMES, OF_POINTS, SHORT, SOURCES, counted, gap, size, state_of
from app.services.scored_cohorts import CohortUnit, indicators_of
from app.services.values import decimal_of, value_of

FIRST, SECOND = "national_portal", "provincial_system"
"""The sources that are compared where none is named, as far as the framework names no other first one."""

ALIKE = Text(
    "`source` and `other` are both {source}; name two different sources.",
    "`source` và `other` cùng là {source}; hãy ghi hai nguồn khác nhau.",
)
NO_SOURCE = Text(
    "No figure here is from the source {source}; known are {known}.",
    "Ở đây không có số liệu của nguồn {source}; các nguồn: {known}.",
)
MEMBERS = ("numerator", "denominator", "value")
UNIT = [Column("code", "Mã"), Column("name", "Đơn vị")]
INDICATOR_CODE = Column("indicator_code", "Mã chỉ số", csv_only=True)
STATE_CODE = Column("state_code", "Mã kết quả", csv_only=True)


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """What is compared: no `indicators`: all that both sources have; `tolerance` in the unit of each indicator."""

    indicators: tuple[str, ...] = ()
    source: str | None = None
    other: str | None = None
    tolerance: Decimal = Decimal(0)
    state: State | None = None


@dataclass(frozen=True, slots=True)
class SourcePair:
    """What two sources say of a unit and an indicator: rows of values."""

    unit: CohortUnit
    indicator: Indicator
    here: Any
    there: Any


def reconciliation(data: ReportData, asked: ReconciliationQuery) -> Report:
    """Every unit and indicator of which one of the two sources has a figure, and the points that `source` reports."""
    known = known_indicators(data)
    chosen = [get_indicator(known, code).code for code in dict.fromkeys(asked.indicators)]
    rows = data.values([*chosen, *indicators_of(data.framework)] if chosen else None)
    source, other = _sources(data.framework, asked, {row.source for row in rows})
    units = {member.code: member for member in data.units()}
    pairs = _pairs(rows, units, known, (source, other), chosen)
    found = [_item(pair, asked.tolerance) for pair in pairs]
    points = points_items(data, rows, units, source, asked.tolerance, chosen)
    body = {
        **data.about(),
        "framework": data.framework.id,
        "source": source,
        "other": other,
        "tolerance": asked.tolerance,
        **_part(found, asked.state),
        "points": _part(points, asked.state),
    }
    lines = {
        "figures": body["items"],
        "points": body["points"]["items"],
        "summary": [{**without(body, "items"), "points": without(body["points"], "items")}],
    }
    return Report("reconciliation", body, _tables(data, body), lines, data.evaluation)


def _sources(framework: Framework, asked: ReconciliationQuery, found: Iterable[str]) -> tuple[str, str]:
    """The two sources; Invalid `source_without_figures` or `sources_alike`."""
    preferred = [*framework.sources, FIRST]
    source = asked.source or next(each for each in preferred if each != asked.other)
    other = asked.other or next(each for each in (SECOND, *preferred) if each != source)
    known = {*framework.sources, FIRST, SECOND, *found}
    for name, code in (("source", source), ("other", other)):
        if code not in known:
            said = {"source": code, "known": ", ".join(sorted(known))}
            fault = Fault("source_without_figures", NO_SOURCE, said, parameter=name)
            raise Invalid("source_without_figures", NO_SOURCE, faults=[fault], source=code, known=said["known"])
    if source == other:
        fault = Fault("sources_alike", ALIKE, {"source": source}, parameter="other")
        raise Invalid("sources_alike", ALIKE, faults=[fault], source=source)
    return source, other


def _pairs(
    rows: Iterable[Any],
    units: Mapping[str, CohortUnit],
    known: Mapping[str, Indicator],
    sources: tuple[str, str],
    chosen: Sequence[str],
) -> list[SourcePair]:
    """The figures of the two sources; of the chosen indicators, else of those that both of them have."""
    held: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row.source in sources and row.indicator in known:
            held.setdefault((row.unit, row.indicator), {})[row.source] = row
    have = [{code for (_, code), by_source in held.items() if each in by_source} for each in sources]
    wanted = set(chosen) or have[0] & have[1]
    return [
        SourcePair(units[unit], known[code], *(by_source.get(source) for source in sources))
        for (unit, code), by_source in sorted(held.items())
        if code in wanted
    ]


def _item(pair: SourcePair, tolerance: Decimal) -> dict[str, Any]:
    """A unit and an indicator: both figures, there minus here, and how they stand to each other."""
    here, there = _printed_figure(pair.here), _printed_figure(pair.there)
    between = {name: gap(here[name], there[name]) if here and there else None for name in MEMBERS}
    figures = _figure(pair.here), _figure(pair.there)
    return {
        "unit": {"code": pair.unit.code, "name": pair.unit.name, "level": pair.unit.level},
        "indicator": pair.indicator.code,
        "name": pair.indicator.name.vi,
        "here": here,
        "there": there,
        "difference": between,
        "state": state_of(*figures, pair.indicator.kind, between["value"], tolerance),
    }


def own_differences(data: ReportData, source: str, other: str) -> list[dict[str, Any]]:
    """What the two sources say differently of `under` itself, which stands above the units of the report."""
    if data.under is None:
        return []
    units = {data.under: data.unit(data.under)}
    pairs = _pairs(data.values_of(data.under), units, known_indicators(data), (source, other), ())
    items = (_item(pair, Decimal(0)) for pair in pairs)
    return [item for item in items if item["state"] is State.DIFFERS]


def _figure(row: Any) -> StoredFigure | None:
    return None if row is None else StoredFigure(row.numerator, row.denominator, row.value, row.decimals)


def _printed_figure(row: Any) -> dict[str, Any] | None:
    """A figure as it is printed, and when it was looked up."""
    if row is None:
        return None
    return {
        "numerator": None if row.numerator is None else decimal_of(row.numerator),
        "denominator": None if row.denominator is None else decimal_of(row.denominator),
        "value": value_of(row),
        "observed_at": to_datetime(row.observed_at),
    }


def _part(items: Sequence[Mapping[str, Any]], state: State | None) -> dict[str, Any]:
    """How many there are of each state, and those of the state asked for: what differs first, the widest gap on top."""
    listed = [item for item in items if state in (None, item["state"])]
    return {
        "summary": counted(item["state"] for item in items),
        "items": sorted(listed, key=_place),
    }


def _place(item: Mapping[str, Any]) -> tuple[tuple[Decimal, ...], str]:
    """Of one unit the indicators stay in their order, the groups in that of the framework."""
    between = item["difference"]
    gaps = between if isinstance(between, Mapping) else {"value": between}
    return size(item["state"], gaps), item["unit"]["code"]


def _tables(data: ReportData, body: Mapping[str, Any]) -> list[Table]:
    """The two sources side by side, the points, and how many there are of each state."""
    first, second = (SOURCES.get(body[name], body[name]) for name in ("source", "other"))
    brief = [SHORT.get(body[name], body[name]) for name in ("source", "other")]
    classes = [NAMES[state] for state in State]
    above = heading(data, f"Đối chiếu {first} với {second}")
    of_points = heading(data, f"Điểm do {first} công bố và điểm tính toán")
    rows = [_row(item) for item in body["items"]]
    points = [_points_row(item) for item in body["points"]["items"]]
    summary = [
        {
            "state": NAMES[state],
            "state_code": state.value,
            "figures": body["summary"][state],
            "points": body["points"]["summary"][state],
        }
        for state in State
    ]
    return [
        Table("figures", "Đối chiếu số liệu", _columns(*brief), rows, above, classes[:3]),
        Table("points", "Đối chiếu điểm", POINTS, points, of_points, classes[:3]),
        Table("summary", "Tổng hợp", SUMMARY, summary, above),
    ]


def _columns(first: str, second: str) -> list[Column]:
    """A column for each member of either figure, and of what lies between them."""
    words = {"numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị"}
    sides = [
        Column(f"{side} {member}", f"{words[member]}: {source}", mixed=True)
        for side, source in (("here", first), ("there", second))
        for member in MEMBERS
    ]
    gaps = [
        Column(f"difference {member}", f"Chênh lệch {words[member].lower()}", mixed=True, signed=True)
        for member in MEMBERS
    ]
    seen = [
        Column(f"{side} observed_at", f"Tra cứu lúc: {source}") for side, source in (("here", first), ("there", second))
    ]
    return [
        *UNIT,
        Column("indicator", "Chỉ số"),
        *sides,
        *gaps,
        Column("state", "Kết quả"),
        *seen,
        INDICATOR_CODE,
        STATE_CODE,
    ]


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    sides = {
        f"{side} {member}": None if item[side] is None else item[side].get(member)
        for side in ("here", "there", "difference")
        for member in (*MEMBERS, "observed_at")
    }
    unit = item["unit"]
    return {
        **sides,
        "code": unit["code"],
        "name": unit["name"],
        "indicator": item["name"],
        "indicator_code": item["indicator"],
        "state": NAMES[item["state"]],
        "state_code": item["state"],
    }


POINTS = [
    *UNIT,
    Column("group", "Nhóm chỉ số"),
    Column("max", "Điểm tối đa"),
    Column("reported", "Điểm công bố", mixed=True),
    Column("computed", "Điểm tính toán", mixed=True),
    Column("difference", "Chênh lệch điểm", mixed=True, signed=True),
    Column("rounding", "Sai số làm tròn", mixed=True),
    Column("state", "Kết quả"),
    Column("group_code", "Mã nhóm chỉ số", csv_only=True),
    INDICATOR_CODE,
    STATE_CODE,
]
SUMMARY = [Column("state", "Kết quả"), Column("figures", "Số liệu"), Column("points", "Điểm"), STATE_CODE]


def _points_row(item: Mapping[str, Any]) -> dict[str, Any]:
    unit = item["unit"]
    told = {name: item[name] for name in ("max", "difference", "rounding")}
    sides = {side: None if item[side] is None else item[side]["points"] for side in ("reported", "computed")}
    return {
        **told,
        **sides,
        "code": unit["code"],
        "name": unit["name"],
        "group": item["name"],
        "group_code": item["group"],
        "indicator_code": item["indicator"],
        "state": OF_POINTS[item["state"]],
        "state_code": item["state"],
    }
