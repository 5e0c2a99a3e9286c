"""Classification: how many units of each level fall into each class, none left out, and the lists behind the counts.

Đồng Nai's letter of Q2/2024, section 3: "Có 02/17 cơ quan xếp loại Tốt", with its appendices 1 to 3.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.answers.reports import Classification, ClassifiedLevel, ClassifiedUnit
from app.answers.scores import ScoreItem
from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.formats.tables import Chart, Table
from app.reports.data import LevelBoard, ReportData
from app.reports.report import Line, Lines, Report, heading, without
from app.reports.rules.counts import share
from app.services.score_names import group_names
from app.services.scores import check_view

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


@dataclass(frozen=True, slots=True)
class ClassifiedCohort:
    """The scored units of a level; `missing` are those that were active in the period and have no figure."""

    board: LevelBoard
    missing: int

    @property
    def size(self) -> int:
        return self.board.cohort["size"]

    @property
    def unclassed(self) -> int:
        """How many of them have no total to class."""
        return sum(item["band"] is None and "ended" not in item["flags"] for item in self.board.items)


def classification(data: ReportData, view: str | None = None) -> Report:
    """Counts per class and level, and the ranked list of every level; `view` chooses the groups that are shown."""
    framework = data.framework
    cohorts = classify(data, view)
    levels = [_level_body(each) for each in cohorts]
    names = group_names(framework, view)
    lists = [list_of(data, each, names, place) for place, each in enumerate(cohorts, start=1)]
    body: Classification = {**data.about(), "framework": framework.id, "levels": levels}
    lines: Lines = {
        "counts": [without(level, "items") for level in levels],
        **{level["level"]: level["items"] for level in levels},
    }
    return Report("classification", body, [_counts_table(data, levels), *lists], lines, data.evaluation)


def classify(data: ReportData, view: str | None = None) -> list[ClassifiedCohort]:
    """The scored levels: those that were named, be they empty; where none was, those that have units with figures."""
    check_view(data.framework, view)
    named = data.level is not None or data.evaluation is not None
    boards = [data.board(level, view) for level in data.levels] if named else data.boards(view)
    active = Counter(unit.level for unit in data.units() if unit.code != data.under and not unit.ended)
    return [ClassifiedCohort(board, active[board.level] - board.cohort["size"]) for board in boards]


def _level_body(cohort: ClassifiedCohort) -> ClassifiedLevel:
    """One level: how many units there are, how many in each class (classes without units included), and which."""
    board = cohort.board
    return {
        "level": board.level,
        "name": LEVEL_NAMES[board.level],
        "of": cohort.size,
        "ranked": board.cohort["ranked"],
        "unclassed": cohort.unclassed,
        "missing": cohort.missing,
        "bands": board.summary["bands"],
        "items": [_unit_body(item) for item in board.items],
    }


def _unit_body(item: ScoreItem) -> ClassifiedUnit:
    return {
        "rank": item["rank"],
        "tied": item["tied"],
        "unit": item["unit"],
        "groups": item["groups"],
        "total": item["total"],
        "band": item["band"],
        "method": item["method"],
        "flags": item["flags"],
    }


def _counts_table(data: ReportData, levels: Sequence[ClassifiedLevel]) -> Table:
    rows = [row for level in levels for row in _count_rows(level)]
    above = heading(data, "Tổng hợp kết quả đánh giá, xếp loại")
    classes = [band.name.vi for band in data.framework.bands]
    return Table("counts", "Tổng hợp xếp loại", COUNTS, rows, above, classes=classes)


def _count_rows(level: ClassifiedLevel) -> list[Line]:
    """A row for each class of a level, and for the units without a class and without figures where there are such."""
    of = level["of"]
    counted: list[tuple[str | None, str, int, Decimal | None]] = [
        (each["code"], each["name"], each["count"], share(each["count"], of)) for each in level["bands"]
    ]
    if level["unclassed"]:
        counted.append((None, UNCLASSED, level["unclassed"], share(level["unclassed"], of)))
    if level["missing"]:
        counted.append((None, MISSING, level["missing"], None))  # in addition to the units that are counted
    known = {"level": level["name"], "level_code": level["level"], "of": of}
    return [
        {**known, "band": name, "band_code": code, "count": count, "share": part} for code, name, count, part in counted
    ]


def list_of(data: ReportData, cohort: ClassifiedCohort, groups: Mapping[str, str], place: int) -> Table:
    """The list of a level as an appendix: rank, unit, groups, total, class."""
    board = cohort.board
    columns = [
        Column("rank", "Hạng"),
        Column("code", "Mã"),
        Column("name", "Đơn vị"),
        *(Column(f"group {code}", name) for code, name in groups.items()),
        Column("total", "Tổng điểm"),
        Column("band", "Xếp loại"),
        Column("band_code", "Mã xếp loại", csv_only=True),
    ]
    rows = [_list_row(item, groups) for item in board.items]
    title = f"Phụ lục {place} {LEVEL_NAMES[board.level]}"
    above = heading(data, f"Phụ lục {place}. Kết quả đánh giá, xếp loại: {LEVEL_NAMES[board.level]}")
    classes = [band.name.vi for band in board.framework.bands]
    return Table(board.level, title, columns, rows, above, classes, [_chart(rows, groups)], numbered=True)


def _list_row(item: ScoreItem, groups: Mapping[str, str]) -> Line:
    band = item["band"]
    return {
        "rank": item["rank"],
        "code": item["unit"]["code"],
        "name": item["unit"]["name"],
        **{f"group {code}": item["groups"].get(code) for code in groups},
        "total": item["total"],
        "band": UNCLASSED if band is None else band["name"],
        "band_code": band and band["code"],
    }


def _chart(rows: Sequence[Line], groups: Mapping[str, str]) -> Chart:
    """The groups on top of each other; the total where no group has points, as where a source reports it alone."""
    known = [key for key in (f"group {code}" for code in groups) if any(row[key] is not None for row in rows)]
    if known:
        return Chart("stacked", "Điểm các nhóm chỉ số", "name", known)
    return Chart("bar", "Tổng điểm", "name", ["total"])
