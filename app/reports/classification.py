"""Classification: how many units of each level fall into each class, none left out, and the lists behind the counts.

Đồng Nai's letter of Q2/2024, section 3: "Có 02/17 cơ quan xếp loại Tốt", with its appendices 1 to 3.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.formats.tables import Chart, Table
from app.reports.data import LevelBoard, ReportData
from app.reports.headings import heading
from app.reports.report import Report, without
from app.reports.rules.counts import share
from app.services.scores import check_view, group_names

LEVEL_NAMES: dict[Level, str] = {
    "ministry": "Bộ, ngành",
    "province": "Tỉnh, thành phố",
    "department": "Sở, ban, ngành",
    "district": "UBND cấp huyện",
    "commune": "UBND cấp xã",
    "other": "Cơ quan khác",
}
UNCLASSED, MISSING = "Chưa xếp loại", "Chưa có số liệu"
COUNTS = [
    Column("level", "Cấp"),
    Column("band", "Xếp loại"),
    Column("count", "Số cơ quan, đơn vị"),
    Column("of", "Tổng số"),
    Column("share", "Tỷ lệ (%)"),
    Column("level_code", "Mã cấp", csv_only=True),
    Column("band_code", "Mã xếp loại", csv_only=True),
]


def classification(data: ReportData, view: str | None = None) -> Report:
    """Counts per class and level, and the ranked list of every level; `view` chooses the groups that are shown."""
    framework = data.framework
    check_view(framework, view)
    boards = boards_of(data, view)
    active = [unit.level for unit in data.units() if unit.code != data.under]
    levels = [level_of(board, active.count(board.level)) for board in boards]
    classes = [band.name.vi for band in framework.bands]
    counts = Table(
        "counts",
        "Tổng hợp xếp loại",
        COUNTS,
        [row for level in levels for row in count_rows(level)],
        heading(data, "Tổng hợp kết quả đánh giá, xếp loại"),
        classes=classes,
    )
    names = group_names(framework, view)
    lists = [list_of(data, board, names, place) for place, board in enumerate(boards, start=1)]
    body = {**data.about(), "framework": framework.id, "levels": levels}
    return Report("classification", body, [counts, *lists], lines_of(levels), data.evaluation)


def lines_of(levels: Sequence[dict[str, Any]]) -> dict[str, Sequence[dict[str, Any]]]:
    """The levels with their counts, and the units of each."""
    counts = [without(level, "items") for level in levels]
    return {"counts": counts, **{level["level"]: level["items"] for level in levels}}


def boards_of(data: ReportData, view: str | None) -> list[LevelBoard]:
    """Of the levels that were named, be they empty; where none was, of those that have units with figures."""
    named = data.level is not None or data.evaluation is not None
    return [data.board(level, view) for level in data.levels] if named else data.boards(view)


def level_of(board: LevelBoard, active: int) -> dict[str, Any]:
    """One level: how many units there are, how many in each class (classes without units included), and which.

    `active` are its units in the period; those without any figure are `missing`, and none of the `of`.
    """
    return {
        "level": board.level,
        "name": LEVEL_NAMES[board.level],
        "of": board.cohort["size"],
        "ranked": board.cohort["ranked"],
        "unclassed": sum(item["band"] is None for item in board.items),
        "missing": active - board.cohort["size"],
        "bands": board.summary["bands"],
        "items": [
            {name: item[name] for name in ("rank", "tied", "unit", "groups", "total", "band", "method", "flags")}
            for item in board.items
        ],
    }


def count_rows(level: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each class of a level, and for the units without a class and without figures where there are such."""
    counted = [
        (each["code"], each["name"], each["count"], share(each["count"], level["of"])) for each in level["bands"]
    ]
    if level["unclassed"]:
        counted.append((None, UNCLASSED, level["unclassed"], share(level["unclassed"], level["of"])))
    if level["missing"]:
        counted.append((None, MISSING, level["missing"], None))  # beside the units that are counted, not among them
    known = {"level": level["name"], "level_code": level["level"], "of": level["of"]}
    return [
        {**known, "band": name, "band_code": code, "count": count, "share": part} for code, name, count, part in counted
    ]


def list_of(data: ReportData, board: LevelBoard, groups: Mapping[str, str], place: int) -> Table:
    """The list of a level as an appendix: rank, unit, groups, total, class."""
    columns = [
        Column("rank", "Hạng"),
        Column("code", "Mã"),
        Column("name", "Đơn vị"),
        *(Column(f"group {code}", name) for code, name in groups.items()),
        Column("total", "Tổng điểm"),
        Column("band", "Xếp loại"),
        Column("band_code", "Mã xếp loại", csv_only=True),
    ]
    rows = [
        {
            "rank": item["rank"],
            "code": item["unit"]["code"],
            "name": item["unit"]["name"],
            **{f"group {code}": item["groups"].get(code) for code in groups},
            "total": item["total"],
            "band": UNCLASSED if item["band"] is None else item["band"]["name"],
            "band_code": item["band"] and item["band"]["code"],
        }
        for item in board.items
    ]
    title = f"Phụ lục {place} {LEVEL_NAMES[board.level]}"
    above = heading(data, f"Phụ lục {place}. Kết quả đánh giá, xếp loại: {LEVEL_NAMES[board.level]}")
    classes = [band.name.vi for band in board.framework.bands]
    return Table(board.level, title, columns, rows, above, classes, [drawn(rows, groups)])


def drawn(rows: Sequence[Mapping[str, Any]], groups: Mapping[str, str]) -> Chart:
    """The groups on top of each other; the total where no group has points, as where a source reports it alone."""
    known = [key for key in (f"group {code}" for code in groups) if any(row[key] is not None for row in rows)]
    if known:
        return Chart("stacked", "Điểm các nhóm chỉ số", "name", known)
    return Chart("bar", "Tổng điểm", "name", ["total"])
