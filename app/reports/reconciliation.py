"""Reconciliation: two sources of the same indicators, unit by unit, and reported points against computed ones.

Tuyên Quang's letter of July 2024 (section 3.1) orders a department to find out why the national portal and the
provincial system give different rates of dossiers submitted online; annex II of Bình Thành's letter of February 2024
prints both side by side.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.answers.report_reconciliation import (
    FigureSaid,
    PointsReconciled,
    ReconciledFigure,
    ReconciledPoints,
    Reconciliation,
    State,
)
from app.domain.instant import to_datetime
from app.domain.vietnamese_labels import SHORT_SOURCES, SOURCES
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.indicators import printed_figure
from app.reports.reconciled_points import points_items
from app.reports.report import Line, Lines, Report, brief, heading, without
from app.reports.rules.reconciliation import NAMES, OF_POINTS, counted, size
from app.reports.source_pairs import ReconciledSources, ReconciliationQuery, SourcePair, reconcile
from app.store.rows import StandingValue

CLASSES = [NAMES[state] for state in (State.MATCH, State.WITHIN_TOLERANCE, State.DIFFERS)]
ORDER = (State.DIFFERS, State.WITHIN_TOLERANCE, State.MATCH, State.ONLY_HERE, State.ONLY_THERE)
"""In which the rows of a table stand: what has to be looked into first."""
MEMBERS = ("numerator", "denominator", "value")
UNIT = [Column("code", "Mã"), Column("name", "Đơn vị")]
INDICATOR_CODE = Column("indicator_code", "Mã chỉ số", csv_only=True)
STATE_CODE = Column("state_code", "Mã kết quả", csv_only=True)


def reconciliation(data: ReportData, query: ReconciliationQuery) -> Report:
    """Every unit and indicator of which one of the two sources has a figure, and the points that `source` reports."""
    found = reconcile(data, query)
    points = _points(data, query, found)
    body: Reconciliation = {
        **data.about(),
        "framework": data.framework.id,
        "source": found.source,
        "other": found.other,
        "tolerance": query.tolerance,
        "summary": counted(pair.state for pair in found.pairs),
        "items": [_pair_body(pair) for pair in found.listed],
        "points": points,
    }
    paired, alone = _parted(found.listed)
    lines: Lines = {
        "figures": body["items"],
        "paired": [_pair_body(pair) for pair in paired],
        "alone": [_pair_body(pair) for pair in alone],
        "points": points["items"],
        "summary": [{**without(body, "items"), "points": without(points, "items")}],
    }
    return Report("reconciliation", body, _tables(data, found, points), lines, data.evaluation)


def _points(data: ReportData, query: ReconciliationQuery, found: ReconciledSources) -> PointsReconciled:
    """The points that the source reports next to computed ones; of one unit the groups in the framework's order."""
    units = {member.code: member for member in data.units()}
    chosen = list(dict.fromkeys(query.indicators))
    items = points_items(data, found.rows, units, found.source, query.tolerance, chosen)
    listed = (item for item in items if query.state in (None, item["state"]))
    return {"summary": counted(item["state"] for item in items), "items": sorted(listed, key=_place_of_points)}


def _pair_body(pair: SourcePair) -> ReconciledFigure:
    return {
        "unit": brief(pair.unit),
        "indicator": pair.indicator.code,
        "name": pair.indicator.name.vi,
        "here": _side(pair.here),
        "there": _side(pair.there),
        "difference": pair.difference,
        "state": pair.state,
    }


def _side(row: StandingValue | None) -> FigureSaid | None:
    """A figure as it is printed, and when it was looked up."""
    if row is None:
        return None
    value, numerator, denominator = printed_figure(row)
    observed_at = to_datetime(row.observed_at)
    return {"numerator": numerator, "denominator": denominator, "value": value, "observed_at": observed_at}


def _tables(data: ReportData, found: ReconciledSources, reconciled: PointsReconciled) -> list[Table]:
    """The two sources side by side, what one has alone, the points, and how many there are of each state."""
    first, second = (SOURCES.get(source, source) for source in (found.source, found.other))
    above = heading(data, f"Đối chiếu {first} với {second}")
    of_one = heading(data, f"Số liệu chỉ có ở {first} hoặc chỉ có ở {second}")
    paired, alone = _parted(found.listed)
    of_points = heading(data, f"Điểm do {first} công bố và điểm tính toán")
    points = [_points_row(item) for item in sorted(reconciled["items"], key=lambda item: ORDER.index(item["state"]))]
    figures = Counter(pair.state for pair in found.pairs)
    summary = [
        {
            "state": NAMES[state],
            "state_code": state.value,
            "figures": figures[state],
            "points": reconciled["summary"][state.value],
        }
        for state in State
    ]
    return [
        replace(pairs_table(found, above), csv_only=True),
        Table("paired", "Đối chiếu số liệu", _columns(found), _rows(paired), above, CLASSES, numbered=True),
        Table("alone", "Chỉ có ở một nguồn", _columns(found), _rows(alone), of_one, numbered=True),
        Table("points", "Đối chiếu điểm", POINTS, points, of_points, CLASSES, numbered=True),
        Table("summary", "Tổng hợp", SUMMARY, summary, above),
    ]


def pairs_table(found: ReconciledSources, above: Sequence[str] = ()) -> Table:
    """The two sources side by side."""
    return Table("figures", "Đối chiếu số liệu", _columns(found), _rows(found.listed), above, CLASSES)


def _parted(pairs: Sequence[SourcePair]) -> tuple[list[SourcePair], list[SourcePair]]:
    """What both sources have, differences first; and what one of them has alone."""
    ordered = sorted(pairs, key=lambda pair: ORDER.index(pair.state))
    alone = (State.ONLY_HERE, State.ONLY_THERE)
    return [pair for pair in ordered if pair.state not in alone], [pair for pair in ordered if pair.state in alone]


def _rows(pairs: Sequence[SourcePair]) -> list[Line]:
    return [_row(pair) for pair in pairs]


def _columns(found: ReconciledSources) -> list[Column]:
    """A column for each member of either figure, and of what lies between them."""
    first, second = (SHORT_SOURCES.get(source, source) for source in (found.source, found.other))
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


def _row(pair: SourcePair) -> Line:
    return {
        **_cells("here", _side(pair.here)),
        **_cells("there", _side(pair.there)),
        **_cells("difference", pair.difference),
        "code": pair.unit.code,
        "name": pair.unit.name,
        "indicator": pair.indicator.name.vi,
        "indicator_code": pair.indicator.code,
        "state": NAMES[pair.state],
        "state_code": pair.state,
    }


def _cells(side: str, figure: Line | None) -> dict[str, object]:
    """The members of a figure in the columns of its side."""
    return {f"{side} {member}": None if figure is None else figure.get(member) for member in (*MEMBERS, "observed_at")}


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


def _points_row(item: ReconciledPoints) -> Line:
    reported, computed = item["reported"], item["computed"]
    return {
        "max": item["max"],
        "difference": item["difference"],
        "rounding": item["rounding"],
        "reported": None if reported is None else reported["points"],
        "computed": None if computed is None else computed["points"],
        "code": item["unit"]["code"],
        "name": item["unit"]["name"],
        "group": item["name"],
        "group_code": item["group"],
        "indicator_code": item["indicator"],
        "state": OF_POINTS[item["state"]],
        "state_code": item["state"],
    }


def _place_of_points(item: ReconciledPoints) -> tuple[tuple[Decimal, ...], str]:
    return size(item["state"], item["difference"]), item["unit"]["code"]
