"""Classification: how many units of each level fall into each class, none left out, and the lists behind the counts.

Seed 004 §3: "Có 02/17 cơ quan xếp loại Tốt", with its appendices 1 to 3.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.domain.frameworks.rules import Level
from app.formats.answers import Column
from app.formats.tables import Chart, Table
from app.services.reports.ground import Ground, LevelBoard
from app.services.reports.report import Report
from app.services.scores import group_names

LEVEL_NAMES: dict[Level, str] = {
    "ministry": "Bộ, ngành",
    "province": "Tỉnh, thành phố",
    "department": "Sở, ban, ngành",
    "district": "UBND cấp huyện",
    "commune": "UBND cấp xã",
    "other": "Cơ quan khác",
}
UNCLASSED = "Chưa xếp loại"
SHARE_DECIMALS = Decimal("0.01")
COUNTS = [
    Column("level", "Cấp"),
    Column("band", "Xếp loại"),
    Column("count", "Số cơ quan, đơn vị"),
    Column("of", "Tổng số"),
    Column("share", "Tỷ lệ (%)"),
]


def classification(ground: Ground, view: str | None = None) -> Report:
    """Counts per class and level, and the ranked list of every level; `view` chooses the groups that are shown."""
    boards = ground.boards(view)
    levels = [level_of(board) for board in boards]
    framework = ground.framework
    classes = [band.name.vi for band in framework.bands]
    counts = Table(
        "counts",
        "Tổng hợp xếp loại",
        COUNTS,
        [row for level in levels for row in count_rows(level)],
        classes=classes,
    )
    names = group_names(framework, view)
    lists = [list_of(board, names, classes, place) for place, board in enumerate(boards, start=1)]
    body = {**ground.about(), "framework": framework.id, "levels": levels}
    return Report("classification", body, [counts, *lists], ground.evaluation)


def level_of(board: LevelBoard) -> dict[str, Any]:
    """One level: how many units there are, how many in each class (classes without units included), and which."""
    return {
        "level": board.level,
        "name": LEVEL_NAMES[board.level],
        "of": board.cohort["size"],
        "ranked": board.cohort["ranked"],
        "unclassed": sum(item["band"] is None for item in board.items),
        "bands": board.summary["bands"],
        "items": [
            {name: item[name] for name in ("rank", "tied", "unit", "groups", "total", "band", "flags")}
            for item in board.items
        ],
    }


def count_rows(level: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each class of a level, and one for the units without a class where there are such."""
    counted = [(band["name"], band["count"]) for band in level["bands"]]
    counted += [(UNCLASSED, level["unclassed"])] if level["unclassed"] else []
    return [
        {"level": level["name"], "band": name, "count": count, "of": level["of"], "share": share(count, level["of"])}
        for name, count in counted
    ]


def share(count: int, of: int) -> Decimal:
    """A count as a percentage of the whole, two decimals, half up.

    >>> share(2, 17)
    Decimal('11.76')
    """
    return (Decimal(100 * count) / of).quantize(SHARE_DECIMALS, ROUND_HALF_UP)


def list_of(board: LevelBoard, groups: Mapping[str, str], classes: Sequence[str], place: int) -> Table:
    """The list of a level as an appendix: rank, unit, groups, total, class."""
    columns = [
        Column("rank", "Hạng"),
        Column("code", "Mã"),
        Column("name", "Đơn vị"),
        *(Column(f"group {code}", name) for code, name in groups.items()),
        Column("total", "Tổng điểm"),
        Column("band", "Xếp loại"),
    ]
    rows = [
        {
            "rank": item["rank"],
            "code": item["unit"]["code"],
            "name": item["unit"]["name"],
            **{f"group {code}": item["groups"].get(code) for code in groups},
            "total": item["total"],
            "band": UNCLASSED if item["band"] is None else item["band"]["name"],
        }
        for item in board.items
    ]
    drawn = Chart("stacked", "Điểm các nhóm chỉ số", "name", [f"group {code}" for code in groups])
    title = f"Phụ lục {place} {LEVEL_NAMES[board.level]}"
    return Table(board.level, title, columns, rows, classes=classes, charts=[drawn])
