"""Scores as tables: the columns of a board and of a series, and the workbooks that show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.api.answers import Rows
from app.domain.period import LOCAL, read_period
from app.domain.vietnamese_labels import FLAGS, LEVELS, METHODS, PERIOD_TYPES, period_words
from app.formats.delimited import Column
from app.formats.tables import Chart, Table

OPTIONAL = frozenset({"tied", "change_total", "change_rank", "flags"})
"""Keys of columns that a workbook leaves out where they are empty."""


def columns_of(groups: Mapping[str, str], *, series: bool = False, several: bool = False) -> list[Column]:
    """The columns of a board as a table, one for each group by its name; words for people, and codes in CSV.

    `several`: units of several levels, each ranked within its own.
    """
    unit = [Column("period", "Kỳ")] if series else [Column("code", "Mã"), Column("name", "Đơn vị")]
    level = [Column("level", "Mã cấp")] if several else []
    return [
        Column("rank", "Hạng"),
        Column("tied", "Đồng hạng"),
        *unit,
        *level,
        *(Column(f"group {code}", name) for code, name in groups.items()),
        Column("total", "Tổng điểm"),
        Column("band", "Xếp loại"),
        Column("change_total", "Tăng/giảm điểm", signed=True),
        Column("change_rank", "Tăng/giảm bậc", signed=True),
        Column("method", "Cách tính"),
        Column("coverage", "Mức đủ số liệu"),
        Column("flags", "Lưu ý"),
        Column("framework", "Bộ chỉ số", csv_only=not series),  # stands above the board in a workbook
        Column("band_code", "Mã xếp loại", csv_only=True),
        Column("method_code", "Mã cách tính", csv_only=True),
        Column("flag_codes", "Mã lưu ý", csv_only=True),
        Column("observed_at", "Tra cứu lúc", csv_only=True),
    ]


SUPPOSED = [
    Column("base_total", "Tổng điểm hiện nay"),
    Column("base_rank", "Hạng hiện nay"),
    Column("base_band", "Xếp loại hiện nay"),
    Column("difference_total", "Chênh lệch điểm", signed=True),
    Column("difference_rank", "Chênh lệch bậc", signed=True),
]
"""The columns of a board that is supposed, behind those of every board."""


def cohort_series_columns(groups: Mapping[str, str]) -> list[Column]:
    """The columns of a cohort through time: a line for each unit and period."""
    rank, tied, code, name, *rest = columns_of(groups)
    told = [each for each in rest if each.key not in ("change_total", "change_rank", "framework")]
    return [code, name, Column("period", "Kỳ"), rank, tied, *told]


def flat(item: Mapping[str, Any], groups: Iterable[str], framework: str | None = None) -> dict[str, object]:
    """An item as a row of a table with a column for each of the groups; `framework` where the item names none."""
    return {
        "framework": framework,
        **(item.get("unit") or {}),
        **item,
        **{f"group {code}": item["groups"].get(code) for code in groups},
        "band": item["band"] and item["band"]["name"],
        "band_code": item["band"] and item["band"]["code"],
        "method": METHODS.get(item["method"], item["method"]),
        "method_code": item["method"],
        "change_total": item["change"]["total"],
        "change_rank": item["change"]["rank"],
        "flags": "; ".join(FLAGS.get(flag, flag) for flag in item["flags"]) or None,
        "flag_codes": " ".join(item["flags"]),
        "observed_at": item.get("observed_at"),
        **(_supposed(item) if "base" in item else {}),
    }


def _supposed(item: Mapping[str, Any]) -> dict[str, object]:
    """What is and what would change, as cells of a row."""
    base, difference = item["base"], item["difference"]
    return {
        "base_total": base["total"],
        "base_rank": base["rank"],
        "base_band": base["band"] and base["band"]["name"],
        "difference_total": difference["total"],
        "difference_rank": difference["rank"],
    }


def for_people(row: Mapping[str, Any]) -> dict[str, object]:
    """A row of a workbook: of ties it tells only where there is one."""
    return {**row, "tied": None if row["tied"] == 1 else row["tied"]}


def board_sheets(
    rows: Rows, about: Mapping[str, Any], groups: Mapping[str, str], columns: Sequence[Column]
) -> list[Table]:
    """A board as a workbook: what it is about, classes in colour, the points of the groups drawn."""
    cohort = about["cohort"]
    under = "toàn quốc" if cohort["under"] is None else f"các đơn vị thuộc {cohort['under']}"
    heading = [
        f"Bảng điểm, xếp hạng và xếp loại {period_words(about['period'])}",
        f"Cấp: {LEVELS[cohort['level']]} – Phạm vi: {under} – "
        f"Có số liệu: {cohort['size']} đơn vị, xếp hạng: {cohort['ranked']}",
        f"Bộ chỉ số {about['framework']} – Số liệu tính đến {moment_words(about['as_of'])}",
    ]
    classes = [band["name"] for band in about["summary"]["bands"]]
    shown = [for_people(row) for row in rows]
    printed = printed_columns(columns, shown)
    keys = {column.key for column in printed}
    charts = [each for each in _bars(shown, groups) if keys.issuperset((each.categories, *each.series))]
    return [Table("scores", "Bảng điểm", printed, shown, heading, classes, charts)]


def printed_columns(columns: Sequence[Column], rows: Rows) -> list[Column]:
    """The columns without those of changes, ties and remarks of which the rows hold none."""
    return [each for each in columns if each.key not in OPTIONAL or any(row[each.key] is not None for row in rows)]


def _bars(rows: Rows, groups: Mapping[str, str]) -> list[Chart]:
    """The groups one behind the other; the totals alone where no group has points."""
    known = with_points(rows, groups)
    if known:
        return [Chart("stacked", "Điểm các nhóm chỉ số theo đơn vị", "name", known, axis="Điểm")]
    return [Chart("bar", "Tổng điểm theo đơn vị", "name", ["total"], axis="Điểm")]


def with_points(rows: Rows, groups: Iterable[str]) -> list[str]:
    """The keys of the groups in which any unit has points."""
    return [key for key in (f"group {code}" for code in groups) if any(row[key] is not None for row in rows)]


def series_sheets(
    rows: Rows, unit: Mapping[str, Any], groups: Mapping[str, str], classes: Sequence[str]
) -> list[Table]:
    """A unit's series as a workbook: a sheet for each kind of period, for months and years make no line together."""
    rank, tied, period, *rest = columns_of(groups, series=True)
    columns = [period, rank, tied, *rest]
    kinds: dict[str, list[dict[str, object]]] = {kind: [] for kind in PERIOD_TYPES.values()}
    for row in rows:
        kinds[PERIOD_TYPES[read_period(row["period"]).type]].append(for_people(row))
    present = [kind for kind in kinds if kinds[kind]] or [PERIOD_TYPES["month"]]
    return [
        Table(
            "series",
            f"Theo {kind.lower()}",
            printed_columns(columns, kinds[kind]),
            kinds[kind],
            [f"Điểm, thứ hạng theo {kind.lower()} của {unit['name']}", f"Mã đơn vị: {unit['code']}"],
            classes,
            _lines(kinds[kind], groups),
        )
        for kind in present
    ]


def _lines(rows: Rows, groups: Mapping[str, str]) -> list[Chart]:
    """Total, groups and place over time; one period alone makes no line."""
    if len(rows) < 2:
        return []
    known = with_points(rows, groups)
    lines = [Chart("line", "Tổng điểm theo thời gian", "period", ["total"], axis="Điểm")]
    lines += [Chart("line", "Điểm các nhóm chỉ số theo thời gian", "period", known, axis="Điểm")] if known else []
    if any(row["rank"] is not None for row in rows):
        lines.append(Chart("line", "Thứ hạng theo thời gian", "period", ["rank"], downwards=True))
    return lines


def moment_words(moment: datetime) -> str:
    """A moment as letters print it, in Vietnam's time.

    >>> moment_words(datetime.fromisoformat("2024-07-08T04:00:00Z"))
    '11 giờ 00 phút ngày 08/7/2024'
    """
    there = moment.astimezone(LOCAL)
    month = f"{there.month:02}" if there.month < 3 else f"{there.month}"
    return f"{there.hour:02} giờ {there.minute:02} phút ngày {there.day:02}/{month}/{there.year}"
